package appliance

import (
	"context"
	"slices"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/store"
	"unlockpoint/device/uplink"
	"unlockpoint/display"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/wire"
)

// records is a central that knows some cards.
type records struct {
	known []string
	asked []string
	down  bool
	slow  string // the card whose answer does not come
}

func (r *records) Call(_ context.Context, _ wire.Kind, body, reply any) error {
	if r.down {
		return uplink.ErrLink
	}
	var look wire.CardLookBody
	if err := wire.Decode(body.(wire.Written), &look); err != nil {
		return err
	}
	id := look.Card
	r.asked = append(r.asked, id)
	if id == r.slow {
		return uplink.ErrLink
	}
	standing := wire.StandsUnknown
	if slices.Contains(r.known, id) {
		standing = wire.StandsRegistered
	}
	reply.(*wire.CardLookReply).Standing = standing
	return nil
}

// several is a visit of a card with the applications of some profiles, and the
// ids of each.
func several(t *testing.T, profiles ...string) (*visit, *records, []string) {
	t.Helper()
	card, err := simcard.New(simcard.Config{Profiles: profiles})
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	slot := simcard.NewSlot("reader")
	slot.Insert(card)
	v := &visit{a: &Appliance{store: db, cfg: Config{Slot: slot, Now: time.Now}}, number: 1}
	v.a.uplink = uplink.New(uplink.Config{Now: func() time.Time { return v.a.cfg.Now() }}, db)
	r := &records{}
	v.errands.uplink, v.errands.life = r, t.Context()
	t.Cleanup(func() { v.errands.wait(); v.release() })
	if got := v.readCard(t.Context()); got.Problem != journey.NoProblem {
		t.Fatalf("reading the card: %s", got.Problem)
	}
	v.lookUp(t.Context()) // nobody knows the card yet: it is asked for as each
	ids := r.asked
	if len(ids) != len(profiles) {
		t.Fatalf("asked for %v", ids)
	}
	r.asked = nil
	return v, r, ids
}

func TestACardIsTheApplicationThatCentralKnows(t *testing.T) {
	v, r, ids := several(t, "piv", "gids", "openpgp")
	r.known = ids[2:]
	got := v.lookUp(t.Context())
	if got.Standing != journey.Registered || got.Card.Profile != "openpgp" || v.info.ID != ids[2] {
		t.Errorf("looked up as %+v, the visit is about %s", got, v.info.ID)
	}
	if !slices.Equal(r.asked, ids) {
		t.Errorf("asked for %v, want %v", r.asked, ids)
	}
	// The application is the selected one: it takes its passcode.
	if out := v.verify(t.Context(), journey.VerifyPasscode{Passcode: display.NewSecret("123456")}); !out.OK {
		t.Errorf("the passcode: %+v", out)
	}
}

func TestACardThatCentralKnowsByItsFirstApplicationIsAskedForOnce(t *testing.T) {
	v, r, ids := several(t, "piv", "openpgp")
	r.known = ids
	if got := v.lookUp(t.Context()); got.Standing != journey.Registered || got.Card != (journey.CardRead{}) || len(r.asked) != 1 {
		t.Errorf("%+v, asked for %v", got, r.asked)
	}
}

func TestACardThatNobodyKnowsIsItsFirstApplication(t *testing.T) {
	v, _, ids := several(t, "piv", "isoapplet")
	if got := v.lookUp(t.Context()); got.Standing != journey.Unknown || v.info.ID != ids[0] {
		t.Errorf("%+v, the visit is about %s", got, v.info.ID)
	}
	if out := v.verify(t.Context(), journey.VerifyPasscode{Passcode: display.NewSecret("123456")}); !out.OK {
		t.Errorf("the passcode: %+v", out)
	}
}

// Without the link the local registry tells.
func TestWithoutTheLinkTheLocalRegistryKnowsTheApplication(t *testing.T) {
	v, r, ids := several(t, "piv", "openpgp")
	r.down = true
	hash := wire.CardHash(v.a.cfg.Identity.RegistryKey, ids[1])
	change := wire.RegistryChange{Number: 1, Card: hash, Registration: "r", Standing: wire.StandsRegistered, Asked: []int{1, 2}}
	if err := v.a.store.Apply([]wire.RegistryChange{change}, 1); err != nil {
		t.Fatal(err)
	}
	got := v.lookUp(t.Context())
	if got.Online || got.Standing != journey.Registered || got.Card.Profile != "openpgp" {
		t.Errorf("%+v", got)
	}
}

// Nobody is told that their card is not one of ours while central has not
// answered for each of its applications.
func TestACardIsUnknownOnceCentralAnsweredForAllOfIt(t *testing.T) {
	v, r, ids := several(t, "piv", "gids", "openpgp")
	r.known, r.slow = ids[1:2], ids[1]
	if got := v.lookUp(t.Context()); got.Online || got.Problem != journey.NoProblem {
		t.Errorf("without an answer: %+v", got)
	}
	r.slow = ""
	if got := v.lookUp(t.Context()); !got.Online || got.Standing != journey.Registered {
		t.Errorf("with one: %+v", got)
	}
}
