package wire

import (
	"encoding/json"
	"time"
)

// AuditEntry is one thing that happened, as central's audit log keeps it.
type AuditEntry struct {
	Seq    uint64    `json:"seq"`
	At     time.Time `json:"at"`
	What   string    `json:"what"`             // see package audit
	By     string    `json:"by"`               // "terminal/…", "operator/…", "link", "local" or "central"
	Second string    `json:"second,omitempty"` // operator who agreed
	Site   string    `json:"site,omitempty"`   // where it happened
	Person string    `json:"person,omitempty"` // pseudonym
	Note   string    `json:"note,omitempty"`   // numbers and fixed words, never a name
	Reason []byte    `json:"reason,omitempty"` // sealed for the person
}

// AuditLine is an entry as it is exported. The hash is the SHA-256 of the hash
// before it, 32 bytes, and the entry's text as it stands.
type AuditLine struct {
	Hash  string          `json:"hash"` // hex
	Entry json.RawMessage `json:"entry"`
}

// AuditPageBody asks for the lines of the audit log behind a number.
type AuditPageBody struct {
	After uint64 `json:"after"`
}

// AuditVerifyBody asks central to verify its audit log. Was is a head that was
// written down earlier, or empty.
type AuditVerifyBody struct {
	Was string `json:"was,omitempty"`
}

// AuditVerified says that the log is whole.
type AuditVerified struct {
	Entries uint64 `json:"entries"`
	Head    string `json:"head"` // to write down
}
