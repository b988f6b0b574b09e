package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Settings are the whole document of what a terminal is set to. The one with
// the highest version counts.
type Settings struct {
	Version uint64   `json:"version"`
	Policy  Policy   `json:"policy"`
	Site    Site     `json:"site"`
	Readers []string `json:"readers"` // that may be used, in place of the terminal's own list; none: that
	Log     string   `json:"log"`     // how much to log, in place of the terminal's own; empty: that
}

// Logs are the levels of Settings.Log.
func Logs() []string { return []string{"debug", "info", "warn", "error"} }

// mostReaders is the most names in a list of readers.
const mostReaders = 50

// Check names the first setting that is wrong and what to write instead.
func (s Settings) Check() error {
	switch {
	case s.Site.Name == "" || s.Site.Booth == "":
		return errors.New("site.name and site.booth are needed: people are told them")
	case s.Log != "" && !slices.Contains(Logs(), s.Log):
		return fmt.Errorf("log is %q: write debug, info, warn or error", s.Log)
	case len(s.Readers) > mostReaders:
		return fmt.Errorf("readers has %d names: write at most %d", len(s.Readers), mostReaders)
	}
	for name, text := range map[string]string{"site.name": s.Site.Name, "site.booth": s.Site.Booth, "site.hours": s.Site.Hours, "site.phone": s.Site.Phone} {
		if len(text) > longestText || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
			return fmt.Errorf("%s is too long or has line ends: write one line of at most %d bytes", name, longestText)
		}
	}
	if slices.ContainsFunc(s.Readers, func(name string) bool { return strings.TrimSpace(name) == "" }) {
		return errors.New("readers has an empty name: write a part of the reader's name, such as \"omnikey\"")
	}
	return s.Policy.Check()
}

// longestText of a site still fits on a page, in large letters.
const longestText = 120

// Check refuses rules that would lock everybody out or let everybody in.
func (p Policy) Check() error {
	ranges := []struct {
		name       string
		is, lo, hi int
	}{
		{"bank", p.Bank, 4, 20}, {"choose", p.Choose, 2, p.Bank}, {"ask", p.Ask, 2, min(4, p.Choose)},
		{"attempts", p.Attempts, 1, 10}, {"attempts_in_30d", p.AttemptsIn30d, p.Attempts, 100},
		{"attempt_open_s", p.AttemptOpen, 60, 86400}, {"code_life_s", p.CodeLife, 60, 86400},
		{"code_tries", p.CodeTries, 1, 10}, {"code_sends", p.CodeSends, 1, 10}, {"resend_after_s", p.ResendAfter, 0, 3600},
		{"wrong_codes", p.WrongCodes, p.CodeTries, 100}, {"cases_in_24h", p.CasesIn24h, 1, 100},
		{"cases_in_30d", p.CasesIn30d, p.CasesIn24h, 1000}, {"mails_an_hour", p.MailsAnHour, 1, 100},
		{"after_code_s", p.AfterCode, 60, 86400}, {"take_over_s", p.TakeOver, 0, 3600},
		{"register_life_s", p.RegisterLife, 60, 86400}, {"grants", p.Grants, 1, 10},
		{"cards_an_hour", p.CardsAnHour, 0, 10000}, {"failures_an_hour", p.FailuresAnHour, 0, 10000}, {"lockouts_a_day", p.LockoutsADay, 0, 10000},
		{"new_address_wait_s", p.NewAddressWait, 0, 30 * 86400}, {"passcode_min", p.PasscodeMin, 4, 8},
		{"passcode_max", p.PasscodeMax, p.PasscodeMin, 16}, {"page_timeout_s", p.PageTimeout, 10, 3600},
		{"more_time_s", p.MoreTime, 10, 3600}, {"warn_expiry_days", p.WarnExpiry, 0, 365},
	}
	for _, r := range ranges {
		if r.is < r.lo || r.is > r.hi {
			return fmt.Errorf("policy.%s is %d: write %d to %d", r.name, r.is, r.lo, r.hi)
		}
	}
	for _, d := range p.Domains {
		if d == "" || strings.ContainsAny(d, "@ *") || strings.ToLower(d) != d {
			return fmt.Errorf("policy.domains has %q: write domains such as \"nhs.net\"", d)
		}
	}
	if len(p.Domains) == 0 {
		return errors.New("policy.domains is empty: name the domains that mail may go to")
	}
	return nil
}

// Scope says whom a setting is for: the fleet, a site of it or a terminal.
type Scope struct {
	Site     string `json:"site,omitempty"`
	Terminal string `json:"terminal,omitempty"`
}

// String names the scope.
func (s Scope) String() string {
	switch {
	case s.Terminal != "":
		return "terminal " + s.Terminal
	case s.Site != "":
		return "site " + s.Site
	}
	return "fleet"
}

// ConfigSetBody changes settings of one scope. What is unset comes from the
// scope above again. Values are texts, as a person types them.
type ConfigSetBody struct {
	Scope
	Set   []ConfigChange `json:"set,omitempty"`
	Unset []string       `json:"unset,omitempty"`

	Reason string `json:"reason,omitempty"`
}

// ConfigChange is one setting and its new value.
type ConfigChange struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ConfigView is the settings that hold for a scope.
type ConfigView struct {
	Scope
	Version uint64        `json:"version"`
	Values  []ConfigValue `json:"values"`
}

// ConfigValue is one setting and where it comes from: "file" is central's own.
type ConfigValue struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
	From  string          `json:"from"`
}

// Shown is a setting's value as people write it: a text bare, a list with
// commas, anything else as in JSON.
func Shown(value json.RawMessage) string {
	var text string
	var list []string
	switch {
	case json.Unmarshal(value, &text) == nil:
		return text
	case json.Unmarshal(value, &list) == nil:
		return strings.Join(list, ", ")
	}
	return string(value)
}

// ConfigDiff is what a terminal is set to otherwise than it should be.
type ConfigDiff struct {
	Terminal string       `json:"terminal"`
	Desired  uint64       `json:"desired"`  // version
	Reported uint64       `json:"reported"` // version; 0: it has reported none
	Differs  []ConfigLine `json:"differs,omitempty"`
}

// ConfigLine is one setting that differs.
type ConfigLine struct {
	Key      string          `json:"key"`
	Desired  json.RawMessage `json:"desired"`
	Reported json.RawMessage `json:"reported"`
}
