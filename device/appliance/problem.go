package appliance

import (
	"context"
	"errors"

	"unlockpoint/device/journey"
	"unlockpoint/device/uplink"
	"unlockpoint/reader"
	"unlockpoint/sync/wire"
)

// problem turns an error into what a person may be told about it. What is
// not expected is logged here, once, and becomes Internal.
func (v *visit) problem(err error) journey.Problem {
	if p, ok := known(err); ok {
		return p
	}
	v.a.cfg.Log.Error("serve a card", "session", v.session, "err", err)
	return journey.Internal
}

func known(err error) (journey.Problem, bool) {
	var refused *uplink.RefusedError
	if errors.As(err, &refused) {
		p, ok := refusals[refused.Refusal]
		return p, ok
	}
	for _, k := range errorProblems {
		if errors.Is(err, k.err) {
			return k.problem, true
		}
	}
	return journey.NoProblem, err == nil
}

var errorProblems = []struct {
	err     error
	problem journey.Problem
}{
	{errSlow, journey.LinkLost},
	{uplink.ErrLink, journey.LinkLost},
	{context.DeadlineExceeded, journey.LinkLost},
	{context.Canceled, journey.CardGone},
	{reader.ErrCardGone, journey.CardGone},
	{reader.ErrNoCard, journey.CardGone},
	{reader.ErrNoReader, journey.CardGone},
	{reader.ErrMute, journey.CardMute},
	{reader.ErrInUse, journey.CardInUse},
	{reader.ErrUnknownCard, journey.CardUnknown},
	{reader.ErrUnsupported, journey.CardUnserved},
	{reader.ErrCardReset, journey.CardFault},
	{reader.ErrNoProof, journey.ProofFailed},
	{reader.ErrPadTimeout, journey.PadUntyped},
	{reader.ErrPadCancelled, journey.PadUntyped},
	{reader.ErrPadLength, journey.PadLength},
	{reader.ErrPadDiffer, journey.PadDiffer},
	{reader.ErrNoPad, journey.PadUseless},
	{reader.ErrPadRefused, journey.PadUseless},
	{errPUKDoubt, journey.PUKDoubt},
	{errPUKUsedUp, journey.PUKUsedUp},
	{errPasscodeRule, journey.PasscodeRule},
}

var refusals = map[wire.Refusal]journey.Problem{
	wire.NewSession:    journey.LinkLost,
	wire.UnknownCard:   journey.CardUnknown,
	wire.Unregistered:  journey.Unregistered,
	wire.Locked:        journey.LockedOut,
	wire.Frozen:        journey.FrozenCard,
	wire.CodePage:      journey.CaseOpen,
	wire.NoCase:        journey.NoCase,
	wire.OtherTerminal: journey.HeldElsewhere,
	wire.TooSoon:       journey.TooSoon,
	wire.TooMany:       journey.TooMany,
	wire.NoProof:       journey.ProofFailed,
	wire.NoAddress:     journey.NoAddress,
	wire.BadAddress:    journey.BadAddress,
	wire.Retired:       journey.PUKUsedUp,
	wire.PUKDoubt:      journey.PUKDoubt,
	wire.Overspent:     journey.Overspent,
}
