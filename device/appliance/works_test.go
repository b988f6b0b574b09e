package appliance

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/store"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/sync/wire"
)

func TestAScreenshotIsOfPagesThatAreNotPrivate(t *testing.T) {
	screen := layout.Screen{Width: 320, Height: 240, PPMM: 5.6}
	idle := pages.View(journey.State{Page: journey.Idle})
	got := screenshot(idle, screen)
	picture, err := png.Decode(bytes.NewReader(got.data))
	if err != nil || got.end != wire.Done || picture.Bounds() != screen.Bounds() {
		t.Errorf("%s: %v", got.text, err)
	}
	for _, page := range journey.Pages() {
		if p := pages.View(journey.State{Page: page}); p.Private {
			if got := screenshot(p, screen); got.end != wire.Failed || got.data != nil {
				t.Errorf("%s was sent", page)
			}
		}
	}
	if got := screenshot(display.Page{ID: "x", Private: true}, screen); got.end != wire.Failed || !strings.Contains(got.text, "private") {
		t.Errorf("%+v", got)
	}
}

func TestARestartIsDoneByTheStartAfterIt(t *testing.T) {
	if e := afterStart(store.Command{Do: wire.Restart}); e.end != wire.Done {
		t.Errorf("%+v", e)
	}
	if e := afterStart(store.Command{Do: wire.SelfTest}); e.end != wire.Failed {
		t.Errorf("%+v", e)
	}
}
