package front

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/typing"
)

// ear is a speaker that only remembers what it was told.
type ear struct {
	mu   sync.Mutex // the front has a goroutine of its own
	told []string
}

func (e *ear) tell(what string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, what)
}

func (e *ear) Show(p display.Page, l typing.Layer) { e.tell(fmt.Sprint(p.ID, " ", l.Name())) }
func (e *ear) Hush()                               { e.tell("hush") }
func (e *ear) Again()                              { e.tell("again") }

// heard is what the speaker was told since the last time.
func (b *bench) heard() []string {
	synctest.Wait()
	b.ear.mu.Lock()
	defer b.ear.mu.Unlock()
	told := b.ear.told
	b.ear.told = nil
	return told
}

func (b *bench) expectHeard(want ...string) {
	b.t.Helper()
	if got := b.heard(); !slices.Equal(got, want) {
		b.t.Errorf("the speaker was told %q, not %q", got, want)
	}
}

func TestASpeakerHearsOfPagesAndOfWhateverPeopleDo(t *testing.T) {
	with(t, "idle", func(b *bench) {
		b.expectHeard("idle abc")
		b.show(sample("register.answer"))
		b.expectHeard("register.answer abc")
		b.Press("2")
		b.Type('x')
		b.expectHeard("hush", "hush")
		b.touch(display.Down, b.at("type l"), 0)
		b.touch(display.Move, b.at("type l"), 0)
		b.touch(display.Up, b.at("type l"), 0)
		b.expectHeard("hush")
		b.Press(display.Help)
		b.expectHeard("hush", "register.answer ABC")
		b.Wake()
		b.expectHeard()
		b.inputs()
	})
}

func TestClearSaysThePageAgainWhereThereIsNothingToClear(t *testing.T) {
	with(t, "register.answer", func(b *bench) {
		b.Press(display.Clear)
		b.page.Field.Value = nil
		b.show(b.page)
		b.heard()
		b.Press(display.Clear)
		b.expectHeard("hush", "again")
		b.inputs()
	})
}

// TestWhoListensNeedNotLiftTheVeil: a key does what they heard that it does. A
// finger would touch what nobody sees.
func TestWhoListensNeedNotLiftTheVeil(t *testing.T) {
	with(t, "register.passcode", func(b *bench) {
		b.page.Aloud.On = true
		b.show(b.page)
		time.Sleep(Patient().Veil)
		if !b.covered() {
			t.Fatal("it is not covered")
		}
		b.Press(display.Enter)
		b.expect(display.Input{Key: display.Enter})
		time.Sleep(Patient().Veil)
		b.tap("key Enter")
		b.expect()
	})
}
