package panel

import (
	"image"
	"testing"
	"testing/synctest"
	"time"
)

func TestALightIsByDayByNightOrOffWithThePanelAsleep(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := plug(t, chip, Options{Day: 80, Night: 15}, 4096)
		picture := noise(b.Bounds(), 11)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		for _, step := range []struct {
			light   Light
			percent int
		}{{Night, 15}, {Day, 80}, {Dark, 0}, {Night, 15}, {Dark, 0}, {Day, 80}} {
			b.SetLight(step.light)
			time.Sleep(time.Second)
			before := b.model.Traffic()
			time.Sleep(2 * refreshEvery)
			if b.model.Traffic() != before && step.light == Dark {
				t.Error("it is not left asleep")
			}
			if got := b.model.Brightness(); got != step.percent {
				t.Errorf("%d %% of light, not %d", got, step.percent)
			}
			if b.model.Showing() != (step.light != Dark) {
				t.Errorf("with light %v: showing is %v", step.light, b.model.Showing())
			}
		}
		b.shows(t, picture)
	})
}

func TestALightMayChangeFasterThanAPanelCan(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := plug(t, chip, day(), 4096)
		for n := range 50 {
			b.SetLight([]Light{Dark, Day, Dark, Night}[n%4])
			time.Sleep(time.Duration(n*7) * time.Millisecond)
		}
		b.SetLight(Day)
		time.Sleep(time.Second)
		if !b.model.Showing() {
			t.Error("it sleeps")
		}
	})
}

func TestASleepingPanelForgetsAPageThatIsDrawnOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := plug(t, "ili9341", day(), 4096)
		b.Draw(b.Bounds(), noise(b.Bounds(), 12), image.Point{})
		time.Sleep(time.Second)
		b.Halt()
		time.Sleep(time.Second)
		before := b.model.Traffic()
		b.Draw(b.Bounds(), image.Black, image.Point{})
		time.Sleep(time.Second)
		if n := b.model.Traffic().Sub(before).Bytes; n < 2*120*160 {
			t.Errorf("its memory got %d bytes: the page is still in it", n)
		}
	})
}

func TestALightWithoutPWMIsOnOrOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := unplugged(t, small("ili9341"), Options{Day: 80, Night: 15}, 0)
		b.screen.(*wire).pins.Light = b.model.Switch()
		b.run(t)
		time.Sleep(time.Second)
		for light, want := range map[Light]int{Day: 100, Night: 100, Dark: 0} {
			b.SetLight(light)
			time.Sleep(time.Second)
			if got := b.model.Brightness(); got != want {
				t.Errorf("light %v: %d %%", light, got)
			}
		}
	})
}
