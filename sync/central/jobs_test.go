package central_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central"
	jobs "unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/link"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// shaky is a line to the broker that may be down.
type shaky struct {
	down bool
	sent []string // topics
}

func (s *shaky) Messages() <-chan link.Message { return nil }

func (s *shaky) Publish(_ context.Context, topic string, _ []byte, _ bool) error {
	if s.down {
		return link.ErrDown
	}
	s.sent = append(s.sent, topic)
	return nil
}

func TestACommandThatDidNotGetOutIsSentAgain(t *testing.T) {
	c := open(t, config(t))
	id, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: "ward-7", Site: "east"})
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, id: id}
	if err := c.Hear(t.Context(), wire.StateTopic("east", "ward-7"), x.note(wire.Envelope{Kind: wire.State}, wire.StateBody{Online: true, Sess: "1"})); err != nil {
		t.Fatal(err)
	}
	job := wire.Job{ID: "job", Do: wire.Identify, By: "jo", At: time.Now(), Until: time.Now().Add(time.Hour), Results: []wire.JobResult{{Terminal: "ward-7"}}}
	if err := c.Store().Update(t.Context(), func(tx store.Tx) error { return jobs.Begin(tx, job) }); err != nil {
		t.Fatal(err)
	}

	l := &shaky{down: true}
	look := c.Commands(l)
	if err := look(t.Context()); !errors.Is(err, link.ErrDown) {
		t.Fatalf("with the line down: %v", err)
	}
	l.down = false // in time for the terminal to keep its link session
	for range 2 {
		if err := look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(l.sent, " "); got != wire.DownTopic("east", "ward-7", wire.ClassCmd) {
		t.Errorf("sent to %q", got)
	}
}

// A job at other sites only is, for who is of some, as one that there is not.
func TestAJobIsReadBySite(t *testing.T) {
	_, badges := fleet(t, brokers()["embedded"], central.NewOperator{ID: "jo", Role: wire.Engineer, Sites: []string{"east"}},
		central.NewOperator{ID: "al", Role: wire.Admin})
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	jo, al := line(t, badges["jo"]), line(t, badges["al"])
	for terminals, want := range map[string]string{"hall": "", "hall ward-7": "ward-7"} {
		var given wire.JobBody
		run := wire.RunBody{Do: wire.Identify, Terminals: strings.Fields(terminals), Within: 60, Reason: "stolen"}
		if err := al.Ask(ctx, wire.FleetRun, run, &given); err != nil {
			t.Fatal(err)
		}
		var j wire.Job
		if err := al.Ask(ctx, wire.FleetJob, given, &j); err != nil || len(j.Results) != len(run.Terminals) {
			t.Errorf("al reads %+v, %v", j, err)
		}
		j = wire.Job{}
		err := jo.Ask(ctx, wire.FleetJob, given, &j)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "there is no job") {
				t.Errorf("jo reads %+v, %v", j, err)
			}
		} else if err != nil || len(j.Results) != 1 || j.Results[0].Terminal != want {
			t.Errorf("jo reads %+v, %v", j, err)
		}
	}
}

func TestAJobOfAsManyTerminalsAsMayBe(t *testing.T) {
	c := open(t, config(t))
	run := wire.RunBody{Do: wire.Screenshot, Within: 60}
	for n := range 300 {
		id := fmt.Sprintf("%032d", n)
		if _, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: id, Site: []string{"east", "west"}[n%2]}); err != nil {
			t.Fatal(err)
		}
		run.Terminals = append(run.Terminals, id)
	}
	office := socket.Inside(c.Office())
	if err := office.Call(t.Context(), "POST", "/acts/fleet.run", run, nil); err != nil {
		t.Error(err)
	}
	run.Terminals = append(run.Terminals, "one-more")
	if err := office.Call(t.Context(), "POST", "/acts/fleet.run", run, nil); err == nil || !strings.Contains(err.Error(), "name 1 to 300") {
		t.Error(err)
	}
}
