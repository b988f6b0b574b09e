package appliance

import (
	"context"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/uplink"
	"unlockpoint/display/signal"
	"unlockpoint/reader"
	"unlockpoint/sync/wire"
)

// beat is how often the machine hears that time went by: often enough for a
// countdown that does not stutter, seldom enough to cost nothing. At rest it is
// while nobody is there, which is most of the time.
const (
	beat     = 250 * time.Millisecond
	restBeat = time.Second
)

// loop owns the State. It is the only place where events become pages.
func (a *Appliance) loop(ctx context.Context) {
	s := &serving{a: a, ctx: ctx, state: a.start()}
	defer s.endVisit()
	s.take(journey.ListeningChanged{Listening: journey.Listening{Asked: a.cfg.Asked}})
	slot := a.cfg.Slot.Watch(ctx)
	defer drain(slot)
	pace := beat
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	last := time.Now()
	for {
		if now := s.pace(); now != pace {
			pace, last = now, time.Now() // the time before was nobody's
			ticker.Reset(pace)
		}
		select {
		case <-ctx.Done():
			return
		case in := <-a.front.Inputs():
			if !s.guest.Here() {
				s.take(journey.Pressed{Input: in})
			}
		case p, ok := <-slot:
			if !ok {
				slot = nil
				continue
			}
			s.presence(p)
		case u := <-a.uplink.Changes():
			s.link(u)
		case in := <-a.cfg.Headset:
			s.headset(in)
		case now := <-ticker.C:
			s.take(journey.Tick{Elapsed: now.Sub(last)})
			last = now
		case why := <-a.unfit:
			s.take(journey.Fault{Why: why})
		case d := <-a.advance:
			s.take(journey.Tick{Elapsed: d})
		case r := <-a.results:
			s.ended(r)
		case q := <-a.cards:
			now := s.told
			now.Presence = s.slot
			q <- now
		case g := <-a.guests:
			s.guest = s.guest.Welcome(g, s.slot.Card)
			s.show()
		case <-s.guest.Left():
			s.guest = health.Guest{}
			s.show()
		}
	}
}

// start is the machine before anything has happened.
func (a *Appliance) start() journey.State { return journey.Start(a.rules(a.store.Rules())) }

// drain lets a watcher that still has something to say come to its end.
func drain(slot <-chan reader.Presence) {
	if slot == nil {
		return
	}
	for range slot {
	}
}

// serving is the loop's own state.
type serving struct {
	a     *Appliance
	ctx   context.Context
	state journey.State
	visit *visit
	card  string // keyed hash of the card that was read, for facts
	slot  reader.Presence
	up    bool
	guest health.Guest

	told CardStatus // what the card said, for field engineers
}

// pace is how often time goes by.
func (s *serving) pace() time.Duration {
	if s.state.Page == journey.Idle && s.visit == nil && !s.guest.Here() {
		return restBeat
	}
	return beat
}

// take lets one event happen: next state, page, effects.
func (s *serving) take(ev journey.Event) {
	before := s.state.Session
	var effects []journey.Effect
	s.state, effects = s.state.Next(ev)
	if s.state.Session != before {
		s.endVisit()
	}
	s.show()
	for _, e := range effects {
		s.start(e)
	}
}

func (s *serving) show() {
	p, lamp := pages.View(s.state), lampOf(s.state.Page)
	if s.guest.Here() {
		p, lamp = s.guest.Over(p), signal.Fault // which flashes: nobody is served now
	}
	s.a.view.set(p)
	s.a.front.Show(p)
	if s.a.cfg.Lamp != nil {
		s.a.cfg.Lamp.Show(lamp)
	}
}

// lampOf is what the lamp shows: come here, do not, or somebody is served.
func lampOf(page journey.PageID) signal.State {
	switch page {
	case journey.OutOfService, journey.ReaderMissing, journey.ReaderUnapproved:
		return signal.Fault
	case journey.Idle:
		return signal.Ready
	}
	return signal.Working
}

// start hands an effect to whoever runs it.
func (s *serving) start(e journey.Effect) {
	switch e.(type) {
	case journey.Beep, journey.Report, journey.Step, journey.Remember, journey.Reconnect:
		s.a.later(s.ctx, aside{effect: e, card: s.card})
		return
	}
	if s.visit == nil {
		s.visit = s.a.beginVisit(s.ctx, s.state.Session, s.slot.Insertion)
	}
	s.visit.do(e)
}

// endVisit cancels what is under way for the card and waits until it is let
// go: the next insertion never meets the last one's work.
func (s *serving) endVisit() {
	if s.visit != nil {
		s.visit.end()
		s.visit, s.card, s.told = nil, "", CardStatus{}
	}
}

// ended takes what an effect brought back.
func (s *serving) ended(r result) {
	if r.session == s.state.Session {
		s.card, s.told = r.card, r.status
	}
	s.take(journey.Outcome{Session: r.session, Got: r.got})
}

func (s *serving) presence(p reader.Presence) {
	old := s.slot
	s.slot = p
	s.a.cfg.Log.Debug("slot", "reader", p.Reader, "card", p.Card, "insertion", p.Insertion)
	if old.Reader != p.Reader || old.Unapproved != p.Unapproved {
		s.a.cfg.Log.Info("card reader", "name", p.Reader, "may be used", p.Reader != "" && !p.Unapproved)
		s.take(journey.ReaderChanged{Present: p.Reader != "", Approved: !p.Unapproved})
	}
	swapped := old.Card && p.Card && old.Insertion != p.Insertion
	if old.Card && (!p.Card || swapped) {
		s.take(journey.CardOut{})
		s.endVisit()
	}
	s.a.hands.Served(p.Card)
	if p.Card && (!old.Card || swapped) {
		s.guest = health.Guest{}
		s.take(journey.CardIn{})
	}
}

func (s *serving) headset(in bool) {
	now := s.state.Listening
	now.Headset = in
	s.take(journey.ListeningChanged{Listening: now})
}

func (s *serving) link(u uplink.Status) {
	if u.Settings.Policy.Version != 0 {
		s.take(journey.Rules{Rules: s.a.rules(u.Settings.Policy, u.Settings.Site)})
		s.a.apply(u.Settings)
	}
	if u.Up != s.up {
		s.up = u.Up
		s.take(journey.LinkChanged{Up: u.Up})
	}
}

// apply hands on what is not about people.
func (a *Appliance) apply(s wire.Settings) {
	if a.cfg.Apply != nil {
		a.cfg.Apply(s)
	}
}

// rules puts policy and site into the machine's words.
func (a *Appliance) rules(p wire.Policy, site wire.Site) journey.RuleSet {
	return journey.RuleSet{
		Terminal: a.cfg.Identity.Name, Site: site.Name, Booth: site.Booth, Hours: site.Hours, Phone: site.Phone, Sender: site.Sender,
		Subjects: map[journey.Journey]string{journey.Registering: site.RegisterSubject, journey.Unlocking: site.UnlockSubject},
		Domains:  p.Domains, Bank: p.Bank, Choose: p.Choose,
		PasscodeMin: p.PasscodeMin, PasscodeMax: p.PasscodeMax,
		PageTimeout: time.Duration(p.PageTimeout) * time.Second, MoreTime: time.Duration(p.MoreTime) * time.Second,
		WarnExpiry: p.WarnExpiry, CodeMinutes: p.CodeLife / 60,
	}
}
