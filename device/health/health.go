// Package health says how a terminal is: what it knows of itself, the faults
// that follow from that, and the tests that somebody may have made.
//
// Its words: a [Reading] is what the terminal knows at one moment; a [Fault]
// is something in it that a person should do something about; a [Test] tries
// one part and tells of each [Step] what came of it.
//
// Nothing in a reading, a fault or a step is about a person or a card of
// theirs: who looks after terminals may read all of it.
package health

import "time"

// Reading is what a terminal knows of itself at one moment.
type Reading struct {
	At     time.Time     `json:"at"`
	Up     time.Duration `json:"up_ns"` // since the program started
	ID     string        `json:"id"`
	Site   string        `json:"site"`
	Name   string        `json:"name"` // as people say it
	Build  string        `json:"build"`
	Made   time.Time     `json:"made,omitzero"` // when the build was
	Page   string        `json:"page"`          // id of what people see
	Policy int           `json:"policy"`        // version of the rules; 0: none were ever received
	Reader Reader        `json:"reader"`
	Link   Link          `json:"link"`
	Store  Store         `json:"store"`
	Clock  Clock         `json:"clock"`
	Face   []Part        `json:"face,omitempty"`
}

// PartName names a part of what people stand in front of.
type PartName string

// The parts.
const (
	Panel  PartName = "panel"
	Touch  PartName = "touch"
	Keypad PartName = "keypad"
)

// Part is one of those parts, which is set up again until it works.
type Part struct {
	Name  PartName      `json:"name"`
	Down  time.Duration `json:"down_ns,omitempty"`  // it does not work for so long now
	Cause string        `json:"cause,omitempty"`    // why
	Times int           `json:"times,omitempty"`    // it stopped working in the last ten minutes
	Quiet time.Duration `json:"quiet_ns,omitempty"` // its driver has said nothing for so long
}

// Reader is the card reader, and what may be told of the card in it.
type Reader struct {
	Name     string        `json:"name,omitempty"` // empty: there is none
	Approved bool          `json:"approved"`
	Card     bool          `json:"card"`              // one is in
	Profile  string        `json:"profile,omitempty"` // its kind, once it was read
	Commands int           `json:"commands,omitempty"`
	Slowest  time.Duration `json:"slowest_ns,omitempty"` // of the commands
}

// Link is the line to central, over the broker.
type Link struct {
	Broker  string `json:"broker"` // mqtt://host:1883 or mqtts://host:8883, without anybody's password
	Linked  bool   `json:"linked"` // the broker lets this terminal in
	Up      bool   `json:"up"`     // central can be asked
	Central bool   `json:"central"`
	Why     string `json:"why,omitempty"` // there is no link to the broker

	// The life of the certificate that the broker is shown; zero: there is none.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// Store is what the terminal keeps over a power cut.
type Store struct {
	Incarnation string `json:"incarnation"`
	Registry    uint64 `json:"registry"`            // newest change of the site's registry
	Facts       uint64 `json:"facts"`               // written since the store was made
	Waiting     uint64 `json:"waiting"`             // of those, what central has not yet
	SetAside    string `json:"set_aside,omitempty"` // folder of a damaged one that this one replaced at the start
	Free        uint64 `json:"free"`                // bytes left on its disk
}

// Clock is what the terminal has to hold its time against.
type Clock struct {
	Floor time.Time     `json:"floor,omitzero"`     // central said once that it was this late
	Ahead time.Duration `json:"ahead_ns,omitempty"` // of central's, since it last said the time; below zero: behind
}
