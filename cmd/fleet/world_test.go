package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/sync/broker/brokertest"
)

// world is a hospital whose terminals have no card reader.
type world struct {
	*hospitaltest.Hospital
	t *testing.T
}

func newWorld(t *testing.T, terminals int) world {
	t.Helper()
	return world{hospitaltest.Open(t, "", terminals), t}
}

// terminal starts one, counted from 0.
func (w world) terminal(n int) *hospitaltest.Process {
	w.t.Helper()
	id := hospitaltest.Terminal(n)
	config := w.Write(id+".toml", fmt.Sprintf(`
identity = %q
data = %q
[panel]
listen = %q
[broker]
url = %q
first_try_s = 0
longest_wait_s = 1
`, w.Identity(n), w.Path(id), brokertest.FreeAddr(w.t), w.Mosquitto.URL()))
	cmd := exec.Command(hospitaltest.Program(w.t, "terminal"), "--config", config, "run")
	cmd.Env = append(cmd.Environ(), "PCSCLITE_CSOCK_NAME="+w.Path("no-pcscd")) // pcscd(8)
	return hospitaltest.Start(w.t, cmd)
}

// fleet runs the program as the administrator.
func (w world) fleet(args ...string) (out string, err error) {
	w.t.Helper()
	return run(w.t.Context(), append([]string{"--as", w.Badge(), "--timeout", "60s"}, args...)...)
}

func run(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	err := Run(ctx, args, &out, io.Discard)
	return out.String(), err
}

func (w world) must(args ...string) string {
	w.t.Helper()
	out, err := w.fleet(args...)
	if err != nil {
		w.t.Fatalf("fleet %v: %v\n%s", args, err, out)
	}
	return out
}

// await runs the program until it says something.
func (w world) await(want string, args ...string) {
	w.t.Helper()
	hospitaltest.Await(w.t, want, func() bool { return strings.Contains(w.must(args...), want) })
}

// code is the exit code of an error.
func code(err error) int {
	if e, ok := errors.AsType[exit](err); ok {
		return int(e)
	}
	if err != nil {
		return -1
	}
	return 0
}
