package simcard

import (
	"bytes"

	"unlockpoint/reader/iso7816"
)

// Instructions beyond ISO/IEC 7816-4, from Yubico's PIV application.
const (
	insMetadata = 0xF7
	insVersion  = 0xFD
)

// maxChain bounds a chained command: no PIV command is longer than this.
const maxChain = 4096

// execute runs one APDU: the chaining and the parts of answers are here, the
// commands themselves in [Card.dispatch].
func (c *Card) execute(cmd iso7816.Command) (iso7816.Response, error) {
	q := c.state.Quirks
	long := len(cmd.Data) > 255 || cmd.Le > iso7816.MaxShort
	switch {
	case long && (q.ShortOnly || q.Parts):
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
	return c.fit(cmd, r, q.Parts), nil
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
	if cmd.INS == iso7816.InsSelect {
		return c.selectApplication(cmd), nil
	}
	if !c.power.selected {
		return answer(iso7816.StatusUnknownINS), nil
	}
	switch cmd.INS {
	case iso7816.InsVerify:
		return c.verify(cmd)
	case iso7816.InsChangeReference:
		return c.change(cmd)
	case iso7816.InsResetRetry:
		return c.unblock(cmd)
	case iso7816.InsGetData:
		return c.getData(cmd), nil
	case iso7816.InsAuthenticate:
		return c.authenticate(cmd), nil
	case insMetadata:
		return c.metadata(cmd), nil
	case insVersion:
		return c.version(), nil
	}
	return answer(iso7816.StatusUnknownINS), nil
}

// selectApplication drops whatever was verified. An application may be
// selected by a part of its identifier (SP 800-73-4 part 2, 3.1.1).
func (c *Card) selectApplication(cmd iso7816.Command) iso7816.Response {
	const shortest = 5 // the registered provider
	c.power = power{}
	piv := []byte{0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00}
	idPrime := []byte{0xA0, 0x00, 0x00, 0x00, 0x18, 0x80, 0x00, 0x00, 0x00, 0x06, 0x62}
	switch {
	case cmd.P1 != 0x04 || len(cmd.Data) < shortest:
		return answer(iso7816.StatusNotFound)
	case c.state.Kind.hasPIV() && bytes.HasPrefix(piv, cmd.Data):
		c.power.selected = true
		return iso7816.Response{Data: propertyTemplate(piv), Status: iso7816.StatusOK}
	case c.state.Kind == Unsupported && bytes.HasPrefix(idPrime, cmd.Data):
		return answer(iso7816.StatusOK)
	}
	return answer(iso7816.StatusNotFound)
}

// propertyTemplate is the answer to SELECT, SP 800-73-4 part 2, table 3.
func propertyTemplate(aid []byte) []byte {
	authority := iso7816.AppendObject(nil, 0x4F, aid[:5])
	inner := iso7816.AppendObject(nil, 0x4F, aid[5:])
	inner = iso7816.AppendObject(inner, 0x79, authority)
	return iso7816.AppendObject(nil, 0x61, inner)
}
