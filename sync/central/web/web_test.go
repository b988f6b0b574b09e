package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/login"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/web"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// played is a central that does whatever it is asked for, and remembers it.
type played struct {
	fault error
	waits bool        // acts on cards need a second operator
	late  atomic.Bool // the second terminal of a job has not answered yet
	lost  atomic.Bool // and nobody can look for it twice
	cut   bool        // the audit log cannot be read beyond its first page
	asked []string    // "who kind body"
}

func (p *played) Overview(context.Context) (web.Overview, error) {
	return web.Overview{At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), LinkUp: true, MailQueue: 7,
		Counts: []web.Count{{Name: "registered", N: 41}}}, p.fault
}

func (p *played) LinkUp(context.Context) (bool, error) { return true, p.fault }

// results of the acts that pages show.
var results = map[wire.Kind]string{
	wire.FleetLs: `[{"id":"ward-7","name":"<b>Ward 7</b>","site":"east","state":"online"},
		{"id":"ward-9","name":"Ward 9","site":"west","state":"online","vitals":{"faults":[{"title":"Disk is filling","severity":"warning"},{"title":"No reader","severity":"failure"}]}},
		{"id":"ward-8","name":"Ward 8","site":"east","state":"quarantine","why":"there are two of it"}]`,
	wire.CardFind:    `[{"card":"piv:1","profile":"piv","holder":"Amina <Shah>","address":"a...@nhs.net","site":"east","standing":"locked"}]`,
	wire.CardWaiting: `[{"id":"01","kind":"card.unfreeze","card":{"holder":"Bryn Parry"},"by":"booth","act":{"card":"piv:1","reason":"found again"},"note":"00"}]`,
	wire.CardHistory: `{"card":{"card":"piv:1","holder":"Amina <Shah>","standing":"locked"},"more":true,
		"entries":[{"seq":9,"at":"2026-03-01T08:00:00Z","what":"attempt","by":"terminal/ward-7","note":"failed"},{"seq":4,"what":"registered","by":"terminal/ward-7"}]}`,
	wire.AuditLs:    `[{"hash":"00","entry":{"seq":4,"what":"settings.set","by":"operator/al","why":"new rota"}},{"hash":"01","entry":{"seq":5,"what":"unlocked","by":"terminal/ward-7","person":"p-1","reason":"AAAA"}}]`,
	wire.CardAssist: `{"code":"12345678","minutes":10}`,
	wire.FleetShow: `{"id":"ward-7","name":"<b>Ward 7</b>","site":"east","state":"online","since":"2026-03-01T08:00:00Z",
		"vitals":{"uptime_s":7260,"store_bytes":2097152,"free_bytes":1073741824,"outbox":3,
		"faults":[{"code":"reader.missing","title":"No reader","severity":"failure","do":"Plug it in"}]}}`,
	wire.ConfigGet: `{"site":"east","version":7,"values":[{"key":"page_timeout_s","value":60,"from":"file"},{"key":"hours","value":"Weekdays, 8 to 4","from":"site"}]}`,
	wire.FleetSteps: `[{"page":"unlock.done","next":"idle","n":2,"seconds":10},{"page":"unlock.warning","next":"take-card","n":1,"seconds":4},
		{"page":"unlock.warning","next":"unlock.code","n":3,"seconds":20}]`,
	wire.FleetFollow:    `{"events":[{"n":1,"kind":"online","terminal":"ward-7"},{"n":2,"kind":"fault","terminal":"ward-9","text":"No reader"}],"head":2}`,
	wire.ConfigDrift:    `[{"terminal":"ward-7","desired":7,"reported":7},{"terminal":"ward-9","desired":7,"reported":6,"differs":[{"key":"log","desired":"info","reported":"debug"}]}]`,
	wire.ConsoleRespond: `{"answer":"K7QM2-RVXD9"}`,
	wire.FleetRun:       `{"job":"01J"}`,
	wire.FleetJob:       `{"id":"01J","do":"screenshot","by":"engineer","reason":"blank screen","results":[{"terminal":"ward-8","end":"expired"},{"terminal":"ward-7","end":"done","text":"idle","bytes":9}]}`,
	wire.FleetFetch:     `"iVBORw0KGgox"`,
}

