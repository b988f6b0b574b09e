package simcard_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
)

func newCard(t testing.TB, cfg simcard.Config) *simcard.Card {
	t.Helper()
	card, err := simcard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func TestACardRemembersEverythingWithoutPower(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.json")
	card := newCard(t, simcard.Config{Name: "Amina's card", Quirks: simcard.Quirks{Delay: simcard.Delay(time.Millisecond)}})
	if err := card.Keep(path); err != nil {
		t.Fatal(err)
	}
	card.Verify("000000")
	card.Verify("000000")

	again, err := simcard.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	was, is := card.Status(), again.Status()
	if is.Tries != 1 || is.CardID != was.CardID || is.Name != "Amina's card" || is.PUKTries != 3 {
		t.Errorf("%+v was %+v", is, was)
	}
	if !bytes.Equal(card.Certificate(), again.Certificate()) {
		t.Error("another certificate")
	}
}

// A program that dies while it plays a card: whatever it was at, the file
// holds a whole card whose tries never went up by dying.
func TestACardSurvivesTheDeathOfItsPlayer(t *testing.T) {
	if path := os.Getenv("SIMCARD_TEST_PLAYER"); path != "" {
		card, err := simcard.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		for os.Stdout.WriteString("x\n"); ; {
			card.Verify("123456")
		}
	}
	path := filepath.Join(t.TempDir(), "card.json")
	if err := newCard(t, simcard.Config{}).Keep(path); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		before := load(t, path).Status().Tries
		if before == 0 {
			break
		}
		player := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		player.Env = append(os.Environ(), "SIMCARD_TEST_PLAYER="+path)
		out, err := player.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := player.Start(); err != nil {
			t.Fatal(err)
		}
		out.Read(make([]byte, 1)) // it is at work
		player.Process.Kill()
		player.Wait()
		if after := load(t, path).Status().Tries; after != 3 && after != 2 && after >= before {
			t.Errorf("%d tries became %d", before, after)
		}
	}
}

func load(t *testing.T, path string) *simcard.Card {
	t.Helper()
	card, err := simcard.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func TestADamagedOrUnknownFileIsRefused(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "cut": `{"version":1,`, "newer": `{"version":3}`, "of no profile": `{"version":2,"profiles":["loyalty"]}`} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := simcard.Load(path); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
}

