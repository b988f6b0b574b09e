package pcsc

import "sync"

// numbers makes the numbers of insertions. PC/SC counts the cards that come
// and go in each reader, and begins anew when a reader or the service comes
// back: an epoch for each of those beginnings keeps all numbers apart.
type numbers struct {
	mu     sync.Mutex
	last   uint16
	epochs map[string]uint16 // of the readers that are there
}

// begin starts an epoch for a reader that has come.
func (n *numbers) begin(reader string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.last++; n.last == 0 {
		n.last = 1 // 0 is for readers that nobody watches
	}
	if n.epochs == nil {
		n.epochs = map[string]uint16{}
	}
	n.epochs[reader] = n.last
}

// end is for a reader that has gone.
func (n *numbers) end(reader string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.epochs, reader)
}

// forget is for a service that has gone, and all readers with it.
func (n *numbers) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.epochs)
}

// of makes one number of the reader's epoch and PC/SC's counter.
func (n *numbers) of(reader string, counter uint16) uint32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return uint32(n.epochs[reader])<<16 | uint32(counter)
}
