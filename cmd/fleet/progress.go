package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// progress tells a person what is waited for, once they have waited for a
// second. In a pipe it says nothing.
type progress struct {
	out   io.Writer // nil: nobody looks
	timer *time.Timer

	mu    sync.Mutex // the timer's goroutine and say
	text  string
	shown bool
}

// progress begins one on standard error.
func (top *cli) progress() *progress {
	p := &progress{}
	if !isTerminal(top.err) {
		return p
	}
	p.out = top.err
	p.timer = time.AfterFunc(time.Second, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.shown = true
		p.draw()
	})
	return p
}

// say changes what is waited for.
func (p *progress) say(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = fmt.Sprintf(format, args...)
	p.draw()
}

// draw writes over the line. The caller holds the lock.
func (p *progress) draw() {
	if p.out != nil && p.shown {
		fmt.Fprintf(p.out, "\r\x1b[K%s ...", p.text)
	}
}

// end takes the line away.
func (p *progress) end() {
	if p.out == nil {
		return
	}
	p.timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	p.out = nil
}

// isTerminal reports whether a person reads what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
