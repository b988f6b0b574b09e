package buildroot_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestALinkMayComeLateAndComeAgain: S40network on programs that only say how they
// are called, and with a folder in place of /sys, /data and /run.
func TestALinkMayComeLateAndComeAgain(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"dhcp":   {"", "udhcpc -i eth0"},
		"static": {"address 10.1.2.3/24\ngateway 10.1.2.1\ndns 10.1.2.2\n", "ip address add 10.1.2.3/24 dev eth0"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			at := func(name, text string, mode os.FileMode) {
				t.Helper()
				must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
				must(t, os.WriteFile(filepath.Join(dir, "new"), []byte(text), mode))
				must(t, os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, name))) // never half of it
			}
			said := func() string {
				text, _ := os.ReadFile(filepath.Join(dir, "said"))
				return string(text)
			}
			for _, program := range []string{"ip", "udhcpc"} {
				at("bin/"+program, "#!/bin/sh\necho "+program+" \"$@\" >>"+dir+"/said\n", 0o755)
			}
			at("bin/sleep", "#!/bin/sh\nexec /bin/sleep 0.05\n", 0o755)
			at("data/etc/network", c.file, 0o644)
			must(t, os.Mkdir(filepath.Join(dir, "run"), 0o755))
			script, err := os.ReadFile(board + "/common/overlay/etc/init.d/S40network")
			must(t, err)
			text := string(script)
			for _, place := range []string{"/sys/", "/data/", "/run/"} {
				text = strings.ReplaceAll(text, place, dir+place)
			}
			at("S40network", strings.ReplaceAll(text, "\ndone &\n", "\ndone\n"), 0o755)

			run := exec.Command(filepath.Join(dir, "S40network"), "start")
			run.Env = []string{"PATH=" + dir + "/bin:" + os.Getenv("PATH")}
			must(t, run.Start())
			t.Cleanup(func() { run.Process.Kill(); run.Wait() })
			until := func(what string, is func() bool) {
				t.Helper()
				for end := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
					if time.Now().After(end) {
						t.Fatalf("waited for %s:\n%s", what, said())
					}
				}
			}
			until("lo", func() bool { return strings.Contains(said(), "ip link set lo up") })
			if strings.Contains(said(), "eth0") {
				t.Errorf("it takes a link that is not there:\n%s", said())
			}
			for i, index := range []string{"2", "3"} { // another each time that it comes
				at("sys/class/net/eth0/ifindex", index+"\n", 0o644)
				until("the link", func() bool { return strings.Count(said(), c.want) == i+1 })
			}
		})
	}
}
