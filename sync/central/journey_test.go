package central_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"unlockpoint/sync/answer"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/mail/catcher"
	"unlockpoint/sync/wire"
)

const card = "piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9"

// call makes a request in the terminal's session and reads its sealed reply.
func call[R any](x *terminal, sess string, kind wire.Kind, body any) (r R, e wire.Envelope) {
	x.t.Helper()
	raw := x.ask("req", x.note(wire.Envelope{Kind: kind, Sess: sess}, body), "reply")
	e = x.open(raw)
	x.unseal(raw, &r)
	return r, e
}

// A holder registers and unlocks: every request over a real Mosquitto, every
// mail over real SMTP.
func TestAHolderRegistersAndUnlocks(t *testing.T) {
	box, err := catcher.Start("127.0.0.1:0", catcher.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	cfg := config(t)
	cfg.Policy.ProofRequired = false // this card is a name only
	cfg.Authority = x509.NewCertPool()
	cfg.Mail = mail.Server{Host: "127.0.0.1", Port: box.Addr().Port, Security: mail.StartTLS, Timeout: limit}
	c := open(t, cfg)
	id, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: "ward-7", Site: "east", Name: "Ward 7"})
	if err != nil {
		t.Fatal(err)
	}
	err = c.AddCard(t.Context(), desk.NewCard{Card: card, Profile: "piv", Holder: "Ceri Jones", Email: "ceri@nhs.net", Site: "east", PUK: "12345678"})
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := c.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Broker.URL = brokertest.Mosquitto(t, accounts).URL()
	run(t, c, cfg.Broker)
	x := connect(t, id, cfg.Broker.URL)
	sess := x.hello().Sess
	answers := []string{"Aberystwyth", "Rex", "Mrs Evans", "blue bicycle"}

	registers(x, sess, box, answers)
	if mails, err := box.Await(x.ctx, 2); err != nil || !strings.Contains(mails[1].Text, "registered for self-service") {
		t.Fatalf("no notice: %v", err)
	}
	caseID := proves(x, sess, answers)
	mails, err := box.Await(x.ctx, 3)
	if err != nil || mails[2].Code == "" || !strings.Contains(mails[2].Text, "Hello Ceri Jones,") {
		t.Fatalf("no code: %v", err)
	}
	unlocks(x, sess, caseID, mails[2].Code)
	if mails, err := box.Await(x.ctx, 4); err != nil || !strings.Contains(mails[3].Text, "unlocked") || !strings.Contains(mails[3].Text, "Ward 7") {
		t.Fatalf("no notice: %v", err)
	}
	o, err := c.Overview(t.Context())
	if err != nil || o.Registered != 1 || o.Cases != 0 || o.Locked != 0 {
		t.Fatalf("%+v, %v", o, err)
	}
}

func registers(x *terminal, sess string, box *catcher.Server, answers []string) {
	x.t.Helper()
	begun, _ := call[wire.RegisterBeginReply](x, sess, wire.RegisterBegin, wire.RegisterBeginBody{Card: card, SealTo: x.seal.Public()})
	questions := []int{1, 4, 9, 16}
	blinded, err := answer.Blind(bytesOf(answers))
	if err != nil {
		x.t.Fatal(err)
	}
	evaluated, _ := call[wire.Evaluated](x, sess, wire.RegisterEvaluate, wire.RegisterEvaluateBody{
		Registration: begun.Registration, Questions: questions, Elements: blinded.Elements(), SealTo: x.seal.Public()})
	var forms []wire.KeyForm
	for _, q := range questions {
		forms = append(forms, wire.KeyForm{Question: q, Normaliser: begun.Normaliser, OPRF: begun.OPRF, Argon: begun.Argon})
	}
	keys, err := blinded.Keys(evaluated.Elements, begun.Registration, forms)
	if err != nil {
		x.t.Fatal(err)
	}
	submit := wire.RegisterSubmitBody{Registration: begun.Registration, SealTo: x.seal.Public()}
	for i, k := range keys {
		public := k.Public().(ed25519.PublicKey)
		submit.Keys = append(submit.Keys, wire.QuestionKey{Form: forms[i], Public: public,
			Signature: ed25519.Sign(k, answer.EnrolText(begun.Registration, card, forms[i], public))})
	}
	opened, _ := call[wire.CaseReply](x, sess, wire.RegisterSubmit, submit)
	mails, err := box.Await(x.ctx, 1)
	if err != nil {
		x.t.Fatalf("%v: %+v", err, opened)
	}
	checked, _ := call[wire.CodeCheckReply](x, sess, wire.CodeCheck, wire.CodeCheckBody{Case: opened.Case.Case, Code: wire.Typed(mails[0].Code)})
	if checked.Verdict != wire.CodeRight {
		x.t.Fatalf("%+v", checked)
	}
}

