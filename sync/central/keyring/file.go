package keyring

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// file is the ring as JSON: for every use its keys, base64, version 1 first.
type file struct {
	V    int              `json:"v"`
	Keys map[Use][][]byte `json:"keys"`
}

// fileVersion is the only form of the file so far.
const fileVersion = 1

// maxFile is far more than a ring that was rotated monthly for years has.
const maxFile = 1 << 20

// Create makes a ring of random keys and writes it to a new file of mode
// 0600. It never replaces a file: its keys open everything in the store.
func Create(path string) (*Ring, error) {
	r, err := random(rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := r.save(path); err != nil {
		return nil, fmt.Errorf("writing the key ring: %w", err)
	}
	return r, nil
}

// random makes a ring with one version of every key.
func random(from io.Reader) (*Ring, error) {
	r := &Ring{keys: make(map[Use][][]byte)}
	for _, use := range Uses() {
		key := make([]byte, Size)
		if _, err := io.ReadFull(from, key); err != nil {
			return nil, fmt.Errorf("making the %s key: %w", use, err)
		}
		r.keys[use] = [][]byte{key}
	}
	return r, nil
}

// Load reads the ring. A file that others may read is refused, and so is one
// that lacks a key.
func Load(path string) (*Ring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the key ring: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the key ring: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("the key ring %s has mode %#o: others may read it; chmod 600 it, and ask who could", path, mode)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, fmt.Errorf("reading the key ring: %w", err)
	}
	r, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("reading the key ring %s: %w", path, err)
	}
	return r, nil
}

// parse reads the file's text. Errors do not quote it.
func parse(raw []byte) (*Ring, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, errors.New("not a key ring: the JSON does not read")
	}
	if f.V != fileVersion {
		return nil, fmt.Errorf("form %d of the file is not known to this program", f.V)
	}
	for _, use := range Uses() {
		if len(f.Keys[use]) == 0 {
			return nil, fmt.Errorf("%s key: %w", use, ErrNoKey)
		}
		for i, key := range f.Keys[use] {
			if len(key) != Size {
				return nil, fmt.Errorf("%s key, version %d, has %d bytes, not %d", use, i+1, len(key), Size)
			}
		}
	}
	return &Ring{keys: f.Keys}, nil
}

// save writes a new file whole or not at all, and to the disk.
func (r *Ring) save(path string) error {
	raw, err := json.MarshalIndent(file{V: fileVersion, Keys: r.keys}, "", "  ")
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keyring-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(raw)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, does not replace what is there.
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
