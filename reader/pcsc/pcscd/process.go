package pcscd

import (
	"io"
	"os"
	"os/exec"
	"sync"
)

// process is pcscd in a mount namespace of its own.
type process struct {
	cmd   *exec.Cmd
	hold  io.Closer // pcscd runs until this is closed, or we die
	done  chan struct{}
	words *tail
}

// script gives pcscd a /run of its own, as its socket's name is fixed, with
// our folder in it. It ends pcscd at the end of its input: a pipe that the
// kernel closes even if the test is killed.
const script = `set -e
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount --bind "$1/run" /run/pcscd
rm -f /run/pcscd/*
pcscd --foreground --config "$1/conf" </dev/null &
child=$!
( cat <&3; kill $child ) >/dev/null 2>&1 &
exec 3<&-
wait $child
`

func launch(dir string) (*process, error) {
	arg := []string{"--mount"}
	if os.Geteuid() != 0 {
		arg = append(arg, "--user", "--map-root-user")
	}
	p := &process{done: make(chan struct{}), words: &tail{}}
	p.cmd = exec.Command("unshare", append(arg, "sh", "-c", script, "sh", dir)...)
	p.cmd.Stdout, p.cmd.Stderr = p.words, p.words
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	p.cmd.ExtraFiles = []*os.File{read} // descriptor 3
	p.hold = write
	if err := p.cmd.Start(); err != nil {
		write.Close()
		return nil, err
	}
	go func() {
		p.cmd.Wait() // however it ends, it is over
		close(p.done)
	}()
	return p, nil
}

func (p *process) stop() {
	p.hold.Close()
	<-p.done
}

func (p *process) said() string { return p.words.String() }

// tail keeps the last words of a process, for the error message.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailLength = 2000

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if n := len(t.text); n > tailLength {
		t.text = t.text[n-tailLength:]
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
