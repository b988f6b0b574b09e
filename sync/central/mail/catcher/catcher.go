// Package catcher is a mail server that keeps every mail it takes and passes
// none on: the mailbox of the demonstration, and the other end of the tests.
//
// Its one word is [Mode]: how the server behaves towards senders, which can
// be changed while it runs. It speaks real SMTP, with STARTTLS and log-in
// when asked to.
package catcher

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Mode is how the server behaves.
type Mode string

// The modes.
const (
	Accept Mode = "accept"
	Reject Mode = "reject" // refuse every recipient for good
	Full   Mode = "full"   // refuse every recipient: their mailbox is full
	Defer  Mode = "defer"  // put every recipient off
	Hang   Mode = "hang"   // say nothing until the mode changes
)

// ParseMode reads a mode as a person writes it.
func ParseMode(s string) (Mode, error) {
	m := Mode(s)
	if !slices.Contains([]Mode{Accept, Reject, Full, Defer, Hang}, m) {
		return "", fmt.Errorf("mode %q: write accept, reject, full, defer or hang", s)
	}
	return m, nil
}

// Options of a server. All may be left empty.
type Options struct {
	TLS            *tls.Config // offers STARTTLS
	User, Password string      // demands a log-in, which with TLS works only behind STARTTLS
	Now            func() time.Time
	File           string // keeps the mails; without it they are in memory only
}

// Server is a running mail server.
type Server struct {
	options  Options
	server   *smtp.Server
	listener net.Listener
	done     chan struct{}

	mu      sync.Mutex
	mode    Mode
	mails   []Mail
	changed chan struct{} // closed at every change of mode or mails
	closed  bool
}

// Start listens on addr, such as "127.0.0.1:0", and accepts mail.
func Start(addr string, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	var mails []Mail
	if o.File != "" {
		var err error
		if mails, err = remembered(o.File); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening for mail: %w", err)
	}
	s := &Server{options: o, listener: listener, mode: Accept, mails: mails,
		changed: make(chan struct{}), done: make(chan struct{})}
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	s.server.Domain = "catcher"
	s.server.TLSConfig = o.TLS
	s.server.AllowInsecureAuth = o.TLS == nil
	s.server.MaxMessageBytes = 1 << 20
	s.server.ErrorLog = silent{}
	go func() {
		defer close(s.done)
		s.server.Serve(listener) // ends with Close
	}()
	return s, nil
}

// Addr is where the server listens.
func (s *Server) Addr() *net.TCPAddr { return s.listener.Addr().(*net.TCPAddr) }

// Close ends the server and every connection.
func (s *Server) Close() error {
	s.change(func() { s.closed = true })
	err := s.server.Close()
	// A server whose Serve has not begun yet does not know its listener.
	if late := s.listener.Close(); !errors.Is(late, net.ErrClosed) {
		err = errors.Join(err, late)
	}
	<-s.done
	return err
}

// Mode is how the server behaves at present.
func (s *Server) Mode() Mode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mode
}

// SetMode changes how the server behaves, also towards senders that hang.
func (s *Server) SetMode(m Mode) { s.change(func() { s.mode = m }) }

// Mails returns every mail taken, oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Await returns the mails once there are at least n.
func (s *Server) Await(ctx context.Context, n int) ([]Mail, error) {
	for {
		s.mu.Lock()
		mails, changed := slices.Clone(s.mails), s.changed
		s.mu.Unlock()
		if len(mails) >= n {
			return mails, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return mails, fmt.Errorf("waiting for mail %d: %w", n, ctx.Err())
		}
	}
}

// change does something to the server and tells everybody who waits.
func (s *Server) change(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
	close(s.changed)
	s.changed = make(chan struct{})
}

// take keeps a mail. One that cannot be kept is put off.
func (s *Server) take(m Mail) (err error) {
	s.change(func() {
		m.Number = len(s.mails) + 1
		if s.options.File != "" {
			err = remember(s.options.File, m)
		}
		if err == nil {
			s.mails = append(s.mails, m)
		}
	})
	if err != nil { // RFC 3463, 3.4: mail system full
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "The mailbox cannot be written"}
	}
	return nil
}

// behave is the server's answer to a recipient. It hangs while the mode says
// so.
func (s *Server) behave() error {
	for {
		s.mu.Lock()
		mode, changed, closed := s.mode, s.changed, s.closed
		s.mu.Unlock()
		switch {
		case closed:
			return errors.New("closing")
		case mode == Reject: // RFC 3463, 3.2: bad destination mailbox
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"}
		case mode == Full: // RFC 3463, 3.3: mailbox full
			return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "Mailbox full"}
		case mode == Defer: // RFC 3463, 3.3: mailbox not accepting messages, for now
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "Try again later"}
		case mode == Accept:
			return nil
		}
		<-changed
	}
}

// silent keeps the library's remarks on broken connections to itself.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
