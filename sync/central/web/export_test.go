package web

import (
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"unlockpoint/sync/wire"
)

// Patterns are all addresses of the pages.
func Patterns() []string {
	all := slices.Collect(maps.Keys(site{Config: Config{Metrics: prometheus.NewRegistry()}}.open(files)))
	for _, r := range routes {
		all = append(all, r.pattern)
	}
	return all
}

// Offered are the acts that a page has a form for.
func Offered() (all []wire.Kind) {
	for _, f := range forms {
		all = append(all, f.Kind)
	}
	return all
}
