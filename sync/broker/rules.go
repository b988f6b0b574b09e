package broker

import (
	"strings"

	"unlockpoint/sync/wire"
)

// Role of an account.
type Role string

// The roles.
const (
	Terminal Role = "terminal" // its own topics only
	Operator Role = "operator" // its own pair of topics
	Central  Role = "central"  // everything of ours

	// Enrolling is whoever has no certificate yet: nobody is told to be it,
	// and its user is the client's id, that of an enrolment code.
	Enrolling Role = "enrolling"
)

// Account is one user of the broker. User is the id of the terminal, of the
// operator or of central: topics carry it.
type Account struct {
	User     string
	Password string
	Role     Role
	Site     string // of a terminal; the rules do not depend on it
}

// Rule lets an account read, write or both under a filter. In place of %u
// stands the user.
type Rule struct {
	Filter string
	Read   bool
	Write  bool
}

// Rules are the access rules of a role, for every broker. A terminal may
// write under any site, but only as itself: central looks its site up and
// does not read it from the topic.
func Rules(role Role) []Rule {
	switch role {
	case Terminal:
		return []Rule{
			{Filter: wire.StateTopic("+", "%u"), Write: true},
			{Filter: wire.UpTopic("+", "%u", wire.ClassReq), Write: true},
			{Filter: wire.UpTopic("+", "%u", wire.ClassFact), Write: true},
			{Filter: wire.DownTopic("+", "%u", "#"), Read: true},
			{Filter: wire.HeadTopic("+"), Read: true},
			{Filter: wire.CentralStateTopic, Read: true},
			{Filter: wire.CentralKeysTopic, Read: true},
		}
	case Operator:
		return []Rule{
			{Filter: wire.OperatorTopic("%u", wire.ClassAct), Write: true},
			{Filter: wire.OperatorTopic("%u", wire.ClassAnswer), Read: true},
			{Filter: wire.CentralStateTopic, Read: true},
		}
	case Central:
		return []Rule{
			{Filter: "unlock/1/#", Read: true, Write: true},
			{Filter: wire.EnrolRequestTopic("+"), Read: true, Write: true}, // to take away what a stranger had kept there
			{Filter: wire.EnrolReplyTopic("+"), Write: true},
		}
	case Enrolling:
		return []Rule{
			{Filter: wire.EnrolRequestTopic("%u"), Write: true},
			{Filter: wire.EnrolReplyTopic("%u"), Read: true},
		}
	}
	return nil
}

// allows reports whether an account may write to a topic, or read from it or
// from all topics of a filter.
func (a Account) allows(topic string, write bool) bool {
	for _, r := range Rules(a.Role) {
		if (write && r.Write || !write && r.Read) && covers(strings.ReplaceAll(r.Filter, "%u", a.User), topic) {
			return true
		}
	}
	return false
}

// covers reports whether every topic of filter is one of rule's.
func covers(rule, filter string) bool {
	want, have := strings.Split(rule, "/"), strings.Split(filter, "/")
	for i, w := range want {
		switch {
		case w == "#":
			return true
		case i == len(have), have[i] == "#", have[i] != w && w != "+":
			return false
		}
	}
	return len(want) == len(have)
}
