package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"golang.org/x/term"

	"unlockpoint/device/serial"
	"unlockpoint/sync/socket"
)

type consoleCmd struct{}

// Run joins this program's terminal with the console of the running one.
func (*consoleCmd) Run(ctx context.Context, top *cli) error {
	cfg, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	line, err := callConsole(ctx, cfg.Socket)
	if err != nil {
		return err
	}
	defer line.Close()
	defer context.AfterFunc(ctx, func() { line.Close() })()
	if fd := int(os.Stdin.Fd()); term.IsTerminal(fd) {
		before, err := term.MakeRaw(fd)
		if err != nil {
			return fmt.Errorf("make the keys raw: %w", err)
		}
		defer term.Restore(fd, before)
	}
	go func() { // ends with the process: a Read of the keys cannot be ended
		io.Copy(line, os.Stdin)
		io.WriteString(line, endOfKeys)
	}()
	_, err = io.Copy(os.Stdout, line)
	return err
}

// endOfKeys ends the session where the keys come from a file: an empty line,
// and control D.
const endOfKeys = "\r\x04"

// protocol is what the connection goes over to.
const protocol = "unlockpoint-console"

func callConsole(ctx context.Context, at string) (io.ReadWriteCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://terminal/console", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", protocol)
	resp, err := socket.HTTP(at).Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the running terminal: %w", err)
	}
	line, ok := resp.Body.(io.ReadWriteCloser) // net/http: of an answer 101
	if !ok {
		resp.Body.Close()
		return nil, fmt.Errorf("the terminal said: %s", resp.Status)
	}
	return line, nil
}

// consoleHandler serves the console to who came in by the socket: that is root
// or the terminal's own user, who need no log-in.
func consoleHandler(c *serial.Console) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != protocol {
			http.Error(w, `"terminal console" is the way in`, http.StatusUpgradeRequired)
			return
		}
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer conn.Close()
		defer context.AfterFunc(r.Context(), func() { conn.Close() })()
		answer := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n"
		if _, err := io.WriteString(conn, answer); err != nil {
			return // who asked has gone
		}
		c.Serve(r.Context(), struct {
			io.Reader
			io.Writer
		}{buffered, conn}) // its error is of a terminal that stops
	})
}

// reopen is how long a line that was lost, such as that of an adapter that was
// unplugged, is left alone.
const reopen = 5 * time.Second

// attend serves the console on the serial line of the configuration. Without
// the line the terminal serves people all the same.
func (c consoleConfig) attend(ctx context.Context, console *serial.Console, gate *serial.Gate, log *slog.Logger) error {
	told := false
	for ctx.Err() == nil {
		line, err := serial.OpenTTY(c.TTY, c.Baud)
		if err == nil {
			told = false
			closed := context.AfterFunc(ctx, func() { line.Close() })
			err = console.Attend(ctx, line, gate)
			closed()
			line.Close()
		}
		if !told && ctx.Err() == nil {
			log.Error("the console's line is lost; it is tried again", "tty", c.TTY, "err", err)
			told = true
		}
		select {
		case <-time.After(reopen):
		case <-ctx.Done():
		}
	}
	return nil
}

// redacted is the configuration as an engineer may read it: an address of a
// broker may hold a password.
func (c config) redacted() (string, error) {
	if _, rest, found := strings.Cut(c.Broker.URL, "@"); found {
		c.Broker.URL = "mqtts://redacted@" + rest
	}
	var b strings.Builder
	if err := toml.NewEncoder(&b).Encode(c); err != nil {
		return "", errors.New("write the configuration") // the error may quote it
	}
	return b.String(), nil
}
