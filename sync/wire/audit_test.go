package wire

import (
	"strings"
	"testing"
)

func TestAReasonIsOneLineThatSaysSomething(t *testing.T) {
	for reason, valid := range map[string]bool{
		Routine: true, "showed her badge": true, "dangosodd ei bathodyn, â llun": true, strings.Repeat("x", 200): true,
		"": false, "ok": false, " routine": false, "two\nlines": false, "bell\a": false, "half \xff": false, strings.Repeat("x", 201): false,
	} {
		if ValidReason(reason) != valid {
			t.Errorf("%q: valid %v", reason, !valid)
		}
	}
}

func TestAReasonAboutAPersonIsNotShownToWhoReadsTheLog(t *testing.T) {
	for want, e := range map[string]AuditEntry{"sealed": {Reason: []byte("x")}, Routine: {Why: Routine}, "": {}} {
		if got := e.Said(); got != want {
			t.Errorf("%+v says %q", e, got)
		}
	}
}
