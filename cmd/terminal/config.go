package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/serial"
	"unlockpoint/display/touch"
	"unlockpoint/reader/pcsc"
)

// config is terminal.toml.
type config struct {
	Identity string        `toml:"identity"`
	Data     string        `toml:"data"`
	Socket   string        `toml:"socket"`
	Log      string        `toml:"log"`
	Watchdog string        `toml:"watchdog"`
	Clock    string        `toml:"clock"`
	Reader   readerConfig  `toml:"reader"`
	Panel    panelConfig   `toml:"panel"`
	Touch    touchConfig   `toml:"touch"`
	Keys     keysConfig    `toml:"keys"`
	Signal   signalConfig  `toml:"signal"`
	Speech   speechConfig  `toml:"speech"`
	Broker   brokerConfig  `toml:"broker"`
	Console  consoleConfig `toml:"console"`

	path, text string // of the file
}

type consoleConfig struct {
	TTY     string   `toml:"tty"`
	Baud    int      `toml:"baud"`
	Idle    int      `toml:"idle_min"`
	Reboot  []string `toml:"reboot"`
	Network string   `toml:"network"`
	Apply   []string `toml:"apply"`
}

type readerConfig struct {
	Names     []string `toml:"names"`
	PinPad    string   `toml:"pin_pad"`
	Withdrawn []string `toml:"withdrawn_atrs"`
}

type brokerConfig struct {
	URL         string `toml:"url"`
	EnrolURL    string `toml:"enrol_url"`
	EnrolFile   string `toml:"enrol_file"`
	FirstTry    int    `toml:"first_try_s"`
	LongestWait int    `toml:"longest_wait_s"`
}

// example is printed by "terminal config" and is what the README shows.
const example = `# terminal.toml: one Unlockpoint terminal.

# Who the terminal is: "terminal enrol" makes it, or "central terminals add";
# only root may read it.
identity = "/etc/unlockpoint/identity.json"

# The store: registry replica, outbox, journal. Nothing personal is in it.
data = "/var/lib/unlockpoint"

# Where "terminal card" and "terminal page" reach the running program.
# Empty: terminal.sock in the data folder.
socket = ""

# debug, info, warn or error.
log = "info"

# The watchdog of the machine, /dev/watchdog: it is fed while reader, store and
# screen are at work, and else starts the machine again. Empty: there is none.
watchdog = ""

# A pipe on which the system hears central's time, in seconds since 1970, while
# the machine's clock is 10 seconds or more away from it: to set it by. Empty:
# the clock is kept right by other means.
clock = ""

[reader]
# Readers that may be used, by the names that pcscd gives them: a part of the
# name, such as "omnikey", or with * and ? the whole name, such as
# "gemalto * 00 0?". A card is served in any of them. Empty: any reader.
names = []
# Readers with keys of their own: with auto, who registers a card whose passcode
# is digits only may type it there; off leaves them alone. A new passcode is
# chosen at the terminal, unless central's policy says change_at_pad. "terminal
# card" shows what the keys can do.
pin_pad = "auto"
# Generations of cards that are not served any more, by their answer to reset
# in hex, with * for what differs: "3b7d18000000318071*". Their page says that
# they are of an older type. "terminal card" shows a card's answer to reset.
withdrawn_atrs = []

` + exampleFace + exampleSpeech + `
[broker]
# Empty: as the identity file says.
url = ""
# Where "terminal enrol" joins, such as "mqtts://broker.example:8884", and a
# file, on the boot partition for example, with the code that "central enrol"
# gave: a terminal without an identity tries it each minute, and one that has
# joined removes it. A second line of the file may hold the address.
enrol_url = ""
enrol_file = ""
# The first connection waits a random time up to this many seconds, so that a
# fleet that wakes at once does not call at once. A broker takes 200 terminals
# a second: with more than 1,000 of them write their number divided by 200.
first_try_s = 5
# Later tries wait longer each time, up to this many seconds.
longest_wait_s = 300

[console]
# The field engineers' console: a serial line such as "/dev/ttyAMA0", on which
# nobody else is, and its speed. "/dev/console" is the kernel's own, which then
# has to be told to be quiet. There an engineer logs in by a challenge that
# "fleet console respond" answers. Empty: only "terminal console" leads to it,
# for root and the terminal's own user.
tty = ""
baud = 115200
# A session ends after so many minutes without a key.
idle_min = 10
# What restarts the machine, such as ["systemctl", "reboot"]. Empty: the console
# does not.
reboot = []
# The file from which the system takes this machine's address: with lines such
# as "address 10.1.2.3/24", "gateway 10.1.2.1" and "dns 10.1.2.2", or empty for
# DHCP. And the command that makes it do so at once; empty: it takes a restart.
# Without a file the console does not set addresses.
network = ""
apply = []
`

