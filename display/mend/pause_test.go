package mend_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/mend"
)

func TestAPauseLastsSoLongOrUntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		for _, c := range []struct{ pause, lasts time.Duration }{{time.Second, time.Second}, {-time.Second, 0}, {time.Hour, 59 * time.Second}} {
			begun := time.Now()
			mend.Pause(ctx, c.pause)
			if lasted := time.Since(begun); lasted != c.lasts {
				t.Errorf("a pause of %v lasts %v", c.pause, lasted)
			}
		}
	})
}
