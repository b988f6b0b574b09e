package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"unlockpoint/sync/central/store"
)

// Broken says where the log is not what was written.
type Broken struct {
	Seq  uint64 // the first entry that is wrong
	What string
}

func (b Broken) Error() string { return fmt.Sprintf("audit entry %d: %s", b.Seq, b.What) }

// Verify goes through the whole log and returns its head. was is a head that
// was written down earlier, or zero. What is wrong is a Broken.
func (l *Log) Verify(tx store.Tx, was Head) (Head, error) {
	c := check{hash: first(), was: was}
	for key, text := range raw(tx, 0, 0) {
		if err := c.next(key, text); err != nil {
			return Head{}, err
		}
	}
	head, begun, err := l.Head(tx)
	if err != nil { // also when damage of the store ended the scan
		return head, err
	}
	if err := c.end(head, begun); err != nil {
		return head, err
	}
	mac, err := l.mac(head)
	if err != nil || !hmac.Equal(mac, head.MAC) {
		return head, Broken{head.Seq, "the head was not written with this key ring: entries before it may be others'"}
	}
	return head, nil
}

// check is a way through the log.
type check struct {
	seq  uint64
	hash []byte
	was  Head
	sum  [sha256.Size]byte
	text []byte // to hash, kept to spare the making of one for each entry
}

func (c *check) next(key string, stored []byte) error {
	c.seq++
	if key != place(c.seq) {
		return Broken{c.seq, "is missing"}
	}
	if len(stored) < sha256.Size {
		return Broken{c.seq, "was changed"}
	}
	c.text = append(append(c.text[:0], c.hash...), stored[sha256.Size:]...)
	c.sum = sha256.Sum256(c.text)
	if !bytes.Equal(c.sum[:], stored[:sha256.Size]) {
		return Broken{c.seq, wrong(c.seq, stored)}
	}
	c.hash = append(c.hash[:0], c.sum[:]...)
	if c.seq == c.was.Seq && !bytes.Equal(c.hash, c.was.Hash) {
		return Broken{c.seq, "is not the one that the head you wrote down is of: the log was made anew"}
	}
	return nil
}

// wrong tells a moved entry from a changed one.
func wrong(seq uint64, stored []byte) string {
	e, err := read(stored)
	if err == nil && e.Seq != seq {
		return fmt.Sprintf("was moved: it is number %d", e.Seq)
	}
	return "was changed, or the one before it"
}

func (c *check) end(head Head, begun bool) error {
	switch {
	case !begun:
		return Broken{1, "the log has no head: it was taken away"}
	case c.seq < head.Seq:
		return Broken{c.seq + 1, fmt.Sprintf("is missing: the log was cut, %d entries are gone", head.Seq-c.seq)}
	case c.seq > head.Seq:
		return Broken{head.Seq + 1, "stands behind the head: the head is an older one, or somebody added the entry"}
	case !bytes.Equal(c.hash, head.Hash):
		return Broken{c.seq, "is not the one that the head is of"}
	case c.seq < c.was.Seq:
		return Broken{c.seq + 1, fmt.Sprintf("is missing: the head you wrote down has %d entries more", c.was.Seq-c.seq)}
	}
	return nil
}
