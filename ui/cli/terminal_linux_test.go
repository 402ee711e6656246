package cli

import (
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"

	"backscroll/keys"
)

func TestSignalsLeaveAWholeTerminal(t *testing.T) {
	t.Parallel()
	for s, code := range map[syscall.Signal]int{syscall.SIGHUP: 129, syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			c := start(t, nil, "--demo")
			c.waitForText("Conversations")
			c.signal(s)
			c.wantEnd(code)
			c.wantWhole()
		})
	}
}

func TestKeysThatQuit(t *testing.T) {
	t.Parallel()
	c := start(t, nil, "--demo")
	c.waitForText("Conversations")
	io.WriteString(c.master, "\x03")
	c.wantEnd(0)
	c.wantWhole()
}

// A terminal that does not read holds up every write, and Bubble Tea with it.
func TestSignalOnAStoppedTerminal(t *testing.T) {
	t.Parallel()
	c := start(t, nil, "--demo")
	c.waitForText("Conversations")
	c.stop()
	io.WriteString(c.master, "jjj") // has it write
	start := time.Now()
	c.signal(syscall.SIGTERM)
	c.wantEnd(143)
	if took := time.Since(start); took < patience {
		t.Errorf("it took %v to end", took)
	}
}

// A second signal ends it at once: signals_test.go says how soon. Here more of them
// come while it is ending.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	c := start(t, nil, "--demo")
	c.waitForText("Conversations")
	c.stop()
	for range 5 {
		_ = c.cmd.Process.Signal(syscall.SIGINT) // it may have ended
		time.Sleep(50 * time.Millisecond)        // two at once would be one
	}
	c.wantEnd(130)
}

// The terminal goes away, as when its window is closed.
func TestHangup(t *testing.T) {
	t.Parallel()
	c := start(t, nil, "--demo")
	c.waitForText("Conversations")
	c.master.Close()
	c.wantCode(129)
}

// The secret comes through standard input, the keys from the terminal itself.
func TestSecretThroughAPipe(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := startProgram(t, "/bin/sh", []string{"SECRET=" + canary}, "-c",
		`echo $SECRET | `+path+` --secret-stdin --app-id 7 --endpoint http://127.0.0.1:1 --user alice`)
	c.waitForText("127.0.0.1:1")
	io.WriteString(c.master, "\x03")
	c.wantEnd(0)
	c.wantWhole()
	if strings.Contains(c.written(), canary) {
		t.Error("the secret was shown")
	}
}

// Without a keyring to store it in, a secret is not asked for.
func TestLoginWithoutAKeyring(t *testing.T) {
	t.Parallel()
	c := start(t, nil, "auth", "login", "--app-id", "7")
	c.wantEnd(1)
	c.waitForText("hint: ")
	if out := c.written(); strings.Contains(out, "ServerSecret (") {
		t.Errorf("it asked all the same: %q", out)
	}
}

func TestStoppedPromptGivesTheEchoBack(t *testing.T) {
	t.Parallel()
	c := &console{t: t}
	c.master, c.slave = openPTY(t)
	before := c.settings()
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan error)
	go func() {
		fd := int(c.slave.Fd())
		_, err := await(ctx, findTerminal(c.slave, c.slave), func() ([]byte, error) { return term.ReadPassword(fd) })
		done <- err
	}()
	c.waitFor("the echo to end", func() bool { return c.settings() != before })
	cancel(&stopped{syscall.SIGTERM})
	if err := <-done; report(io.Discard, err) != 143 {
		t.Errorf("it ended with %v", err)
	}
	if after := c.settings(); after != before {
		t.Errorf("the settings were %+v and are %+v", before, after)
	}
	io.WriteString(c.master, "\n") // lets the read end
	time.Sleep(10 * time.Millisecond)
	c.slave.Close()
	c.master.Close()
}

// panicsIn makes the test binary a browser that panics in the given place.
const panicsIn = "BACKSCROLL_TEST_PANICS_IN"

func panicking(where string) int {
	p := OS()
	show := p.Screen
	p.Screen = func(ctx context.Context, m tea.Model, opts ...tea.ProgramOption) error {
		return show(ctx, fragile{m, where, p.terminal}, opts...)
	}
	return Main(p)
}

// fragile panics when somebody asks for "!".
type fragile struct {
	tea.Model
	where    string
	terminal *terminal
}

func (f fragile) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "!" {
		switch f.where {
		case "update":
			panic("ouch\x1b[2J")
		case "command":
			return f, func() tea.Msg { panic("ouch\x1b[2J") }
		case "goroutine":
			go await(context.Background(), f.terminal, func() (int, error) { panic("ouch\x1b[2J") })
		}
	}
	m, cmd := f.Model.Update(msg)
	return fragile{m, f.where, f.terminal}, cmd
}

func TestPanicsLeaveAWholeTerminal(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{"update", "command", "goroutine"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			c := startProgram(t, self, []string{panicsIn + "=" + where, keys.EnvAppID + "=7", keys.EnvServerSecret + "=" + canary},
				"--user", "alice", "--endpoint", "http://127.0.0.1:1")
			c.waitForText("Conversations")
			io.WriteString(c.master, "!")
			c.wantEnd(1)
			c.wantWhole()
			out := c.written()
			if strings.Contains(strings.ToLower(out), strings.ToLower(canary[:8])) {
				t.Errorf("a crash shows the secret: %q", out)
			}
			if main := strings.LastIndex(out, "\x1b[?1049l"); !strings.Contains(out[main:], "backscroll: ") {
				t.Errorf("the main screen does not say what happened: %q", out[main:])
			}
		})
	}
}

func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	c := start(t, []string{"TERM=dumb"}, "--demo")
	c.waitForText("hint: ")
	c.wantEnd(1)
	if out := c.written(); strings.Contains(out, "\x1b") {
		t.Errorf("it wrote an escape sequence: %q", out)
	}
}
