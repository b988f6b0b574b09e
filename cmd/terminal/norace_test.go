//go:build !race

package main

// underRace says that the race detector is not at work.
const underRace = false
