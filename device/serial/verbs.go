package serial

import "context"

// verbs are the menu. Those that change something come last.
func verbs() []verb {
	return []verb{
		{word: "show", help: "how the terminal is", sub: showVerbs()},
		{word: "test", help: "try its parts", sub: testVerbs()},
		{word: "exit", help: "end the session", run: func(*session, context.Context, []string) error { return errLeft }},
	}
}
