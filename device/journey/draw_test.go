package journey_test

import (
	"time"

	"pgregory.net/rapid"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// rareEvent is what nobody expects just now.
func rareEvent() *rapid.Generator[journey.Event] {
	keys := []string{"0", "1", "2", "3", "4", "5", "6", "8", "9", display.Enter, display.Clear, display.Cancel, display.Settings, display.Help, display.Show, "nonsense"}
	events := []journey.Event{
		journey.CardIn{}, journey.CardOut{}, journey.ReaderChanged{}, journey.ReaderChanged{Present: true},
		journey.ReaderChanged{Present: true, Approved: true}, journey.LinkChanged{}, journey.LinkChanged{Up: true},
		journey.Rules{Rules: site()}, journey.Fault{Why: journey.OtherFault}, journey.Fault{},
		journey.ListeningChanged{}, journey.ListeningChanged{Listening: journey.Listening{Headset: true}},
		journey.ListeningChanged{Listening: journey.Listening{Asked: true}},
		journey.Tick{Elapsed: time.Second}, journey.Tick{Elapsed: 61 * time.Second}, journey.Tick{Elapsed: time.Hour}, journey.Tick{},
		journey.Outcome{Got: journey.Done{}},
		journey.Pressed{Input: display.Input{Rune: 'é'}}, journey.Pressed{Input: display.Input{Rune: 'x', Replace: true}}, journey.Pressed{},
	}
	for _, key := range keys {
		events = append(events, pressed(key))
	}
	return rapid.SampledFrom(events)
}

// reply draws how the effect under way ends: mostly well.
func (m *machine) reply(t *rapid.T) journey.Got {
	if rapid.IntRange(0, 9).Draw(t, "problem") > 6 {
		return withProblem(m.awaited, rapid.SampledFrom(problems()).Draw(t, "which"))
	}
	return rapid.SampledFrom(fitting(m.awaited, anyGot())).Draw(t, "reply")
}

func withProblem(e journey.Effect, p journey.Problem) journey.Got {
	return fitting(e, failures(p))[0]
}

func fitting(e journey.Effect, gots []journey.Got) []journey.Got {
	var fit []journey.Got
	for _, got := range gots {
		if answers(e, got) {
			fit = append(fit, got)
		}
	}
	return fit
}

// answers says once more, by other means, which outcome ends which effect.
func answers(e journey.Effect, got journey.Got) bool {
	switch e.(type) {
	case journey.ReadCard:
		_, ok := got.(journey.CardRead)
		return ok
	case journey.LookUp:
		_, ok := got.(journey.LookedUp)
		return ok
	case journey.VerifyPasscode:
		_, ok := got.(journey.Verified)
		return ok
	case journey.ChangePasscode:
		_, ok := got.(journey.PasscodeChanged)
		return ok
	case journey.BeginRegistration:
		_, ok := got.(journey.RegistrationBegun)
		return ok
	case journey.MakeKeys:
		_, ok := got.(journey.KeysMade)
		return ok
	case journey.Enrol, journey.TakeCase, journey.ResendCode, journey.AskCase:
		_, ok := got.(journey.CaseShown)
		return ok
	case journey.TryAnswers:
		_, ok := got.(journey.AnswersTried)
		return ok
	case journey.CheckCode, journey.TryAssist:
		_, ok := got.(journey.CodeChecked)
		return ok
	case journey.Unlock:
		_, ok := got.(journey.Unlocked)
		return ok
	}
	return false
}

// anyGot is a handful of each outcome.
func anyGot() []journey.Got {
	resumed, codeOnly, local := registered(), registered(), registered()
	resumed.Case, resumed.SecondsLeft = "c1", 500
	codeOnly.CodeOnly, codeOnly.Asked = true, nil
	local.Online = false
	unfinished := blocked()
	unfinished.Unfinished = true
	return []journey.Got{
		working(), atKeys(), blocked(), unfinished,
		registered(), resumed, codeOnly, local, standing(journey.NotEnrolled), standing(journey.StandsLocked), standing(journey.StandsFrozen), standing(journey.Unknown), journey.LookedUp{},
		journey.Verified{OK: true}, journey.Verified{TriesLeft: 1}, journey.Verified{},
		journey.PasscodeChanged{OK: true}, journey.PasscodeChanged{TriesLeft: 2}, journey.PasscodeChanged{},
		journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"}, journey.RegistrationBegun{},
		journey.KeysMade{}, journey.CaseShown{Case: codeCase("queued")}, journey.CaseShown{Case: accepted()}, journey.CaseShown{},
		journey.AnswersTried{Right: true, Case: codeCase("taken")}, journey.AnswersTried{AttemptsLeft: 1}, journey.AnswersTried{},
		journey.CodeChecked{Verdict: journey.Right, Case: accepted()}, journey.CodeChecked{Verdict: journey.NextOne, Case: newAddressCase()},
		journey.CodeChecked{Verdict: journey.Wrong, Case: codeCase("taken")}, journey.CodeChecked{Verdict: journey.Expired}, journey.CodeChecked{Locked: true},
		journey.Unlocked{}, journey.Done{},
	}
}
