package broker

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MosquittoConfig says where Mosquitto listens and whom it serves.
type MosquittoConfig struct {
	Addr     string // host:port
	Accounts []Account
	RunAs    string // the system's user; Mosquitto's own choice when empty
}

// Mosquitto writes mosquitto.conf, acl and passwords into dir and returns the
// path of the first.
func Mosquitto(dir string, c MosquittoConfig) (conf string, err error) {
	if conf, err = mosquitto(dir, c); err != nil {
		return "", fmt.Errorf("writing mosquitto's files: %w", err)
	}
	return conf, nil
}

func mosquitto(dir string, c MosquittoConfig) (string, error) {
	if err := check(c.Accounts); err != nil {
		return "", err
	}
	main, err := mainFile(dir, c)
	if err != nil {
		return "", err
	}
	passwords, err := passwordFile(c.Accounts)
	if err != nil {
		return "", err
	}
	conf := filepath.Join(dir, "mosquitto.conf")
	files := map[string][]byte{
		filepath.Join(dir, "acl"):       aclFile(c.Accounts),
		filepath.Join(dir, "passwords"): passwords,
		conf:                            main,
	}
	for path, text := range files {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return "", err
		}
	}
	return conf, handOver(slices.Collect(maps.Keys(files)), c.RunAs)
}

// mainFile is mosquitto.conf(5).
func mainFile(dir string, c MosquittoConfig) ([]byte, error) {
	host, port, err := hostPort(c.Addr)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "listener %s %s\n", port, host)
	fmt.Fprintf(&b, "allow_anonymous false\n")
	fmt.Fprintf(&b, "password_file %s\n", filepath.Join(dir, "passwords"))
	fmt.Fprintf(&b, "acl_file %s\n", filepath.Join(dir, "acl"))
	// Without it a QoS 1 request and its reply wait 44 ms for each other's ACKs.
	fmt.Fprintf(&b, "set_tcp_nodelay true\n")
	fmt.Fprintf(&b, "persistence false\n")
	fmt.Fprintf(&b, "max_packet_size %d\n", maxPacket)
	fmt.Fprintf(&b, "max_queued_messages %d\n", maxPending)
	fmt.Fprintf(&b, "log_dest stderr\n")
	if c.RunAs != "" {
		fmt.Fprintf(&b, "user %s\n", c.RunAs)
	}
	return b.Bytes(), nil
}

// aclFile has the terminals' rules as patterns, which hold for every user by
// name, and everybody else's under their own names. What an operator may write
// by a pattern is the topic of a terminal that there is not.
func aclFile(accounts []Account) []byte {
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
