package answer

import (
	"testing"

	"unlockpoint/sync/wire"
)

func BenchmarkBlind(b *testing.B) {
	for b.Loop() {
		if _, err := Blind(texts("aberystwyth", "mrsjones", "12031984")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	key, e := oneKey(b)[0], oneElement(b)
	for b.Loop() {
		if _, err := Evaluate([]Key{key, key, key}, [][]byte{e, e, e}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKeys is what a terminal takes for three answers.
func BenchmarkKeys(b *testing.B) {
	blinded, err := Blind(texts("aberystwyth", "mrsjones", "12031984"))
	must(b, err)
	form := wire.KeyForm{Question: 1, Argon: wire.DefaultArgon()}
	for b.Loop() {
		keys, err := blinded.Keys(blinded.Elements(), "r1", []wire.KeyForm{form, form, form})
		must(b, err)
		WipeKeys(keys)
	}
}
