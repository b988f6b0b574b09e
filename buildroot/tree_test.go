// Package buildroot_test holds the tree of this folder to Buildroot's rules, as
// far as they can be held where Buildroot is not: its symbols, its conventions
// for files, and the programs that it runs on ours.
package buildroot_test

import (
	"bufio"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"unlockpoint/display/goldentest"
)

// board is where everything of a board is.
const board = "board/unlockpoint"

// files are those of the tree that are Buildroot's, with their texts.
func files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == "qemu" {
			return fs.SkipDir
		}
		if !entry.Type().IsRegular() || strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		all[name] = string(text)
		return err
	}))
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lower are symbols of processors, which the list of symbols does not have.
var lower = []string{"BR2_aarch64", "BR2_cortex_a53", "BR2_cortex_a72", "BR2_cortex_a76"}

var update = flag.Bool("update", false, "write the list of symbols anew, where Buildroot's is beside the project")

// TestEverySymbolIsBuildroots: a defconfig with a symbol that Buildroot does not
// have is taken without a word, and builds something else. testdata/symbols.txt
// are those that were held against the list of Buildroot 2026.08; they are held
// against it again where it is beside the project.
func TestEverySymbolIsBuildroots(t *testing.T) {
	used := map[string]bool{}
	symbol := regexp.MustCompile(`BR2_\w+`)
	for name, text := range files(t) {
		if strings.HasSuffix(name, ".md") || strings.HasPrefix(name, "testdata/") {
			continue
		}
		for _, s := range symbol.FindAllString(text, -1) {
			used[s] = true
		}
	}
	for _, own := range []string{"BR2_PACKAGE_UNLOCKPOINT", "BR2_EXTERNAL_UNLOCKPOINT_PATH", "BR2_EXTERNAL"} {
		delete(used, own)
	}
	symbols := slices.Sorted(maps.Keys(used))
	list, err := os.ReadFile("../../shared/embedded/buildroot-symbols.txt")
	if err == nil {
		known := append(strings.Fields(string(list)), lower...)
		for _, s := range symbols {
			if !slices.Contains(known, s) {
				t.Errorf("Buildroot has no %s", s)
			}
		}
	}
	goldentest.Text(t, "testdata/symbols.txt", strings.Join(symbols, "\n")+"\n", *update && err == nil && !t.Failed())
}

// TestADefconfigSaysAThingOnce, and names no file of ours that is not there.
func TestADefconfigSaysAThingOnce(t *testing.T) {
	for _, name := range defconfigs(t) {
		seen := map[string]bool{}
		for symbol, value := range settings(t, name) {
			if seen[symbol] {
				t.Errorf("%s: %s stands twice", name, symbol)
			}
			seen[symbol] = true
			for _, path := range ours.FindAllStringSubmatch(value, -1) {
				if found, _ := filepath.Glob(path[1]); len(found) == 0 {
					t.Errorf("%s: %s: there is no %s", name, symbol, path[1])
				}
			}
		}
		for _, needed := range []string{"BR2_PACKAGE_UNLOCKPOINT", "BR2_DOWNLOAD_FORCE_CHECK_HASHES", "BR2_ROOTFS_USERS_TABLES", "BR2_TARGET_LOCALTIME"} {
			if !seen[needed] {
				t.Errorf("%s: no %s", name, needed)
			}
		}
	}
}

// takes are symbols that go with others: what Buildroot's Config.in lets another
// depend on, without which that is dropped without a word, and what post-image.sh
// runs on a board that has the firmware.
var takes = map[string][]string{
	"BR2_TARGET_LOCALTIME":         {"BR2_TARGET_TZ_INFO"},
	"BR2_PACKAGE_KMOD_TOOLS":       {"BR2_PACKAGE_KMOD", "BR2_PACKAGE_BUSYBOX_SHOW_OTHERS"},
	"BR2_PACKAGE_RPI_FIRMWARE":     {"BR2_PACKAGE_HOST_DTC", "BR2_PACKAGE_HOST_DOSFSTOOLS", "BR2_PACKAGE_HOST_MTOOLS"},
	"BR2_ROOTFS_POST_IMAGE_SCRIPT": {"BR2_PACKAGE_HOST_GENIMAGE", "BR2_PACKAGE_HOST_E2FSPROGS", "BR2_TARGET_ROOTFS_SQUASHFS"},
}

// TestNothingIsDroppedWithoutAWord for want of what it takes.
func TestNothingIsDroppedWithoutAWord(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range defconfigs(t) {
		set := maps.Collect(settings(t, name))
		for symbol, needed := range takes {
			if set[symbol] == "" {
				continue
			}
			seen[symbol] = true
			for _, n := range needed {
				if set[n] == "" {
					t.Errorf("%s: %s takes %s", name, symbol, n)
				}
			}
		}
	}
	if len(seen) != len(takes) {
		t.Errorf("only %v are in a defconfig", seen)
	}
}

var ours = regexp.MustCompile(`\$\(BR2_EXTERNAL_UNLOCKPOINT_PATH\)/([^ "]+)`)

func defconfigs(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("configs/unlockpoint_*_defconfig")
	must(t, err)
	for _, machine := range []string{"rpi4", "rpi5", "zero2w", "qemu_aarch64"} {
		if !slices.Contains(all, "configs/unlockpoint_"+machine+"_defconfig") {
			t.Errorf("there is no defconfig for %s", machine)
		}
	}
	return all
}

