package uplink

import (
	"encoding/json"
	"errors"
	"fmt"

	"unlockpoint/sync/wire"
)

// voice writes the terminal's notes and reads central's.
type voice struct {
	me      wire.Identity
	signer  wire.Signer
	central wire.Verifier
}

func newVoice(me wire.Identity) (voice, error) {
	signer, err := me.Signer()
	if err != nil {
		return voice{}, err
	}
	central, err := me.Verifier()
	if err != nil {
		return voice{}, err
	}
	return voice{me: me, signer: signer, central: central}, nil
}

// open writes a note that everybody may read.
func (v voice) open(e wire.Envelope, body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", e.Kind, err)
	}
	e.Body = text
	return v.sign(e)
}

// sealed writes a note whose body only central can read.
func (v voice) sealed(e wire.Envelope, body []byte) ([]byte, error) {
	e.From, e.To = v.me.ID, v.me.Central.ID
	s, err := wire.Seal(v.me.Central.SealKey, v.me.Realm, e, body)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", e.Kind, err)
	}
	e.Sealed = s
	return v.sign(e)
}

func (v voice) sign(e wire.Envelope) ([]byte, error) {
	e.From, e.To = v.me.ID, v.me.Central.ID
	raw, err := v.signer.Sign(e)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", e.Kind, err)
	}
	return raw, nil
}

// hear opens a note of one kind that central addressed to one addressee, and
// decodes its body when that travels open.
func (v voice) hear(raw []byte, to string, kind wire.Kind, body any) (wire.Envelope, error) {
	e, err := v.central.Open(raw, to)
	if err != nil {
		return e, err
	}
	if e.Kind != kind {
		return e, errors.New("a note of another kind than its topic's")
	}
	return e, wire.Decode(e.Body, body)
}

// reply opens the note of a reply, whatever it answers.
func (v voice) reply(raw []byte) (wire.Envelope, error) { return v.central.Open(raw, v.me.ID) }

// plain is the body of a reply: unsealed, or one of the refusals that may
// travel open.
func (v voice) plain(e wire.Envelope, key wire.SealKey) ([]byte, error) {
	if e.Sealed == nil {
		return e.Body, nil
	}
	return key.Unseal(v.me.Realm, e, *e.Sealed)
}

func (v voice) up(class wire.Class) string   { return wire.UpTopic(v.me.Site, v.me.ID, class) }
func (v voice) down(class wire.Class) string { return wire.DownTopic(v.me.Site, v.me.ID, class) }
func (v voice) state() string                { return wire.StateTopic(v.me.Site, v.me.ID) }
