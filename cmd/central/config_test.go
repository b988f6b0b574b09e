package main

import (
	"strings"
	"testing"
)

func TestTheExampleIsAConfiguration(t *testing.T) {
	c, err := parseConfig(example)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sites) != 1 || c.rules.Attempts != 3 || c.SMTP.Port != 25 {
		t.Fatalf("%+v", c)
	}
}

func TestRulesMayDiffer(t *testing.T) {
	c, err := parseConfig(strings.Replace(example, "[policy]", "[policy]\nattempts = 5\nquestions = false\ndomains = [\"trust.uk\"]", 1))
	if err != nil || c.rules.Attempts != 5 || c.rules.Questions || c.rules.Domains[0] != "trust.uk" || c.rules.CodeTries != 5 {
		t.Fatalf("%+v, %v", c.rules, err)
	}
}

func TestWhatIsLeftOutIsAsUsual(t *testing.T) {
	c, err := parseConfig("[[sites]]\nid = \"a\"\nname = \"A\"\nbooth = \"hall\"\n")
	if err != nil || c.Realm == "" || c.SMTP.Port != 25 || len(c.Sites) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
}

func TestAWrongSettingIsNamedWithWhatToWrite(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{`realm = "unlockpoint.example"`, `realm = "My Trust"`, "realm is \"My Trust\": write"},
		{`data = "data"`, `data = `, "line 9:"},
		{`data = "data"`, `dta = "data"`, "line 9: there is no setting dta"},
		{`web = "127.0.0.1:8080"`, `web = "here"`, "web is \"here\": write"},
		{`web = "127.0.0.1:8080"`, `web = 8080`, "web"},
		{`public = ""`, `public = "everywhere"`, "public is \"everywhere\": write"},
		{`public_url = ""`, `public_url = "smartcard.nhs.uk"`, "public_url is \"smartcard.nhs.uk\": write"},
		{`time_zone = "Europe/London"`, `time_zone = "Mars"`, "time_zone"},
		{`log = "info"`, `log = "loud"`, "write debug"},
		{`url = "mqtt://127.0.0.1:1883"`, `url = "http://x"`, "broker.url"},
		{`user = "central"`, `user = "C"`, "broker.user"},
		{`port = 25`, `port = 70000`, "smtp.port is 70000: write"},
		{`tls = "starttls"`, `tls = "maybe"`, "smtp.tls is \"maybe\": write"},
		{`timeout_s = 30`, `timeout_s = 0`, "smtp.timeout_s"},
		{"[smtp.subjects]", "[smtp.subjects]\nbirthday = \"x\"", "birthday"},
		{"[policy]", "[policy]\nattempts = 0", "policy.attempts is 0: write 1 to 10"},
		{"[policy]", "[policy]\nattempts = \"many\"", "policy.attempts is a string: write a whole number"},
		{"[policy]", "[policy]\natempts = 3", "there is no rule \"atempts\""},
		{"[policy]", "[policy]\nask = 5\n", "policy.ask is 5"},
		{"[policy]", "[policy]\ndomains = []", "policy.domains"},
		{`id = "main"`, `id = "Main!"`, "sites, number 1: id"},
		{`booth = "beside the main entrance"`, ``, "name and booth"},
		{`[[sites]]`, `[[places]]`, "there is no setting places"},
	} {
		text := strings.Replace(example, c.from, c.to, 1)
		if text == example {
			t.Fatalf("%q is not in the example", c.from)
		}
		if _, err := parseConfig(text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.to, err, c.want)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(example)
	f.Add("[policy]\nx = 1979-05-27\n[[sites]]\nid = 1")
	f.Add("a.b.c = {d = [1, {}]}")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseConfig(text); err == nil && (len(c.Sites) == 0 || c.rules.Attempts < 1) {
			t.Fatalf("accepted: %+v", c)
		}
	})
}
