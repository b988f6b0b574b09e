package pcscd_test

import (
	"strings"
	"testing"

	"unlockpoint/reader/pcsc/pcscd"
)

func TestTwoServicesRunSideBySide(t *testing.T) {
	for _, name := range []string{"one", "other"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := pcscd.Start(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Down()
			out, err := s.Command("opensc-tool", "--list-readers").CombinedOutput()
			if err != nil || !strings.Contains(string(out), s.Readers[1]) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
