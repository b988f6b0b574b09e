// Package journey is what the terminal does for a person, as a pure machine:
// State.Next takes an Event and returns the next State and the Effects to run.
//
// Its words: a State is everything that decides what comes next; an [Event]
// happened; an [Effect] is to be done; the page ids name where a person is.
//
// It touches no clock, no card, no network and no screen: package appliance
// runs the effects, package pages says what a person sees.
package journey
