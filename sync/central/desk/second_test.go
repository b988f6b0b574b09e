package desk

import (
	"slices"
	"testing"

	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Two releases within 30 days are one too many for one person.
func TestASecondReleaseNeedsASecondOperator(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	ward := w.terminal("ward-1")
	ward.register()
	w.lockOut(ward)
	_, err := w.act(jo, wire.CardRelease)
	w.ok(err)
	w.pass(29 * day)
	w.lockOut(ward)

	done, err := w.act(jo, wire.CardRelease)
	if err != nil || done.Agree == "" {
		t.Fatalf("%+v, %v", done, err)
	}
	if got := ward.look().Standing; got != wire.StandsLocked {
		t.Fatalf("one operator was enough: %s", got)
	}
	_, err = w.agree(jo, done.Agree)
	w.no(err, "another one")
	_, err = w.agree(operators.Operator{Role: wire.Admin}, done.Agree)
	w.no(err, "another one")
	_, err = w.agree(operators.Operator{ID: "eve", Role: wire.Booth, Sites: []string{"lab"}}, done.Agree)
	w.no(err, "at your sites")
	_, err = w.agree(operators.Operator{ID: "eve", Role: wire.Booth, Card: w.id}, done.Agree)
	w.no(err, "your own card")
	_, err = w.agree(al, done.Agree)
	w.ok(err)
	if got := w.last(); got != "released operator/jo operator/al Amina showed her badge" {
		t.Error(got)
	}
	if got := ward.look().Standing; got != wire.StandsRegistered {
		t.Errorf("the card stands %s", got)
	}
	_, err = w.agree(al, done.Agree)
	w.no(err, "nothing of that number")
}

func TestWhatWaitsRunsOutAndCountsForWhoAskedOnlyWhileTheyMay(t *testing.T) {
	w, first := waiting(t)
	w.pass(orderLife)
	_, err := w.agree(al, first.Agree)
	w.no(err, "nothing of that number")
	w.pass(2 * orderLife)
	w.sweep()
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		for row := range orders().Each(tx, "") {
			t.Errorf("%s is kept", row.Key)
		}
		return nil
	}))

	second, err := w.act(jo, wire.CardUnfreeze)
	w.ok(err)
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error { return operators.Remove(tx, "jo") }))
	_, err = w.agree(al, second.Agree)
	w.no(err, "no operator for cards any more")
}

// waiting is a world in which jo has asked for a freeze to be lifted, to which
// al may agree.
func waiting(t *testing.T) (*world, wire.CardDone) {
	t.Helper()
	w := newWorld(t)
	w.hire(jo, al)
	w.ok(w.store.Update(t.Context(), w.freeze))
	done, err := w.act(jo, wire.CardUnfreeze)
	w.ok(err)
	return w, done
}

// TestASecondOperatorAgreesToExactlyWhatWasAsked: whatever else they signed is
// not done.
func TestASecondOperatorAgreesToExactlyWhatWasAsked(t *testing.T) {
	w, done := waiting(t)
	for name, change := range map[string]func(*wire.CardAgreeBody){
		"the number alone":   func(b *wire.CardAgreeBody) { *b = wire.CardAgreeBody{ID: b.ID} },
		"another act":        func(b *wire.CardAgreeBody) { b.Kind = wire.CardRemove },
		"another card":       func(b *wire.CardAgreeBody) { b.Act.Card += "0" },
		"another reason":     func(b *wire.CardAgreeBody) { b.Act.Reason = "no reason" },
		"more of it":         func(b *wire.CardAgreeBody) { b.Act.Forget = true },
		"somebody else's":    func(b *wire.CardAgreeBody) { b.By = "eve" },
		"another first note": func(b *wire.CardAgreeBody) { b.Note = "00" },
	} {
		_, err := w.agree(al, done.Agree, change)
		w.no(err, "not what waits under that number")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	_, err := w.agree(al, done.Agree)
	w.ok(err)
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		c, _, err := find(tx, w.id)
		w.ok(err)
		list, _, err := w.desk.history(turn{tx: tx}, c, 0)
		if err == nil && (len(list[0].Notes) != 2 || list[0].Notes[0] != "signed by jo" || list[0].Notes[1] != "signed by al") {
			t.Errorf("the entry holds the notes %q", list[0].Notes)
		}
		return err
	}))
}

// TestTwoNamesOfOnePersonAreNoTwoOperators: as far as central can tell, by
// their card; and a name that was given to somebody else does not stand for
// what the one before asked for.
func TestTwoNamesOfOnePersonAreNoTwoOperators(t *testing.T) {
	w := newWorld(t)
	const badge = "piv:ffeeddccbbaa99887766554433221100"
	joToo := operators.Operator{ID: "jo-admin", Role: wire.Admin, Card: badge}
	joHere := jo
	joHere.Card = badge
	w.hire(joHere, joToo, al)
	w.ok(w.store.Update(t.Context(), w.freeze))
	done, err := w.act(jo, wire.CardUnfreeze)
	w.ok(err)
	_, err = w.agree(joToo, done.Agree)
	w.no(err, "another one")
	_, err = w.agree(operators.Operator{ID: "vi", Role: wire.Viewer}, done.Agree)
	w.no(err, "needs the role")

	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error { return operators.Remove(tx, "jo") }))
	w.hire(jo)
	_, err = w.agree(al, done.Agree)
	w.no(err, "no operator for cards any more")
}

// TestLookingAtWhatWaitsIsWrittenOnceForEachOperator: however often the list is
// shown, the holder's history is not drowned by it.
func TestLookingAtWhatWaitsIsWrittenOnceForEachOperator(t *testing.T) {
	w, done := waiting(t)
	before := len(w.entries())
	for range 3 {
		for _, by := range []operators.Operator{jo, al} {
			w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
				list, err := w.desk.CardWaiting(tx, by, wire.CardWaitingBody{})
				if err == nil && len(list) != 1 {
					t.Errorf("%s sees %v", by.ID, list)
				}
				return err
			}))
		}
	}
	want := []string{"person.found operator/jo someone waits for a second operator", "person.found operator/al someone waits for a second operator"}
	if got := w.entries()[before:]; !slices.Equal(got, want) {
		t.Errorf("written: %q", got)
	}
	_, err := w.agree(al, done.Agree)
	w.ok(err)
}
