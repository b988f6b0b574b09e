package appliance

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"unlockpoint/device/uplink"
	"unlockpoint/reader"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/wire"
)

// prove lets the card sign for this insertion over the nonce of the link
// session. caseID is empty where there is no case yet. A card that cannot
// prove itself gives an empty proof: central's policy says if that will do.
func (v *visit) prove(ctx context.Context, nonce []byte, caseID string) (wire.CardProof, error) {
	if v.card == nil {
		return wire.CardProof{}, reader.ErrCardGone
	}
	if caseID == "" && v.info.Asks { // its challenge is for the grant alone
		return wire.CardProof{}, nil
	}
	digest := answer.CardDigest(nonce, v.info.ID, caseID, v.seal.Public())
	proof, err := v.card.Prove(ctx, digest)
	if errors.Is(err, reader.ErrNoProof) {
		return wire.CardProof{}, nil
	}
	if err != nil {
		return wire.CardProof{}, fmt.Errorf("let the card prove itself: %w", err)
	}
	return wire.CardProof(proof), nil
}

// askProved asks a question that carries the card's proof. When the link
// session ended between the proof and the question, central refuses the old
// nonce and changes nothing: the card then proves itself once more.
func askProved[R any](ctx context.Context, v *visit, kind wire.Kind, caseID string, body func(wire.CardProof) any) (R, error) {
	var reply R
	nonce, err := v.nonce()
	for err == nil {
		var proof wire.CardProof
		if proof, err = v.prove(ctx, nonce, caseID); err != nil {
			break
		}
		reply, err = ask[R](ctx, v, kind, body(proof))
		next, lost := v.nonce()
		if !refused(err, wire.NoProof) || lost != nil || bytes.Equal(next, nonce) {
			break
		}
		nonce, err = next, nil
	}
	return reply, err
}

// nonce is the one that card proofs of this link session sign.
func (v *visit) nonce() ([]byte, error) {
	session, ok := v.a.uplink.Session()
	if !ok {
		return nil, uplink.ErrLink
	}
	return session.Prove, nil
}

func refused(err error, why wire.Refusal) bool {
	var r *uplink.RefusedError
	return errors.As(err, &r) && r.Refusal == why
}
