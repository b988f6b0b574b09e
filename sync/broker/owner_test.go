package broker_test

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"unlockpoint/sync/broker"
)

// Root's Mosquitto gives root up before it reads its files.
func TestMosquittoMayReadWhatRootWrote(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can write for another user")
	}
	account, err := user.Lookup("mosquitto")
	if err != nil {
		t.Fatal("make deps installs Mosquitto, which brings its user: ", err)
	}
	dir := t.TempDir()
	if _, err := broker.Mosquitto(dir, broker.MosquittoConfig{Addr: "127.0.0.1:1883"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mosquitto.conf", "acl", "passwords"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		group := strconv.Itoa(int(info.Sys().(*syscall.Stat_t).Gid))
		if group != account.Gid || info.Mode() != 0o640 {
			t.Errorf("%s: group %s, want %s; mode %v", name, group, account.Gid, info.Mode())
		}
	}
}
