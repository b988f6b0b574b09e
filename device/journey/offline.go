package journey

import "unlockpoint/display"

// linkChanged notes whether central can be reached, and goes on by itself
// with what waited for it.
func (t *turn) linkChanged(up bool) {
	t.Online = up
	if !up || t.ended {
		return
	}
	switch {
	case t.Page == Offline:
		t.retry()
	case t.Page == UnlockFailed && t.Problem == LinkLost:
		t.startUnlock()
	case t.Page == CardMenu && !t.Standing.Online && !t.Busy():
		t.start(lookingUp)
	}
}

func (t *turn) pressRetry(key string) {
	switch {
	case key == display.Cancel:
		t.stop()
	case key != display.Enter:
	case t.BackToMenu():
		t.menu()
	case t.Page == Stopped && !t.CanRetry():
		t.stop()
	case t.Page == Offline && !t.Online:
		t.do(Reconnect{})
	default:
		t.retry()
	}
}

// retry begins again what could not be done, on the page it was begun on.
func (t *turn) retry() {
	w := t.lost
	t.lift()
	t.lost, t.Problem = nothing, NoProblem
	if w != nothing {
		t.start(w)
	}
}
