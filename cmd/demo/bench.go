package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/link"
)

type benchCmd struct{}

// number is one line of the output.
type number struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// cardTime is what a contact card takes for a command; they take 2 to 30 ms.
const cardTime = 10 * time.Millisecond

// Run measures one unlock and prints its numbers.
func (*benchCmd) Run(ctx context.Context, log *slog.Logger) error {
	numbers, err := measured(ctx, log)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for _, n := range numbers {
		if err := out.Encode(n); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return nil
}

// measured are the numbers of one unlock.
func measured(ctx context.Context, log *slog.Logger) (numbers []number, err error) {
	watcher := broker.Account{User: "watcher", Password: rand.Text(), Role: broker.Central}
	cfg := house.Config{CardTime: cardTime, Watchers: []broker.Account{watcher}, Log: log}
	err = withHouse(ctx, cfg, func(ctx context.Context, h *house.House, d robot.Driver) error {
		var m meter
		stop, err := m.watch(ctx, h.Broker(), watcher)
		if err != nil {
			return err
		}
		defer stop()
		m.amina = newAmina(d, func(p robot.Page, showed time.Duration) { m.seen(ctx, p, showed) })
		if err := bothJourneys(ctx, m.amina); err != nil {
			return err
		}
		numbers = m.numbers()
		return m.failed
	})
	return numbers, err
}

// meter measures an unlock from outside: by the pages, by the card's own
// count of commands, and by the requests that pass the broker.
type meter struct {
	amina    *robot.Person
	requests atomic.Int64

	unlocking bool
	mail      time.Duration // waited before the unlock began
	machine   time.Duration
	before    counts // Confirm
	after     counts // unlock.done
	failed    error  // to count
}

type counts struct {
	commands int
	requests int64
}

// seen hears of every page that was left. The unlock begins where the card
// is read for the second time.
func (m *meter) seen(ctx context.Context, p robot.Page, showed time.Duration) {
	if p.ID == "register.done" {
		m.unlocking, m.mail = true, m.amina.MailWait
	}
	if m.unlocking {
		m.machine += showed
	}
	switch p.ID {
	case "unlock.passcode": // the next key that matters is Confirm
		m.before = m.count(ctx)
	case "unlock.done":
		m.after = m.count(ctx)
	}
}

func (m *meter) count(ctx context.Context) counts {
	var card struct {
		Verified struct {
			Commands int `json:"commands"`
		} `json:"verified"`
	}
	if err := m.amina.Get(ctx, "/cards/amina.json", &card); err != nil {
		m.failed = err
	}
	return counts{card.Verified.Commands, m.requests.Load()}
}

// watch counts requests to central, as a guest at the broker. It returns once
// the guest is there.
func (m *meter) watch(ctx context.Context, url string, who broker.Account) (stop func(), err error) {
	line := link.New(link.Config{URL: url, ClientID: who.User, User: who.User, Password: who.Password,
		Subscribe: []string{"unlock/1/+/+/up/req"}})
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = line.Run(ctx) // ends with ctx
	}()
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		m.listen(ctx, line)
	}()
	stop = func() { cancel(); <-done; <-counted }
	select {
	case <-line.Up():
		return stop, nil
	case <-ctx.Done():
		stop()
		return nil, fmt.Errorf("listen at the broker: %w", ctx.Err())
	}
}

func (m *meter) listen(ctx context.Context, line *link.Session) {
	for {
		select {
		case <-ctx.Done():
			return
		case msg := <-line.Messages():
			m.requests.Add(1)
			msg.Ack()
		}
	}
}

func (m *meter) numbers() []number {
	return []number{
		{"unlock.piv_apdus", float64(m.after.commands - m.before.commands), "commands"},
		{"unlock.round_trips", float64(m.after.requests - m.before.requests), "requests"},
		{"journey.machine_s", (m.machine - (m.amina.MailWait - m.mail)).Seconds(), "s"},
	}
}
