package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// The operators of the stories. Those who agree have to be on the list.
var (
	jo = operators.Operator{ID: "jo", Role: wire.Booth, Sites: []string{"ward"}}
	al = operators.Operator{ID: "al", Role: wire.Admin}
)

// hire puts operators on the list, with keys as everybody has.
func (w *world) hire(list ...operators.Operator) {
	w.Helper()
	for _, o := range list {
		w.ok(w.store.Update(context.Background(), func(tx store.Tx) error {
			_, err := operators.Add(tx, w.desk.cfg.Keys, operators.New{ID: o.ID, Role: o.Role, Sites: o.Sites, Card: o.Card,
				Realm: realm, URL: "mqtt://broker", Now: w.now})
			return err
		}))
	}
}

// act does an act on the card; what is refused changes nothing.
func (w *world) act(by operators.Operator, kind wire.Kind, change ...func(*wire.CardActBody)) (wire.CardDone, error) {
	w.Helper()
	b := wire.CardActBody{Card: w.id, Reason: "Amina showed her badge"}
	for _, c := range change {
		c(&b)
	}
	var done wire.CardDone
	err := w.store.Update(context.Background(), func(tx store.Tx) (err error) {
		done, err = w.desk.CardAct(tx, w.listed(tx, by), kind, b)
		return err
	})
	return done, err
}

// listed is an operator as they are on the list, if they are, with a note.
func (w *world) listed(tx store.Tx, by operators.Operator) operators.Operator {
	if o, err := operators.Find(tx, by.ID); err == nil {
		o.Note = []byte("signed by " + o.ID)
		return o
	}
	return by
}

// agree agrees to what waits, as it is shown, but for changes.
func (w *world) agree(by operators.Operator, id string, change ...func(*wire.CardAgreeBody)) (done wire.CardDone, err error) {
	w.Helper()
	err = w.store.Update(context.Background(), func(tx store.Tx) (err error) {
		b := wire.CardAgreeBody{ID: id}
		waiting, err := w.desk.CardWaiting(tx, al, wire.CardWaitingBody{ID: id})
		if err == nil && len(waiting) == 1 {
			b = waiting[0].CardAgreeBody
		}
		for _, c := range change {
			c(&b)
		}
		done, err = w.desk.CardAgree(tx, w.listed(tx, by), b)
		return err
	})
	return done, err
}

// no checks that an act was refused with words about what to do.
func (w *world) no(err error, words string) {
	w.Helper()
	if _, refused := errors.AsType[No](err); !refused || !strings.Contains(err.Error(), words) {
		w.Errorf("%v, want a refusal with %q", err, words)
	}
}

// last is the newest entry of the log, and the reason in it.
func (w *world) last() string {
	w.Helper()
	var line string
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		c, _, err := find(tx, w.id)
		if err != nil {
			return err
		}
		list, _, err := w.desk.history(turn{tx: tx, now: w.now}, c, 0)
		if len(list) > 0 {
			e := list[0]
			line = strings.Join(strings.Fields(strings.Join([]string{e.What, e.By, e.Second, e.Note, e.Reason}, " ")), " ")
		}
		return err
	}))
	return line
}

// lockOut spends every attempt.
func (w *world) lockOut(t *terminal) {
	w.Helper()
	for range w.desk.policy().Attempts {
		if got := t.answer(t.look().Asked[0]); got.Right {
			w.Fatal("a wrong answer was right")
		}
	}
	if got := t.look().Standing; got != wire.StandsLocked {
		w.Fatalf("the card stands %s", got)
	}
}

func TestTheBoothReleasesALockout(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	_, err := w.act(jo, wire.CardRelease)
	w.no(err, "not locked out")
	w.lockOut(ward)

	if _, err := w.act(jo, wire.CardRelease); err != nil {
		t.Fatal(err)
	}
	if got := w.last(); got != "released operator/jo Amina showed her badge" {
		t.Error(got)
	}
	if n := w.mails(mail.Released); n != 1 {
		t.Errorf("%d mails tell of it", n)
	}
	if got := ward.look(); got.AttemptsLeft != 3 {
		t.Errorf("%+v", got)
	}
	ward.unlocked()
}

func TestAReleaseDoesNotForgiveTooManyFailuresOfAMonth(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.AttemptsIn30d = 3 })
	ward := w.terminal("ward-1")
	ward.register()
	w.lockOut(ward)
	_, err := w.act(jo, wire.CardRelease)
	w.no(err, "assist code")
}

