package mail

import (
	"fmt"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// dropped is the end of a letter that nobody wants any more. It is nobody's
// business but the queue's.
const dropped wire.MailState = "dropped"

// A row is a letter and what became of it.
type row struct {
	Letter Letter `json:"letter"`
	Fate
	Tries int       `json:"tries"`
	Next  time.Time `json:"next"` // of the next try
}

// letters holds every letter; waiting names those still to be sent.
func letters() store.Table[row]    { return store.Table[row]{Name: "mail"} }
func waiting() store.Table[string] { return store.Table[string]{Name: "mail-waiting"} }

// Put writes a letter, to be sent once tx is committed. A letter that exists
// stays as it is.
func Put(tx store.Tx, l Letter) error {
	if _, there, err := letters().Find(tx, l.Key); there || err != nil {
		return err
	}
	if err := letters().Put(tx, l.Key, row{Letter: l, Fate: Fate{State: wire.MailQueued}, Next: l.At}); err != nil {
		return fmt.Errorf("writing letter: %w", err)
	}
	if err := waiting().Put(tx, l.Key, l.Key); err != nil {
		return fmt.Errorf("queueing letter: %w", err)
	}
	return nil
}

// StateOf says what the mail server made of a letter; of one it does not
// know, that it is queued.
func StateOf(tx store.Tx, key string) (wire.MailState, error) {
	r, there, err := letters().Find(tx, key)
	if err != nil {
		return "", fmt.Errorf("reading letter: %w", err)
	}
	if !there {
		return wire.MailQueued, nil
	}
	if r.State == dropped {
		return wire.MailRefused, nil
	}
	return r.State, nil
}

// Queue counts the letters still to be sent.
func Queue(tx store.Tx) (n int, err error) {
	for _, err := range waiting().Each(tx, "") {
		if err != nil {
			return n, fmt.Errorf("counting letters: %w", err)
		}
		n++
	}
	return n, nil
}

// Forget forgets all letters about a card: those that are still to go out once
// they have, or are given up.
func Forget(tx store.Tx, card string) error {
	for r, err := range letters().Each(tx, "") {
		if err != nil {
			return fmt.Errorf("forgetting letters: %w", err)
		}
		if r.Value.Letter.Card != card {
			continue
		}
		_, waits, err := waiting().Find(tx, r.Key)
		if err == nil && waits {
			r.Value.Letter.Brief = true
			err = letters().Put(tx, r.Key, r.Value)
		} else if err == nil {
			err = letters().Delete(tx, r.Key)
		}
		if err != nil {
			return fmt.Errorf("forgetting letters: %w", err)
		}
	}
	return nil
}

// kept is how long a letter is remembered after its cause; long enough for
// every question about it.
const kept = 35 * 24 * time.Hour

// Sweep forgets letters that are done with and old, as many as one transaction
// takes, and says whether there may be more.
func Sweep(tx store.Tx, now time.Time) (more bool, err error) {
	for r, err := range letters().Each(tx, "") {
		if err != nil {
			return false, fmt.Errorf("sweeping letters: %w", err)
		}
		if tx.Full() {
			return true, nil
		}
		if _, there, err := waiting().Find(tx, r.Key); there || err != nil {
			continue
		}
		if now.Sub(r.Value.Letter.At) > kept {
			if err := letters().Delete(tx, r.Key); err != nil {
				return false, fmt.Errorf("forgetting a letter: %w", err)
			}
		}
	}
	return false, nil
}
