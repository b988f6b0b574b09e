package store

import (
	"encoding/binary"
	"time"
)

// A mark says that central had all facts up to a number within a day of a
// time: there is one a day, and that is enough to know what is 35 days old.
const markEvery = 24 * time.Hour

// sweepAtOnce bounds the deletions of one transaction; the rest goes with the
// next acknowledgement.
const sweepAtOnce = 512

// mark moves today's mark up to seq, or makes it: once a day, then, the
// preferences that nobody uses are forgotten.
func (t tx) mark(seq uint64, now time.Time) error {
	key, at, err := t.endMark(true)
	if err != nil {
		return err
	}
	if key == "" || now.Sub(at) >= markEvery {
		at, err = now.UTC(), t.forgetUnused(now)
	} else {
		err = t.drop(key)
	}
	if err != nil {
		return err
	}
	return t.put(numbered(underMark, seq), at)
}

// sweep deletes facts that central has had for 35 days.
func (s *Store) sweep(now time.Time) error {
	var mark string
	err := s.view(func(t tx) error {
		key, at, err := t.endMark(false)
		if key != "" && now.Sub(at) > keepAcked+markEvery {
			mark = key
		}
		return err
	})
	if err != nil || mark == "" {
		return err
	}
	return s.update("sweep", func(t tx) error { return t.sweep(mark) })
}

// sweep deletes the facts up to mark, and mark itself with the last of them.
func (t tx) sweep(mark string) error {
	var old []string
	upTo := numberOf(mark)
	err := t.each(underFact, underFact, func(key string, _ []byte) (bool, error) {
		if numberOf(key) > upTo {
			return false, nil
		}
		old = append(old, key)
		return len(old) < sweepAtOnce, nil
	})
	if err != nil {
		return err
	}
	if len(old) < sweepAtOnce {
		old = append(old, mark)
	}
	for _, key := range old {
		if err := t.drop(key); err != nil {
			return err
		}
	}
	return nil
}

// endMark finds the newest or the oldest mark; the key is empty if there is
// none.
func (t tx) endMark(newest bool) (key string, at time.Time, err error) {
	err = t.each(underMark, underMark, func(k string, value []byte) (bool, error) {
		key = k
		return newest, decode([]byte(k), value, &at)
	})
	return key, at, err
}

func numberOf(key string) uint64 {
	if len(key) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64([]byte(key[len(key)-8:]))
}
