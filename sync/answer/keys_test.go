package answer

import (
	"crypto/ed25519"
	"encoding/hex"
	"testing"

	"unlockpoint/sync/wire"
)

// TestKeysNeverChange: people's registrations depend on every step from the
// typed answer to the key.
func TestKeysNeverChange(t *testing.T) {
	key := ceremony(t, "r1", "Tŷ Ddewi")[0]
	public := hex.EncodeToString(key.Public().(ed25519.PublicKey))
	if want := "de5cf0e47fef21bfb4eebe6002cf89c1d24f9825e004d7125158bceaed248054"; public != want {
		t.Errorf("the key is %s, want %s", public, want)
	}
}

func TestParametersAreClamped(t *testing.T) {
	if got := Clamp(wire.DefaultArgon()); got != wire.DefaultArgon() {
		t.Errorf("the default became %+v", got)
	}
	for _, a := range []wire.Argon{{}, {Memory: 1, Time: 0, Lanes: 0}, {Memory: 1 << 31, Time: 1 << 31, Lanes: 255}} {
		got := Clamp(a)
		if got.Memory < minMemory || got.Memory > maxMemory || got.Time < minTime || got.Time > maxTime ||
			got.Lanes < 1 || got.Lanes > maxLanes || Clamp(got) != got {
			t.Errorf("%+v became %+v", a, got)
		}
	}
}

func TestWhatDoesNotFitMakesNoKeys(t *testing.T) {
	b, err := Blind(texts("aberystwyth", "mrsjones"))
	must(t, err)
	forms := []wire.KeyForm{{Question: 1, Argon: small()}, {Question: 2, Argon: small()}}
	good := b.Elements() // any two elements will do
	for name, c := range map[string]struct {
		evaluated [][]byte
		forms     []wire.KeyForm
	}{
		"one element":  {good[:1], forms},
		"one form":     {good, forms[:1]},
		"the identity": {[][]byte{good[0], make([]byte, 32)}, forms},
	} {
		if _, err := b.Keys(c.evaluated, "r1", c.forms); err == nil {
			t.Errorf("%s made keys", name)
		}
	}
	b.Wipe()
	b.Wipe()
	if _, err := b.Keys(good, "r1", forms); err == nil {
		t.Error("wiped answers made keys")
	}
}

func TestNothingIsBlindedOfNothing(t *testing.T) {
	for _, answers := range [][]string{nil, {}, {""}, {"aberystwyth", ""}, make([]string, MaxElements+1)} {
		if _, err := Blind(texts(answers...)); err == nil {
			t.Errorf("%d answers were blinded", len(answers))
		}
	}
	if (Blinded{}).Elements() != nil {
		t.Error("nothing has elements")
	}
	(Blinded{}).Wipe()
}

func TestWipeClearsAnswersAndBlinds(t *testing.T) {
	b, err := Blind(texts("aberystwyth"))
	must(t, err)
	input, blind := b.inputs[0], b.blinds[0]
	b.Wipe()
	for _, c := range input {
		if c != 0 {
			t.Fatal("the answer is still there")
		}
	}
	if !blind.IsZero() {
		t.Error("the blind is still there")
	}
}

func TestAShortSecretIsNoKey(t *testing.T) {
	if _, err := QuestionKey(make([]byte, 16), make([]byte, 16), "card 7", "r1", 1); err == nil {
		t.Error("16 bytes made a key")
	}
	if _, err := QuestionKey(make([]byte, 32), nil, "card 7", "r1", 1); err == nil {
		t.Error("no salt made a key")
	}
}
