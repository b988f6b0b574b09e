package journey_test

import (
	"cmp"
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/speech"
	"unlockpoint/display/typing"
)

// TestEveryPageIsReadAloud goes through everything that the stories show:
// what can be seen is said, in its order, and no secret is.
func TestEveryPageIsReadAloud(t *testing.T) {
	for _, l := range words.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			for _, told := range stories() {
				s := begin(nil)
				s.watch = func(now journey.State) {
					now.Look.Language = l.Code
					page := pages.View(now)
					said := strings.Join(speech.Read(page, typing.Letters), "\n")
					checkSecret(t, page, said)
					if like := numerals.ReplaceAllString(said, "#"); !seen[like] {
						seen[like] = true
						checkOrder(t, page, said)
						checkSeen(t, page, said)
					}
				}
				told.tell(s)
			}
		})
	}
}

// checkSecret finds what was typed. Short things may be words of the page, and
// what is complained of may have an example.
func checkSecret(t *testing.T, p display.Page, said string) {
	if p.Field.Count() < 4 || !p.Field.Secret() {
		return
	}
	if strings.Contains(strings.ReplaceAll(said, p.Error, ""), p.Field.Value.Reveal()) {
		t.Errorf("%s says what was typed:\n%s", p.ID, said)
	}
}

func checkOrder(t *testing.T, p display.Page, said string) {
	order := append([]string{cmp.Or(p.Doing, p.Title), p.Step, p.Error}, p.Body...)
	if p.Field != nil {
		order = append(order, p.Field.Label)
	}
	for _, c := range p.Choices {
		order = append(order, c.Key+": "+c.Label)
	}
	for _, a := range p.Actions {
		order = append(order, a.Key+": "+a.Label)
	}
	rest := said
	for _, one := range order {
		_, after, found := strings.Cut(rest, audible(p, one))
		if !found {
			t.Errorf("%s does not say %q in its place:\n%s", p.ID, one, said)
			return
		}
		rest = after
	}
}

// checkSeen finds what is on the panel and not said. The keys of the keyboard
// are not, nor what only fingers do: Show, Help where # is another key, and
// turning a page that is said as a whole.
func checkSeen(t *testing.T, p display.Page, said string) {
	for _, box := range layout.Of(p, layouttest.Large(), typing.State{}).Boxes {
		fingers := box.Target.Key == display.Show || box.Target.Does == typing.Turns || box.Role == layout.Menu && typing.TakesText(p.Field)
		if box.Role == layout.Key || fingers {
			continue
		}
		for _, line := range box.Lines {
			for text := range strings.SplitSeq(line.Text, " · ") {
				if !strings.Contains(said, audible(p, text)) {
					t.Errorf("%s does not say %q:\n%s", p.ID, text, said)
				}
			}
		}
	}
}

// audible is a text of the page in the words that are said.
func audible(p display.Page, text string) string {
	switch text {
	case display.Help:
		return p.Words.Hash
	case display.Settings:
		return p.Words.Star
	}
	return strings.ReplaceAll(text, "•••", " "+p.Words.Hidden+" ")
}
