package uplink

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

var rootKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, ed25519.SeedSize))

// keyList is one that the root, or whoever has the key, has signed.
func keyList(t *testing.T, key ed25519.PrivateKey, version int, central wire.PinnedCentral) []byte {
	t.Helper()
	raw, err := wire.KeyList{V: 1, Version: version, Realm: realm, Central: central}.Sign(key)
	must(t, err)
	return raw
}

// A central that lost its keys comes back with others, and the terminal, which
// nobody walks to, believes it because the root says so: and no older central.
func TestOtherKeysOfCentralAreBelievedFromTheRoot(t *testing.T) {
	brokers(t, func(t *testing.T, url string) {
		before, me := pair(t)
		after, other := pair(t)
		me.Root, me.Keys, me.MQTT.URL = rootKey.Public().(ed25519.PublicKey), 1, url
		kept := make(chan wire.Identity, 4)
		u := keptOn(t, me, kept)
		end := before.serveOn(url)
		lookLive(t, u)
		end()

		say := publisher(t, url)
		say(keyList(t, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32)), 9, other.Central)) // not the root
		say(keyList(t, rootKey, 2, other.Central))
		after.serveOn(url)
		lookLive(t, u)
		if got := <-kept; got.Keys != 2 || !got.Central.Equal(other.Central) {
			t.Errorf("kept version %d", got.Keys)
		}

		// The keys of before do not come back with the list of before.
		say(keyList(t, rootKey, 1, me.Central))
		say(keyList(t, rootKey, 3, other.Central))
		if got := <-kept; got.Keys != 3 || !got.Central.Equal(other.Central) {
			t.Errorf("kept version %d", got.Keys)
		}
		lookLive(t, u)
	})
}

// A certificate and a list of keys that come at once are both kept: neither is
// written over what was read before the other.
func TestTheIdentityIsChangedOnceAtATime(t *testing.T) {
	_, me := pair(t)
	disk := me
	var meanwhile sync.Once
	u := &Uplink{cfg: Config{Keep: func(change func(*wire.Identity)) error {
		read := disk
		meanwhile.Do(func() { time.Sleep(100 * time.Millisecond) }) // in which another may read, too
		change(&read)
		disk = read
		return nil
	}}}
	var both sync.WaitGroup
	for _, change := range []func(*wire.Identity){
		func(i *wire.Identity) { i.Keys = 2 },
		func(i *wire.Identity) { i.MQTT.Certificate = "renewed" },
	} {
		both.Go(func() { must(t, u.record(change)) })
	}
	both.Wait()
	if disk.Keys != 2 || disk.MQTT.Certificate != "renewed" {
		t.Errorf("kept version %d and the certificate %q", disk.Keys, disk.MQTT.Certificate)
	}
}

// keptOn is a terminal that keeps its identity in a channel.
func keptOn(t *testing.T, me wire.Identity, kept chan<- wire.Identity) *Uplink {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "store"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	u := New(Config{Identity: me, Wait: quick, Resend: 300 * time.Millisecond, Grace: limit,
		Keep: func(change func(*wire.Identity)) error {
			change(&me)
			kept <- me
			return nil
		}}, db)
	running(t, u.Run)
	return u
}

// publisher publishes lists in central's name, retained.
func publisher(t *testing.T, url string) (say func(raw []byte)) {
	t.Helper()
	l := link.New(link.Config{URL: url, ClientID: "publisher", User: wire.Central, Password: "c", Wait: quick})
	running(t, l.Run)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	for up := false; !up; {
		select {
		case up = <-l.Up():
		case <-ctx.Done():
			t.Fatal("no link")
		}
	}
	return func(raw []byte) { must(t, l.Publish(ctx, wire.CentralKeysTopic, raw, true)) }
}
