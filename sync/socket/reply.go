package socket

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Refused is a refusal with everything that was wrong, each in one line that
// a person can act on.
type Refused struct {
	Errors []string `json:"errors"`
}

func (r Refused) Error() string { return strings.Join(r.Errors, "\n") }

// maxBody is enough for a file of a hundred thousand cards.
const maxBody = 64 << 20

// Handle makes a handler of a function from a body to an answer. What the
// function refuses is answered 422 with a [Refused]; any other error is a
// fault of ours and answered 500.
func Handle(do func(r *http.Request, body []byte) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			write(w, http.StatusRequestEntityTooLarge, Refused{[]string{"the question is too long"}})
			return
		}
		out, err := do(r, body)
		if refused, ok := errors.AsType[Refused](err); ok {
			write(w, http.StatusUnprocessableEntity, refused)
			return
		}
		if err != nil {
			write(w, http.StatusInternalServerError, Refused{[]string{err.Error()}})
			return
		}
		write(w, http.StatusOK, out)
	})
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // an asker that has gone needs no answer
}

// Read reads a JSON body strictly; what is wrong with it is a Refused.
func Read(body []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return Refused{[]string{fmt.Sprintf("the question does not read: %v", err)}}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Refused{[]string{"the question has something behind its end"}}
	}
	return nil
}

// Refuse makes a refusal of one line.
func Refuse(format string, args ...any) error {
	return Refused{[]string{fmt.Sprintf(format, args...)}}
}
