package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// saver is the title of a page alone on a dark panel, at one of its places:
// what still says what to do, and burns in nowhere.
func saver(page display.Page, screen Screen) Layout {
	s := newSheet(page, screen, typing.State{}, plan{text: page.Look.Scale()})
	title := s.text(page.Title, theme.Title, theme.SemiBold, theme.Saver, s.free.Dx()*3/5)
	side := s.scale.MM(14)
	size := image.Pt(max(title.width(), side), title.height()+side+s.gap())

	// The card touches no edge, and neither does a descender.
	room := s.free.Inset(s.scale.Space(2)).Size().Sub(size)
	at := s.free.Min.Add(image.Pt(s.scale.Space(2), s.scale.Space(2))).Add(placeIn(room, page.Saver))

	b := Box{Role: Saver, Rect: s.free, Style: theme.Saver}
	if page.Card {
		b.Marks = []Mark{{image.Rect(0, 0, side, side).Add(at), theme.Saver, theme.CardIn}}
	}
	b.Lines = s.at(title, at.X, at.Y+side+s.gap())
	return Layout{
		Screen: screen, Look: page.Look, Boxes: []Box{b}, Parts: 1,
		Text: s.plan.text, Fits: room.X >= 0 && room.Y >= 0,
	}
}

// placeIn is the n-th of places that are spread evenly over a room, however
// many there are of them: multiples of 1/g and 1/g², where g³ = g+1 (M. Roberts,
// "The unreasonable effectiveness of quasirandom sequences", 2018), in 65536ths.
func placeIn(room image.Point, n int) image.Point {
	x, y := uint16(n*49471), uint16(n*37345)
	return image.Pt(int(x)*max(0, room.X)>>16, int(y)*max(0, room.Y)>>16)
}
