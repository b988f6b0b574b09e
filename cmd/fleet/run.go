package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"unlockpoint/sync/operator"
	"unlockpoint/sync/wire"
)

type runCmd struct {
	Do        wire.Work     `arg:"" enum:"${works}" help:"identify (it beeps and shows its name), selftest, restart (once no card is in), report (all it knows of itself) or screenshot (of a page that is not private)."`
	Terminals []string      `arg:"" optional:"" help:"Ids of terminals."`
	Where     []string      `sep:"," values:"conditions" placeholder:"FIELD=VALUE" help:"In place of ids: those whose site, state or version is, or with != is not, that."`
	Within    time.Duration `default:"2m" help:"One that is away may do it until then; at most 168h; ${default} when left out."`
	Reason    string        `default:"routine" help:"Why, for the audit log; ${default} when left out. Name nobody."`
	Wait      bool          `help:"Wait for all answers, and end with 1 unless all have done it."`
	Into      string        `type:"path" default:"." placeholder:"FOLDER" help:"Where --wait puts what they bring: reports, screenshots and the results of tests; ${default} when left out."`
	Output    form          `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// works are what terminals can be given to do.
func works() string {
	var names []string
	for _, w := range wire.Works() {
		names = append(names, string(w))
	}
	return strings.Join(names, ",")
}

// Help teaches by example.
func (runCmd) Help() string {
	return `Without --wait it prints the job's id: "fleet job ID" says what became of it,
and "fleet job ID --into FOLDER" fetches what it brought.

Examples:
  fleet run identify ward7-door
  fleet run selftest --where site=ward7 --wait
  fleet run screenshot ward7-door --wait --into pictures
  fleet run restart --where version=1.3,state=online --within 1h --reason "frozen screens"`
}

// Run gives terminals something to do.
func (r *runCmd) Run(ctx context.Context, top *cli) error {
	if r.Wait && suffix[r.Do] != "" {
		if err := writable(r.Into); err != nil {
			return err
		}
	}
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		chosen, err := r.chosen(ctx, top, line)
		if err != nil {
			return err
		}
		body := wire.RunBody{Do: r.Do, Terminals: chosen, Within: int(r.Within.Seconds()), Reason: r.Reason}
		var job wire.JobBody
		if err := top.put(ctx, line, wire.FleetRun, body, &job); err != nil {
			return err
		}
		if !r.Wait {
			_, err := fmt.Fprintln(top.out, job.Job)
			return err
		}
		done, err := r.await(ctx, top, line, job.Job, len(chosen))
		if err != nil {
			fmt.Fprintf(top.err, "\"fleet job %s\" says what becomes of it.\n", job.Job)
			return err
		}
		if err := top.fetch(ctx, line, done, r.Into); err != nil {
			return err
		}
		if err := resultsOf(done).print(top.out, r.Output); err != nil {
			return err
		}
		return verdict(done)
	})
}

// chosen are the terminals that were named, or those that --where keeps.
func (r *runCmd) chosen(ctx context.Context, top *cli, line *operator.Line) ([]string, error) {
	if (len(r.Terminals) > 0) == (len(r.Where) > 0) {
		return nil, fmt.Errorf("name terminals, or say with --where which")
	}
	if len(r.Where) == 0 {
		return r.Terminals, nil
	}
	keep, err := conditions(r.Where)
	if err != nil {
		return nil, err
	}
	var views []wire.TerminalView
	if err := top.put(ctx, line, wire.FleetLs, struct{}{}, &views); err != nil {
		return nil, err
	}
	var ids []string
	for _, v := range views {
		if v.State != wire.Gone && keep(v) {
			ids = append(ids, v.ID)
		}
	}
	if ids == nil {
		return nil, fmt.Errorf("no terminal is as --where says")
	}
	return ids, nil
}

// await waits until no terminal is waited for, woken by what happens.
func (r *runCmd) await(ctx context.Context, top *cli, line *operator.Line, id string, all int) (j wire.Job, err error) {
	p := top.progress()
	defer p.end()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stir := make(chan struct{}, 1)
	following := make(chan error, 1)
	go func() {
		following <- line.Follow(ctx, wire.FollowBody{}, func(operator.Told) error {
			select {
			case stir <- struct{}{}:
			default:
			}
			return nil
		})
	}()
	for {
		limited, cancel := context.WithTimeout(ctx, top.Timeout)
		err := line.Ask(limited, wire.FleetJob, wire.JobBody{Job: id}, &j)
		cancel()
		if err != nil {
			return j, err
		}
		waiting := 0
		for _, result := range j.Results {
			if result.End == wire.Pending {
				waiting++
			}
		}
		if waiting == 0 {
			return j, nil
		}
		p.say("%s: %d of %d have answered", r.Do, all-waiting, all)
		tick := time.NewTimer(jobEvery)
		select {
		case <-ctx.Done():
		case err := <-following:
			return j, err
		case <-stir:
		case <-tick.C: // also for the end of its time
		}
		tick.Stop()
	}
}

// jobEvery is how often a job is looked at when nothing is told of it.
const jobEvery = 2 * time.Second

// suffix of the files that a work brings; others bring text to read at once.
var suffix = map[wire.Work]string{wire.MakeReport: "json", wire.Screenshot: "png", wire.SelfTest: "txt"}

// writable makes a folder, and a file in it for a moment: what is brought from
// afar must not be lost for want of a place.
func writable(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("--into: %w", err)
	}
	f, err := os.CreateTemp(folder, ".fleet-*")
	if err != nil {
		return fmt.Errorf("--into: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// fetch writes what the terminals brought into files in a folder.
func (top *cli) fetch(ctx context.Context, line *operator.Line, j wire.Job, folder string) error {
	for i, result := range j.Results {
		if result.Bytes == 0 || result.End == wire.Pending || suffix[j.Do] == "" {
			continue
		}
		var brought []byte
		if err := top.put(ctx, line, wire.FleetFetch, wire.FetchBody{Job: j.ID, Terminal: result.Terminal}, &brought); err != nil {
			return err
		}
		if suffix[j.Do] == "txt" {
			brought = plainLines(brought)
		}
		path := filepath.Join(folder, fmt.Sprintf("%s-%s.%s", result.Terminal, j.Do, suffix[j.Do]))
		if err := os.WriteFile(path, brought, 0o600); err != nil {
			return err
		}
		j.Results[i].Text += ": " + path
	}
	return nil
}

// plainLines makes a text of several lines safe to show.
func plainLines(text []byte) []byte {
	lines := strings.Split(string(text), "\n")
	for i := range lines {
		lines[i] = wire.Plain(lines[i])
	}
	return []byte(strings.Join(lines, "\n"))
}

// verdict is the exit code of a job.
func verdict(j wire.Job) error {
	if slices.ContainsFunc(j.Results, func(r wire.JobResult) bool { return r.End != wire.Done }) {
		return exit(1)
	}
	return nil
}

func resultsOf(j wire.Job) table {
	t := table{head: []string{"terminal", "result", "what"}, data: j}
	for _, r := range j.Results {
		t.rows = append(t.rows, []string{r.Terminal, string(r.End), orDash(strings.TrimSpace(r.Text))})
	}
	return t
}

type jobCmd struct {
	Job    string `arg:"" help:"Id of the job, as \"fleet run\" printed it."`
	Into   string `type:"path" placeholder:"FOLDER" help:"Fetch what the terminals brought, as far as they have: reports, screenshots and the results of tests."`
	Output form   `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Help teaches by example.
func (jobCmd) Help() string {
	return `Examples:
  fleet job 01k3v7q2m4x9t8r6w5y0z1a2bc
  fleet job 01k3v7q2m4x9t8r6w5y0z1a2bc --into pictures`
}

// Run shows a job.
func (j *jobCmd) Run(ctx context.Context, top *cli) error {
	if j.Into != "" {
		if err := writable(j.Into); err != nil {
			return err
		}
	}
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		var job wire.Job
		if err := top.put(ctx, line, wire.FleetJob, wire.JobBody{Job: j.Job}, &job); err != nil {
			return err
		}
		if j.Into != "" {
			if err := top.fetch(ctx, line, job, j.Into); err != nil {
				return err
			}
		}
		return resultsOf(job).print(top.out, j.Output)
	})
}
