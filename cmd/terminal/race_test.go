//go:build race

package main

// underRace says that the race detector is at work, which makes everything
// several times slower than the people these tests play.
const underRace = true
