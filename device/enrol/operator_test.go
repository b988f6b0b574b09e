package enrol_test

import (
	"context"
	"testing"

	"unlockpoint/sync/central"
	"unlockpoint/sync/operator"
	"unlockpoint/sync/wire"
)

// An operator who is added while everything runs has a certificate as well,
// and the broker hears of them.
func TestAnOperatorHasACertificate(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		badge, err := h.AddOperator(t.Context(), central.NewOperator{ID: "jo", Role: wire.Viewer})
		if err != nil || badge.MQTT.Password != "" || badge.MQTT.Certificate == "" {
			t.Fatal(badge, err)
		}
		line, err := operator.New(badge)
		if err != nil {
			t.Fatal(err)
		}
		running(t, func(ctx context.Context) error { line.Run(ctx); return nil })
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		if err := line.Ask(ctx, wire.FleetLs, struct{}{}, nil); err != nil {
			t.Fatalf("%v\n%s", err, h.log)
		}
	})
}
