package touch

import (
	"image"
	"slices"
	"testing"
)

func TestTheBlockOfAnFT6336(t *testing.T) {
	one := []byte{0x01, 0x81, 0x2c, 0x01, 0x40, 40, 0x30}
	for name, c := range map[string]struct {
		block []byte
		want  []Contact
		palm  bool
		fails bool
	}{
		"nothing":        {[]byte{0x00, 0x41, 0x2c, 0x01, 0x40}, nil, false, false},
		"one":            {one, []Contact{{ID: 0, X: 0x12c, Y: 0x140}}, false, false},
		"one that lifts": {[]byte{0x01, 0x41, 0x2c, 0x01, 0x40}, nil, false, false},
		"no event":       {[]byte{0x01, 0xff, 0xff, 0xff, 0xff}, nil, false, false},
		"two": {slices.Concat([]byte{0x02}, one[1:], []byte{0x00, 0x05, 0x10, 0x06, 40, 0x20}),
			[]Contact{{X: 0x12c, Y: 0x140}, {ID: 1, X: 5, Y: 6}}, false, false},
		"large":       {[]byte{0x01, 0x80, 1, 0, 2, 90, 0xf0}, []Contact{{X: 1, Y: 2, Palm: true}}, false, false},
		"too many":    {[]byte{0x05}, nil, true, false},
		"a dead wire": {slices.Repeat([]byte{0xff}, 13), nil, false, true},
	} {
		var b ftBlock
		copy(b[:], c.block)
		got, err := b.report()
		if !slices.Equal(got.Contacts, c.want) || got.Palm != c.palm || (err != nil) != c.fails {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTheBlockOfAGT911(t *testing.T) {
	point := []byte{3, 0x2c, 0x01, 0x40, 0x01, 30, 0, 0}
	for name, c := range map[string]struct {
		status byte
		points []byte
		want   Report
		fails  bool
	}{
		"nothing":  {0x80, nil, Report{}, false},
		"one":      {0x81, point, Report{Contacts: []Contact{{ID: 3, X: 0x12c, Y: 0x140}}}, false},
		"large":    {0xc0, nil, Report{Palm: true}, false},
		"too many": {0x86, slices.Repeat(point, 5), Report{}, true},
		"too few":  {0x82, point, Report{}, true},
	} {
		got, err := gtReport(c.status, c.points)
		if !slices.Equal(got.Contacts, c.want.Contacts) || got.Palm != c.want.Palm || (err != nil) != c.fails {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestADeadWireToAnXPT2046IsAnError(t *testing.T) {
	for _, level := range []byte{0x00, 0xff} {
		if _, err := lookOf(slices.Repeat([]byte{level}, 2*len(plan)+1)); err == nil {
			t.Errorf("nothing but %#x is a look", level)
		}
	}
}

// within checks that contacts are what a controller of so many bits can say.
func within(t *testing.T, r Report, most, limit int) {
	if len(r.Contacts) > most {
		t.Errorf("%d contacts", len(r.Contacts))
	}
	var f Fingers
	for _, e := range f.Next(r.Contacts, same) {
		if p := image.Pt(e.Touch.X, e.Touch.Y); !p.In(image.Rectangle{Max: same.Size}) {
			t.Errorf("a finger at %v", p)
		}
	}
	for _, c := range r.Contacts {
		if min(c.X, c.Y, c.ID) < 0 || max(c.X, c.Y) > limit {
			t.Errorf("a contact %+v", c)
		}
	}
}

func FuzzFT6336(f *testing.F) {
	f.Add([]byte{0x02, 0x81, 0x2c, 0x01, 0x40, 40, 0x30, 0x00, 0x05, 0x10, 0x06, 40, 0x20})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var b ftBlock
		copy(b[:], raw)
		if r, err := b.report(); err == nil {
			within(t, r, ftPoints, 0xfff)
		}
	})
}

func FuzzGT911(f *testing.F) {
	f.Add(byte(0x81), []byte{3, 0x2c, 0x01, 0x40, 0x01, 30, 0, 0})
	f.Fuzz(func(t *testing.T, status byte, points []byte) {
		if r, err := gtReport(status, points); err == nil {
			within(t, r, gtMost, 0xffff)
		}
	})
}

func FuzzXPT2046(f *testing.F) {
	f.Add(make([]byte, 2*len(plan)+1))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := lookOf(raw)
		if err == nil && !l.at.In(image.Rectangle{Max: rawSize}) {
			t.Errorf("a pen at %v", l.at)
		}
	})
}
