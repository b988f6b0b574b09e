package broker

import (
	"net"
	"sync"
)

// seats lets one client of an id in at a time: the one before is hung up on
// and gone, its will published, before the next comes in. mochi cleans up
// behind the old one by its id, and would now and then forget the new one.
type seats struct {
	mu    sync.Mutex
	taken map[string]seat
}

type seat struct {
	line net.Conn
	free chan struct{} // closed when its client is gone
}

func (s *seats) take(id string, line net.Conn) {
	for {
		old, busy := s.sit(id, line)
		if !busy {
			return
		}
		old.line.Close()
		<-old.free
	}
}

// sit takes a free seat, or says who has it.
func (s *seats) sit(id string, line net.Conn) (old seat, busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, busy = s.taken[id]; !busy {
		s.taken[id] = seat{line, make(chan struct{})}
	}
	return old, busy
}

// leave frees the seat that a line has, if any.
func (s *seats) leave(line net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, one := range s.taken {
		if one.line == line {
			delete(s.taken, id)
			close(one.free)
		}
	}
}
