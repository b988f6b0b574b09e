package display

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestASecretNeverPrints(t *testing.T) {
	secret := NewSecret("Blackbird 7")
	field := Field{Kind: TextField, Value: secret}
	encoded, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("typed", "secret", secret)
	for _, printed := range []string{
		fmt.Sprint(secret), fmt.Sprintf("%v %+v %#v %s", secret, secret, secret, secret),
		fmt.Sprintf("%v %+v", field, field), string(encoded), log.String(),
	} {
		if strings.Contains(printed, "Blackbird") || strings.Contains(printed, "66 108") {
			t.Errorf("%q gives the secret away", printed)
		}
	}
}

func TestASecretIsTypedDeletedAndWiped(t *testing.T) {
	var secret Secret
	for _, r := range "1234" {
		secret.Type(r)
	}
	secret.Delete()
	if got := secret.Reveal(); got != "123" {
		t.Fatalf("after 1234 and one delete it holds %q", got)
	}
	behind := secret.runes[:cap(secret.runes)]
	copied := secret.Clone()
	secret.Wipe()
	if secret.Len() != 0 || copied.Reveal() != "123" {
		t.Errorf("wiping left %d characters, and %q in the copy", secret.Len(), copied.Reveal())
	}
	for i, r := range behind {
		if r != 0 {
			t.Fatalf("character %d is still in memory", i)
		}
	}
	secret.Delete()
}

func TestASecretHasAnEnd(t *testing.T) {
	secret := NewSecret(strings.Repeat("x", maxSecret+10))
	if secret.Len() != maxSecret {
		t.Errorf("it holds %d characters", secret.Len())
	}
}

func TestSameComparesWholeSecrets(t *testing.T) {
	for _, pair := range []struct {
		a, b string
		same bool
	}{{"", "", true}, {"a", "a", true}, {"a", "b", false}, {"a", "ab", false}} {
		if got := NewSecret(pair.a).Same(NewSecret(pair.b)); got != pair.same {
			t.Errorf("%q and %q: %v", pair.a, pair.b, got)
		}
	}
	var none *Secret
	if none.Len() != 0 || none.Reveal() != "" || !none.Same(NewSecret("")) {
		t.Error("no secret at all should be an empty one")
	}
}
