package central

import (
	"context"
	"strings"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/web"
)

// freezeURL is what the links in letters begin with.
func (c Config) freezeURL() string {
	if c.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(c.PublicURL, "/") + "/freeze/"
}

// letters is central as the page of a link sees it.
type letters struct{ *Central }

var _ web.Links = letters{}

func (l letters) GoodLink(ctx context.Context, token string) (good bool, err error) {
	err = l.db.View(ctx, func(tx store.Tx) (err error) { good, err = l.desk.GoodLink(tx, token); return err })
	return good, err
}

func (l letters) Freeze(ctx context.Context, token string) (done bool, err error) {
	err = l.db.Update(ctx, func(tx store.Tx) (err error) { done, err = l.desk.FreezeByLink(tx, token); return err })
	l.touched()
	return done, err
}
