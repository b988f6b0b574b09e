package front

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"periph.io/x/conn/v3/conntest"
	periph "periph.io/x/conn/v3/display"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"unlockpoint/display"
	"unlockpoint/display/browser"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/memorytest"
	"unlockpoint/display/paint"
	"unlockpoint/display/panel"
	"unlockpoint/display/typing"
)

// typed is what must not be found. The program has it among its constants,
// which are not looked at.
const typed = "Kestrel59!gQ"

// lookEnv makes this test binary a browser: it looks at the address.
const lookEnv = "FRONT_TEST_LOOK"

func TestMain(m *testing.M) {
	if url := os.Getenv(lookEnv); url != "" {
		look(url)
		return
	}
	os.Exit(m.Run())
}

// look takes what a panel sends until that ends, a line for each message.
func look(url string) {
	ws, _, err := websocket.Dial(context.Background(), url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ws.SetReadLimit(-1)
	for {
		_, message, err := ws.Read(context.Background())
		if err != nil {
			return
		}
		fmt.Println(len(message))
	}
}

// TestNothingTypedStaysInMemory types in the clear, goes on to the next page,
// and then looks through all memory of the process.
func TestNothingTypedStaysInMemory(t *testing.T) {
	for name, open := range map[string]func(*testing.T) (periph.Drawer, func()){"browser": openBrowser, "panel": openPanel} {
		t.Run(name, func(t *testing.T) {
			drawer, settled := open(t)
			screen := layouttest.Small()
			f := New(drawer, screen, Patience{}, nil)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- f.Run(ctx) }()

			page := sample("register.answer")
			page.Look.Low = true
			page.Field.Masked = false
			page.Field.Value = display.NewSecret("")
			f.Show(page)
			if err := f.Settle(ctx); err != nil {
				t.Fatal(err)
			}
			for _, r := range typed {
				f.Type(r)
			}
			for range typed {
				page.Field.Value.Type((<-f.Inputs()).Rune)
				f.Show(page)
			}
			if err := f.Settle(ctx); err != nil {
				t.Fatal(err)
			}
			settled()
			traces := tracesOn(page, screen)
			for _, what := range []string{"its characters", "its pixels"} {
				if !slices.Contains(traces.Found(t), what) {
					t.Fatalf("while the page is on the panel, %s are not found", what)
				}
			}
			page.Field.Value.Wipe()
			f.Show(sample("unlock.working"))
			if err := f.Settle(ctx); err != nil {
				t.Fatal(err)
			}
			settled()
			for _, what := range traces.Found(t) {
				t.Errorf("%s are still in memory", what)
			}
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// A front may end before it took what it was shown and told last.
func TestNothingIsLeftForAFrontThatHasEnded(t *testing.T) {
	ended, stop := context.WithCancel(t.Context())
	stop()
	for range 30 { // Run takes one or the other first
		f := New(&glass{pixels: image.NewRGBA(layouttest.Small().Bounds())}, layouttest.Small(), Patience{}, nil)
		f.Show(sample("register.answer"))
		page := <-f.pages
		f.pages <- page
		f.Type('K')
		if page.Field.Count() == 0 {
			t.Fatal("nothing is typed")
		}
		if err := f.Run(ended); err != nil {
			t.Fatal(err)
		}
		if page.Field.Count() > 0 || len(f.pages)+len(f.events) > 0 {
			t.Fatalf("%d characters, %d pages and %d events are left", page.Field.Count(), len(f.pages), len(f.events))
		}
	}
}

// openBrowser is a panel at which a browser looks, in a process of its own.
func openBrowser(t *testing.T) (periph.Drawer, func()) {
	p := browser.New(layouttest.Small().Width, layouttest.Small().Height)
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), lookEnv+"=ws"+strings.TrimPrefix(server.URL, "http")+"/ws")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	lines := make(chan string, 1000)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return p, func() { // something came, and then nothing for a while
		select {
		case <-lines:
		case <-time.After(time.Minute):
			t.Fatal("the browser sees nothing")
		}
		for quiet := false; !quiet; {
			select {
			case <-lines:
			case <-time.After(time.Second):
				quiet = true
			}
		}
	}
}

// sink is a bus that keeps nothing of what is sent.
type sink struct {
	conntest.Discard
	sent chan struct{}
}

func (s *sink) Connect(physic.Frequency, spi.Mode, int) (spi.Conn, error) { return s, nil }
func (s *sink) LimitSpeed(physic.Frequency) error                         { return nil }
func (s *sink) TxPackets([]spi.Packet) error                              { return nil }
func (s *sink) Tx(w, r []byte) error {
	select {
	case s.sent <- struct{}{}:
	default:
	}
	return nil
}

// line is a pin that leads nowhere.
type line struct{ gpio.PinIO }

func (line) Out(gpio.Level) error { return nil }

// openPanel is a panel on a bus.
func openPanel(t *testing.T) (periph.Drawer, func()) {
	bus := &sink{sent: make(chan struct{}, 1)}
	p, err := panel.New(panel.ST7796(), bus, panel.Pins{DC: line{}}, panel.Options{Orientation: panel.Orientation{Rotation: 90}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p, func() {
		for quiet := false; !quiet; {
			select {
			case <-bus.sent:
			case <-time.After(time.Second):
				quiet = true
			}
		}
	}
}

// tracesOn are those of what was typed into a page.
func tracesOn(page display.Page, screen layout.Screen) memorytest.Traces {
	all := memorytest.Traces{}
	for i := range typed {
		c := typed[i]
		all["its bytes"] = append(all["its bytes"], memorytest.Masked(c)...)
		all["its characters"] = append(all["its characters"], memorytest.Masked(c, 0, 0, 0)...)
		all["inputs"] = append(all["inputs"], memorytest.Masked(append([]byte{c}, make([]byte, 23)...)...)...)
		all["events"] = append(all["events"], memorytest.Masked(append([]byte{c}, make([]byte, 31)...)...)...)
	}
	picture := image.NewRGBA(screen.Bounds())
	l := layout.Of(page, screen, typing.State{})
	paint.New().Paint(l, picture)
	for _, b := range l.Boxes {
		if b.Value == nil {
			continue
		}
		at := b.Value.Rect
		row := picture.Pix[picture.PixOffset(at.Min.X, (at.Min.Y+at.Max.Y)/2):]
		row = row[inked(row):][:4*100]
		for i := 0; i < len(row); i += 4 {
			r, g, b := row[i], row[i+1], row[i+2]
			all["its pixels"] = append(all["its pixels"], memorytest.Masked(r, g, b, 0xff)...)
			all["its pixels on the bus"] = append(all["its pixels on the bus"], memorytest.Masked(r&0xf8|g>>5, g<<3&0xe0|b>>3)...)
		}
	}
	clear(picture.Pix)
	return all
}

// inked is where the first letter begins.
func inked(row []byte) int {
	i := 0
	for bytes.Equal(row[i:i+4], row[:4]) {
		i += 4
	}
	return i
}
