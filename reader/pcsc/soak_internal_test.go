package pcsc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// ground is where a soak happens: a service with two readers, and hands.
type ground interface {
	name(reader int) string
	insert(reader int, card *simcard.Card)
	pull(reader int) // also a card that is out already
	restart() error
	crash() error // as restart, but in the middle of whatever the service is at
	pause(time.Duration)
}

// soak puts cards into two readers in turn, with every trouble there is, and
// often the next card before the last one is out. Each insertion has to be
// seen and each trouble to be told in the words of package reader.
type soak struct {
	ground
	slot   *Slot
	seen   <-chan reader.Presence
	now    reader.Presence
	random *rand.Rand
	extra  []trouble // of this ground alone

	at     int     // the reader of the last insertion
	next   trouble // of the next one
	before uint32  // number of the last insertion
	inside [2]bool // cards that were put in early
	mute   [2]bool
	result tally
}

// tally is what a soak counts.
type tally struct {
	Insertions int            `json:"insertions"`
	Served     int            `json:"served"` // had their passcode verified
	Faults     map[string]int `json:"faults"`
	Seconds    float64        `json:"seconds"`
	Before     footprint      `json:"before"`
	After      footprint      `json:"after"`
}

// trouble is what may happen while a card is in.
type trouble struct {
	name   string
	weight int
	visit  func(s *soak, at int) error
}

// troubles are those of every ground; most visits go well.
var troubles = []trouble{
	{"none", 40, (*soak).goodVisit},
	{"pull_before_command", 8, (*soak).pulledVisit},
	{"pull_during_command", 8, (*soak).pulledVisit},
	{"pull_after_command", 8, (*soak).pulledVisit},
	{"pull_between_commands", 8, (*soak).idlePullVisit},
	{"pull_before_open", 6, (*soak).unopenedVisit},
	{"mute", 6, (*soak).muteVisit},
	{"reset_by_other", 8, (*soak).otherVisit},
	{"silent_card", 4, (*soak).silentVisit},
	{"restart", 2, (*soak).restartVisit},
	{"crash", 2, (*soak).crashVisit},
}

// run makes n insertions, and one more that goes well in the end.
func (s *soak) run(n int) error {
	all := append(append([]trouble(nil), troubles...), s.extra...)
	for range n {
		if err := s.step(s.draw(all)); err != nil {
			return err
		}
	}
	if err := s.step(troubles[0]); err != nil {
		return err
	}
	if err := s.step(troubles[0]); err != nil {
		return err
	}
	return s.rest()
}

// rest takes out a card that was put in early.
func (s *soak) rest() error {
	early := 1 - s.at
	if !s.inside[early] {
		return nil
	}
	// One that was not seen yet could be taken for the next.
	if err := s.await("the early card to be seen", func(p reader.Presence) bool { return p.Card }); err != nil {
		return err
	}
	s.before = s.now.Insertion
	s.pull(early)
	s.inside[early] = false
	return s.await("the early card to be missed", func(p reader.Presence) bool { return !p.Card })
}

// step makes the insertion that was to come, and says which comes after it.
func (s *soak) step(after trouble) error {
	now := s.next
	s.next = after
	if now.visit == nil { // at the very beginning
		return nil
	}
	s.at = 1 - s.at
	if err := s.insertion(s.at, now, after); err != nil {
		return fmt.Errorf("insertion %d (%s), presence %+v: %w", s.result.Insertions, now.name, s.now, err)
	}
	s.result.Insertions++
	s.result.Faults[now.name]++
	return nil
}

func (s *soak) draw(all []trouble) trouble {
	sum := 0
	for _, t := range all {
		sum += t.weight
	}
	for n := s.random.IntN(sum); ; all = all[1:] {
		if n -= all[0].weight; n < 0 {
			return all[0]
		}
	}
}

// insertion is one card from hand to hand. Half of the time the next one is in
// the other reader before; not beside a mute one, as it would come first.
func (s *soak) insertion(at int, now, next trouble) error {
	if err := s.put(at, now); err != nil {
		return err
	}
	wanted := func(p reader.Presence) bool {
		return p.Reader == s.name(at) && p.Card && p.Mute == s.mute[at] && p.Insertion != s.before
	}
	if err := s.await("the card to be seen", wanted); err != nil {
		return err
	}
	s.before = s.now.Insertion
	if !s.mute[at] && s.random.IntN(2) == 0 {
		if err := s.put(1-at, next); err != nil {
			return err
		}
	}
	if err := now.visit(s, at); err != nil {
		return err
	}
	s.pull(at)
	s.inside[at] = false
	return s.await("the card to be missed", func(p reader.Presence) bool { return p.Reader != s.name(at) || !p.Card })
}

