package socket_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/sync/socket"
)

// office doubles a number and refuses odd ones.
func office() http.Handler {
	return socket.Handle(func(_ *http.Request, body []byte) (any, error) {
		var n int
		if err := socket.Read(body, &n); err != nil {
			return nil, err
		}
		switch {
		case n < 0:
			return nil, errors.New("disk is full")
		case n%2 == 1:
			return nil, socket.Refuse("%d is odd", n)
		}
		return 2 * n, nil
	})
}

func serve(t *testing.T, path string) {
	t.Helper()
	l, err := socket.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- socket.Serve(ctx, l, office()) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestAPathThatIsTooLongIsToldSo(t *testing.T) {
	for length, want := range map[int]bool{107: true, 108: false} {
		dir := t.TempDir()
		t.Chdir(dir)
		l, err := socket.Listen("./" + strings.Repeat("s", length-2))
		if err == nil {
			l.Close()
		}
		if (err == nil) != want || !want && !strings.Contains(err.Error(), "choose a shorter folder") {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
}

func TestAQuestionIsAnsweredOverTheSocketAndInside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	serve(t, path)
	for _, c := range []*socket.Client{socket.NewClient(path), socket.Inside(office())} {
		var n int
		if err := c.Call(t.Context(), "POST", "/", 4, &n); err != nil || n != 8 {
			t.Errorf("%d, %v", n, err)
		}
		if err := c.Call(t.Context(), "POST", "/", 3, &n); err == nil || err.Error() != "3 is odd" {
			t.Errorf("%v", err)
		}
		if err := c.Call(t.Context(), "POST", "/", -1, &n); err == nil {
			t.Error("a fault was no error")
		}
		for _, body := range []string{"", "{", "4 4", `"x"`} {
			if _, ok := errors.AsType[socket.Refused](c.Call(t.Context(), "POST", "/", body, &n)); !ok {
				t.Errorf("%q was taken", body)
			}
		}
	}
}

func TestTheSocketIsClosedToOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	serve(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
}

func TestWithoutAProgramTheErrorSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := socket.NewClient(path).Call(t.Context(), "GET", "/", nil, nil); !errors.Is(err, socket.ErrNobody) {
		t.Fatal(err)
	}
	// Nor when a crash left its socket behind; a new program takes it over.
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	if err := socket.NewClient(path).Call(t.Context(), "GET", "/", nil, nil); !errors.Is(err, socket.ErrNobody) {
		t.Fatal(err)
	}
	serve(t, path)
}

func TestASecondProgramDoesNotTakeTheSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	serve(t, path)
	if _, err := socket.Listen(path); err == nil {
		t.Fatal("taken")
	}
}

func TestAFileThatIsNoSocketIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, []byte("letters"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := socket.Listen(path); err == nil {
		t.Error("listened in the place of a file")
	}
	if text, err := os.ReadFile(path); string(text) != "letters" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"id":"x"}`))
	f.Add([]byte(`{} {}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var v struct{ ID string }
		if err := socket.Read(body, &v); err != nil {
			if _, ok := errors.AsType[socket.Refused](err); !ok {
				t.Fatal(err)
			}
		}
	})
}
