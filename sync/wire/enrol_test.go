package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const typed = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX"

func TestACodeReadsAsPeopleTypeIt(t *testing.T) {
	want, err := ParseEnrolCode(typed)
	if err != nil || want.ID != "abcdefgh" || want.Text() != typed {
		t.Fatal(want, err)
	}
	for _, text := range []string{"abcdefghijklmnopqrstuvwx", " abcd efgh ijkl mnop qrst uvwx ", "A8CD-EFGH-IJKL-MN0P-QRST-UVWX"} {
		got, err := ParseEnrolCode(text)
		if err != nil || got.Text() != typed {
			t.Errorf("%q reads as %s, %v", text, got.Text(), err)
		}
	}
	for _, text := range []string{"", typed[1:], typed + "A", strings.Replace(typed, "X", "1", 1), strings.Replace(typed, "X", "Ł", 1)} {
		if _, err := ParseEnrolCode(text); !errors.Is(err, ErrEnrolCode) {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestACodeNeverPrintsItsSecret(t *testing.T) {
	c, err := ParseEnrolCode(typed)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, c); got != "enrolment code abcdefgh" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}

// A message is believed by the holder of its code only, in its direction only,
// and only whole.
func TestAMessageIsOfItsCodeAndDirection(t *testing.T) {
	code, other := NewEnrolCode(), NewEnrolCode()
	raw, err := code.Write(EnrolAsks, EnrolRequest{V: 1, Name: "ward7-door"})
	if err != nil {
		t.Fatal(err)
	}
	var r EnrolRequest
	if err := code.Read(EnrolAsks, raw, &r); err != nil || r.Name != "ward7-door" {
		t.Fatal(r, err)
	}
	for name, err := range map[string]error{
		"the other direction": code.Read(EnrolAnswers, raw, &r),
		"another code":        other.Read(EnrolAsks, raw, &r),
		"a changed text":      code.Read(EnrolAsks, bytes.Replace(raw, []byte("door"), []byte("hall"), 1), &r),
		"no MAC":              code.Read(EnrolAsks, raw[:len(raw)-65], &r),
		"no secret":           EnrolCode{ID: code.ID}.Read(EnrolAsks, raw, &r),
	} {
		if !errors.Is(err, ErrNotOfCode) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzEnrolCode(f *testing.F) {
	f.Add(typed)
	f.Add("0808 0808 0808 0808 0808 0808")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseEnrolCode(text)
		if err != nil {
			return
		}
		again, err := ParseEnrolCode(c.Text())
		if err != nil || again.Text() != c.Text() || !ValidEnrolID(c.ID) || len(c.Secret()) != 10 {
			t.Errorf("%q: %v", text, err)
		}
		if id, ok := ParseEnrol(EnrolRequestTopic(c.ID)); !ok || id != c.ID {
			t.Errorf("the topic of %s does not read", c.ID)
		}
	})
}

func FuzzReadEnrolment(f *testing.F) {
	code, err := ParseEnrolCode(typed)
	if err != nil {
		f.Fatal(err)
	}
	good, err := code.Write(EnrolAsks, EnrolRequest{V: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("{}\n00\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var r EnrolRequest
		if code.Read(EnrolAsks, raw, &r) != nil {
			return
		}
		if !bytes.Equal(bytes.TrimSuffix(raw, []byte("\n")), bytes.TrimSuffix(good, []byte("\n"))) {
			t.Errorf("believed: %q", raw)
		}
	})
}
