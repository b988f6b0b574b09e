package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"unlockpoint/sync/central/web"
	"unlockpoint/sync/wire"
)

// may is what each role gets to see; "" is nobody, who is led to the log-in.
type may map[wire.Role]int

const (
	in     = http.StatusOK
	no     = http.StatusForbidden
	moved  = http.StatusSeeOther
	failed = http.StatusUnprocessableEntity
)

var (
	everyone   = may{"": moved, wire.Viewer: in, wire.Booth: in, wire.Engineer: in, wire.Admin: in}
	leaves     = may{"": moved, wire.Viewer: moved, wire.Booth: moved, wire.Engineer: moved, wire.Admin: moved}
	mistypes   = may{"": moved, wire.Viewer: failed, wire.Booth: failed, wire.Engineer: failed, wire.Admin: failed}
	cards      = may{"": moved, wire.Viewer: no, wire.Booth: in, wire.Engineer: no, wire.Admin: in}
	machines   = may{"": moved, wire.Viewer: no, wire.Booth: no, wire.Engineer: in, wire.Admin: in}
	commands   = may{"": moved, wire.Viewer: no, wire.Booth: no, wire.Engineer: moved, wire.Admin: moved}
	adminAlone = may{"": moved, wire.Viewer: no, wire.Booth: no, wire.Engineer: no, wire.Admin: in}
	adminSets  = may{"": moved, wire.Viewer: no, wire.Booth: no, wire.Engineer: no, wire.Admin: moved}
	anybody    = may{"": in, wire.Viewer: in, wire.Booth: in, wire.Engineer: in, wire.Admin: in}
	wrongly    = may{"": no, wire.Viewer: no, wire.Booth: no, wire.Engineer: no, wire.Admin: no}
)

// calls are what each role tries.
var calls = []struct {
	method, path string
	fields       []string
	want         may
}{
	{"GET", "/", nil, everyone},
	{"GET", "/terminals/ward-7", nil, everyone},
	{"GET", "/events", nil, everyone},
	{"GET", "/differences", nil, everyone},
	{"GET", "/steps", nil, everyone},
	{"GET", "/settings", nil, everyone},
	{"POST", "/settings", []string{"key", "hours", "value", "Always"}, adminSets},
	{"POST", "/run", []string{"do", "identify", "terminal", "ward-7"}, commands},
	{"GET", "/jobs/01J", nil, machines},
	{"GET", "/jobs/01J/ward-7", nil, machines},
	{"GET", "/cards", nil, cards},
	{"POST", "/cards", []string{"query", "shah"}, cards},
	{"POST", "/card", []string{"card", "piv:1"}, cards},
	{"POST", "/agree", []string{"id", "01"}, cards},
	{"GET", "/audit", nil, adminAlone},
	{"GET", "/audit/export", nil, adminAlone},
	{"POST", "/act", act(wire.CardAssist), cards},
	{"POST", "/act", act(wire.CardRelease), cards},
	{"POST", "/act", act(wire.CardAddress), cards},
	{"POST", "/act", act(wire.CardFreeze), cards},
	{"POST", "/act", act(wire.CardUnfreeze), cards},
	{"POST", "/act", act(wire.CardRemove), cards},
	{"POST", "/act", act(wire.ConsoleRespond), machines},
	{"POST", "/act", act(wire.AuditVerify), adminAlone},
	{"GET", "/password", nil, everyone},
	{"POST", "/password", nil, mistypes},
	{"POST", "/leave", nil, leaves},
	{"GET", "/enter", nil, anybody},
	{"POST", "/enter", nil, wrongly},
	{"GET", "/healthz", nil, anybody},
	{"GET", "/metrics", nil, anybody},
	{"GET", "/central.css", nil, anybody},
}

func act(kind wire.Kind) []string { return []string{"kind", string(kind), "reason", "lost"} }

// TestEveryRouteByRole: who may see what and do what, for nobody and for each
// role. An address or a form without a row fails.
func TestEveryRouteByRole(t *testing.T) {
	mux, tried := http.NewServeMux(), []string{}
	for _, pattern := range web.Patterns() {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	for _, c := range calls {
		_, pattern := mux.Handler(httptest.NewRequest(c.method, c.path, nil))
		tried = append(tried, pattern, strings.Join(c.fields[:min(2, len(c.fields))], " "))
		o := open(t)
		if len(c.want) != len(wire.Roles())+1 {
			t.Errorf("%s %s: not every role is in the row", c.method, c.path)
		}
		for role, want := range c.want {
			by := who{}
			if role != "" {
				by = o.as(role)
			}
			res, page := o.ask(by, c.method, c.path, by.form(c.fields...))
			if res.StatusCode != want {
				t.Errorf("%s %s %v as %q: %d, want %d", c.method, c.path, c.fields, role, res.StatusCode, want)
			}
			if want == no && c.path != "/enter" && (!strings.Contains(page, "needs the role") || len(o.central.asked) > 0 && strings.HasPrefix(o.central.asked[len(o.central.asked)-1], string(role)+" ")) {
				t.Errorf("%s as %s does not say which role is needed, or asks central: %s", c.path, role, page)
			}
			if want == moved && role == "" && res.Header.Get("Location") != "/enter" {
				t.Errorf("%s as %q leads to %q", c.path, role, res.Header.Get("Location"))
			}
		}
	}
	for _, pattern := range web.Patterns() {
		if !slices.Contains(tried, pattern) {
			t.Errorf("nobody tries %s", pattern)
		}
	}
	for _, kind := range web.Offered() {
		if !slices.Contains(tried, "kind "+string(kind)) {
			t.Errorf("nobody tries the form %s", kind)
		}
	}
}

func TestWhatWaitsForASecondOperatorIsNotCalledDone(t *testing.T) {
	for _, kind := range []wire.Kind{wire.CardUnfreeze, wire.CardRelease, wire.CardAssist} {
		o := open(t)
		o.central.waits = true
		jo := o.as(wire.Booth)
		res, page := o.ask(jo, "POST", "/act", jo.form("kind", string(kind), "card", "piv:1", "reason", "found again"))
		if res.StatusCode != http.StatusAccepted || strings.Contains(page, ": done") || strings.Contains(page, "Done -") {
			t.Errorf("%s: %d %s", kind, res.StatusCode, page)
		}
		for _, want := range []string{"not done yet", "waits for a second operator", "under Cards", "fleet card agree c5f583791594", "within an hour"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q in %s", kind, want, page)
			}
		}
	}
}
