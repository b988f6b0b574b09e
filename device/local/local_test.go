package local_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/device/local"
)

func TestWhatIsWrongIsNamed(t *testing.T) {
	sound := local.Settings{Broker: "mqtts://broker.trust.example:8883", Address: "10.1.2.3/24", Gateway: "10.1.2.1", DNS: "10.9.9.9"}
	for want, wrong := range map[string]func(*local.Settings){
		"":           func(*local.Settings) {},
		"mqtt://HOS": func(s *local.Settings) { s.Broker = "broker" },
		"mqtts://HO": func(s *local.Settings) { s.Broker = "mqtts://jo:secret@broker:8883" },
		"10.1.2.3/2": func(s *local.Settings) { s.Address = "10.1.2.3" },
		"such as 10": func(s *local.Settings) { s.Address = "10.1.2.3/32" },
		"in the net": func(s *local.Settings) { s.Gateway = "10.1.3.1" },
		"another ad": func(s *local.Settings) { s.Gateway = "10.1.2.3" },
		"name serve": func(s *local.Settings) { s.DNS = "dns.example" },
		"by DHCP":    func(s *local.Settings) { s.Address = "" },
	} {
		s := sound
		wrong(&s)
		err := s.Check()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
	if got := sound.NetworkFile(); got != "address 10.1.2.3/24\ngateway 10.1.2.1\ndns 10.9.9.9\n" {
		t.Errorf("the network's file is %q", got)
	}
	if got := (local.Settings{Broker: sound.Broker}).NetworkFile(); got != "" {
		t.Errorf("by DHCP the network's file is %q", got)
	}
}

// works keeps what was put to work.
type works struct {
	mu  sync.Mutex
	now local.Settings
	err error
}

func (w *works) apply(_, to local.Settings) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.now = to
	}
	return w.err
}

// done is what is at work.
func (w *works) done() local.Settings {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *works) fails(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
}

var (
	old  = local.Settings{Broker: "mqtt://old:1883"}
	next = local.Settings{Broker: "mqtt://new:1883", Address: "10.1.2.3/24"}
)

func open(t *testing.T, path string, w *works) *local.Keeper {
	t.Helper()
	k, err := local.Open(path, w.apply)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func commit(t *testing.T, k *local.Keeper, s local.Settings, trial time.Duration) {
	t.Helper()
	if err := k.Commit(s, trial); err != nil {
		t.Fatal(err)
	}
}

func TestACommitHolds(t *testing.T) {
	path, w := filepath.Join(t.TempDir(), "local.json"), new(works)
	k := open(t, path, w)
	commit(t, k, old, 0)
	commit(t, k, next, 0)
	if k = open(t, path, w); k.Force() != next || w.done() != next {
		t.Errorf("in force is %+v, at work %+v", k.Force(), w.done())
	}
	if s, err := k.Before(1); s != old || err != nil {
		t.Errorf("before is %+v, %v", s, err)
	}
	if _, err := k.Before(3); err == nil {
		t.Error("there was something before the beginning")
	}
	if got, want := next.Difference(old), []string{"- broker mqtt://old:1883", "+ broker mqtt://new:1883", "+ address 10.1.2.3/24"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the difference is %q", got)
	}
}

// trying runs a keeper with old in force and next on trial for 5 minutes.
func trying(t *testing.T, then func(k *local.Keeper, w *works)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "local.json")
	synctest.Test(t, func(t *testing.T) {
		w := new(works)
		k := open(t, path, w)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go k.Run(ctx, func(err error) { t.Log(err) })
		commit(t, k, old, 0)
		commit(t, k, next, 5*time.Minute)
		synctest.Wait()
		then(k, w)
	})
}

func TestATrialReturnsByItself(t *testing.T) {
	trying(t, func(k *local.Keeper, w *works) {
		time.Sleep(5*time.Minute - time.Second)
		synctest.Wait()
		if left, on := k.Trial(); !on || left != time.Second || w.done() != next {
			t.Errorf("%v before the end %+v is at work", left, w.done())
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if _, on := k.Trial(); on || w.done() != old || k.Force() != old {
			t.Errorf("after it %+v is at work, %+v in force", w.done(), k.Force())
		}
	})
}

func TestACommitConfirmsATrial(t *testing.T) {
	trying(t, func(k *local.Keeper, w *works) {
		commit(t, k, next, 0)
		time.Sleep(time.Hour)
		synctest.Wait()
		if _, on := k.Trial(); on || w.done() != next {
			t.Errorf("after an hour %+v is at work", w.done())
		}
	})
}

// A return that does not work is tried again.
func TestATrialReturnsAtLast(t *testing.T) {
	trying(t, func(k *local.Keeper, w *works) {
		w.fails(errors.New("no room"))
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		w.fails(nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if w.done() != old {
			t.Errorf("%+v is at work", w.done())
		}
	})
}

// A restart, which a change of the address needs on some systems, does not
// make a trial hold.
func TestATrialOutlivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.json")
	synctest.Test(t, func(t *testing.T) {
		w := new(works)
		k := open(t, path, w)
		commit(t, k, old, 0)
		commit(t, k, next, 5*time.Minute)
		k = open(t, path, w)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go k.Run(ctx, func(err error) {
			if err != nil {
				t.Error(err)
			}
		})
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if k.Force() != old || w.done() != old {
			t.Errorf("in force is %+v, at work %+v", k.Force(), w.done())
		}
	})
}

// The power goes while the system takes the address of before: whatever it has
// taken of it, it is given it once more.
func TestATrialReturnsThoughThePowerGoesMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.json")
	synctest.Test(t, func(t *testing.T) {
		var left []byte // of the file, when the power goes
		k, err := local.Open(path, func(local.Settings, local.Settings) (err error) {
			left, err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		returns := func(k *local.Keeper) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			go k.Run(ctx, func(err error) {
				if err != nil {
					t.Error(err)
				}
			})
			time.Sleep(5 * time.Minute)
			synctest.Wait()
		}
		commit(t, k, old, 0)
		commit(t, k, next, 5*time.Minute)
		returns(k)
		if err := os.WriteFile(path, left, 0o600); err != nil {
			t.Fatal(err)
		}
		w := new(works)
		returns(open(t, path, w))
		if w.done() != old {
			t.Errorf("%+v is at work", w.done())
		}
	})
}

func TestWhatCannotBePutToWorkIsTakenBack(t *testing.T) {
	path, w := filepath.Join(t.TempDir(), "local.json"), new(works)
	k := open(t, path, w)
	commit(t, k, old, 0)
	w.fails(errors.New("no such link"))
	if err := k.Commit(next, 0); err == nil || k.Force() != old {
		t.Errorf("%v, %+v in force", err, k.Force())
	}
	if k = open(t, path, w); k.Force() != old {
		t.Errorf("%+v in force after a restart", k.Force())
	}
}

func FuzzFile(f *testing.F) {
	f.Add(`{"force":{"broker":"mqtt://old:1883"},"trial_ns":5,"past":[{}]}`)
	f.Add(`{"force":{},"trial_ns":5}`)
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "local.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		k, err := local.Open(path, new(works).apply)
		if err != nil {
			t.Fatal(err)
		}
		if k.SetAside() != "" && k.Force() != (local.Settings{}) {
			t.Error("something of a damaged file is in force")
		}
		if err := k.Force().Check(); err != nil {
			t.Error(err)
		}
		if _, err := k.Before(1); err != nil {
			if _, on := k.Trial(); on {
				t.Error("a trial has nothing to return to")
			}
		}
	})
}
