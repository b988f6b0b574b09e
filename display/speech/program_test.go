package speech_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/speech"
)

// long is half a minute of speech: far more than a pipe holds.
var long = strings.Repeat("Take your card out, and put it into your computer. ", 12)

// loudspeaker stands in for a sound card, which test machines have not: the
// real espeak-ng plays into a pipe.
type loudspeaker struct {
	t    *testing.T
	pipe string
	log  bytes.Buffer
	*speech.Program
}

// plug runs a program. Each utterance is one sound in the pipe, and begins when
// somebody opens it, if nobody else has it open still.
func plug(t *testing.T, program string) *loudspeaker {
	l := &loudspeaker{t: t, pipe: filepath.Join(t.TempDir(), "sound")}
	if err := syscall.Mkfifo(l.pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := speech.Open(speech.Config{
		Program: program, Arguments: []string{"-w", l.pipe}, Log: slog.New(slog.NewTextHandler(&l.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	l.Program = p
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if l.log.Len() > 0 {
			t.Errorf("it complains: %s", &l.log)
		}
	})
	return l
}

// sound opens the next sound, and waits until it begins.
func (l *loudspeaker) sound() *os.File {
	l.t.Helper()
	f, err := os.Open(l.pipe) // until somebody plays
	if err != nil {
		l.t.Fatal(err)
	}
	l.header(f)
	return f
}

func (l *loudspeaker) header(sound io.Reader) {
	l.t.Helper()
	header := make([]byte, 44)
	if _, err := io.ReadFull(sound, header); err != nil || string(header[:4]) != "RIFF" {
		l.t.Fatalf("it begins with %q, %v", header, err)
	}
}

// whole plays an utterance to its end.
func (l *loudspeaker) whole(u speech.Utterance) []byte {
	l.t.Helper()
	l.Say(u)
	return rest(l.t, l.sound())
}

// rest is a sound until the last of those who play it is gone.
func rest(t *testing.T, sound *os.File) []byte {
	t.Helper()
	all, err := io.ReadAll(sound)
	if err := errors.Join(err, sound.Close()); err != nil {
		t.Fatal(err)
	}
	return all
}

// loudness is the effective value of a sound of 16 bit, in dB.
func loudness(sound []byte) float64 {
	var sum float64
	for i := 0; i+1 < len(sound); i += 2 {
		v := float64(int16(binary.LittleEndian.Uint16(sound[i:])))
		sum += v * v
	}
	return 10 * math.Log10(sum/float64(len(sound)/2))
}

// begun lets a sound begin: some of it that is not silence.
func begun(t *testing.T, sound io.Reader) {
	t.Helper()
	some := make([]byte, 20000)
	if _, err := io.ReadFull(sound, some); err != nil || loudness(some) < 30 {
		t.Fatalf("%v, and %.0f dB are silence", err, loudness(some))
	}
}

func TestItSpeaksInBothLanguages(t *testing.T) {
	l := plug(t, "")
	english := l.whole(speech.Utterance{Text: "Take your card out", Volume: 3})
	welsh := l.whole(speech.Utterance{Text: "Take your card out", Language: "cy", Volume: 3})
	if bytes.Equal(english, welsh) || loudness(english) < 40 || loudness(welsh) < 40 {
		t.Errorf("%d bytes of %.0f dB in English, %d bytes of %.0f dB in Welsh",
			len(english), loudness(english), len(welsh), loudness(welsh))
	}
}

func TestASignIsCalledByItsName(t *testing.T) {
	l := plug(t, "")
	seen := map[string]bool{}
	for _, sign := range []string{".", "-", "_", "@", "x"} {
		sound := l.whole(speech.Utterance{Text: sign, Sign: true, Volume: 3})
		if loudness(sound) < 40 || seen[string(sound)] {
			t.Errorf("%q sounds like another, or not at all", sign)
		}
		seen[string(sound)] = true
	}
}

// EN 301 549, 8.2.1.1: a range of 18 dB. 8.2.1.2: a step that is 12 dB above
// the least.
func TestVolumesAreFarEnoughApart(t *testing.T) {
	l := plug(t, "")
	var dB []float64
	for volume := 1; volume <= display.Volumes; volume++ {
		dB = append(dB, loudness(l.whole(speech.Utterance{Text: "Take your card out", Volume: volume})))
		if n := len(dB); n > 1 && dB[n-1] <= dB[n-2] {
			t.Errorf("volume %d is no louder than the one below: %.1f dB", volume, dB)
		}
	}
	most, middle := dB[display.Volumes-1]-dB[0], dB[display.UsualVolume-1]-dB[0]
	if most < 18 || middle < 12 {
		t.Errorf("from the least volume it is %.1f dB to the most, %.1f to the usual", most, middle)
	}
}

func TestOneUtteranceComesAfterTheOther(t *testing.T) {
	l := plug(t, "")
	var alone [][]byte
	texts := []string{"Take your card out", "Put your card back in, and log in"}
	for _, text := range texts {
		alone = append(alone, l.whole(speech.Utterance{Text: text, Volume: 3}))
	}
	sound, err := os.OpenFile(l.pipe, os.O_RDWR, 0) // one after the other in one pipe, without an end between
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	for _, text := range texts {
		l.Say(speech.Utterance{Text: text, Volume: 3})
	}
	for i, want := range alone {
		l.header(sound)
		got := make([]byte, len(want))
		if _, err := io.ReadFull(sound, got); err != nil || !bytes.Equal(got, want) {
			t.Errorf("utterance %d is not what it is alone: %v", i, err)
		}
	}
}

// script is a program that starts espeak-ng as another process, and keeps what
// it was given.
func script(t *testing.T) (program, given string) {
	dir := t.TempDir()
	program, given = filepath.Join(dir, "speak"), filepath.Join(dir, "given")
	text := fmt.Sprintf("#!/bin/sh\necho \"$@\" >> %s\nespeak-ng \"$@\"\ntrue\n", given)
	if err := os.WriteFile(program, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return program, given
}

// TestHushEndsTheWholeProcessGroup: the sound ends within what the pipe held,
// and its last writer, which is not the process that was started, is gone.
func TestHushEndsTheWholeProcessGroup(t *testing.T) {
	program, given := script(t)
	l := plug(t, program)
	whole := len(l.whole(speech.Utterance{Text: long, Volume: 3}))
	l.Say(speech.Utterance{Text: long, Volume: 3})
	l.Say(speech.Utterance{Text: "This is not to be heard", Volume: 3})
	sound := l.sound()
	begun(t, sound)
	l.Hush()
	if left := len(rest(t, sound)); left > whole/2 {
		t.Errorf("%d of %d bytes came after it was to be silent", left, whole)
	}
	if again := l.whole(speech.Utterance{Text: long, Volume: 3}); len(again) != whole {
		t.Errorf("the next is %d of %d bytes", len(again), whole)
	}
	args, err := os.ReadFile(given)
	if err != nil || strings.Count(string(args), "\n") != 3 {
		t.Errorf("%d utterances were begun: %v", strings.Count(string(args), "\n"), err)
	}
	if strings.Contains(string(args), "card") {
		t.Errorf("what is said is on the command line: %s", args)
	}
}

func TestTheEndOfTheProgramEndsItsSpeech(t *testing.T) {
	program, _ := script(t)
	var sound *os.File
	t.Run("speaking", func(t *testing.T) {
		l := plug(t, program)
		l.Say(speech.Utterance{Text: long, Volume: 3})
		var err error
		if sound, err = os.Open(l.pipe); err != nil {
			t.Fatal(err)
		}
		begun(t, sound)
	})
	rest(t, sound)
}

func TestNothingToSpeakWith(t *testing.T) {
	if _, err := speech.Open(speech.Config{Program: "no-such-voice"}); !errors.Is(err, exec.ErrNotFound) || !strings.HasSuffix(err.Error(), ": install espeak-ng, or leave it out") {
		t.Errorf("named: %v", err)
	}
	if _, err := speech.Open(speech.Config{Cards: t.TempDir()}); !errors.Is(err, speech.ErrNone) || !strings.Contains(err.Error(), "sound card") {
		t.Errorf("without a sound card: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := speech.Open(speech.Config{}); !errors.Is(err, speech.ErrNone) {
		t.Errorf("looked for: %v", err)
	}
}

// parrot is a program that complains, and passes on what it is to say, a line each.
func parrot(t *testing.T) (program string, heard *bufio.Scanner) {
	return listened(t, "echo no sound card >&2\necho more >&2\n{ cat; echo; } > \"$0.heard\"\n")
}

// listened is a program, and the lines that it writes to "$0.heard".
func listened(t *testing.T, script string) (program string, heard *bufio.Scanner) {
	program = filepath.Join(t.TempDir(), "speak")
	if err := errors.Join(os.WriteFile(program, []byte("#!/bin/sh\n"+script), 0o700), syscall.Mkfifo(program+".heard", 0o600)); err != nil {
		t.Fatal(err)
	}
	// Open for writing as well: it has no end between one writer and the next.
	pipe, err := os.OpenFile(program+".heard", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pipe.Close() })
	if err := pipe.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	return program, bufio.NewScanner(pipe)
}

func TestAProgramThatFailsIsToldOfOnce(t *testing.T) {
	program, heard := parrot(t)
	var log bytes.Buffer
	p, err := speech.Open(speech.Config{Program: program, Arguments: []string{"-q"}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	for _, text := range []string{"1", "2", "3"} {
		p.Say(speech.Utterance{Text: text})
	}
	for _, want := range []string{"1", "2", "3"} {
		if !heard.Scan() || heard.Text() != want {
			t.Errorf("%q is heard, %v", heard.Text(), heard.Err())
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if told := strings.Count(log.String(), "no sound card"); told != 1 || strings.Contains(log.String(), "more") {
		t.Errorf("it is told %d times:\n%s", told, &log)
	}
}

// No program is started with a zero byte in an argument.
func TestWhatCannotBeSaidDoesNotKeepBackTheRest(t *testing.T) {
	program, heard := parrot(t)
	p, err := speech.Open(speech.Config{Program: program, Arguments: []string{"-q"}})
	if err != nil {
		t.Fatal(err)
	}
	p.Say(speech.Utterance{Text: "1", Language: "\x00"})
	p.Say(speech.Utterance{Text: "2", Language: "\x00"})
	p.Say(speech.Utterance{Text: "3"})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	if !heard.Scan() || heard.Text() != "3" {
		t.Errorf("%q is heard, %v", heard.Text(), heard.Err())
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A player in a session of its own keeps the standard error of who started it.
func TestTheEndWaitsForNobodyElse(t *testing.T) {
	program, heard := listened(t, `setsid sh -c 'echo $$ > "$0.heard"; exec sleep 600' "$0" & wait`)
	p, err := speech.Open(speech.Config{Program: program, Arguments: []string{"-q"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	p.Say(speech.Utterance{Text: "1"})
	if !heard.Scan() {
		t.Fatal(heard.Err())
	}
	player, err := strconv.Atoi(heard.Text())
	if err != nil {
		t.Fatal(err)
	}
	stop()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("it does not end")
	}
	if err := syscall.Kill(player, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}
