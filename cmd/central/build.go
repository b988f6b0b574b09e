package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/journey"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// build makes central's own configuration of the file's: it reads the files
// that the file names.
func (c config) build(log *slog.Logger) (central.Config, error) {
	if _, err := os.Stat(c.Keyring); err != nil {
		return central.Config{}, fmt.Errorf("keyring: %w: bring the file back; \"central init\" makes one for a new server", err)
	}
	broker, err := c.Broker.build()
	if err != nil {
		return central.Config{}, err
	}
	server, err := c.SMTP.build()
	if err != nil {
		return central.Config{}, err
	}
	authority, err := pool("card_authority", c.CardAuthority)
	if err != nil {
		return central.Config{}, err
	}
	if authority == nil {
		authority = x509.NewCertPool() // nobody, rather than the system's web authorities
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return central.Config{}, err
	}
	build, _ := settings.Build()
	return central.Config{
		Realm: c.Realm, Data: c.Data, Keyring: c.Keyring, Socket: c.Socket, Web: c.Web, Public: c.Public, PublicURL: c.PublicURL,
		Policy: c.rules, Sites: sites(c.Sites), Authority: authority, Broker: broker,
		Terminals:    central.Broker{URL: c.Broker.TerminalsURL, CA: c.Broker.TerminalsCA},
		Certificates: c.Broker.Access == certificates, Enrol: c.Broker.enrolURL(), Lists: c.Broker.lists(), Mail: server,
		House: mail.House{Sender: c.SMTP.Sender, Name: c.SMTP.SenderName, Contact: c.Authority,
			Subjects: c.SMTP.Subjects, Zone: zone},
		Pages: journey.Names(), Build: build, Log: log,
	}, nil
}

func (b brokerConfig) build() (central.Broker, error) {
	wait := link.Wait{Most: 10 * time.Second} // one central, and everybody waits for it
	if b.Access == certificates {
		return central.Broker{URL: b.URL, User: wire.Central, Wait: wait}, nil
	}
	password, err := secret("broker.password_file", b.PasswordFile)
	if err != nil {
		return central.Broker{}, err
	}
	roots, err := pool("broker.ca", b.CA)
	if err != nil {
		return central.Broker{}, err
	}
	return central.Broker{URL: b.URL, User: b.User, Password: password, CA: b.CA,
		TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}, Wait: wait}, nil
}

func (s smtpConfig) build() (mail.Server, error) {
	server := mail.Server{Host: s.Host, Port: s.Port, Security: s.TLS, User: s.User,
		Timeout: time.Duration(s.Timeout) * time.Second}
	if s.User == "" {
		return server, nil
	}
	var err error
	server.Password, err = secret("smtp.password_file", s.PasswordFile)
	return server, err
}

func sites(list []siteConfig) (out []wire.Site) {
	for _, s := range list {
		out = append(out, wire.Site{ID: s.ID, Name: s.Name, Booth: s.Booth, Hours: s.Hours, Phone: s.Phone})
	}
	return out
}

// secret reads a password from a file that only its owner may read.
func secret(setting, path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s: others may read %s: set its mode to 0600", setting, path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	text := strings.TrimSpace(string(raw))
	if text == "" {
		return "", fmt.Errorf("%s: %s is empty: write the password into it", setting, path)
	}
	return text, nil
}

// pool reads certificates; nil for no file.
func pool(setting, path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(raw) {
		return nil, fmt.Errorf("%s: %w", setting, errors.New(path+" has no certificate in PEM form"))
	}
	return roots, nil
}
