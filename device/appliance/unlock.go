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
	"unlockpoint/sync/wire"
)

var (
	errPUKDoubt     = errors.New("no PUK try may be spent on finding out which PUK the card has")
	errPUKUsedUp    = errors.New("the card's PUK is used up")
	errPasscodeRule = errors.New("the card refused the new passcode")
	errStillBlocked = errors.New("the card says that it is still blocked")
)

// leastPUKTries is what must be left before a second PUK may be tried: the
// last try is never spent on finding out (PROTOCOL, "Cases, codes, grants").
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
	passcode := []byte(e.Passcode.Reveal())
	defer clear(passcode)
	return journey.Unlocked{Problem: v.problem(v.useGrant(ctx, e.Case, grant, passcode))}
}

func wipeGrant(g wire.Grant) {
	clear(g.Current)
	clear(g.Next)
}

// useGrant is the part in which the card changes.
func (v *visit) useGrant(ctx context.Context, caseID string, grant wire.Grant, passcode []byte) error {
	journal, err := v.a.store.BeginUnlock(v.hash, caseID, grant.Generation)
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	used, left, err := v.reset(ctx, journal, grant, passcode)
	if err == nil && used == wire.PUKCurrent && v.info.Rotates {
		err = v.renewPUK(ctx, journal, grant)
	}
	if err == nil {
		err = v.readBack(ctx)
	}
	return errors.Join(err, journal.Finish(left))
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

// reset sets the passcode with the PUK the card should have. It tells which
// one the card took and the PUK tries it has left, if it said so.
func (v *visit) reset(ctx context.Context, journal *store.Unlock, grant wire.Grant, passcode []byte) (wire.PUKState, int, error) {
	order := []wire.PUKState{wire.PUKCurrent, wire.PUKNext}
	if grant.NextFirst || journal.NextFirst() {
		slices.Reverse(order)
	}
	left := reader.Unknown
	for _, which := range order {
		out, err := v.resetWith(ctx, journal, which, pukOf(grant, which), passcode)
		if err != nil {
			return which, reader.Unknown, err
		}
		if out.Result != reader.Wrong {
			return which, out.Tries, resetError(out)
		}
		if left = out.Tries; left < leastPUKTries {
			break
		}
	}
	return wire.PUKUnknown, left, errPUKDoubt
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
	return out, journal.AfterReset(out.Result == reader.OK)
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
// card meets the grant.
func (v *visit) askGrant(ctx context.Context, caseID string) (wire.Grant, error) {
	reply, err := askProved[uplink.GrantReply](ctx, v, wire.UnlockGrant, caseID, func(p wire.CardProof) any {
		return wire.UnlockGrantBody{Case: caseID, Card: v.info.ID, Proof: p, SealTo: v.seal.Public()}
	})
	if err != nil {
		return wire.Grant{}, err
	}
	return v.a.uplink.OpenGrant(reply, v.seal)
}
