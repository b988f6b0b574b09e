package store

import "testing"

// What a power cut must not lose is on the disk before it counts, and a small
// board holds it all: DESIGN, section 10.
func TestTheStoreIsMadeForASmallBoardThatLosesPower(t *testing.T) {
	s := opened(t, t.TempDir())
	defer closed(t, s)
	o := s.db.Opts()
	if !o.SyncWrites || o.MemTableSize != 2<<20 || o.NumMemtables != 2 || o.ValueLogFileSize != 8<<20 ||
		o.ValueThreshold != 64<<10 || o.BlockCacheSize != 1<<20 || o.Compression != 0 {
		t.Errorf("%+v", o)
	}
}
