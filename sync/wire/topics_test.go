package wire

import "testing"

func TestATopicSaysWhoPublishes(t *testing.T) {
	for _, topic := range []string{UpTopic("north", "wall-1", ClassReq), UpTopic("north", "wall-1", ClassFact), StateTopic("north", "wall-1")} {
		site, terminal, _, ok := ParseUp(topic)
		if !ok || site != "north" || terminal != "wall-1" {
			t.Errorf("%s is of %s/%s, %v", topic, site, terminal, ok)
		}
	}
}

func TestOtherTopicsAreNotATerminals(t *testing.T) {
	for _, topic := range []string{"", "unlock/1/", CentralStateTopic, HeadTopic("north"),
		DownTopic("north", "wall-1", ClassReply), "unlock/2/north/wall-1/up/req", "unlock/1/north/wall-1/up/req/more",
		"unlock/1/north/wall-1/up/cmd", "unlock/1/north/central/up/req", "unlock/1/north/all/state",
		"unlock/1/ops/wall-1/up/req", "unlock/1/central/wall-1/state", "unlock/1/+/wall-1/up/req", "unlock/1/north//up/req"} {
		if _, _, _, ok := ParseUp(topic); ok {
			t.Errorf("%q passes for a terminal's topic", topic)
		}
	}
}

func TestIDs(t *testing.T) {
	if id := NewID(); !ValidID(id) || len(id) != 26 {
		t.Errorf("fresh id %q", id)
	}
	for _, id := range []string{"", "A", "a b", "a/b", "a+", "a#", "ä", "a\n"} {
		if ValidID(id) {
			t.Errorf("%q passes for an id", id)
		}
	}
}

// TestEveryKindHasARule and no rule lets both ends say what only one may,
// births aside.
func TestEveryKindHasARule(t *testing.T) {
	for _, k := range []Kind{Hello, RegistryPage, CardLook, RegisterBegin, RegisterEvaluate, RegisterSubmit,
		AttemptBegin, AttemptProve, CaseTake, CodeCheck, CodeResend, CodeStatus, UnlockGrant, CommandDone} {
		up, known := RuleOf(k)
		down, answered := RuleOf(k.Reply())
		if !known || !answered || !up.Up || up.Down || !down.Down || down.Up || up.Sealed != down.Sealed {
			t.Errorf("%s: %+v, its reply: %+v", k, up, down)
		}
	}
	for _, k := range []Kind{UnlockDone, Audit, Step, Health, Taken} {
		if r, known := RuleOf(k); !known || !r.Up || r.Down || r.Class != ClassFact || !r.Sealed {
			t.Errorf("%s: %+v", k, r)
		}
	}
	for _, k := range []Kind{Ack, Head, Want, State} {
		if r, known := RuleOf(k); !known || !r.Down || r.Sealed {
			t.Errorf("%s: %+v", k, r)
		}
	}
}
