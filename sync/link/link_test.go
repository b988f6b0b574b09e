package link_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/link"
)

// patience is how long a test waits before it calls something lost. Nothing
// is measured against it.
const patience = 20 * time.Second

const (
	request = "unlock/1/north/wall-1/up/req"
	reply   = "unlock/1/north/wall-1/dn/reply"
	state   = "unlock/1/north/wall-1/state"
)

func accounts() []broker.Account {
	return []broker.Account{
		{User: "central", Password: "c", Role: broker.Central},
		{User: "wall-1", Password: "w", Role: broker.Terminal},
	}
}

func each(t *testing.T, story func(t *testing.T, url string)) {
	t.Run("embedded", func(t *testing.T) { story(t, embedded(t).URL()) })
	t.Run("mosquitto", func(t *testing.T) { story(t, brokertest.Mosquitto(t, accounts()).URL()) })
}

func embedded(t testing.TB) *broker.Broker {
	t.Helper()
	b, err := broker.Start("127.0.0.1:0", accounts())
	must(t, err)
	t.Cleanup(func() { b.Close() })
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func central(url string) link.Config {
	return link.Config{URL: url, ClientID: "central", User: "central", Password: "c",
		Subscribe: []string{"unlock/1/+/+/up/#", "unlock/1/+/+/state"}, Wait: quick()}
}

func wall(url string) link.Config {
	return link.Config{URL: url, ClientID: "wall-1", User: "wall-1", Password: "w",
		Subscribe: []string{"unlock/1/north/wall-1/dn/#"}, Wait: quick(),
		Will:  &link.Message{Topic: state, Payload: []byte("gone"), Retained: true},
		Birth: &link.Message{Topic: state, Payload: []byte("here"), Retained: true}}
}

func quick() link.Wait { return link.Wait{Step: 20 * time.Millisecond, Most: 100 * time.Millisecond} }

// run runs a session; the returned function ends it and waits.
func run(t testing.TB, c link.Config) (*link.Session, func()) {
	t.Helper()
	s := link.New(c)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop := func() {
		cancel()
		if err := <-done; err != nil {
			done <- err
		}
	}
	t.Cleanup(stop)
	return s, stop
}

func waitUp(t testing.TB, s *link.Session, want bool) {
	t.Helper()
	for limit := time.After(patience); ; {
		select {
		case up := <-s.Up():
			if up == want {
				return
			}
		case <-limit:
			t.Fatalf("link does not become up=%v: %v", want, s.Err())
		}
	}
}

func receive(t testing.TB, s *link.Session) link.Message {
	t.Helper()
	select {
	case m := <-s.Messages():
		m.Ack()
		return m
	case <-time.After(patience):
		t.Fatal("nothing comes")
	}
	return link.Message{}
}

// expect reads until a message with this payload, skipping births and wills.
func expect(t testing.TB, s *link.Session, payload string) link.Message {
	t.Helper()
	for {
		if m := receive(t, s); string(m.Payload) == payload {
			return m
		}
	}
}

func publish(t testing.TB, s *link.Session, topic string, payload []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	must(t, s.Publish(ctx, topic, payload, false))
}

func TestTheyTalk(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c, _ := run(t, central(url))
		waitUp(t, c, true)
		w, _ := run(t, wall(url))
		waitUp(t, w, true)
		expect(t, c, "here")
		publish(t, w, request, []byte("question"))
		if m := expect(t, c, "question"); m.Topic != request || m.Retained {
			t.Errorf("came as %s, retained %v", m.Topic, m.Retained)
		}
		publish(t, c, reply, []byte("answer"))
		expect(t, w, "answer")
	})
}

// Why there was no link is nobody's business once there is one, and what one
// broker said is not said of another.
func TestALinkThatIsUpHasNothingToComplainOf(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		config := central("mqtt://127.0.0.1:1")
		config.Wait = link.Wait{Step: 1000 * time.Hour, Most: 1000 * time.Hour}
		c, _ := run(t, config)
		for c.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		c.Move(url)
		waitUp(t, c, true)
		if err := c.Err(); err != nil {
			t.Errorf("it is up: %v", err)
		}
	})
}

func TestALargeMessageComesWhole(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c, _ := run(t, central(url))
		w, _ := run(t, wall(url))
		waitUp(t, c, true)
		waitUp(t, w, true)
		large := bytes.Repeat([]byte("0123456789abcdef"), 4096) // 64 KiB
		publish(t, w, request, large)
		expect(t, c, string(large))
	})
}

