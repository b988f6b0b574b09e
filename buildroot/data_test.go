package buildroot_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheDataPartitionGrowsAfterAPowerCutToo: S20data, with a folder in place of
// /sys and /data, and a file as the partition: its file system is real, and so are
// the programs that mend and fill it. The first start is cut off behind sfdisk or
// partx, or before resize2fs; the next one does what is left.
func TestTheDataPartitionGrowsAfterAPowerCutToo(t *testing.T) {
	const before, after, last = 16 << 20, 48 << 20, 33 // bytes, and the sectors of GPT's copy
	for _, cut := range []string{"", "sfdisk", "partx", "resize2fs"} {
		t.Run("cut by "+cut, func(t *testing.T) {
			dir := t.TempDir()
			at := func(name, text string, mode os.FileMode) {
				t.Helper()
				must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
				must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), mode))
			}
			program := func(name, does string) {
				t.Helper()
				at("bin/"+name, "#!/bin/sh\n"+does+"\n", 0o755)
			}
			disk := "sys/devices/mmcblk0"
			part, sectors := filepath.Join(dir, "partition"), filepath.Join(dir, disk, "mmcblk0p4/size")
			for file, holds := range map[string]string{
				"size": fmt.Sprint(2048 + after/512 + last), "mmcblk0p4/start": "2048", "mmcblk0p4/size": fmt.Sprint(before / 512),
				"mmcblk0p4/partition": "4", "mmcblk0p4/uevent": "PARTNAME=data",
			} {
				at(filepath.Join(disk, file), holds+"\n", 0o644)
			}
			at("sys/fs/ext4/mmcblk0p4/errors_count", "0\n", 0o644)
			at("data/.here", "", 0o644)
			at("usr/share/unlockpoint/terminal.toml", "", 0o644)
			must(t, os.MkdirAll(filepath.Join(dir, "sys/class/block"), 0o755))
			for name, place := range map[string]string{"mmcblk0": "mmcblk0", "mmcblk0p4": "mmcblk0/mmcblk0p4"} {
				must(t, os.Symlink("../../devices/"+place, filepath.Join(dir, "sys/class/block", name)))
			}
			run(t, "truncate", fmt.Sprint("--size=", before), part)
			run(t, "mke2fs", "-q", "-t", "ext4", "-b", "4096", part)

			for _, name := range []string{"mount", "umount", "chown", "partx", "logger"} {
				program(name, "")
			}
			program("sfdisk", fmt.Sprintf("[ \"$2\" = --relocate ] || { truncate --size=%d %s; echo %d >%s; }", after, part, after/512, sectors))
			for _, name := range []string{"e2fsck", "resize2fs"} {
				whole, err := exec.LookPath(name)
				must(t, err)
				program(name, fmt.Sprintf("[ \"$1\" != -fp ] || shift\nexec %s %s %s", whole, map[string]string{"e2fsck": "-fp"}[name], part))
			}
			start := func() error {
				script, err := os.ReadFile(board + "/common/overlay/etc/init.d/S20data")
				must(t, err)
				text := string(script)
				for _, place := range []string{"/sys/", "/data", "/usr/share/"} {
					text = strings.ReplaceAll(text, place, dir+place)
				}
				c := exec.Command("sh", "-c", text)
				c.Env = []string{"PATH=" + dir + "/bin:" + os.Getenv("PATH")}
				out, err := c.CombinedOutput()
				t.Logf("%s", out)
				return err
			}
			if cut != "" {
				whole := filepath.Join(dir, "bin", cut)
				must(t, os.Rename(whole, whole+".whole"))
				does := whole + ".whole \"$@\"; [ \"$2\" = --relocate ] || kill -9 $PPID"
				if cut == "resize2fs" {
					does = "kill -9 $PPID"
				}
				program(cut, does)
				if start() == nil || exists(filepath.Join(dir, "data/made")) {
					t.Fatal("it is not cut off")
				}
				must(t, os.Rename(whole+".whole", whole))
			}
			must(t, start())
			if !exists(filepath.Join(dir, "data/made")) {
				t.Error("the start does not come to its end")
			}
			if head := run(t, "dumpe2fs", "-h", part); !strings.Contains(head, fmt.Sprintf("Block count:              %d\n", after/4096)) {
				t.Errorf("it does not fill its partition:\n%s", head)
			}
		})
	}
}
