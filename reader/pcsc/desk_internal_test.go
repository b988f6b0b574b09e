package pcsc

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
)

const left, right, shop = "Left reader 00 00", "Right reader 01 00", "Till 02 00"

// desk is a watched slot of a played service, in a bubble where waiting costs
// nothing.
type desk struct {
	*testing.T
	d    *daemon
	slot *Slot
	seen <-chan reader.Presence
	last reader.Presence
	stop context.CancelFunc

	links []reader.Link // opened, to be closed at the end
}

// atDesk runs a story with two approved readers and one that is not.
func atDesk(t *testing.T, story func(*desk), readers ...string) {
	synctest.Test(t, func(t *testing.T) {
		k := sitsDown(t, newDaemon(t, readers...))
		defer k.leave()
		story(k)
	})
}

func sitsDown(t *testing.T, d *daemon) *desk {
	slot := NewSlot(Config{Readers: []string{"reader"}})
	slot.establish = d.establish
	ctx, cancel := context.WithCancel(t.Context())
	return &desk{T: t, d: d, slot: slot, seen: slot.Watch(ctx), stop: cancel}
}

// leave ends everything, and sees that nothing is left.
func (k *desk) leave() {
	for _, link := range k.links {
		link.Close()
	}
	k.stop()
	for range k.seen {
	}
	time.Sleep(moment) // of the bubble's time
	k.d.mu.Lock()
	defer k.d.mu.Unlock()
	if k.d.contexts != 0 || k.d.handles != 0 {
		k.Errorf("%d contexts and %d handles are left", k.d.contexts, k.d.handles)
	}
}

// moment is long enough for pcscd and for everybody who doubts it.
const moment = 2 * time.Second

// now is what there is to see when everything has settled, and how often that
// changed on the way.
func (k *desk) now() (p reader.Presence, changes int) {
	for end := time.After(moment); ; {
		select {
		case p := <-k.seen:
			k.last = p
			changes++
		case <-end:
			return k.last, changes
		}
	}
}

func (k *desk) want(what string, want reader.Presence) reader.Presence {
	k.Helper()
	got, _ := k.now()
	insertion := got.Insertion
	got.Insertion = 0
	if got != want {
		k.Fatalf("%s: %+v, not %+v", what, got, want)
	}
	got.Insertion = insertion
	return got
}

func (k *desk) wantQuiet(what string) {
	k.Helper()
	if p, changes := k.now(); changes > 0 {
		k.Fatalf("%s: saw %+v", what, p)
	}
}

func (k *desk) open() reader.Link {
	k.Helper()
	link, err := k.slot.Open(k.Context())
	if err != nil {
		k.Fatal(err)
	}
	k.links = append(k.links, link)
	return link
}

func (k *desk) works(link reader.Link) {
	k.Helper()
	if _, err := link.Transmit(k.Context(), selectNone); err != nil {
		k.Fatal(err)
	}
}

func (k *desk) card(cfg simcard.Config) *simcard.Card {
	k.Helper()
	card, err := simcard.New(cfg)
	if err != nil {
		k.Fatal(err)
	}
	return card
}

func emptyIn(name string) reader.Presence { return reader.Presence{Reader: name} }
func cardIn(name string) reader.Presence  { return reader.Presence{Reader: name, Card: true} }
func muteIn(name string) reader.Presence {
	return reader.Presence{Reader: name, Card: true, Mute: true}
}

func TestACardIsServedInWhicheverReaderItIs(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.want("both empty", emptyIn(left))
		for _, name := range []string{right, left, right} {
			k.d.insert(name, k.card(simcard.Config{}))
			p := k.want("a card", cardIn(name))
			link := k.open()
			if link.Insertion() != p.Insertion {
				k.Errorf("insertion %x opened, %x seen", link.Insertion(), p.Insertion)
			}
			k.works(link)
			link.Close()
			k.d.pull(name)
			k.want("it is taken", emptyIn(name))
		}
		k.d.insert(shop, k.card(simcard.Config{}))
		k.wantQuiet("a card in a reader that is not approved")
	}, left, shop, right)
}

