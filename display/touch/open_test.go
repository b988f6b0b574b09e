package touch_test

import (
	"context"
	"image"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/spi"

	"unlockpoint/display/board/boardtest"
	"unlockpoint/display/touch"
	"unlockpoint/display/touch/touchtest"
)

// board is a machine with a bus of each kind and a pin.
func board(t *testing.T) {
	t.Helper()
	boardtest.Pins(t, numbered{touchtest.NewPin("GPIO17")})
	boardtest.SPI(t, func() spi.PortCloser { return touchtest.NewXPT2046() }, 1, "SPI0.1")
	boardtest.I2C(t, touchtest.NewGT911(0x5d, image.Pt(320, 480)), 1, "I2C1")
}

// numbered is a pin with a number, as the registry wants.
type numbered struct{ *touchtest.Pin }

func (numbered) Number() int { return 17 }

var _ gpio.PinIO = numbered{}

func TestAControllerIsOpenedByNames(t *testing.T) {
	board(t)
	for _, c := range []touch.Config{
		{Chip: "xpt2046", Bus: "SPI0.1", Interrupt: "GPIO17", Panel: image.Pt(320, 480)},
		{Chip: "xpt2046", Panel: image.Pt(320, 480), Orientation: touch.Orientation{Rotation: 90}},
		{Chip: "ft6336", Bus: "I2C1", Reset: "GPIO17", Panel: image.Pt(320, 480)},
		{Chip: "gt911", Bus: "I2C1", Address: 0x14, Panel: image.Pt(800, 480)},
	} {
		if _, err := touch.Open(c); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestAWrongSettingIsNamedWithWhatToTry(t *testing.T) {
	good := touch.Config{Chip: "gt911", Bus: "I2C1", Panel: image.Pt(800, 480)}
	for _, c := range []struct {
		spoil func(*touch.Config)
		want  []string
	}{
		{func(c *touch.Config) { c.Chip = "stmpe610" }, []string{"chip", "ft6336"}},
		{func(c *touch.Config) { c.Bus = "I2C7" }, []string{"bus", "I2C7", "there is I2C1"}},
		{func(c *touch.Config) { c.Chip, c.Bus = "xpt2046", "SPI1.0" }, []string{"bus", "there is SPI0.1"}},
		{func(c *touch.Config) { c.Interrupt = "GPIO99" }, []string{"interrupt", "GPIO99", "GPIO17"}},
		{func(c *touch.Config) { c.Reset = "RST" }, []string{"reset", "GPIO17"}},
		{func(c *touch.Config) { c.Address = 0xba }, []string{"address", "0x5d"}},
		{func(c *touch.Config) { c.Chip, c.Address = "ft6336", 0x38 }, []string{"address", "leave it out"}},
		{func(c *touch.Config) { c.Calibration = "touch.json" }, []string{"calibration", "leave it out"}},
		{func(c *touch.Config) { c.Chip, c.Bus, c.Reset = "xpt2046", "SPI0.1", "GPIO17" }, []string{"reset", "leave it out"}},
		{func(c *touch.Config) { c.Interrupt, c.Reset = "GPIO17", "GPIO17" }, []string{"reset and interrupt", "of its own"}},
		{func(c *touch.Config) { c.Orientation.Rotation = -90 }, []string{"rotation", "270"}},
		{func(c *touch.Config) { c.Panel.X = 0 }, []string{"panel", "size"}},
	} {
		t.Run(c.want[0], func(t *testing.T) {
			board(t)
			cfg := good
			c.spoil(&cfg)
			_, err := touch.Open(cfg)
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
}

func TestAMachineWithoutABusSaysWhatToSwitchOn(t *testing.T) {
	for chip, want := range map[string]string{"xpt2046": "dtparam=spi=on", "gt911": "dtparam=i2c_arm=on"} {
		_, err := touch.Open(touch.Config{Chip: chip, Panel: image.Pt(320, 480)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", chip, err)
		}
	}
}

func TestAControllerIsFoundByWhatItSaysItIs(t *testing.T) {
	other := touchtest.NewFT6336()
	other.Identify(0x79, 0x54)
	for _, c := range []struct {
		bus  i2c.Bus
		chip string
		at   uint16
	}{
		{touchtest.NewFT6336(), touch.NameFT6336, 0x38},
		{touchtest.NewGT911(0x5d, image.Pt(320, 480)), touch.NameGT911, 0x5d},
		{touchtest.NewGT911(0x14, image.Pt(320, 480)), touch.NameGT911, 0x14},
		{other, "", 0},
	} {
		chip, at, found := touch.Find(c.bus)
		if chip != c.chip || at != c.at || found != (c.chip != "") {
			t.Errorf("%q at %#x (%v), not %q at %#x", chip, at, found, c.chip, c.at)
		}
	}
}

// Somebody calibrates a glass that lies the other way round, and from then on
// touches are where the fingers are.
func TestAPanelIsCalibratedByFiveTaps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "touch.json")
	panel, o := image.Pt(480, 320), touch.Orientation{Rotation: 90}
	raw := func(p image.Point) image.Point { return image.Pt(3700-p.Y*3300/320, 300+p.X*3400/480) }
	synctest.Test(t, func(t *testing.T) {
		m := touchtest.NewXPT2046()
		m.Noise(8, 11)
		chip, err := touch.NewXPT2046(m, m.Pen)
		if err != nil {
			t.Fatal(err)
		}
		with(t, chip, m, nil, touch.Config{Raw: true, Panel: panel, Orientation: o}, func(b *bench) {
			var taps [5]image.Point
			for i, mark := range touch.Marks(panel) {
				go func() {
					m.Touch(raw(mark), 600)
					time.Sleep(300 * time.Millisecond)
					m.Lift()
				}()
				if taps[i], err = touch.Tap(t.Context(), b.source.Events()); err != nil {
					t.Fatal(err)
				}
			}
			c, err := touch.Fit(taps, panel, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Write(path); err != nil {
				t.Fatal(err)
			}
		})
	})
	synctest.Test(t, func(t *testing.T) {
		m := touchtest.NewXPT2046()
		chip, err := touch.NewXPT2046(m, m.Pen)
		if err != nil {
			t.Fatal(err)
		}
		with(t, chip, m, nil, touch.Config{Panel: panel, Orientation: o, Calibration: path}, func(b *bench) {
			for _, want := range []image.Point{{20, 20}, {460, 20}, {240, 160}, {20, 300}} {
				m.Touch(raw(want), 600)
				e := <-b.source.Events()
				if d := image.Pt(e.Touch.X, e.Touch.Y).Sub(want); max(d.X, -d.X, d.Y, -d.Y) > 3 {
					t.Errorf("%v is touched %v beside it", want, d)
				}
				m.Lift()
				b.places(late)
			}
		})
	})
}

func TestADamagedCalibrationIsToldAndDoneWithout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := touchtest.NewXPT2046()
		chip, err := touch.NewXPT2046(m, m.Pen)
		if err != nil {
			t.Fatal(err)
		}
		none := filepath.Join(t.TempDir(), "touch.json")
		with(t, chip, m, nil, touch.Config{Calibration: none}, func(b *bench) {
			if !strings.Contains(b.log.String(), "calibrate the panel") {
				t.Error(b.log.String())
			}
			m.Touch(image.Pt(2050, 2050), 500)
			b.expect(soon, "down 0 at 160,240")
		})
	})
}

func TestTapEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := touch.Tap(ctx, nil); err == nil {
		t.Error("there was a tap")
	}
}
