package appliance

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"unlockpoint/device/journey"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/wire"
)

// registering is a registration under way. Central evaluates it once: when
// that answer is lost for good, a new registration is begun without asking
// the person anything again.
type registering struct {
	begun wire.RegisterBeginReply
	asked bool // the evaluation was asked for
	keys  []wire.QuestionKey
}

func (v *visit) beginRegistration(ctx context.Context) journey.RegistrationBegun {
	if err := v.mintRegistration(ctx); err != nil {
		return journey.RegistrationBegun{Problem: v.problem(err)}
	}
	begun := v.pending.begun
	return journey.RegistrationBegun{Address: begun.Address, Local: begun.Local}
}

func (v *visit) mintRegistration(ctx context.Context) error {
	begun, err := askProved[wire.RegisterBeginReply](ctx, v, wire.RegisterBegin, "", func(p wire.CardProof) any {
		return wire.RegisterBeginBody{Card: v.info.ID, Proof: p, SealTo: v.seal.Public()}
	})
	if err != nil {
		return err
	}
	v.pending = &registering{begun: begun}
	return nil
}

// makeKeys turns the answers into keys, and keeps their public halves.
func (v *visit) makeKeys(ctx context.Context, e journey.MakeKeys) journey.KeysMade {
	defer wipeAnswers(e.Answers)
	if v.pending == nil {
		return journey.KeysMade{Problem: journey.NoCase}
	}
	return journey.KeysMade{Problem: v.problem(v.deriveKeys(ctx, e.Answers))}
}

// enrol hands in what was kept; central then mails a code.
func (v *visit) enrol(ctx context.Context, e journey.Enrol) journey.CaseShown {
	if v.pending == nil {
		return journey.CaseShown{Problem: journey.NoCase}
	}
	return v.caseShown(ask[wire.CaseReply](ctx, v, wire.RegisterSubmit, wire.RegisterSubmitBody{
		Registration: v.pending.begun.Registration, Keys: v.pending.keys, Address: e.NewAddress, SealTo: v.seal.Public(),
	}))
}

func (v *visit) deriveKeys(ctx context.Context, answers []journey.Answer) error {
	if v.pending.asked {
		if err := v.mintRegistration(ctx); err != nil {
			return err
		}
	}
	r := v.pending
	blinded, err := blind(answers)
	if err != nil {
		return fmt.Errorf("blind answers: %w", err)
	}
	defer blinded.Wipe()
	forms := formsOf(r.begun, answers)
	body := wire.RegisterEvaluateBody{Registration: r.begun.Registration, Elements: blinded.Elements(), SealTo: v.seal.Public()}
	for _, f := range forms {
		body.Questions = append(body.Questions, f.Question)
	}
	r.asked = true
	reply, err := ask[wire.Evaluated](ctx, v, wire.RegisterEvaluate, body)
	if err != nil {
		return err
	}
	keys, err := blinded.Keys(reply.Elements, r.begun.Registration, forms)
	if err != nil {
		return fmt.Errorf("turn answers into keys: %w", err)
	}
	r.keys = v.publicHalves(keys, forms)
	return nil
}

func formsOf(begun wire.RegisterBeginReply, answers []journey.Answer) []wire.KeyForm {
	forms := make([]wire.KeyForm, len(answers))
	for i, a := range answers {
		forms[i] = wire.KeyForm{Question: a.Question, Normaliser: begun.Normaliser, OPRF: begun.OPRF, Argon: begun.Argon}
	}
	return forms
}

// publicHalves signs each public key with its own secret half, which then is
// gone.
func (v *visit) publicHalves(keys []ed25519.PrivateKey, forms []wire.KeyForm) []wire.QuestionKey {
	defer answer.WipeKeys(keys)
	out := make([]wire.QuestionKey, len(keys))
	for i, key := range keys {
		public := []byte(key.Public().(ed25519.PublicKey))
		text := answer.EnrolText(v.pending.begun.Registration, v.info.ID, forms[i], public)
		out[i] = wire.QuestionKey{Form: forms[i], Public: public, Signature: ed25519.Sign(key, text)}
	}
	return out
}
