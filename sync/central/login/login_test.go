package login

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// TestCodesAreThoseOfTheStandard: RFC 6238, appendix B, of whose eight digits
// the last six are those of six.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := code(secret, uint64(at/30)); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

// TestNoSpaceIsAPlus: authenticator apps decode "%20" (RFC 3986, 2.1) and show
// a "+" as it is.
func TestNoSpaceIsAPlus(t *testing.T) {
	const want = "otpauth://totp/Unlockpoint%20trust.example:amina?issuer=Unlockpoint%20trust.example&secret=GEZDGNBV"
	if got := link("trust.example", "amina", []byte("12345")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// bench is a desk with an operator, whose clock stands still.
type bench struct {
	*Desk
	t     *testing.T
	now   time.Time
	given Account
}

func newBench(t *testing.T) *bench {
	t.Helper()
	db, err := store.Open(t.TempDir())
	must(t, err)
	t.Cleanup(func() { db.Close() })
	ring, err := keyring.Create(t.TempDir() + "/ring")
	must(t, err)
	b := &bench{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	b.Desk = New(Config{Store: db, Ring: ring, Log: audit.New(ring), Realm: "trust.example", Now: func() time.Time { return b.now }})
	must(t, db.Update(t.Context(), b.add))
	b.give()
	return b
}

// add puts the operator on the list.
func (b *bench) add(tx store.Tx) error {
	_, err := operators.Add(tx, b.Ring, operators.New{ID: "amina", Role: wire.Booth, Realm: "trust.example", URL: "mqtt://127.0.0.1:1", Now: b.now})
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) give() {
	b.t.Helper()
	var err error
	b.given, err = b.Give(b.t.Context(), "amina")
	must(b.t, err)
}

func (b *bench) code() string { return b.given.Code(b.now) }

// enter says what became of a try.
func (b *bench) enter(name, password, code string) error {
	_, err := b.Enter(b.t.Context(), name, password, code)
	return err
}

func TestOnlyNamePasswordAndCodeTogetherOpen(t *testing.T) {
	b := newBench(t)
	right := b.given.Password
	for _, c := range [][3]string{{"amina", right, "000000"}, {"amina", right, ""}, {"amina", "", b.code()}, {"amina", right + "x", b.code()},
		{"nobody", right, b.code()}, {"", "", ""}, {"../amina", right, b.code()}, {"amina", strings.Repeat("x", 1<<16), b.code()}} {
		if err := b.enter(c[0], c[1], c[2]); !errors.Is(err, ErrWrong) {
			t.Errorf("%.40q: %v", c, err)
		}
	}
	b.now = b.now.Add(pause)
	must(t, b.enter("amina", right, b.code()))
}

func TestACodeCountsOnce(t *testing.T) {
	b := newBench(t)
	used := b.code()
	must(t, b.enter("amina", b.given.Password, used))
	if err := b.enter("amina", b.given.Password, used); !errors.Is(err, ErrWrong) {
		t.Errorf("the same code again: %v", err)
	}
	b.now = b.now.Add(step)
	if err := b.enter("amina", b.given.Password, used); !errors.Is(err, ErrWrong) {
		t.Errorf("the same code within the drift: %v", err)
	}
	must(t, b.enter("amina", b.given.Password, b.code()))
}

func TestAClockMayBeOneStepOff(t *testing.T) {
	for off, right := range map[time.Duration]bool{-2 * step: false, -step: true, 0: true, step: true, 2 * step: false} {
		b := newBench(t)
		typed := b.given.Code(b.now.Add(off))
		if err := b.enter("amina", b.given.Password, typed); (err == nil) != right {
			t.Errorf("%v off: %v", off, err)
		}
	}
}

// TestWrongTriesEndInAPause: also those that come at once, and the right one
// among them does not help who guesses.
func TestWrongTriesEndInAPause(t *testing.T) {
	b := newBench(t)
	for n := range tries {
		if err := b.enter("amina", fmt.Sprint("guess ", n), b.code()); !errors.Is(err, ErrWrong) {
			t.Fatalf("try %d: %v", n, err)
		}
	}
	if err := b.enter("amina", b.given.Password, b.code()); !errors.Is(err, ErrWrong) {
		t.Errorf("the right one in the pause: %v", err)
	}
	b.now = b.now.Add(pause - time.Second)
	if err := b.enter("amina", b.given.Password, b.code()); !errors.Is(err, ErrWrong) {
		t.Errorf("just before its end: %v", err)
	}
	b.now = b.now.Add(time.Second)
	must(t, b.enter("amina", b.given.Password, b.code()))
}

// TestNoAnswerTellsWhichNamesThereAre: nor does the pause after many of them.
func TestNoAnswerTellsWhichNamesThereAre(t *testing.T) {
	b := newBench(t)
	for n := range tries + 2 {
		real, made := b.enter("amina", "a guess", "000000"), b.enter("nobody", "a guess", "000000")
		if real == nil || made == nil || real.Error() != made.Error() {
			t.Fatalf("try %d: %v, but of a name that is not there %v", n, real, made)
		}
	}
}

// TestPasswordsWaitForEachOther: also those of strangers, who else would take
// all memory.
func TestPasswordsWaitForEachOther(t *testing.T) {
	b := newBench(t)
	for range atOnce {
		b.hashing <- struct{}{}
	}
	for _, name := range []string{"amina", "nobody"} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		if _, err := b.Enter(ctx, name, "a guess", "000000"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s did not wait: %v", name, err)
		}
		cancel()
	}
	<-b.hashing
	must(t, b.enter("amina", b.given.Password, b.code()))
	if len(b.hashing) != atOnce-1 {
		t.Errorf("%d places are taken", len(b.hashing))
	}
}

func TestAVisitEndsByItself(t *testing.T) {
	b := newBench(t)
	v, err := b.Enter(t.Context(), "amina", b.given.Password, b.code())
	must(t, err)
	here := func() bool {
		_, o, err := b.Find(t.Context(), v.Token)
		if err != nil && !errors.Is(err, ErrNoVisit) {
			t.Fatal(err)
		}
		return err == nil && o.ID == "amina"
	}
	for range int(longest/idle) * 2 {
		b.now = b.now.Add(idle / 2)
		if over := b.now.Sub(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) >= longest; here() == over {
			t.Fatalf("at %v: here %v", b.now, !over)
		}
	}
	v, err = b.Enter(t.Context(), "amina", b.given.Password, b.code())
	must(t, err)
	b.now = b.now.Add(idle)
	if here() {
		t.Error("still here after nothing was done")
	}
}

func TestWhoLeavesIsGone(t *testing.T) {
	for name, leave := range map[string]func(*bench, string){
		"leaves":       func(b *bench, token string) { must(b.t, b.Leave(b.t.Context(), token)) },
		"gets another": func(b *bench, _ string) { b.give() },
		"is removed": func(b *bench, _ string) {
			must(b.t, b.Store.Update(b.t.Context(), func(tx store.Tx) error { return operators.Remove(tx, "amina") }))
		},
		"changes password": func(b *bench, _ string) {
			b.now = b.now.Add(step)
			must(b.t, b.Change(b.t.Context(), "amina", b.given.Password, b.code(), "a longer password"))
		},
		"shows another's": nil,
	} {
		b := newBench(t)
		v, err := b.Enter(t.Context(), "amina", b.given.Password, b.code())
		must(t, err)
		token := v.Token
		if leave == nil {
			token = v.Form
		} else {
			leave(b, token)
		}
		if _, _, err := b.Find(t.Context(), token); !errors.Is(err, ErrNoVisit) {
			t.Errorf("who %s: %v", name, err)
		}
	}
}

func TestAPasswordOfOnesOwn(t *testing.T) {
	b := newBench(t)
	for _, short := range []string{"", "eleven char", strings.Repeat("x", Longest+1)} {
		if err := b.Change(t.Context(), "amina", b.given.Password, b.code(), short); !errors.Is(err, ErrLength) {
			t.Errorf("%d characters: %v", len(short), err)
		}
	}
	if err := b.Change(t.Context(), "amina", "wrong", b.code(), "a longer password"); !errors.Is(err, ErrWrong) {
		t.Errorf("without the old one: %v", err)
	}
	must(t, b.Change(t.Context(), "amina", b.given.Password, b.code(), "a longer password"))
	b.now = b.now.Add(step)
	if err := b.enter("amina", b.given.Password, b.code()); !errors.Is(err, ErrWrong) {
		t.Errorf("the old one: %v", err)
	}
	must(t, b.enter("amina", "a longer password", b.code()))
}

func TestAnOperatorThereIsNotGetsNothing(t *testing.T) {
	b := newBench(t)
	if _, err := b.Give(t.Context(), "nobody"); !errors.Is(err, operators.ErrUnknown) {
		t.Error(err)
	}
}
