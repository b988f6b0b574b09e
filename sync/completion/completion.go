// Package completion says where people go on and where they stop, page by
// page, over many of them and without a person.
//
// Its words: a [Line] is what became of one page; a [Journey] is how many of
// those who began one finished it. Which pages there are, in the order in which
// people meet them, is told from outside.
package completion

import (
	"cmp"
	"slices"

	"unlockpoint/sync/wire"
)

// Line is what became of one page. Whoever leaves a page that says that all is
// done has finished; whoever leaves any other has stopped.
type Line struct {
	Page     string  `json:"page"`
	Shown    int     `json:"shown"`
	Seconds  float64 `json:"seconds"` // each time, on average
	WentOn   int     `json:"went_on"`
	Finished int     `json:"finished"`
	Stopped  int     `json:"stopped"`
	Share    float64 `json:"stopped_percent"`
}

// Journey is what became of all who began one.
type Journey struct {
	Name            string
	Begun, Finished int
}

// journey is what people come for, by the pages on which it begins and is done.
type journey struct{ name, from, done string }

var journeys = []journey{
	{"registrations", "register.start", "register.done"},
	{"unlocks", "unlock.warning", "unlock.done"},
	{"passcode changes", "change.old", "change.done"},
}

func isDone(page string) bool {
	return slices.ContainsFunc(journeys, func(j journey) bool { return j.done == page })
}

// ends are the pages behind which nobody goes on.
var ends = []string{"idle", "take-card", "removed-early", "out-of-service", "reader-missing", "reader-unapproved"}

// Of adds up the ways from each page that somebody had a card in for. pages is
// their order; what a newer terminal shows besides comes last.
func Of(rows []wire.StepRow, pages []string) []Line {
	lines, where := []Line{}, map[string]int{}
	for _, r := range rows {
		if slices.Contains(ends, r.Page) || r.Page == "starting" {
			continue
		}
		i, known := where[r.Page]
		if !known {
			i, where[r.Page] = len(lines), len(lines)
			lines = append(lines, Line{Page: r.Page})
		}
		lines[i].Shown += r.N
		lines[i].Seconds += float64(r.Seconds)
		switch left := slices.Contains(ends, r.Next); {
		case !left:
			lines[i].WentOn += r.N
		case isDone(r.Page):
			lines[i].Finished += r.N
		default:
			lines[i].Stopped += r.N
		}
	}
	order := func(l Line) int {
		if i := slices.Index(pages, l.Page); i >= 0 {
			return i
		}
		return len(pages)
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(order(a), order(b)) })
	for i := range lines {
		lines[i].Seconds /= float64(lines[i].Shown)
		lines[i].Share = 100 * float64(lines[i].Stopped) / float64(lines[i].Shown)
	}
	return lines
}

// Journeys are those that somebody began.
func Journeys(lines []Line) (list []Journey) {
	for _, j := range journeys {
		if begun := shown(lines, j.from); begun > 0 {
			list = append(list, Journey{j.name, begun, shown(lines, j.done)})
		}
	}
	return list
}

// shown is how often a page was shown.
func shown(lines []Line, page string) int {
	for _, l := range lines {
		if l.Page == page {
			return l.Shown
		}
	}
	return 0
}