func (p *played) Do(_ context.Context, by operators.Operator, kind wire.Kind, body any) (json.RawMessage, error) {
	raw, err := json.Marshal(body)
	p.asked = append(p.asked, by.ID+" "+string(kind)+" "+string(raw))
	if strings.Contains(string(raw), "nowhere") {
		return nil, socket.Refuse("there is no terminal \"nowhere\"")
	}
	result, ok := results[kind]
	if !ok {
		result = `{}`
	}
	if kind == wire.AuditExport {
		result = `[]`
		if body.(wire.AuditPageBody).After == 0 {
			result = results[wire.AuditLs]
		} else if p.cut {
			return nil, errors.New("disk")
		}
	}
	if kind == wire.FleetJob && p.late.Load() {
		if p.lost.Load() && len(p.asked) > 1 {
			return nil, errors.New("disk")
		}
		result = strings.Replace(result, "expired", "waiting", 1)
	}
	if p.waits && strings.HasPrefix(string(kind), "card.") {
		result = `{"agree":"c5f583791594"}`
	}
	return json.RawMessage(result), errors.Join(err, p.fault)
}

// office is the pages of a played central with one operator of each role, by
// the role's name.
type office struct {
	t       *testing.T
	handler http.Handler
	central *played
	logins  *login.Desk
	now     time.Time
}

