package serial

import (
	"context"
	"fmt"

	"unlockpoint/device/health"
)

func testsVerb(tests []health.Test) verb {
	all := verb{word: "test", help: "try its parts"}
	for _, t := range tests {
		all.sub = append(all.sub, verb{word: t.Name, help: t.Title, run: making(t)})
	}
	all.sub = append(all.sub, verb{word: "all", help: "each of them, in this order", run: making(tests...)})
	return all
}

// subject is what is tested.
func (s *session) subject() health.Subject {
	if s.cfg.Terminal == nil {
		return s.cfg.Bare
	}
	return s.cfg.Terminal
}

// making makes a command of tests.
func making(tests ...health.Test) func(*session, context.Context, []string) error {
	return func(s *session, ctx context.Context, _ []string) error {
		failed := 0
		for _, t := range tests {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			t.Run(ctx, s.subject(), engineer{s}, func(step health.Step) {
				s.step(step)
				if step.Verdict == health.Failed {
					failed++
				}
			})
		}
		if len(tests) > 1 {
			s.Printf("%d failed.\n", failed)
		}
		return nil
	}
}

func (s *session) step(x health.Step) {
	s.Printf("%s\n", s.item(fmt.Sprintf("%-8s %-19s ", x.Verdict, x.What), plain(x.Found)))
	if x.Advice != "" {
		s.Printf("%s\n", s.item("         ", x.Advice))
	}
}

// engineer is who sits at the console.
type engineer struct{ s *session }

var _ health.Engineer = engineer{}

// Ask asks for one line.
func (e engineer) Ask(ctx context.Context, question string) (string, error) {
	return e.s.ask(ctx, question)
}

// Say tells what to do next.
func (e engineer) Say(text string) { e.s.Printf("%s\n", text) }
