package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// holdEnv makes this test binary hold the store in the folder that it names,
// until its input ends.
const holdEnv = "STORE_TEST_HOLD"

func TestAStoreOfAnotherProcessIsLeftAlone(t *testing.T) {
	if dir := os.Getenv(holdEnv); dir != "" {
		hold(t, dir)
		return
	}
	dir := filepath.Join(t.TempDir(), "store")
	letGo := held(t, dir)

	for range 3 { // it stays so
		if _, err := Open(dir); !errors.Is(err, ErrInUse) || errors.Is(err, ErrDamaged) {
			t.Errorf("opened a store that is in use: %v", err)
		}
	}
	if beside, err := filepath.Glob(dir + ".*"); err != nil || len(beside) > 0 {
		t.Errorf("it was set aside: %q, %v", beside, err)
	}

	letGo()
	s, err := Open(dir)
	if err != nil {
		t.Fatalf("the other process is gone: %v", err)
	}
	s.Close()
}

func hold(t *testing.T, dir string) {
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("held")
	io.Copy(io.Discard, os.Stdin)
	s.Close()
}

// held returns once another process has the store open.
func held(t *testing.T, dir string) (letGo func()) {
	t.Helper()
	other := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	other.Env = append(os.Environ(), holdEnv+"="+dir)
	hand, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	says, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	letGo = func() {
		hand.Close()
		io.Copy(io.Discard, says)
		other.Wait()
	}
	t.Cleanup(letGo)
	if line, err := bufio.NewReader(says).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	return letGo
}
