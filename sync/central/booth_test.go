package central_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"unlockpoint/sync/central"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/operator"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

const cardOfCeri = "piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9"

// The IT booth at work, over a real broker: it finds a person, freezes their
// card, and needs somebody else to lift that; an administrator reads it all in
// the audit log.
func TestTheBoothWorksOverARealBroker(t *testing.T) {
	c, badges := fleet(t, brokers()["mosquitto"], central.NewOperator{ID: "jo", Role: wire.Booth, Sites: []string{"east"}},
		central.NewOperator{ID: "al", Role: wire.Admin}, central.NewOperator{ID: "vi", Role: wire.Viewer},
		central.NewOperator{ID: "ceri", Role: wire.Booth, Card: cardOfCeri})
	if err := c.AddCard(t.Context(), desk.NewCard{Card: cardOfCeri, Profile: "piv", Holder: "Ceri Jones", Email: "ceri@nhs.net", Site: "east", PUK: desk.Derived}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	lines := map[string]*operator.Line{}
	for id, b := range badges {
		lines[id] = line(t, b)
	}
	ask := func(who string, kind wire.Kind, body, out any) error { return lines[who].Ask(ctx, kind, body, out) }
	refused := func(err error, words string) {
		t.Helper()
		if _, no := errors.AsType[*operator.RefusedError](err); !no || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want a refusal with %q", err, words)
		}
	}
	act := wire.CardActBody{Card: cardOfCeri, Reason: "badge lost"}

	var found []wire.CardView
	if err := ask("jo", wire.CardFind, wire.CardFindBody{Query: "ceri"}, &found); err != nil || len(found) != 1 || found[0].Card != cardOfCeri {
		t.Fatalf("%+v, %v", found, err)
	}
	var nobody []wire.CardView
	if err := ask("jo", wire.CardFind, wire.CardFindBody{Query: "nobody"}, &nobody); err != nil || len(nobody) != 0 {
		t.Errorf("%+v, %v", nobody, err)
	}
	refused(ask("jo", wire.CardFind, wire.CardFindBody{Query: "c"}, nil), "2 or more letters")
	refused(ask("vi", wire.CardFind, wire.CardFindBody{Query: "ceri"}, nil), "needs the role booth or admin")
	if err := ask("ceri", wire.CardFreeze, act, nil); err != nil {
		t.Error(err)
	}
	refused(ask("ceri", wire.CardUnfreeze, act, nil), "your own card")
	var done wire.CardDone
	if err := ask("jo", wire.CardUnfreeze, act, &done); err != nil || done.Agree == "" {
		t.Fatalf("%+v, %v", done, err)
	}
	var waiting []wire.Waiting
	if err := ask("al", wire.CardWaiting, struct{}{}, &waiting); err != nil || len(waiting) != 1 || waiting[0].By != "jo" || waiting[0].ID != done.Agree {
		t.Fatalf("%+v, %v", waiting, err)
	}
	refused(ask("jo", wire.CardAgree, waiting[0].CardAgreeBody, nil), "another one has to agree")
	refused(ask("ceri", wire.CardAgree, waiting[0].CardAgreeBody, nil), "your own card")
	refused(ask("al", wire.CardAgree, wire.CardAgreeBody{ID: done.Agree}, nil), "not what waits")
	if err := ask("al", wire.CardAgree, waiting[0].CardAgreeBody, nil); err != nil {
		t.Error(err)
	}
	var h wire.History
	if err := ask("jo", wire.CardHistory, wire.CardHistoryBody{Card: cardOfCeri}, &h); err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, e := range h.Entries {
		said += e.What + " " + e.By + " " + e.Second + " " + e.Reason + "\n"
	}
	if !strings.Contains(said, "unfrozen operator/jo operator/al badge lost\n") {
		t.Errorf("the history says\n%s", said)
	}
	signedByBoth(t, badges, h, waiting[0].Note)

	refused(ask("jo", wire.AuditLs, wire.AuditPageBody{}, nil), "needs the role admin")
	var log []wire.AuditLine
	if err := ask("al", wire.AuditExport, wire.AuditPageBody{}, &log); err != nil || len(log) < len(h.Entries) {
		t.Fatalf("%d lines, %v", len(log), err)
	}
	var whole wire.AuditVerified
	if err := ask("al", wire.AuditVerify, wire.AuditVerifyBody{}, &whole); err != nil || whole.Entries < uint64(len(log)) { // mails are tried meanwhile
		t.Errorf("%+v, %v", whole, err)
	}
	if err := ask("al", wire.AuditVerify, wire.AuditVerifyBody{Was: whole.Head}, nil); err != nil {
		t.Error(err)
	}
	refused(ask("al", wire.AuditVerify, wire.AuditVerifyBody{Was: "1"}, nil), "not the head of a log")
}

