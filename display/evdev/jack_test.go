package evdev_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/evdev"
	"unlockpoint/display/evdev/evdevtest"
)

// socket runs a Jack over devices that are plugged in, and keeps what it says.
func socket(t *testing.T, devices []*evdevtest.Device, story func(f *evdevtest.Folder, expect func(said ...bool))) {
	synctest.Test(t, func(t *testing.T) {
		folder := &evdevtest.Folder{}
		for _, d := range devices {
			folder.Plug(d)
		}
		jack, err := evdev.NewJack("*headphone*", folder, nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- jack.Run(ctx) }()
		story(folder, func(said ...bool) {
			t.Helper()
			for _, want := range said {
				select {
				case got := <-jack.Changes():
					if got != want {
						t.Fatalf("a headset is in: %v", got)
					}
				case <-time.After(time.Minute):
					t.Fatalf("nobody says that a headset is in: %v", want)
				}
			}
			time.Sleep(5 * time.Second)
			select {
			case got := <-jack.Changes():
				t.Fatalf("a headset is in: %v, and nobody asked", got)
			default:
			}
		})
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		for _, d := range devices {
			for _, complaint := range d.Complaints() {
				t.Error(complaint)
			}
		}
	})
}

func TestAHeadsetComesAndGoes(t *testing.T) {
	jack, other := evdevtest.Jack("card Headphone Jack"), evdevtest.Jack("lid")
	devices := []*evdevtest.Device{evdevtest.Keyboard("headphone keys"), other, jack}
	socket(t, devices, func(f *evdevtest.Folder, expect func(...bool)) {
		expect()
		jack.Send(evdevtest.Switch(evdev.SwHeadphoneInsert, 1))
		expect(true)
		jack.Send(evdevtest.Switch(0x04, 1)) // its microphone
		other.Send(evdevtest.Switch(evdev.SwHeadphoneInsert, 1))
		expect()
		jack.Send(evdevtest.Switch(evdev.SwHeadphoneInsert, 0))
		expect(false)
	})
}

func TestAHeadsetThatIsInFromTheBeginningAndASocketThatVanishes(t *testing.T) {
	jack := evdevtest.Jack("USB Headphone")
	jack.Send(evdevtest.Switch(evdev.SwHeadphoneInsert, 1))
	denied := evdevtest.Jack("Headphone of others")
	denied.Deny(fs.ErrPermission)
	socket(t, []*evdevtest.Device{denied, jack}, func(f *evdevtest.Folder, expect func(...bool)) {
		expect(true)
		f.Unplug(jack)
		expect(false)
		denied.Send(evdevtest.Switch(evdev.SwHeadphoneInsert, 1))
		denied.Deny(nil)
		expect(true)
	})
}

func TestAPatternOfASocketThatIsNone(t *testing.T) {
	if _, err := evdev.NewJack("[", nil, nil); err == nil {
		t.Error("a pattern that is none is taken")
	}
}
