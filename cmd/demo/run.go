package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/tray"
	"unlockpoint/display/front"
)

type runCmd struct {
	Port    int    `default:"8080" help:"Port of the page, on this machine only; 0 takes any free one; ${default} when left out." placeholder:"PORT"`
	Data    string `default:"demo-data" help:"Folder for everything that is kept; ${default} when left out." placeholder:"DIR"`
	Seed    string `help:"CSV file of the cards in the tray, instead of the built-in ones." placeholder:"FILE"`
	PCSC    bool   `name:"pcsc" help:"Use the machine's PC/SC readers: virtual cards in vpcd, or a real reader."`
	Issuers string `help:"Certificates (PEM) of the authority that issued your real cards." placeholder:"FILE"`
	Fresh   bool   `help:"Delete the data folder first."`
}

// Run shows the product until ctx ends.
func (r *runCmd) Run(ctx context.Context, log *slog.Logger, level *slog.LevelVar) error {
	start := time.Now()
	entries, err := seed(r.Seed)
	if err != nil {
		return err
	}
	var issuers []byte
	if r.Issuers != "" {
		if issuers, err = os.ReadFile(r.Issuers); err != nil {
			return fmt.Errorf("read the issuers' certificates: %w", err)
		}
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.Port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken: choose another with --port (or make demo PORT=...)", r.Port)
	}
	if err != nil {
		return fmt.Errorf("open the page's port: %w", err)
	}
	data, err := dataFolder(r.Data, r.Fresh)
	if err != nil {
		listener.Close()
		return err
	}
	h, err := house.Open(ctx, house.Config{Data: data, Seed: entries, PCSC: r.PCSC, Issuers: issuers, Listener: listener, Patience: front.Patient(), Log: log, Level: level})
	if err != nil {
		listener.Close()
		return err
	}
	return h.Run(ctx, func() { greet(h.URL(), data, time.Since(start)) })
}

func greet(url, data string, ready time.Duration) {
	fmt.Printf("\n  Unlockpoint is ready (%.2f s):  %s\n\n", ready.Seconds(), url)
	fmt.Printf("  Look after it:  bin/fleet --as %s watch\n", filepath.Join(data, house.AdminFile))
	fmt.Printf("  At the booth:   bin/fleet --as %s card find amina\n", filepath.Join(data, house.BoothFile))
	fmt.Printf("  Data is kept in %s\n  Stop with Ctrl-C\n\n", data)
}

func seed(path string) ([]tray.Entry, error) {
	if path == "" {
		return tray.Seed(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the tray's file: %w", err)
	}
	defer f.Close()
	return tray.ParseSeed(f)
}

// mark is a file that only a folder has which the demo found new or empty:
// nothing else is ever deleted by --fresh.
const mark = "unlockpoint-demo"

// dataFolder makes the folder, and empties it first when asked to.
func dataFolder(path string, fresh bool) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the data folder: %w", err)
	}
	if fresh {
		if err := empty(path); err != nil {
			return "", err
		}
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return "", fmt.Errorf("read the data folder: %w", err)
	}
	if len(entries) > 0 {
		return path, nil
	}
	if err := os.WriteFile(filepath.Join(path, mark), []byte("The demo's data. --fresh deletes this folder.\n"), 0o600); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	return path, nil
}

func empty(path string) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("empty the data folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(path, mark)); err != nil {
		return fmt.Errorf("%s is no data folder of the demo: it is left alone", path)
	}
	locked, err := house.Lock(path)
	if err != nil {
		return err
	}
	defer locked.Close()
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("empty the data folder: %w", err)
	}
	return nil
}
