package evdev

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"time"
)

// Jack watches the sockets of headsets: devices with the switch
// SW_HEADPHONE_INSERT, such as sound cards and gpio-keys make them. It only
// asks how the switch stands, and takes no device away from anybody.
type Jack struct {
	name    string
	folder  Folder
	log     *slog.Logger
	changes chan bool
	sockets map[Place]Device // nil: no socket of that name
}

// NewJack returns a Jack for the devices whose name fits the pattern, see
// Config. A folder that is nil is /dev/input.
func NewJack(pattern string, folder Folder, log *slog.Logger) (*Jack, error) {
	if _, err := path.Match(plain(pattern), ""); err != nil {
		return nil, fmt.Errorf("jack is %q, which is no pattern: try a part of the device's name between stars, as in *headphone*", pattern)
	}
	if folder == nil {
		folder = Dir("/dev/input")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Jack{pattern, folder, log, make(chan bool), map[Place]Device{}}, nil
}

// Changes says each time whether a headset is in now; none is at first. It is
// never closed.
func (j *Jack) Changes() <-chan bool { return j.changes }

// Run looks every second until ctx ends.
func (j *Jack) Run(ctx context.Context) error {
	defer j.close()
	timer := time.NewTicker(every)
	defer timer.Stop()
	in := false
	for {
		if now := j.look(); now != in {
			select {
			case j.changes <- now:
				in = now
			case <-ctx.Done():
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
	}
}

// look reports whether a headset is in any of the sockets. Folders and devices
// that cannot be read have none: who reads keys tells of them.
func (j *Jack) look() (in bool) {
	places, _ := j.folder.List()
	there := map[Place]bool{}
	for _, p := range places {
		there[p] = true
		if _, known := j.sockets[p]; !known {
			j.open(p)
		}
	}
	for p, d := range j.sockets {
		switch {
		case !there[p]:
			j.leave(p)
		case d != nil && thrown(d):
			in = true
		}
	}
	return in
}

// open keeps a device open that is a socket. One that cannot be opened yet is
// tried again.
func (j *Jack) open(p Place) {
	d, err := j.folder.Open(p)
	if err != nil {
		return
	}
	t, err := traitsOf(d)
	if err != nil || !t.jack() || !fits(j.name, t.name) {
		d.Close()
		j.sockets[p] = nil
		return
	}
	j.log.Info("watching for a headset", "device", p.Path, "name", t.name)
	j.sockets[p] = d
}

func thrown(d Device) bool {
	now := make(bitmap, absBytes)
	_, err := d.Get(GetSwitch, now)
	return err == nil && now.has(SwHeadphoneInsert)
}

func (j *Jack) leave(p Place) {
	if d := j.sockets[p]; d != nil {
		d.Close()
	}
	delete(j.sockets, p)
}

func (j *Jack) close() {
	for p := range j.sockets {
		j.leave(p)
	}
}
