package broker_test

import (
	"fmt"
	"net"
	"testing"
	"time"

	"unlockpoint/sync/broker"
)

// A line may be taken and not yet have said who it is when the broker closes.
func TestCloseLeavesNobodyComingIn(t *testing.T) {
	for range 50 {
		b, err := broker.Start("127.0.0.1:0", nil)
		if err != nil {
			t.Fatal(err)
		}
		line, err := net.Dial("tcp", b.Addr())
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		line.SetReadDeadline(time.Now().Add(10 * time.Second))
		if n, err := line.Read(make([]byte, 1)); n > 0 || err == nil || isTimeout(err) {
			t.Fatalf("the line is still open: %d bytes, %v", n, err)
		}
		line.Close()
	}
}

func isTimeout(err error) bool {
	net, ok := err.(net.Error)
	return ok && net.Timeout()
}

// Clients may go by themselves just as the broker says good-bye to them.
func TestCloseWhileClientsGo(t *testing.T) {
	for range 100 {
		b, err := broker.Start("127.0.0.1:0", accounts())
		if err != nil {
			t.Fatal(err)
		}
		at := place{url: b.URL()}
		var lines [20]net.Conn
		for i := range lines {
			connected(t, at.as(t, "wall-1").SetClientID(fmt.Sprintf("going-%d", i)).
				SetCustomOpenConnectionFn(openInto(&lines[i], nil)))
		}
		for _, line := range lines {
			go line.Close()
		}
		closed := make(chan error, 1)
		go func() { closed <- b.Close() }()
		select {
		case err := <-closed:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("the broker does not close")
		}
	}
}
