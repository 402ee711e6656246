package cli

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/zim"
)

// canary is a secret that must never be seen again.
const canary = "c0ffee11C0FFEE22c0ffee33C0FFEE44"

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// machine is a made-up surrounding: a terminal, an empty keyring, no variables.
type machine struct {
	env      map[string]string
	ring     *keys.Memory
	stdin    string
	piped    bool // standard input is the text above, not a terminal
	noScreen bool // standard output is not a terminal
	watched  bool // standard error is a terminal
	columns  int  // of the terminal
	password string
	shown    int // programs shown on the screen
	config   keys.Config
	screen   error
	plays    func(tea.Model) // what somebody does on the screen
}

func newMachine() *machine {
	return &machine{env: map[string]string{"TERM": "xterm-256color"}, ring: keys.NewMemory()}
}

// with sets variables, given as NAME, value, …
func (m *machine) with(pairs ...string) *machine {
	for i := 0; i < len(pairs); i += 2 {
		m.env[pairs[i]] = pairs[i+1]
	}
	return m
}

// holding stores profiles, given as NAME, endpoint, …; the first is the default.
func (m *machine) holding(t *testing.T, pairs ...string) *machine {
	t.Helper()
	secret, err := keys.NewSecret(canary)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		p := keys.Profile{Name: pairs[i], AppID: 1000 + uint32(i), Secret: secret, Endpoint: pairs[i+1]}
		if err := keys.NewStore(m.ring).Save(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func (m *machine) process(stdout, stderr *strings.Builder, args ...string) Process {
	return Process{
		Args:  args,
		Stdin: strings.NewReader(m.stdin), Stdout: stdout, Stderr: stderr,
		StdinIsTerminal: !m.piped, StdoutIsTerminal: !m.noScreen, StderrIsTerminal: m.watched,
		Columns:  func() int { return m.columns },
		Getenv:   func(name string) string { return m.env[name] },
		Unsetenv: func(name string) error { delete(m.env, name); return nil },
		Environ:  func() []string { return nil },
		Config:   func() (keys.Config, error) { return m.config, nil },
		Keyring:  func(func(time.Duration)) keys.Keyring { return m.ring },
		ReadPassword: func() ([]byte, error) {
			return []byte(m.password), nil
		},
		Screen: func(_ context.Context, model tea.Model, _ ...tea.ProgramOption) error {
			m.shown++
			if m.plays != nil {
				m.plays(model)
			}
			return m.screen
		},
		Now:   func() time.Time { return noon },
		Local: time.FixedZone("Local", 2*60*60),
	}
}

// outcome is all that can be seen of a process from outside.
type outcome struct {
	code           int
	stdout, stderr string
}

// run runs the command line, and fails if the canary comes out of it.
func (m *machine) run(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr strings.Builder
	code := run(t.Context(), m.process(&stdout, &stderr, args...))
	o := outcome{code, stdout.String(), stderr.String()}
	if strings.Contains(strings.ToLower(o.stdout+o.stderr), strings.ToLower(canary[:8])) {
		t.Errorf("%q shows the secret:\n%s%s", args, o.stdout, o.stderr)
	}
	return o
}

// wantFailure checks that nothing was written but an error and its way out.
func (o outcome) wantFailure(t *testing.T, code int, says string) {
	t.Helper()
	lines := strings.Split(o.stderr, "\n")
	switch {
	case o.code != code:
		t.Errorf("exit code %d, want %d", o.code, code)
	case o.stdout != "":
		t.Errorf("wrote to standard output: %q", o.stdout)
	case len(lines) != 3 || lines[2] != "", !strings.HasPrefix(lines[0], "backscroll: "), !strings.HasPrefix(lines[1], "hint: "):
		t.Errorf("not one line and a hint:\n%s", o.stderr)
	case !strings.Contains(lines[0], says):
		t.Errorf("the error is %q, want it to say %q", lines[0], says)
	}
}

func TestSecretIsNeverAFlag(t *testing.T) {
	t.Parallel()
	seen := 0
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			seen++
			if strings.Contains(f.Name, "secret") && f.Value.Type() != "bool" {
				t.Errorf("%s --%s takes a %s", c.CommandPath(), f.Name, f.Value.Type())
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(newMachine().process(nil, nil)))
	if seen < 10 {
		t.Errorf("only %d flags were looked at", seen)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args  []string
		has   []string
		lacks []string
	}{
		{[]string{"--help"}, []string{"--demo", "--user", "--secret-stdin", "--timezone", "--log-file", "--seq", "--at", "auth [command]", "messages", "conversations", "diff", "emulator", "doctor"}, []string{"completion", "man ", keys.CallArg, "help [command]", "\x1b"}},
		{[]string{"help"}, []string{"--demo"}, nil},
		{[]string{"messages", "--help"}, []string{"--peer", "--since", "--filter", "--oldest-first", "--json", "MultiMsg", "--profile", "--log-file"}, []string{"--demo", "\x1b"}},
		{[]string{"diff", "--help"}, []string{"--peer", "--since", "--json", "ByPlace", "blocked", "sender's"}, []string{"--raw", "--group", "\x1b"}},
		{[]string{"help", "conversations"}, []string{"--user", "--raw", "1000"}, []string{"--peer", "--demo"}},
		{[]string{"emulator", "-h"}, []string{"--listen", "--data", "--fault", "stringids", "drip"}, []string{"--user string", "--profile"}},
		{[]string{"doctor", "--help"}, []string{"--profile", "--endpoint", "--json", "exit code is 1"}, []string{"--demo"}},
		{[]string{"auth"}, []string{"login", "list", "status", "default PROFILE", "logout"}, []string{"--demo"}},
		{[]string{"auth", "login", "-h"}, []string{"--app-id", "--secret-stdin", "--region"}, []string{"--demo"}},
		{[]string{"help", "auth", "logout"}, []string{"--profile", "--help"}, nil},
		{[]string{"--color", "never", "--help"}, []string{"--demo"}, []string{"\x1b"}},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			o := newMachine().run(t, test.args...)
			if o.code != 0 || o.stderr != "" {
				t.Errorf("exit code %d, %q", o.code, o.stderr)
			}
			for _, s := range test.has {
				if !strings.Contains(o.stdout, s) {
					t.Errorf("lacks %q:\n%s", s, o.stdout)
				}
			}
			for _, s := range test.lacks {
				if strings.Contains(o.stdout, s) {
					t.Errorf("has %q:\n%s", s, o.stdout)
				}
			}
		})
	}
}

