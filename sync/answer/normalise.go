package answer

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Version of the normaliser. A registration keeps the version its keys were
// made with; what this version gives for a text never changes again.
const Version = 1

const (
	minAnswer = 2   // characters that must remain
	maxAnswer = 200 // characters that may be typed
)

// What can be wrong with an answer as typed. None quotes it.
var (
	ErrShort     = errors.New("fewer than 2 letters or digits")
	ErrLong      = errors.New("more than 200 characters")
	ErrCharacter = errors.New("a character that our keyboards do not have")
)

// Normalise gives the form of an answer that its key is made from: letters
// and digits only, in lower case, without accents. It knows the characters of
// our keyboards (ASCII, Latin-1 and Welsh) and refuses others, so that no
// later version of Unicode can change what a person's answer means. It is in
// memory of its own, for the caller to clear.
func Normalise(typed []byte) ([]byte, error) {
	if utf8.RuneCount(typed) > maxAnswer {
		return nil, ErrLong
	}
	b := make([]byte, 0, 2*len(typed)) // never grows, which would leave a copy behind
	for rest := typed; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		switch plain, known := plainForm(r); {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b = append(b, byte(r)) // no text is made of it, which would stay behind
		case r >= 'A' && r <= 'Z':
			b = append(b, byte(r)+'a'-'A')
		case !known:
			clear(b)
			return nil, ErrCharacter
		default:
			b = append(b, plain...)
		}
	}
	if len(b) < minAnswer {
		clear(b)
		return nil, ErrShort
	}
	return b, nil
}

// plainForm is the table of the other characters: what one leaves behind.
func plainForm(r rune) (plain string, known bool) {
	switch {
	case r >= ' ' && r <= '~': // ASCII without letters and digits
		return "", true
	case r >= 0xA0 && r <= 0xBF, r == '×', r == '÷': // Latin-1 without letters
		return "", true
	case r >= 0x0300 && r <= 0x036F: // accents that follow their letter
		return "", true
	case strings.ContainsRune("‘’“”–—…€", r): // what other keyboards make of ' " - ...
		return "", true
	}
	plain = letter(r)
	return plain, plain != ""
}

// letter takes the accent off a letter of Latin-1 or Welsh.
func letter(r rune) string {
	switch r {
	case 'À', 'Á', 'Â', 'Ã', 'Ä', 'Å', 'à', 'á', 'â', 'ã', 'ä', 'å':
		return "a"
	case 'Æ', 'æ':
		return "ae"
	case 'Ç', 'ç':
		return "c"
	case 'Ð', 'ð':
		return "d"
	case 'È', 'É', 'Ê', 'Ë', 'è', 'é', 'ê', 'ë':
		return "e"
	case 'Ì', 'Í', 'Î', 'Ï', 'ì', 'í', 'î', 'ï':
		return "i"
	case 'Ñ', 'ñ':
		return "n"
	case 'Ò', 'Ó', 'Ô', 'Õ', 'Ö', 'Ø', 'ò', 'ó', 'ô', 'õ', 'ö', 'ø':
		return "o"
	case 'ß', 'ẞ':
		return "ss"
	case 'Þ', 'þ':
		return "th"
	case 'Ù', 'Ú', 'Û', 'Ü', 'ù', 'ú', 'û', 'ü':
		return "u"
	case 'Ŵ', 'ŵ', 'Ẁ', 'ẁ', 'Ẃ', 'ẃ', 'Ẅ', 'ẅ':
		return "w"
	case 'Ý', 'ý', 'ÿ', 'Ÿ', 'Ŷ', 'ŷ', 'Ỳ', 'ỳ':
		return "y"
	}
	return ""
}
