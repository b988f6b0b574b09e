package evdev

import (
	"io"
	"testing"

	"unlockpoint/display/memorytest"
)

// struck is what is typed, masked: codes of keys, and what they give.
var struck, given = memorytest.Masked(37, 18, 31, 20, 19, 18, 38, 6, 10), memorytest.Masked([]byte("kestrel59")...)

// typist is a keyboard on which all that is struck comes at once.
type typist struct {
	Device
	done bool
}

func (y *typist) Get(byte, []byte) (int, error) { return 0, nil }
func (y *typist) Close() error                  { return nil }
func (y *typist) Read(buf []byte) (int, error) {
	if y.done {
		return 0, io.EOF
	}
	y.done = true
	clear(buf)
	for i, key := range struck {
		Event{EvKey, uint16(memorytest.Masked(key)[0]), pressed}.Append(buf[i*int(Native):][:0], Native)
	}
	return len(struck) * int(Native), nil
}

// Keys that were passed on are in no memory any more, in no form that they
// have here.
func TestNoKeyStaysInMemory(t *testing.T) {
	s, err := Open(Config{Keys: all})
	if err != nil {
		t.Fatal(err)
	}
	none := func(n int) []byte { return memorytest.Masked(make([]byte, n)...) }
	key := memorytest.Masked(EvKey, 0)
	traces := memorytest.Traces{}
	for i, code := range struck {
		event := append(append(append([]byte{}, key...), code), memorytest.Masked(0, pressed, 0, 0, 0)...)
		traces["as events of the kernel"] = append(traces["as events of the kernel"], event...)
		traces["as they are read"] = append(append(traces["as they are read"], event...), none(int(Native)-len(event))...)
		traces["as events"] = append(append(traces["as events"], given[i]), none(31)...)
	}
	ended := make(chan error)
	go func() {
		w := &watch{Source: s}
		ended <- w.read(t.Context(), &decoder{device: &typist{}, keyboard: newKeyboard(false, UK)})
	}()
	for i, want := range given {
		if e := <-s.Events(); memorytest.Masked(byte(e.Rune))[0] != want {
			t.Errorf("character %d is another than was struck", i)
		}
	}
	if err := <-ended; err != io.EOF {
		t.Error(err)
	}
	for _, what := range traces.Found(t) {
		t.Errorf("keys are still in memory, %s", what)
	}
}