// Cards made when PIV was the only application are still good.
func TestAFileOfTheFirstVersionIsStillACard(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.json")
	text := `{"version":1,"kind":"blocked","name":"Old","guid":"AQIDBAUGBwgJCgsMDQ4PEA==","pin":{"value":"246810","left":0,"max":3},"puk":{"value":"12345678","left":2,"max":3}}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // as it was, and as it is written now
		card := load(t, path)
		if s := card.Status(); s.CardID != "piv:0102030405060708090a0b0c0d0e0f10" || s.Tries != 0 || s.PUKTries != 2 {
			t.Errorf("%+v", s)
		}
		if err := card.Keep(path); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCardsThatCannotBeAreNotMade(t *testing.T) {
	for _, cfg := range []simcard.Config{{PIN: "12345"}, {PUK: "123456789"}, {Tries: 16}, {Tries: -1}, {Kind: "golden"}} {
		if _, err := simcard.New(cfg); err == nil {
			t.Errorf("made %+v", cfg)
		}
	}
}

func TestAllKindsAreWhatTheySay(t *testing.T) {
	for _, kind := range simcard.Kinds() {
		card := newCard(t, simcard.Config{Kind: kind})
		slot := simcard.NewSlot("Test reader")
		slot.Insert(card)
		link, err := slot.Open(t.Context())
		if kind == simcard.Mute {
			if !errors.Is(err, reader.ErrMute) {
				t.Errorf("mute: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		answer, err := link.Transmit(t.Context(), []byte("\x00\xA4\x04\x00\x05\xA0\x00\x00\x03\x08\x00"))
		found := err == nil && bytes.HasSuffix(answer, []byte{0x90, 0x00})
		if isPIV := kind != simcard.Unknown && kind != simcard.Unsupported; found != isPIV {
			t.Errorf("%s: % X, %v", kind, answer, err)
		}
		if s := card.Status(); (s.Tries == 0) == card.Verify("123456") && isBlockable(kind) {
			t.Errorf("%s: %+v", kind, s)
		}
		link.Close()
	}
}

func isBlockable(k simcard.Kind) bool { return k != simcard.Unknown && k != simcard.Unsupported }

func TestAnAuthorityIsKeptInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "authority.pem")
	first, err := simcard.OpenAuthority(path, "Test card authority")
	if err != nil {
		t.Fatal(err)
	}
	second, err := simcard.OpenAuthority(path, "Test card authority")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.CertificatePEM(), second.CertificatePEM()) {
		t.Error("another authority")
	}
	newCard(t, simcard.Config{Authority: second})
	if _, err := simcard.ParseAuthority(first.CertificatePEM()); err == nil {
		t.Error("an authority without a key")
	}
}

func TestASlowCardTakesItsTime(t *testing.T) {
	card := newCard(t, simcard.Config{Quirks: simcard.Quirks{Delay: simcard.Delay(20 * time.Millisecond)}})
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		if _, err := card.Answer(t.Context(), []byte{0, 0x20, 0, 0x80}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took != 20*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestASlotTellsTheNewestPresence(t *testing.T) {
	slot := simcard.NewSlot("Test reader")
	ctx, cancel := context.WithCancel(t.Context())
	seen := slot.Watch(ctx)
	if p := <-seen; p.Card || p.Reader != "Test reader" {
		t.Errorf("%+v", p)
	}
	slot.Insert(newCard(t, simcard.Config{}))
	slot.Remove()
	slot.Insert(newCard(t, simcard.Config{}))
	if p := <-seen; !p.Card || p.Insertion != 2 {
		t.Errorf("%+v", p)
	}
	slot.SetReader(false)
	if p := <-seen; p.Card || p.Reader != "" {
		t.Errorf("%+v", p)
	}
	if _, err := slot.Open(t.Context()); !errors.Is(err, reader.ErrNoReader) {
		t.Errorf("%v", err)
	}
	slot.SetReader(true)
	if p := <-seen; !p.Card || p.Insertion == 2 {
		t.Errorf("%+v", p)
	}
	cancel()
	for range seen {
	}
}

func TestALinkEndsWithItsCard(t *testing.T) {
	slot := simcard.NewSlot("Test reader")
	if _, err := slot.Open(t.Context()); !errors.Is(err, reader.ErrNoCard) {
		t.Errorf("%v", err)
	}
	slot.Insert(newCard(t, simcard.Config{}))
	first, err := slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slot.Open(t.Context()); !errors.Is(err, reader.ErrInUse) {
		t.Errorf("%v", err)
	}
	slot.ResetByOther()
	if _, err := first.Transmit(t.Context(), []byte{0, 0x20, 0, 0x80}); !errors.Is(err, reader.ErrCardReset) {
		t.Errorf("%v", err)
	}
	first.Close()
	second, err := slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slot.Remove()
	if _, err := second.Transmit(t.Context(), []byte{0, 0x20, 0, 0x80}); !errors.Is(err, reader.ErrCardGone) {
		t.Errorf("%v", err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

func TestTheAnswerToResetNamesTheProtocol(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  simcard.Config
		want string
	}{
		"T=1":  {simcard.Config{}, "\x3B\x80\x80\x01\x01"},
		"T=0":  {simcard.Config{Quirks: simcard.Quirks{T0: true}}, "\x3B\x00"},
		"mute": {simcard.Config{Kind: simcard.Mute}, ""},
	} {
		if got := newCard(t, c.cfg).ATR(); string(got) != c.want {
			t.Errorf("%s: % X", name, got)
		}
	}
}

func FuzzCardAnswersAnything(f *testing.F) {
	card := newCard(f, simcard.Config{Quirks: simcard.Quirks{Metadata: true, Version: true}})
	f.Add([]byte("\x00\xA4\x04\x00\x05\xA0\x00\x00\x03\x08\x00"))
	f.Add([]byte("\x00\xCB\x3F\xFF\x05\x5C\x03\x5F\xC1\x02\x00"))
	f.Add([]byte("\x00\x87\x11\x9E\x04\x7C\x02\x82\x00\x00"))
	f.Add([]byte("\x10\x87\x11\x9E\x01\x7C"))
	f.Fuzz(func(t *testing.T, apdu []byte) {
		card.Answer(t.Context(), []byte("\x00\xA4\x04\x00\x05\xA0\x00\x00\x03\x08"))
		answer, err := card.Answer(t.Context(), apdu)
		if err != nil || len(answer) < 2 {
			t.Errorf("% X: % X, %v", apdu, answer, err)
		}
	})
}