func TestNothingOvertakes(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c, _ := run(t, central(url))
		w, _ := run(t, wall(url))
		waitUp(t, c, true)
		waitUp(t, w, true)
		go func() {
			for i := range 200 {
				_ = w.Publish(t.Context(), request, fmt.Append(nil, i), false)
			}
		}()
		for i := 0; i < 200; {
			m := receive(t, c)
			if m.Topic != request {
				continue
			}
			if got := string(m.Payload); got != fmt.Sprint(i) {
				t.Fatalf("%s came in place of %d", got, i)
			}
			i++
		}
	})
}

func TestTheBirthIsRetainedAndTheWillFollowsALeave(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		w, leave := run(t, wall(url))
		waitUp(t, w, true)
		c, _ := run(t, central(url))
		for !expect(t, c, "here").Retained { // a reader as early as this may be sent it live, too
		}
		leave()
		expect(t, c, "gone")
	})
}

func TestAVanishedTerminalIsReportedByItsWill(t *testing.T) {
	b := embedded(t)
	c, _ := run(t, central(b.URL()))
	waitUp(t, c, true)
	w, _ := run(t, wall(b.URL()))
	waitUp(t, w, true)
	expect(t, c, "here")

	b.Cut("wall-1", true)
	expect(t, c, "gone")
	waitUp(t, w, false)
	if err := w.Publish(t.Context(), request, nil, false); !errors.Is(err, link.ErrDown) {
		t.Errorf("publishing on a link that is down: %v", err)
	}

	b.Cut("wall-1", false)
	waitUp(t, w, true)
	expect(t, c, "here")
}

// A connection that is given up is as good as lost: the will tells of it, and
// the next one comes by itself.
func TestAConnectionIsRenewed(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c, _ := run(t, central(url))
		waitUp(t, c, true)
		w, _ := run(t, wall(url))
		waitUp(t, w, true)
		expect(t, c, "here")
		w.Renew()
		expect(t, c, "gone")
		expect(t, c, "here")
		waitUp(t, w, true)
		publish(t, w, request, []byte("still here"))
		expect(t, c, "still here")
	})
}

func TestItOutlivesTheBroker(t *testing.T) {
	b := brokertest.Mosquitto(t, accounts())
	c, _ := run(t, central(b.URL()))
	w, _ := run(t, wall(b.URL()))
	waitUp(t, c, true)
	waitUp(t, w, true)
	b.Stop()
	waitUp(t, c, false)
	waitUp(t, w, false)
	b.Start()
	waitUp(t, c, true)
	waitUp(t, w, true)
	publish(t, w, request, []byte("still here"))
	expect(t, c, "still here")
}

// A reader that does not read costs a bounded queue and nothing else: the
// embedded broker sends on and the session drops, Mosquitto stops at what may
// be in flight and drops by itself.
func TestAFloodFillsAQueueAndNoMore(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		deaf, _ := run(t, central(url))
		w, _ := run(t, wall(url))
		waitUp(t, deaf, true)
		waitUp(t, w, true)
		for range 1500 {
			publish(t, w, request, []byte("flood"))
		}
		publish(t, deaf, reply, []byte("still here"))
		expect(t, w, "still here")
		if n := len(deaf.Messages()); n > 256 {
			t.Errorf("%d messages are queued", n)
		}
	})
}

func TestWhatDoesNotFitIsCounted(t *testing.T) {
	b := embedded(t)
	deaf, _ := run(t, central(b.URL()))
	w, _ := run(t, wall(b.URL()))
	waitUp(t, deaf, true)
	waitUp(t, w, true)
	for deaf.Dropped() == 0 {
		publish(t, w, request, []byte("flood"))
	}
}

func TestARefusedSubscriptionIsNotUp(t *testing.T) {
	b := embedded(t)
	config := wall(b.URL())
	config.Subscribe = []string{"unlock/1/north/wall-2/dn/#"}
	w, stop := run(t, config)
	for w.Err() == nil {
		select {
		case <-w.Up():
			t.Fatal("up without its subscriptions")
		case <-t.Context().Done():
		default:
		}
	}
	stop()
}

func TestAWrongPasswordIsNotUp(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		config := wall(url)
		config.Password = "guess"
		w, stop := run(t, config)
		for w.Err() == nil {
			select {
			case <-w.Up():
				t.Fatal("up with a wrong password")
			default:
			}
		}
		stop()
	})
}
