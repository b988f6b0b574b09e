package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
)

func TestTooManyWritesAreRefusedAlone(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	err := s.Update(t.Context(), func(tx Tx) error {
		for i := range maxKeys + 1 {
			if err := tx.Put(fmt.Sprint(i), nil); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	update(t, s, func(tx Tx) error { // the most that is allowed does fit
		for i := range maxKeys {
			if err := tx.Put(fmt.Sprint(i), make([]byte, 70)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Two updates that are as large as may be fit into one commit, of many small
// values or of few large ones.
func TestTheLargestUpdatesFitIntoOneCommit(t *testing.T) {
	for _, length := range []int{0, 92, 10_000} {
		s := open(t, t.TempDir())
		defer s.Close()
		base := s.db.NewTransaction(false)
		defer base.Discard()
		over := &overlay{writes: map[string][]byte{}}
		for n := range 2 {
			largest := func(tx Tx) error {
				for i := 0; len(over.undo) < maxKeys && over.size+length+50 < maxBytes; i++ {
					if err := tx.Put(fmt.Sprintf("%d/%d", n, i), make([]byte, length)); err != nil {
						return err
					}
				}
				return nil
			}
			if err := run(job{ctx: t.Context(), fn: largest}, base, over); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.commit(over); err != nil {
			t.Errorf("%d values of %d bytes: %v", len(over.writes), length, err)
		}
	}
}

// A key that is written again counts once, towards the limits and towards half
// of them.
func TestHowOftenAKeyIsWrittenDoesNotCount(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	update(t, s, func(tx Tx) error {
		for range 10 * maxKeys {
			if err := tx.Put("same", make([]byte, 200)); err != nil {
				return err
			}
		}
		if tx.Full() {
			t.Error("full of one key")
		}
		return nil
	})
	for name, step := range map[string]int{"keys": 0, "bytes": 1000} {
		update(t, s, func(tx Tx) error {
			n := 0
			for ; !tx.Full(); n++ {
				if err := tx.Put(fmt.Sprint(n), make([]byte, step)); err != nil {
					return err
				}
			}
			for i := range n - 2 { // the other half
				if err := tx.Put(fmt.Sprint(-i-1), make([]byte, step)); err != nil {
					return err
				}
			}
			if n < 70 {
				t.Errorf("%s: full after %d", name, n)
			}
			return nil
		})
	}
}

// A chore is done in as many transactions as it takes.
func TestAChoreGoesOnUntilNothingIsLeft(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	rows, left := Table[int]{"rows"}, 3*maxKeys
	err := Finish(t.Context(), s, func(tx Tx) (bool, error) {
		for ; left > 0 && !tx.Full(); left-- {
			if err := rows.Put(tx, fmt.Sprint(left), left); err != nil {
				return false, err
			}
		}
		return left > 0, nil
	})
	if err != nil || left != 0 {
		t.Fatalf("%d left, %v", left, err)
	}
	_ = s.View(t.Context(), func(tx Tx) error {
		for range rows.Each(tx, "") {
			left++
		}
		if left != 3*maxKeys || tx.Full() {
			t.Errorf("%d rows, full %v", left, tx.Full())
		}
		return nil
	})
	no := errors.New("no")
	if err := Finish(t.Context(), s, func(Tx) (bool, error) { return true, no }); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
}

// Many writers add one to the same number: each sees what the one before it
// wrote, although they share commits.
func TestWritersDoNotLoseEachOther(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	numbers := Table[int]{"numbers"}
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			err := s.Update(t.Context(), func(tx Tx) error {
				n, _, err := numbers.Find(tx, "n")
				return errors.Join(err, numbers.Put(tx, "n", n+1))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	_ = s.View(t.Context(), func(tx Tx) error {
		if n, err := numbers.Get(tx, "n"); n != 64 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		return nil
	})
}

// With 32 writers commits are shared: many updates for one fsync.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			s := open(b, b.TempDir())
			defer s.Close()
			var all sync.WaitGroup
			for w := range writers {
				all.Go(func() {
					for i := 0; i < b.N/writers+1; i++ {
						update(b, s, putting(fmt.Sprintf("w/%d/%d", w, i), "a row of some length, as they go"))
					}
				})
			}
			all.Wait()
		})
	}
}
