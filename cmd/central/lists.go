package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/central"
)

// mosquitto is one whose files are in a folder, and the command by which it
// reads them again.
type mosquitto struct{ brokerConfig }

var _ central.Lists = mosquitto{}

// lists is what keeps the broker's lists; nil for nobody.
func (b brokerConfig) lists() central.Lists {
	if b.Folder == "" {
		return nil
	}
	return mosquitto{b}
}

// Let writes the lists and runs the command.
func (m mosquitto) Let(ctx context.Context, a central.BrokerAccess) error {
	if err := broker.MosquittoLists(m.Folder, m.mosquitto(a)); err != nil {
		return err
	}
	if len(m.Reload) == 0 {
		return nil
	}
	out, err := exec.CommandContext(ctx, m.Reload[0], m.Reload[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("broker.reload, %q: %w: %s", strings.Join(m.Reload, " "), err, out)
	}
	return nil
}
