package catcher_test

import (
	"net/smtp"
	"os"
	"path/filepath"
	"testing"

	"unlockpoint/sync/central/mail/catcher"
)

const plain = "Subject: =?utf-8?q?Caf=C3=A9?=\r\nMessage-ID: <1@x>\r\n\r\nYour code:\r\n\r\n042137\r\n"

func TestAMailIsCaughtAndRead(t *testing.T) {
	s := start(t)
	if err := smtp.SendMail(s.Addr().String(), nil, "a@b.uk", []string{"c@d.uk"}, []byte(plain)); err != nil {
		t.Fatal(err)
	}
	mails, err := s.Await(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if m := mails[0]; m.Subject != "Café" || m.Code != "042137" || m.From != "a@b.uk" || m.To != "c@d.uk" || m.Number != 1 {
		t.Fatalf("%+v", m)
	}
}

// A mailbox in a file outlives its server; a line that a power cut left
// unfinished is a mail that never came.
func TestAMailboxInAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mailbox")
	for n := range 3 {
		s, err := catcher.Start("127.0.0.1:0", catcher.Options{File: file})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Mails(); len(got) != n {
			t.Fatalf("%d mails after %d restarts: %+v", len(got), n, got)
		}
		if err := smtp.SendMail(s.Addr().String(), nil, "a@b.uk", []string{"c@d.uk"}, []byte(plain)); err != nil {
			t.Fatal(err)
		}
		if m := s.Mails()[n]; m.Number != n+1 || m.Code != "042137" {
			t.Errorf("mail %d is %+v", n, m)
		}
		s.Close()
		cut, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		cut.WriteString(`{"n":9,"subj`)
		cut.Close()
	}
	if err := os.WriteFile(file, []byte("no mail\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := catcher.Start("127.0.0.1:0", catcher.Options{File: file}); err == nil {
		s.Close()
		t.Error("a mailbox of something else is taken")
	}
}

func TestTheModeChangesWhileASenderHangs(t *testing.T) {
	s := start(t)
	s.SetMode(catcher.Hang)
	sent := make(chan error)
	go func() { sent <- smtp.SendMail(s.Addr().String(), nil, "a@b.uk", []string{"c@d.uk"}, []byte(plain)) }()
	s.SetMode(catcher.Accept)
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
}

func TestModesAreReadAsWritten(t *testing.T) {
	if m, err := catcher.ParseMode("defer"); m != catcher.Defer || err != nil {
		t.Error(m, err)
	}
	if _, err := catcher.ParseMode("explode"); err == nil {
		t.Error("accepted")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(plain))
	f.Add([]byte("Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) { catcher.Parse(raw) })
}

func start(t *testing.T) *catcher.Server {
	t.Helper()
	s, err := catcher.Start("127.0.0.1:0", catcher.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
