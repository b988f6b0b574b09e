package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"unlockpoint/cmd/settings"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/wire"
)

// config is central.toml.
type config struct {
	Realm         string         `toml:"realm"`
	Data          string         `toml:"data"`
	Keyring       string         `toml:"keyring"`
	Socket        string         `toml:"socket"`
	Web           string         `toml:"web"`
	Public        string         `toml:"public"`
	PublicURL     string         `toml:"public_url"`
	CardAuthority string         `toml:"card_authority"`
	Authority     string         `toml:"registration_authority"`
	TimeZone      string         `toml:"time_zone"`
	Log           string         `toml:"log"`
	Broker        brokerConfig   `toml:"broker"`
	SMTP          smtpConfig     `toml:"smtp"`
	Policy        map[string]any `toml:"policy"`
	Sites         []siteConfig   `toml:"sites"`

	rules wire.Policy // the usual ones with Policy's changes
}

type brokerConfig struct {
	URL          string `toml:"url"`
	User         string `toml:"user"`
	PasswordFile string `toml:"password_file"`
	CA           string `toml:"ca"`
	TerminalsURL string `toml:"terminals_url"`
	TerminalsCA  string `toml:"terminals_ca"`
	Access       string `toml:"access"`
	EnrolURL     string `toml:"enrol_url"`

	Folder string   `toml:"folder"`
	Reload []string `toml:"reload"`
	RunAs  string   `toml:"run_as"`
}

type smtpConfig struct {
	Host         string               `toml:"host"`
	Port         int                  `toml:"port"`
	TLS          mail.Security        `toml:"tls"`
	User         string               `toml:"user"`
	PasswordFile string               `toml:"password_file"`
	Timeout      int                  `toml:"timeout_s"`
	Sender       string               `toml:"sender"`
	SenderName   string               `toml:"sender_name"`
	Subjects     map[mail.Kind]string `toml:"subjects"`
}

type siteConfig struct {
	ID    string `toml:"id"`
	Name  string `toml:"name"`
	Booth string `toml:"booth"`
	Hours string `toml:"hours"`
	Phone string `toml:"phone"`
}

// loadConfig reads the file. An error names the line or the setting, and what
// to write instead.
func loadConfig(path string) (config, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return config{}, fmt.Errorf("there is no configuration at %s: \"central init FOLDER\" makes one, --config names another", path)
	}
	if err != nil {
		return config{}, fmt.Errorf("reading the configuration: %w", err)
	}
	c, err := parseConfig(string(text))
	if err != nil {
		return config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c.from(filepath.Dir(path)), nil
}

// parseConfig reads the file's text over the defaults.
func parseConfig(text string) (config, error) {
	var c config
	if _, err := toml.Decode(example, &c); err != nil {
		return c, fmt.Errorf("reading the defaults: %w", err)
	}
	c.Sites, c.Policy, c.SMTP.Subjects = nil, nil, nil
	if err := settings.Read(text, &c, "central config"); err != nil {
		return c, err
	}
	if err := c.readPolicy(); err != nil {
		return c, err
	}
	return c, c.check()
}

// readPolicy lays the [policy] table over the usual rules.
func (c *config) readPolicy() error {
	c.rules = wire.DefaultPolicy()
	raw, err := json.Marshal(c.Policy)
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err = d.Decode(&c.rules)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("policy.%s is a %s: write %s", wrong.Field, wrong.Value, kindOf(wrong))
	}
	if err != nil {
		return fmt.Errorf("policy: there is no rule %s: \"central config --policy\" lists them all", strings.TrimPrefix(err.Error(), "json: unknown field "))
	}
	return nil
}

func kindOf(e *json.UnmarshalTypeError) string {
	switch e.Type.Kind().String() {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	}
	return "a list of texts"
}

// from makes the paths of the file absolute.
func (c config) from(folder string) config {
	for _, p := range []*string{&c.Data, &c.Keyring, &c.Socket, &c.CardAuthority, &c.Broker.PasswordFile, &c.Broker.CA, &c.Broker.Folder,
		&c.SMTP.PasswordFile} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(folder, *p)
		}
	}
	return c
}
