package layout

// words are the few the display has of its own; all others come with a page.
type words struct {
	settings, help, more, back string
	show, hide, space          string
	online, offline            string
	reader, noReader           string
	of                         string // "part 1 of 2"
}

func wordsIn(language string) words {
	if language == "cy" {
		return words{
			settings: "Gosodiadau", help: "Cymorth", more: "Mwy", back: "Yn ôl",
			show: "Dangos", hide: "Cuddio", space: "bwlch",
			online: "Ar-lein", offline: "All-lein", reader: "Darllenydd yn barod", noReader: "Dim darllenydd", of: "o",
		}
	}
	return words{
		settings: "Settings", help: "Help", more: "More", back: "Back",
		show: "Show", hide: "Hide", space: "space",
		online: "Online", offline: "Offline", reader: "Reader ready", noReader: "No reader", of: "of",
	}
}
