package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"

	"unlockpoint/cmd/settings"
)

// config is terminal.toml.
type config struct {
	Identity string       `toml:"identity"`
	Data     string       `toml:"data"`
	Socket   string       `toml:"socket"`
	Log      string       `toml:"log"`
	Reader   readerConfig `toml:"reader"`
	Panel    panelConfig  `toml:"panel"`
	Broker   brokerConfig `toml:"broker"`
}

type readerConfig struct {
	Names []string `toml:"names"`
}

type panelConfig struct {
	Driver string  `toml:"driver"`
	Listen string  `toml:"listen"`
	Width  int     `toml:"width"`
	Height int     `toml:"height"`
	PPMM   float64 `toml:"pixels_per_mm"`
}

type brokerConfig struct {
	URL         string `toml:"url"`
	FirstTry    int    `toml:"first_try_s"`
	LongestWait int    `toml:"longest_wait_s"`
}

// example is printed by "terminal config" and is what the README shows.
const example = `# terminal.toml: one Unlockpoint terminal.

# Made by "central terminals add"; only root may read it.
identity = "/etc/unlockpoint/identity.json"

# The store: registry replica, outbox, journal. Nothing personal is in it.
data = "/var/lib/unlockpoint"

# Where "terminal card" and "terminal page" reach the running program.
# Empty: terminal.sock in the data folder.
socket = ""

# debug, info, warn or error.
log = "info"

[reader]
# Readers that may be used: parts of the names that pcscd gives them, such as
# "omnikey". Empty: any reader.
names = []

[panel]
# browser: the panel is a page on a loopback address.
driver = "browser"
listen = "127.0.0.1:8090"
width = 800
height = 480
# 5.22 is a 7 inch panel of 800x480.
pixels_per_mm = 5.22

[broker]
# Empty: as the identity file says.
url = ""
# The first connection waits a random time up to this many seconds, so that a
# fleet that wakes at once does not call at once.
first_try_s = 5
# Later tries wait longer each time, up to this many seconds.
longest_wait_s = 300
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
	return c, nil
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
	return c, c.check()
}

// check names the first setting that is wrong and what to write instead.
func (c config) check() error {
	switch {
	case c.Identity == "":
		return errors.New("identity is empty: name the file that \"central terminals add\" wrote")
	case c.Data == "":
		return errors.New("data is empty: name a folder for the store")
	case c.Panel.Driver != "browser":
		return fmt.Errorf("panel.driver is %q: write \"browser\"", c.Panel.Driver)
	case c.Panel.Width < 320 || c.Panel.Width > 4096 || c.Panel.Height < 240 || c.Panel.Height > 4096:
		return fmt.Errorf("panel is %dx%d pixels: width goes from 320, height from 240, both to 4096", c.Panel.Width, c.Panel.Height)
	case c.Panel.PPMM < 2 || c.Panel.PPMM > 20:
		return fmt.Errorf("panel.pixels_per_mm is %g: write a number from 2 to 20, such as 5.22", c.Panel.PPMM)
	case c.Broker.FirstTry < 0:
		return errors.New("broker.first_try_s is below zero: write 0 or more seconds")
	case c.Broker.LongestWait < 1:
		return errors.New("broker.longest_wait_s is below 1: write 1 or more seconds")
	}
	if _, err := settings.Level(c.Log); err != nil {
		return err
	}
	return loopback("panel.listen", c.Panel.Listen)
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
