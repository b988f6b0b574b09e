package speech_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/goldentest"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/speech"
	"unlockpoint/display/typing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// ear is a voice that only remembers.
type ear struct {
	heard []speech.Utterance
	cuts  int
}

func (e *ear) Say(u speech.Utterance) { e.heard = append(e.heard, u) }
func (e *ear) Hush()                  { e.cuts++ }

// text is what was said since the last time, and whether it cut off what was
// said before.
func (e *ear) text() (said string, cut bool) {
	for _, u := range e.heard {
		said += u.Text
	}
	cut = e.cuts > 0
	*e = ear{}
	return said, cut
}

// sample is a page that somebody listens to.
func sample(id string) display.Page {
	for _, p := range layouttest.Samples() {
		if p.ID == id {
			p.Aloud.On = true
			return p
		}
	}
	panic(id)
}

// listening is a speaker that has said the page.
func listening(p display.Page) (*speech.Speaker, *ear) {
	e := &ear{}
	s := speech.NewSpeaker(e)
	s.Show(p, typing.Letters)
	e.text()
	return s, e
}

func TestPagesAreReadInTheirOrder(t *testing.T) {
	var all strings.Builder
	for _, p := range layouttest.Samples() {
		fmt.Fprintf(&all, "--- %s\n%s\n\n", p.ID, strings.Join(speech.Read(p, typing.Letters), "\n"))
	}
	goldentest.Text(t, filepath.Join("testdata", "read.txt"), all.String(), *update)
}

func TestNobodyHearsWhatWasTyped(t *testing.T) {
	for _, p := range layouttest.Samples() {
		if p.Field == nil || !p.Field.Secret() || p.Field.Count() < 4 {
			continue
		}
		p.Aloud.On = true
		secret := p.Field.Value.Reveal()
		for _, masked := range []bool{true, false} {
			p.Field.Masked = masked
			s, e := listening(p)
			s.Again()
			p.Field.Value.Type('7')
			s.Show(p, typing.Letters)
			said, _ := e.text()
			if strings.Contains(said, secret) || !strings.Contains(said, fmt.Sprintf("%d characters", p.Field.Count())) {
				t.Errorf("of %s, masked %v, it says\n%s", p.ID, masked, said)
			}
		}
	}
}

func TestNothingIsSaidWhereNobodyAskedForIt(t *testing.T) {
	e := &ear{}
	s := speech.NewSpeaker(e)
	for _, p := range layouttest.Samples() {
		s.Show(p, typing.Letters)
		s.Hush()
		s.Again()
	}
	if said, cut := e.text(); said != "" || cut {
		t.Errorf("it says %q", said)
	}
}

func TestAnotherPageCutsOffTheOneBefore(t *testing.T) {
	s, e := listening(sample("register.question"))
	next := sample("register.question")
	next.Title = "Choose question 2 of 4"
	s.Show(next, typing.Letters)
	if said, cut := e.text(); !cut || !strings.HasPrefix(said, "Choose question 2 of 4.\nStep 2 of 4.\n") {
		t.Errorf("cut %v, and it says\n%s", cut, said)
	}
}

func TestHowToListenIsSaidOnce(t *testing.T) {
	e := &ear{}
	s := speech.NewSpeaker(e)
	for _, once := range []bool{true, false} {
		for _, id := range []string{"card.menu", "unlock.warning"} {
			s.Show(sample(id), typing.Letters)
			said, _ := e.text()
			if want := once && id == "card.menu"; strings.Contains(said, "stops this voice") != want {
				t.Errorf("%s, at first %v:\n%s", id, once, said)
			}
		}
	}
}

func TestOfTheSamePageOnlyWhatIsNewIsSaidAndCutsNothingOff(t *testing.T) {
	for name, c := range map[string]struct {
		changes func(*display.Page)
		want    string
	}{
		"nothing":           {func(p *display.Page) {}, ""},
		"what is wrong":     {func(p *display.Page) { p.Error = "That is not the code" }, "That is not the code.\n"},
		"a countdown":       {func(p *display.Page) { p.SecondsLeft = 5 }, ""},
		"a number in words": {func(p *display.Page) { p.Body = []string{p.Body[0], "Send it again in 5 seconds."} }, ""},
		"news of the mail":  {func(p *display.Page) { p.Body = []string{"It was refused."} }, "It was refused.\n"},
		"waiting":           {func(p *display.Page) { p.Doing = "Checking your code" }, "Checking your code.\n"},
		"the link":          {func(p *display.Page) { p.Status.Online = false }, "Offline.\n"},
		"one more digit":    {func(p *display.Page) { p.Field.Value.Type('7') }, "5 characters"},
		"one digit less":    {func(p *display.Page) { p.Field.Value.Delete() }, "3 characters"},
		"all digits less":   {func(p *display.Page) { p.Field.Value = nil }, "nothing typed yet"},
	} {
		page := sample("unlock.code")
		page.Body = []string{"We sent it.", "Send it again in 6 seconds."}
		s, e := listening(page)
		c.changes(&page)
		s.Show(page, typing.Letters)
		if said, cut := e.text(); cut || said != c.want {
			t.Errorf("%s: cut %v, and it says %q", name, cut, said)
		}
	}
}

