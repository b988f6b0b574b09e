package wire

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func newIdentity(t testing.TB) Identity {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	must(t, err)
	seal := newParty(t, "wall-1").seal
	return Identity{Realm: realm, Site: "north", ID: "wall-1", Name: "Main entrance",
		NoteKey: private.Seed(), SealKey: seal.Bytes(), RegistryKey: make([]byte, 32),
		Central: PinnedCentral{ID: Central, NoteKey: public, SealKey: seal.Public()},
		MQTT:    MQTT{URL: "mqtt://127.0.0.1:1883", User: "wall-1", Password: "hunter2hunter2"}}
}

func TestAnIdentityComesBackFromItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity.json")
	saved := newIdentity(t)
	must(t, saved.Save(path))
	must(t, saved.Save(path)) // over the old one
	loaded, err := LoadIdentity(path)
	must(t, err)
	if !reflect.DeepEqual(saved, loaded) {
		t.Error("another identity came back")
	}
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v", info.Mode())
	}
	left, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	if len(left) != 1 {
		t.Errorf("saving left %d files", len(left))
	}
}

func TestAnIdentityThatOthersMayReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity.json")
	must(t, newIdentity(t).Save(path))
	must(t, os.Chmod(path, 0o644))
	if _, err := LoadIdentity(path); err == nil || !strings.Contains(err.Error(), "0600") {
		t.Errorf("loading it: %v", err)
	}
}

func TestAnIdentityDoesNotPrintItsSecrets(t *testing.T) {
	i := newIdentity(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		out := fmt.Sprintf(verb, i) + fmt.Sprintf(verb, i.MQTT)
		if strings.Contains(out, i.MQTT.Password) || len(out) > 120 {
			t.Errorf("%s prints %q", verb, out)
		}
	}
}

func TestAnIncompleteIdentityIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Identity){
		"realm":    func(i *Identity) { i.Realm = "a\nb" },
		"site":     func(i *Identity) { i.Site = "ops" },
		"id":       func(i *Identity) { i.ID = Central },
		"note key": func(i *Identity) { i.NoteKey = nil },
		"seal key": func(i *Identity) { i.SealKey = i.SealKey[1:] },
		"central":  func(i *Identity) { i.Central.NoteKey = nil },
		"registry": func(i *Identity) { i.RegistryKey = nil },
		"mqtt":     func(i *Identity) { i.MQTT.URL = "" },
	} {
		i := newIdentity(t)
		spoil(&i)
		if i.Save(filepath.Join(t.TempDir(), "identity.json")) == nil {
			t.Errorf("saved without a good %s", name)
		}
	}
}
