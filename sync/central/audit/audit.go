// Package audit is central's log of what was done and to whom: every act,
// attempt, code, grant, unlock and look-up of a person.
//
// Its words: an entry is one thing that happened, written by [Log.Add] in
// the transaction of its effect, so that there is neither without the other.
// Entries are numbered and never change. Each one's hash covers the one before
// it; the [Head], the newest number and hash, is authenticated with the audit
// key of the key ring. So [Log.Verify] finds an entry that was changed, moved
// or taken out, and a tail that was cut; a head that was written down
// elsewhere also shows that nobody put an older copy of the whole log back.
//
// A person is a pseudonym, made with a key of their own. [Log.Cut] destroys
// that key: the entries stay and verify, and nobody can tell who it was.
//
// The package does not decide what is worth an entry, and prints nothing.
package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Log writes and reads the entries. It keeps nothing between calls.
type Log struct{ keys *keyring.Ring }

// New returns the log of who has the key ring.
func New(keys *keyring.Ring) *Log { return &Log{keys} }

const (
	table  = "audit" // hash and text of each entry, by number
	headAt = "head"
)

func heads() store.Table[Head] { return store.Table[Head]{Name: "audit-head"} }

// byPerson lists the numbers of a person's entries.
func byPerson() store.Table[uint64] { return store.Table[uint64]{Name: "audit-of"} }

func place(seq uint64) string { return fmt.Sprintf("%s/%020d", table, seq) }

// Head is the end of the log at some time.
type Head struct {
	Seq  uint64 `json:"seq"`
	Hash []byte `json:"hash"`
	Key  int    `json:"key"` // version of the audit key
	MAC  []byte `json:"mac"`
}

// String is what to write down elsewhere: the number and the hash.
func (h Head) String() string { return fmt.Sprintf("%d:%x", h.Seq, h.Hash) }

// ParseHead reads what Head.String wrote. It has no MAC.
func ParseHead(s string) (Head, error) {
	number, hash, _ := strings.Cut(s, ":")
	seq, err := strconv.ParseUint(number, 10, 64)
	raw, bad := hex.DecodeString(hash)
	if err != nil || bad != nil || len(raw) != sha256.Size {
		return Head{}, fmt.Errorf("%q is not the head of a log: it is a number, a colon and %d hex digits", s, 2*sha256.Size)
	}
	return Head{Seq: seq, Hash: raw}, nil
}

// first stands for the hash before the first entry.
func first() []byte {
	sum := sha256.Sum256([]byte("unlockpoint audit v1"))
	return sum[:]
}

// link is the hash of an entry behind another's.
func link(before, text []byte) []byte {
	h := sha256.New()
	h.Write(before)
	h.Write(text)
	return h.Sum(nil)
}

// mac authenticates a head.
func (l *Log) mac(h Head) ([]byte, error) {
	key, err := l.keys.Key(keyring.Audit, h.Key)
	if err != nil {
		return nil, err
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte("unlockpoint audit head v1"))
	m.Write(binary.BigEndian.AppendUint64(nil, h.Seq))
	m.Write(h.Hash)
	return m.Sum(nil), nil
}

// Add appends an entry, in this transaction.
func (l *Log) Add(tx store.Tx, e wire.AuditEntry) error {
	head, _, err := l.Head(tx)
	if err != nil {
		return err
	}
	e.Seq, e.At = head.Seq+1, e.At.UTC()
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("writing an audit entry: %w", err)
	}
	head.Seq, head.Hash = e.Seq, link(head.Hash, text)
	head.Key, _ = l.keys.Newest(keyring.Audit)
	if head.MAC, err = l.mac(head); err != nil {
		return err
	}
	if err := tx.Put(place(e.Seq), append(head.Hash[:len(head.Hash):len(head.Hash)], text...)); err != nil {
		return fmt.Errorf("writing an audit entry: %w", err)
	}
	if e.Person != "" {
		if err := byPerson().Put(tx, fmt.Sprintf("%s/%020d", e.Person, e.Seq), e.Seq); err != nil {
			return fmt.Errorf("writing an audit entry: %w", err)
		}
	}
	return heads().Put(tx, headAt, head)
}

// Head is the end of the log; false when the log has not begun.
func (l *Log) Head(tx store.Tx) (Head, bool, error) {
	h, ok, err := heads().Find(tx, headAt)
	if err == nil && !ok {
		h.Hash = first()
	}
	return h, ok, err
}

// Begin makes the first entry of a log that has none. A log without any is
// one that was taken away.
func (l *Log) Begin(tx store.Tx, now time.Time) error {
	_, begun, err := l.Head(tx)
	if err != nil || begun {
		return err
	}
	return l.Add(tx, wire.AuditEntry{At: now, What: Began, By: Central})
}

// raw goes through the texts behind a number, each with its key and with its
// hash before it.
func raw(tx store.Tx, after uint64, limit int) iter.Seq2[string, []byte] {
	from := ""
	if after > 0 {
		from = place(after)
	}
	return tx.Scan(table+"/", from, limit)
}

// read reads an entry behind its hash.
func read(text []byte) (e wire.AuditEntry, err error) {
	if len(text) < sha256.Size {
		return e, fmt.Errorf("%w: an audit entry is cut short", store.ErrDamaged)
	}
	if err = json.Unmarshal(text[sha256.Size:], &e); err != nil {
		return e, fmt.Errorf("%w: an audit entry does not read", store.ErrDamaged)
	}
	return e, nil
}

// Of lists a person's entries, oldest first.
func (l *Log) Of(tx store.Tx, person string) (list []wire.AuditEntry, err error) {
	for row, err := range byPerson().Each(tx, person+"/") {
		if err != nil {
			return nil, err
		}
		text, err := tx.Get(place(row.Value))
		if err != nil {
			return nil, fmt.Errorf("reading an audit entry: %w", err)
		}
		e, err := read(text)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}
