package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Role of an operator: what they may do, see RuleOf.
type Role string

// The roles.
const (
	Viewer   Role = "viewer"   // looks
	Booth    Role = "booth"    // serves people: cards and their lockouts
	Engineer Role = "engineer" // looks after terminals
	Admin    Role = "admin"    // everything
)

// Roles lists all.
func Roles() []Role { return []Role{Viewer, Booth, Engineer, Admin} }

// ValidRole reports whether there is such a role.
func ValidRole(r Role) bool { return slices.Contains(Roles(), r) }

// May says who else has to do an act, nothing to who may.
func (r Role) May(k Kind) error {
	rule, _ := RuleOf(k)
	if slices.Contains(rule.Roles, r) {
		return nil
	}
	needed := make([]string, len(rule.Roles))
	for i, one := range rule.Roles {
		needed[i] = string(one)
	}
	return fmt.Errorf("%q needs the role %s, and yours is %s", k.Typed(), strings.Join(needed, " or "), r)
}

// Typed is an act as people type it.
func (k Kind) Typed() string {
	switch k {
	case FleetSteps:
		return "fleet report steps"
	case FleetFollow:
		return "fleet events"
	case FleetFetch:
		return "fleet job --into"
	case ConfigDrift:
		return "fleet config diff"
	}
	return "fleet " + strings.ReplaceAll(strings.TrimPrefix(string(k), "fleet."), ".", " ")
}

// Answer is what central says to an act. Time is central's own: who was told
// Expired has a clock that differs, and may sign anew by this one.
type Answer struct {
	Answered
	Why    []string        `json:"why,omitempty"` // of the refusal, each a line to act on
	Time   time.Time       `json:"time"`
	Result json.RawMessage `json:"result,omitempty"`
}

// Part is the body of each note that brings a piece of something that may be
// larger than a note. Parts count from 1.
type Part struct {
	Part int    `json:"part"`
	Of   int    `json:"of"`
	Text []byte `json:"text"`
}

const (
	// partSize leaves room in a note for base64 twice over: of the part's
	// text in its body, and of the body when it was sealed.
	partSize = 32 << 10
	// MaxParts is the most that a receiver collects: 8 MiB.
	MaxParts = 256
)

// Split cuts a text into parts, at least one.
func Split(text []byte) []Part {
	var parts []Part
	for piece := range slices.Chunk(text, partSize) {
		parts = append(parts, Part{Part: len(parts) + 1, Text: piece})
	}
	if parts == nil {
		parts = []Part{{Part: 1}}
	}
	for i := range parts {
		parts[i].Of = len(parts)
	}
	return parts
}

// Parts collects the parts of one text, in any order. The zero Parts is empty.
type Parts struct {
	texts [][]byte
	came  int
}

// Take takes a part, again without effect, and returns the whole text with
// the last one.
func (p *Parts) Take(one Part) (whole []byte, done bool, err error) {
	if p.texts == nil && one.Of >= 1 && one.Of <= MaxParts {
		p.texts = make([][]byte, one.Of)
	}
	if one.Of != len(p.texts) || one.Part < 1 || one.Part > one.Of {
		return nil, false, errors.New("a part that does not fit the others")
	}
	if at := &p.texts[one.Part-1]; *at == nil {
		*at = append([]byte{}, one.Text...)
		p.came++
	}
	if p.came < len(p.texts) {
		return nil, false, nil
	}
	return slices.Concat(p.texts...), true, nil
}
