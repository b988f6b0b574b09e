package serial

import (
	"context"
	"slices"
	"strings"

	"unlockpoint/device/health"
)

// root is the whole menu.
func (c *Console) root() verb {
	switch {
	case c.cfg.Joins != nil:
		return verb{sub: joinVerbs()}
	case c.cfg.Terminal == nil:
		return verb{sub: stoppedVerbs()}
	}
	return verb{sub: verbs()}
}

// Commands are all that the console obeys, in the order of its menu, without
// what may stand behind them.
func (c *Console) Commands() []string { return c.root().commands() }

func (v verb) commands() []string {
	if v.run != nil {
		return []string{v.word}
	}
	var all []string
	for _, sub := range v.sub {
		for _, command := range sub.commands() {
			all = append(all, strings.TrimSpace(v.word+" "+command))
		}
	}
	return all
}

// joinVerbs are the menu of a terminal that is nobody yet.
func joinVerbs() []verb {
	return slices.Concat([]verb{
		{word: "enrol", args: "CODE [URL]", help: "join with the code that central gave", run: (*session).enrol},
		testsVerb(health.BareTests()),
		hardwareVerb(),
		logVerb(),
	}, localVerbs(), []verb{rebootVerb(), exitVerb()})
}

// stoppedVerbs are the menu of a terminal that does not run.
func stoppedVerbs() []verb {
	return slices.Concat([]verb{testsVerb(health.BareTests()), hardwareVerb(), logVerb()}, localVerbs(), []verb{rebootVerb(), resetVerb(), exitVerb()})
}

func hardwareVerb() verb {
	return verb{word: "hardware", help: "what there is to make a terminal of", run: (*session).hardware}
}

func rebootVerb() verb {
	return verb{word: "reboot", help: "restart the machine", run: (*session).reboot}
}

func resetVerb() verb {
	return verb{word: "factory-reset", help: "make it as it came", run: (*session).factoryReset}
}

// verbs are the menu. Those that change something come last.
func verbs() []verb {
	return slices.Concat([]verb{
		{word: "show", help: "how the terminal is", sub: showVerbs()},
		testsVerb(health.Tests()),
		{word: "monitor", help: "watch until a key is pressed", sub: monitorVerbs()},
		logVerb(),
	}, localVerbs(), []verb{
		{word: "identify", help: "the panel, the lamp and the beeper say which one it is", run: (*session).identify},
		{word: "calibrate", help: "have the marks of a resistive panel tapped", run: (*session).calibrate},
		hardwareVerb(),
		{word: "report", help: "all of it as text, for somebody far away", run: (*session).report},
		rebootVerb(),
		resetVerb(),
		exitVerb(),
	})
}

// localVerbs are about what is set at the terminal itself.
func localVerbs() []verb {
	return []verb{
		{word: "network", help: "the terminal's addresses, and what is set here", run: (*session).network},
		{word: "set", help: "change a setting; commit puts it to work", sub: setVerbs()},
		{word: "compare", help: "what a commit would change", run: (*session).compare},
		{word: "commit", args: "[confirmed MINUTES]", help: "put settings to work; confirmed: they return by themselves unless commit comes again in time", run: (*session).commit},
		{word: "rollback", args: "[COMMITS]", help: "take back what is not committed, or as it was so many commits ago", run: (*session).rollback},
	}
}

func logVerb() verb {
	return verb{word: "log", args: "[LINES | -f]", help: "the newest of the log, or follow it", run: (*session).log}
}

func exitVerb() verb {
	return verb{word: "exit", help: "end the session", run: func(*session, context.Context, []string) error { return errLeft }}
}
