package pinpad_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/pinpad"
	"unlockpoint/reader/pinpad/pinpadtest"
)

// Both structures byte by byte, for a PIV card.
func TestTheStructures(t *testing.T) {
	got, err := pinpad.VerifyStructure(verifyEntry())
	if want := "\x1E\x1E\x82\x08\x00\x08\x06\x02\x01\x09\x08\x00\x00\x00\x00\x0D\x00\x00\x00" +
		"\x00\x20\x00\x80\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"; err != nil || string(got) != want {
		t.Errorf("verify: % X, %v, want % X", got, err, want)
	}
	got, err = pinpad.ModifyStructure(changeEntry())
	if want := "\x1E\x1E\x82\x08\x00\x00\x08\x08\x06\x03\x02\x03\x09\x08\x00\x01\x02\x00\x00\x00\x15\x00\x00\x00" +
		string(changeEntry().Command); err != nil || string(got) != want {
		t.Errorf("modify: % X, %v, want % X", got, err, want)
	}
}

// witness fills pcsc-lite's own structures by name: the compiler and reader.h
// say where everything is.
const witness = `#include <stdio.h>
#include <string.h>
#include <winscard.h>
#include <reader.h>
int main(void) {
	unsigned char b[64] = {0};
	PIN_VERIFY_STRUCTURE *v = (void *)b;
	v->bTimerOut = 30; v->bTimerOut2 = 30; v->bmFormatString = 0x82; v->bmPINBlockString = 0x08;
	v->bmPINLengthFormat = 0; v->wPINMaxExtraDigit = 0x0608; v->bEntryValidationCondition = 2;
	v->bNumberMessage = 1; v->wLangId = 0x0809; v->bMsgIndex = 0; v->ulDataLength = 13;
	memcpy(v->abData, "\x00\x20\x00\x80\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 13);
	fwrite(b, 1, sizeof *v + 13, stdout);
	memset(b, 0, sizeof b);
	PIN_MODIFY_STRUCTURE *m = (void *)b;
	m->bTimerOut = 30; m->bTimerOut2 = 30; m->bmFormatString = 0x82; m->bmPINBlockString = 0x08;
	m->bmPINLengthFormat = 0; m->bInsertionOffsetOld = 0; m->bInsertionOffsetNew = 8;
	m->wPINMaxExtraDigit = 0x0608; m->bConfirmPIN = 3; m->bEntryValidationCondition = 2;
	m->bNumberMessage = 3; m->wLangId = 0x0809; m->bMsgIndex1 = 0; m->bMsgIndex2 = 1; m->bMsgIndex3 = 2;
	m->ulDataLength = 21;
	memcpy(m->abData, "\x00\x24\x00\x80\x10", 5);
	memset(m->abData + 5, 0xFF, 16);
	fwrite(b, 1, sizeof *m + 21, stdout);
	unsigned int code = CM_IOCTL_GET_FEATURE_REQUEST;
	fwrite(&code, 1, 4, stdout);
	return 0;
}`

func TestTheStructuresAreThoseOfPCSCLite(t *testing.T) {
	dir := t.TempDir()
	source, program := filepath.Join(dir, "witness.c"), filepath.Join(dir, "witness")
	if err := os.WriteFile(source, []byte(witness), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-I/usr/include/PCSC", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("compiling the witness (run make deps): %v\n%s", err, out)
	}
	want, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	verify, err := pinpad.VerifyStructure(verifyEntry())
	if err != nil {
		t.Fatal(err)
	}
	modify, err := pinpad.ModifyStructure(changeEntry())
	if err != nil {
		t.Fatal(err)
	}
	request := uint32(pinpad.GetFeatureRequest)
	got := append(append(verify, modify...), byte(request), byte(request>>8), byte(request>>16), byte(request>>24))
	if string(got) != string(want) {
		t.Errorf("we say\n% X\nreader.h says\n% X", got, want)
	}
}

// The reader of these tests refuses every structure with a broken field, and
// asks neither person nor card.
func TestTheReaderRefusesBrokenFields(t *testing.T) {
	type broken struct {
		name string
		at   int
		to   byte
	}
	for name, c := range map[string]struct {
		entry  reader.Entry
		change bool
		fields []broken
	}{
		"verify": {verifyEntry(), false, []broken{
			{"bTimeOut", 0, 0}, {"bTimeOut2", 1, 0}, {"bTimeOut2 over bTimeOut", 1, 31}, {"bits", 2, 0x02}, {"position", 2, 0x8A},
			{"from the right", 2, 0x86}, {"BCD", 2, 0x81}, {"block size", 3, 0}, {"block beyond", 3, 9},
			{"PIN length", 3, 0x18}, {"PIN length format", 4, 1}, {"max", 5, 9}, {"max under min", 5, 5},
			{"min", 6, 0}, {"swapped", 6, 9}, {"validation", 7, 0}, {"validation by size", 7, 1},
			{"messages", 8, 0}, {"messages", 8, 3}, {"language", 9, 0}, {"language", 10, 0}, {"message", 11, 1},
			{"prologue", 12, 1}, {"prologue", 13, 1}, {"prologue", 14, 1},
			{"length", 15, 12}, {"length", 15, 14}, {"length", 16, 1}, {"length", 18, 1},
			{"instruction", 20, 0x24}, {"Lc", 23, 7}, {"digits already", 24, '1'},
		}},
		"modify": {changeEntry(), true, []broken{
			{"bTimeOut", 0, 0}, {"bTimeOut2", 1, 0}, {"bits", 2, 0x02}, {"position", 2, 0x8A},
			{"from the right", 2, 0x86}, {"binary", 2, 0x80}, {"block size", 3, 0}, {"block beyond", 3, 9},
			{"PIN length", 3, 0x18}, {"PIN length format", 4, 1}, {"one place", 5, 8}, {"new one beyond", 6, 9},
			{"max", 7, 9}, {"min", 8, 0}, {"no confirmation", 9, 2}, {"no old one", 9, 1}, {"validation", 10, 0},
			{"messages", 11, 1}, {"language", 12, 0}, {"language", 13, 0},
			{"message", 14, 1}, {"message", 15, 0}, {"message", 16, 1},
			{"prologue", 17, 1}, {"prologue", 19, 1}, {"length", 20, 20}, {"length", 23, 1},
			{"instruction", 25, 0x20}, {"Lc", 28, 8}, {"digits already", 29, '1'},
		}},
	} {
		build, feature := pinpad.VerifyStructure, pinpad.VerifyPINDirect
		if c.change {
			build, feature = pinpad.ModifyStructure, pinpad.ModifyPINDirect
		}
		for _, b := range c.fields {
			s, err := build(c.entry)
			if err != nil {
				t.Fatal(err)
			}
			s[b.at] = b.to
			at := &card{answer: "\x90\x00"}
			r := &pinpadtest.Reader{Card: at, Keys: []pinpadtest.Typed{"123456", "271828", "271828"}}
			list, err := r.Control(t.Context(), pinpad.GetFeatureRequest, nil)
			if err != nil {
				t.Fatal(err)
			}
			features, err := pinpad.ParseFeatures(list)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := r.Control(t.Context(), features[feature], s)
			if err != nil || string(answer) != "\x6B\x80" || len(r.Complaints) != 1 || len(r.Asked) != 0 || at.sent != nil {
				t.Errorf("%s, %s: % X, %v, complaints %q", name, b.name, answer, err, r.Complaints)
			}
		}
	}
}
