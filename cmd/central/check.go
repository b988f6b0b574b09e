package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/wire"
)

// check names the first setting that is wrong and what to write instead.
func (c config) check() error {
	_, zoneErr := time.LoadLocation(c.TimeZone)
	_, levelErr := settings.Level(c.Log)
	switch {
	case !wire.ValidRealm(c.Realm):
		return fmt.Errorf("realm is %q: write a name of a-z, 0-9, - and dots, at most 32 long", c.Realm)
	case c.Data == "":
		return errors.New("data is empty: name a folder for the store")
	case c.Keyring == "":
		return errors.New("keyring is empty: name the file that \"central init\" made")
	case c.Socket == "":
		return errors.New("socket is empty: name a path for the local socket")
	case zoneErr != nil:
		return fmt.Errorf("time_zone is %q: write a zone such as \"Europe/London\"", c.TimeZone)
	case levelErr != nil:
		return levelErr
	}
	for name, at := range map[string]string{"web": c.Web, "public": c.Public} {
		if _, _, err := net.SplitHostPort(at); at != "" && err != nil {
			return fmt.Errorf("%s is %q: write an address and a port, such as \"127.0.0.1:8080\"", name, at)
		}
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "") {
		return fmt.Errorf("public_url is %q: write what a browser is given, such as \"https://smartcard.trust.nhs.uk\"", c.PublicURL)
	}
	return errors.Join(c.Broker.check(), c.SMTP.check(), checkSites(c.Sites), c.rules.Check())
}

// How users of the broker prove who they are.
const (
	certificates = "certificates"
	passwords    = "passwords"
)

func (b brokerConfig) check() error {
	for name, text := range map[string]string{"broker.url": b.URL, "broker.terminals_url": b.TerminalsURL, "broker.enrol_url": b.EnrolURL} {
		if name != "broker.url" && text == "" {
			continue
		}
		if err := settings.Broker(name, text); err != nil {
			return err
		}
		if b.Access == certificates && !strings.HasPrefix(text, "mqtts://") {
			return fmt.Errorf("%s is %q: with access = \"certificates\" write \"mqtts://HOST:PORT\"", name, text)
		}
	}
	switch b.Access {
	case certificates:
		return nil
	case passwords:
	default:
		return fmt.Errorf("broker.access is %q: write \"certificates\" or \"passwords\"", b.Access)
	}
	if !wire.ValidID(b.User) {
		return fmt.Errorf("broker.user is %q: write a name of a-z, 0-9 and -", b.User)
	}
	if b.PasswordFile == "" {
		return errors.New("broker.password_file is empty: name the file with the password of central's broker account")
	}
	return nil
}

func (s smtpConfig) check() error {
	switch {
	case s.Host == "":
		return errors.New("smtp.host is empty: name the mail server")
	case s.Port < 1 || s.Port > 65535:
		return fmt.Errorf("smtp.port is %d: write a port from 1 to 65535", s.Port)
	case !slices.Contains([]mail.Security{mail.NoTLS, mail.StartTLS, mail.Required}, s.TLS):
		return fmt.Errorf("smtp.tls is %q: write \"none\", \"starttls\" or \"required\"", s.TLS)
	case s.User != "" && s.PasswordFile == "":
		return errors.New("smtp.password_file is empty: name the file with the password of smtp.user")
	case s.Timeout < 1 || s.Timeout > 600:
		return fmt.Errorf("smtp.timeout_s is %d: write 1 to 600 seconds", s.Timeout)
	case strings.Count(s.Sender, "@") != 1:
		return fmt.Errorf("smtp.sender is %q: write the address that codes come from", s.Sender)
	}
	for kind := range s.Subjects {
		if !slices.Contains(mail.Kinds(), kind) {
			return fmt.Errorf("smtp.subjects has %q: it takes %v", kind, mail.Kinds())
		}
	}
	return nil
}

func checkSites(sites []siteConfig) error {
	if len(sites) == 0 {
		return errors.New("there are no sites: write a [[sites]] table for each place with terminals")
	}
	seen := map[string]bool{}
	for i, s := range sites {
		switch {
		case !wire.ValidSite(s.ID):
			return fmt.Errorf("sites, number %d: id is %q: write a short name of a-z, 0-9 and -", i+1, s.ID)
		case seen[s.ID]:
			return fmt.Errorf("sites, number %d: id %q stands twice", i+1, s.ID)
		case s.Name == "" || s.Booth == "":
			return fmt.Errorf("site %s: name and booth are needed: people are told them", s.ID)
		}
		seen[s.ID] = true
	}
	return nil
}
