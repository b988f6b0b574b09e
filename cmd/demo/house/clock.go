package house

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"unlockpoint/sync/wire"
)

// Clock is the house's time: the real one, moved on. How far is kept in a
// file, since codes and attempts of yesterday must not lie in the future.
type Clock struct {
	path   string
	mu     sync.Mutex
	offset time.Duration
}

// openClock reads how far time was moved on before.
func openClock(path string) (*Clock, error) {
	c := &Clock{path: path}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		var s int64
		s, err = strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		c.offset = time.Duration(s) * time.Second
	}
	if err != nil {
		return nil, fmt.Errorf("read the clock: %w", err)
	}
	return c, nil
}

// Now is the house's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

// advance moves time on, for ever.
func (c *Clock) advance(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.offset + d
	seconds := strconv.FormatInt(int64(next/time.Second), 10)
	if err := wire.ReplaceFile(c.path, []byte(seconds+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the clock: %w", err)
	}
	c.offset = next
	return nil
}
