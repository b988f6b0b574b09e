package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/sync/central/web"
	"unlockpoint/sync/socket"
)

// door is a listener that takes one connection.
type door struct {
	conn   chan net.Conn
	closed chan struct{}
	close  func()
}

func newDoor(c net.Conn) door {
	d := door{conn: make(chan net.Conn, 1), closed: make(chan struct{})}
	d.conn <- c
	d.close = sync.OnceFunc(func() { close(d.closed) })
	return d
}

func (d door) Accept() (net.Conn, error) {
	select {
	case c := <-d.conn:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

func (d door) Close() error { d.close(); return nil }

func (d door) Addr() net.Addr { return &net.UnixAddr{} }

// TestNoStrangerKeepsAConnection: whoever has the address of the page for
// holders may connect, and each connection is a file of the process that also
// has central's store.
func TestNoStrangerKeepsAConnection(t *testing.T) {
	for name, sent := range map[string]string{
		"nothing":                    "",
		"half a question":            "GET /freeze/abc HTTP/1.1\r\nHost: c\r\n",
		"a question, and no other":   "GET /freeze/abc HTTP/1.1\r\nHost: c\r\n\r\n",
		"a form that does not come":  "POST /freeze/abc HTTP/1.1\r\nHost: c\r\nContent-Length: 9\r\n\r\n",
		"a form that nobody asks":    "GET /elsewhere HTTP/1.1\r\nHost: c\r\nContent-Length: 9\r\n\r\nform",
		"more than any of our forms": "POST /freeze/abc HTTP/1.1\r\nHost: c\r\nContent-Length: 99999\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, err := web.Public(web.PublicConfig{Links: &letters{token: "abc"}, Log: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Fatal(err)
				}
				theirs, ours := net.Pipe()
				ctx, cancel := context.WithCancel(t.Context())
				served := make(chan error, 1)
				go func() { served <- socket.Serve(ctx, newDoor(ours), h) }()
				closed := make(chan struct{})
				go func() {
					defer close(closed)
					io.Copy(io.Discard, theirs)
				}()
				if _, err := io.WriteString(theirs, sent); err != nil {
					t.Fatal(err)
				}
				select {
				case <-closed:
				case <-time.After(2 * time.Minute):
					t.Error("the connection is still there after two minutes")
				}
				theirs.Close()
				cancel()
				if err := <-served; err != nil {
					t.Error(err)
				}
			})
		})
	}
}
