package central_test

import (
	"context"
	"strings"
	"testing"

	"unlockpoint/sync/central"
	"unlockpoint/sync/wire"
)

// What central answers for an engineer is what the terminal's own key says.
func TestAConsoleIsOpenedForEngineersOnly(t *testing.T) {
	c, badges := fleet(t, brokers()["embedded"], central.NewOperator{ID: "jo", Role: wire.Engineer, Sites: []string{"east"}},
		central.NewOperator{ID: "al", Role: wire.Booth})
	id, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: "ward-8", Site: "east"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	challenge := wire.NewChallenge()
	var reply wire.ConsoleReply
	ask := wire.ConsoleBody{Terminal: "ward-8", Challenge: wire.Spaced(challenge)}
	if err := line(t, badges["jo"]).Ask(ctx, wire.ConsoleRespond, ask, &reply); err != nil {
		t.Fatal(err)
	}
	if ok, err := wire.RightAnswer(id.ConsoleKey, "ward-8", challenge, reply.Answer); !ok || err != nil {
		t.Errorf("%s is no answer: %v", reply.Answer, err)
	}
	for who, refused := range map[string]struct {
		body wire.ConsoleBody
		want string
	}{
		"al": {ask, "needs the role engineer or admin"},
		"jo": {wire.ConsoleBody{Terminal: "hall", Challenge: challenge}, `there is no terminal "hall"`},
	} {
		if err := line(t, badges[who]).Ask(ctx, wire.ConsoleRespond, refused.body, nil); err == nil || !strings.Contains(err.Error(), refused.want) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if err := line(t, badges["jo"]).Ask(ctx, wire.ConsoleRespond, wire.ConsoleBody{Terminal: "ward-8", Challenge: "K7QM2RVXX"}, nil); err == nil || !strings.Contains(err.Error(), "mistyped") {
		t.Errorf("a mistyped challenge: %v", err)
	}
}
