package catcher

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"time"
)

// Mail is one mail as it came. The JSON names are the driver's.
type Mail struct {
	Number  int       `json:"n"` // from 1
	At      time.Time `json:"at"`
	From    string    `json:"from"` // of the envelope
	To      string    `json:"to"`   // of the envelope
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html,omitempty"`
	Code    string    `json:"code,omitempty"` // six digits alone on a line of the text
	ID      string    `json:"id"`             // Message-ID
	TLS     bool      `json:"tls"`
	User    string    `json:"user,omitempty"` // who logged in
}

// Parse reads a mail's subject and its text and HTML parts.
func Parse(raw []byte) (Mail, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, fmt.Errorf("reading the mail's header: %w", err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return Mail{}, fmt.Errorf("reading the subject: %w", err)
	}
	out := Mail{Subject: subject, ID: m.Header.Get("Message-Id")}
	if err := out.parts(m); err != nil {
		return Mail{}, err
	}
	if code := regexp.MustCompile(`(?m)^(\d{6})\s*$`).FindStringSubmatch(out.Text); code != nil {
		out.Code = code[1]
	}
	return out, nil
}

// parts reads one level of multipart/alternative, or a plain mail.
func (m *Mail) parts(msg *mail.Message) error {
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		body, err := io.ReadAll(decoded(msg.Header.Get("Content-Transfer-Encoding"), msg.Body))
		m.Text = string(body)
		return err
	}
	reader := multipart.NewReader(msg.Body, params["boundary"])
	for {
		part, err := reader.NextPart() // decodes quoted-printable by itself
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a part: %w", err)
		}
		body, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("reading a part: %w", err)
		}
		m.take(part.Header.Get("Content-Type"), string(body))
	}
}

func (m *Mail) take(kind, body string) {
	switch kind, _, _ := mime.ParseMediaType(kind); kind {
	case "text/plain":
		m.Text = strings.ReplaceAll(body, "\r\n", "\n")
	case "text/html":
		m.HTML = strings.ReplaceAll(body, "\r\n", "\n")
	}
}

func decoded(encoding string, r io.Reader) io.Reader {
	if strings.EqualFold(encoding, "quoted-printable") {
		return quotedprintable.NewReader(r)
	}
	return r
}
