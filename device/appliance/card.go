package appliance

import (
	"context"
	"fmt"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/reader"
	"unlockpoint/reader/piv"
	"unlockpoint/sync/wire"
)

// readCard powers the card and reads what it says, before anything is asked
// of the person.
func (v *visit) readCard(ctx context.Context) journey.CardRead {
	info, err := v.openCard(ctx)
	if err != nil {
		return journey.CardRead{Problem: v.problem(err)}
	}
	v.info = info
	v.hash = wire.CardHash(v.a.cfg.Identity.RegistryKey, info.ID)
	unfinished, err := v.settle(info)
	if err != nil {
		return journey.CardRead{Problem: v.problem(err)}
	}
	return journey.CardRead{
		Profile:  profileNames[info.Profile],
		Rule:     v.a.narrow(info.Rule),
		Tries:    info.Tries,
		PUKTries: info.PUKTries, NotBefore: info.NotBefore, NotAfter: info.NotAfter,
		Certificate: !info.NotAfter.IsZero(),
		DaysLeft:    daysUntil(v.a.cfg.Now(), info.NotAfter),
		Unfinished:  unfinished,
	}
}

// settle reports whether an unlock of this card was cut short here. A card
// that is seen unblocked closes it: whatever was sent, the card took it.
func (v *visit) settle(info reader.Info) (bool, error) {
	_, unfinished, err := v.a.store.Unfinished(v.hash)
	if err != nil || !unfinished || info.Tries == 0 {
		return unfinished, err
	}
	return true, v.a.store.Settle(v.hash, info.PUKTries)
}

// profileNames are what people call the kinds of card.
var profileNames = map[string]string{"piv": "NHS smartcard"}

func (v *visit) openCard(ctx context.Context) (reader.Info, error) {
	v.release()
	link, err := v.a.cfg.Slot.Open(ctx)
	if err != nil {
		return reader.Info{}, fmt.Errorf("power the card: %w", err)
	}
	v.link = link
	if link.Insertion() != v.number { // swapped since: the loop will hear of it
		return reader.Info{}, reader.ErrCardGone
	}
	if v.card, err = piv.Open(ctx, link); err != nil {
		return reader.Info{}, fmt.Errorf("recognise the card: %w", err)
	}
	info, err := v.card.Info(ctx)
	if err != nil {
		return info, fmt.Errorf("read the card: %w", err)
	}
	v.seal, err = wire.GenerateSealKey()
	return info, err
}

// narrow gives the stricter of policy and card.
func (a *Appliance) narrow(card reader.Rule) journey.Rule {
	p, _ := a.store.Rules()
	return journey.Rule{
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

func (v *visit) verify(ctx context.Context, e journey.VerifyPasscode) journey.Verified {
	defer e.Passcode.Wipe()
	if v.card == nil {
		return journey.Verified{Problem: journey.CardGone}
	}
	pin := []byte(e.Passcode.Reveal())
	defer clear(pin)
	out, err := v.card.Verify(ctx, pin)
	if err != nil {
		return journey.Verified{Problem: v.problem(err)}
	}
	return journey.Verified{OK: out.Result == reader.OK, TriesLeft: out.Tries}
}

func (v *visit) change(ctx context.Context, e journey.ChangePasscode) journey.PasscodeChanged {
	defer e.Old.Wipe()
	defer e.New.Wipe()
	if v.card == nil {
		return journey.PasscodeChanged{Problem: journey.CardGone}
	}
	before, after := []byte(e.Old.Reveal()), []byte(e.New.Reveal())
	defer clear(before)
	defer clear(after)
	out, err := v.card.Change(ctx, before, after)
	switch {
	case err != nil:
		return journey.PasscodeChanged{Problem: v.problem(err)}
	case out.Result == reader.Refused:
		return journey.PasscodeChanged{Problem: journey.PasscodeRule, TriesLeft: out.Tries}
	}
	return journey.PasscodeChanged{OK: out.Result == reader.OK, TriesLeft: out.Tries}
}
