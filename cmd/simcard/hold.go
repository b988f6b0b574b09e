package main

import (
	"fmt"
	"os"
	"syscall"

	"unlockpoint/reader/simcard"
)

// holding loads a card and works with it while no other program does: a card
// can be in one place only. The lock is on a file beside the card's, as that
// one is replaced at every change.
func holding(path string, work func(*simcard.Card) error) error {
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("holding the card: %w", err)
	}
	defer lock.Close() // and with it the lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("%s is in a reader already: take it out first", path)
	}
	card, err := simcard.Load(path)
	if err != nil {
		return err
	}
	return work(card)
}
