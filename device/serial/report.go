package serial

import (
	"context"
	"io"
)

// Report writes all that the terminal tells of itself.
func (c *Console) Report(ctx context.Context, w io.Writer) error {
	r, err := c.cfg.Terminal.Account(ctx)
	if err != nil {
		return err
	}
	text, err := r.JSON()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, plain(string(text)))
	return err
}

func (s *session) report(ctx context.Context, _ []string) error {
	return s.Report(ctx, screen{ctx, s.port})
}
