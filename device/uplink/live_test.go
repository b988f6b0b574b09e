package uplink

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// limit of one wait in a live test: reached only when something is broken.
const limit = 30 * time.Second

var accounts = []broker.Account{
	{User: wire.Central, Password: "c", Role: broker.Central},
	{User: terminal, Password: "secret", Role: broker.Terminal, Site: site},
}

// brokers runs a test against both.
func brokers(t *testing.T, f func(t *testing.T, url string)) {
	t.Run("embedded", func(t *testing.T) { f(t, embedded(t).URL()) })
	t.Run("mosquitto", func(t *testing.T) { f(t, brokertest.Mosquitto(t, accounts).URL()) })
}

func embedded(t testing.TB) *broker.Broker {
	b, err := broker.Start("127.0.0.1:0", accounts)
	must(t, err)
	t.Cleanup(func() { b.Close() })
	return b
}

// quick tries again soon: these tests make the outages.
var quick = link.Wait{Step: 20 * time.Millisecond, Most: 100 * time.Millisecond}

// running is something with a Run that a test may end.
func running(t testing.TB, run func(context.Context) error) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return end
}

// serveOn puts the centre on a broker until end is called.
func (c *centre) serveOn(url string) (end func()) {
	gone := c.state(false)
	here := c.state(true)
	l := link.New(link.Config{
		URL: url, ClientID: wire.Central, User: wire.Central, Password: "c",
		Subscribe: wire.CentralTopics(), Will: &gone, Birth: &here, Wait: quick,
	})
	return running(c.t, func(ctx context.Context) error {
		var parts sync.WaitGroup
		parts.Go(func() { c.pass(ctx, l) })
		err := l.Run(ctx)
		parts.Wait()
		return err
	})
}

// pass hands messages to the centre and its answers to the broker.
func (c *centre) pass(ctx context.Context, l *link.Session) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.Up():
		case m := <-l.Messages():
			for _, out := range c.hear(m.Topic, m.Payload) {
				// What gets lost here is asked for again.
				_ = l.Publish(ctx, out.Topic, out.Payload, out.Retained)
			}
			m.Ack()
			select {
			case c.heard <- struct{}{}:
			default:
			}
		}
	}
}

// until waits for a condition on what the centre has heard.
func (c *centre) until(what string, ok func(c *centre) bool) {
	c.t.Helper()
	for late := time.After(limit); ; {
		done := false
		c.set(func(c *centre) { done = ok(c) })
		if done {
			return
		}
		select {
		case <-c.heard:
		case <-late:
			c.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// terminalOn is a terminal's uplink on a broker.
func terminalOn(t testing.TB, me wire.Identity, url string) (*Uplink, *store.Store) {
	db, err := store.Open(filepath.Join(t.TempDir(), "store"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	me.MQTT.URL = url
	u := New(Config{Identity: me, Build: "test", Resend: 300 * time.Millisecond, Grace: limit}, db)
	config, err := u.linkConfig()
	must(t, err)
	config.Wait = quick
	u.line = link.New(config)
	running(t, u.Run)
	return u, db
}

// Whoever looks for the reason of a link that stays down finds it in the log,
// once, without the password.
func TestWhyTheLinkIsDownIsLogged(t *testing.T) {
	brokers(t, func(t *testing.T, url string) {
		_, me := pair(t)
		me.MQTT.URL, me.MQTT.Password = url, "another one"
		db, err := store.Open(filepath.Join(t.TempDir(), "store"))
		must(t, err)
		t.Cleanup(func() { db.Close() })
		read, write := io.Pipe()
		running(t, New(Config{Identity: me, Wait: quick, Log: slog.New(slog.NewTextHandler(write, nil))}, db).Run)
		t.Cleanup(func() { read.Close() })
		line, err := bufio.NewReader(read).ReadString('\n')
		if err != nil || !strings.Contains(line, "link to the broker is down") || !strings.Contains(line, "not") || strings.Contains(line, "another one") {
			t.Errorf("%v: %s", err, line)
		}
	})
}

// A broker that drops whoever comes lets nobody in, whatever central said before.
func TestALinkThatIsRefusedIsNone(t *testing.T) {
	m := brokertest.Mosquitto(t, accounts)
	c, me := pair(t)
	c.serveOn(m.URL())
	u, _ := terminalOn(t, me, m.URL())
	becomes(t, u, Status{Linked: true, Up: true, Central: true})
	if why := u.Why(); why != nil {
		t.Errorf("the link is up: %v", why)
	}
	m.Stop()
	l, err := net.Listen("tcp", m.Addr())
	must(t, err)
	var dropping sync.WaitGroup
	dropping.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	})
	becomes(t, u, Status{})
	if u.Why() == nil {
		t.Error("nobody knows why the link is down")
	}
	l.Close()
	dropping.Wait()
	m.Start()
	becomes(t, u, Status{Linked: true, Up: true, Central: true})
	if why := u.Why(); why != nil {
		t.Errorf("the link is up again: %v", why)
	}
}

// becomes waits for a status; what is set does not matter.
func becomes(t testing.TB, u *Uplink, want Status) {
	t.Helper()
	for late := time.After(limit); ; {
		if s := u.Status(); s.Linked == want.Linked && s.Up == want.Up && s.Central == want.Central {
			return
		}
		select {
		case <-time.After(time.Millisecond):
		case <-late:
			t.Fatalf("it stays %+v", u.Status())
		}
	}
}

func lookLive(t testing.TB, u *Uplink) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var r wire.CardLookReply
	err := u.Call(ctx, wire.CardLook, wire.CardLookBody{Card: "5901"}, &r)
	if err != nil || r.Standing != wire.StandsRegistered {
		t.Fatalf("%+v, %v", r, err)
	}
}

// looksLive asks, and tells later how that ended; where nothing is answered, how
// the link was.
func looksLive(t testing.TB, u *Uplink) <-chan error {
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), 2*limit)
		defer cancel()
		err := u.Call(ctx, wire.CardLook, wire.CardLookBody{}, &wire.CardLookReply{})
		if err != nil {
			s := u.Status()
			err = fmt.Errorf("%w: linked %v, up %v, central there %v, %v", err, s.Linked, s.Up, s.Central, u.Why())
		}
		done <- err
	}()
	return done
}

