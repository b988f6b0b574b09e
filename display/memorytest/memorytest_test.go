package memorytest_test

import (
	"testing"

	"unlockpoint/display/memorytest"
)

// word is what somebody typed.
var word [8]byte

func TestWhatIsThereIsFoundUntilItIsCleared(t *testing.T) {
	trace := make([]byte, len(word))
	for i := range word {
		word[i] = byte(0x51 + 7*i)
		trace[i] = word[i]
		memorytest.Masked(trace[i : i+1]...)
	}
	traces := memorytest.Traces{"word": trace}
	if found := traces.Found(t); len(found) != 1 || found[0] != "word" {
		t.Errorf("%q is found", found)
	}
	clear(word[:])
	if found := traces.Found(t); len(found) > 0 {
		t.Errorf("%q is found once it is cleared", found)
	}
}
