package appliance

import (
	"context"
	"errors"

	"unlockpoint/device/journey"
	"unlockpoint/reader"
	"unlockpoint/reader/profiles"
	"unlockpoint/sync/wire"
)

// lookUp finds out how the card stands. A card with several applications is
// the one that central has a record of, else the first.
func (v *visit) lookUp(ctx context.Context) journey.LookedUp {
	first := v.lookAs(ctx)
	if first.Problem != journey.NoProblem || first.Standing != journey.Unknown {
		return first
	}
	for {
		card, info, err := profiles.After(ctx, v.meter, v.info.Profile)
		if errors.Is(err, reader.ErrUnknownCard) || errors.Is(err, reader.ErrUnsupported) {
			return v.lookBack(ctx, first)
		}
		if err != nil {
			return journey.LookedUp{Problem: v.problem(err)}
		}
		v.adopt(card, info)
		if got := v.lookAs(ctx); got.Problem != journey.NoProblem || got.Standing != journey.Unknown {
			got.Card = v.said()
			return got
		} else if !got.Online {
			first.Online = false // central may know the card by this one
		}
	}
}

// lookBack goes back to the first application of a card that nobody knows.
func (v *visit) lookBack(ctx context.Context, first journey.LookedUp) journey.LookedUp {
	card, info, err := profiles.Open(ctx, v.meter)
	if err != nil {
		return journey.LookedUp{Problem: v.problem(err)}
	}
	v.adopt(card, info)
	return first
}

// lookAs asks central about the application that is selected; without the link
// the local registry answers what it knows.
func (v *visit) lookAs(ctx context.Context) journey.LookedUp {
	reply, err := ask[wire.CardLookReply](ctx, v, wire.CardLook, wire.CardLookBody{Card: v.info.ID})
	if p := v.problem(err); p == journey.LinkLost {
		return v.lookUpHere()
	} else if p != journey.NoProblem {
		return journey.LookedUp{Problem: p, Online: true}
	}
	v.standing = reply
	return journey.LookedUp{
		Online:       true,
		Standing:     journey.Standing(reply.Standing),
		Asked:        reply.Asked,
		AttemptsLeft: reply.AttemptsLeft,
		CodeOnly:     reply.CodeOnly,
		Case:         reply.Case,
		Accepted:     reply.Accepted,
		SecondsLeft:  reply.SecondsLeft,
		LastUnlock:   reply.LastUnlock,
	}
}

func (v *visit) lookUpHere() journey.LookedUp {
	row, found, err := v.a.store.Card(v.hash)
	switch {
	case err != nil:
		return journey.LookedUp{Problem: v.problem(err)}
	case !found:
		return journey.LookedUp{Standing: journey.Unknown}
	}
	return journey.LookedUp{Standing: journey.Standing(row.Standing), Asked: row.Asked}
}
