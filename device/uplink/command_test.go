package uplink

import (
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// command is what central sends: sealed to the terminal's own key.
func (s *scene) command(job string, until time.Time) link.Message {
	key, err := wire.ParseSealKey(s.up.cfg.Identity.SealKey)
	must(s.t, err)
	m := s.centre.sealed(wire.Envelope{Kind: wire.Command, ID: wire.NewID(), From: wire.Central, To: terminal, Exp: until},
		key.Public(), wire.CommandBody{Job: job, Do: wire.Identify})
	m.Topic = wire.DownTopic(site, terminal, wire.ClassCmd)
	return m
}

// took is the job of the next command that was taken, or empty.
func (s *scene) took() string {
	synctest.Wait()
	select {
	case c := <-s.up.Commands():
		return c.Job
	default:
		return ""
	}
}

func TestACommandIsTakenUntilItsTimeIsOver(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.line.say(s.command("job-1", time.Now().Add(time.Minute)))
		if got := s.took(); got != "job-1" {
			t.Errorf("took %q", got)
		}
		s.line.say(s.command("job-2", time.Now()))
		if got := s.took(); got != "" {
			t.Errorf("took %q, which was over", got)
		}
		late := s.command("job-3", time.Now().Add(time.Minute))
		time.Sleep(2 * time.Minute)
		s.line.say(late)
		if got := s.took(); got != "" {
			t.Errorf("took %q, which came late", got)
		}
	})
}

func TestOnlyCentralCommands(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		until := time.Now().Add(time.Minute)
		stranger, err := wire.NewSigner(wire.Central, other(t))
		must(t, err)
		honest := s.centre.signer
		s.centre.signer = stranger
		forged := s.command("job-1", until)
		s.centre.signer = honest
		wrong := s.command("job-2", until)
		wrong.Topic = wire.DownTopic(site, terminal, wire.ClassReply)
		noJob := s.command("no/job", until)
		reply := s.centre.open(wire.Envelope{Kind: wire.Hello.Reply(), ID: "1", Re: "2", From: wire.Central, To: terminal}, wire.WelcomeBody{})
		reply.Topic = wire.DownTopic(site, terminal, wire.ClassCmd)
		for _, m := range []link.Message{forged, wrong, noJob, reply} {
			s.line.say(m)
			if got := s.took(); got != "" {
				t.Errorf("took %q", got)
			}
		}
		s.line.set(false) // and none without a session
		s.line.say(s.command("job-3", until))
		if got := s.took(); got != "" {
			t.Errorf("took %q", got)
		}
	})
}
