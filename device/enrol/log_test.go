package enrol_test

import (
	"bytes"
	"sync"
)

// lockedBuffer is a log that may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer

	word string // that do waits for
	do   func()
}

// when runs do once a line with word is written.
func (l *lockedBuffer) when(word string, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.word, l.do = word, do
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.do != nil && bytes.Contains(p, []byte(l.word)) {
		l.do()
		l.do = nil
	}
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
