//go:build !race

package pcsc

const raced = false
