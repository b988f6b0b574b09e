package appliance

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/display/browser"
	"unlockpoint/display/front"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/speech"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/wire"
)

// ear hears a voice, and when it falls silent.
type ear chan string

func (e ear) Say(u speech.Utterance) { e <- u.Text }
func (e ear) Hush()                  { e <- "silence" }

// expect waits for what is heard next to begin like this.
func (e ear) expect(t *testing.T, want string) {
	t.Helper()
	select {
	case heard := <-e:
		if !strings.HasPrefix(heard, want) {
			t.Errorf("%q is heard, not %q", heard, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("%q is not heard", want)
	}
}

// Who plugs a headset in hears the page that is there, and has done nothing
// else; pulled out, nothing more is said.
func TestWhoPlugsAHeadsetInHearsThePage(t *testing.T) {
	jack, heard, panel := make(chan bool), make(ear, 100), layouttest.Small()
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{
		Slot: simcard.NewSlot("reader"), Drawer: browser.New(panel.Width, panel.Height), Screen: panel,
		Speaker: speech.NewSpeaker(heard), Headset: jack, Patience: front.Patient(),
	}, db)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.store.SetSettings(wire.Settings{Policy: wire.DefaultPolicy(), Site: wire.Site{Name: "Heath Hospital"}}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var parts sync.WaitGroup // of Run, all but those that need central
	parts.Go(func() { a.loop(ctx) })
	parts.Go(func() { a.front.Run(ctx) })
	t.Cleanup(func() { stop(); parts.Wait(); a.store.Close() })

	for page := a.Page(); page.ID != "idle"; {
		page = a.PageAfter(ctx, page)
	}
	if len(heard) > 0 {
		t.Errorf("with no headset in, %q is heard", <-heard)
	}
	jack <- true
	heard.expect(t, "silence")
	heard.expect(t, "Put your smartcard in.")
	heard.expect(t, "Cymraeg.")
	heard.expect(t, "9: Stop reading aloud.")
	heard.expect(t, "Any key stops this voice.")
	jack <- false
	heard.expect(t, "silence")
}
