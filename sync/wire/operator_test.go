package wire

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// Who may do what: the whole table.
func TestWhoMayDoWhat(t *testing.T) {
	may := map[Kind]string{
		FleetLs: "viewer booth engineer admin", FleetShow: "viewer booth engineer admin",
		FleetSteps: "viewer booth engineer admin", FleetFollow: "viewer booth engineer admin",
		ConfigGet: "viewer booth engineer admin", ConfigDrift: "viewer booth engineer admin", ConfigSet: "admin",
		FleetRun: "engineer admin", FleetJob: "engineer admin", FleetFetch: "engineer admin",
		CardFind: "booth admin", CardHistory: "booth admin", CardRelease: "booth admin", CardAssist: "booth admin", CardRemove: "booth admin",
		ConsoleRespond: "engineer admin",
		CardFreeze:     "booth admin", CardUnfreeze: "booth admin", CardAddress: "booth admin", CardWaiting: "booth admin", CardAgree: "booth admin",
		AuditLs: "admin", AuditVerify: "admin", AuditExport: "admin",
	}
	for kind, who := range may {
		rule, known := RuleOf(kind)
		if !known || !rule.Up || rule.Down || !rule.Sealed || !rule.Expires || rule.Class != ClassAct {
			t.Errorf("%s: %+v", kind, rule)
		}
		back, known := RuleOf(kind.Reply())
		if !known || back.Up || !back.Down || !back.Sealed || back.Roles != nil || back.Class != ClassAnswer {
			t.Errorf("the answer to %s: %+v", kind, back)
		}
		for _, role := range Roles() {
			err := role.May(kind)
			if (err == nil) != slices.Contains(strings.Fields(who), string(role)) {
				t.Errorf("%s of a %s: %v", kind, role, err)
			}
			if err != nil && !strings.Contains(err.Error(), "needs the role "+strings.Join(strings.Fields(who), " or ")) {
				t.Errorf("%v does not say who may", err)
			}
		}
	}
	if Admin.May(Hello) == nil {
		t.Error("an operator says hello")
	}
}

func TestAnActNeedsAnEndAndARequestHasNone(t *testing.T) {
	jo := newParty(t, "jo")
	act := Envelope{Kind: FleetLs, ID: "1", From: "jo", To: Central, Sealed: &Sealed{}}
	if _, err := jo.signer.Sign(act); err == nil {
		t.Error("an act without an end is signed")
	}
	act.Exp = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	raw, err := jo.signer.Sign(act)
	must(t, err)
	if got, err := jo.verifier.Open(raw, Central); err != nil || !got.Exp.Equal(act.Exp) {
		t.Errorf("%+v, %v", got, err)
	}
	hello := helloFrom("jo")
	hello.Exp = act.Exp
	if _, err := jo.signer.Sign(hello); err == nil {
		t.Error("a request with an end is signed")
	}
}

func TestOperatorsHaveTopicsOfTheirOwn(t *testing.T) {
	if id, ok := ParseAct(OperatorTopic("jo", ClassAct)); !ok || id != "jo" {
		t.Errorf("%s, %v", id, ok)
	}
	for _, topic := range []string{"", OperatorTopic("jo", ClassAnswer), OperatorTopic("central", ClassAct), OperatorTopic("+", ClassAct),
		"unlock/1/ops/jo/up/req", "unlock/1/ops//up", UpTopic("north", "wall-1", ClassReq), "unlock/1/north/wall-1/up"} {
		if id, ok := ParseAct(topic); ok {
			t.Errorf("%q is %s's", topic, id)
		}
	}
}

func TestALongTextTravelsInParts(t *testing.T) {
	for _, size := range []int{0, 1, partSize, partSize + 1, 5*partSize - 1} {
		text := bytes.Repeat([]byte("x"), size)
		parts := Split(text)
		slices.Reverse(parts)
		var p Parts
		for i, one := range parts {
			whole, done, err := p.Take(one)
			must(t, err)
			if done != (i == len(parts)-1) || done && !bytes.Equal(whole, text) {
				t.Errorf("%d bytes: done with part %d of %d: %v, %d bytes came", size, i+1, len(parts), done, len(whole))
			}
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add(1, 2, []byte("a"), 2, 2, []byte("b"))
	f.Add(0, 0, []byte{}, -1, 1<<30, []byte{})
	f.Fuzz(func(t *testing.T, n1, of1 int, a []byte, n2, of2 int, b []byte) {
		var p Parts
		first, done, err := p.Take(Part{n1, of1, a})
		if done && (err != nil || n1 != 1 || of1 != 1 || !bytes.Equal(first, a)) {
			t.Errorf("%d of %d is the whole", n1, of1)
		}
		if _, done, err := p.Take(Part{n2, of2, b}); done && (err != nil || of2 > 2) {
			t.Errorf("two parts are the whole of %d", of2)
		}
	})
}

func newBadge(t testing.TB) Badge {
	i := newIdentity(t)
	return Badge{Realm: i.Realm, ID: "jo", Role: Engineer, NoteKey: i.NoteKey, SealKey: i.SealKey, Central: i.Central, MQTT: i.MQTT}
}

func TestABadgeComesBackFromItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jo.json")
	saved := newBadge(t)
	must(t, saved.Save(path))
	loaded, err := LoadBadge(path)
	must(t, err)
	if !reflect.DeepEqual(saved, loaded) {
		t.Error("another badge came back")
	}
	must(t, os.Chmod(path, 0o640))
	if _, err := LoadBadge(path); err == nil || !strings.Contains(err.Error(), "0600") {
		t.Errorf("one that others may read: %v", err)
	}
	for name, change := range map[string]func(*Badge){
		"role": func(b *Badge) { b.Role = "root" }, "id": func(b *Badge) { b.ID = "central" }, "realm": func(b *Badge) { b.Realm = "" },
		"note_key": func(b *Badge) { b.NoteKey = nil }, "seal_key": func(b *Badge) { b.SealKey = nil },
		"central": func(b *Badge) { b.Central.ID = "other" }, "mqtt.url": func(b *Badge) { b.MQTT.URL = "" },
	} {
		b := newBadge(t)
		change(&b)
		if err := b.Save(path); err == nil || !strings.Contains(err.Error(), name+" is m") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
