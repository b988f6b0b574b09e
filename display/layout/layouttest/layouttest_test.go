package layouttest

import (
	"image"
	"strings"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// wrong is a sound layout with one thing spoilt.
func wrong(spoil func(*layout.Layout)) []string {
	l := layout.Of(warning(), Large(), typing.State{})
	spoil(&l)
	return look(l, palettes())
}

// action is the first action on a layout.
func action(l *layout.Layout) *layout.Box {
	for i := range l.Boxes {
		if l.Boxes[i].Role == layout.Action {
			return &l.Boxes[i]
		}
	}
	return nil
}

func TestTheCheckSeesWhatIsWrong(t *testing.T) {
	for want, spoil := range map[string]func(*layout.Layout){
		"does not fit":    func(l *layout.Layout) { l.Fits = false },
		"nobody can turn": func(l *layout.Layout) { l.Parts = 2 },
		"off the screen":  func(l *layout.Layout) { action(l).Rect.Max.X = 900 },
		"less than 9 mm":  func(l *layout.Layout) { action(l).Rect.Max.X = action(l).Rect.Min.X + 46 },
		"sticks out":      func(l *layout.Layout) { action(l).Lines[0].X += 300 },
		"overlaps": func(l *layout.Layout) {
			l.Boxes = append(l.Boxes, layout.Box{Role: layout.Body, Rect: image.Rect(0, 100, 800, 140)})
		},
		"has a contrast":   func(l *layout.Layout) { action(l).Lines[0].Ink = theme.SymbolWarning; l.Boxes[0].Lines[0].Ink = "none" },
		"the font has not": func(l *layout.Layout) { action(l).Lines[0].Text = "☂" },
		"runs into":        func(l *layout.Layout) { action(l).Lines = append(action(l).Lines, action(l).Lines[0]) },
	} {
		if found := wrong(spoil); !strings.Contains(strings.Join(found, "\n"), want) {
			t.Errorf("%q was not seen: %q", want, found)
		}
	}
}

func TestTheCheckSeesWhatIsMissing(t *testing.T) {
	seen := newSeen()
	seen.add(layout.Of(warning(), Large(), typing.State{}))
	for want, page := range map[string]func(*display.Page){
		"nobody can read":  func(p *display.Page) { p.Body = append(p.Body, "Nobody has put this anywhere.") },
		"nobody can touch": func(p *display.Page) { p.Actions = append(p.Actions, act("7", "Seven")) },
		"has no key":       func(p *display.Page) { p.Actions = append(p.Actions, act("", "None")) },
		"the character":    func(p *display.Page) { p.Field = answer().Field },
	} {
		p := warning()
		page(&p)
		if found := seen.missing(p); !strings.Contains(strings.Join(found, "\n"), want) {
			t.Errorf("%q was not seen: %q", want, found)
		}
	}
}

func TestTheCheckSeesAChoiceThatComesTooEarly(t *testing.T) {
	choice, body := layout.Box{Role: layout.Choice}, layout.Box{Role: layout.Body, Lines: []layout.Line{{Text: "Read this."}}}
	for _, first := range []layout.Box{choice, body} {
		seen := newSeen()
		seen.add(layout.Layout{Boxes: []layout.Box{first}})
		seen.add(layout.Layout{Boxes: []layout.Box{body, choice}})
		found := strings.Contains(strings.Join(seen.unsaid(warning()), "\n"), "people choose")
		if early := first.Role == layout.Choice; found != early {
			t.Errorf("%s first: found %v", first.Role, found)
		}
	}
}

func TestAPageThatIsTooFullIsSeen(t *testing.T) {
	p := warning()
	p.Title = strings.Repeat("smartcard", 9)
	if len(Problems(p, Small())) == 0 {
		t.Error("a word of 81 letters should not fit on the small panel")
	}
}

func TestThePagesOfTheProductAreKept(t *testing.T) {
	file, err := Keep(Product())
	if err != nil || file != string(shown) || len(Product()) < 50 {
		t.Errorf("%d pages, %v", len(Product()), err)
	}
}
