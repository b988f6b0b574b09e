package driver

import (
	"net/http"
	"strings"
)

func (d *Driver) cards(*http.Request) (any, error) {
	return append([]Card{}, d.tray.Cards()...), nil
}

// card answers /cards/<name>.json.
func (d *Driver) card(r *http.Request) (any, error) {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".json")
	if !ok {
		return nil, ErrNoCard
	}
	return d.tray.Card(name)
}

// insert puts the card in; another card that is in comes out first, as there
// is one slot.
func (d *Driver) insert(r *http.Request) (any, error) {
	name := r.PathValue("name")
	if err := d.tray.Insert(r.Context(), name); err != nil {
		return nil, err
	}
	return d.tray.Card(name)
}

func (d *Driver) remove(r *http.Request) (any, error) {
	name := r.PathValue("name")
	if err := d.tray.Remove(r.Context(), name); err != nil {
		return nil, err
	}
	return d.tray.Card(name)
}

const expectPasscode = `{"passcode":"123456"}`

// verify asks the card whether a passcode is the right one. A wrong one
// costs a try, as it would anywhere.
func (d *Driver) verify(r *http.Request) (any, error) {
	in, err := decode[struct {
		Passcode string `json:"passcode"`
	}](r.Body, expectPasscode)
	if err != nil {
		return nil, err
	}
	if in.Passcode == "" {
		return nil, badCall{expectPasscode}
	}
	accepted, err := d.tray.Verify(r.Context(), r.PathValue("name"), in.Passcode)
	if err != nil {
		return nil, err
	}
	card, err := d.tray.Card(r.PathValue("name"))
	return struct {
		Accepted bool `json:"accepted"`
		Card
	}{accepted, card}, err
}
