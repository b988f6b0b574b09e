package simcard

import (
	"unlockpoint/reader/iso7816"
)

// What the applet knows of secrets: one passcode under two numbers, and a way
// to log out.
const (
	refGIDSPasscode = 0x80
	refGIDSAlso     = 0x00
	refGIDSLogOut   = 0x82

	gidsShortest = 4
	gidsLongest  = 16
)

func gidsPasscode(length int) bool { return length >= gidsShortest && length <= gidsLongest }

func (g *gidsApplication) verify(cmd iso7816.Command) (iso7816.Response, error) {
	pin := &g.kept.PIN
	switch {
	case cmd.P1 != 0:
		return answer(iso7816.StatusWrongP1P2), nil
	case cmd.P2 == refGIDSLogOut:
		g.sleep()
		return answer(iso7816.StatusOK), nil
	case cmd.P2 != refGIDSPasscode && cmd.P2 != refGIDSAlso:
		return answer(iso7816.StatusNoReference), nil
	case !gidsPasscode(len(cmd.Data)): // the question for the counter too, whoever is logged in
		return answer(g.card.told(pin)), nil
	}
	s, err := g.test(string(cmd.Data))
	return answer(s), err
}

// test tries a passcode. The try that blocks is answered by the count, none
// left; only the ones after it are told that there is nothing to try.
func (g *gidsApplication) test(passcode string) (iso7816.Status, error) {
	pin := &g.kept.PIN
	last := pin.Left == 1
	s, err := g.card.try(pin, passcode == pin.Value)
	g.now.verified = err == nil && s == iso7816.StatusOK
	if last && s == iso7816.StatusBlocked {
		s = iso7816.StatusTries
	}
	return s, err
}

// change finds the end of the old passcode where the right one ends, whatever
// was meant.
func (g *gidsApplication) change(cmd iso7816.Command) (iso7816.Response, error) {
	pin := &g.kept.PIN
	end := min(len(pin.Value), len(cmd.Data))
	old, fresh := string(cmd.Data[:end]), string(cmd.Data[end:])
	switch {
	case cmd.P1 != 0:
		return answer(iso7816.StatusWrongP1P2), nil
	case cmd.P2 != refGIDSPasscode && cmd.P2 != refGIDSAlso:
		return answer(iso7816.StatusNoReference), nil
	case len(cmd.Data) < 2*gidsShortest || len(cmd.Data) > 2*gidsLongest:
		return answer(g.card.told(pin)), nil
	case g.card.state.Quirks.FormFirst && pin.Left > 0 && !gidsPasscode(len(fresh)):
		return answer(iso7816.StatusWrongLength), nil
	}
	s, err := g.test(old)
	switch {
	case !g.now.verified:
		return answer(s), err
	case !gidsPasscode(len(fresh)):
		return answer(iso7816.StatusWrongLength), nil
	}
	return answer(iso7816.StatusOK), g.card.set(pin, fresh)
}

// unblock takes the new passcode alone: who may set it was settled before. The
// authorisation is used up by it.
func (g *gidsApplication) unblock(cmd iso7816.Command) (iso7816.Response, error) {
	const newOnly = 0x02
	switch {
	case cmd.P1 != newOnly:
		return answer(iso7816.StatusWrongP1P2), nil
	case cmd.P2 != refGIDSPasscode:
		return answer(iso7816.StatusNoReference), nil
	case g.card.state.Quirks.FormFirst && !gidsPasscode(len(cmd.Data)):
		return answer(iso7816.StatusWrongLength), nil
	case !g.now.authorised:
		return answer(iso7816.StatusNotAllowed), nil
	case !gidsPasscode(len(cmd.Data)):
		return answer(iso7816.StatusWrongLength), nil
	}
	g.sleep()
	return answer(iso7816.StatusOK), g.card.set(&g.kept.PIN, string(cmd.Data))
}
