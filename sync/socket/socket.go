// Package socket is the way into a running program from the same machine: HTTP
// over a unix socket that only root and the program's own user may speak to.
//
// Its words: [Listen] and [Serve] are the program's end; [HTTP] is the other
// one, and a [Client] is that with questions and answers in JSON.
//
// It does not know what is asked: that is its handler's business.
package socket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// longest is how many bytes a socket's path may have: sun_path holds 108 with
// the zero at its end, unix(7).
const longest = 107

// Listen makes the socket at path, with mode 0600. A socket that a crashed
// program left behind is replaced; one that somebody answers on is not.
func Listen(path string) (net.Listener, error) {
	if len(path) > longest {
		return nil, fmt.Errorf("%s is longer than a socket's path may be (%d bytes): choose a shorter folder", path, longest)
	}
	if conn, err := net.Dial("unix", path); err == nil {
		conn.Close()
		return nil, fmt.Errorf("listening on %s: another program answers there", path)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("removing the old socket: %w", err)
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listening on the local socket: %w", err)
	}
	// Between Listen and Chmod others may connect; the peer's user is checked
	// for each connection anyway.
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("closing the local socket to others: %w", err)
	}
	return ours{l}, nil
}

// ours accepts connections of root and of our own user only.
type ours struct{ net.Listener }

func (l ours) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if trusted(conn) {
			return conn, nil
		}
		conn.Close()
	}
}

func trusted(conn net.Conn) bool {
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return false
	}
	var peer *unix.Ucred // unix(7), SO_PEERCRED
	if err := errors.Join(raw.Control(func(fd uintptr) {
		peer, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	}), err); err != nil {
		return false
	}
	return peer.Uid == 0 || int(peer.Uid) == os.Getuid()
}

// Serve answers on l until ctx ends. Who asks nothing more for a minute is hung
// up on; how long a question's body may take is the handler's business.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			server.Close()
		}
	})
	err := server.Serve(l)
	if !stop() {
		<-stopped
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
