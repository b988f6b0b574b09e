package main

import (
	"fmt"
	"strings"
)

// shell is how completion is written for one. Each goes through the words
// before the one that is being typed and notes three things: here, the
// commands so far; at, how many words without a dash came since; after, the
// flag that waits for its value. What fits there is offered, and flags where
// nothing else does or a dash was typed. lead is the part of the word that
// stays: a flag with "=", or values with commas.
type shell struct {
	begin, between, flags, end string // around the three tables

	subjects [3]string // what each table is asked for
	cases    func(subject string, list []branch) string
}

// branch says what to do where one of these was typed.
type branch struct {
	when []string
	on   bool // or any that goes on behind it
	do   []note
}

// note is a variable and what it becomes; offer becomes longer.
type note struct {
	name  string
	words []word
}

func one(name, text string) note { return note{name, []word{{text: text}}} }

func (s shell) script(places []place) string {
	return s.begin + s.cases(s.subjects[0], turns(places)) + s.between + s.cases(s.subjects[1], offers(places)) +
		s.flags + s.cases(s.subjects[2], flags(places)) + s.end
}

// turns are what a word that was typed leads to.
func turns(places []place) (list []branch) {
	for _, p := range places {
		if p.path != "" {
			list = append(list, branch{when: []string{p.path}, do: []note{one("here", p.path), one("at", "0")}})
		}
		for _, f := range p.flags {
			if at := f.at(p); !f.alone {
				list = append(list, branch{when: at, do: []note{one("after", at[0])}})
			}
		}
	}
	return list
}

// at are the places behind the flag's names.
func (f flag) at(p place) (at []string) {
	for _, name := range f.names {
		at = append(at, p.path+" "+name)
	}
	return at
}

// offers are what may be typed at each place but flags.
func offers(places []place) (list []branch) {
	for _, p := range places {
		if len(p.commands) > 0 {
			list = append(list, branch{when: []string{p.path + ":0"}, do: []note{{"offer", p.commands}}})
		}
		for i, a := range p.args {
			when := fmt.Sprintf("%s:%d", p.path, i)
			if a.many {
				when = p.path + ":"
			}
			list = append(list, branch{[]string{when}, a.many, a.notes()})
		}
		for _, f := range p.flags {
			if notes := f.notes(); len(notes) > 0 {
				list = append(list, branch{when: f.at(p)[:1], do: notes})
			}
		}
	}
	return list
}

func (v values) notes() []note {
	switch {
	case v.file:
		return []note{one("files", "1")}
	case len(v.words) == 0:
		return nil
	}
	offer := note{name: "offer"}
	for _, text := range v.words {
		offer.words = append(offer.words, word{text: text})
	}
	return []note{offer}
}

// flags are those that may be typed at each place.
func flags(places []place) (list []branch) {
	for _, p := range places {
		offer := note{name: "offer"}
		for _, f := range p.flags {
			offer.words = append(offer.words, word{f.names[0], f.help})
		}
		list = append(list, branch{when: []string{p.path}, do: []note{offer}})
	}
	return list
}

// shells by name.
var shells = map[string]shell{
	"bash": {bashBegin, between, ifFlags, bashEnd, subjects, cases},
	"zsh":  {zshBegin, between, ifFlags, zshEnd, subjects, cases},
	"fish": {fishBegin, fishBetween, fishIfFlags, fishEnd, [3]string{"$here $word", "$place", "$here"}, fishCases},
}

var subjects = [3]string{"$here $word", "${after:-$here:$at}", "$here"}

// cases of bash and zsh.
func cases(subject string, list []branch) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  case \"%s\" in\n", subject)
	for _, c := range list {
		star := ""
		if c.on {
			star = "*"
		}
		fmt.Fprintf(&b, "    \"%s\"%s)", strings.Join(c.when, `"|"`), star)
		for _, n := range c.do {
			var texts []string
			for _, w := range n.words {
				texts = append(texts, w.text)
			}
			if n.name == "offer" {
				fmt.Fprintf(&b, " offer+=(%s)", strings.Join(texts, " "))
			} else {
				fmt.Fprintf(&b, " %s=%q", n.name, texts[0])
			}
		}
		b.WriteString(" ;;\n")
	}
	b.WriteString("  esac\n")
	return b.String()
}