// proves answers the asked questions and returns the case that it opens.
func proves(x *terminal, sess string, answers []string) string {
	x.t.Helper()
	look, _ := call[wire.CardLookReply](x, sess, wire.CardLook, wire.CardLookBody{Card: card})
	number := map[int]string{1: answers[0], 4: answers[1], 9: answers[2], 16: answers[3]}
	var asked []string
	for _, q := range look.Asked {
		asked = append(asked, number[q])
	}
	blinded, err := answer.Blind(bytesOf(asked))
	if err != nil {
		x.t.Fatal(err)
	}
	begun, _ := call[wire.AttemptBeginReply](x, sess, wire.AttemptBegin, wire.AttemptBeginBody{
		Card: card, Registration: look.Registration, Elements: blinded.Elements(), SealTo: x.seal.Public()})
	keys, err := blinded.Keys(begun.Elements, look.Registration, look.Keys)
	if err != nil {
		x.t.Fatalf("%v: %+v", err, begun)
	}
	prove := wire.AttemptProveBody{Attempt: begun.Attempt, SealTo: x.seal.Public()}
	for i, k := range keys {
		prove.Signatures = append(prove.Signatures, ed25519.Sign(k, answer.ProofText(answer.ProofOf{Attempt: begun.Attempt,
			Case: begun.Case, Card: card, Registration: look.Registration, Question: look.Asked[i], Terminal: x.id.ID, SealTo: x.seal.Public()})))
	}
	proved, _ := call[wire.AttemptProveReply](x, sess, wire.AttemptProve, prove)
	if !proved.Right || proved.Case == nil {
		x.t.Fatalf("%+v", proved)
	}
	return proved.Case.Case
}

// unlocks types the code, takes the grant and tells that it was used.
func unlocks(x *terminal, sess, caseID, code string) {
	x.t.Helper()
	checked, _ := call[wire.CodeCheckReply](x, sess, wire.CodeCheck, wire.CodeCheckBody{Case: caseID, Code: wire.Typed(code)})
	if checked.Verdict != wire.CodeRight {
		x.t.Fatalf("%+v", checked)
	}
	insertion, err := wire.GenerateSealKey()
	if err != nil {
		x.t.Fatal(err)
	}
	granted, e := call[wire.UnlockGrantReply](x, sess, wire.UnlockGrant, wire.UnlockGrantBody{Case: caseID, Card: card, SealTo: insertion.Public()})
	if granted.Grant == nil {
		x.t.Fatalf("%+v", granted)
	}
	plain, err := insertion.Unseal(x.id.Realm, e, *granted.Grant)
	if err != nil {
		x.t.Fatal(err)
	}
	var g wire.Grant
	if err := wire.Decode(plain, &g); err != nil || string(g.Current) != "12345678" || len(g.Next) == 0 {
		x.t.Fatalf("generation %d, %v", g.Generation, err)
	}
	text, err := json.Marshal(wire.UnlockDoneBody{Case: caseID, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
	if err != nil {
		x.t.Fatal(err)
	}
	before, _ := hex.DecodeString(inc)
	sum := sha256.Sum256(append(before, text...))
	var ack wire.AckBody
	x.read(x.ask("fact", x.note(wire.Envelope{Kind: wire.UnlockDone},
		wire.FactBody{Inc: inc, Seq: 1, Chain: hex.EncodeToString(sum[:]), Fact: text}), "ack"), &ack)
	if ack.Seq != 1 {
		x.t.Fatalf("%+v", ack)
	}
}

func bytesOf(texts []string) [][]byte {
	list := make([][]byte, len(texts))
	for i, text := range texts {
		list[i] = []byte(text)
	}
	return list
}
