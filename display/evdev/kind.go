package evdev

import (
	"fmt"
	"time"

	"unlockpoint/display/mend"
)

// Kind is all devices that are for the same. It is down while none of them is
// there.
type Kind struct {
	*mend.Part
	missing error
	wanted  bool // from the start, and not only since there was one
}

// all is the pattern that every name fits.
const all = "*"

func newKind(use, pattern string, wanted bool) *Kind {
	return &Kind{mend.New(mend.Plan{}), fmt.Errorf("nothing that can be %s is plugged in whose name fits %q", use, pattern), wanted}
}

// note takes in whether one is read now.
func (k *Kind) note(read bool) {
	switch {
	case k == nil:
	case read:
		k.wanted = true
		k.Works(time.Now())
	case k.wanted:
		k.Fails(k.missing, time.Now())
	}
}