func addLive(t *testing.T, db *store.Store, n int) {
	t.Helper()
	for i := range n {
		_, err := db.AddFact(wire.Step, wire.StepBody{Page: "idle", Seconds: i})
		must(t, err)
	}
}

// wantOnce checks that the facts 1 to n came, each once and in order.
func (c *centre) wantOnce(n int) {
	c.t.Helper()
	c.until(fmt.Sprintf("%d facts", n), func(c *centre) bool { return len(c.facts) >= n })
	c.set(func(c *centre) {
		for i, f := range c.facts {
			if f.Seq != uint64(i+1) {
				c.t.Errorf("fact %d came at place %d", f.Seq, i+1)
			}
		}
		if len(c.facts) != n {
			c.t.Errorf("%d facts, want %d", len(c.facts), n)
		}
	})
}

func TestADayOnARealBroker(t *testing.T) {
	brokers(t, func(t *testing.T, url string) {
		c, me := pair(t)
		c.registry = registrations(1_000)
		c.serveOn(url)
		u, db := terminalOn(t, me, url)
		addLive(t, db, 50)
		lookLive(t, u)
		c.wantOnce(50)
		c.until("the last page", func(c *centre) bool { return kinds(c.served, wire.RegistryPage) >= 5 })
		c.until("the birth", func(c *centre) bool { return len(c.births) == 1 && c.births[0].Online })
	})
}

func TestTheTerminalSaysGoodbye(t *testing.T) {
	brokers(t, func(t *testing.T, url string) {
		c, me := pair(t)
		c.serveOn(url)
		db, err := store.Open(filepath.Join(t.TempDir(), "store"))
		must(t, err)
		defer db.Close()
		me.MQTT.URL = url
		u := New(Config{Identity: me, Grace: limit}, db)
		end := running(t, u.Run)
		lookLive(t, u)
		end()
		c.until("goodbye", func(c *centre) bool { return len(c.births) == 2 && !c.births[1].Online })
	})
}

func TestCentralIsRestarted(t *testing.T) {
	brokers(t, func(t *testing.T, url string) {
		c, me := pair(t)
		end := c.serveOn(url)
		u, db := terminalOn(t, me, url)
		lookLive(t, u)
		for range 3 {
			end()
			addLive(t, db, 5)
			done := looksLive(t, u)
			end = c.serveOn(url)
			must(t, <-done)
		}
		c.wantOnce(15)
	})
}

func TestTheBrokerIsRestarted(t *testing.T) {
	m := brokertest.Mosquitto(t, accounts)
	c, me := pair(t)
	c.serveOn(m.URL())
	u, db := terminalOn(t, me, m.URL())
	for range 3 {
		addLive(t, db, 5)
		lookLive(t, u)
		m.Stop()
		addLive(t, db, 5)
		done := looksLive(t, u)
		m.Start()
		must(t, <-done)
	}
	c.wantOnce(30)
	c.set(func(c *centre) {
		if n := kinds(c.served, wire.CardLook); n != 6 {
			t.Errorf("central did 6 requests %d times", n)
		}
	})
}

func TestTheLinkFlaps(t *testing.T) {
	b := embedded(t)
	c, me := pair(t)
	c.registry = registrations(2_000)
	c.serveOn(b.URL())
	u, db := terminalOn(t, me, b.URL())
	for range 10 {
		done := looksLive(t, u)
		addLive(t, db, 10)
		b.Cut(terminal, true)
		addLive(t, db, 10)
		b.Cut(terminal, false)
		must(t, <-done)
	}
	c.wantOnce(200)
	c.set(func(c *centre) {
		if n := kinds(c.served, wire.CardLook); n != 10 {
			t.Errorf("central did 10 requests %d times", n)
		}
	})
}

func TestAnUnusableIdentityIsSaidByRun(t *testing.T) {
	db, err := store.Open(filepath.Join(t.TempDir(), "store"))
	must(t, err)
	defer db.Close()
	_, me := pair(t)
	for name, spoil := range map[string]func(*wire.Identity){
		"note key":  func(i *wire.Identity) { i.NoteKey = nil },
		"central":   func(i *wire.Identity) { i.Central.NoteKey = nil },
		"authority": func(i *wire.Identity) { i.MQTT.URL, i.MQTT.CA = "mqtts://b", "missing.pem" },
	} {
		bad := me
		spoil(&bad)
		u := New(Config{Identity: bad}, db)
		u.Hurry()
		if err := u.Run(t.Context()); err == nil {
			t.Errorf("%s: it runs", name)
		}
	}
}

func BenchmarkCall(b *testing.B) {
	for name, url := range map[string]func() string{
		"embedded":  func() string { return embedded(b).URL() },
		"mosquitto": func() string { return brokertest.Mosquitto(b, accounts).URL() },
	} {
		b.Run(name, func(b *testing.B) {
			c, me := pair(b)
			at := url()
			c.serveOn(at)
			u, _ := terminalOn(b, me, at)
			lookLive(b, u)
			for b.Loop() {
				lookLive(b, u)
			}
		})
	}
}
