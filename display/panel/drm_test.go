package panel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/panel/paneltest"
)

// onCard runs a panel on a card until the test ends.
func onCard(t *testing.T, c *paneltest.Card, o Options) (p *Panel, stop func()) {
	t.Helper()
	p, err := NewDRM("/dev/dri/card0", c, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	return p, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		for _, complaint := range c.Complaints() {
			t.Error(complaint)
		}
	}
}

func cardShows(t *testing.T, c *paneltest.Card, want *image.RGBA, turned int) {
	t.Helper()
	synctest.Wait()
	if at, differ := paneltest.Difference(c.Picture(turned), want, 24); differ {
		t.Fatalf("something else is at %v", at)
	}
}

func TestACardShowsWhatIsDrawnHoweverItHangs(t *testing.T) {
	for _, direct := range []bool{false, true} {
		for _, turned := range []int{0, 90, 180, 270} {
			t.Run(fmt.Sprintf("%d, direct %v", turned, direct), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					o, c := day(), &paneltest.Card{Width: 50, Height: 30, Direct: direct}
					o.Rotation = turned
					p, stop := onCard(t, c, o)
					defer stop()
					picture := noise(p.Bounds(), 21)
					p.Draw(p.Bounds(), picture, image.Point{})
					cardShows(t, c, picture, turned)
					dab(picture, image.Rect(5, 7, 21, 19), color.White)
					dab(picture, image.Rect(24, 2, 25, 3), color.White)
					p.Draw(p.Bounds(), picture, image.Point{})
					cardShows(t, c, picture, turned)
				})
			})
		}
	}
}

func TestACardSleepsAndLeavesNothingToRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &paneltest.Card{Width: 50, Height: 30}
		p, stop := onCard(t, c, day())
		picture := noise(p.Bounds(), 22)
		p.Draw(p.Bounds(), picture, image.Point{})
		for _, step := range []struct {
			light Light
			on    bool
		}{{Day, true}, {Dark, false}, {Night, true}} {
			p.SetLight(step.light)
			time.Sleep(time.Second)
			if c.On() != step.on {
				t.Errorf("with light %v the screen is on: %v", step.light, c.On())
			}
		}
		cardShows(t, c, newShade(20, picture.Rect).over(picture, picture.Rect), 0) // it has no light of its own
		memory := p.screen.(*card).memory
		stop()
		for i := 0; i < 50; i++ {
			if !bytes.Equal(memory[4*i:][:3], []byte{0, 0, 0}) {
				t.Fatalf("pixel %d is still in memory", i)
			}
		}
		if c.On() {
			t.Error("the text console has not got its screen back")
		}
	})
}

func TestACardThatAnotherProgramHasIsToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told strings.Builder
		o := day()
		o.Log = slog.New(slog.NewTextHandler(&told, nil))
		p, err := NewDRM("/dev/dri/card0", &paneltest.Card{Width: 50, Height: 30, Refuse: syscall.EACCES}, o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p.Run(ctx)
		if !strings.Contains(told.String(), "show a picture on /dev/dri/card0, which one program may at a time: permission denied") {
			t.Errorf("told: %s", told.String())
		}
	})
}

func TestACardThatCannotBeUsedSaysWhy(t *testing.T) {
	for want, device := range map[string]Device{
		"none is connected":           &paneltest.Card{Width: 50, Height: 30, Unplugged: true},
		"0x30 pixels":                 &paneltest.Card{Width: 0, Height: 30},
		"inappropriate ioctl":         &paneltest.Console{},
		"9000x30 pixels: a panel has": &paneltest.Card{Width: 9000, Height: 30},
	} {
		_, err := NewDRM("/dev/dri/card0", device, day())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "/dev/dri/card0") {
			t.Errorf("%v: none of %q", err, want)
		}
	}
	if _, err := NewDRM("x", &paneltest.Console{}, day()); !errors.Is(err, syscall.ENOTTY) {
		t.Error(err)
	}
}
