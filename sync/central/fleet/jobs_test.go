package fleet_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func TestALifeOfAJob(t *testing.T) {
	update := open(t)
	until := now.Add(time.Minute)
	update(func(tx store.Tx) error {
		return fleet.Begin(tx, wire.Job{ID: "job-1", Do: wire.Screenshot, By: "jo", At: now, Until: until,
			Results: []wire.JobResult{{Terminal: "hall"}, {Terminal: "ward-7"}}})
	})
	results := func(at time.Time) (list []wire.JobResult) {
		update(func(tx store.Tx) error {
			j, err := fleet.Job(tx, "job-1", at)
			list = j.Results
			return err
		})
		return list
	}
	pending := func() (n int) {
		update(func(tx store.Tx) error {
			list, err := fleet.Pending(tx)
			n = len(list)
			return err
		})
		return n
	}
	say := func(terminal string, end wire.Outcome, part, of int, text string) (over bool, err error) {
		update(func(tx store.Tx) error {
			_, over, err = fleet.Ended(tx, terminal, wire.CommandDoneBody{Job: "job-1", End: end, Text: "it did", Part: wire.Part{Part: part, Of: of, Text: []byte(text)}})
			return nil
		})
		return over, err
	}

	// Both wait. One answers, in parts; only what it was given counts.
	if r := results(now); len(r) != 2 || r[0].End != wire.Pending || pending() != 2 {
		t.Fatalf("%+v", r)
	}
	for range 2 { // its answer got lost
		if over, err := say("ward-7", wire.Done, 1, 2, "ab"); over || err != nil {
			t.Fatal(over, err)
		}
	}
	if over, err := say("ward-7", wire.Done, 2, 2, "cd"); !over || err != nil {
		t.Fatal(over, err)
	}
	if _, err := say("ward-7", wire.Failed, 1, 1, "again"); !errors.Is(err, fleet.ErrNoJob) {
		t.Fatal(err)
	}
	if _, err := say("stranger", wire.Done, 1, 1, ""); !errors.Is(err, fleet.ErrNoJob) {
		t.Fatal(err)
	}
	update(func(tx store.Tx) error {
		brought, err := fleet.Brought(tx, "job-1", "ward-7")
		if string(brought) != "abcd" {
			t.Errorf("brought %q", brought)
		}
		return err
	})
	if r := results(now); r[1].End != wire.Done || r[1].Bytes != 4 || r[1].Text != "it did" || pending() != 1 {
		t.Fatalf("%+v", r)
	}

	// The other's time goes by; after 30 days nothing is left.
	if r := results(until); r[0].End != wire.Late {
		t.Fatalf("%+v", r)
	}
	update(func(tx store.Tx) error {
		if more, err := fleet.ForgetJobs(tx, now.Add(29*24*time.Hour)); more || err != nil {
			t.Errorf("%v, %v", more, err)
		}
		_, err := fleet.Job(tx, "job-1", now)
		return err
	})
	update(func(tx store.Tx) error { _, err := fleet.ForgetJobs(tx, now.AddDate(0, 0, 31)); return err })
	update(func(tx store.Tx) error {
		brought, err := fleet.Brought(tx, "job-1", "ward-7")
		if _, gone := fleet.Job(tx, "job-1", now); !errors.Is(gone, fleet.ErrNoJob) || len(brought) != 0 {
			t.Errorf("%v, %q", gone, brought)
		}
		return err
	})
}

// One job brings more than a transaction forgets, by the number of terminals
// or by what each of them brings; and there is another job behind it.
func TestAnyNumberOfPartsIsForgotten(t *testing.T) {
	db := openStore(t)
	begin := func(id string, terminals, parts int) {
		t.Helper()
		j := wire.Job{ID: id, Do: wire.Screenshot, By: "jo", At: now, Until: now.Add(time.Hour)}
		for n := range terminals {
			j.Results = append(j.Results, wire.JobResult{Terminal: fmt.Sprintf("ward-%d", n)})
		}
		err := db.Update(t.Context(), func(tx store.Tx) error { return fleet.Begin(tx, j) })
		for part := 1; part <= parts; part++ {
			err = errors.Join(err, db.Update(t.Context(), func(tx store.Tx) (err error) {
				for _, r := range j.Results {
					b := wire.CommandDoneBody{Job: id, End: wire.Done, Part: wire.Part{Part: part, Of: parts, Text: []byte("ab")}}
					_, _, one := fleet.Ended(tx, r.Terminal, b)
					err = errors.Join(err, one)
				}
				return err
			}))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	begin("job-1", 300, 5)
	begin("job-2", 7, wire.MaxParts)
	begin("job-3", 1, 1)
	finish(t, db, now.AddDate(0, 0, 31), fleet.ForgetJobs)
	if n := rows(t, db, "job"); n != 0 {
		t.Errorf("%d rows are kept for ever", n)
	}
}
