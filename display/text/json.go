package text

import (
	"encoding/json"
	"fmt"

	"unlockpoint/display"
)

// Page is page.json, of the driver and of a terminal's local socket; its names
// last.
type Page struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Step        string   `json:"step"`
	Body        []string `json:"body"`
	Field       *Field   `json:"field"`
	Actions     []Option `json:"actions"`
	Choices     []Option `json:"choices"`
	Error       string   `json:"error"`
	SecondsLeft int      `json:"seconds_left"`
	Session     uint64   `json:"session"`
}

// Field is what the page asks for, and how many characters are typed.
type Field struct {
	Kind   display.FieldKind `json:"kind"`
	Label  string            `json:"label"`
	Count  int               `json:"count"`
	Max    int               `json:"max"`
	Masked bool              `json:"masked"`
}

// Option is an action or a choice.
type Option struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// JSON is the page as the driver gives it, on one line. Lists are never null;
// field is null where there is nothing to fill in.
func JSON(p display.Page) ([]byte, error) {
	out := Page{
		ID: p.ID, Title: p.Title, Step: p.Step, Body: body(p), Field: fieldOf(p.Field),
		Actions: []Option{}, Choices: []Option{}, Error: p.Error, SecondsLeft: p.SecondsLeft, Session: p.Session,
	}
	for _, a := range p.Actions {
		out.Actions = append(out.Actions, Option{a.Key, a.Label})
	}
	for _, c := range p.Choices {
		out.Choices = append(out.Choices, Option{c.Key, c.Label})
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("page %s as JSON: %w", p.ID, err)
	}
	return raw, nil
}

func fieldOf(f *display.Field) *Field {
	if f == nil {
		return nil
	}
	return &Field{Kind: f.Kind, Label: f.Label, Count: f.Count(), Max: f.Max, Masked: f.Masked}
}
