package broker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func someAccounts() []Account {
	return []Account{{User: "central", Password: "c", Role: Central}, {User: "wall-1", Password: "secret-1", Role: Terminal, Site: "north"}}
}

func TestMosquittosFiles(t *testing.T) {
	dir := t.TempDir()
	conf, err := Mosquitto(dir, MosquittoConfig{Addr: "127.0.0.1:1883", Accounts: someAccounts()})
	if err != nil {
		t.Fatal(err)
	}
	for path, lines := range map[string][]string{
		conf: {"listener 1883 127.0.0.1", "allow_anonymous false", "set_tcp_nodelay true", "persistence false"},
		filepath.Join(dir, "acl"): {"pattern write unlock/1/+/%u/up/req", "pattern read unlock/1/+/%u/dn/#",
			"user central", "topic readwrite unlock/1/#"},
		filepath.Join(dir, "passwords"): {"wall-1:$7$101$"},
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(text), line) {
				t.Errorf("%s lacks %q", filepath.Base(path), line)
			}
		}
		if strings.Contains(string(text), "secret-1") || strings.Contains(string(text), "%c") {
			t.Errorf("%s holds a password, or a client's own choice of name", filepath.Base(path))
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o027 != 0 {
			t.Errorf("%s may be read by others", filepath.Base(path))
		}
	}
}

func TestMosquittosFilesWithCertificates(t *testing.T) {
	dir := t.TempDir()
	_, err := Mosquitto(dir, MosquittoConfig{Addr: "0.0.0.0:8883", Accounts: []Account{{User: "central", Role: Central}},
		TLS: &TLS{Key: "the key", EnrolAddr: "0.0.0.0:8884", Retired: []string{"wall-9"}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][]string{
		"mosquitto.conf": {"per_listener_settings true\n", "listener 8883 0.0.0.0\ntls_version tlsv1.3\n", "require_certificate true\n",
			"use_identity_as_username true\n", "cafile ", "crlfile ", "set_tcp_nodelay true", "\nlistener 8884 0.0.0.0\ntls_version tlsv1.3\n", "enrol-acl\n"},
		"acl":       {"pattern read unlock/1/+/%u/dn/#", "user wall-9\ntopic deny #"},
		"enrol-acl": {"pattern write enrol/1/%c/csr\npattern read enrol/1/%c/cert\n"},
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(text), line) {
				t.Errorf("%s lacks %q:\n%s", name, line, text)
			}
		}
		if strings.Contains(string(text), "%c") != (name == "enrol-acl") || strings.Contains(string(text), "the key") {
			t.Errorf("%s holds the key, or a client's own choice of name where it may not", name)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "broker.key")); err != nil || info.Mode().Perm()&0o027 != 0 {
		t.Errorf("the key may be read by others: %v", err)
	}
}

func TestAccountsThatWouldGetAtOthersAreRefused(t *testing.T) {
	for name, list := range map[string][]Account{
		"a wildcard":     {{User: "+", Password: "x", Role: Terminal}},
		"a line end":     {{User: "a\nuser central", Password: "x", Role: Terminal}},
		"a colon":        {{User: "a:b", Password: "x", Role: Terminal}},
		"central's name": {{User: "central", Password: "x", Role: Terminal}},
		"all":            {{User: "all", Password: "x", Role: Terminal}},
		"a name twice":   {{User: "a", Password: "x", Role: Terminal}, {User: "a", Password: "y", Role: Terminal}},
		"no name":        {{Password: "x", Role: Terminal}},
		"no password":    {{User: "a", Role: Terminal}},
		"no role":        {{User: "a", Password: "x"}},
	} {
		if _, err := Mosquitto(t.TempDir(), MosquittoConfig{Addr: "127.0.0.1:1883", Accounts: list}); err == nil {
			t.Errorf("%s: written", name)
		}
		if b, err := Start("127.0.0.1:0", list); err == nil {
			b.Close()
			t.Errorf("%s: started", name)
		}
	}
	if _, err := Mosquitto(t.TempDir(), MosquittoConfig{Addr: ":1883", Accounts: someAccounts()}); err == nil {
		t.Error("an address for all the world was taken without saying so")
	}
}

func TestWhatARuleCovers(t *testing.T) {
	for _, c := range []struct {
		rule, filter string
		want         bool
	}{
		{"a/+/c", "a/b/c", true}, {"a/+/c", "a/+/c", true}, {"a/b/c", "a/+/c", false},
		{"a/#", "a/b/c", true}, {"a/#", "a/#", true}, {"a/#", "a", true}, {"a/+", "a/#", false},
		{"a/b/#", "a/#", false}, {"a/b", "a/b/c", false}, {"a/b/c", "a/b", false}, {"a/b", "#", false},
	} {
		if got := covers(c.rule, c.filter); got != c.want {
			t.Errorf("%s covers %s: %v", c.rule, c.filter, got)
		}
	}
}

func TestAPortIsServedOnceAndFreeAfterClose(t *testing.T) {
	first, err := Start("127.0.0.1:0", someAccounts())
	if err != nil {
		t.Fatal(err)
	}
	if second, err := Start(first.Addr(), someAccounts()); err == nil {
		second.Close()
		t.Error("two brokers on one port")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Start(first.Addr(), someAccounts())
	if err != nil {
		t.Fatalf("the port is not free after close: %v", err)
	}
	again.Close()
}
