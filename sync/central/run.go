package central

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/web"
	"unlockpoint/sync/link"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// Run serves until ctx ends, which is no error. Call it once.
func (c *Central) Run(ctx context.Context, b Broker) error {
	listeners, err := c.listen()
	if err != nil {
		return err
	}
	line, err := c.line(b)
	if err != nil {
		return errors.Join(err, listeners.close())
	}
	c.gauges(line)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return line.Run(ctx) })
	group.Go(func() error { c.sessions.Pump(ctx, line, c.touched); return nil })
	group.Go(func() error { return c.mail.Run(ctx) })
	group.Go(func() error { return c.herald(ctx, line) })
	group.Go(func() error { return c.cry(ctx, line) })
	group.Go(func() error { return c.dispatch(ctx, line) })
	if c.cfg.Lists != nil {
		group.Go(func() error { return c.keepLists(ctx, b) })
	}
	if c.vouches != nil {
		joining := c.toBroker(b, "enrol", link.Config{Subscribe: []string{wire.EnrolRequestTopic("+")}})
		group.Go(func() error { return joining.Run(ctx) })
		group.Go(func() error { return c.enrolments(ctx, joining) })
	}
	group.Go(func() error { c.chores(ctx); return nil })
	if listeners.web != nil {
		group.Go(func() error { return c.pages(ctx, listeners.web) })
	}
	if listeners.public != nil {
		group.Go(func() error { return c.public(ctx, listeners.public) })
	}
	if listeners.socket != nil {
		group.Go(func() error { return socket.Serve(ctx, listeners.socket, c.Office()) })
	}
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// listeners are opened before anything is started, so that an address that is
// taken is told at once.
type listeners struct{ web, public, socket net.Listener }

func (l listeners) close() error {
	var err error
	for _, one := range []net.Listener{l.web, l.public, l.socket} {
		if one != nil {
			err = errors.Join(err, one.Close())
		}
	}
	return err
}

func (c *Central) listen() (l listeners, err error) {
	if c.cfg.Web != "" {
		if l.web, err = net.Listen("tcp", c.cfg.Web); err != nil {
			return l, fmt.Errorf("web: listening for the pages: %w", err)
		}
	}
	if c.cfg.Public != "" {
		if l.public, err = net.Listen("tcp", c.cfg.Public); err != nil {
			return l, errors.Join(fmt.Errorf("public: listening for the links in mails: %w", err), l.close())
		}
	}
	if c.cfg.Socket != "" {
		if l.socket, err = socket.Listen(c.cfg.Socket); err != nil {
			return l, errors.Join(err, l.close())
		}
	}
	return l, nil
}

// line is the link to the broker, with central's birth and will.
func (c *Central) line(b Broker) (*link.Session, error) {
	birth, err := c.sessions.Birth(c.cfg.Build)
	if err != nil {
		return nil, err
	}
	will, err := c.sessions.Will()
	if err != nil {
		return nil, err
	}
	return c.toBroker(b, wire.Central, link.Config{Subscribe: wire.CentralTopics(), Birth: message(birth), Will: message(will)}), nil
}

func message(o session.Out) *link.Message {
	return &link.Message{Topic: o.Topic, Payload: o.Payload, Retained: o.Retained}
}

const (
	choreEvery  = time.Minute
	letterEvery = time.Hour // goes through all letters
)

// chores does the chores until ctx ends. People are served whatever becomes of
// them: what failed is tried again.
func (c *Central) chores(ctx context.Context) {
	ticker := time.NewTicker(choreEvery)
	defer ticker.Stop()
	var swept time.Time // letters
	for {
		now := c.cfg.Now()
		letters := now.Sub(swept) >= letterEvery
		if err := c.sweep(ctx, letters); err != nil && ctx.Err() == nil {
			c.cfg.Log.Error("not all that is old was forgotten", "err", err)
		}
		if letters {
			swept = now
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-c.tick:
		}
	}
}

// sweep ends what has run out and forgets what is old. A chore that fails keeps
// no other from being done.
func (c *Central) sweep(ctx context.Context, letters bool) error {
	now := c.cfg.Now()
	chores := []store.Chore{c.desk.Sweep, func(tx store.Tx) (bool, error) { return session.Sweep(tx, now) }}
	if c.enrol != nil {
		chores = append(chores, c.enrol.Sweep)
	}
	if letters {
		for _, forget := range []func(store.Tx, time.Time) (bool, error){fleet.ForgetJobs, fleet.ForgetSteps, mail.Sweep} {
			chores = append(chores, func(tx store.Tx) (bool, error) { return forget(tx, now) })
		}
	}
	err := c.logins.Sweep(ctx)
	for _, one := range chores {
		err = errors.Join(err, store.Finish(ctx, c.db, one))
		c.touched()
	}
	return err
}

// Pages are central's own web pages, for who serves them elsewhere than on
// Config.Web: under base, such as "/central", which is taken off before.
func (c *Central) Pages(base string) (http.Handler, error) {
	return web.Handler(web.Config{Central: front{c}, Logins: c.logins, Metrics: c.metrics, Steps: c.cfg.Pages, Log: c.cfg.Log, Base: base})
}

// pages serves central's pages.
func (c *Central) pages(ctx context.Context, l net.Listener) error {
	h, err := c.Pages("")
	if err != nil {
		return err
	}
	return socket.Serve(ctx, l, h)
}

// PublicPages are the pages that anybody may see, for who serves them
// elsewhere than on Config.Public.
func (c *Central) PublicPages() (http.Handler, error) {
	return web.Public(web.PublicConfig{Links: letters{c}, Contact: cmp.Or(c.cfg.House.Contact, "your registration authority"), Log: c.cfg.Log})
}

func (c *Central) public(ctx context.Context, l net.Listener) error {
	h, err := c.PublicPages()
	if err != nil {
		return err
	}
	return socket.Serve(ctx, l, h)
}
