package uplink

import (
	"errors"
	"fmt"

	"unlockpoint/sync/wire"
)

// voice is how the terminal speaks and whom it believes now.
func (u *Uplink) voice() voice { return *u.spoken.Load() }

// speak has it speak as an identity says.
func (u *Uplink) speak(me wire.Identity) error {
	v, err := newVoice(me)
	u.spoken.Store(&v)
	return err
}

// record changes the identity on the disk: one change after the other, since
// each writes all that it has read.
func (u *Uplink) record(change func(*wire.Identity)) error {
	if u.cfg.Keep == nil {
		return errors.New("there is nowhere to keep it")
	}
	u.keeping.Lock()
	defer u.keeping.Unlock()
	return u.cfg.Keep(change)
}

// keys takes the list of central's keys. The root that the terminal has known
// since it joined has signed it, or it is nobody's; and none is older than the
// newest that was believed: whoever has stolen keys that were replaced could
// show the list of before.
func (t *talk) keys(raw []byte) error {
	me := t.u.voice().me
	if len(me.Root) == 0 {
		return errors.New("the terminal knows no root")
	}
	l, err := wire.OpenKeyList(raw, me.Root)
	switch {
	case err != nil:
		return err
	case l.Realm != me.Realm:
		return errors.New("a list of another realm")
	case l.Version < me.Keys:
		t.u.cfg.Log.Error("alarm: an older list of central's keys was shown", "version", l.Version, "believed", me.Keys)
		return errors.New("an older list than the one that is believed")
	case l.Version == me.Keys:
		return nil
	}
	return t.believe(me, l)
}

// believe keeps a newer list, and begins a new session where it has other keys
// than those that were believed.
func (t *talk) believe(me wire.Identity, l wire.KeyList) error {
	other := !l.Central.Equal(me.Central)
	change := func(i *wire.Identity) { i.Central, i.Keys = l.Central, l.Version }
	if err := t.u.record(change); err != nil {
		return fmt.Errorf("keep the list of central's keys: %w", err)
	}
	change(&me)
	if err := t.u.speak(me); err != nil {
		return err
	}
	t.u.cfg.Log.Info("central's keys", "version", l.Version, "changed", other)
	if other {
		t.leave()
		t.greet()
		t.tell()
	}
	return nil
}
