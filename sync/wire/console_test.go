package wire

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

var consoleKey = bytes.Repeat([]byte{7}, 32)

func TestAChallengeIsAnswered(t *testing.T) {
	challenge := NewChallenge()
	typed := strings.ToLower(Spaced(challenge)[:4] + " " + Spaced(challenge)[4:])
	if read, err := ReadChallenge(typed); read != challenge || err != nil {
		t.Fatalf("%s reads as %s, %v", typed, read, err)
	}
	answer := ConsoleAnswer(consoleKey, "ward7-1", challenge)
	if ok, err := RightAnswer(consoleKey, "ward7-1", challenge, Spaced(answer)); !ok || err != nil {
		t.Errorf("the answer is %v, %v", ok, err)
	}
	for what, wrong := range map[string]string{
		"another terminal's":  ConsoleAnswer(consoleKey, "ward7-2", challenge),
		"another challenge's": ConsoleAnswer(consoleKey, "ward7-1", NewChallenge()),
		"another key's":       ConsoleAnswer(make([]byte, 32), "ward7-1", challenge),
	} {
		if ok, err := RightAnswer(consoleKey, "ward7-1", challenge, wrong); ok || err != nil {
			t.Errorf("%s answer is %v, %v", what, ok, err)
		}
	}
}

// A terminal of today and a central of tomorrow have to agree.
func TestConsoleVector(t *testing.T) {
	if got := ConsoleAnswer(consoleKey, "ward7-1", "K7QM2RVXD"); got != "M6A5DMQ1T5" {
		t.Errorf("the answer is %s", got)
	}
}

// One wrong character, and neighbours that changed places, are told from a
// wrong answer.
func TestSlipsOfTheHand(t *testing.T) {
	answer := ConsoleAnswer(consoleKey, "ward7-1", NewChallenge())
	for i := range answer {
		for _, c := range []byte(consoleAlphabet) {
			slip := answer[:i] + string(c) + answer[i+1:]
			if _, err := RightAnswer(consoleKey, "ward7-1", "", slip); c != answer[i] && !errors.Is(err, ErrMistyped) {
				t.Errorf("%s for %s: %v", slip, answer, err)
			}
		}
		if i == 0 || strings.Contains("0Z", answer[i-1:i]) && strings.Contains("0Z", answer[i:i+1]) {
			continue
		}
		swapped := answer[:i-1] + answer[i:i+1] + answer[i-1:i] + answer[i+1:]
		if _, err := RightAnswer(consoleKey, "ward7-1", "", swapped); swapped != answer && !errors.Is(err, ErrMistyped) {
			t.Errorf("%s for %s: %v", swapped, answer, err)
		}
	}
	for _, typed := range []string{"", "0", answer + "0", "Ã" + answer, "U" + answer[1:]} {
		if _, err := RightAnswer(consoleKey, "ward7-1", "", typed); !errors.Is(err, ErrMistyped) {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

func FuzzReadChallenge(f *testing.F) {
	f.Add("K7QM2-RVXD")
	f.Fuzz(func(t *testing.T, typed string) {
		challenge, err := ReadChallenge(typed)
		if again, errAgain := ReadChallenge(Spaced(challenge)); err == nil && (again != challenge || errAgain != nil) {
			t.Errorf("%q reads as %s, and that as %s, %v", typed, challenge, again, errAgain)
		}
	})
}
