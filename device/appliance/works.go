package appliance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/paint"
	"unlockpoint/display/typing"
	"unlockpoint/sync/wire"
)

const (
	// identifyFor is how long a terminal draws attention to itself: somebody
	// stands in the corridor and looks around.
	identifyFor = 15 * time.Second
	// testsFor is how long all self-tests may take.
	testsFor = time.Minute
)

// do does one work. What goes on after it, goes on for life.
func (a *Appliance) do(ctx, life context.Context, w wire.Work) outcome {
	switch w {
	case wire.Identify:
		return a.identify(life)
	case wire.SelfTest:
		return a.selfTest(ctx)
	case wire.MakeReport:
		return a.report(ctx)
	case wire.Screenshot:
		return screenshot(a.Page(), a.cfg.Screen)
	}
	return failed(fmt.Errorf("this terminal cannot %s", w))
}

// identify shows the terminal's name for a while, and beeps. A person who puts
// a card in meanwhile is served.
func (a *Appliance) identify(life context.Context) outcome {
	ctx, cancel := context.WithTimeout(life, identifyFor)
	if err := a.Show(ctx, a.lookedFor()); err != nil {
		cancel()
		return failed(err)
	}
	return outcome{end: wire.Done, text: fmt.Sprintf("it shows its name for %d s", int(identifyFor.Seconds())),
		after: func() { a.beepUntil(ctx); cancel() }}
}

// beepUntil beeps once a second.
func (a *Appliance) beepUntil(ctx context.Context) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for ctx.Err() == nil {
		if a.cfg.Beeper != nil {
			a.cfg.Beeper.Beep()
		}
		select {
		case <-ctx.Done():
		case <-every.C:
		}
	}
}

func (a *Appliance) selfTest(ctx context.Context) outcome {
	ctx, cancel := context.WithTimeout(ctx, testsFor)
	defer cancel()
	var lines strings.Builder
	var bad []string
	n := map[health.Verdict]int{}
	for _, test := range health.Tests() {
		test.Run(ctx, a, nil, func(s health.Step) {
			n[s.Verdict]++
			fmt.Fprintf(&lines, "%s: %s, %s\n", s.What, s.Verdict, s.Found)
			if s.Verdict == health.Failed {
				bad = append(bad, s.What)
				fmt.Fprintf(&lines, "  %s\n", s.Advice)
			}
		})
	}
	e := outcome{end: wire.Done, data: []byte(lines.String()),
		text: fmt.Sprintf("%d passed, %d failed, %d skipped", n[health.Passed], n[health.Failed], n[health.Skipped])}
	if bad != nil {
		e.end, e.text = wire.Failed, e.text+": "+strings.Join(bad, ", ")
	}
	return e
}

func (a *Appliance) report(ctx context.Context) outcome {
	r, err := a.Account(ctx)
	if err != nil {
		return failed(err)
	}
	text, err := r.JSON()
	if err != nil {
		return failed(err)
	}
	return outcome{end: wire.Done, text: fmt.Sprintf("%d faults", len(r.Faults)), data: text}
}

// screenshot paints a page anew, as it stands on a panel. It refuses a private
// one.
func screenshot(page display.Page, screen layout.Screen) outcome {
	if page.Private {
		return failed(errors.New("the page is private: somebody is using the terminal"))
	}
	picture := image.NewRGBA(screen.Bounds())
	paint.New().Paint(layout.Of(page, screen, typing.State{}), picture)
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return failed(err)
	}
	return outcome{end: wire.Done, text: "page " + page.ID, data: b.Bytes()}
}