// loadConfig reads the file. An error names the line or the setting, and what
// to write instead.
func loadConfig(path string) (config, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return config{}, fmt.Errorf("there is no configuration at %s: \"terminal config > %s\" writes one to start from", path, path)
	}
	if err != nil {
		return config{}, fmt.Errorf("read the configuration: %w", err)
	}
	c, err := parseConfig(string(text))
	if err != nil {
		return config{}, fmt.Errorf("%s: %w", path, err)
	}
	c.path, c.text = path, string(text)
	return c, nil
}

// at says where in the file the setting stands that an error begins with. A
// matrix of keys is keypad to the package that drives it.
func (c config) at(err error) error {
	if rest, ok := strings.CutPrefix(err.Error(), "keypad: "); ok {
		err = fmt.Errorf("keys: %s", rest)
	}
	return fmt.Errorf("%s: %w", c.path, settings.At(c.text, err))
}

// parseConfig reads the file's text over the defaults.
func parseConfig(text string) (config, error) {
	var c config
	if _, err := toml.Decode(example, &c); err != nil {
		return c, fmt.Errorf("read the defaults: %w", err)
	}
	if err := settings.Read(text, &c, "terminal config"); err != nil {
		return c, err
	}
	if c.Socket == "" {
		c.Socket = filepath.Join(c.Data, "terminal.sock")
	}
	if c.Touch.Calibration == "" && c.Touch.Driver == touch.NameXPT2046 {
		c.Touch.Calibration = filepath.Join(c.Data, "touch.json")
	}
	err := c.check()
	if err == nil {
		err = c.checkOnly(text)
	}
	return c, settings.At(text, err)
}

// check names the first setting that is wrong and what to write instead.
func (c config) check() error {
	switch {
	case c.Identity == "":
		return errors.New("identity is empty: name the file that \"terminal enrol\" is to make, or that \"central terminals add\" wrote")
	case c.Data == "":
		return errors.New("data is empty: name a folder for the store")
	case slices.ContainsFunc(c.Reader.Names, blank):
		return errors.New("reader.names has an empty name, which would mean no reader: remove it, or write a part of the reader's name")
	case c.Reader.PinPad != "auto" && c.Reader.PinPad != "off":
		return fmt.Errorf("reader.pin_pad is %q: write \"auto\" or \"off\"", c.Reader.PinPad)
	case slices.ContainsFunc(c.Reader.Withdrawn, noATR):
		return errors.New("reader.withdrawn_atrs has an entry that is no answer to reset: write hex digits from its beginning, such as \"3b7d1800*\"")
	case c.Broker.FirstTry < 0:
		return errors.New("broker.first_try_s is below zero: write 0 or more seconds")
	case c.Console.Idle < 1 || c.Console.Idle > 60:
		return fmt.Errorf("console.idle_min is %d: write 1 to 60 minutes", c.Console.Idle)
	case serial.CheckBaud(c.Console.Baud) != nil:
		return fmt.Errorf("console.baud is %w", serial.CheckBaud(c.Console.Baud))
	case c.Broker.LongestWait < 1:
		return errors.New("broker.longest_wait_s is below 1: write 1 or more seconds")
	}
	if _, err := settings.Level(c.Log); err != nil {
		return err
	}
	for name, url := range map[string]string{"broker.url": c.Broker.URL, "broker.enrol_url": c.Broker.EnrolURL} {
		if url == "" {
			continue
		}
		if err := settings.Broker(name, url); err != nil {
			return err
		}
	}
	if err := c.Speech.check(); err != nil {
		return err
	}
	return c.checkFace()
}

// pcsc says which readers are approved, and how they are used.
func (r readerConfig) pcsc() pcsc.Config {
	return pcsc.Config{Readers: r.Names, NoPinPad: r.PinPad == "off"}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// noATR: an answer to reset begins with 3B or 3F (ISO/IEC 7816-3:2006, 8.2.1).
func noATR(s string) bool {
	s = strings.ToLower(s)
	begins := strings.HasPrefix(s, "3b") || strings.HasPrefix(s, "3f")
	return !begins || strings.Trim(s, "0123456789abcdef*") != ""
}

// loopback keeps the panel off the network: whoever reaches it can type.
func loopback(name, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%s is %q: write an address and a port, such as 127.0.0.1:8090", name, addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s is %q: only a loopback address such as 127.0.0.1 is allowed", name, addr)
	}
	return nil
}
