package hospitaltest

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"testing"

	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// Holder is somebody with a card that central knows.
type Holder struct {
	Card           *simcard.Card
	Name, Email    string
	Passcode, Next string // of the card now, and what it is to be
	PUK            string // or what unblocks cards of its profile instead
}

// Hires is a new holder of a PIV card.
func (h *Hospital) Hires(kind simcard.Kind) *Holder {
	h.t.Helper()
	return h.HiresWith(kind, piv.Profile)
}

// keys are PUKs, and what other profiles have instead, of the nth holder.
var keys = map[string]string{
	"piv":       "9153%04d",
	"gids":      "915300112233445566778899aabbccddeeff01020304%04d",
	"openpgp":   "9153%04d",
	"isoapplet": "915300112233%04d",
	"authentic": "9153%04d",
}

// HiresWith is a new holder of a card of the profile, which central imports.
func (h *Hospital) HiresWith(kind simcard.Kind, profile string) *Holder {
	h.t.Helper()
	h.holders++
	who := &Holder{Name: fmt.Sprintf("Angharad Testperson%d", h.holders), Email: fmt.Sprintf("angharad.%d@trust.nhs.uk", h.holders),
		Passcode: "482913", Next: "73910462", PUK: fmt.Sprintf(keys[profile], h.holders)}
	card, err := simcard.New(simcard.Config{
		Kind: kind, Profiles: []string{profile}, Name: who.Name, PIN: who.Passcode, PUK: who.PUK, Authority: h.Authority,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	who.Card = card
	var file bytes.Buffer
	err = csv.NewWriter(&file).WriteAll([][]string{
		{"card", "profile", "holder", "email", "site", "puk", "certificate"},
		{card.Status().CardID, profile, who.Name, who.Email, "ward7", who.PUK, base64.StdEncoding.EncodeToString(card.Certificate())},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Desk("cards", "import", h.Write("cards.csv", file.String()))
	return who
}

// Block tries wrong passcodes until the card takes no more.
func (who *Holder) Block(t testing.TB) {
	t.Helper()
	for range 3 {
		if who.Card.Verify("000000") {
			t.Fatal("the wrong passcode was right")
		}
	}
}

// Mails is how many mails there were.
func (h *Hospital) Mails() int { return len(h.Mail.Mails()) }

// Code waits for the newest code that was mailed to the holder after so many
// mails.
func (h *Hospital) Code(who *Holder, after int) string {
	h.t.Helper()
	var code string
	Await(h.t, "a code for "+who.Email, func() bool {
		for _, m := range h.Mail.Mails() {
			if m.To == who.Email && m.Number > after && m.Code != "" {
				code = m.Code
			}
		}
		return code != ""
	})
	return code
}
