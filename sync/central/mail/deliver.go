package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// one makes a message of a letter and offers it to the mail server.
func (w *Worker) one(ctx context.Context, r row) error {
	letter, err := w.compose(ctx, r.Letter)
	if errors.Is(err, ErrNotWanted) {
		return w.record(ctx, r, Fate{State: dropped})
	}
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		w.Log.Error("mail: letter could not be written", "kind", r.Letter.Kind, "err", err)
		return w.record(ctx, r, Fate{State: w.putOff(r)})
	}
	err = w.Sender.Send(ctx, letter)
	if err != nil && ctx.Err() != nil {
		return nil // we are stopping: the letter keeps its place
	}
	return w.record(context.WithoutCancel(ctx), r, w.outcome(r, err))
}

// compose makes the letter's text now, so that a code that has ended
// meanwhile is not sent late.
func (w *Worker) compose(ctx context.Context, l Letter) (Rendered, error) {
	if !l.Until.IsZero() && !w.Now().Before(l.Until) {
		return Rendered{}, ErrNotWanted
	}
	var m Message
	err := w.Store.View(ctx, func(tx store.Tx) (err error) {
		m, err = w.Composer.Compose(tx, l)
		return err
	})
	if err != nil {
		return Rendered{}, fmt.Errorf("composing a letter: %w", err)
	}
	r, err := w.Words.Render(m)
	r.ID, r.Date = messageID(l.Key), l.At
	return r, err
}

func (w *Worker) outcome(r row, err error) Fate {
	if err == nil {
		return Fate{State: wire.MailTaken}
	}
	w.Log.Warn("mail: letter not taken", "kind", r.Letter.Kind, "try", r.Tries+1, "err", err)
	if refusal, ok := errors.AsType[Refusal](err); ok {
		return Fate{wire.MailRefused, refusal.Reply}
	}
	deferral, _ := errors.AsType[Deferral](err) // else nothing was heard of the server
	return Fate{w.putOff(r), deferral.Reply}
}

// putOff is the state of a letter that was not taken this time.
func (w *Worker) putOff(r row) wire.MailState {
	if w.Now().Sub(r.Letter.At) > patience {
		return wire.MailRefused
	}
	return wire.MailDeferred
}

// record writes a try's outcome.
func (w *Worker) record(ctx context.Context, r row, f Fate) error {
	news := r.Fate != f
	r.Fate = f
	r.Next = w.Now().Add(wait(r))
	r.Tries++
	return w.Store.Update(ctx, func(tx store.Tx) error {
		now, err := letters().Get(tx, r.Letter.Key)
		if err != nil {
			return fmt.Errorf("keeping a letter's state: %w", err)
		}
		r.Letter.Brief = now.Letter.Brief // it may have become so under way
		if r.Letter.Brief && f.State != wire.MailDeferred {
			return errors.Join(letters().Delete(tx, r.Letter.Key), waiting().Delete(tx, r.Letter.Key))
		}
		if err := letters().Put(tx, r.Letter.Key, r); err != nil {
			return fmt.Errorf("keeping a letter's state: %w", err)
		}
		if news {
			if err := w.Composer.Went(tx, r.Letter, f); err != nil {
				return fmt.Errorf("telling a letter's state: %w", err)
			}
		}
		if f.State == wire.MailDeferred {
			return nil
		}
		return waiting().Delete(tx, r.Letter.Key)
	})
}

// wait before the next try: doubling, but never so long that a person waiting
// for a code gives up first.
func wait(r row) time.Duration {
	most := otherWait
	if !r.Letter.Until.IsZero() {
		most = codeWait
	}
	return min(firstWait<<min(r.Tries, 16), most)
}

// messageID is the same for every try of a letter, so that the one case where
// a letter goes out twice (a power cut between the server's yes and our note
// of it) shows as the same mail.
func messageID(key string) string {
	sum := sha256.Sum256([]byte("unlockpoint letter " + key))
	return hex.EncodeToString(sum[:16])
}
