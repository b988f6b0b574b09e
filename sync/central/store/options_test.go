package store

import "testing"

// What a power cut must not lose is on the disk before it counts: DESIGN,
// section 10.
func TestEveryCommitIsOnTheDisk(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	o := s.db.Opts()
	if !o.SyncWrites || o.MemTableSize != 2<<20 || o.ValueLogFileSize != 8<<20 || o.ValueThreshold != 64<<10 || o.Compression != 0 {
		t.Errorf("%+v", o)
	}
}
