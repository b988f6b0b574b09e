package session

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

const (
	life       = 24 * time.Hour // of a session (PROTOCOL, "Link session, requests, facts")
	nonceBytes = 32
	remembered = 32 // sessions given to a terminal that we can tell from ones we did not give
)

// A live session.
type live struct {
	Sess   string    `json:"sess"`
	Nonce  []byte    `json:"nonce"` // for card proofs
	SealTo []byte    `json:"seal_to"`
	Since  time.Time `json:"since"`

	// Suspect is what was wrong with the hello. It counts only once the
	// session is used, which proves that the hello was not an old one that
	// somebody on the way has sent again.
	Suspect string `json:"suspect,omitempty"`
}

func (l *live) is(sess string, now time.Time) bool {
	return l != nil && sess != "" && l.Sess == sess && now.Sub(l.Since) < life
}

// links is what central knows of a terminal's sessions. A hello makes the
// next one; its first request makes it the current one and ends the one
// before. So a hello that is played back ends nothing.
type links struct {
	Current *live    `json:"current,omitempty"`
	Next    *live    `json:"next,omitempty"`
	Given   []string `json:"given,omitempty"` // the newest, oldest first
}

func sessions() store.Table[links] { return store.Table[links]{Name: "session"} }

// hello gives the terminal a session.
func (s *Server) hello(ctx context.Context, in incoming) ([]Out, error) {
	var body wire.HelloBody
	if err := wire.Decode(in.plain, &body); err != nil || !sound(body) {
		return nil, drop("malformed")
	}
	var note []byte
	err := s.Store.Update(ctx, func(tx store.Tx) (err error) {
		if in.from, err = serving(tx, in.from.ID); err != nil {
			return err
		}
		if note, err = answered(tx, in.letter); err != nil || note != nil {
			return err
		}
		note, err = s.welcome(tx, in, body)
		return err
	})
	if errors.Is(err, errOtherText) {
		s.Log.Warn("hello with a used id and another text", "terminal", in.from.ID)
		return nil, drop("other-body")
	}
	if err != nil {
		return nil, err
	}
	return down(in, wire.ClassReply, note), nil
}

// sound holds a hello against its form. Sealing to its key is tried here so
// that no later reply can fail on it.
func sound(h wire.HelloBody) bool {
	_, err := wire.Seal(h.SealTo, "", wire.Envelope{}, nil)
	return err == nil && len(h.Nonce) >= 16 && len(h.Nonce) <= 64 && validInc(h.Inc) && validHash(h.Inc, h.Chain)
}

// validInc accepts 128 bits in hex.
func validInc(inc string) bool {
	raw, err := hex.DecodeString(inc)
	return err == nil && len(raw) == 16
}

// validHash accepts a SHA-256 in hex, or the incarnation itself: h0.
func validHash(inc, chain string) bool {
	raw, err := hex.DecodeString(chain)
	return err == nil && (len(raw) == 32 || chain == inc)
}

func (s *Server) welcome(tx store.Tx, in incoming, h wire.HelloBody) ([]byte, error) {
	l, _, err := sessions().Find(tx, in.from.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the sessions of %s: %w", in.from.ID, err)
	}
	mark, err := markOf(tx, in.from.ID, h.Inc)
	if err != nil {
		return nil, err
	}
	next := live{Sess: wire.NewID(), Nonce: random(), SealTo: h.SealTo, Since: s.Now(), Suspect: mark.contradicts(h)}
	switch {
	case l.lost(h.Prev, next.Sess):
		s.Log.Warn("a terminal was given a session that this store knows nothing of: it is a backup", "terminal", in.from.ID)
		l.Given = append(l.Given, h.Prev)
		if err := registry.Restored(tx, in.from.Site, h.Epoch); err != nil {
			return nil, err
		}
	case !l.gave(h.Prev):
		next.Suspect = "it names a session that it was not given"
	}
	l.Next = &next
	l.Given = append(l.Given, next.Sess)
	l.Given = l.Given[max(0, len(l.Given)-remembered):]
	if err := sessions().Put(tx, in.from.ID, l); err != nil {
		return nil, fmt.Errorf("writing the sessions of %s: %w", in.from.ID, err)
	}
	settings, err := s.Settings(tx, in.from)
	if err != nil {
		return nil, err
	}
	note, err := s.plain(s.replyTo(in.letter), wire.WelcomeBody{
		Nonce: h.Nonce, Time: s.Now(), Sess: next.Sess, Prove: next.Nonce,
		Acked: mark.Seq, Settings: settings,
	})
	if err != nil {
		return nil, err
	}
	return note, keep(tx, in.letter, note, s.Now())
}

// gave says whether the terminal was given a session, as far as we remember:
// ids sort by time, and one older than all that we know gets the benefit.
func (l links) gave(sess string) bool {
	return sess == "" || slices.Contains(l.Given, sess) ||
		len(l.Given) == remembered && sess < l.Given[0]
}

// lost says whether a session was given after all that we know and before the
// next one: by this central, whose store is older now, as a backup took its
// place. To take that for two holders of one identity would quarantine the
// fleet.
func (l links) lost(sess, next string) bool {
	return sess != "" && sess < next && (len(l.Given) == 0 || sess > l.Given[len(l.Given)-1])
}

// enter returns the session that a request names, nil when it is dead. The
// first request of a new session makes it current, and tells that the hello
// was fresh: what was suspect about it counts now.
func (s *Server) enter(tx store.Tx, in incoming) (*live, error) {
	l, _, err := sessions().Find(tx, in.from.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the sessions of %s: %w", in.from.ID, err)
	}
	if l.Current.is(in.note.Sess, s.Now()) {
		return l.Current, nil
	}
	if !l.Next.is(in.note.Sess, s.Now()) {
		return nil, nil
	}
	l.Current, l.Next = l.Next, nil
	if why := l.Current.Suspect; why != "" {
		if err := s.quarantine(tx, in, why); err != nil {
			return nil, err
		}
	}
	return l.Current, sessions().Put(tx, in.from.ID, l)
}

// quarantine keeps a terminal's facts and requests out until somebody has
// looked at it.
func (s *Server) quarantine(tx store.Tx, in incoming, why string) error {
	s.Log.Error("alarm: terminal put into quarantine", "terminal", in.from.ID, "why", why)
	s.Metrics.alarms.Inc()
	return errors.Join(terminals.SetQuarantine(tx, in.from.ID, why),
		fleet.Happened(tx, wire.Event{At: s.Now(), Kind: wire.Quarantined, Terminal: in.from.ID, Site: in.from.Site, Text: why}))
}

func random() []byte {
	b := make([]byte, nonceBytes)
	rand.Read(b) // crypto/rand never fails: it ends the program instead
	return b
}
