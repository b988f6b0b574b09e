package wire

import "testing"

func TestTheWorstFaultIsWhatHasToBeSeenToFirst(t *testing.T) {
	odd, low, slow, gone := Fault{Code: "odd", Severity: "unheard of"}, Fault{Code: "low", Severity: Notice}, Fault{Code: "slow", Severity: Warning}, Fault{Code: "gone", Severity: Failure}
	for _, c := range []struct {
		faults []Fault
		want   string
	}{
		{nil, ""}, {[]Fault{odd}, ""}, {[]Fault{odd, low}, "low"}, {[]Fault{low, slow}, "slow"}, {[]Fault{slow, gone, low}, "gone"},
		{[]Fault{slow, {Code: "slower", Severity: Warning}}, "slow"},
	} {
		if got := (Vitals{Faults: c.faults}).Worst(); got.Code != c.want {
			t.Errorf("of %v: %q, want %q", c.faults, got.Code, c.want)
		}
	}
}