func open(t *testing.T) *office {
	t.Helper()
	db, err := store.Open(t.TempDir())
	must(t, err)
	t.Cleanup(func() { db.Close() })
	ring, err := keyring.Create(t.TempDir() + "/ring")
	must(t, err)
	o := &office{t: t, central: &played{}, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	o.logins = login.New(login.Config{Store: db, Ring: ring, Log: audit.New(ring), Realm: "trust.example", Now: func() time.Time { return o.now }})
	must(t, db.Update(t.Context(), func(tx store.Tx) error {
		for _, role := range wire.Roles() {
			if _, err := operators.Add(tx, ring, operators.New{ID: string(role), Role: role, Realm: "trust.example", URL: "mqtt://127.0.0.1:1", Now: o.now}); err != nil {
				return err
			}
		}
		return nil
	}))
	o.handler, err = web.Handler(web.Config{Central: o.central, Logins: o.logins, Metrics: prometheus.NewRegistry(),
		Steps: []string{"unlock.warning", "unlock.done"}, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// who asks; nobody is the zero one.
type who struct{ login.Visit }

func (o *office) as(role wire.Role) who {
	o.t.Helper()
	v, err := o.logins.Begin(o.t.Context(), string(role))
	must(o.t, err)
	return who{v}
}

// ask makes a call; fields make it a form of the visit's own.
func (o *office) ask(by who, method, path string, fields url.Values) (*http.Response, string) {
	o.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "__Host-unlockpoint", Value: by.Token})
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	must(o.t, err)
	return w.Result(), string(body)
}

func (w who) form(pairs ...string) url.Values {
	f := url.Values{"form": {w.Form}}
	for i := 0; i < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

func TestTheOverviewShowsNumbersAndTerminals(t *testing.T) {
	o := open(t)
	res, page := o.ask(o.as(wire.Viewer), "GET", "/", nil)
	for _, want := range []string{"<b>41</b>", "<b>7</b>", "Up", "ward-7", "Online", "Quarantine", "there are two of it", "&lt;b&gt;Ward 7"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q missing in\n%s", want, page)
		}
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy: %s", csp)
	}
	if strings.Contains(page, "style=") || strings.Contains(page, "<script") {
		t.Error("the page needs what its policy forbids")
	}
}

// TestTheOverviewShowsTheWorstFault and is not made anew unless somebody asks
// for it.
func TestTheOverviewShowsTheWorstFault(t *testing.T) {
	o := open(t)
	jo := o.as(wire.Viewer)
	_, page := o.ask(jo, "GET", "/", nil)
	if !strings.Contains(page, `<span class="tag red">Serves nobody</span> No reader`) || strings.Count(page, "Online</span>") != 1 {
		t.Error(page)
	}
	if strings.Contains(page, "http-equiv") || !strings.Contains(page, `href="/?anew=10"`) {
		t.Errorf("the page is made anew by itself, or cannot be: %s", page)
	}
	if _, page := o.ask(jo, "GET", "/?anew=10", nil); !strings.Contains(page, `http-equiv="refresh" content="10"`) {
		t.Error("the page is not made anew on request")
	}
}

// TestWhatFleetCanTheWebCan: events, differences, the console's answer, works
// for a site, forgetting, and a head that was written down.
func TestWhatFleetCanTheWebCan(t *testing.T) {
	o := open(t)
	admin := o.as(wire.Admin)
	if _, page := o.ask(admin, "GET", "/events", nil); strings.Index(page, "No reader") > strings.Index(page, "ward-7") || !strings.Contains(page, "No reader") {
		t.Errorf("not the newest first: %s", page)
	}
	if _, page := o.ask(admin, "GET", "/differences?site=west", nil); strings.Contains(page, "ward-7") || !strings.Contains(page, "<td class=\"long\">debug</td>") {
		t.Error(page)
	}
	for _, c := range []struct {
		path   string
		fields []string
		asks   string
		shows  string
	}{
		{"/act", []string{"kind", "console.respond", "terminal", "ward-7", "challenge", "K7QM2-RVXD", "reason", "on call"}, `admin console.respond {"challenge":"K7QM2-RVXD","reason":"on call","terminal":"ward-7"}`, "K7QM2-RVXD9"},
		{"/act", []string{"kind", "card.remove", "card", "piv:1", "reason", "left us", "forget", "yes"}, `admin card.remove {"card":"piv:1","forget":true,"reason":"left us"}`, "done"},
		{"/act", []string{"kind", "card.remove", "card", "piv:1", "reason", "left us"}, `admin card.remove {"card":"piv:1","reason":"left us"}`, "done"},
		{"/act", []string{"kind", "audit.verify", "was", " 7:ab "}, `admin audit.verify {"was":"7:ab"}`, "done"},
		{"/run", []string{"do", "selftest", "site", "east", "reason", "new build"}, `admin fleet.run {"do":"selftest","terminals":["ward-7","ward-8"],"within_s":120,"reason":"new build"}`, ""},
	} {
		_, page := o.ask(admin, "POST", c.path, admin.form(c.fields...))
		if last := o.central.asked[len(o.central.asked)-1]; last != c.asks || !strings.Contains(page, c.shows) {
			t.Errorf("%v: asked %s, shows %s", c.fields, last, page)
		}
	}
}

// TestAFormIsTakenFromOurOwnPageOnly: neither without the visit's own token nor
// from another site does anything happen.
func TestAFormIsTakenFromOurOwnPageOnly(t *testing.T) {
	o := open(t)
	admin, other := o.as(wire.Admin), o.as(wire.Admin)
	fields := []string{"kind", string(wire.CardRelease), "card", "piv:1", "reason", "lost"}
	for name, form := range map[string]url.Values{"no token": {"kind": {string(wire.CardRelease)}}, "another visit's": other.form(fields...),
		"the cookie's": {"form": {admin.Token}, "kind": {string(wire.CardRelease)}}} {
		if res, _ := o.ask(admin, "POST", "/act", form); res.StatusCode != http.StatusForbidden || len(o.central.asked) > 0 {
			t.Errorf("%s: %d, %v", name, res.StatusCode, o.central.asked)
		}
	}
	r := httptest.NewRequest("POST", "/act", strings.NewReader(admin.form(fields...).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.AddCookie(&http.Cookie{Name: "__Host-unlockpoint", Value: admin.Token})
	w := httptest.NewRecorder()
	if o.handler.ServeHTTP(w, r); w.Code != http.StatusForbidden || len(o.central.asked) > 0 {
		t.Errorf("from another site: %d, %v", w.Code, o.central.asked)
	}
	if res, _ := o.ask(admin, "POST", "/act", admin.form(fields...)); res.StatusCode != http.StatusOK {
		t.Errorf("our own: %d", res.StatusCode)
	}
	if want := `admin card.release {"card":"piv:1","reason":"lost"}`; len(o.central.asked) != 1 || o.central.asked[0] != want {
		t.Errorf("asked %q", o.central.asked)
	}
}

// TestTheCardDesk: what is asked for, what is shown, and that no name and no
// card is in an address.
func TestTheCardDesk(t *testing.T) {
	o := open(t)
	jo := o.as(wire.Booth)
	for _, c := range []struct {
		method, path string
		fields       []string
		shows        []string
	}{
		{"GET", "/cards", nil, []string{"Waits for a second operator", "found again"}},
		{"POST", "/cards", []string{"query", "shah"}, []string{"Amina &lt;Shah&gt;", "Locked out", `value="piv:1"`}},
		{"POST", "/card", []string{"card", "piv:1"}, []string{"Release a lockout", "failed", `name="before" value="4"`, "1 Mar 2026, 08:00:00"}},
		{"POST", "/act", []string{"kind", "card.assist", "card", "piv:1", "reason", "seen in person"}, []string{"12345678", "minutes", "Back to the card"}},
	} {
		res, page := o.ask(jo, c.method, c.path, jo.form(c.fields...))
		for _, want := range c.shows {
			if !strings.Contains(page, want) || res.StatusCode != http.StatusOK {
				t.Errorf("%s %v: %d, no %q in %s", c.path, c.fields, res.StatusCode, want, page)
			}
		}
		if strings.Contains(page, `method="get"`) || strings.Contains(page, "?card=") || strings.Contains(page, "?query=") {
			t.Errorf("%s: a card may come into an address: %s", c.path, page)
		}
	}
	if _, page := o.ask(jo, "GET", "/cards", nil); strings.Contains(page, `action="/agree"`) {
		t.Error("who asked is offered to agree")
	}
	if _, page := o.ask(o.as(wire.Admin), "GET", "/cards", nil); !strings.Contains(page, `action="/agree"`) {
		t.Error("another operator is not offered to agree")
	}
	al := o.as(wire.Admin)
	if _, page := o.ask(al, "POST", "/agree", al.form("id", "01")); !strings.Contains(page, "Start self-service again: done") || !strings.Contains(page, "Back to the card") {
		t.Error(page)
	}
	want := `admin card.agree {"id":"01","kind":"card.unfreeze","by":"booth","act":{"card":"piv:1","reason":"found again"},"note":"00"}`
	if last := o.central.asked[len(o.central.asked)-1]; last != want {
		t.Errorf("asked %s", last)
	}
}

func TestATerminalIsToldToDoSomething(t *testing.T) {
	o := open(t)
	jo := o.as(wire.Engineer)
	_, page := o.ask(jo, "GET", "/terminals/ward-7", nil)
	for _, want := range []string{"2 hours", "2.0 MiB", "1.0 GiB free", "No reader", "Plug it in", `value="screenshot"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	if _, page := o.ask(o.as(wire.Viewer), "GET", "/terminals/ward-7", nil); strings.Contains(page, `value="screenshot"`) {
		t.Error("a viewer is offered a work")
	}
	res, _ := o.ask(jo, "POST", "/run", jo.form("do", "screenshot", "terminal", "ward-7", "reason", "blank screen"))
	if to := res.Header.Get("Location"); to != "/jobs/01J" {
		t.Errorf("it leads to %q", to)
	}
	if last := o.central.asked[len(o.central.asked)-1]; last != `engineer fleet.run {"do":"screenshot","terminals":["ward-7"],"within_s":120,"reason":"blank screen"}` {
		t.Errorf("asked %s", last)
	}
	if _, page := o.ask(jo, "GET", "/jobs/01J", nil); strings.Contains(page, "http-equiv") || !strings.Contains(page, "blank screen") || !strings.Contains(page, "Nothing more is awaited") || !strings.Contains(page, "/jobs/01J/ward-7") {
		t.Error(page)
	}
	if res, picture := o.ask(jo, "GET", "/jobs/01J/ward-7", nil); res.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(picture, "\x89PNG") {
		t.Errorf("%s %q", res.Header.Get("Content-Type"), picture)
	}
}

func TestCompletionByStep(t *testing.T) {
	o := open(t)
	jo := o.as(wire.Viewer)
	_, page := o.ask(jo, "GET", "/steps", nil)
	for _, want := range []string{"2 of 4 who began finished", `<th scope="row">unlock.warning</th><td class="number">4</td><td class="number">6.0</td><td class="number">3</td><td class="number">0</td><td class="number">1</td><td class="number">25</td>`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	if strings.Index(page, "unlock.warning") > strings.Index(page, "unlock.done") {
		t.Error("the pages are not in the order in which people meet them")
	}
	o.ask(jo, "GET", "/steps?days=7&site=east", nil)
	o.ask(jo, "GET", "/steps?days=some", nil)
	want := []string{`viewer fleet.steps {"days":30}`, `viewer fleet.steps {"days":7,"site":"east"}`, `viewer fleet.steps {"days":0}`}
	if !slices.Equal(o.central.asked, want) {
		t.Errorf("asked %q", o.central.asked)
	}
}

func TestSettingsAreSeenAndChanged(t *testing.T) {
	o := open(t)
	admin := o.as(wire.Admin)
	_, page := o.ask(admin, "GET", "/settings?site=east", nil)
	for _, want := range []string{"Settings of east", "page_timeout_s", "60", "Weekdays, 8 to 4", "<td>site</td>", "<td>central.toml</td>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	for _, c := range []struct {
		fields []string
		asks   string
	}{
		{[]string{"site", "east", "terminal", "", "key", "hours", "value", "Always", "reason", "new rota"}, `admin config.set {"site":"east","set":[{"key":"hours","value":"Always"}],"reason":"new rota"}`},
		{[]string{"site", "east", "terminal", "", "key", "hours", "value", "x", "unset", "yes"}, `admin config.set {"site":"east","unset":["hours"]}`},
	} {
		res, _ := o.ask(admin, "POST", "/settings", admin.form(c.fields...))
		if last := o.central.asked[len(o.central.asked)-1]; last != c.asks || res.Header.Get("Location") != "/settings?site=east&terminal=" {
			t.Errorf("asked %s, leads to %q", last, res.Header.Get("Location"))
		}
	}
}

func TestTheAuditLogBeginsWithTheNewest(t *testing.T) {
	o := open(t)
	admin := o.as(wire.Admin)
	if _, page := o.ask(admin, "GET", "/audit", nil); strings.Index(page, "<td>5</td>") > strings.Index(page, "<td>4</td>") || !strings.Contains(page, `"/audit?before=4"`) || !strings.Contains(page, "p-1") || !strings.Contains(page, "Settings changed <small>settings.set</small>") || !strings.Contains(page, "new rota") || !strings.Contains(page, "sealed") {
		t.Error(page)
	}
	if _, page := o.ask(admin, "GET", "/audit?before=9", nil); !strings.Contains(page, `href="/audit"`) {
		t.Error("no way back to the newest")
	}
	if last := o.central.asked[len(o.central.asked)-1]; last != `admin audit.ls {"after":0,"last":100,"before":9}` {
		t.Errorf("asked %s", last)
	}
}

// TestTheAuditLogIsDownloaded whole, or broken off.
func TestTheAuditLogIsDownloaded(t *testing.T) {
	o := open(t)
	admin := o.as(wire.Admin)
	res, text := o.ask(admin, "GET", "/audit/export", nil)
	lines := slices.Collect(strings.Lines(text))
	if len(lines) != 2 || !strings.HasPrefix(lines[1], `{"hash":"01","entry":{"seq":5`) || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v: %q", res.Header, lines)
	}
	o.central.cut = true
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("an export that was cut ends like a whole one")
		}
	}()
	o.ask(admin, "GET", "/audit/export", nil)
}

func TestOneLogsInByNamePasswordAndCode(t *testing.T) {
	o := open(t)
	given, err := o.logins.Give(t.Context(), "booth")
	must(t, err)
	if res, page := o.ask(who{}, "POST", "/enter", url.Values{"name": {"booth"}, "password": {given.Password}, "code": {"000000"}}); res.StatusCode != http.StatusForbidden || !strings.Contains(page, "not right") {
		t.Errorf("a wrong code: %d %s", res.StatusCode, page)
	}
	res, _ := o.ask(who{}, "POST", "/enter", url.Values{"name": {"booth"}, "password": {given.Password}, "code": {given.Code(o.now)}})
	flags := res.Header.Get("Set-Cookie")
	for _, want := range []string{"__Host-unlockpoint=", "; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"} {
		if !strings.Contains(flags, want) {
			t.Errorf("the cookie has no %q: %s", want, flags)
		}
	}
	token := regexp.MustCompile(`__Host-unlockpoint=(\w+)`).FindStringSubmatch(flags)
	if token == nil {
		t.Fatalf("no cookie: %s", res.Status)
	}
	here := who{login.Visit{Token: token[1]}}
	if res, page := o.ask(here, "GET", "/", nil); res.StatusCode != http.StatusOK || !strings.Contains(page, "booth, booth") {
		t.Errorf("logged in: %d", res.StatusCode)
	}
	o.now = o.now.Add(time.Hour)
	if res, _ := o.ask(here, "GET", "/", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("an hour later: %d", res.StatusCode)
	}
}

func TestAPasswordIsChanged(t *testing.T) {
	o := open(t)
	given, err := o.logins.Give(t.Context(), "booth")
	must(t, err)
	by := o.as(wire.Booth)
	const fresh = "a longer password"
	for _, c := range []struct {
		fresh, again string
		status       int
		says         string
	}{{fresh, "another password", 422, "differ"}, {"short", "short", 422, "12 to 128"}, {fresh, fresh, 303, ""}} {
		res, page := o.ask(by, "POST", "/password", by.form("password", given.Password, "code", given.Code(o.now), "fresh", c.fresh, "again", c.again))
		if res.StatusCode != c.status || !strings.Contains(page, c.says) {
			t.Errorf("%q, %q: %d %s", c.fresh, c.again, res.StatusCode, page)
		}
	}
	if res, _ := o.ask(by, "GET", "/", nil); res.StatusCode != http.StatusSeeOther {
		t.Error("the visit goes on after the password was changed")
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	o := open(t)
	admin := o.as(wire.Admin)
	if res, page := o.ask(admin, "GET", "/terminals/nowhere", nil); res.StatusCode != 422 || !strings.Contains(page, "There is no terminal &#34;nowhere&#34;.") {
		t.Errorf("%d %s", res.StatusCode, page)
	}
	if res, page := o.ask(admin, "POST", "/act", admin.form("kind", "console.respond", "terminal", "nowhere")); res.StatusCode != 422 || !strings.Contains(page, "Let an engineer in at its console: not done") || !strings.Contains(page, `href="/terminals/nowhere">Back to the terminal`) {
		t.Errorf("%d %s", res.StatusCode, page)
	}
	if res, _ := o.ask(admin, "POST", "/act", admin.form("kind", "fleet.ls")); res.StatusCode != 404 {
		t.Errorf("an act without a form: %d", res.StatusCode)
	}
	for _, path := range []string{"/overview.html", "/frame.html", "/nothing"} {
		if res, _ := o.ask(admin, "GET", path, nil); res.StatusCode != 404 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	o.central.fault = errors.New("disk")
	for _, path := range []string{"/", "/healthz", "/terminals/ward-7"} {
		if res, page := o.ask(admin, "GET", path, nil); res.StatusCode != 503 || strings.Contains(page, "disk") {
			t.Errorf("%s: %d %s", path, res.StatusCode, page)
		}
	}
}

// FuzzForm: whatever is typed into a form, the answer is a page that holds none
// of it as markup.
func FuzzForm(f *testing.F) {
	f.Add("card.release", "piv:1", "lost")
	f.Add("card.find", "<script>", "\x00")
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, kind, card, reason string) {
		o := open(t)
		admin := o.as(wire.Admin)
		for _, path := range []string{"/act", "/cards", "/card", "/run"} {
			res, page := o.ask(admin, "POST", path, admin.form("kind", kind, "card", card, "query", card, "terminal", card, "do", reason, "reason", reason, "before", reason))
			if res.StatusCode >= 500 || strings.Contains(page, "<script") {
				t.Errorf("%s: %d %s", path, res.StatusCode, page)
			}
		}
	})
}
