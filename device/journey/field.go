package journey

import "unlockpoint/display"

const (
	codeDigits   = 6
	assistDigits = 8
	maxAnswer    = 60  // typed characters: a long street name twice over
	maxAddress   = 254 // RFC 5321, 4.5.3.1.3
	overlong     = 4   // how far a passcode may be typed past its rule, so that its length can be complained of
)

// Field is what Page asks for, without its label; nil when it asks nothing.
func (s State) Field() *display.Field {
	if s.Busy() || s.AtPad() {
		return nil
	}
	switch s.Page {
	case RegisterPasscode, ChangeOld, ChangeNew, ChangeRepeat, UnlockPasscode, UnlockRepeat:
		return s.hide(&display.Field{Kind: display.PasscodeField, Max: s.Card.Rule.Max + overlong, Digits: s.Card.Rule.Digits})
	case RegisterAnswer, UnlockAnswer:
		return s.hide(&display.Field{Kind: display.TextField, Max: maxAnswer})
	case RegisterEmailEdit:
		return &display.Field{Kind: display.TextField, Max: maxAddress, Value: s.input}
	case RegisterCode, UnlockCode:
		return &display.Field{Kind: display.CodeField, Max: codeDigits, Digits: true, Value: s.input}
	case AssistCode:
		return &display.Field{Kind: display.CodeField, Max: assistDigits, Digits: true, Value: s.input}
	case RegisterQuestion:
		return &display.Field{Kind: display.ChoiceField}
	}
	return nil
}

func (s State) hide(f *display.Field) *display.Field {
	f.Value, f.CanShow, f.Masked = s.input, true, !s.revealed
	return f
}

// CanShow reports whether what is typed on the page below Page is hidden, and
// may be shown for a while.
func (s State) CanShow() bool {
	if s.AtPad() {
		return false
	}
	switch s.Below() {
	case RegisterPasscode, ChangeOld, ChangeNew, ChangeRepeat, UnlockPasscode, UnlockRepeat, RegisterAnswer, UnlockAnswer:
		return true
	}
	return false
}

// typed puts a character into the field, and changes nothing else on the page:
// what is to be put right stays in sight until Enter. A digit where nothing is
// typed is a choice.
func (t *turn) typed(f *display.Field, in display.Input) {
	if f == nil || f.Kind == display.ChoiceField {
		if in.Rune >= '0' && in.Rune <= '9' {
			t.key(string(in.Rune))
		}
		return
	}
	if !takes(f, in.Rune) {
		return
	}
	if t.input == nil {
		t.input = display.NewSecret("")
	}
	if in.Replace {
		t.input.Delete()
	}
	if t.input.Len() < f.Max {
		t.input.Type(in.Rune)
	}
}

func takes(f *display.Field, r rune) bool {
	switch {
	case f.Digits:
		return r >= '0' && r <= '9'
	case f.Kind == display.TextField:
		return r >= ' ' && r != 0x7f
	}
	return r >= ' ' && r <= '~'
}

func (t *turn) cleared(f *display.Field) {
	if f != nil && t.input.Len() > 0 {
		t.input.Delete()
	}
}
