package serial

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"unlockpoint/device/health"
)

// list prints verbs of a folder, with their numbers in it.
func (s *session) list(folder, verbs []verb) {
	for _, v := range verbs {
		i := slices.IndexFunc(folder, func(one verb) bool { return one.word == v.word })
		name := v.word
		if len(v.sub) > 0 {
			name += " ..."
		} else if v.args != "" {
			name += " " + v.args
		}
		s.Printf("%s\n", s.item(fmt.Sprintf("%3d  %-24s ", i+1, name), v.help))
	}
}

// columns prints verbs beside each other, without what they do: with the banner
// above them, all has to stand on one screen.
func (s *session) columns(verbs []verb) {
	const wide = 19 // of the longest word, with its number
	beside := max(1, (s.width()-1)/wide)
	for i, v := range verbs {
		name := v.word
		if len(v.sub) > 0 {
			name += " ..."
		}
		if i++; i%beside == 0 || i == len(verbs) {
			s.Printf("%3d  %s\n", i, name)
		} else {
			s.Printf("%3d  %-*s", i, wide-5, name)
		}
	}
}

// item is a text that goes on below itself, beside what it belongs to.
func (s *session) item(what, text string) string {
	return what + strings.Join(fold(text, s.width()-1-len(what)), "\n"+strings.Repeat(" ", len(what)))
}

// fold breaks a text into lines of at most width characters, at spaces. Words
// that are longer stay whole.
func fold(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// spoken is a time as people say it.
func spoken(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours())/24)
}

// say prints a text that may be longer than a line.
func (s *session) say(format string, args ...any) {
	s.Printf("%s\n", s.item("", plain(fmt.Sprintf(format, args...))))
}

// fact prints one line of what is so.
func (s *session) fact(what, format string, args ...any) {
	s.Printf("%s\n", s.item(fmt.Sprintf("%-12s ", what), plain(fmt.Sprintf(format, args...))))
}

// plain makes a text that came from elsewhere safe to print: a screen obeys
// control characters.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r >= ' ' && r <= '~':
			return r
		case r == '\t':
			return ' '
		}
		return '.'
	}, text)
}

// faults prints them, the worst first.
func (s *session) faults(found []health.Fault) { s.Printf("%s", s.told(found, len(found))) }

// told are the faults, with advice for as many.
func (s *session) told(found []health.Fault, advised int) string {
	var text strings.Builder
	switch len(found) {
	case 0:
		return "No faults.\n"
	case 1:
		text.WriteString("1 fault:\n")
	default:
		fmt.Fprintf(&text, "%d faults:\n", len(found))
	}
	for i, f := range found {
		fmt.Fprintf(&text, "  %-8s %s (%s)\n", f.Severity, f.Title, f.Code)
		if i < advised {
			fmt.Fprintln(&text, s.item(strings.Repeat(" ", 11), f.Advice))
		}
	}
	return text.String()
}

// faultRows are those that the banner and the menu leave to faults, of 24.
const faultRows = 10

// brief prints the faults in the banner: with advice where that leaves the
// worst of them on the screen, else by their names, and the worst where even
// these are too many.
func (s *session) brief(found []health.Fault) {
	text := s.told(found, len(found))
	if strings.Count(text, "\n") <= faultRows {
		s.Printf("%s", text)
		return
	}
	lines := strings.SplitAfter(s.told(found, 0), "\n")
	s.Printf("%s", strings.Join(lines[:min(len(lines), faultRows-1)], ""))
	s.Printf("  \"show faults\" tells all of them, and what to do.\n")
}
