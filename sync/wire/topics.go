package wire

import "strings"

// root of every topic: the program and the version of its topics.
const root = "unlock/1/"

// Class is the last level of a topic: which stream a note belongs to.
type Class = string

// The classes: the first two from terminal to central, the others back. What a
// terminal logs has no topic of its own: it comes with the report that somebody
// asks for, sealed.
const (
	ClassReq  Class = "req"  // requests, answered once
	ClassFact Class = "fact" // facts, acknowledged and counted once

	ClassReply Class = "reply"
	ClassAck   Class = "ack"
	ClassCmd   Class = "cmd"
	ClassWant  Class = "want" // retained

	ClassState Class = "state" // retained: birth and will
	ClassHead  Class = "head"  // retained: newest change of a site's registry

	ClassAct    Class = "up" // operators' acts
	ClassAnswer Class = "dn" // what central says to operators
)

// UpTopic is where a terminal publishes notes of a class to central.
func UpTopic(site, terminal string, class Class) string {
	return root + site + "/" + terminal + "/up/" + class
}

// DownTopic is where central publishes notes of a class to a terminal.
func DownTopic(site, terminal string, class Class) string {
	return root + site + "/" + terminal + "/dn/" + class
}

// StateTopic holds a terminal's retained birth or will.
func StateTopic(site, terminal string) string {
	return root + site + "/" + terminal + "/state"
}

// HeadTopic holds the newest change number of a site's registry.
func HeadTopic(site string) string { return root + site + "/" + Everyone + "/head" }

// ops is the level of operators' topics, in the place of a site.
const ops = "ops"

// OperatorTopic is where an operator publishes acts (ClassAct), and where
// central answers (ClassAnswer).
func OperatorTopic(operator string, class Class) string {
	return root + ops + "/" + operator + "/" + class
}

// CentralStateTopic holds central's retained birth or will.
const CentralStateTopic = root + Central + "/state"

// enrolRoot is where terminals join that have no certificate yet.
const enrolRoot = "enrol/1/"

// EnrolRequestTopic and EnrolReplyTopic are those of one enrolment code.
func EnrolRequestTopic(id string) string { return enrolRoot + id + "/csr" }
func EnrolReplyTopic(id string) string   { return enrolRoot + id + "/cert" }

// ParseEnrol takes the code's id out of a topic that a terminal asks on.
func ParseEnrol(topic string) (id string, ok bool) {
	id, asks := strings.CutSuffix(strings.TrimPrefix(topic, enrolRoot), "/csr")
	return id, asks && ValidEnrolID(id) && topic == EnrolRequestTopic(id)
}

// TerminalTopics are the filters that a terminal subscribes to.
func TerminalTopics(site, terminal string) []string {
	return []string{DownTopic(site, terminal, "#"), HeadTopic(site), CentralStateTopic, CentralKeysTopic}
}

// OperatorTopics are the filters that an operator subscribes to.
func OperatorTopics(operator string) []string {
	return []string{OperatorTopic(operator, ClassAnswer), CentralStateTopic}
}

// CentralTopics are the filters that central subscribes to. The first takes
// in operators' acts, too: # stands for the level above it as well (MQTT
// 3.1.1, 4.7.1.2).
func CentralTopics() []string {
	return []string{root + "+/+/up/#", root + "+/+/state"}
}

// ParseUp takes apart a topic that a terminal publishes to, StateTopic
// included. Site and terminal are what the publisher claims: the broker lets
// a terminal use its own id only, and its site comes from central's registry.
func ParseUp(topic string) (site, terminal string, class Class, ok bool) {
	rest, found := strings.CutPrefix(topic, root)
	level := strings.Split(rest, "/")
	if !found || len(level) < 3 || !ValidSite(level[0]) || !ValidTerminal(level[1]) {
		return "", "", "", false
	}
	switch last := level[len(level)-1]; {
	case len(level) == 3 && last == ClassState:
		return level[0], level[1], last, true
	case len(level) == 4 && level[2] == "up" && (last == ClassReq || last == ClassFact):
		return level[0], level[1], last, true
	}
	return "", "", "", false
}

// ParseAct takes apart a topic that an operator publishes to. The operator is
// what the publisher claims.
func ParseAct(topic string) (operator string, ok bool) {
	operator, found := strings.CutPrefix(topic, root+ops+"/")
	operator, up := strings.CutSuffix(operator, "/"+ClassAct)
	return operator, found && up && ValidOperator(operator)
}
