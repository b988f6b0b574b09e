package ledger

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	rules = Rules{Attempts: 3, In30Days: 10, Life: 15 * time.Minute}
	nine  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

// rows makes one row a letter: o open, p proved, f failed, x expired; a
// minute apart, the last one a minute before nine.
func rows(epoch int, letters string) []Row {
	states := map[rune]State{'o': Open, 'p': Proved, 'f': Failed, 'x': Expired}
	var list []Row
	for i, l := range letters {
		at := nine.Add(-time.Duration(len(letters)-i) * time.Minute)
		list = append(list, Row{Epoch: epoch, Attempt: strconv.Itoa(i), At: at, State: states[l]})
	}
	return list
}

func TestWhatIsLeft(t *testing.T) {
	for _, c := range []struct {
		rows   string
		left   int
		locked bool
	}{
		{"", 3, false},
		{"f", 2, false},
		{"ff", 1, false},
		{"fff", 0, true},
		{"fxf", 0, true},
		{"ffo", 0, false}, // the third is under way: neither another, nor locked
		{"ooo", 0, false},
		{"ffp", 1, false}, // a right third attempt undoes nothing
		{"pppppp", 3, false},
	} {
		got := rows(7, c.rows)
		if left := rules.Left(got, 7, nine); left != c.left {
			t.Errorf("%s: %d left, want %d", c.rows, left, c.left)
		}
		if locked := rules.Locked(got, 7, nine); locked != c.locked {
			t.Errorf("%s: locked is %v", c.rows, locked)
		}
	}
}

func TestANewEpochForgetsTheOldOne(t *testing.T) {
	if left := rules.Left(rows(7, "fff"), 8, nine); left != 3 {
		t.Errorf("%d left", left)
	}
}

func TestTenIn30DaysLockOverAllEpochs(t *testing.T) {
	var list []Row
	for epoch := range 5 {
		list = append(list, rows(epoch, "ff")...)
	}
	if !rules.Locked(list, 5, nine) || rules.Left(list, 5, nine) != 0 {
		t.Error("ten failures in a month do not lock")
	}
	if later := nine.Add(month); rules.Locked(list, 5, later) || rules.Left(list, 5, later) != 3 {
		t.Error("they lock for ever")
	}
}

func TestNineIn30DaysLeaveOne(t *testing.T) {
	var list []Row
	for epoch := range 3 {
		list = append(list, rows(epoch, "fff")...)
	}
	if left := rules.Left(list, 3, nine); left != 1 {
		t.Errorf("%d left", left)
	}
}

func TestAnAttemptWithoutProofFailsAfter15Minutes(t *testing.T) {
	row := Row{Epoch: 1, At: nine, State: Open}
	if got := rules.Settle(row, nine.Add(rules.Life-1)); got.State != Open {
		t.Errorf("a moment before: %s", got.State)
	}
	if got := rules.Settle(row, nine.Add(rules.Life)); got.State != Expired {
		t.Errorf("at its end: %s", got.State)
	}
	if _, ok := rules.Prove(row, true, nine.Add(rules.Life)); ok {
		t.Error("a proof that came too late was taken")
	}
}

func TestAProofIsTakenOnce(t *testing.T) {
	row, ok := rules.Prove(Row{At: nine, State: Open}, false, nine)
	if !ok || row.State != Failed {
		t.Fatalf("got %v, %v", row, ok)
	}
	if again, ok := rules.Prove(row, true, nine); ok || again.State != Failed {
		t.Errorf("a second proof was taken: %v", again)
	}
}

// Terminals begin, prove, stay silent and crash in any order. However they
// interleave, an epoch in which nothing proved right sees at most three
// evaluations, and a month at most ten wrong ones.
func TestNoInterleavingGivesAFourthGuess(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var list []Row
		epoch, now := 1, nine
		proved := 0
		for range rapid.IntRange(1, 80).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(r, "minutes")) * time.Minute)
			switch rapid.SampledFrom([]string{"begin", "begin", "wrong", "right", "release"}).Draw(r, "step") {
			case "begin":
				id := strconv.Itoa(len(list))
				if row, ok := rules.Debit(list, epoch, id, "t", "c", now); ok {
					list = append(list, row)
				}
			case "wrong", "right":
				if len(list) == 0 {
					continue
				}
				i := rapid.IntRange(0, len(list)-1).Draw(r, "which")
				right := rapid.Bool().Draw(r, "right") && proved < 5
				if row, ok := rules.Prove(list[i], right, now); ok {
					list[i] = row
					if right {
						proved++
					}
				}
			case "release":
				epoch++
			}
			check(r, list, epoch, now)
		}
	})
}

func check(r *rapid.T, list []Row, epoch int, now time.Time) {
	spent := map[int]int{}
	recent := 0
	for _, row := range list {
		if row.State == Proved {
			continue
		}
		spent[row.Epoch]++
		if now.Sub(row.At) < month {
			recent++
		}
	}
	for e, n := range spent {
		if n > rules.Attempts {
			r.Fatalf("epoch %d had %d evaluations that proved nothing", e, n)
		}
	}
	if recent > rules.In30Days {
		r.Fatalf("%d in 30 days", recent)
	}
	if rules.Locked(list, epoch, now) && rules.Left(list, epoch, now) != 0 {
		r.Fatalf("locked, and yet an attempt is left")
	}
}
