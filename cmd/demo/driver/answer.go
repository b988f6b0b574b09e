package driver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"unlockpoint/sync/wire"
)

// maxBody is far above the longest call; more is not read.
const maxBody = 4 << 10

// badCall is a request that could not be understood: the caller reads what
// was expected.
type badCall struct{ expected string }

func (e badCall) Error() string { return "expected " + e.expected }

// wrap turns a call into a handler: an object as JSON, or one line of text.
func (d *Driver) wrap(c call) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := c(r)
		if err != nil {
			d.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			d.log.Debug("answer a driver call", "path", r.URL.Path, "err", err)
		}
	}
}

func (d *Driver) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	var bad badCall
	switch {
	case errors.As(err, &bad):
		status = http.StatusBadRequest
	case errors.Is(err, ErrNoCard):
		status = http.StatusNotFound
	case errors.Is(err, ErrNotHere):
		status = http.StatusConflict
	case r.Context().Err() != nil:
		status = http.StatusServiceUnavailable
	default:
		d.log.Error("driver call", "path", r.URL.Path, "err", err)
	}
	http.Error(w, oneLine(err.Error()), status)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// decode reads the one JSON object of a call. Names are exact, nothing may
// follow, and nothing unknown may be in it.
func decode[T any](r io.Reader, expected string) (T, error) {
	var v T
	raw, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return v, fmt.Errorf("read the call: %w", err)
	}
	if len(raw) > maxBody {
		return v, badCall{expected}
	}
	if err := wire.Decode(raw, &v); err != nil {
		return v, badCall{expected}
	}
	known := json.NewDecoder(bytes.NewReader(raw))
	known.DisallowUnknownFields()
	if err := known.Decode(&v); err != nil {
		return v, badCall{expected}
	}
	return v, nil
}
