package broker

import (
	"crypto/tls"
	"log/slog"
	"net"
	"sync"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

// lines is the listener of the embedded broker. mochi's own counts a client
// only once its goroutine runs, so that Close may count while one is coming in
// and leave it behind; this one knows every line from the moment it is taken.
type lines struct {
	door
	in     net.Listener
	server *mqtt.Server
	seats  *seats // that its clients take

	mu     sync.Mutex
	closed bool
	open   map[net.Conn]bool
	served sync.WaitGroup
}

// door is where a listener stands and whom it is for.
type door struct {
	id   string
	addr string
	tls  *tls.Config // nil: none
}

// The doors.
const (
	members   = "members"
	enrolment = "enrolment"
)

func listen(d door, server *mqtt.Server, s *seats) (*lines, error) {
	in, err := net.Listen("tcp", d.addr)
	if err != nil {
		return nil, err
	}
	return &lines{door: d, in: in, server: server, seats: s, open: map[net.Conn]bool{}}, nil
}

func (l *lines) ID() string              { return l.id }
func (l *lines) Protocol() string        { return "tcp" }
func (l *lines) Address() string         { return l.in.Addr().String() }
func (l *lines) Init(*slog.Logger) error { return nil }

// Serve hands every line on until Close.
func (l *lines) Serve(establish listeners.EstablishFn) {
	for {
		conn, err := l.in.Accept()
		if err != nil {
			return
		}
		if !l.take(conn) {
			return
		}
		go func() {
			defer l.served.Done()
			line := l.secured(conn)
			_ = establish(l.ID(), line) // why a client went is the client's to tell
			l.seats.leave(line)
			l.drop(conn)
		}()
	}
}

// secured is the line with TLS around it, which shakes hands when the client
// says its first word.
func (l *lines) secured(conn net.Conn) net.Conn {
	if l.tls == nil {
		return conn
	}
	return tls.Server(conn, l.tls)
}

func (l *lines) take(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		conn.Close()
		return false
	}
	l.open[conn] = true
	l.served.Add(1)
	return true
}

func (l *lines) drop(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, conn)
	conn.Close()
}

// Close says good-bye to those the broker knows, cuts everyone else, and
// returns when nobody is served any more.
func (l *lines) Close(listeners.CloseFn) {
	l.in.Close()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.goodbye()
	l.mu.Lock()
	for conn := range l.open {
		conn.Close()
	}
	l.mu.Unlock()
	l.served.Wait()
}

// goodbye stands in for mochi's own, which asks for its clients under one lock
// twice and waits for ever when one of them goes in between.
func (l *lines) goodbye() {
	for _, client := range l.server.Clients.GetAll() {
		if client.Net.Listener == l.ID() && !client.Closed() {
			_ = l.server.DisconnectClient(client, packets.ErrServerShuttingDown) // it always says why
		}
	}
}
