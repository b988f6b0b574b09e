// Package answer turns what a person remembers into something central can
// check and nobody can steal.
//
// Its words: an answer is normalised (normalise.go) so that a person need not
// spell it the same way twice; blinded, so that central can evaluate it
// without learning it (RFC 9497, oprf.go); and what comes back becomes the
// seed of a key pair (keys.go). Central keeps the public halves. The texts
// that these keys, a card, or the code in a mail vouch for are in texts.go.
//
// The package keeps no state and does no I/O. It does not count attempts:
// central debits one before it calls Evaluate.
package answer
