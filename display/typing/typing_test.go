package typing

import (
	"strings"
	"testing"
	"time"

	"unlockpoint/display"
)

const second = time.Second

func text() *display.Field {
	return &display.Field{Kind: display.TextField, Value: display.NewSecret(""), Max: 64}
}

// person presses keys and keeps what a machine would have put into the field.
type person struct {
	state State
	field *display.Field
	now   time.Duration
	keys  []string
}

func (p *person) press(key string, after time.Duration) {
	p.now += after
	var inputs []display.Input
	p.state, inputs = p.state.Press(key, p.field, p.now)
	p.take(inputs)
}

func (p *person) take(inputs []display.Input) {
	for _, in := range inputs {
		if in.Key != "" {
			p.keys = append(p.keys, in.Key)
			continue
		}
		if in.Replace {
			p.field.Value.Delete()
		}
		p.field.Value.Type(in.Rune)
	}
}

func TestMultiTapReplacesInTimeAndGoesOnLater(t *testing.T) {
	p := &person{field: text()}
	p.press("2", 0)
	p.press("2", second)
	p.press("2", second)
	if got := p.field.Value.Reveal(); got != "c" {
		t.Fatalf("2 2 2 gave %q", got)
	}
	p.press("2", 1200*time.Millisecond)
	p.press("3", 100*time.Millisecond)
	if got := p.field.Value.Reveal(); got != "cad" {
		t.Errorf("and then 2, 3 made it %q", got)
	}
}

func TestMultiTapComesRound(t *testing.T) {
	p := &person{field: text()}
	for range 5 { // a b c 2 a
		p.press("2", second/10)
	}
	if got := p.field.Value.Reveal(); got != "a" {
		t.Errorf("five taps gave %q", got)
	}
}

func TestAnotherKeyEndsAMultiTap(t *testing.T) {
	p := &person{field: text()}
	p.press("2", 0)
	p.press(display.Clear, 0)
	p.press("2", 0)
	if got := p.field.Value.Reveal(); got != "aa" || p.keys[0] != display.Clear {
		t.Errorf("2, Clear, 2 gave %q and the keys %q", got, p.keys)
	}
}

func TestHashGoesRoundTheCharacterSetsInTextFields(t *testing.T) {
	p := &person{field: text()}
	for range layers {
		p.press("2", 5*second)
		p.press(display.Help, 0)
	}
	if got := p.field.Value.Reveal(); got != "aA2'" || len(p.keys) > 0 {
		t.Errorf("2 in each set gave %q and the keys %q", got, p.keys)
	}
}

func TestEveryPrintableCharacterIsReachable(t *testing.T) {
	var pad, keyboard, groups strings.Builder
	for l := range layers {
		for _, key := range strings.Split("0123456789", "") {
			pad.WriteString(Keypad(l, key))
		}
		keyboard.WriteString(strings.Join(l.Rows(), "") + " ")
		groups.WriteString(strings.Join(l.Groups(), "") + " ")
	}
	for r := ' '; r <= '~'; r++ {
		for name, all := range map[string]string{"pad": pad.String(), "keyboard": keyboard.String(), "groups": groups.String()} {
			if !strings.ContainsRune(all, r) {
				t.Errorf("the %s has no %q", name, r)
			}
		}
	}
}

func TestWhatAKeyMeansDependsOnTheField(t *testing.T) {
	code := &display.Field{Kind: display.CodeField, Max: 6, Digits: true}
	for _, c := range []struct {
		name  string
		field *display.Field
		key   string
		want  display.Input
	}{
		{"a digit in a code", code, "5", display.Input{Rune: '5'}},
		{"a digit with nothing to fill in", nil, "5", display.Input{Key: "5"}},
		{"a digit among choices", &display.Field{Kind: display.ChoiceField}, "5", display.Input{Key: "5"}},
		{"help in a code", code, display.Help, display.Input{Key: display.Help}},
		{"settings in a text", text(), display.Settings, display.Input{Key: display.Settings}},
		{"enter in a text", text(), display.Enter, display.Input{Key: display.Enter}},
		{"cancel in a code", code, display.Cancel, display.Input{Key: display.Cancel}},
	} {
		_, got := State{}.Press(c.key, c.field, 0)
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestAComputerKeyboardTypesWhatTheFieldTakes(t *testing.T) {
	pin := &display.Field{Kind: display.PasscodeField, Max: 8, Digits: true}
	for _, c := range []struct {
		field *display.Field
		typed rune
		want  []display.Input
	}{
		{text(), 'q', []display.Input{{Rune: 'q'}}}, {text(), '#', []display.Input{{Rune: '#'}}},
		{text(), 'é', nil}, {text(), '\n', nil},
		{pin, '7', []display.Input{{Rune: '7'}}}, {pin, 'a', nil}, {pin, '#', []display.Input{{Key: "#"}}},
		{nil, '3', []display.Input{{Key: "3"}}}, {nil, '*', []display.Input{{Key: "*"}}}, {nil, 'x', nil},
	} {
		_, got := State{}.Type(c.typed, c.field)
		if len(got) != len(c.want) || len(got) == 1 && got[0] != c.want[0] {
			t.Errorf("%q gave %+v, not %+v", c.typed, got, c.want)
		}
	}
}

func TestAFullFieldTakesNoMoreButTheLastMultiTapMayChange(t *testing.T) {
	p := &person{field: text()}
	p.field.Max = 1
	p.press("2", 0)
	p.press("2", second/2)
	p.press("3", second/2)
	if got := p.field.Value.Reveal(); got != "b" {
		t.Errorf("a field for one character holds %q", got)
	}
}

func TestATouchOnAGroupAndThenOnALetter(t *testing.T) {
	p := &person{field: text()}
	p.state, _ = p.state.Touch(Target{Does: Opens, Group: 2}, p.field)
	if p.state.Group != 2 {
		t.Fatalf("group %d is open", p.state.Group)
	}
	var inputs []display.Input
	p.state, inputs = p.state.Touch(Target{Does: Types, Rune: 'e'}, p.field)
	p.take(inputs)
	if got := p.field.Value.Reveal(); got != "e" || p.state.Group != 0 {
		t.Errorf("it typed %q, and group %d is open", got, p.state.Group)
	}
}

func TestTouchingHelpInATextFieldIsHelp(t *testing.T) {
	_, got := State{}.Touch(Target{Does: Presses, Key: display.Help}, text())
	if len(got) != 1 || got[0].Key != display.Help {
		t.Errorf("it gave %+v", got)
	}
}

func FuzzNothingUnwantedGetsIntoAField(f *testing.F) {
	f.Add("2228#4*", false, 3)
	f.Add("0001111#####", false, 1)
	f.Add("77777", true, 8)
	f.Fuzz(func(t *testing.T, keys string, digits bool, most int) {
		most = max(1, min(most, 64))
		p := &person{field: &display.Field{Kind: display.TextField, Value: display.NewSecret(""), Max: most, Digits: digits}}
		for i, key := range strings.Split(keys, "") {
			p.press(key, time.Duration(i%3)*second)
		}
		if p.field.Count() > most {
			t.Errorf("%d characters in a field for %d", p.field.Count(), most)
		}
		for i := range p.field.Count() {
			if r := p.field.Value.Rune(i); !Accepts(p.field, r) {
				t.Errorf("the field took %q", r)
			}
		}
	})
}
