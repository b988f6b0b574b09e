package text

import (
	"encoding/json"
	"fmt"

	"unlockpoint/display"
)

// page is the driver's page.json; its names last.
type page struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Step        string   `json:"step"`
	Body        []string `json:"body"`
	Field       *entry   `json:"field"`
	Actions     []option `json:"actions"`
	Choices     []option `json:"choices"`
	Error       string   `json:"error"`
	SecondsLeft int      `json:"seconds_left"`
	Session     uint64   `json:"session"`
}

type entry struct {
	Kind   display.FieldKind `json:"kind"`
	Label  string            `json:"label"`
	Count  int               `json:"count"`
	Max    int               `json:"max"`
	Masked bool              `json:"masked"`
}

type option struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// JSON is the page as the driver gives it, on one line. Lists are never null;
// field is null where there is nothing to fill in.
func JSON(p display.Page) ([]byte, error) {
	out := page{
		ID: p.ID, Title: p.Title, Step: p.Step, Body: body(p), Field: entryOf(p.Field),
		Actions: []option{}, Choices: []option{}, Error: p.Error, SecondsLeft: p.SecondsLeft, Session: p.Session,
	}
	for _, a := range p.Actions {
		out.Actions = append(out.Actions, option{a.Key, a.Label})
	}
	for _, c := range p.Choices {
		out.Choices = append(out.Choices, option(c))
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("page %s as JSON: %w", p.ID, err)
	}
	return raw, nil
}

func entryOf(f *display.Field) *entry {
	if f == nil {
		return nil
	}
	return &entry{Kind: f.Kind, Label: f.Label, Count: f.Count(), Max: f.Max, Masked: f.Masked}
}
