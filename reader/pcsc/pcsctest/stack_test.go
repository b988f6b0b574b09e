package pcsctest_test

import (
	"strings"
	"testing"

	"unlockpoint/reader/pcsc/pcsctest"
)

func TestTwoStacksRunSideBySide(t *testing.T) {
	for _, name := range []string{"one", "other"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pcsctest.Start(t)
			out, err := s.Command("opensc-tool", "--list-readers").CombinedOutput()
			if err != nil || !strings.Contains(string(out), s.Readers[1]) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
