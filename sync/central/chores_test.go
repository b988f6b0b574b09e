package central_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"unlockpoint/sync/central"
	jobs "unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// neglected is a store in which far more is due than one transaction forgets,
// in each of its tables, and what else the test puts into it.
func neglected(t *testing.T, dir string, and func(store.Tx) error) {
	t.Helper()
	db, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	long := time.Now().AddDate(-2, 0, 0)
	job := wire.Job{ID: "job", Do: wire.Screenshot, By: "jo", At: long, Until: long}
	for n := range 300 {
		job.Results = append(job.Results, wire.JobResult{Terminal: fmt.Sprintf("ward-%d", n)})
	}
	err = errors.Join(db.Update(t.Context(), and), db.Update(t.Context(), func(tx store.Tx) error { return jobs.Begin(tx, job) }))
	for n := range 10 {
		err = errors.Join(err, db.Update(t.Context(), func(tx store.Tx) (err error) {
			for i := range 160 {
				key, page := fmt.Sprintf("ward-7/%d-%d", n, i), fmt.Sprintf("page.%c%c%c", 'a'+n, 'a'+i/26, 'a'+i%26)
				err = errors.Join(err,
					store.Table[[]byte]{Name: "reply"}.Put(tx, key, nil),
					store.Table[string]{Name: "reply-age"}.Put(tx, "2020-01-01T00/"+key, key),
					store.Table[[]byte]{Name: "job-part"}.Put(tx, fmt.Sprintf("job/ward-%d/%d", i, n), nil),
					store.Table[mail.Letter]{Name: "mail"}.Put(tx, key, mail.Letter{}),
					jobs.Stepped(tx, "east", long, wire.StepBody{Page: page, Next: "idle"}))
			}
			return err
		}))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// gone waits until nothing is left in tables whose names begin alike.
func gone(t *testing.T, c *central.Central, tables ...string) {
	t.Helper()
	end := time.Now().Add(4 * limit)
	for _, table := range tables {
		for n := c.Rows(table); n > 0; n = c.Rows(table) {
			if time.Now().After(end) {
				t.Fatalf("%d rows of %s are kept", n, table)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// However much fell due at once, all of it is forgotten, and people are served
// meanwhile.
func TestWhateverFellDueIsForgottenWhileCentralServes(t *testing.T) {
	cfg := config(t)
	neglected(t, cfg.Data, func(store.Tx) error { return nil })
	c := open(t, cfg)
	serve(t, c, cfg)
	gone(t, c, "reply", "job", "step", "mail")
}

// A chore that cannot be done is told of, and keeps neither the others from
// being done nor anybody from being served.
func TestAChoreThatFailsStopsNothing(t *testing.T) {
	cfg := config(t)
	said := &words{}
	cfg.Log = slog.New(slog.NewTextHandler(said, nil))
	neglected(t, cfg.Data, func(tx store.Tx) error {
		return store.Table[int]{Name: "reply-age"}.Put(tx, "2019-01-01T00/rotten", 1)
	})
	c := open(t, cfg)
	serve(t, c, cfg)
	gone(t, c, "job", "step", "mail")
	if c.Rows("reply/") != 1600 || !strings.Contains(said.String(), "not all that is old was forgotten") {
		t.Errorf("%d replies; it said: %s", c.Rows("reply/"), said)
	}
}

// serve runs central with a broker until the test ends.
func serve(t *testing.T, c *central.Central, cfg central.Config) {
	t.Helper()
	accounts, err := c.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Broker.URL = brokers()["embedded"](t, accounts)
	run(t, c, cfg.Broker)
}

// words is a log that many may write to.
type words struct {
	mu sync.Mutex
	strings.Builder
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Builder.Write(p)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Builder.String()
}
