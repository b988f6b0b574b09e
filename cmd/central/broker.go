package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/central"
)

type brokerCmd struct {
	Folder string `arg:"" type:"path" help:"Where mosquitto.conf goes, with the files that it names."`
	Listen string `placeholder:"ADDRESS" help:"Address that Mosquitto listens on. When left out: the port of broker.url, on 127.0.0.1 with passwords, on all addresses with certificates."`
	RunAs  string `help:"The system's user that Mosquitto runs as; broker.run_as when left out."`
}

// Run writes Mosquitto's files.
func (b *brokerCmd) Run(ctx context.Context, top *cli) error {
	var access central.BrokerAccess
	if err := top.ask(ctx, "GET", "/broker", nil, &access); err != nil {
		return err
	}
	file, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	c := file.Broker.mosquitto(access)
	if b.RunAs != "" {
		c.RunAs = b.RunAs
	}
	if b.Listen != "" {
		c.Addr = b.Listen
	}
	if err := os.MkdirAll(b.Folder, 0o755); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	conf, err := broker.Mosquitto(b.Folder, c)
	if err != nil {
		return err
	}
	if access.TLS == nil {
		_, err = fmt.Fprintf(top.out, "%d accounts; mosquitto -c %s\n", len(access.Accounts), conf)
		return err
	}
	_, err = fmt.Fprintf(top.out, "TLS at %s, enrolment at %s; mosquitto -c %s\n", c.Addr, c.TLS.EnrolAddr, conf)
	return err
}

// mosquitto is how Mosquitto serves at the addresses of the file, which
// loadConfig has checked.
func (b brokerConfig) mosquitto(access central.BrokerAccess) broker.MosquittoConfig {
	c := broker.MosquittoConfig{Accounts: access.Accounts, TLS: access.TLS, RunAs: b.RunAs}
	if c.TLS == nil {
		c.Addr = net.JoinHostPort("127.0.0.1", port(b.URL, "1883"))
		return c
	}
	c.Addr = net.JoinHostPort("0.0.0.0", port(b.URL, "8883"))
	c.TLS.EnrolAddr = net.JoinHostPort("0.0.0.0", port(b.enrolURL(), enrolPort))
	return c
}

// enrolPort is where terminals enrol unless it was said: beside mqtts's 8883.
const enrolPort = "8884"

// enrolURL is where terminals enrol: at the broker's host, if nowhere else.
func (b brokerConfig) enrolURL() string {
	if b.EnrolURL != "" {
		return b.EnrolURL
	}
	at, err := url.Parse(cmp.Or(b.TerminalsURL, b.URL))
	if err != nil {
		return "" // loadConfig has checked it
	}
	return "mqtts://" + net.JoinHostPort(at.Hostname(), enrolPort)
}

func port(text, usual string) string {
	at, err := url.Parse(text)
	if err != nil || at.Port() == "" {
		return usual
	}
	return at.Port()
}
