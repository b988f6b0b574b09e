package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/mail/catcher"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// composer answers with what it was given.
type composer struct {
	message mail.Message
	err     error
	went    []string
}

func (c *composer) Compose(store.Tx, mail.Letter) (mail.Message, error) { return c.message, c.err }

func (c *composer) Went(_ store.Tx, _ mail.Letter, f mail.Fate) error {
	c.went = append(c.went, string(f.State)+" "+f.Reply.String())
	return nil
}

// post is a store, a queue and a mail server, with a clock that the test moves.
type post struct {
	t        *testing.T
	db       *store.DB
	worker   *mail.Worker
	server   *catcher.Server
	composer *composer
	log      *strings.Builder
	now      time.Time
}

func newPost(t *testing.T, o catcher.Options, settings mail.Server) *post {
	t.Helper()
	p := &post{t: t, log: &strings.Builder{}, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	if p.db, err = store.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.db.Close() })
	if p.server, err = catcher.Start("127.0.0.1:0", o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.server.Close() })
	settings.Host, settings.Port = "127.0.0.1", p.server.Addr().Port
	if settings.Timeout == 0 {
		settings.Timeout = 20 * time.Second
	}
	house := mail.House{Sender: "unlockpoint@trust.nhs.uk", Name: "Smartcard self-service", Contact: "the registration authority on 01 234"}
	sender, err := mail.NewSMTP(settings, house)
	if err != nil {
		t.Fatal(err)
	}
	words, err := mail.NewWords(house)
	if err != nil {
		t.Fatal(err)
	}
	p.composer = &composer{message: mail.Message{Kind: mail.UnlockCode, To: "ceri@nhs.net", Name: "Ceri Jones", Code: "493021", Minutes: 15, At: p.now}}
	p.worker = mail.NewWorker(mail.Config{Store: p.db, Composer: p.composer, Words: words, Sender: sender,
		Now: func() time.Time { return p.now }, Log: slog.New(slog.NewTextHandler(p.log, nil))})
	return p
}

