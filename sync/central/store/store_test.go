package store

import (
	"context"
	"errors"
	"testing"
)

func open(t testing.TB, dir string) *DB {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func update(t testing.TB, s Store, fn func(Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func putting(key, value string) func(Tx) error {
	return func(tx Tx) error { return tx.Put(key, []byte(value)) }
}

func TestWritesOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	update(t, s, putting("a", "1"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir)
	defer s.Close()
	err := s.View(t.Context(), func(tx Tx) error {
		v, err := tx.Get("a")
		if string(v) != "1" {
			t.Errorf("got %q after opening again", v)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFailedUpdateLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	update(t, s, putting("a", "1"))

	no := errors.New("no")
	err := s.Update(t.Context(), func(tx Tx) error {
		return errors.Join(tx.Put("a", nil), tx.Put("b", []byte("2")), tx.Delete("a"), no)
	})
	if !errors.Is(err, no) {
		t.Fatalf("got %v", err)
	}
	_ = s.View(t.Context(), func(tx Tx) error {
		if v, err := tx.Get("a"); err != nil || string(v) != "1" {
			t.Errorf("a is %q, %v", v, err)
		}
		if _, err := tx.Get("b"); !errors.Is(err, ErrNotFound) {
			t.Errorf("b: %v", err)
		}
		return nil
	})
}

func TestAViewDoesNotWrite(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	if err := s.View(t.Context(), putting("a", "1")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("got %v", err)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), putting("a", "1")); !errors.Is(err, ErrClosed) {
		t.Errorf("update: %v", err)
	}
	if err := s.View(t.Context(), putting("a", "1")); !errors.Is(err, ErrClosed) {
		t.Errorf("view: %v", err)
	}
}
