package appliance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/device/store"
	"unlockpoint/display/goldentest"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/central/grant"
)

// fate is what happens at one command of an unlock: the card is pulled, or it
// says something else than it should and does nothing.
type fate struct {
	name string
	pull simcard.Pull
	says iso7816.Status
}

func fates() []fate {
	return []fate{
		{name: "pulled before", pull: simcard.Pull{When: simcard.Before}},
		{name: "cut at its 1st write", pull: simcard.Pull{When: simcard.During, Write: 1}},
		{name: "cut at its 2nd write", pull: simcard.Pull{When: simcard.During, Write: 2}},
		{name: "cut at its 3rd write", pull: simcard.Pull{When: simcard.During, Write: 3}},
		{name: "answer lost", pull: simcard.Pull{When: simcard.After}},
		{name: "says 63C2", says: 0x63C2},
		{name: "says 63C1", says: 0x63C1},
		{name: "says 63C0", says: 0x63C0},
		{name: "says 6300", says: 0x6300},
		{name: "says 6983", says: 0x6983},
		{name: "says 6982", says: 0x6982},
		{name: "says 6A80", says: 0x6A80},
		{name: "says 6F00", says: 0x6F00},
	}
}

// hand is between terminal and card: it lets fate come at one command, and
// counts the wrong PUKs that really reached the card.
type hand struct {
	reader.Link
	card  *simcard.Card
	left  int // commands until fate comes; 0: never
	fate  fate
	wrong int
	came  string // the command at which fate came
}

func (h *hand) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	if h.left > 0 {
		if h.left--; h.left == 0 {
			h.came = iso7816.Name(apdu[1])
			if h.fate.says != 0 {
				return iso7816.Response{Status: h.fate.says}.Bytes(), nil
			}
			h.card.PullAt(h.fate.pull)
			defer h.card.PullAt(simcard.Pull{})
		}
	}
	raw, err := h.Link.Transmit(ctx, apdu)
	if r, parsed := iso7816.ParseResponse(raw); err == nil && parsed == nil && apdu[1] != iso7816.InsVerify {
		if _, counted := r.Status.Tries(); counted {
			h.wrong++
		}
	}
	return raw, err
}

// begun is what card and central start from.
type begun struct {
	name string
	puk  string // the card's
	sent bool   // central knows that the change to the next PUK was sent
}

// TestThePUKIsNeverLost goes through PROTOCOL's rule for PUKs: every fate at
// every command, from every state that card and central can be in. However it
// goes, central has the card's PUK on file, no more than one wrong try is
// spent in a visit on finding out which of two it is, and the next visit,
// here or at another terminal, serves the person or sends them to the booth
// with a try left.
func TestThePUKIsNeverLost(t *testing.T) {
	from := []begun{
		{"current", current, false},
		{"current, change sent", current, true},
		{"next, change lost", next, false},
		{"next, change sent", next, true},
	}
	rows := make([]string, len(from))
	t.Run("from", func(t *testing.T) {
		for i := range from {
			t.Run(from[i].name, func(t *testing.T) {
				t.Parallel() // all wait for the disk
				rows[i] = rowsFrom(t, from[i])
			})
		}
	})
	head := "card has\tcommand\tfate\tcentral hears\twrong\tnext visit here\twrong\tor elsewhere\twrong\n"
	goldentest.Table(t, filepath.Join("testdata", "puk.txt"), head+strings.Join(rows, ""), *update)
}

func rowsFrom(t *testing.T, from begun) string {
	var table strings.Builder
	for _, f := range fates() {
		for n := 1; n < 6; n++ {
			here := newRow(t, from, f, n)
			if here.sent == "" {
				continue // the unlock has no such command
			}
			here.goes(false)
			elsewhere := newRow(t, from, f, n)
			elsewhere.goes(true)
			fmt.Fprintf(&table, "%s\t%s\t%s\t%s\t%d\t%s\t%d\t%s\t%d\n", from.name, here.sent, f.name,
				here.heard, here.spent, here.ended, here.again, elsewhere.ended, elsewhere.again)
		}
	}
	return table.String()
}

// row is one cell of the table: a visit in which fate comes, and an honest
// one after it.
type row struct {
	*bench
	file    string // the card's
	from    begun
	central grant.State

	sent         string // the command at which fate came
	heard, ended string
	spent, again int
}

