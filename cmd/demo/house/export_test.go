package house

import "unlockpoint/device/appliance"

// Appliance is the terminal that hangs on the wall now.
func (h *House) Appliance() *appliance.Appliance { return h.wall.now.Load().Appliance }
