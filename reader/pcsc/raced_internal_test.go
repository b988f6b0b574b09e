//go:build race

package pcsc

// raced: the race detector is on, whose shadow grows with all memory that was
// ever touched.
const raced = true