// Whoever is at the machine may do what one operator may, as nobody.
func TestActsAtTheLocalSocket(t *testing.T) {
	c := open(t, config(t))
	if err := c.AddCard(t.Context(), desk.NewCard{Card: cardOfCeri, Profile: "piv", Holder: "Ceri Jones", Site: "east", PUK: desk.Derived}); err != nil {
		t.Fatal(err)
	}
	office := socket.Inside(c.Office())
	act := wire.CardActBody{Card: cardOfCeri, Reason: "badge lost"}
	var done wire.CardDone
	if err := office.Call(t.Context(), "POST", "/acts/card.assist", act, &done); err != nil || len(done.Code) != 8 {
		t.Fatalf("%+v, %v", done, err)
	}
	if err := office.Call(t.Context(), "POST", "/acts/card.freeze", act, nil); err != nil {
		t.Fatal(err)
	}
	for kind, words := range map[string]string{"card.unfreeze": "two operators", "card.dance": "needs the role", "card.assist": "unfreeze it first"} {
		err := office.Call(t.Context(), "POST", "/acts/"+kind, act, nil)
		if _, no := errors.AsType[socket.Refused](err); !no || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// What is done at the machine is in the log as well, and what did not happen
// is not.
func TestWhatIsDoneAtTheMachineIsInTheLog(t *testing.T) {
	c := open(t, config(t))
	office := socket.Inside(c.Office())
	call := func(method, path string, body any) error { return office.Call(t.Context(), method, path, body, nil) }
	for _, err := range []error{
		call("POST", "/terminals", central.NewTerminal{ID: "ward-7", Site: "east"}),
		call("POST", "/terminals/ward-7/release", nil),
		call("POST", "/terminals/ward-7/retire", nil),
		call("POST", "/operators", central.NewOperator{ID: "jo", Role: wire.Booth}),
		call("DELETE", "/operators/jo", nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if call("POST", "/terminals", central.NewTerminal{ID: "ward-7", Site: "east"}) == nil || call("DELETE", "/operators/jo", nil) == nil {
		t.Fatal("done twice")
	}
	var lines []wire.AuditLine
	if err := office.Call(t.Context(), "POST", "/acts/audit.ls", wire.AuditPageBody{}, &lines); err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, l := range lines {
		e, err := l.Read()
		if err != nil {
			t.Fatal(err)
		}
		said += e.What + " " + e.By + " " + e.Note + "\n"
	}
	want := "log.begun central \nterminal.added local ward-7\nterminal.released local ward-7\nterminal.retired local ward-7\n" +
		"operator.added local jo, booth\noperator.removed local jo\n"
	if said != want {
		t.Errorf("the log says\n%swant\n%s", said, want)
	}
}

// signedByBoth holds the notes in the history of a card against the operators'
// keys: jo's is the one that al's names.
func signedByBoth(t *testing.T, badges map[string]wire.Badge, h wire.History, named string) {
	t.Helper()
	at := slices.IndexFunc(h.Entries, func(e wire.CardEntry) bool { return e.What == "unfrozen" })
	notes := h.Entries[at].Notes
	if len(notes) != 2 {
		t.Fatalf("%d notes are kept", len(notes))
	}
	for i, id := range []string{"jo", "al"} {
		public := ed25519.NewKeyFromSeed(badges[id].NoteKey).Public().(ed25519.PublicKey)
		verifier, err := wire.NewVerifier(id, public)
		must(t, err)
		e, err := verifier.Open([]byte(notes[i]), wire.Central)
		if want := []wire.Kind{wire.CardUnfreeze, wire.CardAgree}[i]; err != nil || e.Kind != want {
			t.Errorf("the note of %s: %s, %v", id, e.Kind, err)
		}
	}
	if sum := sha256.Sum256([]byte(notes[0])); hex.EncodeToString(sum[:]) != named {
		t.Error("what al agreed to names another note than jo's")
	}
}
