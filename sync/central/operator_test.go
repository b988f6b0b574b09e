package central_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central"
	"unlockpoint/sync/operator"
	"unlockpoint/sync/wire"
)

// line is an operator's line that runs until the test ends.
func line(t *testing.T, b wire.Badge) *operator.Line {
	t.Helper()
	l, err := operator.New(b)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); l.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return l
}

// fleet is a central over a broker, with a terminal at each site.
func fleet(t *testing.T, start startBroker, badges ...central.NewOperator) (*central.Central, map[string]wire.Badge) {
	t.Helper()
	cfg := config(t)
	now := time.Now().Add(-time.Hour) // central's clock is late
	cfg.Now = func() time.Time { return now }
	c := open(t, cfg)
	for site, id := range map[string]string{"east": "ward-7", "west": "hall"} {
		if _, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: id, Site: site}); err != nil {
			t.Fatal(err)
		}
	}
	made := map[string]wire.Badge{}
	for _, n := range badges {
		b, err := c.AddOperator(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		made[n.ID] = b
	}
	accounts, err := c.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Broker.URL = start(t, accounts)
	for id, b := range made {
		b.MQTT.URL = cfg.Broker.URL
		made[id] = b
	}
	run(t, c, cfg.Broker)
	return c, made
}

func TestOperatorsSeeTheirSitesOverARealBroker(t *testing.T) {
	for name, start := range brokers() {
		t.Run(name, func(t *testing.T) {
			_, badges := fleet(t, start, central.NewOperator{ID: "jo", Role: wire.Viewer, Sites: []string{"east"}},
				central.NewOperator{ID: "al", Role: wire.Admin})
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			list := func(who string) (views []wire.TerminalView) {
				if err := line(t, badges[who]).Ask(ctx, wire.FleetLs, struct{}{}, &views); err != nil {
					t.Fatal(err)
				}
				return views
			}
			if v := list("jo"); len(v) != 1 || v[0].ID != "ward-7" || v[0].State != wire.Offline {
				t.Errorf("jo sees %+v", v)
			}
			if v := list("al"); len(v) != 2 {
				t.Errorf("al sees %+v", v)
			}

			// One of another site is as one that there is not, and a role that is
			// missing is named.
			jo := line(t, badges["jo"])
			err := jo.Ask(ctx, wire.FleetShow, wire.TerminalBody{Terminal: "hall"}, nil)
			refused, ok := errors.AsType[*operator.RefusedError](err)
			if !ok || !strings.Contains(refused.Error(), `there is no terminal "hall"`) {
				t.Error(err)
			}
			if err := jo.Ask(ctx, wire.AuditVerify, struct{}{}, nil); err == nil || !strings.Contains(err.Error(), "needs the role admin") {
				t.Error(err)
			}
		})
	}
}

// Who is of some sites reads of these alone. What belongs to none, and the
// whole log, is for who is of all.
func TestTheAuditLogIsReadBySite(t *testing.T) {
	_, badges := fleet(t, brokers()["embedded"], central.NewOperator{ID: "jo", Role: wire.Admin, Sites: []string{"east"}},
		central.NewOperator{ID: "al", Role: wire.Admin})
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	jo, al := line(t, badges["jo"]), line(t, badges["al"])
	run := wire.RunBody{Do: wire.Identify, Terminals: []string{"hall", "ward-7"}, Within: 60}
	if err := al.Ask(ctx, wire.FleetRun, run, nil); err != nil {
		t.Fatal(err)
	}
	nowhere := false
	sites := func(of *operator.Line, page wire.AuditPageBody) string {
		var lines []wire.AuditLine
		if err := of.Ask(ctx, wire.AuditLs, page, &lines); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, l := range lines {
			e, err := l.Read()
			if err != nil {
				t.Fatal(err)
			}
			if e.What == "command.given" {
				all = append(all, e.Site+e.Note[strings.Index(e.Note, ":"):])
			}
			if e.Site != "east" && of == jo {
				t.Errorf("jo reads %+v", e)
			}
			nowhere = nowhere || e.Site == ""
		}
		return strings.Join(all, ", ")
	}
	for _, page := range []wire.AuditPageBody{{}, {Last: 100}} {
		if got := sites(al, page); got != "east: ward-7, west: hall" || !nowhere {
			t.Errorf("al reads %q, and of no site: %v", got, nowhere)
		}
		if got := sites(jo, page); got != "east: ward-7" {
			t.Errorf("jo reads %q", got)
		}
	}
	for kind, body := range map[wire.Kind]any{wire.AuditExport: wire.AuditPageBody{}, wire.AuditVerify: wire.AuditVerifyBody{}} {
		if err := jo.Ask(ctx, kind, body, nil); err == nil || !strings.Contains(err.Error(), "operators of all sites, and you are of east") {
			t.Errorf("%s: %v", kind, err)
		}
		if err := al.Ask(ctx, kind, body, nil); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if err := al.Ask(ctx, wire.AuditLs, wire.AuditPageBody{Last: 1001}, nil); err == nil || !strings.Contains(err.Error(), "1 to 1000") {
		t.Error(err)
	}
	if err := jo.Ask(ctx, wire.FleetSteps, wire.StepsBody{Days: 1, Site: "west"}, nil); err == nil || !strings.Contains(err.Error(), `there is no site "west"`) {
		t.Errorf("steps of another site: %v", err)
	}
}

func TestAnOperatorIsToldThatNobodyIsThere(t *testing.T) {
	_, badges := fleet(t, brokers()["embedded"], central.NewOperator{ID: "jo", Role: wire.Viewer})
	lost := badges["jo"]
	lost.MQTT.URL = "mqtt://127.0.0.1:1"
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := line(t, lost).Ask(ctx, wire.FleetLs, struct{}{}, nil); !errors.Is(err, operator.ErrNoBroker) {
		t.Error(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := line(t, badges["jo"]).Ask(ended, wire.FleetLs, struct{}{}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