func (p *post) put(key string) {
	p.t.Helper()
	l := mail.Letter{Key: key, Kind: p.composer.message.Kind, Card: "card-1", At: p.now, Until: p.now.Add(15 * time.Minute)}
	if err := p.db.Update(p.t.Context(), func(tx store.Tx) error { return mail.Put(tx, l) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) deliver() (next time.Time) {
	p.t.Helper()
	next, err := p.worker.Deliver(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return next
}

func (p *post) state(key string) (s wire.MailState) {
	p.t.Helper()
	err := p.db.View(p.t.Context(), func(tx store.Tx) (err error) { s, err = mail.StateOf(tx, key); return err })
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *post) queue() (n int) {
	p.t.Helper()
	if err := p.db.View(p.t.Context(), func(tx store.Tx) (err error) { n, err = mail.Queue(tx); return err }); err != nil {
		p.t.Fatal(err)
	}
	return n
}

func TestACodeIsMailedOverSTARTTLSWithLogIn(t *testing.T) {
	serverTLS, clientTLS := certificates(t)
	p := newPost(t, catcher.Options{TLS: serverTLS, User: "central", Password: "s3cret"},
		mail.Server{Security: mail.Required, TLS: clientTLS, User: "central", Password: "s3cret"})
	p.put("case-1/1")
	if got := p.state("case-1/1"); got != wire.MailQueued {
		t.Fatalf("before: %s", got)
	}
	p.deliver()
	if got := p.state("case-1/1"); got != wire.MailTaken {
		t.Fatalf("after: %s\n%s", got, p.log)
	}
	mails := p.server.Mails()
	if len(mails) != 1 || mails[0].Code != "493021" || mails[0].To != "ceri@nhs.net" || !mails[0].TLS || mails[0].User != "central" {
		t.Fatalf("caught: %+v", mails)
	}
	for _, want := range []string{"Hello Ceri Jones,", "valid for 15 minutes", "not your new passcode", "01 234", "not read"} {
		if !strings.Contains(mails[0].Text, want) || !strings.Contains(mails[0].HTML, want) {
			t.Errorf("%q missing in:\n%s\n%s", want, mails[0].Text, mails[0].HTML)
		}
	}
	if strings.Contains(mails[0].Subject, "493021") {
		t.Error("the subject tells the code")
	}
}

func TestAWrongLogInIsWorthAnotherTry(t *testing.T) {
	p := newPost(t, catcher.Options{User: "central", Password: "right"}, mail.Server{Security: mail.NoTLS, User: "central", Password: "wrong"})
	p.put("c/1")
	p.deliver()
	if got := p.state("c/1"); got != wire.MailDeferred {
		t.Fatalf("state: %s", got)
	}
}

func TestNoLetterGoesInTheClearWhenTLSIsRequired(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.Required})
	p.put("c/1")
	p.deliver()
	if got := p.state("c/1"); got != wire.MailDeferred || len(p.server.Mails()) != 0 {
		t.Fatalf("state %s, %d mails", got, len(p.server.Mails()))
	}
}

func TestARefusalIsForGood(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.server.SetMode(catcher.Reject)
	p.put("c/1")
	p.deliver()
	if got := p.state("c/1"); got != wire.MailRefused || p.queue() != 0 {
		t.Fatalf("state %s, queue %d", got, p.queue())
	}
	p.server.SetMode(catcher.Accept)
	p.now = p.now.Add(5 * time.Minute)
	p.deliver()
	if len(p.server.Mails()) != 0 {
		t.Fatal("a refused letter was tried again")
	}
	if strings.Contains(p.log.String(), "ceri") || strings.Contains(p.log.String(), "493021") {
		t.Fatalf("the log tells too much: %s", p.log)
	}
}

// A full mailbox, a wrong address, a server that puts off strangers and one
// that is not there are told apart, by numbers alone.
func TestWhatTheServerSaidIsKeptInNumbers(t *testing.T) {
	for mode, want := range map[catcher.Mode]string{
		catcher.Reject: "refused 550 5.1.1", catcher.Full: "refused 552 5.2.2", catcher.Defer: "deferred 451 4.2.1", "": "deferred no reply",
	} {
		p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
		if mode == "" {
			p.server.Close()
		} else {
			p.server.SetMode(mode)
		}
		p.put("c/1")
		p.deliver()
		if !slices.Equal(p.composer.went, []string{want}) {
			t.Errorf("%q: %q", mode, p.composer.went)
		}
	}
}

func TestALetterPutOffIsTriedAgainWithTheSameID(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.server.SetMode(catcher.Defer)
	p.put("c/1")
	next := p.deliver()
	if got := p.state("c/1"); got != wire.MailDeferred {
		t.Fatalf("state: %s", got)
	}
	if wait := next.Sub(p.now); wait <= 0 || wait > time.Minute {
		t.Fatalf("next try in %s", wait)
	}
	p.server.SetMode(catcher.Accept)
	p.deliver()
	if len(p.server.Mails()) != 0 {
		t.Fatal("tried before its time")
	}
	p.now = next
	p.deliver()
	if got := p.state("c/1"); got != wire.MailTaken {
		t.Fatalf("state: %s", got)
	}
	first := p.server.Mails()[0].ID

	// Given a power cut between the server's yes and our note of it, the
	// same letter goes out again, and shows that it is the same.
	q := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	q.put("c/1")
	q.deliver()
	if again := q.server.Mails()[0].ID; again != first || first == "" {
		t.Fatalf("message ids %q and %q", first, again)
	}
}

func TestWhatBecameOfALetterIsToldWhenItChanges(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.server.SetMode(catcher.Defer)
	p.put("c/1")
	p.now = p.deliver()
	p.now = p.deliver() // put off once more: no news
	p.server.SetMode(catcher.Accept)
	p.deliver()
	if want := []string{"deferred 451 4.2.1", "taken no reply"}; !slices.Equal(p.composer.went, want) {
		t.Fatalf("told %v, want %v", p.composer.went, want)
	}
}

func TestAServerThatHangsPutsTheLetterOff(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS, Timeout: 50 * time.Millisecond})
	p.server.SetMode(catcher.Hang)
	p.put("c/1")
	p.deliver()
	if got := p.state("c/1"); got != wire.MailDeferred {
		t.Fatalf("state: %s", got)
	}
}

func TestStoppingLeavesAHangingLetterQueued(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.server.SetMode(catcher.Hang)
	p.put("c/1")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.worker.Run(ctx) }()
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := p.state("c/1"); got != wire.MailQueued {
		t.Fatalf("state: %s", got)
	}
}

