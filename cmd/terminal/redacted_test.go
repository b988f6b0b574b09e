package main

import (
	"strings"
	"testing"
)

// What an engineer reads of the configuration holds every setting, and nobody's
// password.
func TestTheConfigurationIsShownWithoutPasswords(t *testing.T) {
	c, err := parseConfig("[broker]\nurl = \"mqtts://ward7-1:orange@broker.example:8883\"\n")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := c.redacted()
	if err != nil || strings.Contains(shown, "orange") {
		t.Errorf("%v, %s", err, shown)
	}
	back, err := parseConfig(shown)
	if err != nil || back.Broker.URL != "mqtts://redacted@broker.example:8883" || back.Console.Baud != 115200 {
		t.Errorf("it reads back as %+v, %v", back, err)
	}
}
