package appliance

import (
	"context"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles"
	"unlockpoint/sync/wire"
)

// readCard powers the card and reads what it says, before anything is asked
// of the person.
func (v *visit) readCard(ctx context.Context) journey.CardRead {
	if err := v.openCard(ctx); err != nil {
		return journey.CardRead{Problem: v.problem(err)}
	}
	return v.said()
}

// said is what the card says, in the journey's words.
func (v *visit) said() journey.CardRead {
	info := v.info
	unfinished, err := v.settle(info)
	if err != nil {
		return journey.CardRead{Problem: v.problem(err)}
	}
	return journey.CardRead{
		Hash:     v.hash,
		Profile:  info.Profile,
		Rule:     journey.Rule(v.a.narrow(info.Rule)),
		Tries:    info.Tries,
		PUKTries: info.PUKTries, NotBefore: info.NotBefore, NotAfter: info.NotAfter,
		Certificate: !info.NotAfter.IsZero(),
		DaysLeft:    daysUntil(v.a.now(), info.NotAfter),
		Unfinished:  unfinished,
		FactoryKey:  info.Factory,
		Preferences: v.a.recall(v.hash),
		PadVerifies: v.padVerifies(),
		PadChanges:  v.padChanges(),
	}
}

// settle reports whether an unlock of this card was cut short here. Of a card
// that works this is said once.
func (v *visit) settle(info reader.Info) (bool, error) {
	_, unfinished, err := v.a.store.Unfinished(v.hash)
	if err != nil || !unfinished || info.Tries == 0 {
		return unfinished, err
	}
	return true, v.a.store.Settle(v.hash, info.PUKTries)
}

// openCard powers the card and reads its first profile.
func (v *visit) openCard(ctx context.Context) error {
	v.release()
	link, err := v.a.cfg.Slot.Open(ctx)
	if err != nil {
		return fmt.Errorf("power the card: %w", err)
	}
	v.link, v.meter = link, iso7816.NewMeter(link, time.Now)
	if link.Insertion() != v.number { // swapped since: the loop will hear of it
		return reader.ErrCardGone
	}
	if v.a.withdrawn(link.ATR()) {
		return fmt.Errorf("a generation that was withdrawn: %w", reader.ErrUnsupported)
	}
	if v.seal, err = wire.GenerateSealKey(); err != nil {
		return err
	}
	card, info, err := profiles.Open(ctx, v.meter)
	if err != nil {
		return fmt.Errorf("recognise the card: %w", err)
	}
	v.adopt(card, info)
	return nil
}

func (a *Appliance) withdrawn(atr []byte) bool {
	text := hex.EncodeToString(atr)
	return slices.ContainsFunc(a.cfg.Withdrawn, func(pattern string) bool {
		match, err := path.Match(strings.ToLower(pattern), text)
		return match && err == nil
	})
}

// adopt makes the card the one that the visit is about.
func (v *visit) adopt(card reader.Card, info reader.Info) {
	v.card, v.info = card, info
	v.hash = wire.CardHash(v.a.cfg.Identity.RegistryKey, info.ID)
}

// narrow gives the stricter of policy and card.
func (a *Appliance) narrow(card reader.Rule) reader.Rule {
	p, _ := a.store.Rules()
	return reader.Rule{
		Min:    max(p.PasscodeMin, card.Min),
		Max:    min(p.PasscodeMax, card.Max),
		Digits: card.Digits,
	}
}

func daysUntil(now, then time.Time) int {
	if then.IsZero() {
		return 0
	}
	left := then.Sub(now)
	if left < 0 {
		return -1 - int(-left/(24*time.Hour))
	}
	return int(left / (24 * time.Hour))
}

// pads are the card and the reader's own keys, if a passcode can be typed there.
func (v *visit) pads() (card reader.PadCard, keys reader.Pad, ok bool) {
	card, digits := v.card.(reader.PadCard)
	link, keyed := v.link.(reader.PinPad)
	if !digits || !keyed {
		return nil, reader.Pad{}, false
	}
	return card, link.Pad(), true
}

// padVerifies reports whether the passcode that the card has may be typed
// there.
func (v *visit) padVerifies() bool {
	_, keys, ok := v.pads()
	return ok && keys.Verifies && keys.Takes(v.info.Rule)
}

// padChanges reports whether a new one may be as well: the keys hold it to its
// length, and to nothing else.
func (v *visit) padChanges() bool {
	_, keys, ok := v.pads()
	policy, _ := v.a.store.Rules()
	return ok && policy.ChangeAtPad && keys.Changes && keys.Takes(v.a.narrow(v.info.Rule))
}

func (v *visit) verify(ctx context.Context, e journey.VerifyPasscode) journey.Verified {
	defer e.Passcode.Wipe()
	if v.card == nil {
		return journey.Verified{Problem: journey.CardGone}
	}
	out, err := v.verifyWhere(ctx, e)
	if err == nil {
		out, err = v.counted(ctx, out)
	}
	if err != nil {
		return journey.Verified{Problem: v.problem(err)}
	}
	return journey.Verified{OK: out.Result == reader.OK, TriesLeft: out.Tries}
}

func (v *visit) verifyWhere(ctx context.Context, e journey.VerifyPasscode) (reader.Outcome, error) {
	if e.AtPad {
		card, _, ok := v.pads()
		if !ok || !v.padVerifies() {
			return reader.Outcome{}, reader.ErrNoPad
		}
		return card.VerifyAtPad(ctx)
	}
	pin := e.Passcode.Bytes()
	defer clear(pin)
	return v.card.Verify(ctx, pin)
}

func (v *visit) change(ctx context.Context, e journey.ChangePasscode) journey.PasscodeChanged {
	defer e.Old.Wipe()
	defer e.New.Wipe()
	if v.card == nil {
		return journey.PasscodeChanged{Problem: journey.CardGone}
	}
	out, err := v.changeWhere(ctx, e)
	if err == nil {
		out, err = v.counted(ctx, out)
	}
	switch {
	case err != nil:
		return journey.PasscodeChanged{Problem: v.problem(err)}
	case out.Result == reader.Refused:
		return journey.PasscodeChanged{Problem: journey.PasscodeRule, TriesLeft: out.Tries}
	}
	return journey.PasscodeChanged{OK: out.Result == reader.OK, TriesLeft: out.Tries}
}

func (v *visit) changeWhere(ctx context.Context, e journey.ChangePasscode) (reader.Outcome, error) {
	if e.AtPad {
		card, _, ok := v.pads()
		if !ok || !v.padChanges() {
			return reader.Outcome{}, reader.ErrNoPad
		}
		return card.ChangeAtPad(ctx, v.a.narrow(v.info.Rule))
	}
	before, after := e.Old.Bytes(), e.New.Bytes()
	defer clear(before)
	defer clear(after)
	return v.card.Change(ctx, before, after)
}

// counted notes the tries left of a card that did not take a passcode, and asks
// for them if it did not say: the last one is never spent without a word.
func (v *visit) counted(ctx context.Context, out reader.Outcome) (reader.Outcome, error) {
	if out.Result == reader.OK {
		return out, nil
	}
	if out.Tries == reader.Unknown {
		var err error
		if out.Tries, err = v.card.Tries(ctx); err != nil {
			return out, err
		}
	}
	v.info.Tries = out.Tries
	return out, nil
}
