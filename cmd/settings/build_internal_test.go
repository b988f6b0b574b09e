package settings

import (
	"runtime/debug"
	"testing"
	"time"
)

func TestTheBuildIsNamedByItsCommit(t *testing.T) {
	info := &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}
	if name, made := build(info); name != "v1.2.3" || !made.IsZero() {
		t.Errorf("without a commit: %s, %v", name, made)
	}
	info.Settings = []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.time", Value: "2026-03-02T09:00:00Z"},
	}
	if name, made := build(info); name != "0123456789ab" || !made.Equal(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("with one: %s, %v", name, made)
	}
}

func TestABuildWithoutItsRepositoryIsToldBoth(t *testing.T) {
	stamp = "ba9876543210,2026-03-02T09:00:00Z"
	defer func() { stamp = "" }()
	info := &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}
	if name, made := build(info); name != "ba9876543210" || !made.Equal(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("%s of %v", name, made)
	}
}
