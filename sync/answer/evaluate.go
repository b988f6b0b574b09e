package answer

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
)

// Key is central's secret for one question of one registration.
type Key struct{ private *oprf.PrivateKey }

// String and GoString keep the key out of logs.
func (Key) String() string   { return "oprf key" }
func (Key) GoString() string { return "oprf key" }

// QuestionKey derives the key of one question from a version of central's
// OPRF key and the registration's salt, so that no two registrations, cards
// or questions share one.
func QuestionKey(kOPRF, salt []byte, card, registration string, question int) (Key, error) {
	if len(kOPRF) < 32 || len(salt) < 16 {
		return Key{}, errors.New("deriving a question's key: key or salt too short")
	}
	mac := hmac.New(sha256.New, kOPRF)
	mac.Write(salt)
	seed := mac.Sum(nil)
	defer clear(seed)
	info := joined("unlockpoint oprf v1", card, registration, strconv.Itoa(question))
	private, err := oprf.DeriveKey(oprf.SuiteRistretto255, oprf.BaseMode, seed, info)
	if err != nil {
		return Key{}, fmt.Errorf("deriving a question's key: %w", err)
	}
	return Key{private}, nil
}

// Evaluate is central's half: one key and one blinded element for each
// question. It refuses everything but exactly one canonical element, not the
// identity, for each key, and then has evaluated nothing.
func Evaluate(keys []Key, elements [][]byte) ([][]byte, error) {
	list, err := parseElements(elements, len(keys))
	if err != nil {
		return nil, fmt.Errorf("evaluating answers: %w", err)
	}
	for i, k := range keys {
		if k.private == nil {
			return nil, errors.New("evaluating answers: a key is missing")
		}
		if list[i], err = evaluate(k, list[i]); err != nil {
			return nil, fmt.Errorf("evaluating answers: %w", err)
		}
	}
	return marshalElements(list)
}

func evaluate(k Key, e group.Element) (group.Element, error) {
	server := oprf.NewServer(oprf.SuiteRistretto255, k.private)
	out, err := server.Evaluate(&oprf.EvaluationRequest{Elements: []oprf.Blinded{e}})
	if err != nil {
		return nil, err
	}
	return out.Elements[0], nil
}
