package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"unlockpoint/sync/wire"
)

// longestPast is how many settings are kept to go back to.
const longestPast = 10

// Keeper holds the settings in force, in a file that survives a power cut at
// any byte. Its methods may be called from any goroutine.
type Keeper struct {
	path  string
	apply func(from, to Settings) error
	aside string

	mu      sync.Mutex
	kept    kept
	until   time.Time     // of the trial
	changed chan struct{} // has something in it when a trial began or ended
}

// kept is the file. Past are the settings that were in force before and were
// confirmed, the newest first; during a trial the first of them is what
// returns.
type kept struct {
	Force Settings      `json:"force"`
	Trial time.Duration `json:"trial_ns,omitempty"` // how long it lasts; 0: there is none
	Past  []Settings    `json:"past,omitempty"`
}

// Open reads the file, which need not be there. apply puts settings to work; it
// is called for every change, not at the start. A trial that a restart met goes
// on, for its whole time: the restart may have been needed to put it to work.
// A file that does not read is set aside: without it the terminal still serves.
func Open(path string, apply func(from, to Settings) error) (*Keeper, error) {
	k := &Keeper{path: path, apply: apply, changed: make(chan struct{}, 1)}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the local settings: %w", err)
	}
	if k.kept, err = parse(text); err != nil {
		k.aside = path + ".damaged"
		if err := os.Rename(path, k.aside); err != nil {
			return nil, fmt.Errorf("set the damaged local settings aside: %w", err)
		}
	}
	k.until = time.Now().Add(k.kept.Trial)
	return k, nil
}

func parse(text []byte) (kept, error) {
	var k kept
	if err := wire.Decode(text, &k); err != nil {
		return kept{}, err
	}
	if k.Trial < 0 || k.Trial > 0 && len(k.Past) == 0 {
		return kept{}, errors.New("a trial without anything to return to")
	}
	for _, s := range append(k.Past, k.Force) {
		if err := s.Check(); err != nil {
			return kept{}, err
		}
	}
	return k, nil
}

// SetAside is where the file went that did not read, or empty.
func (k *Keeper) SetAside() string { return k.aside }

// Force are the settings in force.
func (k *Keeper) Force() Settings {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept.Force
}

// Trial is how long the settings in force still hold if nobody confirms them;
// false when they hold for good.
func (k *Keeper) Trial() (time.Duration, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return max(0, time.Until(k.until)), k.kept.Trial > 0
}

// Before are the settings n commits ago; 0 are those in force.
func (k *Keeper) Before(n int) (Settings, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case n == 0:
		return k.kept.Force, nil
	case n < 0 || n > len(k.kept.Past):
		return Settings{}, fmt.Errorf("there are settings of %d commits ago at the most", len(k.kept.Past))
	}
	return k.kept.Past[n-1], nil
}

// Commit puts settings to work: for good, or on trial for so long. It also
// ends the trial of those that are in force, which are then no longer returned
// to: a commit confirms them.
func (k *Keeper) Commit(s Settings, trial time.Duration) error {
	if err := s.Check(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	next := kept{Force: s, Past: k.kept.Past}
	if s != k.kept.Force {
		next.Trial = trial
		next.Past = append([]Settings{k.kept.Force}, k.kept.Past[:min(len(k.kept.Past), longestPast-1)]...)
	}
	return k.turn(next)
}

// turn writes what is next and puts it to work. What cannot be put to work is
// taken back.
func (k *Keeper) turn(next kept) error {
	was := k.kept
	if err := k.write(next); err != nil {
		return err
	}
	if next.Force == was.Force {
		return nil
	}
	if err := k.apply(was.Force, next.Force); err != nil {
		return errors.Join(fmt.Errorf("put the settings to work: %w", err), k.write(was))
	}
	return nil
}

func (k *Keeper) write(next kept) error {
	text, err := json.Marshal(next)
	if err == nil {
		err = wire.ReplaceFile(k.path, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	k.kept, k.until = next, time.Now().Add(next.Trial)
	select {
	case k.changed <- struct{}{}:
	default:
	}
	return nil
}

// Run ends trials in time, until ctx ends, and tells of each; with an error when
// it could not be done, and is tried again.
func (k *Keeper) Run(ctx context.Context, told func(error)) {
	for {
		var over <-chan time.Time
		if left, on := k.Trial(); on {
			over = time.After(left)
		}
		select {
		case <-ctx.Done():
			return
		case <-k.changed:
		case <-over:
			if done, err := k.back(); done || err != nil {
				told(err)
			}
		}
	}
}

// back returns to what was in force before the trial, if it is still on. The
// file says so last: after a power cut in between the trial returns once more.
func (k *Keeper) back() (bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept.Trial == 0 || time.Until(k.until) > 0 {
		return false, nil
	}
	next := kept{Force: k.kept.Past[0], Past: k.kept.Past[1:]}
	err := k.apply(k.kept.Force, next.Force)
	if err == nil {
		err = k.write(next)
	}
	if err != nil {
		k.until = time.Now().Add(again)
		return false, fmt.Errorf("return to the settings before the trial: %w", err)
	}
	return true, nil
}

// again is how long after a return that did not work the next is tried.
const again = time.Minute
