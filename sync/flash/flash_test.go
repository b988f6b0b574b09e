package flash

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
		if _, err := Open(Options(dir)); !errors.Is(err, ErrInUse) || errors.Is(err, ErrDamaged) {
			t.Errorf("opened a store that is in use: %v", err)
		}
	}

	letGo()
	s, err := Open(Options(dir))
	if err != nil {
		t.Fatalf("the other process is gone: %v", err)
	}
	s.Close()
}

func hold(t *testing.T, dir string) {
	s, err := Open(Options(dir))
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

// What a power cut must not lose is on the disk before it counts, and a small
// board holds it all: DESIGN, section 10.
func TestAStoreIsMadeForASmallBoardThatLosesPower(t *testing.T) {
	db, err := Open(Options(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	o := db.Opts()
	if !o.SyncWrites || o.MemTableSize != 2<<20 || o.NumMemtables != 2 || o.ValueLogFileSize != 8<<20 ||
		o.ValueThreshold != 64<<10 || o.BlockCacheSize != 1<<20 || o.Compression != 0 {
		t.Errorf("%+v", o)
	}
}

func TestDamageIsToldFromTroubleThatPasses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	db, err := Open(Options(dir))
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, file := range []string{"MANIFEST", "KEYREGISTRY"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte("neither one nor the other"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options(dir)); !errors.Is(err, ErrDamaged) {
			t.Errorf("with a spoilt %s: %v", file, err)
		}
	}
	if _, err := Open(Options("/proc/store")); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("where no folder can be made: %v", err)
	}
}
