package broker

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"unlockpoint/sync/wire"
)

// MosquittoConfig says where Mosquitto listens and whom it serves.
type MosquittoConfig struct {
	Addr     string // host:port
	Accounts []Account
	RunAs    string // the system's user; Mosquitto's own choice when empty
	TLS      *TLS   // nil: users have passwords
}

// Mosquitto writes mosquitto.conf into dir with the files that it names, and
// returns its path: acl and passwords, or with certificates acl, enrol-acl,
// authority.pem, broker.pem, broker.key and revoked.pem. Mosquitto reads all
// but the first again on SIGHUP.
func Mosquitto(dir string, c MosquittoConfig) (conf string, err error) {
	if conf, err = mosquitto(dir, c); err != nil {
		return "", fmt.Errorf("writing mosquitto's files: %w", err)
	}
	return conf, nil
}

func mosquitto(dir string, c MosquittoConfig) (string, error) {
	if err := check(c.Accounts, c.TLS == nil); err != nil {
		return "", err
	}
	main, err := mainFile(dir, c)
	if err != nil {
		return "", err
	}
	files, err := c.lists()
	if err != nil {
		return "", err
	}
	files["mosquitto.conf"] = main
	return filepath.Join(dir, "mosquitto.conf"), write(dir, files, c.RunAs)
}

// MosquittoLists writes anew those of Mosquitto's files that change while it
// runs: all but mosquitto.conf.
func MosquittoLists(dir string, c MosquittoConfig) error {
	files, err := c.lists()
	if err == nil {
		err = write(dir, files, c.RunAs)
	}
	if err != nil {
		return fmt.Errorf("writing mosquitto's files: %w", err)
	}
	return nil
}

// lists are the files that say who may do what.
func (c MosquittoConfig) lists() (map[string][]byte, error) {
	if c.TLS != nil {
		return map[string][]byte{
			"acl":           aclFile(c.Accounts, c.TLS.Retired),
			"enrol-acl":     enrolFile(),
			"authority.pem": []byte(c.TLS.Authority),
			"broker.pem":    []byte(c.TLS.Certificate),
			"broker.key":    []byte(c.TLS.Key),
			"revoked.pem":   []byte(c.TLS.Revoked),
		}, nil
	}
	passwords, err := passwordFile(c.Accounts)
	return map[string][]byte{"acl": aclFile(c.Accounts, nil), "passwords": passwords}, err
}

func write(dir string, files map[string][]byte, runAs string) error {
	var paths []string
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := wire.ReplaceFile(path, text, 0o600); err != nil {
			return err
		}
		paths = append(paths, path)
	}
	return handOver(paths, runAs)
}

// mainFile is mosquitto.conf(5).
func mainFile(dir string, c MosquittoConfig) ([]byte, error) {
	var b bytes.Buffer
	if c.TLS != nil {
		// What follows a listener is its own: whoever enrols is asked for nothing.
		fmt.Fprintf(&b, "per_listener_settings true\n")
	}
	// Without it a QoS 1 request and its reply wait 44 ms for each other's ACKs.
	fmt.Fprintf(&b, "set_tcp_nodelay true\n")
	fmt.Fprintf(&b, "persistence false\n")
	fmt.Fprintf(&b, "max_packet_size %d\n", maxPacket)
	fmt.Fprintf(&b, "max_queued_messages %d\n", maxPending)
	fmt.Fprintf(&b, "log_dest stderr\n")
	if c.RunAs != "" {
		fmt.Fprintf(&b, "user %s\n", c.RunAs)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	if c.TLS == nil {
		err := listener(&b, c.Addr, "allow_anonymous false", "password_file "+in("passwords"), "acl_file "+in("acl"))
		return b.Bytes(), err
	}
	secure := []string{"tls_version tlsv1.3", "certfile " + in("broker.pem"), "keyfile " + in("broker.key")}
	err := listener(&b, c.Addr, slices.Concat(secure, []string{"allow_anonymous false", "require_certificate true",
		"use_identity_as_username true", "cafile " + in("authority.pem"), "crlfile " + in("revoked.pem"), "acl_file " + in("acl")})...)
	if err == nil && c.TLS.EnrolAddr != "" {
		err = listener(&b, c.TLS.EnrolAddr, slices.Concat(secure, []string{"allow_anonymous true",
			fmt.Sprint("max_connections ", maxEnrolling), "acl_file " + in("enrol-acl")})...)
	}
	return b.Bytes(), err
}

// maxEnrolling is how many may enrol at a time: anybody may connect there.
const maxEnrolling = 100

func listener(b *bytes.Buffer, addr string, lines ...string) error {
	host, port, err := hostPort(addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nlistener %s %s\n%s\n", port, host, strings.Join(lines, "\n"))
	return nil
}

// aclFile has the terminals' rules as patterns, which hold for every user by
// name, and everybody else's under their own names. What an operator may write
// by a pattern is the topic of a terminal that there is not. What is denied to
// one who is retired goes before a pattern: it holds for a line that was open
// before the list was read.
func aclFile(accounts []Account, retired []string) []byte {
	var b bytes.Buffer
	for _, r := range Rules(Terminal) {
		fmt.Fprintf(&b, "pattern %s %s\n", r.access(), r.Filter)
	}
	for _, a := range accounts {
		if a.Role == Terminal {
			continue
		}
		fmt.Fprintf(&b, "\nuser %s\n", a.User)
		for _, r := range Rules(a.Role) {
			fmt.Fprintf(&b, "topic %s %s\n", r.access(), strings.ReplaceAll(r.Filter, "%u", a.User))
		}
	}
	for _, user := range retired {
		fmt.Fprintf(&b, "\nuser %s\ntopic deny #\n", user)
	}
	return b.Bytes()
}

// enrolFile is the list of the enrolment listener. Its clients have no user:
// the id that they chose is the code's, and %c stands for it.
func enrolFile() []byte {
	var b bytes.Buffer
	for _, r := range Rules(Enrolling) {
		fmt.Fprintf(&b, "pattern %s %s\n", r.access(), strings.ReplaceAll(r.Filter, "%u", "%c"))
	}
	return b.Bytes()
}

func (r Rule) access() string {
	switch {
	case r.Read && r.Write:
		return "readwrite"
	case r.Write:
		return "write"
	}
	return "read"
}

// Passwords as mosquitto_passwd(1) of version 2 writes them: type 7 is
// PBKDF2 with HMAC-SHA512.
const (
	passwordRounds = 101 // mosquitto_passwd's own: our passwords are random, not chosen
	passwordSalt   = 12
	passwordHash   = 64
)

func passwordFile(accounts []Account) ([]byte, error) {
	var b bytes.Buffer
	for _, a := range accounts {
		salt := make([]byte, passwordSalt)
		rand.Read(salt) // never fails (crypto/rand)
		hash, err := pbkdf2.Key(sha512.New, a.Password, salt, passwordRounds, passwordHash)
		if err != nil {
			return nil, fmt.Errorf("hashing a password: %w", err)
		}
		code := base64.StdEncoding.EncodeToString
		fmt.Fprintf(&b, "%s:$7$%d$%s$%s\n", a.User, passwordRounds, code(salt), code(hash))
	}
	return b.Bytes(), nil
}
