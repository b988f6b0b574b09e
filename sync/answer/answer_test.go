package answer

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"unlockpoint/sync/wire"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// small keeps the tests quick: the least that Clamp lets through.
func small() wire.Argon { return wire.Argon{Memory: minMemory, Time: minTime, Lanes: 1} }

// ceremony goes once from typed answers to key pairs, with central's half in
// between.
func ceremony(t testing.TB, registration string, typed ...string) []ed25519.PrivateKey {
	t.Helper()
	var plain [][]byte
	var keys []Key
	var forms []wire.KeyForm
	for i, s := range typed {
		p, err := Normalise([]byte(s))
		must(t, err)
		plain = append(plain, p)
		k, err := QuestionKey(bytes.Repeat([]byte{7}, 32), bytes.Repeat([]byte{9}, 16), "card 7", registration, i)
		must(t, err)
		keys = append(keys, k)
		forms = append(forms, wire.KeyForm{Question: i, Normaliser: Version, OPRF: 1, Argon: small()})
	}
	blinded, err := Blind(plain)
	must(t, err)
	defer blinded.Wipe()
	evaluated, err := Evaluate(keys, blinded.Elements())
	must(t, err)
	private, err := blinded.Keys(evaluated, registration, forms)
	must(t, err)
	return private
}

func TestTheSameAnswersMakeTheSameKeys(t *testing.T) {
	first := ceremony(t, "r1", "Aberystwyth", "Mrs Jones")
	again := ceremony(t, "r1", " aberystwyth", "mrs. jones")
	for i := range first {
		if !first[i].Equal(again[i]) {
			t.Errorf("answer %d made another key", i+1)
		}
	}
	if first[0].Equal(first[1]) {
		t.Error("two answers made one key")
	}
}

func TestOtherAnswersRegistrationsAndQuestionsMakeOtherKeys(t *testing.T) {
	base := ceremony(t, "r1", "Aberystwyth", "Aberystwyth")
	if base[0].Equal(base[1]) {
		t.Error("the question is not in the key")
	}
	if base[0].Equal(ceremony(t, "r2", "Aberystwyth")[0]) {
		t.Error("the registration is not in the key")
	}
	if base[0].Equal(ceremony(t, "r1", "Aberystwith")[0]) {
		t.Error("the answer is not in the key")
	}
}

func TestBlindingHidesTheAnswer(t *testing.T) {
	a, err := Blind(texts("aberystwyth"))
	must(t, err)
	b, err := Blind(texts("aberystwyth"))
	must(t, err)
	if bytes.Equal(a.Elements()[0], b.Elements()[0]) {
		t.Error("the same answer was blinded the same way twice")
	}
}

// texts are answers as Blind takes them.
func texts(answers ...string) [][]byte {
	list := make([][]byte, len(answers))
	for i, a := range answers {
		list[i] = []byte(a)
	}
	return list
}
