package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// child is a backscroll in a process of its own, with pipes.
type child struct {
	t      *testing.T
	cmd    *exec.Cmd
	out    io.ReadCloser
	stdout *bufio.Reader // of out
	stderr strings.Builder
}

func startChild(t *testing.T, env []string, args ...string) *child {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.Command(path, args...)}
	c.cmd.Env = append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "TZ=UTC"}, env...)
	c.cmd.Stderr = &c.stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out, c.stdout = out, bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.cmd.Process.Kill() })
	return c
}

func (c *child) line() string {
	c.t.Helper()
	line, err := c.stdout.ReadString('\n')
	if err != nil {
		c.t.Fatalf("%v after %q; %s", err, line, &c.stderr)
	}
	return line
}

func (c *child) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// end waits for the end, and returns what was left to read and the exit code.
func (c *child) end() (rest string, code int) {
	c.t.Helper()
	b, err := io.ReadAll(c.stdout)
	if err != nil {
		c.t.Error(err)
	}
	c.cmd.Wait() // the exit code is its result
	return string(b), c.cmd.ProcessState.ExitCode()
}

// startEmulator returns the address of a running backscroll emulator, and the
// command that it shows.
func startEmulator(t *testing.T, args ...string) (c *child, base, ready string) {
	t.Helper()
	c = startChild(t, nil, append([]string{"emulator", "--listen", "127.0.0.1:0"}, args...)...)
	first := c.line()
	base, ok := strings.CutPrefix(strings.TrimSuffix(first, "\n"), "listening ")
	if !ok || !strings.HasPrefix(base, "http://127.0.0.1:") || strings.HasSuffix(base, ":0") {
		t.Fatalf("the first line is %q", first)
	}
	// This is the one place where a secret is shown: the emulator's own, which
	// is invented and opens nothing else.
	if line, want := c.line(), fmt.Sprintf("AppId %d\n", emulator.AppID); line != want {
		t.Errorf("the second line is %q, want %q", line, want)
	}
	if line, want := c.line(), "ServerSecret "+emulator.ServerSecret+"\n"; line != want {
		t.Errorf("the third line is %q, want %q", line, want)
	}
	return c, base, strings.TrimSuffix(c.line(), "\n")
}

func TestEmulator(t *testing.T) {
	t.Parallel()
	c, base, ready := startEmulator(t)
	want := fmt.Sprintf("BACKSCROLL_APP_ID=%d BACKSCROLL_SERVER_SECRET=%s backscroll --endpoint %s --user alice", emulator.AppID, emulator.ServerSecret, base)
	if ready != want {
		t.Errorf("the command is %q, want %q", ready, want)
	}
	// Any client will do, also one whose nonce is no 16 hex digits.
	client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithEndpoint(base), zim.WithNonce(func() string { return "8271936450" }))
	if err != nil {
		t.Fatal(err)
	}
	page, err := client.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{FromUserId: "alice", ToUserId: "bob", Limit: 3})
	if err != nil || len(page.List) != 3 {
		t.Errorf("%v, %v", page, err)
	}
	c.signal(syscall.SIGINT)
	if rest, code := c.end(); code != 130 || rest != "" || c.stderr.Len() > 0 {
		t.Errorf("exit code %d, %q, %q", code, rest, &c.stderr)
	}
}

// TestEmulatorServesWhatWasPrinted: a history that was printed, served and
// printed again is the same.
func TestEmulatorServesWhatWasPrinted(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for args, again := range map[string]string{
		"--user alice --peer walter": "--user alice --peer walter",
		"--group everyone":           "--group " + emulator.DataGroup,
	} {
		printed := s.run(t, "messages --all --raw "+args)
		printed.wantDone(t, "")
		file := filepath.Join(t.TempDir(), "chat.jsonl")
		if err := os.WriteFile(file, []byte(printed.stdout), 0o600); err != nil {
			t.Fatal(err)
		}
		_, base, ready := startEmulator(t, "--data", file)
		env := []string{"BACKSCROLL_APP_ID=1041200", "BACKSCROLL_SERVER_SECRET=" + emulator.ServerSecret, "BACKSCROLL_ENDPOINT=" + base}
		c := startChild(t, env, append(strings.Fields("messages --all --raw --rate 20"), strings.Fields(again)...)...)
		if out, code := c.end(); code != 0 || out != printed.stdout || len(out) == 0 {
			t.Errorf("%s: exit code %d, %d bytes, want %d; %s", args, code, len(out), len(printed.stdout), &c.stderr)
		}
		user := ready[strings.LastIndex(ready, " ")+1:]
		c = startChild(t, env, "conversations", "--raw", "--user", user)
		if out, code := c.end(); code != 0 || out == "" {
			t.Errorf("%s: the user of %q has no conversation: exit code %d; %s", args, ready, code, &c.stderr)
		}
	}
}

func TestRefusedEmulators(t *testing.T) {
	t.Parallel()
	m := newMachine()
	bad := filepath.Join(t.TempDir(), "bad.jsonl")
	if err := os.WriteFile(bad, []byte("{}\nnope\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.run(t, "emulator", "--data", bad).wantFailure(t, 1, "line 2 is no JSON object")
	m.run(t, "emulator", "--data", bad+".none").wantFailure(t, 1, "read --data: no such file")
	_, base, _ := startEmulator(t)
	m.run(t, "emulator", "--listen", strings.TrimPrefix(base, "http://")).wantFailure(t, 1, "address already in use")
}

func TestShellWord(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"alice":      "alice",
		"@RBT#help":  "'@RBT#help'",
		"$(touch x)": "'$(touch x)'",
		"it's":       `'it'\''s'`,
		"":           "''",
		"-x":         "-x",
	} {
		if got := shellWord(s); got != want {
			t.Errorf("%q is %s, want %s", s, got, want)
		}
	}
}

// TestReaderWantsNoMore: head ends a walk of 1000 pages, quietly.
func TestReaderWantsNoMore(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, form := range []string{"--json", "--raw", "--color=auto"} {
		c := startChild(t, s.environ(), strings.Fields("messages --user alice --peer archive --all --rate 20 "+form)...)
		c.line()
		c.out.Close()
		c.cmd.Wait() // the exit code is its result
		if code := c.cmd.ProcessState.ExitCode(); code != 0 || c.stderr.Len() > 0 {
			t.Errorf("%s: exit code %d, %q", form, code, &c.stderr)
		}
	}
	if s.calls > 30 {
		t.Errorf("%d calls", s.calls)
	}
}

// TestInterruptedWalk: ctrl+c leaves whole lines, and exit code 130.
func TestInterruptedWalk(t *testing.T) {
	t.Parallel()
	for s, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		service := newService(t, emulator.WithHook(func(_ string, n int) *emulator.Fault {
			if n == 3 {
				return &emulator.Fault{Delay: time.Minute}
			}
			return nil
		}))
		c := startChild(t, service.environ(), strings.Fields("messages --user alice --peer walter --all --raw --rate 20")...)
		var out strings.Builder
		for range 200 {
			out.WriteString(c.line())
		}
		time.Sleep(50 * time.Millisecond) // the third call is under way
		begun := time.Now()
		c.signal(s)
		rest, code := c.end()
		if took := time.Since(begun); code != want || rest != "" || c.stderr.Len() > 0 || took > 20*time.Second { // of the minute that the service takes
			t.Errorf("%v: exit code %d after %v, %q, %q", s, code, took, rest, &c.stderr)
		}
	}
}
