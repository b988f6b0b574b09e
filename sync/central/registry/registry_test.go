package registry

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func open(t *testing.T) store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A terminal that pages through the feed from wherever it stands ends up with
// the newest state of every card, and each only once.
func TestAFollowerHasTheNewestState(t *testing.T) {
	s := open(t)
	want := map[string]int{}
	for i := range 450 {
		card := fmt.Sprintf("card-%d", i%230)
		want[card] = i
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(
				Tell(tx, "ward", wire.RegistryChange{Card: card, Epoch: i}),
				Tell(tx, "ward-2", wire.RegistryChange{Card: "elsewhere"}))
		})
		if err != nil {
			t.Fatal(err)
		}
	}

	got, cursor := map[string]int{}, uint64(0)
	_ = s.View(t.Context(), func(tx store.Tx) error {
		for more := true; more; {
			page, err := Page(tx, "ward", wire.RegistryPageBody{After: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Changes {
				if _, twice := got[c.Card]; twice || c.Number <= cursor {
					t.Errorf("change %d of %s after %d", c.Number, c.Card, cursor)
				}
				got[c.Card], cursor = c.Epoch, c.Number
			}
			if more = page.More; !more && cursor != page.Head {
				t.Errorf("the last change is %d, the head %d", cursor, page.Head)
			}
		}
		return nil
	})
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %d cards, want %d", len(got), len(want))
	}
}

// TestABackupBeginsAnotherEpoch: once, for the first who was told more than it
// remembers. Who comes later and knows no more than the epoch before gets the
// whole feed as well, whatever its number is by then.
func TestABackupBeginsAnotherEpoch(t *testing.T) {
	s := open(t)
	tell := func(card string) {
		must(t, s.Update(t.Context(), func(tx store.Tx) error { return Tell(tx, "ward", wire.RegistryChange{Card: card}) }))
	}
	ask := func(after uint64, epoch string) (page wire.RegistryPageReply) {
		must(t, s.Update(t.Context(), func(tx store.Tx) (err error) {
			page, err = Page(tx, "ward", wire.RegistryPageBody{After: after, Epoch: epoch})
			return err
		}))
		return page
	}
	tell("a")
	tell("b")
	if page := ask(2, ""); page.Epoch != "" || len(page.Changes) != 0 {
		t.Fatalf("before: %+v", page)
	}
	first := ask(3, "")
	if first.Epoch == "" || first.Head != 2 || len(first.Changes) != 2 {
		t.Fatalf("who was told of a third change gets %+v", first)
	}
	tell("c")
	tell("d")
	for _, after := range []uint64{0, 3, 9} {
		if page := ask(after, ""); page.Epoch != first.Epoch || len(page.Changes) != 4 {
			t.Errorf("after %d of the epoch before: %+v", after, page)
		}
	}
	if page := ask(2, first.Epoch); page.Epoch != first.Epoch || len(page.Changes) != 2 {
		t.Errorf("in the new epoch: %+v", page)
	}
}

func TestAnEmptyFeed(t *testing.T) {
	_ = open(t).View(t.Context(), func(tx store.Tx) error {
		page, err := Page(tx, "ward", wire.RegistryPageBody{})
		if err != nil || len(page.Changes) > 0 || page.More || page.Head != 0 {
			t.Errorf("got %+v, %v", page, err)
		}
		return nil
	})
}

func TestTheAskedQuestionsAreSomeOfTheChosen(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		questions := rapid.SliceOfNDistinct(rapid.IntRange(1, 20), 2, 8, rapid.ID[int]).Draw(r, "questions")
		var reg Registration
		for _, q := range questions {
			reg.Keys = append(reg.Keys, Key{Form: wire.KeyForm{Question: q}, Public: []byte{byte(q)}})
		}
		n := rapid.IntRange(1, len(questions)).Draw(r, "n")
		got, err := reg.Choose(n, rand.Reader)
		if err != nil || len(got.Asked) != n {
			r.Fatalf("%d asked of %d: %v", len(got.Asked), n, err)
		}
		for i, k := range got.AskedKeys() {
			if k.Form.Question != got.Asked[i] || !slices.Contains(questions, got.Asked[i]) || slices.Contains(got.Asked[:i], got.Asked[i]) {
				r.Fatalf("asked %v of %v", got.Asked, questions)
			}
		}
	})
}