func TestACodeThatEndedIsNotSentLate(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.put("late/1")
	p.now = p.now.Add(15 * time.Minute)
	p.deliver()
	p.put("ended/1")
	p.composer.err = mail.ErrNotWanted
	p.deliver()
	if len(p.server.Mails()) != 0 || p.queue() != 0 {
		t.Fatalf("%d mails, queue %d", len(p.server.Mails()), p.queue())
	}
}

func TestALetterPutTwiceIsSentOnce(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.put("c/1")
	p.put("c/1")
	p.deliver()
	p.put("c/1")
	p.deliver()
	if n := len(p.server.Mails()); n != 1 {
		t.Fatalf("%d mails", n)
	}
}

func TestTheQueueSurvivesAComposerThatFails(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.composer.err = errors.New("key ring without that version")
	p.put("c/1")
	next := p.deliver()
	p.composer.err, p.now = nil, next
	p.deliver()
	if got := p.state("c/1"); got != wire.MailTaken {
		t.Fatalf("state: %s", got)
	}
}

func TestWakeSendsAtOnce(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.worker.Run(ctx) }()
	p.put("c/1")
	p.worker.Wake()
	if _, err := p.server.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestOldLettersAreForgottenButNotWaitingOnes(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	p.put("sent/1")
	p.deliver()
	p.put("waiting/1")
	p.now = p.now.Add(36 * 24 * time.Hour)
	p.sweep()
	if p.queue() != 1 || p.state("sent/1") != wire.MailQueued { // unknown again
		t.Fatalf("queue %d, sent %s", p.queue(), p.state("sent/1"))
	}
}

func (p *post) sweep() {
	p.t.Helper()
	err := store.Finish(p.t.Context(), p.db, func(tx store.Tx) (bool, error) { return mail.Sweep(tx, p.now) })
	if err != nil {
		p.t.Fatal(err)
	}
}

// More letters than one transaction forgets, all from the same hour.
func TestAnyNumberOfOldLettersIsForgotten(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	for n := range 8 {
		err := p.db.Update(t.Context(), func(tx store.Tx) (err error) {
			for i := range 200 {
				key := fmt.Sprintf("%d/%d", n, i)
				err = errors.Join(err, mail.Put(tx, mail.Letter{Key: key, At: p.now}), store.Table[string]{Name: "mail-waiting"}.Delete(tx, key))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	p.now = p.now.Add(36 * 24 * time.Hour)
	p.sweep()
	_ = p.db.View(t.Context(), func(tx store.Tx) error {
		for key := range tx.Scan("mail/", "", 0) {
			t.Fatalf("%s is kept", key)
		}
		return nil
	})
}

// certificates are httptest's, made out to 127.0.0.1.
func certificates(t *testing.T) (server, client *tls.Config) {
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}
}

// Letters about a card that is forgotten go with it: those that are out at
// once, those that wait once they are out.
func TestLettersAreForgottenWithTheirCard(t *testing.T) {
	p := newPost(t, catcher.Options{}, mail.Server{Security: mail.StartTLS})
	rows := func() (keys []string) {
		err := p.db.View(t.Context(), func(tx store.Tx) error {
			for key := range tx.Scan("mail", "", 0) {
				keys = append(keys, key)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	p.put("out")
	p.deliver()
	p.put("waiting")
	told := len(p.composer.went)
	for _, card := range []string{"card-2", "card-1"} {
		if got := rows(); !slices.Equal(got, []string{"mail-waiting/waiting", "mail/out", "mail/waiting"}) {
			t.Fatalf("there are %q", got)
		}
		if err := p.db.Update(t.Context(), func(tx store.Tx) error { return mail.Forget(tx, card) }); err != nil {
			t.Fatal(err)
		}
	}
	if got := rows(); !slices.Equal(got, []string{"mail-waiting/waiting", "mail/waiting"}) {
		t.Errorf("left: %q", got)
	}
	p.deliver()
	if got := rows(); len(got) > 0 || len(p.server.Mails()) != 2 || len(p.composer.went) != told {
		t.Errorf("left: %q, of %d mails, told of %q", got, len(p.server.Mails()), p.composer.went[told:])
	}
}
