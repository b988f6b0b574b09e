package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"unlockpoint/display/keypad"
	"unlockpoint/display/panel"
	"unlockpoint/display/touch"
)

// only is a setting that is for some drivers of a table, and would do nothing
// with the others.
type only struct {
	settings string // several, with spaces
	table    string
	drivers  []string
}

// onlys are all such settings.
func onlys() []only {
	chips := panel.Drivers()[:len(panel.Chips())]
	touches := []string{touch.NameXPT2046, touch.NameFT6336, touch.NameGT911}
	return []only{
		{"panel.listen panel.width panel.height", "panel", []string{browserDriver}},
		{"touch.driver keys.driver signal.beeper signal.tone signal.lamp signal.lamp_low panel.rotation panel.brightness" +
			" panel.night panel.night_from panel.night_to panel.sleep_s panel.night_sleep_s panel.swap_colours panel.backlight",
			"panel", panel.Drivers()},
		{"panel.device", "panel", panel.Drivers()[len(chips):]},
		{"panel.console", "panel", []string{"framebuffer"}},
		{"panel.bus panel.dc panel.reset panel.clock_mhz panel.invert", "panel", chips},
		{"touch.name", "touch", []string{evdevDriver}},
		{"touch.mirror", "touch", append(touches, evdevDriver)},
		{"touch.bus touch.address touch.interrupt touch.reset touch.calibration", "touch", touches},
		{"keys.name keys.pads keys.keyboard", "keys", []string{evdevDriver}},
		{"keys.rows keys.columns keys.layout", "keys", []string{keypad.GPIO, keypad.MCP23017}},
		{"keys.bus keys.address keys.interrupt", "keys", []string{keypad.MCP23017}},
	}
}

// checkOnly names the first setting in the file's text that its driver has no
// use for: whoever wrote it expects something of it. One that is empty or as
// the example has it is none.
func (c config) checkOnly(text string) error {
	var given, usual map[string]any
	for file, into := range map[string]*map[string]any{text: &given, example: &usual} {
		if _, err := toml.Decode(file, into); err != nil {
			return err
		}
	}
	drivers := map[string]string{"panel": c.Panel.Driver, "touch": c.Touch.Driver, "keys": c.Keys.Driver}
	for _, o := range onlys() {
		if slices.Contains(o.drivers, drivers[o.table]) {
			continue
		}
		for setting := range strings.FieldsSeq(o.settings) {
			v := valueOf(given, setting)
			if v != nil && v != "" && !reflect.DeepEqual(v, valueOf(usual, setting)) {
				return fmt.Errorf("%s is for %s: with %s.driver %q leave it out", setting, strings.Join(o.drivers, ", "), o.table, drivers[o.table])
			}
		}
	}
	return nil
}

// valueOf is what a file has for a setting; nil is nothing.
func valueOf(file map[string]any, setting string) any {
	table, name, _ := strings.Cut(setting, ".")
	settings, _ := file[table].(map[string]any)
	return settings[name]
}
