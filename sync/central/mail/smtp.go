package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security of the connection to the mail server.
type Security string

// The securities.
const (
	NoTLS    Security = "none"
	StartTLS Security = "starttls" // when the server offers it
	Required Security = "required" // STARTTLS or nothing
)

// Server is the mail server that letters are handed to.
type Server struct {
	Host     string
	Port     int
	Security Security
	TLS      *tls.Config // nil: the system's roots and Host as name
	User     string      // empty: no log-in
	Password string
	Timeout  time.Duration // for one letter, from the first packet to the last answer
}

// SMTP is a [Sender]: it hands each letter to the mail server over a
// connection of its own.
type SMTP struct {
	server Server
	house  House
}

var _ Sender = (*SMTP)(nil)

// NewSMTP returns a sender. It does not talk to the server yet.
func NewSMTP(s Server, h House) (*SMTP, error) {
	if err := plainAddress(h.Sender); err != nil {
		return nil, fmt.Errorf("smtp.sender: %w", err)
	}
	m := &SMTP{s, h}
	if _, err := m.client(context.Background()); err != nil {
		return nil, fmt.Errorf("mail server settings: %w", err)
	}
	return m, nil
}

// Send hands one letter over, and returns nil once the server has taken it.
// The error is a [Refusal] when the server refused it for good; any other is
// worth another try. No error names the recipient.
func (s *SMTP) Send(ctx context.Context, r Rendered) error {
	if plainAddress(r.To) != nil {
		return Refusal{}
	}
	ctx, cancel := context.WithTimeout(ctx, s.server.Timeout)
	defer cancel()
	client, err := s.client(ctx)
	if err != nil {
		return fmt.Errorf("mail server settings: %w", err)
	}
	msg, err := s.message(r)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return nil // whatever went wrong, went wrong while saying goodbye
	}
	return verdict(err)
}

func (s *SMTP) client(ctx context.Context) (*gomail.Client, error) {
	policy := map[Security]gomail.TLSPolicy{
		NoTLS: gomail.NoTLS, StartTLS: gomail.TLSOpportunistic, Required: gomail.TLSMandatory,
	}[s.server.Security]
	config := s.server.TLS
	if config == nil {
		config = &tls.Config{ServerName: s.server.Host, MinVersion: tls.VersionTLS12}
	}
	options := []gomail.Option{
		gomail.WithPort(s.server.Port), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(config),
		gomail.WithTimeout(s.server.Timeout), gomail.WithDialContextFunc(dialUntil(ctx)), gomail.WithoutNoop(),
	}
	if s.server.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(s.server.User), gomail.WithPassword(s.server.Password))
	}
	return gomail.NewClient(s.server.Host, options...)
}

// dialUntil dials connections that break when ctx ends: the library watches
// its context only while it dials.
func dialUntil(ctx context.Context) gomail.DialContextFunc {
	return func(dial context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(dial, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { conn.Close() })
		}
		return conn, err
	}
}

func (s *SMTP) message(r Rendered) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(oneLine(s.house.Name), s.house.Sender); err != nil {
		return nil, fmt.Errorf("setting the sender: %w", err)
	}
	if err := m.To(r.To); err != nil {
		return nil, Refusal{}
	}
	m.Subject(oneLine(r.Subject))
	m.SetMessageIDWithValue(r.ID + "@" + s.house.Sender[strings.LastIndexByte(s.house.Sender, '@')+1:])
	m.SetDateWithValue(r.Date)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, 5: no holiday answers, please
	m.SetBodyString(gomail.TypeTextPlain, r.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, r.HTML)
	return m, nil
}

// verdict keeps of the library's error what may be logged: its text names the
// recipient.
func verdict(err error) error {
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return fmt.Errorf("reaching the mail server: %w", err)
	}
	said := Reply{Code: sent.ErrorCode()}
	if enhanced.MatchString(sent.EnhancedStatusCode()) {
		said.Enhanced = sent.EnhancedStatusCode()
	}
	if said.Code >= 500 { // RFC 5321, 4.2.1: permanent negative completion
		return Refusal{said}
	}
	return Deferral{said}
}

// plainAddress accepts local@host without anything that means more than
// itself in a header or a command. Which hosts are welcome, and the exact
// grammar, is for those who accept addresses.
func plainAddress(s string) error {
	local, host, ok := strings.Cut(s, "@")
	if !ok || local == "" || host == "" || len(s) > 254 { // RFC 5321, 4.5.3.1.3
		return errors.New("not of the form name@host")
	}
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>[\]`, r) {
			return errors.New("not of the form name@host")
		}
	}
	if strings.Contains(host, "@") {
		return errors.New("not of the form name@host")
	}
	return nil
}
