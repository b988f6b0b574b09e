package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"unlockpoint/reader/simcard"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func TestTheCardHasToProveItself(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	look := hall.look()
	attempt := func(proof wire.CardProof) wire.AttemptBeginReply {
		return ask[wire.AttemptBeginReply](hall, wire.AttemptBegin, wire.AttemptBeginBody{
			Card: w.id, Registration: look.Registration, Elements: hall.blind(look.Asked).Elements(),
			Proof: proof, SealTo: hall.seal.Public(),
		})
	}
	stranger, err := simcard.NewAuthority("Another authority", w.now.AddDate(-1, 0, 0))
	w.ok(err)
	mine := w.card
	w.card, _ = w.newCard(stranger)
	foreign := hall.prove("")
	w.card = mine
	for name, proof := range map[string]wire.CardProof{
		"none":                 {},
		"for a case":           hall.prove("somecase"),
		"of another insertion": porch.prove(""),
		"of a foreign card":    foreign,
	} {
		if got := attempt(proof); got.Refused != wire.NoProof {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := ask[wire.RegisterBeginReply](hall, wire.RegisterBegin, wire.RegisterBeginBody{Card: w.id, SealTo: hall.seal.Public()}); got.Refused != wire.NoProof || got.Local != "" {
		t.Errorf("registering without: %+v", got)
	}
	if left := hall.look().AttemptsLeft; left != 3 {
		t.Errorf("%d attempts left", left)
	}
}

func TestFreezingEndsEverything(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error { return w.freeze(tx) }))
	if _, refused := hall.grant(id); refused != wire.Frozen {
		t.Errorf("a grant: %q", refused)
	}
	if got := hall.look(); got.Standing != wire.StandsFrozen || got.Case != "" {
		t.Errorf("looked up: %+v", got)
	}
	if got := hall.attempt(); got.begun.Refused != wire.Frozen {
		t.Errorf("an attempt: %+v", got.begun)
	}
	if got := hall.begin(); got.Refused != wire.Frozen {
		t.Errorf("registering: %+v", got)
	}
}

func TestACardThatIsNotOurs(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	w.id = "piv:00"
	if got := hall.look(); got.Standing != wire.StandsUnknown || got.Refused != "" {
		t.Errorf("got %+v", got)
	}
	if got := hall.begin(); got.Refused != wire.UnknownCard {
		t.Errorf("got %+v", got)
	}
}

// Whatever bytes a terminal sends as a body, it gets an answer, and no fault.
func FuzzServe(f *testing.F) {
	kinds := []wire.Kind{
		wire.RegistryPage, wire.CardLook, wire.RegisterBegin, wire.RegisterEvaluate, wire.RegisterSubmit, wire.AttemptBegin,
		wire.AttemptProve, wire.CaseTake, wire.CodeCheck, wire.CodeResend, wire.CodeStatus, wire.UnlockGrant, wire.UnlockDone, wire.Audit,
	}
	for i := range kinds {
		f.Add(i, []byte(`{}`))
		f.Add(i, []byte(`{"card":"piv:00","case":"x","registration":"","attempt":"/","questions":[1,1],"elements":[""],"seal_to":"AA=="}`))
	}
	f.Add(2, []byte(`{"card":"piv:00","CARD":"piv:01"}`))
	w := newWorld(f)
	for i := range kinds { // a card that there is
		f.Add(i, fmt.Appendf(nil, `{"card":%q,"case":"x","questions":[1,1],"elements":[""],"seal_to":"AA==","proof":{"signature":"AA=="}}`, w.id))
	}
	who := Terminal{ID: "hall", Site: "ward", SessNonce: []byte("n")}
	f.Fuzz(func(t *testing.T, i int, body []byte) {
		kind := kinds[uint(i)%uint(len(kinds))]
		err := w.store.Update(context.Background(), func(tx store.Tx) error {
			if kind == wire.UnlockDone || kind == wire.Audit {
				return w.desk.Fact(tx, who, kind, body)
			}
			reply, err := w.desk.Serve(tx, who, kind, body, wire.Envelope{Kind: kind.Reply(), ID: "n", From: wire.Central, To: who.ID})
			if err == nil {
				_, err = json.Marshal(reply)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	})
}
