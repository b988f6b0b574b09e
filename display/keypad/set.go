package keypad

import "math/bits"

// most is how many rows, and how many columns, a matrix may have.
const most = 7

// set is positions of a matrix: bit row*most+column.
type set uint64

// at is the set of one position.
func at(row, column int) set { return 1 << (row*most + column) }

// count is how many positions there are.
func (s set) count() int { return bits.OnesCount64(uint64(s)) }

// single reports whether there is one position in the set.
func (s set) single() bool { return s.count() == 1 }

// index is the bit of the first position.
func (s set) index() int { return bits.TrailingZeros64(uint64(s)) }

// each gives the positions one by one.
func (s set) each(yield func(set) bool) {
	for s != 0 {
		one := s & -s
		if !yield(one) {
			return
		}
		s &^= one
	}
}
