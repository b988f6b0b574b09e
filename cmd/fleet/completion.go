package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
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

// Run prints the completion. It is made of the program's own commands, so that
// it cannot fall behind them.
func (c *completionCmd) Run(top *cli) error {
	places := placesOf(top.parser.Model.Node, "")
	switch c.Shell {
	case "fish":
		return fish(top.out, places)
	case "zsh":
		return zsh(top.out, places)
	}
	return bash(top.out, places)
}

// place is a point in the command line with what may come next.
type place struct {
	path  string // the commands before it, with spaces between
	words []word
}

type word struct{ text, help string }

// placesOf walks the commands, each with its own flags and those above it.
func placesOf(n *kong.Node, path string) []place {
	here := place{path: path}
	var below []place
	for _, child := range n.Children {
		if child.Hidden {
			continue
		}
		here.words = append(here.words, word{child.Name, child.Help})
		below = append(below, placesOf(child, strings.TrimSpace(path+" "+child.Name))...)
	}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			here.words = append(here.words, word{"--" + f.Name, f.Help})
		}
	}
	return append([]place{here}, below...)
}

func bash(w io.Writer, places []place) error {
	var b strings.Builder
	b.WriteString("_fleet() {\n  local word here=\"\" current=\"${COMP_WORDS[COMP_CWORD]}\"\n")
	b.WriteString("  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n")
	b.WriteString(walk(places))
	b.WriteString("  done\n")
	b.WriteString(choose(places, func(words string) string { return fmt.Sprintf("COMPREPLY=($(compgen -W %q -- \"$current\"))", words) }))
	b.WriteString("  [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$current\"))\n}\ncomplete -o filenames -F _fleet fleet\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func zsh(w io.Writer, places []place) error {
	var b strings.Builder
	b.WriteString("#compdef fleet\nlocal word here=\"\"\nfor word in \"${(@)words[2,CURRENT-1]}\"; do\n")
	b.WriteString(walk(places))
	b.WriteString("done\n")
	b.WriteString(choose(places, func(words string) string { return "compadd -- " + words + " || _files" }))
	_, err := io.WriteString(w, b.String())
	return err
}

// walk has a shell of either kind follow one more word to the place here.
func walk(places []place) string {
	var b strings.Builder
	b.WriteString("    case \"$here $word\" in\n")
	for _, p := range places[1:] {
		fmt.Fprintf(&b, "      %q) here=%q ;;\n", before(p.path), " "+p.path)
	}
	b.WriteString("    esac\n")
	return b.String()
}

// choose has it offer the words of the place here.
func choose(places []place, offer func(words string) string) string {
	var b strings.Builder
	b.WriteString("  case \"$here\" in\n")
	for _, p := range places {
		var words []string
		for _, word := range p.words {
			words = append(words, word.text)
		}
		fmt.Fprintf(&b, "    %q) %s ;;\n", pathOf(p), offer(strings.Join(words, " ")))
	}
	b.WriteString("  esac\n")
	return b.String()
}

// before is the shell's $here and the word that leads to a place.
func before(path string) string {
	up, last := "", path
	if i := strings.LastIndex(path, " "); i >= 0 {
		up, last = " "+path[:i], path[i+1:]
	}
	return up + " " + last
}

func pathOf(p place) string {
	if p.path == "" {
		return ""
	}
	return " " + p.path
}

func fish(w io.Writer, places []place) error {
	var b strings.Builder
	for _, p := range places {
		var seen []string
		for _, name := range strings.Fields(p.path) {
			seen = append(seen, "__fish_seen_subcommand_from "+name)
		}
		when := "__fish_use_subcommand"
		if len(seen) > 0 {
			when = strings.Join(seen, "; and ")
		}
		for _, word := range p.words {
			flag := strings.TrimPrefix(word.text, "--")
			what := "-f -a " + word.text
			if flag != word.text {
				what = "-l " + flag
			}
			fmt.Fprintf(&b, "complete -c fleet -n '%s' %s -d '%s'\n", when, what, strings.ReplaceAll(first(word.help), "'", ""))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// first sentence of a help text.
func first(help string) string {
	sentence, _, _ := strings.Cut(help, ".")
	return sentence
}
