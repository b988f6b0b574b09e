package uplink

import (
	"context"
	"time"
)

// publishFor is how long one publication may take: half of what a person
// waits for an answer.
const publishFor = 5 * time.Second

// post publishes parcels one after the other. What does not arrive is sent
// again by whoever waits for its answer.
func (u *Uplink) post(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-u.parcels:
			if err := u.publish(ctx, p); err != nil {
				u.cfg.Log.Debug("publish a note", "topic", p.topic, "err", err)
			}
		}
	}
}

func (u *Uplink) publish(ctx context.Context, p parcel) error {
	ctx, cancel := context.WithTimeout(ctx, publishFor)
	defer cancel()
	return u.line.Publish(ctx, p.topic, p.note, p.retained)
}
