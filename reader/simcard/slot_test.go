package simcard_test

import (
	"errors"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
)

func TestAReaderThatMayNotBeUsedSaysSoAndServesNobody(t *testing.T) {
	slot := simcard.NewSlot("A reader")
	seen := slot.Watch(t.Context())
	<-seen
	slot.SetApproved(false)
	if p := <-seen; !p.Unapproved || p.Reader != "A reader" {
		t.Errorf("%+v", p)
	}
	if _, err := slot.Open(t.Context()); !errors.Is(err, reader.ErrNoReader) {
		t.Error(err)
	}
	slot.SetApproved(true)
	if p := <-seen; p.Unapproved {
		t.Errorf("%+v", p)
	}
}
