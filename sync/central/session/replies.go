package session

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/store"
)

// kept is how long replies are kept: twice the longest life of a session, so
// that a request whose reply is forgotten names a session that is dead.
const kept = 2 * life

// A reply is what was answered to one id of one sender.
type reply struct {
	Text  []byte `json:"text"` // SHA-256 of the request's signed line
	Bytes []byte `json:"bytes"`
}

func replies() store.Table[reply] { return store.Table[reply]{Name: "reply"} }

// ages finds old replies without reading the young ones: its keys begin with
// the hour.
func ages() store.Table[string] { return store.Table[string]{Name: "reply-age"} }

// errOtherText says that an id comes again with another text.
var errOtherText = errors.New("the id was used for another text")

// answered returns the reply that was given to the same note before, nil when
// none was, and errOtherText for another note under the same id.
func answered(tx store.Tx, in letter) ([]byte, error) {
	r, there, err := replies().Find(tx, replyKey(in))
	if err != nil || !there {
		return nil, err
	}
	if !bytes.Equal(r.Text, in.text[:]) {
		return nil, errOtherText
	}
	return r.Bytes, nil
}

// keep stores the reply beside its effect.
func keep(tx store.Tx, in letter, note []byte, now time.Time) error {
	key := replyKey(in)
	if err := replies().Put(tx, key, reply{in.text[:], note}); err != nil {
		return fmt.Errorf("keeping a reply: %w", err)
	}
	return ages().Put(tx, hour(now)+"/"+key, key)
}

func replyKey(in letter) string { return in.note.From + "/" + in.note.ID }

func hour(t time.Time) string { return t.UTC().Format("2006-01-02T15") }

// Sweep forgets old replies, as many as one transaction takes, and says
// whether there are more.
func Sweep(tx store.Tx, now time.Time) (more bool, err error) {
	end := hour(now.Add(-kept))
	for row, err := range ages().Each(tx, "") {
		if err != nil {
			return false, fmt.Errorf("sweeping replies: %w", err)
		}
		if row.Key >= end {
			return false, nil
		}
		if tx.Full() {
			return true, nil
		}
		if err := errors.Join(replies().Delete(tx, row.Value), ages().Delete(tx, row.Key)); err != nil {
			return false, fmt.Errorf("forgetting a reply: %w", err)
		}
	}
	return false, nil
}
