package serial

import (
	"io"
	"math"
	"strings"
	"time"
)

// fullScreen stands below a screen that is full, while there is more to print.
const fullScreen = "-- more: Space, Enter or q --"

// endless is room for whatever comes: no command prints, or the screen has not
// said how large it is, as nothing behind a pipe does.
const endless = math.MaxInt

// pager keeps what a command prints from leaving the screen unread. It belongs
// to the session's goroutine.
type pager struct {
	room    int             // rows
	left    bool            // the engineer does not want the rest
	held    byte            // a key for the line editor; 0: none
	stopped <-chan struct{} // is closed when the command is stopped; nil: none runs
}

// turn begins a new screen for what a command prints.
func (p *port) turn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pager.room = endless
	if p.pager.stopped != nil && p.seen.rows > 0 {
		p.pager.room = p.seen.rows - 1
	}
}

// fits waits until there is room for a line. It says whether that is to be
// printed.
func (p *port) fits(line string) bool {
	rows := 1 + max(0, len(strings.TrimRight(line, "\n"))-1)/p.width()
	if p.pager.room < rows && !p.pager.left {
		p.hold(rows)
	}
	if p.pager.room != endless {
		p.pager.room -= rows
	}
	return !p.pager.left
}

// hold waits at a full screen: Space is for the next one, Enter for the next
// line, and q leaves the rest. Any other key leaves it too, and begins the next
// command; where that was typed ahead nobody reads along, and nothing waits.
func (p *port) hold(rows int) {
	key, ahead := p.wanted()
	switch key {
	case ' ':
		p.turn()
	case '\r':
		p.pager.room = rows
	case 'q':
		p.leave()
	default:
		p.pager.room, p.pager.held = endless, key
		if !ahead {
			p.leave()
		}
	}
}

// wanted is the key that says what comes of a full screen, and whether it was
// typed ahead. Where nobody presses any the rest is left.
func (p *port) wanted() (key byte, ahead bool) {
	select {
	case key = <-p.in:
		return key, true
	default:
	}
	io.WriteString(p.term, fullScreen)
	defer io.WriteString(p.term, "\r\x1b[K") // ECMA-48, EL
	idle := time.NewTimer(p.idle)
	defer idle.Stop()
	select {
	case key = <-p.in:
		return key, false
	case <-p.pager.stopped:
	case <-p.ended:
	case <-idle.C:
	}
	return 'q', false
}

// leave stops the command and prints nothing more of it.
func (p *port) leave() {
	p.pager.left = true
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop()
}
