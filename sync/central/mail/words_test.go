package mail

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"unlockpoint/sync/wire"
)

func words(t *testing.T, h House) *Words {
	t.Helper()
	w, err := NewWords(h)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func sample(k Kind) Message {
	return Message{Kind: k, To: "a@nhs.net", Name: "Ceri", Code: "123456", Minutes: 15, Terminal: "Ward 7",
		Site:    wire.Site{Name: "St Elsewhere", Booth: "main entrance", Hours: "8 to 6", Phone: "01 234"},
		Address: "c…@nhs.uk", Freeze: "https://trust/freeze/AbC", At: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), AttemptsLeft: 1}
}

func TestEveryKindHasItsWords(t *testing.T) {
	w := words(t, House{Contact: "the registration authority"})
	for _, k := range Kinds() {
		r, err := w.Render(sample(k))
		if err != nil {
			t.Fatalf("%s: %v", k, err)
		}
		for _, text := range []string{strings.Join(strings.Fields(r.Text), " "), r.HTML} {
			for _, want := range []string{"Hello Ceri,", "the registration authority", "not read", "01 234", "https://trust/freeze/AbC"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: %q missing in\n%s", k, want, text)
				}
			}
			if strings.Contains(text, "<no value>") || strings.Contains(text, "{{") {
				t.Errorf("%s: template shows through:\n%s", k, text)
			}
		}
		if strings.HasPrefix(r.Text, "\n") {
			t.Errorf("%s: begins with an empty line", k)
		}
	}
}

// The code stands alone on its line, with what DESIGN, section 3, has a mail
// with a code say.
func TestACodeStandsAloneOnItsLine(t *testing.T) {
	w := words(t, House{Contact: "the registration authority"})
	for _, k := range []Kind{RegisterCode, UnlockCode} {
		r, err := w.Render(sample(k))
		said := strings.Join(strings.Fields(r.Text), " ")
		for _, want := range []string{
			"valid for 15 minutes", "not your new passcode", "If you did not ask for it, tell the registration authority", "never ask for this code",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q missing in\n%s", k, want, r.Text)
			}
		}
		if err != nil || !strings.Contains(r.Text, "\n\n123456\n\n") {
			t.Errorf("%s: %v\n%s", k, err, r.Text)
		}
	}
}

// Each line fits a screen of 80 columns, however long names and places are, and
// a link stands whole on one of its own.
func TestLettersFitAScreen(t *testing.T) {
	w := words(t, House{Contact: "the registration authority of the whole of the trust, at the main entrance"})
	link := "https://trust.example/freeze/" + strings.Repeat("AbC", 20)
	for _, k := range Kinds() {
		m := sample(k)
		m.Terminal, m.Freeze = "Ward 7 corridor, beside the lift", link
		r, err := w.Render(m)
		if err != nil || !strings.Contains(r.Text, "\n"+link+"\n") || !strings.Contains(r.Text, "booth: 01 234)") {
			t.Errorf("%s: %v, the link or the number is broken in\n%s", k, err, r.Text)
		}
		for line := range strings.Lines(r.Text) {
			if line := strings.TrimSuffix(line, "\n"); line != link && utf8.RuneCountInString(line) > widest {
				t.Errorf("%s: %q", k, line)
			}
		}
	}
}

func TestNoCodeInNotices(t *testing.T) {
	w := words(t, House{})
	for _, k := range []Kind{AttemptFailed, Registered, Unlocked, AddressChanged, AddressSet, Frozen, Unfrozen, Released, Assisted, Removed} {
		if r, err := w.Render(sample(k)); err != nil || strings.Contains(r.Text+r.HTML+r.Subject, "123456") {
			t.Errorf("%s tells the code (%v)", k, err)
		}
	}
}

func TestANameCannotAddLinesOrMarkup(t *testing.T) {
	w := words(t, House{})
	m := sample(UnlockCode)
	m.Name = "Eve\r\n\r\n999999\r\nBcc: evil@evil.com <script>alert(1)</script>\u202e"
	r, err := w.Render(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.Text, "\n999999") || strings.Contains(r.HTML, "<script>") || strings.ContainsRune(r.Text, '\u202e') {
		t.Fatalf("injected:\n%s\n%s", r.Text, r.HTML)
	}
}

func TestSubjectsAreConfigurable(t *testing.T) {
	house := House{Subjects: map[Kind]string{UnlockCode: "Your card"}}
	if house.Subject(UnlockCode) != "Your card" || house.Subject(Unlocked) == "" {
		t.Error("subjects")
	}
	r, err := words(t, house).Render(sample(UnlockCode))
	if err != nil || r.Subject != "Your card" {
		t.Errorf("the mail is headed %q (%v)", r.Subject, err)
	}
	if _, err := NewWords(House{Subjects: map[Kind]string{UnlockCode: "a\nBcc: b@c"}}); err == nil {
		t.Error("a subject of two lines was accepted")
	}
}

func TestHostileRecipientsAreRefusedBeforeTheServerIsAsked(t *testing.T) {
	s, err := NewSMTP(Server{Host: "127.0.0.1", Port: 1, Security: NoTLS, Timeout: time.Second}, House{Sender: "x@nhs.uk"})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"", "a", "a@", "@b", "a@b@c", "a@b\r\nRCPT TO:<e@e>", `"x@nhs.net" <evil@evil.com>`, "a b@c", "a@b,c@d", "é@nhs.net"} {
		if err := s.Send(t.Context(), Rendered{To: to}); err != (Refusal{}) {
			t.Errorf("%q: %v", to, err)
		}
	}
}

func FuzzOneLine(f *testing.F) {
	f.Add("Ceri Jones")
	f.Add("a\r\nb\x00\u2028c\xff")
	f.Fuzz(func(t *testing.T, s string) {
		out := oneLine(s)
		if strings.ContainsAny(out, "\r\n\t\x00") || oneLine(out) != out || len([]rune(out)) > longest {
			t.Fatalf("%q became %q", s, out)
		}
	})
}

func FuzzPlainAddress(f *testing.F) {
	f.Add("a@nhs.net")
	f.Add("\"x@nhs.net\" <evil@evil.com>")
	f.Fuzz(func(t *testing.T, s string) {
		if plainAddress(s) == nil && (strings.ContainsAny(s, "\r\n <>,\"") || strings.Count(s, "@") != 1) {
			t.Fatalf("accepted %q", s)
		}
	})
}
