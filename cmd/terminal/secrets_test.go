package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// traces are what a person, their card and their mailbox must not leave
// behind, by what each one is.
type traces map[string][]byte

func tracesOf(t testing.TB, w *world, h *hospitaltest.Holder, answers []string) traces {
	t.Helper()
	id := h.Card.Status().CardID
	raw, err := hex.DecodeString(strings.Map(onlyHex, id))
	if err != nil || len(raw) < 8 {
		t.Fatalf("the card's name %q is not in hex: %v", id, err)
	}
	user, _, _ := strings.Cut(h.Email, "@")
	found := traces{
		"name": []byte(h.Name), "surname": []byte(strings.Fields(h.Name)[1]), "address": []byte(user),
		"card": []byte(id), "card's bytes": raw, "PUK": []byte(h.PUK),
		"passcode": []byte(h.Passcode), "new passcode": []byte(h.Next),
	}
	for _, a := range answers {
		normal, err := answer.Normalise([]byte(a))
		if err != nil {
			t.Fatal(err)
		}
		found["answer "+a], found["normalised "+a] = []byte(a), normal
	}
	for _, code := range w.codes(h.Email, 0) {
		found["code "+code] = []byte(code)
	}
	return found
}

func onlyHex(r rune) rune {
	if strings.ContainsRune("0123456789abcdefABCDEF", r) {
		return r
	}
	return -1
}

// without leaves out what may be there.
func (x traces) without(names ...string) traces {
	rest := traces{}
	for name, value := range x {
		rest[name] = value
	}
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}

func (x traces) notIn(t testing.TB, where string, data []byte) {
	t.Helper()
	lower := bytes.ToLower(data)
	for name, value := range x {
		if bytes.Contains(data, value) || bytes.Contains(lower, bytes.ToLower(value)) {
			t.Errorf("%s holds the %s", where, name)
		}
	}
}