func TestTheBoothFreezesAndTwoUnfreeze(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	ward := w.terminal("ward-1")
	ward.register()
	token := w.tokenOf(mail.Registered)
	_, err := w.act(jo, wire.CardUnfreeze)
	w.no(err, "not frozen")
	_, err = w.act(jo, wire.CardFreeze)
	w.ok(err)
	_, err = w.act(jo, wire.CardFreeze)
	w.no(err, "frozen already")
	_, err = w.act(jo, wire.CardAssist)
	w.no(err, "unfreeze it first")
	w.pass(day)
	done, err := w.act(jo, wire.CardUnfreeze)
	w.ok(err)
	if got := ward.look().Standing; got != wire.StandsFrozen {
		t.Fatalf("one operator was enough: %s", got)
	}

	var waiting []wire.Waiting
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) (err error) {
		waiting, err = w.desk.CardWaiting(tx, al, wire.CardWaitingBody{})
		return err
	}))
	if len(waiting) != 1 || waiting[0].ID != done.Agree || waiting[0].Card.Holder != holder || waiting[0].Kind != wire.CardUnfreeze {
		t.Errorf("%+v", waiting)
	}
	_, err = w.agree(al, done.Agree)
	w.ok(err)
	if got := ward.look().Standing; got != wire.StandsRegistered {
		t.Errorf("the card stands %s", got)
	}
	if w.goodLink(token) {
		t.Error("a link from before the freeze works again")
	}
	if !w.goodLink(w.tokenOf(mail.Unfrozen)) {
		t.Error("the link in the notice does not work")
	}
}

func TestTheBoothRemovesARegistration(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	_, err := w.act(jo, wire.CardRemove)
	w.no(err, "not registered")
	ward.register()
	id := ward.answer().Case.Case
	code := w.mailed(id)
	_, err = w.act(jo, wire.CardRemove)
	w.ok(err)
	if got := ward.look(); got.Standing != wire.StandsUnregistered || got.Case != "" {
		t.Errorf("%+v", got)
	}
	if got := ward.try(id, code); got.Refused != wire.NoCase {
		t.Errorf("its case goes on: %+v", got)
	}
	if n := w.mails(mail.Removed); n != 1 {
		t.Errorf("%d mails tell of it", n)
	}
	ward.register()
}

// Once a person has left, nobody can tell which entries were theirs; the log
// is as whole as before.
func TestForgettingCutsTheHistoryOff(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	ward := w.terminal("ward-1")
	ward.register()
	before := w.entries()
	done, err := w.act(jo, wire.CardRemove, func(b *wire.CardActBody) { b.Forget = true })
	if err != nil || done.Agree == "" {
		t.Fatalf("%+v, %v", done, err)
	}
	_, err = w.agree(al, done.Agree)
	w.ok(err)
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error { // the mail about it goes out later
		return w.desk.Went(tx, mail.Letter{Card: w.id, Kind: mail.Removed}, mail.Fate{State: wire.MailTaken})
	}))
	if got := w.entries(); !slices.Equal(got[:len(before)], before) || len(got) != len(before)+3 { // asked for, shown to the second, removed
		t.Errorf("%q became %q", before, got)
	}
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		_, known, err := w.desk.log.Known(tx, w.id)
		if known {
			t.Error("the person is still known")
		}
		return err
	}))
	if got := ward.begin(); got.Refused != wire.NoAddress {
		t.Errorf("the address is still on file: %+v", got)
	}
}

func TestTheBoothSetsAnAddress(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	ward := w.terminal("ward-1")
	address := func(a string) func(*wire.CardActBody) { return func(b *wire.CardActBody) { b.Address = a } }
	_, err := w.act(jo, wire.CardAddress, address("amina@example.com"))
	w.no(err, "accepted domain")
	_, err = w.act(jo, wire.CardAddress, address(onFile))
	w.no(err, "already")

	// A change goes as the holder's own: both are told, and there is a wait.
	_, err = w.act(jo, wire.CardAddress, address(other))
	w.ok(err)
	if n := w.mails(mail.AddressChanged); n != 2 {
		t.Errorf("%d mails tell of it", n)
	}
	if got := ward.begin(); got.Address != Mask(onFile) {
		t.Errorf("codes go to %s at once", got.Address)
	}
	w.pass(seconds(w.desk.policy().NewAddressWait))
	if got := ward.begin(); got.Address != Mask(other) {
		t.Errorf("codes go to %s", got.Address)
	}

	// Where there is none, it counts at once.
	done, err := w.act(jo, wire.CardRemove, func(b *wire.CardActBody) { b.Forget = true })
	w.ok(err)
	_, err = w.agree(al, done.Agree)
	w.ok(err)
	_, err = w.act(jo, wire.CardAddress, address(other))
	w.ok(err)
	if n := w.mails(mail.AddressSet); n != 1 {
		t.Errorf("%d mails tell of it", n)
	}
	ward.register()
}

