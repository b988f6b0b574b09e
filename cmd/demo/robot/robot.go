// Package robot is a person at the terminal who never gets tired: it reads
// pages and presses keys through the driver's calls, and through nothing else.
//
// Its words: a manner is what the robot does on one page; a goal is the page
// where it stops. It keeps what it chose (questions, answers, passcodes), as
// a person would remember it.
package robot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"unlockpoint/display/text"
)

// Page is what the robot reads.
type Page struct{ text.Page }

// Says reports whether the words are on the page.
func (p Page) Says(words string) bool {
	all := append([]string{p.Title}, p.Body...)
	if p.Field != nil {
		all = append(all, p.Field.Label)
	}
	return strings.Contains(strings.Join(all, "\n"), words)
}

// Same reports whether a person would call both the same page.
func (p Page) Same(q Page) bool {
	return p.ID == q.ID && p.Title == q.Title && p.Step == q.Step && p.Session == q.Session
}

// Driver is the client of the driver's calls.
type Driver struct {
	Base   string // "http://127.0.0.1:8080"
	Client *http.Client
}

// Get reads one object.
func (d Driver) Get(ctx context.Context, path string, into any) error {
	return d.call(ctx, http.MethodGet, path, nil, into)
}

// Post makes one call; into may be nil.
func (d Driver) Post(ctx context.Context, path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("call %s: %w", path, err)
	}
	return d.call(ctx, http.MethodPost, path, bytes.NewReader(raw), into)
}

func (d Driver) call(ctx context.Context, method, path string, body io.Reader, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, d.Base+path, body)
	if err != nil {
		return fmt.Errorf("call %s: %w", path, err)
	}
	resp, err := d.Client.Do(req)
	if err != nil {
		return fmt.Errorf("call %s: %w", path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return fmt.Errorf("call %s: %w", path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("call %s: %s: %s", path, resp.Status, bytes.TrimSpace(raw))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("call %s: %w", path, err)
	}
	return nil
}

// Page is what shows now.
func (d Driver) Page(ctx context.Context) (Page, error) {
	var p Page
	err := d.Get(ctx, "/terminal/page.json", &p)
	return p, err
}

// After waits up to ten seconds for another page than seen.
func (d Driver) After(ctx context.Context, seen Page) (Page, error) {
	var p Page
	err := d.Get(ctx, "/terminal/page.json?after="+url.QueryEscape(seen.ID), &p)
	return p, err
}

// Press presses a key of the pad.
func (d Driver) Press(ctx context.Context, key string) error {
	return d.Post(ctx, "/terminal/key", map[string]string{"key": key}, nil)
}

// Type types text on a computer's keyboard.
func (d Driver) Type(ctx context.Context, text string) error {
	return d.Post(ctx, "/terminal/key", map[string]string{"text": text}, nil)
}
