package buildroot_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestALightIsTheTerminals: that of a panel which is here when S10devices runs,
// and that of one which comes later, by the rule of mdev.conf. BusyBox is real, in
// a folder that it takes for the root.
func TestALightIsTheTerminals(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root gives a file to somebody else")
	}
	busybox, err := os.ReadFile("/bin/busybox")
	must(t, err)
	const unlockpoint, light = 1000, "sys/class/backlight/10-0045/brightness"
	for when, command := range map[string]string{
		"here from the start": ". /etc/init.d/S10devices",
		"come later":          "ACTION=add SUBSYSTEM=backlight DEVPATH=/devices/panel/backlight/10-0045 mdev",
	} {
		t.Run(when, func(t *testing.T) {
			root := t.TempDir()
			groups := "root:x:0:\n"
			for _, name := range strings.Fields("tty dialout video input audio spi i2c gpio unlockpoint pcscd") {
				groups += name + ":x:1:\n"
			}
			files := map[string]string{
				"bin/busybox": string(busybox), light: "255\n", "etc/group": groups, "dev/fb0": "",
				"etc/passwd": "root:x:0:0::/:/bin/sh\nunlockpoint:x:1000:1::/:/bin/sh\n",
			}
			for _, name := range []string{"etc/mdev.conf", "etc/init.d/S10devices"} {
				text, err := os.ReadFile(filepath.Join(board, "common/overlay", name))
				must(t, err)
				files[name] = string(text)
			}
			for name, text := range files {
				must(t, os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
				must(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o755))
			}
			for _, applet := range []string{"sh", "mdev", "chown"} {
				must(t, os.Symlink("busybox", filepath.Join(root, "bin", applet)))
			}

			c := exec.Command("/bin/sh", "-c", command)
			c.Dir, c.Env, c.SysProcAttr = "/", []string{"PATH=/bin"}, &syscall.SysProcAttr{Chroot: root}
			if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v: %s", err, out)
			}
			info, err := os.Stat(filepath.Join(root, light))
			must(t, err)
			if owner := info.Sys().(*syscall.Stat_t).Uid; owner != unlockpoint {
				t.Errorf("it is the user %d's", owner)
			}
		})
	}
}
