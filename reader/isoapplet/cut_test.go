package isoapplet_test

import (
	"testing"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/isoapplet"
	"unlockpoint/reader/profiles/profiletest"
)

func TestACardCutAnywhereGoesOn(t *testing.T) {
	profiletest.CutAnywhere(t, newBench, puk, map[string][]profiletest.Command{
		"verify":                   {{INS: iso7816.InsVerify, N: 1, Writes: 2}},
		"verify a wrong one":       {{INS: iso7816.InsVerify, N: 1, Writes: 1}},
		"change":                   {{INS: iso7816.InsChangeReference, N: 1, Writes: 3}},
		"change a wrong one":       {{INS: iso7816.InsChangeReference, N: 1, Writes: 1}},
		"unblock":                  {{INS: iso7816.InsResetRetry, N: 1, Writes: 3}},
		"unblock with a wrong key": {{INS: iso7816.InsResetRetry, N: 1, Writes: 1}},
	})
}

func FuzzCardThatSaysAnything(f *testing.F) {
	production := "\x9F\x7F\x2A" + "0123456789abcdef0123456789abcdef0123456789" + "\x90\x00"
	f.Add([]byte("\x02\x90\x00\x02\x90\x00\x2F" + production + "\x02\x90\x00\x02\x63\xC3\x02\x90\x00"))
	f.Add([]byte("\x02\x90\x00\x02\x6A\x82\x02\x6A\x82\x02\x90\x00\x02\x6A\x88\x02\x63\xC0"))
	f.Fuzz(func(t *testing.T, speech []byte) {
		profiletest.SaysAnything(t, isoapplet.Open, speech, len("isoapplet:")+24, puk)
	})
}
