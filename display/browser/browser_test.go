package browser

import (
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"unlockpoint/display"
)

func serve(t *testing.T) (*Panel, *httptest.Server) {
	p := New(80, 48)
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return p, server
}

func dial(t *testing.T, server *httptest.Server, origin string) (*websocket.Conn, error) {
	t.Helper()
	ws, _, err := websocket.Dial(t.Context(), server.URL+"/ws", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
	if err == nil {
		ws.SetReadLimit(1 << 20)
		t.Cleanup(func() { ws.CloseNow() })
	}
	return ws, err
}

func read(t *testing.T, ws *websocket.Conn) (image.Rectangle, []byte) {
	t.Helper()
	_, raw, err := ws.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := func(i int) int { return int(binary.BigEndian.Uint16(raw[i:])) }
	return image.Rect(n(0), n(2), n(0)+n(4), n(2)+n(6)), raw[8:]
}

func paint(p *Panel, r image.Rectangle, c color.RGBA) {
	m := image.NewRGBA(r)
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
	p.Draw(r, m, r.Min)
}

func TestAClientGetsTheWholePanelAndThenWhatChanges(t *testing.T) {
	p, server := serve(t)
	ws, err := dial(t, server, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if r, pixels := read(t, ws); r != p.Bounds() || len(pixels) != 4*80*48 {
		t.Fatalf("first %v with %d bytes", r, len(pixels))
	}
	paint(p, image.Rect(10, 20, 12, 21), color.RGBA{1, 2, 3, 255})
	if r, pixels := read(t, ws); r != image.Rect(10, 20, 12, 21) || string(pixels) != "\x01\x02\x03\xff\x01\x02\x03\xff" {
		t.Errorf("then %v: %x", r, pixels)
	}
}

func TestABeepReachesEveryoneWhoLooksOnce(t *testing.T) {
	p := New(80, 48)
	first, second := p.join(), p.join()
	p.messages(first)
	p.messages(second)
	p.Beep()
	p.Beep() // before anybody heard the first
	for _, c := range []*client{first, second} {
		<-c.wake
		if out := p.messages(c); len(out) != 1 || string(out[0]) != "\x00\x00\x00\x00\x00\x00\x00\x00" {
			t.Errorf("a beep is %x", out)
		}
		if out := p.messages(c); len(out) > 0 {
			t.Errorf("it is heard again: %x", out)
		}
	}
}

func TestABeepComesThroughTheSocket(t *testing.T) {
	p, server := serve(t)
	ws, err := dial(t, server, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	read(t, ws)
	p.Beep()
	if r, pixels := read(t, ws); !r.Empty() || len(pixels) > 0 {
		t.Errorf("a beep is %v with %d bytes", r, len(pixels))
	}
}

func TestWhatAClientDoesComesOut(t *testing.T) {
	p, server := serve(t)
	ws, err := dial(t, server, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{`{"touch":"down","x":3,"y":4}`, `{"key":"#"}`, `{"text":"ok"}`} {
		if err := ws.Write(t.Context(), websocket.MessageText, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	if e := <-p.Events(); e.Touch == nil || e.Touch.X != 3 || e.Touch.Y != 4 {
		t.Errorf("%+v", e)
	}
	for _, want := range []display.Event{{Key: "#"}, {Rune: 'o'}, {Rune: 'k'}} {
		if e := <-p.Events(); e != want {
			t.Errorf("%+v, not %+v", e, want)
		}
	}
}

func TestPagesOfOtherSitesAreRefused(t *testing.T) {
	_, server := serve(t)
	if _, err := dial(t, server, "https://elsewhere.example"); err == nil {
		t.Error("the socket opened")
	}
}

func TestNamesThatMayBeMadeToPointHereAreRefused(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "127.0.0.1:8080": true, "[::1]:8080": true, "192.0.2.7": true,
		"elsewhere.example:8080": false, "localhost.elsewhere.example": false, "": false,
	} {
		for _, path := range []string{"/", "/panel.js", "/panel.png", "/ws"} {
			r, w := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
			r.Host = host
			New(80, 48).ServeHTTP(w, r)
			if got := w.Code != http.StatusForbidden; got != want {
				t.Errorf("%s of %q: %d", path, host, w.Code)
			}
		}
	}
}

func TestAMessageThatMeansNothingClosesTheSocket(t *testing.T) {
	_, server := serve(t)
	ws, err := dial(t, server, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	read(t, ws)
	if err := ws.Write(t.Context(), websocket.MessageText, []byte(`{"key":"Format"}`)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ws.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("it ended with %v", err)
	}
}

func TestASlowClientMissesFramesButNotTheNewest(t *testing.T) {
	p := New(80, 48)
	slow := p.join()
	p.messages(slow)
	for i := range 1000 { // it reads nothing meanwhile
		paint(p, image.Rect(i%70, 0, i%70+5, 5), color.RGBA{byte(i), 0, 0, 255})
	}
	if n := len(slow.damage); n > mostDamage {
		t.Errorf("%d rectangles wait for it", n)
	}
	seen := image.NewRGBA(p.Bounds())
	draw.Draw(seen, seen.Rect, image.Black, image.Point{}, draw.Src)
	for _, m := range p.messages(slow) {
		r := image.Rect(0, 0, int(binary.BigEndian.Uint16(m[4:])), int(binary.BigEndian.Uint16(m[6:]))).Add(
			image.Pt(int(binary.BigEndian.Uint16(m)), int(binary.BigEndian.Uint16(m[2:]))))
		draw.Draw(seen, r, &image.RGBA{Pix: m[8:], Stride: 4 * r.Dx(), Rect: r}, r.Min, draw.Src)
	}
	if string(seen.Pix) != string(p.Picture().Pix) {
		t.Error("it does not see what the panel shows")
	}
}

func TestEventsNobodyReadsAreDropped(t *testing.T) {
	p := New(80, 48)
	for range 10 * backlog {
		p.emit(display.Event{Key: "1"})
	}
	if n := len(p.Events()); n != backlog {
		t.Errorf("%d wait", n)
	}
}

func TestThePictureAndThePage(t *testing.T) {
	p, server := serve(t)
	paint(p, image.Rect(0, 0, 1, 1), color.RGBA{9, 8, 7, 255})
	response := get(t, server.URL+"/panel.png")
	defer response.Body.Close()
	m, err := png.Decode(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := color.RGBAModel.Convert(m.At(0, 0)); m.Bounds() != p.Bounds() || got != (color.RGBA{9, 8, 7, 255}) {
		t.Errorf("%v %v", m.Bounds(), got)
	}
	for path, kind := range map[string]string{"/": "text/html", "/panel.js": "text/javascript"} {
		response := get(t, server.URL+path)
		response.Body.Close()
		if got := response.Header.Get("Content-Type"); response.StatusCode != 200 || !strings.HasPrefix(got, kind) {
			t.Errorf("%s: %d %s", path, response.StatusCode, got)
		}
	}
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}
