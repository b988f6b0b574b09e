package browser

import (
	"context"
	"encoding/binary"
	"image"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// writeTime is how long a client may take for one message before it is
// dropped; a browser on the same machine takes a few milliseconds.
const writeTime = 10 * time.Second

// mostDamage is how many rectangles are kept for a slow client before they
// become one.
const mostDamage = 16

// client is one browser's view. Its fields are guarded by the panel's mutex.
type client struct {
	damage []image.Rectangle
	beeps  bool          // it has one to hear; a second before that adds nothing
	wake   chan struct{} // holds one token when there is anything to send
}

// add takes note of what the client has not seen yet.
func (c *client) add(r image.Rectangle) {
	if r.Empty() {
		return
	}
	c.damage = append(c.damage, r)
	if len(c.damage) > mostDamage {
		c.damage = append(c.damage[:0], union(c.damage))
	}
	c.call()
}

func (c *client) beep() {
	c.beeps = true
	c.call()
}

func (c *client) call() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func union(rects []image.Rectangle) image.Rectangle {
	var all image.Rectangle
	for _, r := range rects {
		all = all.Union(r)
	}
	return all
}

// socket serves /ws: pixels out, events in.
func (p *Panel) socket(w http.ResponseWriter, r *http.Request) {
	// Accept refuses pages of another host.
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionNoContextTakeover})
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow()
	ws.SetReadLimit(maxMessage)
	ctx, stop := context.WithCancel(r.Context())
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		defer stop()
		p.send(ctx, ws)
	}()
	p.receive(ctx, ws)
	stop()
	<-sent
}

// local reports whether a host is an address or localhost. A name of another
// site may be made to point here, and would then pass as the same host.
func local(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	return name == "localhost" || net.ParseIP(strings.Trim(name, "[]")) != nil
}

// receive reads events until the client goes or says something unknown.
func (p *Panel) receive(ctx context.Context, ws *websocket.Conn) {
	for {
		_, raw, err := ws.Read(ctx)
		if err != nil {
			return
		}
		events, err := parse(raw, p.pixels.Rect)
		if err != nil {
			ws.Close(websocket.StatusPolicyViolation, err.Error())
			return
		}
		for _, e := range events {
			p.emit(e)
		}
	}
}

// send writes the whole frame and then damage as it comes.
func (p *Panel) send(ctx context.Context, ws *websocket.Conn) {
	c := p.join()
	defer p.part(c)
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		for _, message := range p.messages(c) {
			err := write(ctx, ws, message)
			clear(message) // it may be a picture of somebody's answer
			if err != nil {
				return
			}
		}
	}
}

func write(ctx context.Context, ws *websocket.Conn, message []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return ws.Write(ctx, websocket.MessageBinary, message)
}

// join adds a client that has seen nothing yet.
func (p *Panel) join() *client {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := &client{wake: make(chan struct{}, 1)}
	p.clients[c] = struct{}{}
	c.add(p.pixels.Rect)
	return c
}

func (p *Panel) part(c *client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.clients, c)
}

// messages is the client's damage as messages: x, y, width and height as
// 16 bit numbers, high byte first, then the pixels as RGBA. A beep is a
// rectangle of nothing.
func (p *Panel) messages(c *client) [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out [][]byte
	for _, r := range c.damage {
		out = append(out, encode(p.pixels, r))
	}
	c.damage = c.damage[:0]
	if c.beeps {
		c.beeps = false
		out = append(out, encode(p.pixels, image.Rectangle{}))
	}
	return out
}

func encode(pixels *image.RGBA, r image.Rectangle) []byte {
	m := make([]byte, 0, 8+4*r.Dx()*r.Dy())
	for _, n := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		m = binary.BigEndian.AppendUint16(m, uint16(n))
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		m = append(m, pixels.Pix[pixels.PixOffset(r.Min.X, y):][:4*r.Dx()]...)
	}
	return m
}
