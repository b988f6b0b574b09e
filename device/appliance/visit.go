package appliance

import (
	"context"
	"sync"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/sync/wire"
)

// result is what a visit hands to the loop.
type result struct {
	session uint64
	got     journey.Got
	card    string     // keyed hash of the card, once it is known
	status  CardStatus // what the card said so far
}

// visit is one card's time in the reader. Its goroutine owns everything here
// but the channel; it runs one effect after the other.
type visit struct {
	a       *Appliance
	session uint64
	number  uint32 // of the insertion, as the reader counts
	effects chan journey.Effect
	cancel  context.CancelFunc
	finish  context.CancelFunc // ends all work with the card
	done    sync.WaitGroup

	link     reader.Link
	meter    *iso7816.Meter // of link
	card     reader.Card
	info     reader.Info
	hash     string
	seal     wire.SealKey // made for this insertion
	errands  errands
	standing wire.CardLookReply
	pending  *registering
	attempt  *attempting
}

// beginVisit starts the goroutine that serves one insertion.
func (a *Appliance) beginVisit(ctx context.Context, session uint64, insertion uint32) *visit {
	v := &visit{a: a, session: session, number: insertion, effects: make(chan journey.Effect, 8)}
	v.errands.uplink, v.errands.life, v.errands.late = a.uplink, ctx, &a.late
	ctx, v.cancel = context.WithCancel(ctx)
	v.done.Go(func() { v.run(ctx) })
	return v
}

// do hands the visit its next effect. The machine has at most one awaited
// effect under way, so the buffer never fills.
func (v *visit) do(e journey.Effect) { v.effects <- e }

// end stops what is under way and waits until the card is let go.
func (v *visit) end() {
	v.cancel()
	v.done.Wait()
}

func (v *visit) run(ctx context.Context) {
	var work context.Context
	work, v.finish = context.WithCancel(ctx)
	defer v.leave()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-v.effects:
			v.a.trace(e, false)
			got := v.perform(work, e)
			v.a.trace(e, true)
			select {
			case v.a.results <- result{session: v.session, got: got, card: v.hash, status: v.status()}:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (a *Appliance) trace(e journey.Effect, ended bool) {
	if a.cfg.Trace != nil {
		a.cfg.Trace(Moment{Effect: e, Ended: ended})
	}
}

// perform runs one effect to its end.
func (v *visit) perform(ctx context.Context, e journey.Effect) journey.Got {
	switch e := e.(type) {
	case journey.ReadCard:
		return v.readCard(ctx)
	case journey.LookUp:
		return v.lookUp(ctx)
	case journey.VerifyPasscode:
		return v.verify(ctx, e)
	case journey.ChangePasscode:
		return v.change(ctx, e)
	case journey.BeginRegistration:
		return v.beginRegistration(ctx)
	case journey.MakeKeys:
		return v.makeKeys(ctx, e)
	case journey.Enrol:
		return v.enrol(ctx, e)
	case journey.TryAnswers:
		return v.tryAnswers(ctx, e)
	case journey.TakeCase:
		return v.takeCase(ctx)
	case journey.CheckCode:
		return v.checkCode(ctx, e)
	case journey.TryAssist:
		return v.tryAssist(ctx, e)
	case journey.ResendCode:
		return v.askCase(ctx, wire.CodeResend, e.Case)
	case journey.AskCase:
		return v.askCase(ctx, wire.CodeStatus, e.Case)
	case journey.Unlock:
		return v.unlock(ctx, e)
	case journey.Release:
		v.leave()
	}
	return journey.Done{}
}

// status is what a field engineer may know of the card.
func (v *visit) status() CardStatus {
	s := CardStatus{Info: v.info}
	if v.link != nil {
		s.ATR, s.Timings = v.link.ATR(), v.meter.Timings()
		if pad, ok := v.link.(reader.PinPad); ok {
			s.Pad = pad.Pad()
		}
	}
	return s
}

// release resets the card and lets it go.
func (v *visit) release() {
	if v.link != nil {
		if err := v.link.Close(); err != nil {
			v.a.cfg.Log.Debug("let go of the card", "err", err)
		}
		v.link, v.card = nil, nil
	}
}

// leave is the end of all work with the card, though it may stay in for a
// while: it is let go, and what the person typed is wiped.
func (v *visit) leave() {
	v.finish()
	if v.attempt != nil {
		v.attempt.wipe()
		v.attempt = nil
	}
	v.release()
	v.errands.wait()
}

// patience is how long a person waits for central before a page says that
// the link is slow; the question itself goes on.
const patience = 10 * time.Second
