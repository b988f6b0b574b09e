package settings_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"unlockpoint/sync/central/settings"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

var file = wire.Settings{Policy: wire.DefaultPolicy(), Site: wire.Site{ID: "east", Name: "East", Booth: "hall", Hours: "8 to 5"}}

var (
	fleet = wire.Scope{}
	east  = wire.Scope{Site: "east"}
	ward7 = wire.Scope{Site: "east", Terminal: "ward-7"}
)

type world struct {
	t  *testing.T
	db *store.DB
}

func open(t *testing.T) world {
	t.Helper()
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := world{t, db}
	w.update(func(tx store.Tx) error { return settings.Base(tx, file.Policy, []wire.Site{file.Site}) })
	return w
}

func (w world) update(do func(store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), do); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) set(s wire.Scope, changes ...string) error {
	w.t.Helper()
	b := wire.ConfigSetBody{Scope: wire.Scope{Site: s.Site, Terminal: s.Terminal}}
	for _, c := range changes {
		key, value, set := strings.Cut(c, "=")
		if !set {
			b.Unset = append(b.Unset, key)
			continue
		}
		b.Set = append(b.Set, wire.ConfigChange{Key: key, Value: value})
	}
	return w.db.Update(w.t.Context(), func(tx store.Tx) error { return settings.Set(tx, b) })
}

func (w world) desired(s wire.Scope) (got wire.Settings) {
	w.t.Helper()
	w.update(func(tx store.Tx) (err error) {
		got, _, err = settings.Desired(tx, file, s)
		return err
	})
	return got
}

func TestATerminalsSettingsGoOverItsSitesAndTheFleets(t *testing.T) {
	w := open(t)
	first := w.desired(ward7)
	if first.Version != 1 || first.Policy.PageTimeout != 60 || first.Site.Hours != "8 to 5" || first.Policy.Version != 1 {
		t.Fatalf("%+v", first)
	}
	for _, step := range []struct {
		scope  wire.Scope
		change string
		want   int
	}{
		{fleet, "page_timeout_s=70", 70}, {east, "policy.page_timeout_s=80", 80}, {ward7, "page_timeout_s=90", 90},
		{fleet, "page_timeout_s=75", 90}, {ward7, "page_timeout_s", 80}, {east, "page_timeout_s", 75}, {fleet, "page_timeout_s", 60},
	} {
		before := w.desired(ward7).Version
		if err := w.set(step.scope, step.change); err != nil {
			t.Fatal(err)
		}
		if got := w.desired(ward7); got.Policy.PageTimeout != step.want || got.Version <= before {
			t.Errorf("%s: %s: %d s, version %d after %d", step.scope, step.change, got.Policy.PageTimeout, got.Version, before)
		}
	}
	if got := w.desired(wire.Scope{Site: "west"}); got.Site.Hours != "8 to 5" {
		t.Errorf("%+v", got.Site)
	}
}

