package login

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// The one-time codes are those that every authenticator app makes unless it is
// told otherwise: HMAC-SHA-1, 30 s, six digits (RFC 6238, 1.2 and 4).
const (
	secretSize = 20
	step       = 30 * time.Second
	// drift is how many steps a clock may be off, either way (RFC 6238, 5.2).
	drift = 1
)

// code of a step (RFC 4226, 5.3).
func code(secret []byte, step uint64) string {
	mac := hmac.New(sha1.New, secret)
	binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0xF
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[from:])&0x7FFFFFFF)%1e6)
}

func stepAt(now time.Time) uint64 { return uint64(now.Unix()) / uint64(step/time.Second) }

// stepOf returns the step whose code was typed, if it is one of now and later
// than the last one that was used: a code counts once.
func stepOf(secret []byte, typed string, now time.Time, last uint64) (uint64, bool) {
	at := stepAt(now)
	for s := at - drift; s <= at+drift; s++ {
		if s > last && subtle.ConstantTimeCompare([]byte(code(secret, s)), []byte(typed)) == 1 {
			return s, true
		}
	}
	return 0, false
}

// link is what an authenticator app takes in (Google's Key Uri Format).
func link(realm, operator string, secret []byte) string {
	return (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/Unlockpoint " + realm + ":" + operator,
		RawQuery: strings.ReplaceAll(url.Values{"secret": {base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)},
			"issuer": {"Unlockpoint " + realm}}.Encode(), "+", "%20")}).String() // apps show a "+" as it is
}