func TestErrorsAreCleaned(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.screen = errors.New("bad\x1b[2Jnews\nfrom \u202eafar")
	o := m.run(t, "--demo")
	if want := "backscroll: bad␛[2Jnews␤from afar\n"; o.code != 1 || o.stderr != want {
		t.Errorf("exit code %d, %q; want %q", o.code, o.stderr, want)
	}
}

func TestInterruptedProgram(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.screen = errors.Join(tea.ErrProgramKilled, tea.ErrInterrupted)
	if o := m.run(t, "--demo"); o != (outcome{code: 130}) {
		t.Errorf("got %+v, want exit code 130 and no word", o)
	}
}

// session starts a browser as far as the screen.
func (m *machine) session(t *testing.T, args ...string) *session {
	t.Helper()
	var stdout, stderr strings.Builder
	p := m.process(&stdout, &stderr)
	var f browseFlags
	flags := pflag.NewFlagSet("backscroll", pflag.ContinueOnError)
	f.add(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	s, err := newSession(t.Context(), p, f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	if stdout.Len()+stderr.Len() > 0 {
		t.Errorf("wrote %q and %q", &stdout, &stderr)
	}
	return s
}

const (
	unified   = "https://zim-api.zego.im"
	frankfurt = "https://zim-api-fra.zego.im"
	proxy     = "https://proxy.example.com"
)

func TestRegionsAreReal(t *testing.T) {
	t.Parallel()
	if zim.Unified.Endpoint() != unified || zim.Frankfurt.Endpoint() != frankfurt {
		t.Error("the other tests expect other addresses")
	}
}
