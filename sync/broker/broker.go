// Package broker holds the access rules of our topics and two brokers that
// keep them: one inside the program, for the demonstration and for tests, and
// Mosquitto, whose files it writes.
//
// Its words: an [Account] is a user with a role; a [Rule] says what a role
// may read and write. Nothing here is trusted with a secret: notes are signed
// and sealed from end to end.
package broker

import (
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
	addr   string
}

// Start listens on addr ("127.0.0.1:0" for any free port) and serves the
// accounts.
func Start(addr string, accounts []Account) (*Broker, error) {
	b, err := start(addr, accounts)
	if err != nil {
		return nil, fmt.Errorf("starting the broker: %w", err)
	}
	return b, nil
}

func start(addr string, accounts []Account) (*Broker, error) {
	if err := check(accounts); err != nil {
		return nil, err
	}
	server := mqtt.New(&mqtt.Options{Capabilities: capabilities(), Logger: slog.New(slog.DiscardHandler)})
	g := newGate(accounts)
	listener, err := listen(addr)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(server.AddHook(g, nil), server.AddListener(listener)); err != nil {
		return nil, errors.Join(err, listener.in.Close(), server.Close())
	}
	if err := server.Serve(); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &Broker{server: server, gate: g, addr: listener.Address()}, nil
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
func check(accounts []Account) error {
	seen := map[string]bool{}
	for _, a := range accounts {
		switch {
		case !wire.ValidID(a.User) || seen[a.User]:
			return fmt.Errorf("account %q is malformed or stands twice", a.User)
		case len(Rules(a.Role)) == 0:
			return fmt.Errorf("account %q has the unknown role %q", a.User, a.Role)
		case a.Role != Central && !wire.ValidTerminal(a.User):
			return fmt.Errorf("account %q has central's name", a.User)
		case a.Password == "":
			return fmt.Errorf("account %q has no password", a.User)
		}
		seen[a.User] = true
	}
	return nil
}

// Addr is the address that is listened on, host:port.
func (b *Broker) Addr() string { return b.addr }

// URL is the address as a client writes it.
func (b *Broker) URL() string { return "mqtt://" + b.addr }

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
	if !cut {
		return
	}
	for _, client := range b.server.Clients.GetAll() {
		if string(client.Properties.Username) == user && client.Net.Conn != nil {
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