// put puts a card for the trouble in, unless that was done early.
func (s *soak) put(at int, t trouble) error {
	if s.inside[at] {
		return nil
	}
	cfg := simcard.Config{}
	switch t.name {
	case "mute":
		cfg.Kind = simcard.Mute
	case "pull_before_command":
		cfg.Quirks.T0 = true
	case "crash":
		cfg.Quirks.Delay = simcard.Delay(time.Millisecond)
	}
	card, err := simcard.New(cfg)
	if err != nil {
		return err
	}
	switch t.name {
	case "pull_before_command":
		card.PullAt(simcard.Pull{INS: 0xCB, When: simcard.Before})
	case "pull_during_command":
		card.PullAt(simcard.Pull{INS: 0x20, N: 2, When: simcard.During})
	case "pull_after_command":
		card.PullAt(simcard.Pull{INS: 0x20, N: 2, When: simcard.After})
	case "silent_card":
		err = card.SetQuirks(simcard.Quirks{Delay: simcard.Delay(time.Hour)})
	}
	s.inside[at], s.mute[at] = true, card.Mute()
	s.insert(at, card)
	return err
}

// patience is generous: pcscd on a busy machine.
const patience = 30 * time.Second

func (s *soak) await(what string, fits func(reader.Presence) bool) error {
	late := time.NewTimer(patience)
	defer late.Stop()
	for !fits(s.now) {
		select {
		case s.now = <-s.seen:
		case <-late.C:
			return fmt.Errorf("waited in vain for %s", what)
		}
	}
	return nil
}

func (s *soak) open() (reader.Link, error) {
	link, err := s.slot.Open(context.Background())
	if err != nil {
		return nil, err
	}
	if link.Insertion() != s.now.Insertion {
		return nil, errors.Join(fmt.Errorf("insertion %x opened, %x seen", link.Insertion(), s.now.Insertion), link.Close())
	}
	return link, nil
}

// use does with a card what a terminal does.
func use(link reader.Link) error {
	ctx := context.Background()
	card, err := piv.Open(ctx, link)
	if err != nil {
		return err
	}
	if _, err := card.Info(ctx); err != nil {
		return err
	}
	out, err := card.Verify(ctx, []byte("123456"))
	if err == nil && out.Result != reader.OK {
		err = fmt.Errorf("the passcode is wrong: %+v", out)
	}
	return err
}

func (s *soak) goodVisit(int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	if err := use(link); err != nil {
		return errors.Join(err, link.Close())
	}
	s.result.Served++
	return link.Close()
}

// endsWith says whether an error is one of those that a trouble may have.
func endsWith(err error, allowed ...error) error {
	for _, a := range allowed {
		if errors.Is(err, a) {
			return nil
		}
	}
	return fmt.Errorf("ended with: %w", errors.Join(errors.New("no such trouble"), err))
}

// pulledVisit uses a card that is set to leave during that.
func (s *soak) pulledVisit(int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	return errors.Join(endsWith(use(link), reader.ErrCardGone), link.Close())
}

func (s *soak) idlePullVisit(at int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	if err := use(link); err != nil {
		return errors.Join(err, link.Close())
	}
	s.pull(at)
	if s.random.IntN(2) == 0 {
		err = endsWith(use(link), reader.ErrCardGone)
	}
	return errors.Join(err, link.Close())
}

// unopenedVisit pulls the card at the moment at which it is opened.
func (s *soak) unopenedVisit(at int) error {
	s.pull(at)
	link, err := s.slot.Open(context.Background())
	if err != nil { // the next card's answer, or none at all
		return endsWith(err, reader.ErrNoCard, reader.ErrMute, reader.ErrNoReader)
	}
	err = use(link)
	if link.Insertion() == s.now.Insertion && err == nil {
		err = errors.New("a card that is out was served")
	} else if err != nil {
		err = endsWith(err, reader.ErrCardGone)
	}
	return errors.Join(err, link.Close())
}

func (s *soak) muteVisit(int) error {
	link, err := s.slot.Open(context.Background())
	if err == nil {
		return errors.Join(errors.New("a mute card was opened"), link.Close())
	}
	return endsWith(err, reader.ErrMute)
}

// otherVisit has another program take the card for a moment and reset it.
func (s *soak) otherVisit(at int) error {
	other, err := s.slot.establish()
	if err != nil {
		return err
	}
	defer other.Release()
	theirs, err := other.Connect(s.name(at), scard.ShareShared, scard.ProtocolAny)
	if err != nil {
		return err
	}
	opened := make(chan error)
	go func() { opened <- s.goodVisit(at) }()
	s.ground.pause(heldEvery / 2)
	err = theirs.Disconnect(scard.ResetCard)
	return errors.Join(err, <-opened)
}

// silentVisit leaves a card that does not answer a command.
func (s *soak) silentVisit(at int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	ctx, leave := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer leave()
	_, err = link.Transmit(ctx, selectNone)
	s.pull(at)
	return errors.Join(endsWith(err, context.DeadlineExceeded), link.Close())
}

func (s *soak) restartVisit(int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	if err := s.restart(); err != nil {
		return err
	}
	return errors.Join(endsWith(use(link), reader.ErrNoReader), link.Close())
}

// crashVisit ends the service under a command.
func (s *soak) crashVisit(int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	ended := make(chan error)
	go func() { ended <- s.useUntil(link) }()
	err = s.crash()
	return errors.Join(err, endsWith(<-ended, reader.ErrNoReader), link.Close())
}

// useUntil uses a card until that is over.
func (s *soak) useUntil(link reader.Link) error {
	for {
		if err := use(link); err != nil {
			return err
		}
	}
}
