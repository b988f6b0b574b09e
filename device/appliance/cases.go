package appliance

import (
	"context"

	"unlockpoint/device/journey"
	"unlockpoint/sync/wire"
)

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
	code := e.Code.Bytes()
	defer clear(code)
	return v.codeChecked(ask[wire.CodeCheckReply](ctx, v, wire.CodeCheck, wire.CodeCheckBody{Case: e.Case, Code: code}))
}

// tryAssist types the IT booth's code: it stands for questions and mail, not
// for the card.
func (v *visit) tryAssist(ctx context.Context, e journey.TryAssist) journey.CodeChecked {
	defer e.Code.Wipe()
	code := e.Code.Bytes()
	defer clear(code)
	return v.codeChecked(askProved[wire.CodeCheckReply](ctx, v, wire.AssistTake, "", func(p wire.CardProof) any {
		return wire.AssistTakeBody{Card: v.info.ID, Code: code, Proof: p, SealTo: v.seal.Public()}
	}))
}

func (v *visit) codeChecked(reply wire.CodeCheckReply, err error) journey.CodeChecked {
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
		SendsLeft: c.SendsLeft, ResendIn: c.ResendIn, Mail: string(c.Mail), Accepted: c.Accepted, Assist: c.Assist,
	}
}
