package appliance

import (
	"context"
	"errors"
	"sync"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/device/uplink"
	"unlockpoint/sync/wire"
)

// ErrRestart is how Run ends when central wants the terminal to start again:
// whoever runs it does that.
var ErrRestart = errors.New("the terminal is to start again")

const (
	// tellAgain is how long a result waits that could not be told.
	tellAgain = 5 * time.Second
	// tellFor is how long it is tried for: as long as central keeps a job open
	// for a terminal that is away.
	tellFor = 7 * 24 * time.Hour
	// tellOnce is how long one try may take.
	tellOnce = 30 * time.Second
)

// outcome is what became of a command.
type outcome struct {
	end   wire.Outcome
	text  string // a line, about nobody
	data  []byte // larger things
	after func() // goes on after central was told; nil: nothing
}

func failed(err error) outcome { return outcome{end: wire.Failed, text: err.Error()} }

// runCommands does what central wants done, each job once. Several may be
// under way. It returns ErrRestart when the terminal is to start again.
func (a *Appliance) runCommands(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var working sync.WaitGroup
	defer working.Wait()
	begun, err := a.store.Begun()
	if err != nil {
		return err
	}
	for _, c := range begun {
		working.Go(func() { a.end(ctx, c, afterStart(c)) })
	}
	for {
		select {
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), ErrRestart) {
				return ErrRestart
			}
			return nil
		case c := <-a.uplink.Commands():
			working.Go(func() { a.obey(ctx, c, stop) })
		}
	}
}

// afterStart is what became of a command in the middle of which the terminal
// stopped. For one that is what it was for.
func afterStart(c store.Command) outcome {
	if c.Do == wire.Restart {
		return outcome{end: wire.Done, text: "it started again"}
	}
	return outcome{end: wire.Failed, text: "the terminal stopped in the middle of it"}
}

// obey does a command unless it was done before; then it says again what
// became of it, without what it brought.
func (a *Appliance) obey(ctx context.Context, c uplink.Command, stop context.CancelCauseFunc) {
	known, fresh, err := a.store.Begin(store.Command{Job: c.Job, Do: c.Do, Until: c.Until}, c.Now)
	switch {
	case err != nil:
		a.cfg.Log.Error("a command was not noted", "do", c.Do, "err", err)
		return
	case !fresh && known.End == wire.Pending:
		return // under way
	case !fresh:
		a.tell(ctx, known, outcome{end: known.End, text: known.Text})
		return
	}
	a.cfg.Log.Info("command", "do", c.Do, "job", c.Job)
	working, cancel := context.WithTimeout(ctx, c.Until.Sub(c.Now))
	defer cancel()
	if c.Do == wire.Restart {
		if err := a.free(working); err != nil {
			a.end(ctx, known, failed(err))
			return
		}
		stop(ErrRestart) // the next start tells of it
		return
	}
	e := a.do(working, ctx, c.Do)
	a.end(ctx, known, e)
	if e.after != nil {
		e.after()
	}
}

// end notes what became of a command and tells central.
func (a *Appliance) end(ctx context.Context, c store.Command, e outcome) {
	c.End, c.Text = e.end, e.text
	if err := a.store.End(c); err != nil {
		a.cfg.Log.Error("the end of a command was not noted", "do", c.Do, "err", err)
		return
	}
	a.tell(ctx, c, e)
}

// tell tells central, over outages, unless it does not want to know.
func (a *Appliance) tell(ctx context.Context, c store.Command, e outcome) {
	ctx, cancel := context.WithTimeout(ctx, tellFor)
	defer cancel()
	for _, part := range wire.Split(e.data) {
		body := wire.CommandDoneBody{Job: c.Job, End: e.end, Text: short(e.text), Part: part}
		for {
			err := a.tellPart(ctx, body)
			if _, refused := errors.AsType[*uplink.RefusedError](err); refused || ctx.Err() != nil {
				return
			}
			if err == nil {
				break
			}
			wait := time.NewTimer(tellAgain)
			select {
			case <-ctx.Done():
			case <-wait.C:
			}
			wait.Stop()
		}
	}
}

func (a *Appliance) tellPart(ctx context.Context, body wire.CommandDoneBody) error {
	ctx, cancel := context.WithTimeout(ctx, tellOnce)
	defer cancel()
	return a.uplink.Call(ctx, wire.CommandDone, body, &wire.CommandDoneReply{})
}

// short keeps a line to what central takes.
func short(text string) string {
	const most = 300
	return text[:min(len(text), most)]
}

// free waits until no card is in: nobody is served then.
func (a *Appliance) free(ctx context.Context) error {
	look := time.NewTicker(beat)
	defer look.Stop()
	for {
		card, err := a.Card(ctx)
		if err == nil && !card.Presence.Card {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.New("a card was in all the time")
		case <-look.C:
		}
	}
}
