// Package serialtest is an engineer at a console's other end: a desk with a
// keyboard and a screen, which is paper here, so that all that was seen is still
// there. What line leads to the console is the test's own.
package serialtest

import (
	"fmt"
	"io"
	"sync"
	"testing"
	"time"
)

// Desk is where one engineer sits. What the console sends is written to it.
type Desk struct {
	t        testing.TB
	keys     io.Writer
	patience time.Duration
	rows     int // of the screen, as the console is told

	mu    sync.Mutex // over the paper
	paper Paper
	wrote chan struct{} // has something in it when the paper changed
}

var _ io.Writer = (*Desk)(nil)

// Sizes of the screen, in rows.
const (
	Tall   = 999 // nothing is more than it holds
	Usual  = 24
	Silent = 0 // it does not say, as what is behind a pipe does not
)

// Sit is a desk with a tall screen whose keys go to a console, with an engineer
// who waits for so long for what does come.
func Sit(t testing.TB, keys io.Writer, patience time.Duration) *Desk {
	return SitBefore(t, keys, patience, Tall)
}

// SitBefore is a desk with a screen of so many rows. Its paper is longer.
func SitBefore(t testing.TB, keys io.Writer, patience time.Duration, rows int) *Desk {
	return &Desk{t: t, keys: keys, patience: patience, rows: rows, wrote: make(chan struct{}, 1)}
}

// Write puts what the console sent on the paper, and answers where it asks for
// the screen's size.
func (d *Desk) Write(sent []byte) (int, error) {
	d.mu.Lock()
	d.paper.Write(sent)
	asked := d.paper.asked
	d.paper.asked = false
	d.mu.Unlock()
	if asked && d.rows != Silent {
		fmt.Fprintf(d.keys, "\x1b[%d;%dR", d.rows, Columns) // on a line that has ended nobody waits for it
	}
	select {
	case d.wrote <- struct{}{}:
	default:
	}
	return len(sent), nil
}

// Sees waits until the paper is as wanted.
func (d *Desk) Sees(what string, wanted func(*Paper) bool) {
	d.t.Helper()
	limit := time.After(d.patience)
	for {
		d.mu.Lock()
		done := wanted(&d.paper)
		d.mu.Unlock()
		if done {
			return
		}
		select {
		case <-d.wrote:
		case <-limit:
			d.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Waits waits for a prompt.
func (d *Desk) Waits(prompt string) {
	d.t.Helper()
	d.Sees("the prompt "+prompt, func(p *Paper) bool { return p.Waits(prompt) })
}

// WaitsBelow waits for a prompt in a later row than that.
func (d *Desk) WaitsBelow(row int, prompt string) {
	d.t.Helper()
	d.Sees("the prompt "+prompt, func(p *Paper) bool { return p.row > row && p.Waits(prompt) })
}

// Types sends keys.
func (d *Desk) Types(keys string) {
	d.t.Helper()
	if _, err := io.WriteString(d.keys, keys); err != nil {
		d.t.Fatal(err)
	}
}

// Says types a line, and waits for the prompt that comes after it.
func (d *Desk) Says(line, prompt string) {
	d.t.Helper()
	at := d.Row()
	d.Types(line + "\r")
	d.WaitsBelow(at, prompt)
}

// Row is where the cursor is.
func (d *Desk) Row() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.paper.row
}

// Text is all that is on the paper.
func (d *Desk) Text() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.paper.String()
}
