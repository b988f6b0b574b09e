package buildroot_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestBusyBoxHasWhatTheScriptsStart: in common/busybox.fragment, since the rest of
// its configuration is Buildroot's to choose. A word of a script is a program's
// when BusyBox 1.35 has one of that name (testdata/applets.txt).
func TestBusyBoxHasWhatTheScriptsStart(t *testing.T) {
	all := files(t)
	fragment, applets := all[board+"/common/busybox.fragment"], strings.Fields(all["testdata/applets.txt"])
	// What BusyBox's shell has itself, what other packages have, and words that
	// are no programs where they stand.
	not := strings.Fields("echo test kill true false e2fsck findfs modprobe partx sh ash link links script last tty time route cut")
	comment, word := regexp.MustCompile(`(?m)^\s*#.*$`), regexp.MustCompile(`[^\w./$-]([a-z]\w+)\b[^\w=.(/-]`)
	seen := map[string]bool{}
	for name, text := range all {
		if !strings.HasPrefix(name, board+"/common/overlay/") || !strings.HasPrefix(text, "#!/bin/sh\n") {
			continue
		}
		text = strings.ReplaceAll(comment.ReplaceAllString(text, "")+"\n", " ", "  ") // no two words share a space
		for _, found := range word.FindAllStringSubmatch(strings.ReplaceAll(text, "\n", "\n\n"), -1) {
			w := found[1]
			if !slices.Contains(applets, w) || slices.Contains(not, w) {
				continue
			}
			seen[w] = true
			if symbol := "CONFIG_" + strings.ToUpper(w) + "=y\n"; !strings.Contains(fragment, "\n"+symbol) {
				t.Errorf("%s starts %s: busybox.fragment has no %s", name, w, symbol)
			}
		}
	}
	if len(seen) < 25 {
		t.Errorf("only %d programs: %v", len(seen), seen)
	}
}
