// Package local keeps what an engineer sets at the terminal itself: where the
// broker is, and the terminal's own address on the network.
//
// Its words: the settings in force are what the terminal works by; a trial is
// a commit that returns by itself unless it is confirmed in time. Who sets a
// wrong address far from the terminal, or leaves it too early, has lost it for
// minutes and not for good.
//
// It does not know how settings are put to work: that is its user's.
package local

import (
	"fmt"
	"net/netip"
	"net/url"
)

// Settings are what can be set. The zero Settings leave all as the terminal's
// configuration and the network's DHCP have it.
type Settings struct {
	Broker  string `json:"broker,omitempty"`  // mqtt://host:1883 or mqtts://host:8883
	Address string `json:"address,omitempty"` // 10.1.2.3/24; empty: by DHCP
	Gateway string `json:"gateway,omitempty"`
	DNS     string `json:"dns,omitempty"`
}

// Check says what is wrong, and what to write instead.
func (s Settings) Check() error {
	switch {
	case s.Broker != "" && !broker(s.Broker):
		return fmt.Errorf("broker is %q: write mqtt://HOST:1883 or mqtts://HOST:8883", s.Broker)
	case s.Address == "" && (s.Gateway != "" || s.DNS != ""):
		return fmt.Errorf("gateway and dns come with the address by DHCP: set an address first, or leave them out")
	case s.Address == "":
		return nil
	}
	at, err := netip.ParsePrefix(s.Address)
	if err != nil || at.IsSingleIP() {
		return fmt.Errorf("address is %q: write it with the length of its network, such as 10.1.2.3/24", s.Address)
	}
	if gate, err := netip.ParseAddr(s.Gateway); s.Gateway != "" && (err != nil || !at.Contains(gate) || gate == at.Addr()) {
		return fmt.Errorf("gateway is %q: write another address in the network of %s", s.Gateway, s.Address)
	}
	if _, err := netip.ParseAddr(s.DNS); s.DNS != "" && err != nil {
		return fmt.Errorf("dns is %q: write the address of a name server, such as 10.1.2.1", s.DNS)
	}
	return nil
}

// broker reports whether text is the address of one, without anybody's name or
// password in it.
func broker(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "mqtt" || u.Scheme == "mqtts") && u.Hostname() != "" &&
		u.User == nil && u.Path == "" && u.RawQuery == "" && u.Fragment == ""
}

// SameNetwork says whether only the broker differs, if anything.
func (s Settings) SameNetwork(t Settings) bool {
	s.Broker = t.Broker
	return s == t
}

// NetworkFile is the text that a system's network scripts read: "address",
// "gateway" and "dns", a line each; nothing where DHCP gives them.
func (s Settings) NetworkFile() string {
	text := ""
	for _, l := range s.lines()[1:] {
		if l.value != "" {
			text += l.name + " " + l.value + "\n"
		}
	}
	return text
}

type line struct{ name, value string }

func (s Settings) lines() []line {
	return []line{{"broker", s.Broker}, {"address", s.Address}, {"gateway", s.Gateway}, {"dns", s.DNS}}
}

// Difference is what to take away from old, and to add, to come to s.
func (s Settings) Difference(old Settings) (lines []string) {
	before := old.lines()
	for i, l := range s.lines() {
		if was := before[i].value; was != l.value {
			if was != "" {
				lines = append(lines, "- "+l.name+" "+was)
			}
			if l.value != "" {
				lines = append(lines, "+ "+l.name+" "+l.value)
			}
		}
	}
	return lines
}