// settings are the lines of a defconfig: symbol and value.
func settings(t *testing.T, name string) func(func(symbol, value string) bool) {
	t.Helper()
	text, err := os.ReadFile(name)
	must(t, err)
	line := regexp.MustCompile(`^(?:(BR2_\w+)=(y|"[^"]*")|# (BR2_\w+) is not set|#.*|)$`)
	return func(yield func(string, string) bool) {
		for i, l := range strings.Split(string(text), "\n") {
			found := line.FindStringSubmatch(l)
			if found == nil {
				t.Errorf("%s:%d: %q is no line of a defconfig", name, i+1, l)
			} else if symbol := found[1] + found[3]; symbol != "" && !yield(symbol, found[2]) {
				return
			}
		}
	}
}

// TestFilesAreAsCheckPackageWantsThem: the rules of Buildroot's utils/check-package
// for Config.in, .mk, .hash and scripts.
func TestFilesAreAsCheckPackageWantsThem(t *testing.T) {
	rule := strings.Repeat("#", 80)
	for name, text := range files(t) {
		if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
			t.Errorf("%s: ends in %q", name, text[max(0, len(text)-2):])
		}
		for i, l := range strings.Split(text, "\n") {
			if strings.TrimRight(l, " \t") != l {
				t.Errorf("%s:%d: space at its end", name, i+1)
			}
			if strings.HasPrefix(l, " ") && !strings.HasSuffix(name, ".md") && !strings.HasSuffix(name, ".dtsi") {
				t.Errorf("%s:%d: indented by spaces", name, i+1)
			}
			if name == "package/unlockpoint/Config.in" && len(strings.ReplaceAll(l, "\t", "        ")) > 80 && !strings.Contains(l, "depends on") {
				t.Errorf("%s:%d: longer than 80", name, i+1)
			}
		}
		if strings.HasSuffix(name, ".mk") && name != "external.mk" && !strings.HasPrefix(text, rule+"\n#\n# unlockpoint\n#\n"+rule+"\n\n") {
			t.Errorf("%s: does not begin with Buildroot's header", name)
		}
	}
}

// TestLicencesAreThoseThatAreHashed: legal-info compares these files.
func TestLicencesAreThoseThatAreHashed(t *testing.T) {
	mk, err := os.ReadFile("package/unlockpoint/unlockpoint.mk")
	must(t, err)
	hashes, err := os.Open("package/unlockpoint/unlockpoint.hash")
	must(t, err)
	defer hashes.Close()
	hashed := map[string]string{}
	for lines := bufio.NewScanner(hashes); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) == 3 && f[0] == "sha256" {
			hashed[f[2]] = f[1]
		}
	}
	licences := regexp.MustCompile(`UNLOCKPOINT_LICENSE_FILES = (.*)`).FindStringSubmatch(string(mk))
	for _, name := range strings.Fields(licences[1]) {
		text, err := os.ReadFile(filepath.Join("..", name))
		must(t, err)
		if want := fmt.Sprintf("%x", sha256.Sum256(text)); hashed[name] != want {
			t.Errorf("%s: its hash is %s, the file says %q", name, want, hashed[name])
		}
		delete(hashed, name)
	}
	for name := range hashed {
		t.Errorf("%s is hashed and is no licence", name)
	}
}

// TestPermissions: what is run can be run, nothing else can, and nobody but its
// owner may write a file of the root.
func TestPermissions(t *testing.T) {
	for name, text := range files(t) {
		info, err := os.Stat(name)
		must(t, err)
		if runs, mode := strings.HasPrefix(text, "#!"), info.Mode().Perm(); mode&0o022 != 0 || (mode&0o111 != 0) != runs {
			t.Errorf("%s: %v", name, mode)
		}
	}
	for link, to := range map[string]string{"etc/unlockpoint": "/data/etc", "var/lib/unlockpoint": "/data/lib", "etc/resolv.conf": "/run/resolv.conf"} {
		if is, err := os.Readlink(filepath.Join(board, "common/overlay", link)); is != to {
			t.Errorf("%s leads to %q, %v", link, is, err)
		}
	}
}

// TestNothingOfOursRunsAsRoot: every program of inittab that goes on is started
// as one of the users of the table, by groups that devices are given to. None is
// on the serial line, which init would set anew at each start.
func TestNothingOfOursRunsAsRoot(t *testing.T) {
	all := files(t)
	users, groups := map[string]bool{}, []string{}
	for _, l := range strings.Split(all[board+"/common/users.txt"], "\n") {
		if f := strings.Fields(l); len(f) > 8 && !strings.HasPrefix(l, "#") {
			if users[f[0]] = true; f[1] == "0" || f[4] != "*" || f[6] != "-" {
				t.Errorf("%q: no uid 0, no password, no shell", l)
			}
			groups = append(append(groups, f[2]), strings.Split(f[7], ",")...)
		}
	}
	overlay := board + "/common/overlay"
	program := regexp.MustCompile(`(?m)^\w+::respawn:(.*)$`)
	user := regexp.MustCompile(`(?m)^su -s /usr/s?bin/\w+ (\w+) `)
	started := program.FindAllStringSubmatch(all[overlay+"/etc/inittab"], -1)
	for _, p := range started {
		if as := user.FindStringSubmatch(all[overlay+p[1]]); as == nil || !users[as[1]] {
			t.Errorf("%s is not started as a user of the table", p[1])
		}
	}
	if len(started) != 2 {
		t.Errorf("%d programs in inittab", len(started))
	}
	for _, l := range strings.Split(all[overlay+"/etc/mdev.conf"], "\n") {
		if f := strings.Fields(l); len(f) == 3 && !strings.HasPrefix(l, "#") {
			if g := strings.TrimPrefix(f[1], "root:"); g != "root" && !slices.Contains(groups, g) {
				t.Errorf("%s: nobody is in %s", f[0], g)
			}
		}
	}
}
