package health

import (
	"context"
	"fmt"
	"time"
)

func testReader(ctx context.Context, b bench) {
	r, ok := b.reading(ctx)
	switch {
	case !ok:
	case r.Reader.Name == "":
		b.fail("reader", "there is none", "Plug it in again. If it stays missing, try another cable and socket; \"hardware\" lists the readers that are seen.")
	case !r.Reader.Approved:
		b.fail("reader", r.Reader.Name, "Plug in one that may be used, or ask central IT to allow this one: fleet config set readers=NAME.")
	default:
		b.pass("reader", "%s", r.Reader.Name)
	}
}

// slow is how long a card may take for one command before its contacts, or the
// reader's, are worth a look: the slowest sound ones take 600 ms, for a key.
const slow = 2 * time.Second

func testCard(ctx context.Context, b bench) {
	r, ok := b.reading(ctx)
	switch {
	case !ok:
	case !r.Reader.Card:
		b.skip("card", "none is in: put one in and test again")
	case r.Reader.Profile == "":
		b.fail("card", "it was not read", "Clean its contacts and put it in again. Try another card: if that is read, this one is worn or of a kind that is not served.")
	case r.Reader.Slowest > slow:
		b.fail("card", fmt.Sprintf("%s, %d commands, the slowest took %d ms", r.Reader.Profile, r.Reader.Commands, r.Reader.Slowest.Milliseconds()),
			"Clean the contacts of card and reader; try another card.")
	default:
		b.pass("card", "%s, %d commands, the slowest took %d ms", r.Reader.Profile, r.Reader.Commands, r.Reader.Slowest.Milliseconds())
	}
}

func testStore(ctx context.Context, b bench) {
	began := time.Now()
	if err := b.ProbeStore(); err != nil {
		b.fail("store", err.Error(), "\"reboot\": a damaged store is replaced. If it fails again, replace the flash card.")
		return
	}
	b.pass("store", "written and read back in %d ms", time.Since(began).Milliseconds())
	r, ok := b.reading(ctx)
	if !ok {
		return
	}
	if r.Store.Free < littleSpace {
		b.fail("room", mebibytes(r.Store.Free), moreRoom)
		return
	}
	b.pass("room", "%s", mebibytes(r.Store.Free))
}

func mebibytes(n uint64) string { return fmt.Sprintf("%d MiB free", n>>20) }

func testClock(ctx context.Context, b bench) {
	r, ok := b.reading(ctx)
	switch {
	case !ok:
	case r.At.Before(r.certain()):
		b.fail("clock", fmt.Sprintf("%s, though %s is certainly over", stamp(r.At), stamp(r.certain())),
			setClock)
	case r.Clock.Ahead.Abs() >= off:
		b.fail("clock", fmt.Sprintf("%s, %v away from central's", stamp(r.At), r.Clock.Ahead.Abs().Round(time.Second)),
			setClock)
	default:
		b.pass("clock", "%s, after %s", stamp(r.At), stamp(r.certain()))
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "no known time"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
