package socket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// ErrNobody says that no program answers on the socket.
var ErrNobody = errors.New("nobody answers")

// HTTP is a client whose every address is the socket at path. Its errors wrap
// ErrNobody when no program answers there. Close its idle connections when
// they are not needed any more.
func HTTP(path string) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
			return nil, fmt.Errorf("%w on %s", ErrNobody, path)
		}
		return conn, err
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial}}
}

// Client asks the running program.
type Client struct{ http *http.Client }

// NewClient returns a client of the socket at path.
func NewClient(path string) *Client { return &Client{HTTP(path)} }

// Call sends in, as JSON or as it is when it is text, and reads the answer
// into out unless that is nil. A refusal is a [Refused]; without a program
// there, ErrNobody.
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	body, err := bodyOf(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://socket"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("asking the running program: %w", err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("asking the running program: %w", err)
	}
	defer res.Body.Close()
	return answer(res, out)
}

func bodyOf(in any) ([]byte, error) {
	switch in := in.(type) {
	case nil:
		return nil, nil
	case string:
		return []byte(in), nil
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("writing the question: %w", err)
	}
	return raw, nil
}

func answer(res *http.Response, out any) error {
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("reading the running program's answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		var r Refused
		if json.Unmarshal(raw, &r) != nil || len(r.Errors) == 0 {
			return fmt.Errorf("the running program answers %s", res.Status)
		}
		return r
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("reading the running program's answer: %w", err)
	}
	return nil
}
