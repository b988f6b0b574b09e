package journey

import "unlockpoint/display"

// Listening is what the terminal has for people who listen to its pages.
type Listening struct {
	Headset bool // one is plugged in
	Asked   bool // it reads aloud without one too, to those who ask for it
}

// The keys of speech, the same wherever they do something: people who do not
// see the page know them by heart.
const (
	AloudKey  = "9"
	VolumeKey = "8"
)

// CanListen reports whether pages can be read aloud now.
func (s State) CanListen() bool { return s.Listening.Headset || s.Listening.Asked }

// NextVolume is what VolumeKey brings.
func (s State) NextVolume() int { return s.Aloud.Level()%display.Volumes + 1 }

// listeningChanged begins to read when a headset is plugged in, and stops when
// it is pulled: what was for one pair of ears is for nobody else's.
func (t *turn) listeningChanged(l Listening) {
	before := t.Listening
	t.Listening = l
	if l.Headset != before.Headset || !t.CanListen() {
		t.hush()
	}
}

// early is who took their card out too early and still hears why: what they
// listen with is theirs again if the same card comes back.
type early struct {
	card  string // its hash
	aloud display.Aloud
}

// anotherCard ends what the person heard whose card came out too early: who puts
// one in now may be somebody else.
func (t *turn) anotherCard() {
	if left := (early{t.early.card, t.Aloud}); left.card != "" {
		t.hush()
		t.early = left
	}
}

// sameCard goes on reading to a person who is back.
func (t *turn) sameCard(hash string) {
	if t.early.card != "" && t.early.card == hash {
		t.Aloud = t.early.aloud
	}
	t.early = early{}
}

// hush gives the next person what everybody begins with: silence, or a page
// read at the usual volume where a headset is in.
func (t *turn) hush() {
	t.Aloud = display.Aloud{On: t.Listening.Headset}
	t.early = early{}
}

// pressAloud reports whether the key is one of speech.
func (t *turn) pressAloud(key string) bool {
	switch {
	case key == AloudKey && t.CanListen():
		t.Aloud.On = !t.Aloud.On
	case key == VolumeKey && t.Aloud.On:
		t.Aloud.Volume = t.NextVolume()
	default:
		return false
	}
	t.early = early{} // whoever does this is there
	return true
}
