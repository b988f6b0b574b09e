package simcard

import (
	"bytes"

	"unlockpoint/reader/iso7816"
)

// maxChain bounds a chained command: no command is longer than this.
const maxChain = 4096

// execute runs one APDU: the chaining and the parts of answers are here, the
// commands themselves are the applications'.
func (c *Card) execute(cmd iso7816.Command) (iso7816.Response, error) {
	q := c.state.Quirks
	long := len(cmd.Data) > 255 || cmd.Le > iso7816.MaxShort
	switch {
	case long && (q.ShortOnly || q.parts()):
		return answer(iso7816.StatusWrongLength), nil
	case cmd.INS == iso7816.InsGetResponse:
		return c.fit(cmd, iso7816.Response{Data: c.power.pending, Status: iso7816.StatusOK}, false), nil
	}
	c.power.pending = nil
	if cmd.CLA&iso7816.ClaChain != 0 {
		return c.gather(cmd), nil
	}
	cmd.Data = append(c.power.chain, cmd.Data...)
	c.power.chain = nil
	r, err := c.dispatch(cmd)
	if err != nil {
		return r, err
	}
	return c.fit(cmd, r, q.parts()), nil
}

func (c *Card) gather(cmd iso7816.Command) iso7816.Response {
	if len(c.power.chain)+len(cmd.Data) > maxChain {
		c.power.chain = nil
		return answer(iso7816.StatusWrongLength)
	}
	c.power.chain = append(c.power.chain, cmd.Data...)
	return answer(iso7816.StatusOK)
}

// fit cuts an answer to what was asked for and keeps the rest. In parts, a
// command with data is answered by 61xx alone and one without must name the
// exact length, as T=0 has it.
func (c *Card) fit(cmd iso7816.Command, r iso7816.Response, parts bool) iso7816.Response {
	n := len(r.Data)
	c.power.pending = nil
	switch {
	case n == 0:
		return r
	case parts && len(cmd.Data) > 0:
		c.power.pending = r.Data
		return answer(iso7816.StatusMoreData | low(n))
	case parts && cmd.Le != n && n < iso7816.MaxShort:
		return answer(iso7816.StatusWrongLe | low(n))
	}
	le := cmd.Le
	if le == 0 {
		le = iso7816.MaxShort
	}
	if n <= le {
		return r
	}
	c.power.pending = r.Data[le:]
	return iso7816.Response{Data: r.Data[:le], Status: iso7816.StatusMoreData | low(n-le)}
}

// low is a length in the second status byte: 00 stands for 256 or more.
func low(n int) iso7816.Status {
	if n >= iso7816.MaxShort {
		return 0
	}
	return iso7816.Status(n)
}

func answer(s iso7816.Status) iso7816.Response { return iso7816.Response{Status: s} }

// dispatch runs one whole command.
func (c *Card) dispatch(cmd iso7816.Command) (iso7816.Response, error) {
	const byName = 0x04
	switch {
	case cmd.INS == iso7816.InsSelect && cmd.P1 == byName:
		return c.choose(cmd.Data), nil
	case c.power.chosen == nil:
		return answer(iso7816.StatusUnknownINS), nil
	}
	return c.power.chosen.perform(cmd)
}

// choose drops whatever was verified.
func (c *Card) choose(name []byte) iso7816.Response {
	c.sleep()
	for _, a := range c.apps {
		if r, ok := a.chooses(name); ok {
			c.power.chosen = a
			return r
		}
	}
	return answer(iso7816.StatusNotFound)
}

// begins says whether a SELECT's name is the beginning of an identifier, the
// registered provider (ISO/IEC 7816-5) at the least.
func begins(name, aid []byte) bool {
	const provider = 5
	return len(name) >= provider && bytes.HasPrefix(aid, name)
}
