package answer

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"

	"unlockpoint/sync/wire"
)

// Blinded holds answers while central evaluates them: the answers and the
// blinds that hide them, in memory only. Wipe it when the keys are made or
// the card is gone. It prints nothing of itself.
type Blinded struct{ *blinding }

type blinding struct {
	// The last input is a pad of zeros, which nobody is sent: the library's hash
	// keeps what it was last given.
	inputs   [][]byte
	blinds   []group.Scalar
	finalize *oprf.FinalizeData
	elements [][]byte
	pad      group.Element
}

// padSize is the block of SHA-512, in bytes.
const padSize = 128

// String and GoString keep answers out of logs.
func (Blinded) String() string   { return "blinded answers" }
func (Blinded) GoString() string { return "blinded answers" }

// Blind hides normalised answers, each under a blind of its own. They are
// Blinded's from now on, to wipe.
func Blind(answers [][]byte) (Blinded, error) {
	if len(answers) == 0 || len(answers) > MaxElements {
		return Blinded{}, fmt.Errorf("blinding %d answers", len(answers))
	}
	b := &blinding{inputs: slices.Clone(answers)}
	for _, a := range answers {
		if len(a) == 0 { // the library would take it
			b.wipe()
			return Blinded{}, errors.New("blinding answers: one is empty")
		}
		b.blinds = append(b.blinds, random())
	}
	if err := b.blind(); err != nil {
		b.wipe()
		return Blinded{}, fmt.Errorf("blinding answers: %w", err)
	}
	return Blinded{b}, nil
}

func random() group.Scalar { return group.Ristretto255.RandomNonZeroScalar(rand.Reader) }

// blind adds the pad.
func (b *blinding) blind() error {
	b.inputs, b.blinds = append(b.inputs, make([]byte, padSize)), append(b.blinds, random())
	// The deterministic form only because the blinds must be ours to wipe.
	finalize, request, err := oprf.NewClient(oprf.SuiteRistretto255).DeterministicBlind(b.inputs, b.blinds)
	if err != nil {
		return err
	}
	b.finalize = finalize
	last := len(request.Elements) - 1
	b.pad = request.Elements[last]
	b.elements, err = marshalElements(request.Elements[:last])
	return err
}

// Elements are what central gets: one for each answer, in order.
func (b Blinded) Elements() [][]byte {
	if b.blinding == nil {
		return nil
	}
	list := make([][]byte, len(b.elements))
	for i, e := range b.elements {
		list[i] = append([]byte(nil), e...)
	}
	return list
}

// Keys makes each answer's key pair out of what central sent back, in the
// order of the answers. Wrong answers make keys, too: nobody here can tell.
// It takes some tenths of a second on a terminal. Wipe the keys after use.
func (b Blinded) Keys(evaluated [][]byte, registration string, forms []wire.KeyForm) ([]ed25519.PrivateKey, error) {
	if b.blinding == nil || b.finalize == nil {
		return nil, errors.New("making keys of answers: wiped")
	}
	if len(forms) != len(b.elements) {
		return nil, fmt.Errorf("making keys of answers: %d forms for %d", len(forms), len(b.elements))
	}
	outputs, err := b.outputs(evaluated)
	if err != nil {
		return nil, fmt.Errorf("making keys of answers: %w", err)
	}
	keys := make([]ed25519.PrivateKey, len(outputs))
	for i, out := range outputs {
		keys[i] = stretch(out, registration, forms[i])
		clear(out)
	}
	return keys, nil
}

func (b *blinding) outputs(evaluated [][]byte) ([][]byte, error) {
	list, err := parseElements(evaluated, len(b.elements))
	if err != nil {
		return nil, err
	}
	out, err := oprf.NewClient(oprf.SuiteRistretto255).Finalize(b.finalize, &oprf.Evaluation{Elements: append(list, b.pad)})
	if err != nil {
		return nil, err
	}
	return out[:len(list)], nil
}

// Wipe forgets answers and blinds. Best effort: the library and the garbage
// collector may have made copies.
func (b Blinded) Wipe() {
	if b.blinding != nil {
		b.wipe()
	}
}

func (b *blinding) wipe() {
	for _, in := range b.inputs {
		clear(in)
	}
	for _, s := range b.blinds {
		s.SetUint64(0)
	}
	*b = blinding{}
}
