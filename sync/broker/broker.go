// Package broker holds the access rules of our topics and two brokers that
// keep them: one inside the program, for the demonstration and for tests, and
// Mosquitto, whose files it writes.
//
// Its words: an [Account] is a user with a role; a [Rule] says what a role
// may read and write. Users prove who they are by a password, or all of them
// by a certificate ([TLS]); then there is a second listener, where terminals
// that have none yet enrol. Nothing here is trusted with a secret: notes are
// signed and sealed from end to end.
package broker

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"

	mqtt "github.com/mochi-mqtt/server/v2"

	"unlockpoint/sync/wire"
)

// Limits of both brokers.
const (
	// maxPacket is a note (64 KiB) with its topic, twice over.
	maxPacket = 128 << 10
	// maxPending messages may wait for one slow client.
	maxPending = 1024
)

// Broker is the embedded broker. It keeps retained messages in memory and
// nothing on disk.
type Broker struct {
	server *mqtt.Server
	gate   *gate
	lines  []*lines // that of the members first
	scheme string   // mqtt when empty
}

// Start listens on addr ("127.0.0.1:0" for any free port) and serves the
// accounts, by their passwords.
func Start(addr string, accounts []Account) (*Broker, error) {
	if err := check(accounts, true); err != nil {
		return nil, fmt.Errorf("starting the broker: %w", err)
	}
	b := &Broker{gate: newGate(accounts, false)}
	return b, b.start(door{id: members, addr: addr})
}

// StartTLS listens on addr and serves, over TLS, whoever has a certificate:
// the accounts by their names, every other as a terminal. Whoever has none may
// enrol at [TLS.EnrolAddr].
func StartTLS(addr string, accounts []Account, t TLS) (*Broker, error) {
	if err := check(accounts, false); err != nil {
		return nil, fmt.Errorf("starting the broker: %w", err)
	}
	config, err := t.server()
	if err != nil {
		return nil, fmt.Errorf("starting the broker: %w", err)
	}
	revoked, err := t.revoked()
	if err != nil {
		return nil, fmt.Errorf("starting the broker: %w", err)
	}
	b := &Broker{gate: newGate(accounts, true), scheme: "mqtts"}
	b.gate.admit(accounts, t.Retired, revoked)
	doors := []door{{id: members, addr: addr, tls: config}}
	if t.EnrolAddr != "" {
		doors = append(doors, door{id: enrolment, addr: t.EnrolAddr, tls: withoutClients(config)})
	}
	return b, b.start(doors...)
}

// start listens at the doors and serves.
func (b *Broker) start(doors ...door) error {
	b.server = mqtt.New(&mqtt.Options{Capabilities: capabilities(), Logger: slog.New(slog.DiscardHandler)})
	err := b.server.AddHook(b.gate, nil)
	for _, d := range doors {
		err = errors.Join(err, b.open(d))
	}
	if err == nil {
		err = b.server.Serve()
	}
	if err == nil {
		return nil
	}
	for _, l := range b.lines {
		err = errors.Join(err, l.in.Close())
	}
	return fmt.Errorf("starting the broker: %w", errors.Join(err, b.server.Close()))
}

func (b *Broker) open(d door) error {
	l, err := listen(d, b.server, &b.gate.seats)
	if err != nil {
		return err
	}
	b.lines = append(b.lines, l)
	return b.server.AddListener(l)
}

func capabilities() *mqtt.Capabilities {
	c := mqtt.NewDefaultServerCapabilities()
	c.MaximumPacketSize = maxPacket
	c.MaximumClientWritesPending = maxPending
	c.MaximumInflight = maxPending
	c.MaximumQos = 1
	return c
}

// check refuses accounts that would get at other people's topics by name.
func check(accounts []Account, passwords bool) error {
	seen := map[string]bool{}
	for _, a := range accounts {
		switch {
		case !wire.ValidID(a.User) || seen[a.User]:
			return fmt.Errorf("account %q is malformed or stands twice", a.User)
		case len(Rules(a.Role)) == 0:
			return fmt.Errorf("account %q has the unknown role %q", a.User, a.Role)
		case a.Role == Enrolling:
			return fmt.Errorf("account %q: who enrols has no account", a.User)
		case a.Role != Central && !wire.ValidTerminal(a.User):
			return fmt.Errorf("account %q has central's name", a.User)
		case passwords && a.Password == "":
			return fmt.Errorf("account %q has no password", a.User)
		}
		seen[a.User] = true
	}
	return nil
}

// Addr is the address that is listened on, host:port.
func (b *Broker) Addr() string { return b.lines[0].Address() }

// URL is the address as a client writes it.
func (b *Broker) URL() string { return cmp.Or(b.scheme, "mqtt") + "://" + b.Addr() }

// EnrolURL is where terminals enrol; empty without such a listener.
func (b *Broker) EnrolURL() string {
	if len(b.lines) < 2 {
		return ""
	}
	return b.scheme + "://" + b.lines[1].Address()
}

// Close says good-bye to every client and waits until the listener is closed.
func (b *Broker) Close() error {
	if err := b.server.Close(); err != nil {
		return fmt.Errorf("closing the broker: %w", err)
	}
	return nil
}

// Cut takes a user's line away, or gives it back: the user is thrown out and
// refused, as if the cable was pulled.
func (b *Broker) Cut(user string, cut bool) {
	b.gate.cut(user, cut)
	b.hangUp()
}

// Admit replaces whom the broker lets in, and hangs up on everybody else. Of t
// only what says who is out counts; it is empty where there are passwords.
func (b *Broker) Admit(accounts []Account, t TLS) error {
	revoked, err := t.revoked()
	if err := errors.Join(err, check(accounts, !b.gate.secure)); err != nil {
		return fmt.Errorf("admitting to the broker: %w", err)
	}
	b.gate.admit(accounts, t.Retired, revoked)
	b.hangUp()
	return nil
}

// hangUp on those who are not served any more.
func (b *Broker) hangUp() {
	for _, client := range b.server.Clients.GetAll() {
		if client.Net.Conn != nil && !b.gate.serves(client) {
			// Only the line: mochi forgets the will of a client it stops itself.
			_ = client.Net.Conn.Close()
		}
	}
}

// host and port of an address, for Mosquitto's listener line.
func hostPort(addr string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(addr)
	if err == nil && (host == "" || port == "" || port == "0") {
		err = fmt.Errorf("address %q needs a host and a port", addr)
	}
	return host, port, err
}
