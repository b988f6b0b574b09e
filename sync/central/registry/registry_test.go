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
			page, err := Page(tx, "ward", cursor)
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

func TestAnEmptyFeed(t *testing.T) {
	_ = open(t).View(t.Context(), func(tx store.Tx) error {
		page, err := Page(tx, "ward", 12)
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