func TestTheFirstCardKeepsItsTurn(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(right, k.card(simcard.Config{}))
		first := k.want("a card", cardIn(right))
		link := k.open()
		k.d.insert(left, k.card(simcard.Config{}))
		k.wantQuiet("a second card")
		k.works(link)
		k.d.pull(left)
		k.wantQuiet("the second card is taken")
		k.d.insert(left, k.card(simcard.Config{}))
		k.wantQuiet("it comes again")
		k.works(link)
		k.d.pull(right)
		second := k.want("the first is taken: it is the other's turn", cardIn(left))
		if first.Insertion == second.Insertion {
			k.Error("two insertions have one number")
		}
	}, left, right)
}

func TestACardThatAnswersComesBeforeOneThatDoesNot(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{Kind: simcard.Mute}))
		k.want("a mute card", muteIn(left))
		if _, err := k.slot.Open(k.Context()); !errors.Is(err, reader.ErrMute) {
			k.Errorf("opening it: %v", err)
		}
		k.d.insert(right, k.card(simcard.Config{}))
		k.want("another card", cardIn(right))
		k.works(k.open())
		k.d.pull(right)
		k.want("the mute one is left", muteIn(left))
	}, left, right)
}

func TestReadersComeAndGoBesideACard(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(right, k.card(simcard.Config{}))
		k.want("a card", cardIn(right))
		link := k.open()
		for range 3 {
			k.d.unplug(left)
			k.wantQuiet("the other reader is unplugged")
			k.works(link)
			k.d.plug(left, nil)
			k.wantQuiet("it is plugged in")
			k.works(link)
		}
		k.d.unplug(left)
		k.d.plug(left, k.card(simcard.Config{}))
		k.wantQuiet("it is plugged in with a card")
		k.works(link)
	}, left, right)
}

func TestAReaderIsUnpluggedWithItsCard(t *testing.T) {
	atDesk(t, func(k *desk) {
		card := k.card(simcard.Config{})
		k.d.insert(right, card)
		first := k.want("a card", cardIn(right))
		link := k.open()
		k.d.unplug(right)
		k.want("its reader is unplugged", emptyIn(left))
		if _, err := link.Transmit(k.Context(), selectNone); !errors.Is(err, reader.ErrNoReader) {
			k.Errorf("a command: %v", err)
		}
		if err := link.Close(); err != nil {
			k.Error(err)
		}
		k.d.plug(right, card)
		again := k.want("it is plugged in again", cardIn(right))
		if first.Insertion == again.Insertion {
			k.Error("the insertion has the number of the one before")
		}
		k.d.unplug(right)
		k.d.unplug(left)
		k.want("no reader", reader.Presence{})
		if _, err := k.slot.Open(k.Context()); !errors.Is(err, reader.ErrNoReader) {
			k.Errorf("opening: %v", err)
		}
		k.d.plug(shop, card)
		k.want("a reader that is not approved", reader.Presence{Reader: shop, Unapproved: true})
		if _, err := k.slot.Open(k.Context()); !errors.Is(err, reader.ErrNoReader) {
			k.Errorf("opening: %v", err)
		}
		k.d.plug(left, card)
		k.want("an approved one", cardIn(left))
		k.works(k.open())
	}, left, right)
}

// A reader that comes back between two looks counts its cards from nought.
func TestAReaderThatWasAwayUnseenIsAnother(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.want("an empty reader", emptyIn(left))
		k.d.insert(left, k.card(simcard.Config{}))
		before := k.want("a card", cardIn(left))
		k.d.pull(left)
		k.want("it is taken", emptyIn(left))
		k.d.mu.Lock()
		k.d.find(left).begin()
		k.d.signal()
		k.d.mu.Unlock()
		k.want("the reader counts anew", emptyIn(left))
		k.d.insert(left, k.card(simcard.Config{}))
		after := k.want("another card", cardIn(left))
		if before.Insertion == after.Insertion {
			k.Error("two insertions have one number")
		}
	}, left)
}