func fishCases(subject string, list []branch) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  switch \"%s\"\n", subject)
	for _, c := range list {
		star := ""
		if c.on {
			star = "*"
		}
		fmt.Fprintf(&b, "    case '%s%s'\n", strings.Join(c.when, "' '"), star)
		for _, n := range c.do {
			set := "set"
			if n.name == "offer" {
				set = "set -a"
			}
			fmt.Fprintf(&b, "      %s %s", set, n.name)
			for _, w := range n.words {
				fmt.Fprintf(&b, " '%s'", strings.ReplaceAll(strings.TrimSuffix(w.text+"\t"+w.help, "\t"), "'", ""))
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("  end\n")
	return b.String()
}

const bashBegin = `_fleet() {
  local word typed=() here="" after="" at=0 lead="" files="" offer=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do # bash takes words apart at "=" and ":"
    if [[ ${#typed[@]} -gt 0 && ( $word == [=:]* || ${typed[-1]} == *[=:] ) ]]; then typed[-1]+=$word; else typed+=("$word"); fi
  done
  local current="${typed[-1]}"
  for word in "${typed[@]:0:${#typed[@]}-1}"; do
    if [[ -n $after ]]; then after=""; continue; fi
    [[ $word == -* ]] || at=$((at + 1))
`

const zshBegin = `#compdef fleet
local word here="" after="" lead="" files="" current="$words[CURRENT]"
local -i at=0
local -a offer
for word in "${(@)words[2,CURRENT-1]}"; do
    if [[ -n $after ]]; then after=""; continue; fi
    [[ $word == -* ]] || at=$((at + 1))
`

const between = `  done
  if [[ -z $after && $current == --*=* ]]; then lead="${current%%=*}=" after="$here ${current%%=*}"; fi
  if [[ -n $after && $current == *,* ]]; then lead="${current%,*},"; fi
`

const ifFlags = `  if [[ -z $after && ( ${#offer[@]} -eq 0 || $current == -* ) ]]; then
`

const bashEnd = `  fi
  if [[ -n $files ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "${current#"$lead"}")
    compopt -o filenames 2>/dev/null
    return
  fi
  COMPREPLY=()
  for word in "${offer[@]}"; do # compgen -W would run what was typed
    [[ $lead$word != "$current"* ]] || COMPREPLY+=("$lead$word")
  done
  COMPREPLY=("${COMPREPLY[@]#[\"\']}")
  local cut="${current%"${current##*[=:]}"}"
  COMPREPLY=("${COMPREPLY[@]#"$cut"}")
  [[ ${COMPREPLY-} != *= ]] || compopt -o nospace 2>/dev/null
}
complete -F _fleet fleet
`

const zshEnd = `  fi
if [[ -n $files ]]; then
  [[ -z $lead ]] || compset -P '*='
  _files
else
  compadd -S '' -- $lead${^${(M)offer:#*=}}
  compadd -- $lead${^${offer:#*=}}
fi
`

const fishBegin = `function __fleet
  set -l here ''
  set -l after ''
  set -l at 0
  set -l lead ''
  set -l files ''
  set -l offer
  set -l current (commandline -ct)
  for word in (commandline -opc)[2..]
    if test -n "$after"
      set after ''
      continue
    end
    string match -q -- '-*' $word; or set at (math $at + 1)
`

const fishBetween = `  end
  if test -z "$after"; and string match -q -- '--*=*' $current
    set lead (string replace -r '=.*' '=' -- $current)
    set after "$here "(string replace -r '=.*' '' -- $current)
  end
  if test -n "$after"; and string match -q -- '*,*' $current
    set lead (string replace -r '[^,]*$' '' -- $current)
  end
  set -l place "$here:$at"
  test -z "$after"; or set place $after
`

const fishIfFlags = `  if test -z "$after"; and begin; test (count $offer) -eq 0; or string match -q -- '-*' $current; end
`

const fishEnd = `  end
  if test -n "$files"
    set offer (__fish_complete_path (string sub -s (math (string length -- $lead) + 1) -- $current))
  end
  printf '%s\n' $lead$offer
end
complete -c fleet -f -a '(__fleet)'
`