// newRow plays the first visit.
func newRow(t *testing.T, from begun, f fate, n int) *row {
	r := &row{bench: newBench(t, from.puk, 0), file: filepath.Join(t.TempDir(), "card.json"), from: from}
	if err := r.card.Keep(r.file); err != nil {
		t.Fatal(err)
	}
	r.central = grant.New(grant.Generation{Number: 1, Sealed: []byte(current)})
	r.central.Next = &grant.Generation{Number: 2, Sealed: []byte(next)}
	r.central.Sent = from.sent
	h, _ := r.visits(n, f)
	r.sent, r.spent = h.came, h.wrong
	r.heard = r.tell()
	return r
}

// goes plays the next visit.
func (r *row) goes(elsewhere bool) {
	if elsewhere {
		db, err := store.Open(r.t.TempDir())
		if err != nil {
			r.t.Fatal(err)
		}
		r.t.Cleanup(func() { db.Close() })
		r.a.store = db
	}
	switch {
	case r.central.UsedUp():
		r.ended = "used up"
	case r.central.Doubtful(): // central gives no grant
		r.ended = "booth"
	default:
		h, err := r.visits(0, fate{})
		r.again, r.ended = h.wrong, ending(err)
		r.tell()
	}
}

// visits is one insertion, up to the end of the unlock; fate comes at the nth
// command of it.
func (r *row) visits(n int, f fate) (*hand, error) {
	r.t.Helper()
	r.insert()
	h := &hand{Link: r.visit.link, card: r.card, fate: f}
	card, err := piv.Open(r.t.Context(), h)
	if err != nil {
		r.t.Fatal(err)
	}
	h.left, r.visit.card = n, card
	r.central = r.central.Offer(pivKind(), 1)
	g, err := r.central.Grant(plainRing{}, pivCard)
	if err != nil {
		r.t.Fatal(err)
	}
	err = r.useGrant(r.t.Context(), "case", g, []byte(newPIN))
	r.holds(fmt.Sprintf("%s, command %d, %s", r.from.name, n, f.name), h)
	return h, err
}

// tell brings central the newest fact, and says what it was.
func (r *row) tell() string {
	told := r.told()
	if told.Case == "" {
		return "nothing"
	}
	r.central = r.central.Done(told)
	return fmt.Sprintf("passcode %s, PUK %s, tries %d", told.PIN, told.PUK, told.PUKTries)
}

// holds what must be true after every visit.
func (r *row) holds(at string, h *hand) {
	r.t.Helper()
	if h.wrong > 1 {
		r.t.Errorf("%s: %d wrong tries in one visit", at, h.wrong)
	}
	if r.card.Status().PUKTries == 0 {
		r.t.Errorf("%s: the PUK is used up", at)
	}
	if puk := r.puk(); !r.onFile(puk) {
		r.t.Errorf("%s: central does not have the card's PUK", at)
	}
}

// puk is the card's, out of its memory.
func (r *row) puk() string {
	r.t.Helper()
	raw, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	var chip struct {
		Memory struct {
			PIV struct{ PUK struct{ Value string } }
		}
	}
	if err := json.Unmarshal(raw, &chip); err != nil {
		r.t.Fatal(err)
	}
	return chip.Memory.PIV.PUK.Value
}

// onFile reports whether a PUK is one that central has of the card.
func (r *row) onFile(puk string) bool {
	for _, g := range append([]grant.Generation{*r.central.Offer(pivKind(), 1).Next}, r.central.Kept...) {
		if value, err := g.Value(plainRing{}, pivCard); err == nil && string(value) == puk {
			return true
		}
	}
	return false
}

// ending is how a visit ended, in a word or two.
func ending(err error) string {
	switch {
	case err == nil:
		return "unlocked"
	case errors.Is(err, errPUKDoubt):
		return "booth"
	case errors.Is(err, errPUKUsedUp):
		return "used up"
	}
	return err.Error()
}

const pivCard = "piv:01"

func pivKind() grant.Kind {
	k, _ := grant.KindOf(pivCard)
	return k
}

// plainRing opens PUKs that were never sealed.
type plainRing struct{}

var _ grant.Ring = plainRing{}

func (plainRing) CardKey(v int) ([]byte, error) { return bytes.Repeat([]byte{byte(v)}, 32), nil }

func (plainRing) OpenPUK(_ string, sealed []byte) ([]byte, error) {
	return bytes.Clone(sealed), nil
}

var update = flag.Bool("update", false, "write the tables anew")
