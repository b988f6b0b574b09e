package catcher

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// remembered reads the mails of a file: one JSON object a line, oldest first.
// A last line that was cut off counts as a mail that never came.
func remembered(path string) (mails []Mail, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the mailbox: %w", err)
	}
	whole := raw[:bytes.LastIndexByte(raw, '\n')+1]
	for n, line := range bytes.Split(bytes.TrimSuffix(whole, []byte("\n")), []byte("\n")) {
		var m Mail
		if len(whole) == 0 {
			break
		}
		if err := json.Unmarshal(line, &m); err != nil {
			return nil, fmt.Errorf("reading mail %d of %s: %w", n+1, path, err)
		}
		mails = append(mails, m)
	}
	if len(whole) < len(raw) {
		if err := os.Truncate(path, int64(len(whole))); err != nil {
			return nil, fmt.Errorf("mending the mailbox: %w", err)
		}
	}
	return mails, nil
}

// remember adds a mail to the file.
func remember(path string, m Mail) (err error) {
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(append(line, '\n'))
	return err
}
