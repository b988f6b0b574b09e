package store

import (
	"errors"
	"path/filepath"
	"testing"
	"time"
)

var fond = Preferences{TextScale: 135, Colours: "dark", Language: "cy", Unhurried: true, Low: true}

func prefer(t *testing.T, s *Store, card string, p Preferences, now time.Time) {
	t.Helper()
	if err := s.Prefer(card, p, now); err != nil {
		t.Fatal(err)
	}
}

func wantLiked(t *testing.T, s *Store, card string, now time.Time, want Preferences) {
	t.Helper()
	if got, err := s.Preferences(card, now); got != want || err != nil {
		t.Errorf("%s: %+v, %v, want %+v", now.Format(time.DateOnly), got, err, want)
	}
}

// days is so many days after one that a terminal may well see.
func days(n int) time.Time {
	return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC).AddDate(0, 0, n)
}

func TestPreferencesOutliveARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	prefer(t, s, hashOf(1), Preferences{Language: "cy"}, days(0))
	prefer(t, s, hashOf(1), fond, days(0))
	closed(t, s)
	s = opened(t, dir)
	wantLiked(t, s, hashOf(1), days(1), fond)
	wantLiked(t, s, hashOf(2), days(1), Preferences{})
}

func TestPreferencesAreOfAKeyedHashOnly(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	if err := s.Prefer("5901223344556677", fond, days(0)); !errors.Is(err, ErrNotHash) {
		t.Errorf("a card in the clear: %v", err)
	}
}

// TestPreferencesLastAsLongAsTheyAreUsed: each use gives them 400 days more.
func TestPreferencesLastAsLongAsTheyAreUsed(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	prefer(t, s, hashOf(1), fond, days(0))
	wantLiked(t, s, hashOf(1), days(400), fond)
	wantLiked(t, s, hashOf(1), days(800), fond)
	wantLiked(t, s, hashOf(1), days(799), fond) // a clock that was set back
	wantLiked(t, s, hashOf(1), days(1201), Preferences{})
}

// TestWhatNobodyUsesLeavesTheDisk with the day's first acknowledgement, and
// nothing else does.
func TestWhatNobodyUsesLeavesTheDisk(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	prefer(t, s, hashOf(1), fond, days(0))
	prefer(t, s, hashOf(2), fond, days(0))
	for n, day := range []int{0, 200, 401} {
		addSteps(t, s, 1)
		if err := s.Acked(uint64(n+1), days(day)); err != nil {
			t.Fatal(err)
		}
		if day == 200 {
			wantLiked(t, s, hashOf(2), days(day), fond)
		}
	}
	for card, want := range map[string]bool{hashOf(1): false, hashOf(2): true} {
		var p preferred
		err := s.view(func(t tx) error { return t.get(underLike+card, &p) })
		if kept := err == nil; kept != want || err != nil && !errors.Is(err, errNone) {
			t.Errorf("on disk: %v, %v", kept, err)
		}
	}
}
