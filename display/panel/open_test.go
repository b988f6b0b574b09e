package panel

import (
	"image"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/board/boardtest"
	"unlockpoint/display/panel/paneltest"
)

// register makes a model part of this machine.
func register(t *testing.T, m *paneltest.Model) {
	t.Helper()
	boardtest.SPI(t, m.Port, -1, "model")
	boardtest.Pins(t, m.DC(), m.Reset(), m.Light())
}

func TestAPanelIsOpenedByItsNames(t *testing.T) {
	for _, chip := range Chips() {
		t.Run(chip.Name, func(t *testing.T) {
			m := paneltest.New(module(chip.Name), 4096)
			register(t, m)
			synctest.Test(t, func(t *testing.T) {
				p, err := Open(Config{Driver: chip.Name, Bus: "model", DC: "DC", Reset: "RESET", Backlight: "LIGHT", Rotation: 270, Brightness: 60})
				if err != nil {
					t.Fatal(err)
				}
				b := &bench{p, m, 270, chip.Bits}
				b.run(t)
				picture := noise(p.Bounds(), 16)
				p.Draw(p.Bounds(), picture, image.Point{})
				time.Sleep(time.Second)
				b.shows(t, picture)
				p.SetLight(Night)
				time.Sleep(time.Second)
				if got := m.Brightness(); got != 25 {
					t.Errorf("%d %% by night", got)
				}
			})
		})
	}
}

func TestAWrongSettingIsNamedWithWhatToTry(t *testing.T) {
	register(t, paneltest.New(module("st7796"), 4096))
	good := Config{Driver: "st7796", Bus: "model", DC: "DC", Reset: "RESET", Backlight: "LIGHT"}
	if _, err := Open(good); err != nil {
		t.Fatal(err)
	}
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for _, c := range []struct {
		change     func(*Config)
		wrong, try string
	}{
		{func(c *Config) { c.Driver = "ili9431" }, `driver is "ili9431"`, "write one of ili9341, st7789, st7796, hx8357d, ili9488, framebuffer, drm"},
		{func(c *Config) { c.Driver = "" }, `driver is ""`, "write one of"},
		{func(c *Config) { c.Rotation = 45 }, "rotation is 45", "write 0, 90, 180 or 270"},
		{func(c *Config) { c.Brightness = 101 }, "brightness is 101", "write 1 to 100"},
		{func(c *Config) { c.Night = -1 }, "night is -1", "write 1 to 100"},
		{func(c *Config) { c.ClockMHz = 61 }, "clock_mhz is 61", "write 1 to 60"},
		{func(c *Config) { c.Bus = "SPI9.9" }, `bus is "SPI9.9"`, "model"},
		{func(c *Config) { c.DC = "" }, `dc is ""`, "RESET"},
		{func(c *Config) { c.DC = "GPIO999" }, `dc is "GPIO999"`, "DC"},
		{func(c *Config) { c.Reset = "GPIO999" }, `reset is "GPIO999"`, "RESET"},
		{func(c *Config) { c.Backlight = "RESET" }, `reset and backlight are both "RESET"`, "a pin of its own"},
		{func(c *Config) { *c = Config{Driver: "framebuffer", Device: nowhere} }, "device is", "/dev/fb*"},
		{func(c *Config) { *c = Config{Driver: "framebuffer", Device: "/dev/null"} }, `device is "/dev/null"`, "/dev/fb*"},
		{func(c *Config) { *c = Config{Driver: "drm", Device: nowhere} }, "device is", "/dev/dri/card*"},
		{func(c *Config) { *c = Config{Driver: "drm", Device: "/dev/null"} }, `device is "/dev/null"`, "/dev/dri/card*"},
		{func(c *Config) { *c = Config{Driver: "framebuffer", Device: "/dev/null", Console: nowhere} }, "console is", "write /dev/tty1"},
		{func(c *Config) { *c = Config{Driver: "framebuffer", Backlight: nowhere} }, "backlight is", "/sys/class/backlight"},
		{func(c *Config) { *c = Config{Driver: "framebuffer", Backlight: lightFolder(t, "bright", "1")} }, "backlight is", "/sys/class/backlight"},
	} {
		config := good
		c.change(&config)
		_, err := Open(config)
		if err == nil || !strings.HasPrefix(err.Error(), "panel: "+c.wrong) || !strings.Contains(err.Error(), c.try) {
			t.Errorf("%+v: %v", config, err)
		}
	}
}
