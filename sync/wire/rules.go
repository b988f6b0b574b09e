package wire

import (
	"errors"
	"fmt"
	"strings"
)

// Rule says who may send a kind of note, in which class of topic, whether its
// body travels sealed and whether it expires. Every kind of today has one
// signer.
type Rule struct {
	Up      bool // from a terminal, or an operator, to central
	Down    bool // from central to a terminal or an operator, or to everyone
	Class   Class
	Sealed  bool
	Expires bool   // it carries exp
	Roles   []Role // of the operators who may send it; nil: it is no act
}

// RuleOf is the table of all kinds. What is not in it is not read.
func RuleOf(k Kind) (Rule, bool) {
	switch k {
	case Hello:
		return Rule{Up: true, Class: ClassReq}, true
	case Hello.Reply():
		return Rule{Down: true, Class: ClassReply}, true
	case RegistryPage, CardLook, RegisterBegin, RegisterEvaluate, RegisterSubmit, AttemptBegin,
		AttemptProve, CaseTake, CodeCheck, CodeResend, CodeStatus, AssistTake, UnlockGrant, CommandDone, CertRenew:
		return Rule{Up: true, Class: ClassReq, Sealed: true}, true
	case RegistryPage.Reply(), CardLook.Reply(), RegisterBegin.Reply(), RegisterEvaluate.Reply(),
		RegisterSubmit.Reply(), AttemptBegin.Reply(), AttemptProve.Reply(), CaseTake.Reply(),
		CodeCheck.Reply(), CodeResend.Reply(), CodeStatus.Reply(), AssistTake.Reply(), UnlockGrant.Reply(),
		CommandDone.Reply(), CertRenew.Reply():
		return Rule{Down: true, Class: ClassReply, Sealed: true}, true
	case UnlockDone, Audit, Step, Health, Taken:
		return Rule{Up: true, Class: ClassFact, Sealed: true}, true
	case Ack:
		return Rule{Down: true, Class: ClassAck}, true
	case Want:
		return Rule{Down: true, Class: ClassWant}, true
	case Head:
		return Rule{Down: true, Class: ClassHead}, true
	case Command:
		return Rule{Down: true, Class: ClassCmd, Sealed: true, Expires: true}, true
	case State:
		return Rule{Up: true, Down: true, Class: ClassState}, true
	case Events:
		return Rule{Down: true, Class: ClassAnswer, Sealed: true}, true
	}
	return actRule(k)
}

// actRule is the part of the table with the acts of operators and what
// central says to them.
func actRule(k Kind) (Rule, bool) {
	act, answer := strings.CutSuffix(string(k), ".reply")
	roles := rolesFor(Kind(act))
	switch {
	case roles == nil:
		return Rule{}, false
	case answer:
		return Rule{Down: true, Class: ClassAnswer, Sealed: true}, true
	}
	return Rule{Up: true, Class: ClassAct, Sealed: true, Expires: true, Roles: roles}, true
}

// rolesFor says who may do what; nil for what is no act.
func rolesFor(act Kind) []Role {
	switch act {
	case FleetLs, FleetShow, FleetSteps, FleetFollow, ConfigGet, ConfigDrift:
		return []Role{Viewer, Booth, Engineer, Admin}
	case CardFind, CardHistory, CardRelease, CardAssist, CardRemove, CardFreeze, CardUnfreeze, CardAddress, CardWaiting, CardAgree:
		return []Role{Booth, Admin}
	case FleetRun, FleetJob, FleetFetch, ConsoleRespond:
		return []Role{Engineer, Admin}
	case ConfigSet, AuditLs, AuditVerify, AuditExport:
		return []Role{Admin}
	}
	return nil
}

// Check holds an envelope against the form of all and the rule of its kind.
// It says nothing about who signed it.
func (e Envelope) Check() error {
	rule, known := RuleOf(e.Kind)
	switch {
	case e.V != Version:
		return fmt.Errorf("envelope of version %d", e.V)
	case !known:
		return errors.New("envelope of unknown kind")
	case !ValidID(e.ID) || !ValidID(e.From) || !ValidID(e.To):
		return errors.New("envelope without a proper id, from or to")
	case e.Re != "" && !ValidID(e.Re), e.Sess != "" && !ValidID(e.Sess):
		return errors.New("envelope with a malformed re or sess")
	case rule.Expires == e.Exp.IsZero():
		return errors.New("envelope without an end that needs one, or with one that it has not")
	case strings.HasSuffix(string(e.Kind), ".reply") && e.Re == "":
		return errors.New("reply to nothing")
	case !rule.way(e.From, e.To):
		return fmt.Errorf("%s does not go from %s to %s", e.Kind, e.From, e.To)
	}
	return rule.body(e)
}

// way says whether the rule lets from write to to.
func (r Rule) way(from, to string) bool {
	if from == Central {
		return r.Down && to != Central
	}
	return r.Up && to == Central && ValidTerminal(from)
}

// body refuses an open body where a sealed one belongs and the reverse.
func (r Rule) body(e Envelope) error {
	switch {
	case (e.Body == nil) == (e.Sealed == nil):
		return errors.New("envelope needs exactly one body, open or sealed")
	case r.Sealed && e.Body != nil && !(r.Class == ClassReply && openRefusal(e.Body)):
		return fmt.Errorf("%s travels sealed", e.Kind)
	case !r.Sealed && e.Sealed != nil:
		return fmt.Errorf("%s travels open", e.Kind)
	}
	return nil
}

// openRefusal reports whether a body is one of the refusals that name neither
// card nor person. They may travel open: without a session central has no key
// to seal them to.
func openRefusal(body []byte) bool {
	for _, r := range []Refusal{NewSession, OtherBody, BadRequest} {
		if string(body) == fmt.Sprintf(`{"refused":%q}`, r) {
			return true
		}
	}
	return false
}
