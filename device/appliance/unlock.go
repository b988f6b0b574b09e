package appliance

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"unlockpoint/device/journey"
	"unlockpoint/device/store"
	"unlockpoint/device/uplink"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/sync/wire"
)

var (
	errPUKDoubt     = errors.New("no PUK try may be spent on finding out which PUK the card has")
	errPUKUsedUp    = errors.New("the card's PUK is used up")
	errPasscodeRule = errors.New("the card refused the new passcode")
	errStillBlocked = errors.New("the card says that it is still blocked")
)

// leastPUKTries is what must be left before a PUK may be tried: the last try
// is never spent on finding out (PROTOCOL, "Cases, codes, grants").
const leastPUKTries = 2

// unlock fetches the grant with the card's proof, sets the new passcode,
// gives the card its next PUK and reads the state back. The journal knows
// before each command what is about to happen and after it what did.
func (v *visit) unlock(ctx context.Context, e journey.Unlock) journey.Unlocked {
	defer e.Passcode.Wipe()
	grant, err := v.askGrant(ctx, e.Case)
	if err != nil {
		return journey.Unlocked{Problem: v.problem(err)}
	}
	defer wipeGrant(grant)
	passcode := e.Passcode.Bytes()
	defer clear(passcode)
	return journey.Unlocked{Problem: v.problem(v.useGrant(ctx, e.Case, grant, passcode))}
}

func wipeGrant(g wire.Grant) {
	clear(g.Current)
	clear(g.Next)
}

// useGrant is the part in which the card changes.
func (v *visit) useGrant(ctx context.Context, caseID string, grant wire.Grant, passcode []byte) error {
	journal, err := v.a.store.BeginUnlock(v.hash, caseID, grant.Generation, v.info.Tries != 0)
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	used, err := v.reset(ctx, journal, grant, passcode)
	if err == nil && used == wire.PUKCurrent && v.info.Rotates && len(grant.Next) > 0 {
		err = v.overlook(v.renewPUK(ctx, journal, grant))
	}
	if err == nil {
		err = v.overlook(v.readBack(ctx))
	}
	return errors.Join(err, journal.Finish())
}

// overlook logs what a card answered that took the new passcode and should
// have said something else: the person is unlocked, and the journal has what
// was sent.
func (v *visit) overlook(err error) error {
	if _, answered := errors.AsType[iso7816.StatusError](err); !answered {
		return err
	}
	v.a.cfg.Log.Warn("a card that is unlocked", "session", v.session, "err", err)
	return nil
}

// readBack looks at the card once more: what it says now is the truth.
func (v *visit) readBack(ctx context.Context) error {
	tries, err := v.card.Tries(ctx)
	if err != nil {
		return fmt.Errorf("read the card back: %w", err)
	}
	if tries == 0 {
		return errStillBlocked
	}
	return nil
}

// reset sets the passcode with the PUK the card should have, and tells which
// one the card took. The card's last try is never spent.
func (v *visit) reset(ctx context.Context, journal *store.Unlock, grant wire.Grant, passcode []byte) (wire.PUKState, error) {
	left := journal.Left()
	if v.info.PUKTries != reader.Unknown {
		left = v.info.PUKTries // by the card itself, just now
	}
	for _, which := range order(grant, journal) {
		if left == 0 {
			return which, errPUKUsedUp
		}
		if left != reader.Unknown && left < leastPUKTries {
			break
		}
		out, err := v.resetWith(ctx, journal, which, pukOf(grant, which), passcode)
		if err != nil || out.Result != reader.Wrong {
			return which, errors.Join(err, resetError(out))
		}
		if left = out.Tries; left == reader.Unknown {
			break
		}
	}
	return wire.PUKUnknown, errPUKDoubt
}

// order is which keys of the grant to try, the likelier one first: without
// those that the card has refused, here or elsewhere.
func order(g wire.Grant, journal *store.Unlock) []wire.PUKState {
	all := []wire.PUKState{wire.PUKCurrent, wire.PUKNext}
	if g.NextFirst || journal.NextFirst() {
		slices.Reverse(all)
	}
	return slices.DeleteFunc(all, func(which wire.PUKState) bool {
		return len(pukOf(g, which)) == 0 || slices.Contains(g.Wrong, which) || journal.Refused(which)
	})
}

func pukOf(g wire.Grant, which wire.PUKState) []byte {
	if which == wire.PUKNext {
		return g.Next
	}
	return g.Current
}

func resetError(out reader.Outcome) error {
	switch out.Result {
	case reader.Refused:
		return errPasscodeRule
	case reader.Blocked:
		return errPUKUsedUp
	}
	return nil
}

func (v *visit) resetWith(ctx context.Context, journal *store.Unlock, which wire.PUKState, puk, passcode []byte) (reader.Outcome, error) {
	if err := journal.BeforeReset(which); err != nil {
		return reader.Outcome{}, err
	}
	out, err := v.card.Unblock(ctx, puk, passcode)
	if err != nil {
		return out, fmt.Errorf("set the new passcode: %w", err)
	}
	return out, journal.AfterReset(store.Answer{
		Done: out.Result == reader.OK, Wrong: out.Result == reader.Wrong, Left: out.Tries, Half: out.Half,
	})
}

// renewPUK gives the card its next PUK. The person is unlocked already: that
// the card refused is told to central and not to them.
func (v *visit) renewPUK(ctx context.Context, journal *store.Unlock, grant wire.Grant) error {
	if err := journal.BeforeChange(); err != nil {
		return err
	}
	out, err := v.card.ChangePUK(ctx, grant.Current, grant.Next)
	if err != nil {
		return fmt.Errorf("renew the PUK: %w", err)
	}
	return journal.AfterChange(out.Result == reader.OK)
}

// askGrant asks for what unblocks this card. Proof, grant and use are under one
// exclusive handle: it is dead as soon as the card is out, so that no other
// card meets the grant. Each grant has a key of its own: then no digest is put
// to the card twice, and central answers none twice.
func (v *visit) askGrant(ctx context.Context, caseID string) (wire.Grant, error) {
	var err error
	if v.seal, err = wire.GenerateSealKey(); err != nil {
		return wire.Grant{}, err
	}
	reply, err := askProved[uplink.GrantReply](ctx, v, wire.UnlockGrant, caseID, func(p wire.CardProof) any {
		return wire.UnlockGrantBody{Case: caseID, Card: v.info.ID, Proof: p, SealTo: v.seal.Public()}
	})
	if err != nil {
		return wire.Grant{}, err
	}
	return v.a.uplink.OpenGrant(reply, v.seal)
}
