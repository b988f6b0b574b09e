package main

import (
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"unlockpoint/sync/wire"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help says where it goes.
func (completionCmd) Help() string {
	return `Examples:
  fleet completion bash > /etc/bash_completion.d/fleet
  fleet completion zsh  > "${fpath[1]}/_fleet"
  fleet completion fish > ~/.config/fish/completions/fleet.fish`
}

// Run prints the completion. It is made of the program's own commands and of
// the values that they take, so that it cannot fall behind them.
func (c *completionCmd) Run(top *cli) error {
	_, err := io.WriteString(top.out, shells[c.Shell].script(placesOf(top.parser.Model.Node, "")))
	return err
}

// place is a point in the command line, and what may come next.
type place struct {
	path     string // the commands before it, each behind a space
	commands []word
	flags    []flag
	args     []arg
}

// word is what may be typed, and what it means.
type word struct{ text, help string }

// flag has its names, the long one first.
type flag struct {
	names []string
	help  string
	alone bool // it takes no value
	values
}

// arg is what stands without a flag.
type arg struct {
	many bool // it may stand any number of times
	values
}

// values are what may be typed as one: these words, or a file, or neither
// where the program does not know.
type values struct {
	words []string
	file  bool
}

// known are values by the name that a field's tag has for them.
var known = map[string]func() []string{"settings": wire.SettingKeys, "changes": knownChanges, "conditions": knownConditions}

func valuesOf(v *kong.Value) values {
	switch name := v.Tag.Get("values"); {
	case name != "":
		return values{words: known[name]()}
	case v.Enum != "":
		return values{words: v.EnumSlice()}
	}
	return values{file: v.Tag.Type == "path"}
}

// placesOf walks the commands, each with its own flags and those above it.
func placesOf(n *kong.Node, path string) []place {
	here := place{path: path}
	for _, v := range n.Positional {
		here.args = append(here.args, arg{v.IsCumulative(), valuesOf(v)})
	}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			names := []string{"--" + f.Name}
			if f.Short != 0 {
				names = append(names, "-"+string(f.Short))
			}
			here.flags = append(here.flags, flag{names, first(f.Help), f.IsBool(), valuesOf(f.Value)})
		}
	}
	var below []place
	for _, child := range n.Children {
		if !child.Hidden {
			here.commands = append(here.commands, word{child.Name, first(child.Help)})
			below = append(below, placesOf(child, path+" "+child.Name)...)
		}
	}
	return append([]place{here}, below...)
}

// first sentence of a help text.
func first(help string) string {
	sentence, _, _ := strings.Cut(help, ".")
	return sentence
}
