package pcsc

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
)

func TestAServiceThatHangsIsNoReader(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{}))
		k.want("a card", cardIn(left))
		k.d.hang()
		time.Sleep(silence)
		k.want("the service hangs", reader.Presence{})
		k.d.resume()
		k.want("it goes on", cardIn(left))
		k.works(k.open())
	}, left)
}

func TestAWatchEndsThoughTheServiceHangs(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.want("an empty reader", emptyIn(left))
		k.d.hang()
		k.stop()
		for range k.seen { // until the channel is closed
		}
		k.d.resume() // or the bubble would never end
	}, left)
}

// Every way in which the service may keep an Open waiting.
func TestOpenCanBeLeft(t *testing.T) {
	for name, block := range map[string]func(*desk) (release func()){
		"the service hangs": func(k *desk) func() { k.d.hang(); return k.d.resume },
		"another program is at a transaction": func(k *desk) func() {
			h := k.other(scard.ShareShared)
			h.begin()
			return func() { h.end(); h.leave() }
		},
		"another program has the card": func(k *desk) func() { return k.other(scard.ShareShared).leave },
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(k *desk) {
				k.d.insert(left, k.card(simcard.Config{}))
				k.want("a card", cardIn(left))
				release := block(k)
				ctx, leave := context.WithTimeout(k.Context(), time.Second)
				defer leave()
				if _, err := k.slot.Open(ctx); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, reader.ErrInUse) {
					k.Errorf("leaving: %v", err)
				}
				if _, err := k.slot.Open(k.Context()); !errors.Is(err, reader.ErrInUse) {
					k.Errorf("waiting: %v", err)
				}
				release()
				k.now()
				k.works(k.open())
			}, left)
		})
	}
}

// other is another program's hold on the card in the left reader.
func (k *desk) other(mode scard.ShareMode) otherProgram {
	k.Helper()
	c, err := k.d.establish()
	if err != nil {
		k.Fatal(err)
	}
	h, err := c.Connect(left, mode, scard.ProtocolAny)
	if err != nil {
		k.Fatal(err)
	}
	return otherProgram{h.(*handle)}
}

type otherProgram struct{ *handle }

func (o otherProgram) leave() {
	o.Disconnect(scard.ResetCard)
	o.c.Release()
}

func TestAHungServiceCostsAFewSessions(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{}))
		k.want("a card", cardIn(left))
		k.d.hang()
		for range 3 * mostSessions {
			ctx, leave := context.WithTimeout(k.Context(), time.Second)
			if _, err := k.slot.Open(ctx); !errors.Is(err, context.DeadlineExceeded) {
				k.Errorf("%v", err)
			}
			leave()
		}
		if n := len(k.slot.sessions); n != mostSessions {
			k.Errorf("%d sessions wait for it", n)
		}
		if _, err := k.slot.Open(k.Context()); !errors.Is(err, reader.ErrInUse) {
			k.Errorf("with no session left: %v", err)
		}
		k.d.resume()
		k.now()
		if n := len(k.slot.sessions); n != 0 {
			k.Errorf("%d sessions have not ended", n)
		}
		k.works(k.open())
	}, left)
}

func TestACardThatIsBusyDoesNotKeepClose(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{Quirks: simcard.Quirks{Delay: simcard.Delay(time.Minute)}}))
		k.want("a card", cardIn(left))
		link := k.open()
		ctx, leave := context.WithTimeout(k.Context(), time.Second)
		defer leave()
		if _, err := link.Transmit(ctx, selectNone); !errors.Is(err, context.DeadlineExceeded) {
			k.Errorf("leaving: %v", err)
		}
		if err := link.Close(); !errors.Is(err, errBusy) {
			k.Errorf("closing: %v", err)
		}
		time.Sleep(3 * time.Minute) // its command, and the last question
		if err := link.Close(); err != nil {
			k.Errorf("closing again: %v", err)
		}
	}, left)
}

