package buildroot_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestACodeOnTheCardIsTaken: S25enrol, with folders in place of /data and of the
// card's first partition.
func TestACodeOnTheCardIsTaken(t *testing.T) {
	const here, taken, nobody = "card/enrol", "data/etc/enrol", "data/lost+found/here"
	for name, c := range map[string]struct {
		label string   // of the partition
		files []string // that are there before
		left  string   // where the code is then
	}{
		"by a terminal that is nobody":   {"SELECT", []string{nobody}, taken},
		"by one with a single partition": {"BOOT", []string{nobody}, taken},
		"not by one that is somebody":    {"SELECT", []string{nobody, "data/etc/identity.json"}, here},
		"not by one that keeps nothing":  {"SELECT", nil, here},
		"not from another partition":     {"OTHER", []string{nobody}, here},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			at := func(name, text string) {
				t.Helper()
				must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
				must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755))
			}
			for _, file := range append(c.files, here, "data/etc/terminal.toml") {
				at(file, "ABCD-EFGH\r\nmqtts://broker:8884\r\n")
			}
			at("bin/findfs", "#!/bin/sh\n[ $1 = LABEL="+c.label+" ] && echo /dev/mmcblk0p1\n")
			at("bin/mount", "#!/bin/sh\n[ $5 = /dev/mmcblk0p1 ] && ln -s card $6\n")
			at("bin/umount", "#!/bin/sh\nrm $1\n")
			script, err := os.ReadFile(board + "/common/overlay/etc/init.d/S25enrol")
			must(t, err)
			run := exec.Command("sh", "-c", strings.NewReplacer("/data", dir+"/data", "/boot", dir+"/boot").Replace(string(script)))
			run.Env = []string{"PATH=" + dir + "/bin:" + os.Getenv("PATH")}
			if out, err := run.CombinedOutput(); len(out) > 0 {
				t.Errorf("%v: %s", err, out)
			}
			for _, place := range []string{here, taken} {
				if is := exists(filepath.Join(dir, place)); is != (place == c.left) {
					t.Errorf("%s is there: %v", place, is)
				}
			}
			if text, _ := os.ReadFile(filepath.Join(dir, taken)); c.left == taken && string(text) != "ABCD-EFGH\nmqtts://broker:8884\n" {
				t.Errorf("it became %q", text)
			}
			if exists(filepath.Join(dir, "boot")) {
				t.Error("the card stays mounted")
			}
		})
	}
}
