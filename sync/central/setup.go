package central

import (
	"fmt"
	"os"

	"unlockpoint/sync/central/keyring"
)

// SetUp makes what a new central needs before it can be opened: the folder of
// its store and its key ring. A key ring that is there stays.
func SetUp(c Config) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	if _, err := os.Stat(c.Keyring); err == nil {
		return nil
	}
	if _, err := keyring.Create(c.Keyring); err != nil {
		return err
	}
	return nil
}
