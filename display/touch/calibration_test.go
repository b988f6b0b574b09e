package touch

import (
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var wide = image.Pt(480, 320)

// glued is a glass that counts from 250 to 3800 and lies askew on the panel.
type glued struct {
	o       Orientation
	degrees float64
}

// raw is what the glass counts at a pixel.
func (g glued) raw(at, panel image.Point) image.Point {
	u, v := (float64(at.X)+0.5)/float64(panel.X), (float64(at.Y)+0.5)/float64(panel.Y)
	switch g.o.Rotation { // back to how the glass lies
	case 90:
		u, v = 1-v, u
	case 180:
		u, v = 1-u, 1-v
	case 270:
		u, v = v, 1-u
	}
	if g.o.Mirror {
		u = 1 - u
	}
	sin, cos := math.Sincos(g.degrees * math.Pi / 180)
	u, v = u-0.5, v-0.5
	u, v = u*cos-v*sin, u*sin+v*cos
	return image.Pt(int(250+3550*(u+0.5)), int(250+3550*(v+0.5)))
}

func (g glued) taps(panel image.Point) (taps [touches]image.Point) {
	for i, mark := range Marks(panel) {
		taps[i] = g.raw(mark, panel)
	}
	return taps
}

func TestFiveTapsFindThePanelHoweverTheGlassLies(t *testing.T) {
	for _, rotation := range []int{0, 90, 180, 270} {
		for _, mirror := range []bool{false, true} {
			g := glued{Orientation{rotation, mirror}, 2}
			c, err := Fit(g.taps(wide), wide, g.o)
			if err != nil {
				t.Errorf("%+v: %v", g, err)
				continue
			}
			for _, p := range []image.Point{{0, 0}, {479, 0}, {0, 319}, {479, 319}, {100, 200}} {
				raw := g.raw(p, wide)
				if d := c.Map.At(raw.X, raw.Y).Sub(p); max(d.X, -d.X, d.Y, -d.Y) > 1 {
					t.Errorf("%+v: %v is found %v beside it", g, p, d)
				}
			}
		}
	}
}

func TestTapsThatArePoorAreEvenedOutAndWildOnesRefused(t *testing.T) {
	g := glued{}
	for by, ok := range map[int]bool{0: true, 40: true, 150: false, 400: false} {
		taps := g.taps(wide)
		taps[2] = taps[2].Add(image.Pt(by, -by))
		if _, err := Fit(taps, wide, g.o); (err == nil) != ok {
			t.Errorf("a tap that is %d counts off: %v", by, err)
		}
	}
}

func TestWhatNoGlassIsLikeIsRefused(t *testing.T) {
	var same, line [touches]image.Point
	for i := range line {
		same[i], line[i] = image.Pt(2000, 2000), image.Pt(500*i, 700*i)
	}
	small, beyond, bent := glued{}.taps(wide), glued{}.taps(wide), glued{}.taps(wide)
	for i := range small {
		small[i] = small[i].Sub(image.Pt(2000, 2000)).Div(4).Add(image.Pt(2000, 2000))
		beyond[i] = beyond[i].Add(image.Pt(900, 0))
		bent[i].X = 2000 + (bent[i].X-2000)*7/10 + (bent[i].Y-2000)/4
	}
	for want, taps := range map[string][touches]image.Point{"all in a line": same, "in a line": line, "small part": small, "counts to": beyond, "askew": bent} {
		if _, err := Fit(taps, wide, Orientation{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestACalibrationIsKeptInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "touch.json")
	o := Orientation{90, true}
	want, err := Fit(glued{o: o}.taps(wide), wide, o)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second takes the place of the first
		if err := want.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := ReadCalibration(path, wide, o); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for name, try := range map[string]struct {
		panel image.Point
		o     Orientation
	}{"another panel": {image.Pt(800, 480), o}, "turned": {wide, Orientation{270, true}}} {
		if _, err := ReadCalibration(path, try.panel, try.o); err == nil || !strings.Contains(err.Error(), hint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadCalibration(path+"x", wide, o); err == nil || !strings.Contains(err.Error(), "calibrate the panel") {
		t.Errorf("no file: %v", err)
	}
	if left, _ := filepath.Glob(path + ".new-*"); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

func TestAFileThatWasCutAnywhereIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "touch.json")
	c, err := Fit(glued{}.taps(wide), wide, Orientation{})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := c.text()
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadCalibration(path, wide, Orientation{}); err == nil || !strings.Contains(err.Error(), hint) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}

func TestACalibrationThatMakesNoSenseIsNotWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "touch.json")
	if err := (Calibration{Map: Map{Size: wide}}).Write(path); err == nil {
		t.Error("it is written")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a file")
	}
}

// Whatever is read is a glass that there can be, and is written back the same.
func FuzzCalibration(f *testing.F) {
	c, err := Fit(glued{}.taps(wide), wide, Orientation{})
	if err != nil {
		f.Fatal(err)
	}
	text, err := c.text()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"panel":[480,320],"x":[1e308,0,0],"y":[0,1e308,0]}` + "\n"))
	f.Add([]byte(fmt.Sprintf(`{"panel":[%d,1],"rotation":90,"x":[0,1,0],"y":[1,0,0]}`+"\n", math.MaxInt32)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := parseCalibration(raw)
		if err != nil {
			return
		}
		for _, at := range []image.Point{{}, {full, full}, {-1, 1 << 30}, {2000, 1000}} {
			if p := c.Map.At(at.X, at.Y); !p.In(image.Rectangle{Max: c.Map.Size}) {
				t.Errorf("%v is at %v of %v", at, p, c.Map.Size)
			}
		}
		text, err := c.text()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := parseCalibration(text); err != nil || again != c {
			t.Errorf("written back it is %+v, %v", again, err)
		}
	})
}
