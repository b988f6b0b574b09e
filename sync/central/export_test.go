package central

import (
	"maps"
	"slices"
)

// Calls lists the patterns of the office.
func (c *Central) Calls() []string { return slices.Sorted(maps.Keys(c.calls())) }
