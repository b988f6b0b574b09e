package wire

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// EnrolCode lets one terminal join: an engineer types it. Its first part, the
// ID, travels in the clear; the rest is a secret that never leaves the two
// ends, and proves each end's text to the other.
type EnrolCode struct {
	ID     string // 8 characters of base32, in lower case
	secret []byte // 80 bits
}

// Lengths in characters and bytes: 5 bits a character.
const (
	enrolID     = 8
	enrolCode   = 24
	enrolSecret = (enrolCode - enrolID) * 5 / 8
)

// ErrEnrolCode is the answer to what cannot be an enrolment code.
var ErrEnrolCode = errors.New("an enrolment code has 24 letters and digits, of A to Z and 2 to 7, in groups of 4")

// NewEnrolCode draws a code.
func NewEnrolCode() EnrolCode {
	raw := make([]byte, enrolCode*5/8)
	rand.Read(raw) // never fails (crypto/rand)
	c, err := ParseEnrolCode(base32.StdEncoding.EncodeToString(raw))
	if err != nil {
		panic(err) // 15 bytes are 24 characters
	}
	return c
}

// ParseEnrolCode reads a code as people type it: in either case, with spaces
// and hyphens anywhere. 0 and 8, which base32 does not have, are read as the
// letters that they look like.
func ParseEnrolCode(text string) (EnrolCode, error) {
	text = strings.NewReplacer(" ", "", "-", "", "\t", "", "0", "O", "8", "B").Replace(strings.ToUpper(text))
	if len(text) != enrolCode || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return EnrolCode{}, ErrEnrolCode
	}
	secret, err := base32.StdEncoding.DecodeString(text[enrolID:])
	if err != nil {
		return EnrolCode{}, ErrEnrolCode
	}
	return EnrolCode{ID: strings.ToLower(text[:enrolID]), secret: secret}, nil
}

// EnrolCodeOf puts a code together again from what Secret gave.
func EnrolCodeOf(id string, secret []byte) (EnrolCode, error) {
	if !ValidEnrolID(id) || len(secret) != enrolSecret {
		return EnrolCode{}, ErrEnrolCode
	}
	return EnrolCode{ID: id, secret: secret}, nil
}

// ValidEnrolID reports whether s may be the open part of a code.
func ValidEnrolID(s string) bool {
	return len(s) == enrolID && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// Secret is the part that proves, to be kept sealed.
func (c EnrolCode) Secret() []byte { return c.secret }

// Text is the whole code in groups of 4, to be typed.
func (c EnrolCode) Text() string {
	all := strings.ToUpper(c.ID) + base32.StdEncoding.EncodeToString(c.secret)
	var groups []string
	for ; len(all) > 4; all = all[4:] {
		groups = append(groups, all[:4])
	}
	return strings.Join(append(groups, all), "-")
}

// String and GoString keep the secret out of logs.
func (c EnrolCode) String() string   { return "enrolment code " + c.ID }
func (c EnrolCode) GoString() string { return c.String() }

// Direction of an enrolment message. Each has a key of its own, so that none
// can be played back as the other.
type Direction string

// The directions.
const (
	EnrolAsks    Direction = "request"
	EnrolAnswers Direction = "reply"
)

// Write makes the payload of a message: its JSON on one line, and on the next
// HMAC-SHA256 of that line, in hex.
func (c EnrolCode) Write(d Direction, message any) ([]byte, error) {
	text, err := json.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("writing an enrolment %s: %w", d, err)
	}
	mac, err := c.mac(d, text)
	if err != nil {
		return nil, fmt.Errorf("writing an enrolment %s: %w", d, err)
	}
	return append(text, "\n"+hex.EncodeToString(mac)+"\n"...), nil
}

// ErrNotOfCode says that a message was not written with this code.
var ErrNotOfCode = errors.New("not written with this enrolment code")

// Read checks a payload and decodes its message.
func (c EnrolCode) Read(d Direction, payload []byte, message any) error {
	if len(payload) > MaxNote {
		return ErrNotOfCode
	}
	text, rest, _ := bytes.Cut(payload, []byte("\n"))
	given, err := hex.DecodeString(strings.TrimSuffix(string(rest), "\n"))
	if err != nil {
		return ErrNotOfCode
	}
	mac, err := c.mac(d, text)
	if err != nil || !hmac.Equal(mac, given) {
		return ErrNotOfCode
	}
	return Decode(text, message)
}

func (c EnrolCode) mac(d Direction, text []byte) ([]byte, error) {
	if len(c.secret) != enrolSecret {
		return nil, errors.New("the code has no secret")
	}
	key, err := hkdf.Key(sha256.New, c.secret, nil, "unlockpoint enrol v1\n"+c.ID+"\n"+string(d), sha256.Size)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil), nil
}

// EnrolRequest is what a terminal asks with. All keys are public halves.
type EnrolRequest struct {
	V       int    `json:"v"`
	Name    string `json:"name,omitempty"` // the id it would like; central may have set another
	CSR     []byte `json:"csr"`            // PKCS #10 for its TLS key, DER
	NoteKey []byte `json:"note_key"`       // Ed25519
	SealKey []byte `json:"seal_key"`       // X25519
	Build   string `json:"build,omitempty"`
}

// EnrolReply answers it: a refusal, or an Enrolled sealed to the request's
// sealing key.
type EnrolReply struct {
	V       int     `json:"v"`
	Refused Refusal `json:"refused,omitempty"`
	Sealed  *Sealed `json:"sealed,omitempty"`
}

// Why an enrolment is refused.
const (
	CodeEnded Refusal = "code-ended" // older than a day, or withdrawn
	CodeUsed  Refusal = "code-used"  // by a terminal with other keys
	NameTaken Refusal = "name-taken" // there is, or was, a terminal of that name
)

// Enrolled is what a terminal gets: who it is and whom it believes.
type Enrolled struct {
	Realm       string        `json:"realm"`
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Central     PinnedCentral `json:"central"`
	RegistryKey []byte        `json:"registry_key"`
	ConsoleKey  []byte        `json:"console_key"`
	URL         string        `json:"url"`         // of the broker
	Authority   string        `json:"authority"`   // PEM: who vouches for the broker
	Certificate string        `json:"certificate"` // PEM: the terminal's own
	Root        []byte        `json:"root,omitempty"`
	Keys        int           `json:"keys_version,omitempty"`
	Policy      Policy        `json:"policy"`
	Site        Site          `json:"site"`
	Time        time.Time     `json:"time"`
}

// CertRenewBody asks for another certificate before the old one ends, over
// the terminal's link: what is asked there is signed already.
type CertRenewBody struct {
	CSR []byte `json:"csr"` // PKCS #10 for the terminal's TLS key, DER
}

// CertRenewReply brings it. The old one stays valid to its end.
type CertRenewReply struct {
	Answered
	Certificate string `json:"certificate,omitempty"` // PEM
}

// EnrolContext is the header that an Enrolled is sealed under: the realm is
// not known yet, and the code stands for the terminal.
func EnrolContext(code string) Envelope {
	return Envelope{Kind: "enrol", ID: code, From: Central, To: code}
}
