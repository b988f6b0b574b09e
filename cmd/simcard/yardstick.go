package main

import "unlockpoint/reader/simcard"

// rival is another program that unblocks a card of a profile.
type rival struct {
	name string
	args func(t target) []string
}

// target is a card in a reader, and what a program needs to unblock it.
type target struct {
	reader, key, passcode string
}

// yardstick is what the terminal's way is compared with: the usual programs
// of Debian for a card of the profile, and the habits they insist on.
type yardstick struct {
	profile       string
	key, passcode string
	quirks        simcard.Quirks
	rivals        []rival
}

func yardsticks() []yardstick {
	return []yardstick{
		{
			profile: "piv", key: "12345678", passcode: "271828",
			quirks: simcard.Quirks{Version: true, Metadata: true},
			rivals: []rival{
				{"yubico-piv-tool", func(t target) []string {
					return []string{"--reader", t.reader, "--action", "unblock-pin", "--pin", t.key, "--new-pin", t.passcode}
				}},
				{"ykman", func(t target) []string {
					return []string{"--reader", t.reader, "piv", "access", "unblock-pin", "--puk", t.key, "--new-pin", t.passcode}
				}},
			},
		},
		{
			profile: "gids", key: "010203040506070801020304050607080102030405060708", passcode: "271828",
			rivals: []rival{{"gids-tool", func(t target) []string {
				return []string{"--reader", t.reader, "--unblock", "--admin-key", t.key, "--pin", t.passcode}
			}}},
		},
		{
			profile: "openpgp", key: "12345678", passcode: "271828",
			quirks: simcard.Quirks{ResettingCode: true}, // which pkcs15-tool unblocks with
			rivals: []rival{{"pkcs15-tool", pgp}},
		},
		{
			profile: "isoapplet", key: "0123456789abcdef", passcode: "271828",
			rivals: []rival{{"pkcs15-tool", pkcs15}},
		},
	}
}

// pgp names the passcode in the mode that its card lets be set.
func pgp(t target) []string { return append(pkcs15(t), "--auth-id", "01") }

func pkcs15(t target) []string {
	return []string{"--reader", t.reader, "--unblock-pin", "--puk", t.key, "--new-pin", t.passcode}
}