// The table of what an operator may not do, whatever the act.
func TestWhomTheBoothRefuses(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		by     operators.Operator
		kind   wire.Kind
		change func(*wire.CardActBody)
		words  string
	}{
		{operators.Operator{ID: "eve", Sites: []string{"lab"}}, wire.CardFreeze, nil, "at your sites"},
		{jo, wire.CardFreeze, func(b *wire.CardActBody) { b.Card = "piv:00" }, "there is no card"},
		{jo, wire.CardFreeze, func(b *wire.CardActBody) { b.Card = "../cards" }, "there is no card"},
		{jo, wire.CardFreeze, func(b *wire.CardActBody) { b.Reason = "" }, "say why"},
		{jo, wire.CardFreeze, func(b *wire.CardActBody) { b.Reason = "a\nb" }, "say why"},
		{jo, wire.CardFreeze, func(b *wire.CardActBody) { b.Reason = strings.Repeat("x", 201) }, "say why"},
		{operators.Operator{ID: "amina", Card: w.id}, wire.CardAssist, nil, "your own card"},
		{operators.Operator{ID: "amina", Card: w.id}, wire.CardAddress, nil, "your own card"},
		{operators.Operator{Role: wire.Admin}, wire.CardRemove, func(b *wire.CardActBody) { b.Forget = true }, "two operators"},
		{jo, wire.FleetLs, nil, "no act on a card"},
	} {
		before := len(w.entries())
		if c.change == nil {
			c.change = func(*wire.CardActBody) {}
		}
		_, err := w.act(c.by, c.kind, c.change)
		w.no(err, c.words)
		if got := w.entries(); len(got) != before {
			t.Errorf("%s: %q", c.words, got)
		}
	}
	// Whoever lost their own card may freeze it.
	if _, err := w.act(operators.Operator{ID: "amina", Card: w.id}, wire.CardFreeze); err != nil {
		t.Error(err)
	}
}

func TestFindingAPersonIsWrittenDown(t *testing.T) {
	w := newWorld(t)
	look := func(by operators.Operator, query string) (list []wire.CardView, err error) {
		var found Found
		err = w.store.View(t.Context(), func(tx store.Tx) (err error) {
			found, err = w.desk.CardFind(tx, by, wire.CardFindBody{Query: query})
			return err
		})
		if err != nil {
			return nil, err
		}
		err = w.store.Update(t.Context(), func(tx store.Tx) (err error) {
			list, err = w.desk.CardsFound(tx, by, found)
			return err
		})
		return list, err
	}
	for _, query := range []string{w.id, "okaf", "AMINA", " amina okafor "} {
		list, err := look(jo, query)
		if err != nil || len(list) != 1 || list[0].Holder != holder || list[0].Address != Mask(onFile) {
			t.Errorf("%s: %+v, %v", query, list, err)
		}
		if got := w.last(); got != "person.found operator/jo" {
			t.Errorf("%s: %s", query, got)
		}
	}
	before := len(w.entries())
	if list, err := look(operators.Operator{ID: "eve", Sites: []string{"lab"}}, "amina"); err != nil || len(list) != 0 {
		t.Errorf("another site: %+v, %v", list, err)
	}
	if list, err := look(jo, "nobody"); err != nil || len(list) != 0 {
		t.Errorf("nobody: %+v, %v", list, err)
	}
	_, err := look(jo, "a")
	w.no(err, "2 or more letters")
	if got := w.entries(); len(got) != before {
		t.Errorf("%q", got[before:])
	}
}

func TestAHistoryTellsWhatHappenedAndThatItWasRead(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	ward.unlocked()
	for range 60 {
		w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
			return w.desk.note(turn{tx: tx, now: w.now, who: ward.who}, w.id, audit.AttemptBegun, "")
		}))
	}
	page := func(before uint64) (h wire.History) {
		w.ok(w.store.Update(t.Context(), func(tx store.Tx) (err error) {
			h, err = w.desk.CardHistory(tx, jo, wire.CardHistoryBody{Card: w.id, Before: before})
			return err
		}))
		return h
	}
	first := page(0)
	if !first.More || first.Entries[0].What != audit.HistoryRead || first.Entries[0].By != "operator/jo" || first.Card.Holder != holder {
		t.Fatalf("%+v", first)
	}
	second := page(first.Entries[len(first.Entries)-1].Seq)
	oldest := second.Entries[len(second.Entries)-1]
	if second.More || oldest.What != audit.RegisterBegun || oldest.By != "terminal/ward-1" || oldest.Site != "ward" || !oldest.At.Equal(w.now) {
		t.Errorf("%+v", oldest)
	}
	if n := slices.IndexFunc(second.Entries, func(e wire.CardEntry) bool { return e.What == audit.Unlocked }); n < 0 {
		t.Errorf("%+v", second.Entries)
	}
}
