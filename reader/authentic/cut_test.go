package authentic_test

import (
	"slices"
	"testing"

	"unlockpoint/reader/authentic"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles/profiletest"
)

const readBinary = 0xB0

func TestACardCutAnywhereGoesOn(t *testing.T) {
	type command = profiletest.Command
	enter := []command{{INS: iso7816.InsSelect, N: 1}, {INS: iso7816.InsSelect, N: 2}}
	after := func(more ...command) []command { return slices.Concat(enter, more) }
	right, guess := command{INS: iso7816.InsVerify, N: 1, Writes: 2}, command{INS: iso7816.InsVerify, N: 1, Writes: 1}
	profiletest.CutAnywhere(t, newBench, officer, map[string][]command{
		"verify":                   after(right),
		"verify a wrong one":       after(guess),
		"change":                   after(command{INS: iso7816.InsChangeReference, N: 1, Writes: 3}),
		"change a wrong one":       after(command{INS: iso7816.InsChangeReference, N: 1, Writes: 1}),
		"unblock":                  after(right, command{INS: iso7816.InsSelect, N: 3}, command{INS: readBinary, N: 1}, command{INS: iso7816.InsResetRetry, N: 1, Writes: 3}),
		"unblock with a wrong key": after(guess),
	})
}

func FuzzCardThatSaysAnything(f *testing.F) {
	const yes = "\x02\x90\x00"
	production := "\x2F\x9F\x7F\x2A" + "0123456789abcdef0123456789abcdef0123456789" + "\x90\x00"
	puk := "\x120123456789abcdef\x90\x00"
	f.Add([]byte(yes + yes + production + yes + yes + yes + "\x02\x63\xC3" + "\x02\x63\xC3" + yes + yes + puk + yes))
	f.Add([]byte(yes + "\x02\x6A\x82\x02\x6A\x82" + yes + production + yes + "\x02\x6A\x86" + yes + "\x02\x6A\x82"))
	f.Fuzz(func(t *testing.T, speech []byte) {
		profiletest.SaysAnything(t, authentic.Open, speech, len("authentic:")+24, officer)
	})
}
