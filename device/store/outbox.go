package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/wire"
)

// keepAcked is how long facts stay after central has them: it may ask for
// them again when it was restored from a backup.
const keepAcked = 35 * 24 * time.Hour

// Fact is one entry of the outbox. Text is the JSON of its body; Chain covers
// it and every one before.
type Fact struct {
	Seq   uint64    `json:"seq"`
	ID    string    `json:"id"`
	Kind  wire.Kind `json:"kind"`
	Chain string    `json:"chain"`
	Text  []byte    `json:"text"`
}

// Outbox says how far the outbox has come. Chain is the hash up to Seq.
type Outbox struct {
	Seq   uint64
	Acked uint64
	Chain string
}

type tail struct {
	Seq   uint64 `json:"seq"`
	Acked uint64 `json:"acked"`
	Chain string `json:"chain"`
}

// AddFact writes a fact for central and gives its number. It is on disk when
// AddFact returns.
func (s *Store) AddFact(kind wire.Kind, body any) (uint64, error) {
	var seq uint64
	err := s.update("fact", func(t tx) (err error) {
		seq, err = t.add(kind, body)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("write the fact %s: %w", kind, err)
	}
	s.tell()
	return seq, nil
}

// Added has something in it when facts were written since it was last
// received from.
func (s *Store) Added() <-chan struct{} { return s.added }

func (s *Store) tell() {
	select {
	case s.added <- struct{}{}:
	default:
	}
}

// add appends a fact in the transaction of the state that it describes.
func (t tx) add(kind wire.Kind, body any) (uint64, error) {
	if a, ok := body.(wire.AuditBody); ok && a.Card != "" {
		if err := checkHash(a.Card); err != nil {
			return 0, err
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	var end tail
	if err := t.get(keyTail, &end); err != nil {
		return 0, err
	}
	end.Seq++
	if end.Chain, err = link(end.Chain, text); err != nil {
		return 0, err
	}
	f := Fact{Seq: end.Seq, ID: wire.NewID(), Kind: kind, Chain: end.Chain, Text: text}
	if err := t.put(numbered(underFact, f.Seq), f); err != nil {
		return 0, err
	}
	return f.Seq, t.put(keyTail, end)
}

// Outbox says how far the outbox has come.
func (s *Store) Outbox() (Outbox, error) {
	var end tail
	err := s.view(func(t tx) error { return t.get(keyTail, &end) })
	if errors.Is(err, errNone) {
		err = s.noted(fmt.Errorf("%w: the end of the outbox is missing", ErrDamaged))
	}
	if err != nil {
		return Outbox{}, fmt.Errorf("read the outbox: %w", err)
	}
	return Outbox(end), nil
}

// After gives up to limit facts with numbers above seq, in order.
func (s *Store) After(seq uint64, limit int) ([]Fact, error) {
	var facts []Fact
	err := s.view(func(t tx) error {
		return t.each(underFact, numbered(underFact, seq+1), func(key string, value []byte) (bool, error) {
			if len(facts) == limit {
				return false, nil
			}
			var f Fact
			if err := decode([]byte(key), value, &f); err != nil {
				return false, err
			}
			facts = append(facts, f)
			return true, nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	return facts, nil
}

// ErrAhead says that central acknowledged a fact that was never written: this
// disk is older than central's memory of it.
var ErrAhead = errors.New("central has facts that this store never wrote")

// Acked notes that central has all facts up to seq, and sweeps those that it
// has had for 35 days. now is the terminal's clock.
func (s *Store) Acked(seq uint64, now time.Time) error {
	err := s.update("acked", func(t tx) error {
		var end tail
		if err := t.get(keyTail, &end); err != nil {
			return err
		}
		if seq > end.Seq {
			return ErrAhead
		}
		if seq <= end.Acked {
			return nil
		}
		end.Acked = seq
		if err := t.put(keyTail, end); err != nil {
			return err
		}
		return t.mark(seq, now)
	})
	if err == nil {
		err = s.sweep(now)
	}
	if err != nil {
		return fmt.Errorf("note acknowledged facts: %w", err)
	}
	return nil
}

// checkOutbox holds the end of the chain against the last fact: a store that
// lost one of them must not go on as if nothing had happened.
func (s *Store) checkOutbox() error {
	end, err := s.Outbox()
	if err != nil {
		return err
	}
	if end.Seq == 0 && end.Chain == s.inc {
		return nil
	}
	last, err := s.After(end.Seq-1, 2)
	if err != nil {
		return err
	}
	swept := len(last) == 0 && end.Acked == end.Seq
	if !swept && (len(last) != 1 || last[0].Chain != end.Chain) {
		return s.noted(fmt.Errorf("%w: the outbox does not end where it says", ErrDamaged))
	}
	return nil
}
