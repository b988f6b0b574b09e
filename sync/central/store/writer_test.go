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
			if err := tx.Put(fmt.Sprint(i), make([]byte, 90)); err != nil {
				return err
			}
		}
		return nil
	})
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
