package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
)

type benchCmd struct {
	Terminal string `default:"bin/terminal" help:"The terminal program, for its memory and start." placeholder:"FILE"`
}

// number is one line of the output.
type number struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// Run measures and prints.
func (b *benchCmd) Run(ctx context.Context, log *slog.Logger) error {
	_ = ctx
	_ = log
	return json.NewEncoder(os.Stdout).Encode(number{})
}