// The service ends and starts again in the middle of everything.
func TestTheServiceRestartsDuring(t *testing.T) {
	for name, during := range map[string]func(*desk, func()){
		"an idle watch": func(k *desk, restart func()) { restart() },
		"an insertion, unseen": func(k *desk, restart func()) {
			restart() // the card's count is nought from here on
			k.want("the card again", cardIn(left))
			before := k.open()
			k.d.stop()
			k.d.start()
			time.Sleep(serviceRetry / 2)
			if err := before.Close(); err != nil {
				k.Error(err)
			}
			if after := k.open(); after.Insertion() == before.Insertion() {
				k.Error("two insertions have one number")
			} else if err := after.Close(); err != nil {
				k.Error(err)
			}
		},
		"an open link": func(k *desk, restart func()) {
			link := k.open()
			restart()
			if _, err := link.Transmit(k.Context(), selectNone); !errors.Is(err, reader.ErrNoReader) {
				k.Errorf("a command: %v", err)
			}
			if err := link.Close(); err != nil {
				k.Error(err)
			}
		},
		"a command": func(k *desk, restart func()) {
			link := k.open()
			ended := make(chan error)
			go func() {
				_, err := link.Transmit(k.Context(), selectNone)
				ended <- err
			}()
			time.Sleep(time.Second)
			restart()
			if err := <-ended; !errors.Is(err, reader.ErrNoReader) {
				k.Errorf("the command: %v", err)
			}
		},
		"Open": func(k *desk, restart func()) {
			other := k.other(scard.ShareShared)
			other.begin()
			ended := make(chan error)
			go func() {
				_, err := k.slot.Open(k.Context())
				ended <- err
			}()
			time.Sleep(time.Second)
			restart()
			if err := <-ended; !errors.Is(err, reader.ErrNoReader) {
				k.Errorf("opening: %v", err)
			}
			other.leave()
		},
		"Close": func(k *desk, restart func()) {
			link := k.open()
			closed := make(chan error)
			go func() { closed <- link.Close() }() // its last question takes 2 s
			time.Sleep(time.Second)
			restart()
			if err := <-closed; err != nil {
				k.Errorf("closing: %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(k *desk) {
				slow := simcard.Quirks{Delay: simcard.Delay(2 * time.Second)}
				k.d.insert(left, k.card(simcard.Config{Quirks: slow}))
				before := k.want("a card", cardIn(left))
				during(k, func() {
					k.d.stop()
					k.want("no service", reader.Presence{})
					k.d.start()
				})
				after := k.want("the card again", cardIn(left))
				if before.Insertion == after.Insertion {
					k.Error("the insertion number did not change over a restart")
				}
				link := k.open()
				if link.Insertion() != after.Insertion {
					k.Errorf("insertion %x opened, %x seen", link.Insertion(), after.Insertion)
				}
				k.works(link)
			}, left)
		})
	}
}

func TestAnotherProgramsResetEndsTheLink(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{}))
		k.want("a card", cardIn(left))
		link := k.open()
		k.d.reset(left)
		if _, err := link.Transmit(k.Context(), selectNone); !errors.Is(err, reader.ErrCardReset) {
			k.Errorf("a command: %v", err)
		}
		if err := link.Close(); err != nil {
			k.Error(err)
		}
		k.wantQuiet("the card is still in")
		k.works(k.open())
	}, left)
}

// A reader that knows only short commands says of a long one what it says of a
// card that went: the caller shall try a short one.
func TestALongCommandInAReaderForShortOnes(t *testing.T) {
	long := []byte{0x00, 0xCB, 0x3F, 0xFF, 0x00, 0x00, 0x05, 0x5C, 0x03, 0x5F, 0xC1, 0x02, 0x00, 0x00}
	atDesk(t, func(k *desk) {
		k.d.find(left).short = true
		k.d.insert(left, k.card(simcard.Config{}))
		k.want("a card", cardIn(left))
		link := k.open()
		answer, err := link.Transmit(k.Context(), long)
		if err != nil || string(answer) != "\x67\x00" {
			k.Errorf("% X, %v", answer, err)
		}
		k.works(link)
		k.d.pull(left)
		k.now()
		if _, err := link.Transmit(k.Context(), long); !errors.Is(err, reader.ErrCardGone) {
			k.Errorf("when the card has gone: %v", err)
		}
	}, left)
}
