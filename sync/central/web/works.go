package web

import "unlockpoint/sync/wire"

// work is something that terminals do, in words.
type work struct {
	Do    wire.Work
	Title string
	Hint  string
}

var inWords = map[wire.Work]work{
	wire.Identify:   {Title: "Identify", Hint: "It beeps and shows its name."},
	wire.SelfTest:   {Title: "Self-test", Hint: "It tries its parts, and says what works."},
	wire.Restart:    {Title: "Restart", Hint: "As soon as no card is in."},
	wire.MakeReport: {Title: "Report", Hint: "It sends all that it knows of itself."},
	wire.Screenshot: {Title: "Screenshot", Hint: "It sends its page, unless that is private."},
}

// workOf is a work in words.
func workOf(do wire.Work) work {
	w := inWords[do]
	w.Do = do
	return w
}

func works() (all []work) {
	for _, do := range wire.Works() {
		all = append(all, workOf(do))
	}
	return all
}
