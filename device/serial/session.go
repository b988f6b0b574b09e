package serial

import (
	"context"
	"errors"
	"io"
	"strings"

	"unlockpoint/device/local"
)

// session is one engineer at the console.
type session struct {
	*Console
	*port
	menu verb           // where in the menu the engineer is: root, or a folder in it
	next local.Settings // what a commit puts to work
}

func (s *session) serve(ctx context.Context) error {
	s.menu, s.next = s.root(), s.cfg.Local.Force()
	s.measure()
	if err := s.banner(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		line, err := s.read(s.prompt())
		switch {
		case errors.Is(err, errIdle):
			s.Printf("\n\nThe session ended: nobody pressed a key for %v.\n", spoken(s.cfg.Idle))
			return nil
		case errors.Is(err, io.EOF):
			s.Printf("\n")
			return nil
		case err != nil:
			return nil // the line is gone
		}
		if err := s.obey(ctx, line); errors.Is(err, errLeft) {
			return nil
		}
	}
	return nil
}

// prompt says where in the menu the engineer is.
func (s *session) prompt() string {
	if s.menu.word == "" {
		return "> "
	}
	return s.menu.word + "> "
}

// obey does what one line says.
func (s *session) obey(ctx context.Context, line string) error {
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil
	}
	if words[0] == "0" {
		s.menu = s.root()
		s.list(s.menu.sub, s.menu.sub)
		return nil
	}
	v, args, err := s.find(words)
	switch {
	case err != nil:
		s.say("%v. ? helps.", err)
	case v.run == nil:
		s.menu = v
		s.list(v.sub, v.sub)
	default:
		err = s.during(ctx, func(ctx context.Context) error { return v.run(s, ctx, args) })
		if err != nil && !errors.Is(err, errLeft) && !errors.Is(err, context.Canceled) {
			s.say("%v", err)
		}
	}
	return err
}

// find looks for a command where the engineer is, and then from the top.
func (s *session) find(words []string) (verb, []string, error) {
	v, args, err := find(s.menu, words)
	if err == nil || s.menu.word == "" {
		return v, args, err
	}
	if v, args, err := find(s.root(), words); err == nil {
		return v, args, nil
	}
	return v, args, err
}

// key is what question mark and tab do while a line is typed.
func (s *session) key(line string, pos int, key rune) (string, int, bool) {
	switch {
	case s.past.off: // an answer is typed
		return line, pos, key == '\t'
	case key == '?':
		s.explain(line[:pos])
		return line, pos, true
	case key == '\t':
		return s.tab(line, pos)
	}
	return line, pos, len(line) >= longestLine
}

func (s *session) tab(line string, pos int) (string, int, bool) {
	folder, last, fits, err := s.around(line[:pos])
	if err != nil {
		return line, pos, true
	}
	more := complete(fits, last)
	if more == "" && len(fits) > 1 {
		s.Printf("%s%s\n", s.prompt(), line)
		s.list(folder.sub, fits)
	}
	return line[:pos] + more + line[pos:], pos + len(more), true
}

func (s *session) around(line string) (verb, string, []verb, error) {
	v, last, fits, err := around(s.menu, line)
	if err == nil && (len(fits) > 0 || s.menu.word == "") {
		return v, last, fits, nil
	}
	return around(s.root(), line)
}

// explain says what may stand where the cursor is.
func (s *session) explain(line string) {
	s.Printf("%s%s?\n", s.prompt(), line)
	v, _, fits, err := s.around(line)
	switch {
	case err != nil:
		s.say("%v.", err)
	case v.run != nil:
		s.say("%s", v.usage())
	case len(fits) > 0:
		s.list(v.sub, fits)
	default:
		s.list(v.sub, v.sub)
	}
}

// usage is a command with what may stand behind it.
func (v verb) usage() string {
	return strings.TrimSpace(v.word+" "+v.args) + ": " + v.help
}
