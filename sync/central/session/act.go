package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// actLife is how far ahead the end of an act may be. It is far less than
// replies are kept: an act that comes again meets its reply, or has expired.
const actLife = time.Hour

// act admits what an operator asks for, does it and answers.
func (s *Server) act(ctx context.Context, claimed string, payload []byte) ([]Out, error) {
	by, in, err := s.admitAct(ctx, claimed, payload)
	if err != nil {
		return nil, err
	}
	notes, err := s.do(ctx, by, in)
	if errors.Is(err, errOtherText) {
		s.Log.Warn("act with a used id and another text", "operator", by.ID, "kind", in.note.Kind)
		notes, err = s.answer(by, in, wire.Answer{Answered: wire.Refuse(wire.OtherBody)})
	}
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", in.note.Kind, by.ID, err)
	}
	out := make([]Out, len(notes))
	for i, note := range notes {
		out[i] = Out{Topic: wire.OperatorTopic(by.ID, wire.ClassAnswer), Payload: note}
	}
	return out, nil
}

// admitAct finds out whose an act is and opens it.
func (s *Server) admitAct(ctx context.Context, claimed string, payload []byte) (by operators.Operator, in letter, err error) {
	if len(payload) > wire.MaxNote {
		return by, in, drop("too-large")
	}
	claim, err := wire.Peek(payload)
	if err != nil {
		return by, in, drop("malformed")
	}
	if rule, _ := wire.RuleOf(claim.Kind); rule.Roles == nil || claim.From != claimed {
		return by, in, drop("topic")
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		by, err = listed(tx, claimed)
		return err
	})
	if err != nil {
		return by, in, err
	}
	verifier, err := by.Verifier()
	if err != nil {
		return by, in, err
	}
	in, err = s.read(verifier, payload)
	return by, in, err
}

func listed(tx store.Tx, id string) (operators.Operator, error) {
	by, err := operators.Find(tx, id)
	if errors.Is(err, operators.ErrUnknown) {
		return by, drop("unknown")
	}
	return by, err
}

// do answers an act: a read each time anew, anything else once, with its
// answer kept beside its effect. Refusals are not kept: they changed nothing.
// One that was done and comes again after its end still gets its answer.
func (s *Server) do(ctx context.Context, by operators.Operator, in letter) ([][]byte, error) {
	var before []byte
	err := s.Store.View(ctx, func(tx store.Tx) (err error) { before, err = answered(tx, in); return err })
	if err != nil || before != nil {
		return [][]byte{before}, err
	}
	if a, refused := s.allowed(by, in); refused {
		return s.answer(by, in, a)
	}
	act := s.Acts[in.note.Kind]
	if act.Reads {
		var result any
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			result, err = act.Do(tx, by, in.plain)
			return err
		})
		return s.result(by, in, result, err)
	}
	found, err := act.Looked(ctx, s.Store, by, in.plain)
	if err != nil {
		return s.result(by, in, nil, err)
	}
	in.plain = found
	var notes [][]byte
	err = s.Store.Update(ctx, func(tx store.Tx) (err error) {
		notes, err = s.once(tx, act, in)
		return err
	})
	if refused, ok := errors.AsType[socket.Refused](err); ok {
		return s.result(by, in, nil, refused)
	}
	return notes, err
}

// once does an act that was not done before, in the transaction in which it
// is found to be new.
func (s *Server) once(tx store.Tx, act Act, in letter) ([][]byte, error) {
	by, err := listed(tx, in.note.From)
	if err != nil {
		return nil, err
	}
	note, err := answered(tx, in)
	if err != nil || note != nil {
		return [][]byte{note}, err
	}
	by.Note = in.raw
	result, err := act.Do(tx, by, in.plain)
	if err != nil {
		return nil, err
	}
	notes, err := s.result(by, in, result, nil)
	if err != nil {
		return nil, err
	}
	if len(notes) != 1 {
		return nil, errors.New("the answer to an act that changes something does not fit into one note")
	}
	return notes, keep(tx, in, notes[0], s.Now())
}

// allowed says why an act is not done at all.
func (s *Server) allowed(by operators.Operator, in letter) (wire.Answer, bool) {
	now, may := s.Now(), by.Role.May(in.note.Kind)
	switch _, served := s.Acts[in.note.Kind]; {
	case !in.note.Exp.After(now), in.note.Exp.Sub(now) > actLife:
		return wire.Answer{Answered: wire.Refuse(wire.Expired),
			Why: []string{fmt.Sprintf("it came at %s by central's clock and holds until %s: set your clock right", now.UTC().Format(time.TimeOnly), in.note.Exp.UTC().Format(time.TimeOnly))}}, true
	case may != nil:
		return wire.Answer{Answered: wire.Refuse(wire.NotAllowed), Why: []string{may.Error()}}, true
	case !served:
		return wire.Answer{Answered: wire.Refuse(wire.NotDone), Why: []string{fmt.Sprintf("this central does not know %s", in.note.Kind)}}, true
	}
	return wire.Answer{}, false
}

// result answers with what an act brought, or why it was refused.
func (s *Server) result(by operators.Operator, in letter, result any, err error) ([][]byte, error) {
	if refused, ok := errors.AsType[socket.Refused](err); ok {
		return s.answer(by, in, wire.Answer{Answered: wire.Refuse(wire.NotDone), Why: refused.Errors})
	}
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return nil, fmt.Errorf("writing a result: %w", err)
	}
	return s.answer(by, in, wire.Answer{Result: raw})
}

// answer makes the notes of an answer, sealed to the operator.
func (s *Server) answer(by operators.Operator, in letter, a wire.Answer) ([][]byte, error) {
	s.count(in, a.Refused)
	a.Time = s.Now()
	raw, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("writing an answer: %w", err)
	}
	parts := wire.Split(raw)
	if len(parts) > wire.MaxParts {
		return nil, fmt.Errorf("an answer of %d bytes is too long", len(raw))
	}
	var notes [][]byte
	for _, part := range parts {
		body, err := json.Marshal(part)
		if err != nil {
			return nil, fmt.Errorf("writing an answer: %w", err)
		}
		note, err := s.sealed(s.replyTo(in), by.SealKey, body)
		if err != nil {
			return nil, err
		}
		notes = append(notes, note)
	}
	return notes, nil
}

// Tell sends an operator something that they did not ask for.
func (s *Server) Tell(ctx context.Context, l Link, to operators.Operator, kind wire.Kind, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("writing %s: %w", kind, err)
	}
	e := wire.Envelope{V: wire.Version, Kind: kind, ID: wire.NewID(), From: wire.Central, To: to.ID}
	note, err := s.sealed(e, to.SealKey, raw)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, publishLimit)
	defer cancel()
	return l.Publish(ctx, wire.OperatorTopic(to.ID, wire.ClassAnswer), note, false)
}
