package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central"
)

func TestTheListsAreWrittenAndThenRead(t *testing.T) {
	folder := t.TempDir()
	b := brokerConfig{URL: "mqtt://127.0.0.1:1883", Folder: folder, RunAs: brokertest.RunAs(),
		Reload: []string{"cp", filepath.Join(folder, "acl"), filepath.Join(folder, "read")}}
	if err := b.lists().Let(t.Context(), central.BrokerAccess{}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "read")); err != nil || !strings.Contains(string(text), "pattern") {
		t.Errorf("%q, %v", text, err)
	}
	b.Reload = []string{"ls", "/nowhere"}
	if err := b.lists().Let(t.Context(), central.BrokerAccess{}); err == nil || !strings.Contains(err.Error(), `broker.reload, "ls /nowhere"`) {
		t.Error(err)
	}
	if b.Folder = ""; b.lists() != nil {
		t.Error("lists are kept in no folder")
	}
}
