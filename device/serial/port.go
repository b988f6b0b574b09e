package serial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// errIdle says that nobody has pressed a key for the time of a session.
var errIdle = errors.New("nobody pressed a key")

// port is the line with an editor on it. One goroutine reads the line, another
// one, the session's, owns everything else.
type port struct {
	line  io.ReadWriter
	term  *term.Terminal
	past  *history
	in    chan byte     // keys, as the editor takes them
	ended chan struct{} // the line brings no more
	idle  time.Duration
	pager pager

	mu   sync.Mutex
	stop context.CancelFunc // ends the command that runs; nil: none does
	asks bool               // a question is open
	seen size
}

const (
	// ahead is how much may be typed ahead; what is more waits in the line.
	ahead = 4096

	// longestLine is more than any command needs: what is behind it is not
	// taken, so that noise does not fill the screen.
	longestLine = 200
)

func newPort(line io.ReadWriter, idle time.Duration) *port {
	return &port{line: line, in: make(chan byte, ahead), ended: make(chan struct{}), idle: idle}
}

// anew begins with an empty line and no history. A port needs it before
// anything else.
func (p *port) anew(key func(line string, at int, key rune) (string, int, bool)) {
	t := term.NewTerminal(editor{p}, "")
	t.AutoCompleteCallback = key
	p.mu.Lock()
	defer p.mu.Unlock()
	p.term, p.past, p.seen, p.pager = t, new(history), size{}, pager{room: endless}
	p.term.History = p.past
}

// listen reads the line until it ends, or ctx.
func (p *port) listen(ctx context.Context) {
	defer close(p.ended)
	var k keys
	buf := make([]byte, 256)
	for {
		n, err := p.line.Read(buf)
		for _, b := range buf[:n] {
			out, is := k.take(b)
			p.resize(is)
			if !p.pass(ctx, out) {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// pass hands keys on; those that stop a command go to that.
func (p *port) pass(ctx context.Context, out []byte) bool {
	if len(out) == 1 && out[0] == ctrlC {
		out = p.interrupt()
	}
	for _, b := range out {
		select {
		case p.in <- b:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// interrupt stops the command that runs, and closes its question. Where none
// does, it empties the line that is being typed.
func (p *port) interrupt() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil {
		return []byte{ctrlU}
	}
	p.stop()
	if p.asks {
		return []byte{ctrlU, '\r'}
	}
	return nil
}

func (p *port) resize(is size) {
	if is == (size{}) {
		return
	}
	p.mu.Lock()
	p.seen = is
	t := p.term
	p.mu.Unlock()
	t.SetSize(is.columns, is.rows) // it has no error that could be told
}

// width is how many characters fit beside each other.
func (p *port) width() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen.columns == 0 {
		return 80
	}
	return p.seen.columns
}

// measure asks the screen how large it is: the cursor is sent farther than any
// screen goes, and asked where it came to (ECMA-48, CUP, DSR 6, CPR).
func (p *port) measure() { io.WriteString(p.line, "\x1b7\x1b[999;999H\x1b[6n\x1b8") }

// read is one line, typed after a prompt.
func (p *port) read(prompt string) (string, error) {
	p.term.SetPrompt(prompt)
	defer p.term.SetPrompt("")
	return p.term.ReadLine()
}

// ask is read for an answer, which is no command to come back to. Once ctx has
// ended there is none, whatever was typed.
func (p *port) ask(ctx context.Context, question string) (string, error) {
	p.past.off = true
	defer func() { p.past.off = false }()
	if !p.asking(ctx) {
		return "", ctx.Err()
	}
	defer p.asked()
	answer, err := p.read(question)
	p.turn()
	if err == nil {
		err = ctx.Err()
	}
	return answer, err
}

// asking opens a question, unless what asks was stopped already.
func (p *port) asking(ctx context.Context) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asks = ctx.Err() == nil
	return p.asks
}

func (p *port) asked() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asks = false
}

// during runs a command that ctrlC stops.
func (p *port) during(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.set(cancel)
	defer p.set(nil)
	p.pager.stopped = ctx.Done()
	p.turn()
	err := do(ctx)
	p.pager = pager{room: endless, held: p.pager.held}
	return err
}

func (p *port) set(stop context.CancelFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop = stop
}

// Printf writes to the screen; a line that is being typed stays whole. What is
// more than the screen holds waits for its reader. An error of the line is met
// when it is read.
func (p *port) Printf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if p.pager.room == endless && !p.pager.left {
		io.WriteString(p.term, text)
		return
	}
	for line := range strings.Lines(text) {
		if p.fits(line) {
			io.WriteString(p.term, line)
		}
	}
}

// screen is the port for a long text, which can be stopped after each line:
// at 9600 baud it takes minutes.
type screen struct {
	ctx context.Context
	p   *port
}

// Write writes line by line; its error is that of ctx.
func (s screen) Write(text []byte) (n int, err error) {
	for line := range bytes.Lines(text) {
		if err := s.ctx.Err(); err != nil {
			return n, err
		}
		s.p.Printf("%s", line)
		n += len(line)
	}
	return n, nil
}

// editor is the port as the line editor reads and writes it.
type editor struct{ p *port }

// Read waits for keys, for as long as a session may be idle.
func (e editor) Read(buf []byte) (int, error) {
	if held := e.p.pager.held; held != 0 {
		buf[0], e.p.pager.held = held, 0
		return 1, nil
	}
	timer := time.NewTimer(e.p.idle)
	defer timer.Stop()
	select {
	case buf[0] = <-e.p.in:
		return 1, nil
	case <-e.p.ended:
		return e.rest(buf)
	case <-timer.C:
		return 0, errIdle
	}
}

// rest is a key that was typed before the line ended.
func (e editor) rest(buf []byte) (int, error) {
	select {
	case buf[0] = <-e.p.in:
		return 1, nil
	default:
		return 0, io.ErrClosedPipe
	}
}

func (e editor) Write(buf []byte) (int, error) { return e.p.line.Write(buf) }

// history are the last commands, the newest first.
type history struct {
	lines []string
	off   bool
}

const longestHistory = 100

// Add implements term.History.
func (h *history) Add(line string) {
	if h.off || line == "" || len(h.lines) > 0 && h.lines[0] == line {
		return
	}
	h.lines = append([]string{line}, h.lines[:min(len(h.lines), longestHistory-1)]...)
}

// forget takes the newest line back: it had a secret in it.
func (h *history) forget() { h.lines = h.lines[min(1, len(h.lines)):] }

// Len implements term.History.
func (h *history) Len() int { return len(h.lines) }

// At implements term.History.
func (h *history) At(i int) string { return h.lines[i] }
