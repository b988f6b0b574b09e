package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"unlockpoint/cmd/settings"
	"unlockpoint/sync/central"
	"unlockpoint/sync/wire"
)

type initCmd struct {
	Folder string `arg:"" help:"Where the configuration and the keys go." type:"path"`
	Realm  string `default:"unlockpoint.example" help:"Name of the installation, such as your domain. It cannot be changed later."`
	Site   string `default:"main" help:"Id of the first site."`
	Broker string `help:"Address of the broker for machines elsewhere, with certificates: mqtts://HOST:8883. When left out: one on this machine, with passwords." placeholder:"URL"`
	Sender string `help:"Address that codes come from." placeholder:"ADDRESS"`
}

// Run makes a new central. What is there is not touched.
func (i *initCmd) Run(top *cli) error {
	text, err := i.text()
	if err != nil {
		return err
	}
	path := filepath.Join(i.Folder, "central.toml")
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s is there already: edit it, or name another folder", path)
	}
	if err := os.MkdirAll(i.Folder, 0o700); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	c, err := parseConfig(text)
	if err != nil {
		return err
	}
	c = c.from(i.Folder)
	if err := central.SetUp(central.Config{Data: c.Data, Keyring: c.Keyring}); err != nil {
		return err
	}
	if c.Broker.Access == passwords {
		if err := writeNew(c.Broker.PasswordFile, rand.Text()+"\n"); err != nil {
			return err
		}
	}
	if err := writeNew(path, text); err != nil {
		return err
	}
	fmt.Fprintf(top.out, "%s is yours to edit: mail server, sites, card authority.\nKeep a copy of %s in a safe: without it the store is worth nothing.\n", path, c.Keyring)
	return nil
}

// text is the example with what the flags say.
func (i *initCmd) text() (string, error) {
	if !wire.ValidRealm(i.Realm) {
		return "", fmt.Errorf("--realm is %q: write a name of a-z, 0-9, - and dots, at most 32 long", i.Realm)
	}
	if !wire.ValidSite(i.Site) {
		return "", fmt.Errorf("--site is %q: write a short name of a-z, 0-9 and -", i.Site)
	}
	if i.Sender == "" {
		i.Sender = "unlockpoint@" + i.Realm
	}
	if strings.ContainsAny(i.Sender, "\"\\\n") {
		return "", errors.New("--sender is not an address")
	}
	text := example
	if i.Broker != "" {
		if err := settings.Broker("--broker", i.Broker); err != nil || !strings.HasPrefix(i.Broker, "mqtts://") {
			return "", fmt.Errorf("--broker is %q: write \"mqtts://HOST:8883\"", i.Broker)
		}
		text = strings.NewReplacer(`"mqtt://127.0.0.1:1883"`, strconv.Quote(i.Broker), `access = "passwords"`, `access = "certificates"`).Replace(text)
	}
	return strings.NewReplacer(
		`"unlockpoint.example"`, `"`+i.Realm+`"`,
		`"unlockpoint@unlockpoint.example"`, `"`+i.Sender+`"`,
		`id = "main"`, `id = "`+i.Site+`"`,
	).Replace(text), nil
}

// writeNew writes a file of mode 0600 that must not be there.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing a new file: %w", err)
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}