func TestAReaderGoesBetweenTheListAndTheLook(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(right, k.card(simcard.Config{}))
		k.want("a card", cardIn(right))
		for range 3 {
			k.d.meanwhile(func() { k.d.unplug(left) })
			time.Sleep(waitLimit) // readers are listed again
			k.wantQuiet("the other reader goes")
			k.d.plug(left, nil)
			k.wantQuiet("it comes")
		}
		k.works(k.open())
	}, left, right)
}

func TestABrokenReaderDoesNotCount(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{}))
		k.want("a card", cardIn(left))
		k.d.fail(left, true)
		k.want("the other reader", emptyIn(right))
		k.d.fail(right, true)
		k.want("no reader", reader.Presence{})
		before := k.d.looks()
		k.now()
		if n := k.d.looks() - before; n > 20 {
			k.Errorf("%d looks at broken readers in 2 s", n)
		}
		k.d.fail(left, false)
		k.want("the card again", cardIn(left))
		k.works(k.open())
	}, left, right)
}

// A card that was in when the service started, and whose reset failed as it
// was taken: the service calls its reader empty before it has counted, and
// wakes nobody when it has.
func TestACardThatWasNeverCountedIsTaken(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.stop()
		k.d.insert(left, k.card(simcard.Config{}))
		k.d.start()
		k.want("a card", cardIn(left))
		k.d.pull(left)
		k.d.mu.Lock()
		k.d.find(left).restart()
		k.d.signal()
		k.d.mu.Unlock()
		k.want("it is taken", emptyIn(left))
	}, left)
}

// A session resets its card at the end, which is taken at that moment: the
// service tells of a card in an empty reader, and goes on to.
func TestACardThatIsToldOfAfterItWentIsGone(t *testing.T) {
	for name, mute := range map[string]scard.StateFlag{"the reset went well": 0, "the reset failed": scard.StateMute} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(k *desk) {
				k.d.insert(left, k.card(simcard.Config{}))
				before := k.want("a card", cardIn(left))
				link := k.open()
				k.works(link)
				link.Close()
				k.d.haunt(left, mute)
				if p, changes := k.now(); p.Card || changes != 1 {
					k.Fatalf("it is taken: %+v after %d changes", p, changes)
				}
				k.d.insert(left, k.card(simcard.Config{}))
				after := k.want("the next card", cardIn(left))
				if before.Insertion == after.Insertion {
					t.Error("two insertions have one number")
				}
				link = k.open()
				k.works(link)
				link.Close()
				k.d.pull(left)
				k.want("it is taken", emptyIn(left))
				k.d.haunt(left, mute) // by another program's reset
				k.wantQuiet("nobody came")
			}, left)
		})
	}
}

// Where that happened before anybody looked, the card is believed to be in until
// somebody wants it.
func TestACardThatIsToldOfAndWasNeverThereCannotBeOpened(t *testing.T) {
	for name, mute := range map[string]scard.StateFlag{"the reset went well": 0, "the reset failed": scard.StateMute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDaemon(t, left)
				d.insert(left, (&desk{T: t}).card(simcard.Config{}))
				time.Sleep(pollRate)
				d.haunt(left, mute)
				k := sitsDown(t, d)
				defer k.leave()
				k.want("a card", reader.Presence{Reader: left, Card: true, Mute: mute != 0})
				if link, err := k.slot.Open(t.Context()); err == nil {
					if _, err := link.Transmit(t.Context(), selectNone); !errors.Is(err, reader.ErrCardGone) {
						t.Errorf("a command: %v", err)
					}
					link.Close()
				} else if !errors.Is(err, reader.ErrNoCard) {
					t.Errorf("opening it: %v", err)
				}
				time.Sleep(waitLimit) // nobody is woken
				k.want("it is gone", emptyIn(left))
			})
		})
	}
}

// A reader that the service lost and found between two looks counts once where
// it should twice: its card is there all the same.
func TestACardThatWasCountedWronglyIsServed(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{}))
		before := k.want("a card", cardIn(left))
		k.d.mu.Lock()
		k.d.find(left).state.counter++
		k.d.signal()
		k.d.mu.Unlock()
		after := k.want("maybe another", cardIn(left))
		if before.Insertion == after.Insertion {
			k.Error("two insertions have one number")
		}
		k.works(k.open())
	}, left)
}