func TestAnAddressIsSaidAsItIsTyped(t *testing.T) {
	page := sample("register.email-edit")
	page.Field.Value = display.NewSecret("amina")
	s, e := listening(page)
	for typed, want := range map[rune]string{'.': ".", 'x': "x"} {
		page.Field.Value.Type(typed)
		s.Show(page, typing.Letters)
		if len(e.heard) != 1 || !e.heard[0].Sign {
			t.Errorf("%+v is no sign", e.heard)
		}
		if said, _ := e.text(); said != want {
			t.Errorf("of %q it says %q", typed, said)
		}
		page.Field.Value.Delete()
		s.Show(page, typing.Letters)
		if said, _ := e.text(); said != "5 characters" {
			t.Errorf("when one was deleted it says %q", said)
		}
	}
	page.Field.Value.Delete()
	page.Field.Value.Type('b') // the next tap of the same key
	s.Show(page, typing.Letters)
	if said, _ := e.text(); said != "b" {
		t.Errorf("of the next letter of a key it says %q", said)
	}
}

func TestTheSetOfCharactersIsSaid(t *testing.T) {
	page := sample("register.answer")
	s, e := listening(page)
	for layer, want := range map[typing.Layer]string{typing.Capitals: "capital letters.\n", typing.Symbols: "signs.\n"} {
		s.Show(page, layer)
		if said, _ := e.text(); said != want {
			t.Errorf("of %s it says %q", layer.Name(), said)
		}
	}
}

func TestAKeyStopsItAndAnotherReadsThePageAgain(t *testing.T) {
	page := sample("unlock.warning")
	s, e := listening(page)
	s.Hush()
	if said, cut := e.text(); !cut || said != "" {
		t.Errorf("cut %v, and it says %q", cut, said)
	}
	s.Again()
	if said, cut := e.text(); !cut || !strings.HasPrefix(said, "Warning: "+page.Title) || !strings.Contains(said, "Enter: Start") {
		t.Errorf("cut %v, and it says %q", cut, said)
	}
}

func TestSpeechThatIsSwitchedOffStops(t *testing.T) {
	page := sample("unlock.warning")
	s, e := listening(page)
	page.Aloud.On = false
	s.Show(page, typing.Letters)
	s.Show(page, typing.Letters)
	s.Again()
	if said, _ := e.text(); said != "" {
		t.Errorf("it says %q", said)
	}
}

func TestLanguageAndVolumeAreThePages(t *testing.T) {
	page := sample("unlock.warning")
	page.Look.Language, page.Aloud.Volume = "cy", 5
	e := &ear{}
	speech.NewSpeaker(e).Show(page, typing.Letters)
	for _, u := range e.heard {
		if u.Language != "cy" || u.Volume != 5 {
			t.Errorf("%+v", u)
		}
	}
	if volumes := []int{display.Aloud{}.Level(), display.Aloud{Volume: 9}.Level()}; !slices.Equal(volumes, []int{3, 3}) {
		t.Errorf("usual volumes are %v", volumes)
	}
}

// TestTheNameOfALanguageIsSaidInIt, WCAG 2.2, 3.1.2, and all else in the page's.
func TestTheNameOfALanguageIsSaidInIt(t *testing.T) {
	page := sample("settings")
	page.Choices[2].Language = "cy"
	page.Actions = []display.Action{{Key: "1", Label: "Cymraeg", Language: "cy"}}
	e := &ear{}
	speech.NewSpeaker(e).Show(page, typing.Letters)
	var welsh int
	for _, u := range e.heard {
		if (u.Language == "cy") != strings.Contains(u.Text, "Cymraeg") {
			t.Errorf("%+v", u)
		}
		if u.Language == "cy" {
			welsh++
		}
	}
	if welsh != 2 {
		t.Errorf("%d names are said in Welsh of %+v", welsh, e.heard)
	}
}
