package driver

import (
	"net/http"
	"slices"
	"time"

	"unlockpoint/sync/central/mail/catcher"
)

type mailbox struct {
	Mode  catcher.Mode   `json:"mode"`
	Mails []catcher.Mail `json:"mails"`
}

// mails answers with the newest mail first.
func (d *Driver) mails(*http.Request) (any, error) {
	mails := append([]catcher.Mail{}, d.house.Mails()...)
	slices.Reverse(mails)
	return mailbox{Mode: d.house.MailMode(), Mails: mails}, nil
}

const expectMode = `{"mode":"accept"}, "reject", "full", "defer" or "hang"`

func (d *Driver) mailMode(r *http.Request) (any, error) {
	in, err := decode[struct {
		Mode string `json:"mode"`
	}](r.Body, expectMode)
	if err != nil {
		return nil, err
	}
	mode, err := catcher.ParseMode(in.Mode)
	if err != nil {
		return nil, badCall{expectMode}
	}
	d.house.SetMailMode(mode)
	return d.mails(r)
}

type linkState struct {
	Up bool `json:"up"`
}

const expectLink = `{"up":true} or {"up":false}`

func (d *Driver) link(r *http.Request) (any, error) {
	in, err := decode[struct {
		Up *bool `json:"up"`
	}](r.Body, expectLink)
	if err != nil {
		return nil, err
	}
	if in.Up == nil {
		return nil, badCall{expectLink}
	}
	d.house.SetLink(*in.Up)
	return linkState{d.house.LinkUp()}, nil
}

type readerState struct {
	Present bool `json:"present"`
}

const expectReader = `{"present":true} or {"present":false}`

func (d *Driver) reader(r *http.Request) (any, error) {
	in, err := decode[struct {
		Present *bool `json:"present"`
	}](r.Body, expectReader)
	if err != nil {
		return nil, err
	}
	if in.Present == nil {
		return nil, badCall{expectReader}
	}
	if err := d.house.SetReader(*in.Present); err != nil {
		return nil, err
	}
	return readerState{d.house.ReaderPresent()}, nil
}

// maxAdvance keeps one call within the days that codes and bans count in.
const maxAdvance = 40 * 24 * time.Hour

const expectClock = `{"advance_s":900}, a whole number of seconds from 1 to 3456000`

// clock moves time on; time never goes back.
func (d *Driver) clock(r *http.Request) (any, error) {
	in, err := decode[struct {
		Advance int64 `json:"advance_s"`
	}](r.Body, expectClock)
	if err != nil {
		return nil, err
	}
	if in.Advance < 1 || in.Advance > int64(maxAdvance/time.Second) {
		return nil, badCall{expectClock}
	}
	if err := d.house.Advance(r.Context(), time.Duration(in.Advance)*time.Second); err != nil {
		return nil, err
	}
	return struct {
		Now time.Time `json:"now"`
	}{d.house.Now()}, nil
}

func (d *Driver) central(r *http.Request) (any, error) {
	return d.house.Overview(r.Context())
}
