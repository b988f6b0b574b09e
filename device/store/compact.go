package store

// newTables is how many tables may be new, each 2 MiB or what a restart left:
// Badger merges them from here on, and lets writers wait from 15.
const newTables = 5

// compact merges new tables, once there are too many. Badger's own compactors
// look 20 times a second each, and would be most of what an idle terminal
// does; here it is writers that make tables and writers that look. What cannot
// be merged now is merged by a later write.
func (s *Store) compact() {
	if s.db.Levels()[0].NumTables > newTables {
		s.db.Flatten(1)
	}
}
