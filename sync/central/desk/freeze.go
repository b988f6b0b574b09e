package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
)

// linkLife is how long the link of a letter works.
const linkLife = month

// byLink is who acts with the link of a letter, as the audit log has it.
const byLink = "link"

// freezeLink is what a link is for.
type freezeLink struct {
	Card string    `json:"card"`
	At   time.Time `json:"at"`
}

// links holds each letter's link, under the hash of its token.
func links() store.Table[freezeLink] { return store.Table[freezeLink]{Name: "freeze-link"} }

// token is the secret of a letter's link, 128 bits. Like a code it is derived,
// not stored: the letter waits for the mail server, and whoever reads the
// store until then must not be able to follow its link.
func (d *Desk) token(version int, letter string) (string, error) {
	key, err := d.cfg.Keys.Key(keyring.Code, version)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "unlockpoint freeze v1\n%s", letter)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16]), nil
}

func linkKey(token string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(token))) }

// mayFreeze reports whether a letter has a link: all but the one that follows
// it, and the last one to somebody who is forgotten.
func (d *Desk) mayFreeze(l mail.Letter) bool {
	return d.cfg.FreezeURL != "" && l.Kind != mail.Frozen && !l.Brief
}

// lend makes a letter's link work, and returns the version of its key.
func (d *Desk) lend(t turn, l mail.Letter) (version int, err error) {
	version, _ = d.cfg.Keys.Newest(keyring.Code)
	token, err := d.token(version, l.Key)
	if err != nil {
		return 0, err
	}
	key := linkKey(token)
	return version, errors.Join(
		links().Put(t.tx, key, freezeLink{Card: l.Card, At: t.now}),
		t.later(t.now.Add(linkLife), old{Link: key}))
}

// link finds the card that a token would freeze.
func (d *Desk) link(t turn, token string) (card, bool, error) {
	l, ok, err := links().Find(t.tx, linkKey(token))
	if err != nil || !ok || t.now.Sub(l.At) >= linkLife {
		return card{}, false, err
	}
	c, ok, err := find(t.tx, l.Card)
	return c, ok && !l.At.Before(c.LinksFrom), err
}

// GoodLink reports whether the token of a letter's link still works. It
// changes nothing: mail scanners follow links.
func (d *Desk) GoodLink(tx store.Tx, token string) (bool, error) {
	_, good, err := d.link(turn{tx: tx, now: d.cfg.Now()}, token)
	return good, err
}

// FreezeByLink freezes the card whose holder was sent the token, and reports
// whether the link works. Freezing what is frozen is no news.
func (d *Desk) FreezeByLink(tx store.Tx, token string) (bool, error) {
	t := turn{tx: tx, now: d.cfg.Now(), by: byLink}
	c, good, err := d.link(t, token)
	if err != nil || !good || c.Frozen {
		return good, err
	}
	return true, d.freeze(t, c, "")
}

// freeze closes self-service for a card, ends its cases, and tells the holder.
func (d *Desk) freeze(t turn, c card, reason string) error {
	if err := d.endCase(t, c.Case, cases.Frozen); err != nil {
		return err
	}
	if err := d.dropPending(t, c); err != nil {
		return err
	}
	if err := assists().Delete(t.tx, c.ID); err != nil {
		return err
	}
	c.Frozen, c.Pending = true, ""
	if err := d.because(t, c.ID, audit.Frozen, "", reason); err != nil {
		return err
	}
	if err := d.tell(t, c, mail.Frozen); err != nil {
		return err
	}
	return d.keep(t, &c)
}

// tell mails the holder what was done to the card, once at a time.
func (d *Desk) tell(t turn, c card, kind mail.Kind) error { return d.send(t, c, kind, false) }

// send is tell; of a brief letter nothing is kept once it is out. Without an
// address there is nobody to tell.
func (d *Desk) send(t turn, c card, kind mail.Kind, brief bool) error {
	address, err := d.address(c, t.now)
	if err != nil || address == "" {
		return err
	}
	l := mail.Letter{Key: fmt.Sprintf("%s/%s/%d", kind, c.ID, t.now.UnixNano()), Kind: kind, Card: c.ID, At: t.now, Brief: brief}
	return d.write(t, l, address, about{Site: c.Site})
}
