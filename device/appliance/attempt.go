package appliance

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"unlockpoint/device/journey"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/wire"
)

// attempting is an attempt under way: kept until central has said yes or no,
// so that a lost answer is asked for again and not paid for again. Blinds and
// keys live in memory only.
type attempting struct {
	answers []journey.Answer
	blinded answer.Blinded
	begun   wire.AttemptBeginReply
	body    *wire.AttemptBeginBody
	prove   *wire.AttemptProveBody
}

func (t *attempting) wipe() {
	wipeAnswers(t.answers)
	t.blinded.Wipe()
}

func wipeAnswers(answers []journey.Answer) {
	for _, a := range answers {
		a.Text.Wipe()
	}
}

// same reports whether the person tries the same answers once more.
func (t *attempting) same(answers []journey.Answer) bool {
	if t == nil || len(t.answers) != len(answers) {
		return false
	}
	for i, a := range answers {
		if a.Question != t.answers[i].Question || !a.Text.Same(t.answers[i].Text) {
			return false
		}
	}
	return true
}

// tryAnswers spends one attempt on all asked answers together and asks
// central for its one yes or no.
func (v *visit) tryAnswers(ctx context.Context, e journey.TryAnswers) journey.AnswersTried {
	if v.attempt.same(e.Answers) {
		wipeAnswers(e.Answers)
	} else {
		blinded, err := blind(e.Answers)
		if err != nil {
			return journey.AnswersTried{Problem: v.problem(err)}
		}
		v.attempt = &attempting{answers: e.Answers, blinded: blinded}
	}
	reply, err := v.proveAnswers(ctx)
	problem := v.problem(err)
	if problem != journey.LinkLost {
		v.attempt.wipe()
		v.attempt = nil
	}
	got := journey.AnswersTried{Problem: problem, Right: reply.Right, AttemptsLeft: reply.AttemptsLeft}
	if reply.Case != nil {
		got.Case = caseOf(*reply.Case)
	}
	return got
}

func blind(answers []journey.Answer) (answer.Blinded, error) {
	texts := make([][]byte, len(answers))
	for i, a := range answers {
		typed := a.Text.Bytes()
		text, err := answer.Normalise(typed)
		clear(typed)
		if err != nil {
			// Nothing usable was typed. It is still one answer: central counts
			// attempts, and an empty one is as wrong as any other.
			text = []byte("-")
		}
		texts[i] = text
	}
	return answer.Blind(texts)
}

func (v *visit) proveAnswers(ctx context.Context) (wire.AttemptProveReply, error) {
	if err := v.beginAttempt(ctx); err != nil {
		return wire.AttemptProveReply{}, err
	}
	if err := v.signAttempt(); err != nil {
		return wire.AttemptProveReply{}, err
	}
	return ask[wire.AttemptProveReply](ctx, v, wire.AttemptProve, *v.attempt.prove)
}

// beginAttempt has the answers evaluated; central debits one attempt. The
// body is built once: a second try sends the same one.
func (v *visit) beginAttempt(ctx context.Context) error {
	t := v.attempt
	if t.begun.Attempt != "" {
		return nil
	}
	if t.body != nil {
		reply, err := ask[wire.AttemptBeginReply](ctx, v, wire.AttemptBegin, *t.body)
		if !refused(err, wire.NoProof) {
			t.begun = reply
			return err
		}
	}
	reply, err := askProved[wire.AttemptBeginReply](ctx, v, wire.AttemptBegin, "", func(p wire.CardProof) any {
		t.body = &wire.AttemptBeginBody{
			Card: v.info.ID, Registration: v.standing.Registration,
			Elements: t.blinded.Elements(), Proof: p, SealTo: v.seal.Public(),
		}
		return *t.body
	})
	t.begun = reply
	return err
}

// signAttempt signs with the keys that the answers give, right or wrong: the
// terminal cannot tell.
func (v *visit) signAttempt() error {
	t := v.attempt
	if t.prove != nil {
		return nil
	}
	keys, err := t.blinded.Keys(t.begun.Elements, v.standing.Registration, v.standing.Keys)
	if err != nil {
		return fmt.Errorf("turn answers into keys: %w", err)
	}
	t.prove = &wire.AttemptProveBody{Attempt: t.begun.Attempt, SealTo: v.seal.Public()}
	defer answer.WipeKeys(keys)
	for i, key := range keys {
		text := answer.ProofText(answer.ProofOf{
			Attempt: t.begun.Attempt, Case: t.begun.Case, Card: v.info.ID,
			Registration: v.standing.Registration, Question: v.standing.Asked[i],
			Terminal: v.a.cfg.Identity.ID, SealTo: v.seal.Public(),
		})
		t.prove.Signatures = append(t.prove.Signatures, ed25519.Sign(key, text))
	}
	return nil
}
