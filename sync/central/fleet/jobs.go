package fleet

import (
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// A job is kept as its header, one row for each terminal, and what each
// brought, in parts. A terminal that has not answered has a row under its own
// name as well, so that what it is to do is found without reading all jobs.

func jobs() store.Table[wire.Job] { return store.Table[wire.Job]{Name: "job"} }

func results() store.Table[wire.JobResult] { return store.Table[wire.JobResult]{Name: "job-result"} }

func parts() store.Table[[]byte] { return store.Table[[]byte]{Name: "job-part"} }

func pending() store.Table[Errand] { return store.Table[Errand]{Name: "job-pending"} }

// Errand is a command that a terminal has not answered.
type Errand struct {
	Terminal string    `json:"terminal"`
	Job      string    `json:"job"`
	Do       wire.Work `json:"do"`
	Until    time.Time `json:"until"`
}

// keepJobs is for how long jobs and what they brought are kept.
const keepJobs = 30 * 24 * time.Hour

// ErrNoJob is the answer for a job that there is not.
var ErrNoJob = errors.New("no such job")

// Begin keeps a job whose terminals all wait.
func Begin(tx store.Tx, j wire.Job) error {
	for _, r := range j.Results {
		r.End = wire.Pending
		err := errors.Join(results().Put(tx, j.ID+"/"+r.Terminal, r),
			pending().Put(tx, r.Terminal+"/"+j.ID, Errand{r.Terminal, j.ID, j.Do, j.Until}))
		if err != nil {
			return fmt.Errorf("beginning a job: %w", err)
		}
	}
	j.Results = nil
	return jobs().Put(tx, j.ID, j)
}

// Job returns a job with what became of it until now.
func Job(tx store.Tx, id string, now time.Time) (wire.Job, error) {
	j, there, err := jobs().Find(tx, id)
	if err != nil {
		return j, fmt.Errorf("reading a job: %w", err)
	}
	if !there {
		return j, ErrNoJob
	}
	for row, err := range results().Each(tx, id+"/") {
		if err != nil {
			return j, fmt.Errorf("reading a job: %w", err)
		}
		if row.Value.End == wire.Pending && !now.Before(j.Until) {
			row.Value.End = wire.Late
		}
		j.Results = append(j.Results, row.Value)
	}
	return j, nil
}

// Pending lists what terminals have not answered.
func Pending(tx store.Tx) (list []Errand, err error) {
	for row, err := range pending().Each(tx, "") {
		if err != nil {
			return nil, fmt.Errorf("listing commands: %w", err)
		}
		list = append(list, row.Value)
	}
	return list, nil
}

// DropPending forgets a command whose time is over.
func DropPending(tx store.Tx, e Errand) error { return pending().Delete(tx, e.Terminal+"/"+e.Job) }

// Ended takes a part of what a terminal says of a command, again without
// effect, and returns what the command was. over says whether it was the last
// part. A command that it was never given, or has ended, is ErrNoJob.
func Ended(tx store.Tx, terminal string, b wire.CommandDoneBody) (do wire.Work, over bool, err error) {
	key := b.Job + "/" + terminal
	j, begun, err := jobs().Find(tx, b.Job)
	if err != nil {
		return "", false, fmt.Errorf("reading a job: %w", err)
	}
	r, there, err := results().Find(tx, key)
	if err != nil {
		return "", false, fmt.Errorf("reading a job: %w", err)
	}
	if !begun || !there || r.End != wire.Pending {
		return "", false, ErrNoJob
	}
	part := key + "/" + numbered(uint64(b.Part.Part))
	before, _, err := parts().Find(tx, part)
	if err != nil {
		return "", false, fmt.Errorf("keeping what a command brought: %w", err)
	}
	if err := parts().Put(tx, part, b.Part.Text); err != nil {
		return "", false, fmt.Errorf("keeping what a command brought: %w", err)
	}
	r.Bytes += len(b.Part.Text) - len(before)
	if over = b.Part.Part == b.Part.Of; over {
		r.End, r.Text = b.End, b.Text
	}
	err = results().Put(tx, key, r)
	if over {
		err = errors.Join(err, pending().Delete(tx, terminal+"/"+b.Job))
	}
	return j.Do, over, err
}

// Brought is what a command brought from a terminal.
func Brought(tx store.Tx, job, terminal string) (all []byte, err error) {
	for row, err := range parts().Each(tx, job+"/"+terminal+"/") {
		if err != nil {
			return nil, fmt.Errorf("reading what a command brought: %w", err)
		}
		all = append(all, row.Value...)
	}
	return all, nil
}

// ForgetJobs forgets jobs that are older than 30 days, as much of them as one
// transaction takes, and says whether there is more: what a single one brought
// may be too much.
func ForgetJobs(tx store.Tx, now time.Time) (more bool, err error) {
	for row, err := range jobs().Each(tx, "") { // ids sort by time
		if err != nil || now.Sub(row.Value.At) < keepJobs {
			return false, err
		}
		more, err := clearTable(tx, parts(), row.Key+"/")
		if err == nil && !more {
			more, err = clearTable(tx, results(), row.Key+"/")
		}
		if err == nil && !more {
			err = jobs().Delete(tx, row.Key)
		}
		if err != nil {
			return false, fmt.Errorf("forgetting a job: %w", err)
		}
		if more {
			return true, nil
		}
	}
	return false, nil
}

// clearTable deletes rows, as many as one transaction takes, and says whether
// there are more.
func clearTable[T any](tx store.Tx, t store.Table[T], prefix string) (more bool, err error) {
	for row, err := range t.Each(tx, prefix) {
		if err != nil {
			return false, err
		}
		if tx.Full() {
			return true, nil
		}
		if err := t.Delete(tx, row.Key); err != nil {
			return false, err
		}
	}
	return false, nil
}
