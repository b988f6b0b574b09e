package appliance

import (
	"context"

	"unlockpoint/device/journey"
	"unlockpoint/sync/wire"
)

// lookUp asks central how the card stands; without the link the local
// registry answers what it knows.
func (v *visit) lookUp(ctx context.Context) journey.LookedUp {
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

// takeCase opens a case where no questions are asked, or takes over the one
// that is open.
func (v *visit) takeCase(ctx context.Context) journey.CaseShown {
	reply, err := askProved[wire.CaseReply](ctx, v, wire.CaseTake, "", func(p wire.CardProof) any {
		return wire.CaseTakeBody{Card: v.info.ID, Proof: p, SealTo: v.seal.Public()}
	})
	return v.caseShown(reply, err)
}

func (v *visit) askCase(ctx context.Context, kind wire.Kind, id string) journey.CaseShown {
	reply, err := ask[wire.CaseReply](ctx, v, kind, wire.CaseBody{Case: id})
	return v.caseShown(reply, err)
}

func (v *visit) caseShown(reply wire.CaseReply, err error) journey.CaseShown {
	return journey.CaseShown{Problem: v.problem(err), Case: caseOf(reply.Case)}
}

func (v *visit) checkCode(ctx context.Context, e journey.CheckCode) journey.CodeChecked {
	defer e.Code.Wipe()
	reply, err := ask[wire.CodeCheckReply](ctx, v, wire.CodeCheck, wire.CodeCheckBody{Case: e.Case, Code: e.Code.Reveal()})
	return journey.CodeChecked{
		Problem: v.problem(err),
		Verdict: journey.Verdict(reply.Verdict),
		Locked:  reply.Locked,
		Case:    caseOf(reply.Case),
	}
}

func caseOf(c wire.CaseView) journey.Case {
	return journey.Case{
		ID: c.Case, Address: c.Address, New: c.New, SecondsLeft: c.SecondsLeft, TriesLeft: c.TriesLeft,
		SendsLeft: c.SendsLeft, ResendIn: c.ResendIn, Mail: string(c.Mail), Accepted: c.Accepted,
	}
}
