package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/sync/central/store"
)

func create(t *testing.T, name string) (*Ring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	r, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return r, path
}

func TestARingComesBackFromItsFile(t *testing.T) {
	made, path := create(t, "ring")
	read, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, use := range Uses() {
		_, a := made.Newest(use)
		v, b := read.Newest(use)
		if v != 1 || !bytes.Equal(a, b) || len(a) != Size {
			t.Errorf("the %s key differs", use)
		}
	}
}

func TestARingIsNeverReplaced(t *testing.T) {
	made, path := create(t, "ring")
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	read, err := Load(path)
	if err != nil || !bytes.Equal(made.SealKey(), read.SealKey()) {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestARingThatOthersMayReadIsRefused(t *testing.T) {
	_, path := create(t, "ring")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
}

func TestARingNeverPrints(t *testing.T) {
	r, _ := create(t, "ring")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, r); got != redacted {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}

func TestASealedFieldOpensOnlyInItsPlace(t *testing.T) {
	r, _ := create(t, "ring")
	other, _ := create(t, "ring")
	sealed, err := r.Seal(Field, "cards", "piv:01", []byte("a.person@nhs.net"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("person")) {
		t.Error("the field is in the clear")
	}
	plain, err := r.Open(Field, "cards", "piv:01", sealed)
	if err != nil || string(plain) != "a.person@nhs.net" {
		t.Errorf("got %q, %v", plain, err)
	}
	for name, err := range map[string]error{
		"another row":   second(r.Open(Field, "cards", "piv:02", sealed)),
		"another table": second(r.Open(Field, "mails", "piv:01", sealed)),
		"another use":   second(r.Open(Card, "cards", "piv:01", sealed)),
		"another ring":  second(other.Open(Field, "cards", "piv:01", sealed)),
		"cut short":     second(r.Open(Field, "cards", "piv:01", sealed[:9])),
	} {
		if !errors.Is(err, ErrUnsealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ []byte, err error) error { return err }

func TestAServerWithOtherKeysDoesNotStart(t *testing.T) {
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mine, _ := create(t, "mine")
	other, _ := create(t, "other")
	rotated := &Ring{keys: map[Use][][]byte{}}
	for _, use := range Uses() {
		rotated.keys[use] = [][]byte{mine.keys[use][0], other.keys[use][0]}
	}

	for _, step := range []struct {
		what string
		ring *Ring
		want error
	}{
		{"the first start", mine, nil},
		{"the same ring", mine, nil},
		{"another ring", other, ErrOtherRing},
		{"a rotated ring", rotated, nil},
		{"the ring from before the rotation", mine, ErrOtherRing},
	} {
		if err := s.Update(t.Context(), step.ring.Confirm); !errors.Is(err, step.want) {
			t.Errorf("%s: %v", step.what, err)
		}
	}
}

func TestSitesHaveTheirOwnRegistryKeys(t *testing.T) {
	r, _ := create(t, "ring")
	if bytes.Equal(r.RegistryKey("ward-1"), r.RegistryKey("ward-2")) {
		t.Error("two sites share a key")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"v":1,"keys":{}}`))
	f.Add([]byte(`{"v":2}`))
	f.Add([]byte(`{"v":1,"keys":{"oprf":["AAAA"]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := parse(raw)
		if err != nil {
			return
		}
		for _, use := range Uses() {
			if _, key := r.Newest(use); len(key) != Size {
				t.Errorf("a %s key of %d bytes", use, len(key))
			}
		}
	})
}