// notUnder looks through the raw bytes of every file, and returns them.
func (x traces) notUnder(t testing.TB, dir string) (all []byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		x.notIn(t, path, data)
		all = append(all, data...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// eavesdropper keeps all that goes through the broker.
type eavesdropper struct {
	taken hospitaltest.Log
	seen  hospitaltest.Log // topics
}

// listens joins with central's account, which may read everything.
func (w *world) listens(t testing.TB) *eavesdropper {
	t.Helper()
	account := w.Accounts[0]
	session := link.New(link.Config{URL: w.Mosquitto.URL(), ClientID: "tap", User: account.User,
		Password: account.Password, Subscribe: []string{"#"}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); session.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	x := new(eavesdropper)
	go x.keep(ctx, session)
	hospitaltest.Await(w.t, "the tap", func() bool { return x.seen.String() != "" })
	return x
}

func (x *eavesdropper) keep(ctx context.Context, session *link.Session) {
	for {
		select {
		case m := <-session.Messages():
			x.seen.Write([]byte(m.Topic + "\n"))
			x.taken.Write(append([]byte(m.Topic), m.Payload...))
			m.Ack()
		case <-ctx.Done():
			return
		}
	}
}

// publishes has central answer the links in its mails.
func (w *world) publishes() {
	w.t.Helper()
	text, err := os.ReadFile(w.Path("central/central.toml"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.Central.Kill()
	addr := brokertest.FreeAddr(w.t)
	w.Write("central/central.toml", fmt.Sprintf("public = %q\npublic_url = \"http://%s\"\n%s", addr, addr, text))
	w.StartCentral()
}

// boothsReason is why the IT booth gave out a code: people write all sorts of
// things about each other there.
const boothsReason = "showed a badge"

// assists has jo at the IT booth give out a code for a card, over the broker.
func (w *world) assists(h *hospitaltest.Holder) string {
	w.t.Helper()
	said := w.Run("fleet", "--as", w.Path("jo.json"), "--timeout", hospitaltest.Patience.String(),
		"card", "assist", h.Card.Status().CardID, "--reason", boothsReason)
	code := regexp.MustCompile(`(?m)^(\d{4}) (\d{4})$`).FindStringSubmatch(said)
	if code == nil {
		w.t.Fatalf("the booth was told %q", said)
	}
	return code[1] + code[2]
}

var freezeLink = regexp.MustCompile(`http://\S+/freeze/([\w-]+)`)

// links are those in the mails to somebody, by their tokens.
func (w *world) links(to string) map[string]string {
	found := map[string]string{}
	for _, m := range w.Mail.Mails() {
		if link := freezeLink.FindStringSubmatch(m.Text); m.To == to && link != nil {
			found[link[1]] = link[0]
		}
	}
	return found
}

// freezes follows each link of a holder's mails, and presses its button.
func (w *world) freezes(h *hospitaltest.Holder) {
	w.t.Helper()
	for _, link := range w.links(h.Email) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			ask, err := http.NewRequestWithContext(w.t.Context(), method, link, nil)
			if err != nil {
				w.t.Fatal(err)
			}
			reply, err := http.DefaultClient.Do(ask)
			if err != nil {
				w.t.Fatal(err)
			}
			if reply.Body.Close(); reply.StatusCode != http.StatusOK {
				w.t.Errorf("%s of a link in a mail: %s", method, reply.Status)
			}
		}
	}
}

// Registers, fails twice, unlocks at the other terminal, changes the passcode,
// unlocks with a code of the IT booth, freezes the card by the links in the
// mails, and then looks through whatever a thief could carry away.
func TestAPersonLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.publishes()
	line := w.listens(t)
	door, hall := w.walls[0], w.walls[1]
	here, there := door.start(), hall.start()
	h := w.Hires(simcard.Working)

	here.sees("idle")
	door.insert(h.Card)
	asked := here.registersNoting(w, h)
	here.leaves(door)
	h.Block(t)
	here.starts(door, h)
	here.guesses()
	here.sees("unlock.answers-wrong")
	here.leaves(door)
	hall.insert(h.Card)
	there.unlocks(w, h)
	there.leaves(hall)
	there.changes(hall, h, "58210473")
	h.Block(t)
	booths := w.assists(h)
	there.unlocksAssisted(hall, h, booths)
	there.leaves(hall)
	hospitaltest.Await(t, "mails about all of it", func() bool { return len(w.links(h.Email)) >= fewestLinks })
	w.freezes(h)

	left := tracesOf(t, w, h, append(asked, "nothing of the kind"))
	left["changed passcode"], left["new PUK"], left["code of the IT booth"] = []byte("58210473"), pukNow(t, h), []byte(booths)
	left["reason"] = []byte(boothsReason)
	for token := range w.links(h.Email) {
		left["token "+token] = []byte(token)
	}
	if bytes.Equal(left["new PUK"], left["PUK"]) {
		t.Error("the unlock left the PUK as it was")
	}
	w.Central.Kill()
	for _, a := range w.walls {
		a.terminal.Kill()
		data := left.notUnder(t, w.Path(a.id))
		if !bytes.Contains(data, []byte(cardHash(t, w, a, h))) {
			t.Error("the registration is not among the files that were looked through")
		}
		identity, err := os.ReadFile(w.Path(a.id + ".json"))
		if err != nil {
			t.Fatal(err)
		}
		left.notIn(t, "the identity of "+a.id, identity)
		left.notIn(t, "the log of "+a.id, []byte(a.terminal.Log.String()))
	}
	data := left.without("card", "card's bytes").notUnder(t, w.Path("central"))
	if !bytes.Contains(data, []byte("ward7")) {
		t.Error("central's store is not among the files that were looked through")
	}
	left.notIn(t, "central's log", []byte(w.Central.Log.String()))
	left.notIn(t, "the line", []byte(line.taken.String()))
	for _, class := range []string{"req", "reply", "fact"} {
		if !strings.Contains(line.seen.String(), class) {
			t.Errorf("the tap saw no %s: %s", class, line.seen.String())
		}
	}
}

// fewestLinks is how many mails with a link a person has had: two codes, one
// failure, the registration, two unlocks, and the booth's code.
const fewestLinks = 7

// pukNow is the PUK that the card has after the unlock, from its own file.
func pukNow(t testing.TB, h *hospitaltest.Holder) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "card.json")
	if err := h.Card.Keep(file); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var card struct {
		Memory struct {
			PIV struct{ PUK struct{ Value string } }
		}
	}
	if err := json.Unmarshal(raw, &card); err != nil || len(card.Memory.PIV.PUK.Value) != 8 {
		t.Fatalf("the card's file has no PUK of 8 characters: %v", err)
	}
	return []byte(card.Memory.PIV.PUK.Value)
}

func cardHash(t testing.TB, w *world, a *wall, h *hospitaltest.Holder) string {
	t.Helper()
	id, err := wire.LoadIdentity(w.Path(a.id + ".json"))
	if err != nil {
		t.Fatal(err)
	}
	return wire.CardHash(id.RegistryKey, h.Card.Status().CardID)
}

// registersNoting registers and says what was answered.
func (p *person) registersNoting(w *world, h *hospitaltest.Holder) (answers []string) {
	p.t.Helper()
	before := w.Mails()
	p.takes("egister")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.types(h.Passcode)
	answers = p.choosesQuestions()
	p.sees("register.email")
	p.presses("Enter")
	p.sees("register.code")
	p.types(w.Code(h, before))
	p.sees("register.done")
	return answers
}

// changes replaces the passcode that the unlock set.
func (p *person) changes(a *wall, h *hospitaltest.Holder, to string) {
	p.t.Helper()
	a.insert(h.Card)
	p.takes("hange my passcode")
	p.sees("change.old")
	p.types(h.Next)
	p.sees("change.new")
	p.types(to)
	p.sees("change.repeat")
	p.types(to)
	p.sees("change.done")
	p.leaves(a)
}

// unlocksAssisted unlocks a blocked card with a code of the IT booth.
func (p *person) unlocksAssisted(a *wall, h *hospitaltest.Holder, code string) {
	p.t.Helper()
	a.insert(h.Card)
	p.sees("card.locked")
	p.presses("Enter")
	p.sees("unlock.warning")
	p.presses("1")
	p.sees("assist.code")
	p.types(code)
	p.choosesPasscode(h)
}