func TestEveryKindOfSetting(t *testing.T) {
	w := open(t)
	if err := w.set(fleet, "attempts=5", "domains=nhs.net, nhs.uk", "questions=false"); err != nil {
		t.Fatal(err)
	}
	if err := w.set(ward7, "readers=omnikey, acr39", "log=debug", "phone=01632 960 700", "change_at_pad=true"); err != nil {
		t.Fatal(err)
	}
	got := w.desired(ward7)
	if got.Policy.Attempts != 5 || !slices.Equal(got.Policy.Domains, []string{"nhs.net", "nhs.uk"}) || got.Policy.Questions ||
		!slices.Equal(got.Readers, []string{"omnikey", "acr39"}) || got.Log != "debug" || got.Site.Phone != "01632 960 700" || !got.Policy.ChangeAtPad {
		t.Errorf("%+v", got)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
	w.update(func(tx store.Tx) error {
		s, from, err := settings.Desired(tx, file, ward7)
		if err != nil {
			return err
		}
		values, err := settings.Values(s, from)
		where := map[string]string{}
		for _, v := range values {
			where[v.Key] = v.From
		}
		if where["policy.attempts"] != "fleet" || where["log"] != "terminal ward-7" || where["site.hours"] != "file" {
			t.Errorf("%v", where)
		}
		return err
	})
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	w := open(t)
	for _, c := range []struct {
		scope        wire.Scope
		change, want string
	}{
		{fleet, "nonsense=1", "there is no setting nonsense"},
		{fleet, "nonsense", "there is no setting nonsense"},
		{fleet, "policy.version=9", "there is no setting policy.version"},
		{east, "site.sender=x", "there is no setting site.sender"},
		{east, "attempts=5", "policy.attempts is a rule that central keeps: set it for the whole fleet"},
		{fleet, "hours=x", "site.hours is a site's: say which with --site"},
		{fleet, "attempts=many", `policy.attempts is "many": write a whole number`},
		{fleet, "questions=maybe", `policy.questions is "maybe": write true or false`},
	} {
		if err := w.set(c.scope, c.change); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s: %v", c.scope, c.change, err)
		}
	}
	if got := w.desired(ward7); got.Version != 1 {
		t.Errorf("a refusal changed something: version %d", got.Version)
	}
	for _, c := range []struct{ change, want string }{
		{"page_timeout_s=5", "policy.page_timeout_s is 5: write 10 to 3600"}, {"log=loud", `log is "loud": write debug`},
		{"booth=", "site.booth are needed"}, {"name=" + strings.Repeat("x", 200), "site.name is too long"},
	} {
		if err := w.set(ward7, c.change); err != nil {
			t.Fatal(err)
		}
		if err := w.desired(ward7).Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.change, err)
		}
		key, _, _ := strings.Cut(c.change, "=")
		if err := w.set(ward7, key); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAChangedFileIsAChange(t *testing.T) {
	w := open(t)
	base := func(hours string) {
		site := file.Site
		site.Hours = hours
		w.update(func(tx store.Tx) error { return settings.Base(tx, file.Policy, []wire.Site{site}) })
	}
	if base("8 to 5"); w.desired(ward7).Version != 1 {
		t.Error("the same file is a change")
	}
	if base("9 to 6"); w.desired(ward7).Version != 2 {
		t.Error("another file is none")
	}
}

func TestWhatDiffersIsListed(t *testing.T) {
	is := file
	is.Site.Hours, is.Readers = "never", nil
	lines, err := settings.Differ(file, is)
	if err != nil || len(lines) != 1 || lines[0].Key != "site.hours" || string(lines[0].Reported) != `"never"` {
		t.Errorf("%+v, %v", lines, err)
	}
	w := open(t)
	w.update(func(tx store.Tx) error {
		if err := settings.Report(tx, "ward-7", is); err != nil {
			return err
		}
		got, err := settings.Reported(tx, "ward-7")
		if got.Site.Hours != "never" {
			t.Errorf("%+v", got)
		}
		return err
	})
}

// Whatever may be typed as a value is refused or comes back as it was.
func FuzzSet(f *testing.F) {
	f.Add("readers", "omnikey, acr39")
	f.Add("page_timeout_s", "1e3")
	f.Add("site.hours", "8 to 5\n")
	f.Add("policy.questions", "true")
	db, err := store.Open(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	defer db.Close()
	f.Fuzz(func(t *testing.T, key, value string) {
		err := db.Update(t.Context(), func(tx store.Tx) error {
			b := wire.ConfigSetBody{Scope: wire.Scope{Terminal: "ward-7"}, Set: []wire.ConfigChange{{Key: key, Value: value}}}
			if err := settings.Set(tx, b); err != nil {
				return err
			}
			s, _, err := settings.Desired(tx, file, ward7)
			if err != nil {
				t.Errorf("%q = %q was taken: %v", key, value, err)
			}
			_, err = json.Marshal(s)
			return err
		})
		if _, wrong := err.(settings.Wrong); err != nil && !wrong {
			t.Errorf("%q = %q: %v", key, value, err)
		}
	})
}
