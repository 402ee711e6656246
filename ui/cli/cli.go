// Package cli is the command line: it turns arguments, environment and keyring
// into a browser on the terminal, or into lines of output.
//
// Main, in this file, runs a [Process] and returns its exit code. root.go has
// the tree of commands, and each command has a file: browse.go (with flags.go
// and demo.go) is backscroll itself, messages.go and conversations.go print what
// it shows, diff.go how the two sides of a chat differ, emulator.go serves it, auth.go and its neighbours are the profiles,
// version.go, opener.go and help.go what their names say.
//
// access.go signs in for every command that asks the service, settings.go has the
// flags that the configuration gives, verify.go tries credentials, and calllog.go
// notes what was asked. output.go has the three forms of output: table.go (with
// summary.go) for people, package transcript for scripts, and as it came.
// export.go writes a chat into files, as package export does it, and
// export_verify.go checks them. span.go reads what time is asked for, zone.go names
// the machine's zone, filter.go picks what a filter lets through, progress.go tells
// how far one is, lines.go ends well where the reader does.
//
// doctor.go (with doctor_terminal.go and doctor_network.go) looks at the machine
// and says what to do.
//
// guard_linux.go and its neighbours keep other processes out of this one's memory,
// signals.go ends the process in good order, terminal.go leaves the terminal as
// it was found, failure.go is how an error looks and which exit code it has.
//
// The package refuses to take a secret as a flag, to repeat a value it was given
// in an error (it may be a secret in the wrong place; a filter is shown if there is
// nothing like one in it), to write to a terminal what was not cleaned or escaped,
// and to draw where there is no terminal.
package cli

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"golang.org/x/term"

	tea "charm.land/bubbletea/v2"

	"backscroll/keys"
)

// Process is everything that the command line reads of the world outside, and
// all that it writes to.
type Process struct {
	Args           []string // without the program's own name
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	// These say which of the three are terminals.
	StdinIsTerminal, StdoutIsTerminal, StderrIsTerminal bool

	// Columns returns the width of the terminal in cells; 0 if there is none.
	Columns func() int

	// Getenv and Unsetenv work as those of package os.
	Getenv   func(string) string
	Unsetenv func(string) error

	// Environ is the environment that a secret_command gets a part of, as
	// os.Environ gives it.
	Environ func() []string

	// Config returns the configuration; keys.LoadConfig says what can be wrong
	// with it.
	Config func() (keys.Config, error)

	// Keyring returns the keyring to use. waiting is called when it lets
	// somebody wait, with the longest time that it will take.
	Keyring func(waiting func(limit time.Duration)) keys.Keyring

	// Open shows a URL in the browser of the desktop.
	Open func(url string) error

	// ReadPassword reads a line from the terminal without showing it.
	ReadPassword func() ([]byte, error)

	// Screen shows a program on the terminal until it ends. It ends early, and
	// without an error, when the context does.
	Screen func(context.Context, tea.Model, ...tea.ProgramOption) error

	Now   func() time.Time
	Local *time.Location   // the machine's time zone
	Build *debug.BuildInfo // how the program was built; may be nil

	terminal *terminal // the one to leave whole; may be nil
}

// OS is the process as the operating system started it.
func OS() Process {
	build, _ := debug.ReadBuildInfo() // nil without module support: --version then says (devel)
	t := findTerminal(os.Stdin, os.Stdout)
	return Process{
		Args:  os.Args[1:],
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		StdinIsTerminal:  isTerminal(os.Stdin),
		StdoutIsTerminal: isTerminal(os.Stdout),
		StderrIsTerminal: isTerminal(os.Stderr),
		Columns:          func() int { return columnsOf(os.Stdout, os.Stderr) },
		Getenv:           os.Getenv,
		Unsetenv:         os.Unsetenv,
		Environ:          os.Environ,
		Config:           loadConfig,
		Keyring: func(waiting func(time.Duration)) keys.Keyring {
			return keys.NewSystem(waiting)
		},
		Open:         func(url string) error { return openURL(runtime.GOOS, os.Getenv, os.Environ(), url) },
		ReadPassword: func() ([]byte, error) { return term.ReadPassword(int(os.Stdin.Fd())) },
		Screen:       t.show,
		Now:          time.Now,
		Local:        time.Local,
		Build:        build,
		terminal:     t,
	}
}

// Main runs a process and returns its exit code: 0, 1 when it failed, 2 for what
// was given and cannot be used, and 129, 130 or 143 for SIGHUP, SIGINT and
// SIGTERM. After one of these it ends within two seconds, in the worst case
// without returning.
func Main(p Process) int {
	if slices.Equal(p.Args, []string{"--version"}) { // asked often, by scripts that wait: nothing else is made ready
		return report(p.Stderr, printVersion(p))
	}
	guard()
	if slices.Equal(p.Args, []string{keys.CallArg}) && !p.StdinIsTerminal {
		return report(p.Stderr, keys.ServeCall(p.Stdin, p.Stdout))
	}
	defer p.terminal.restoreOnPanic()
	log.SetOutput(io.Discard) // net/http writes what a stranger sent to standard error
	signals := make(chan os.Signal, 2)
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
		if !signal.Ignored(s) { // nohup stays in force
			signal.Notify(signals, s)
		}
	}
	defer signal.Stop(signals)
	// With somebody to notify, a write to a pipe without a reader fails and is
	// reported; without, it kills the process.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := p.watch(context.Background(), signals, func(code int) {
		p.terminal.restore()
		os.Exit(code)
	})
	defer stop()
	return run(ctx, p)
}

// run is Main without the signals: ctx ends with a *stopped for one.
func run(ctx context.Context, p Process) int {
	err := newRoot(p).ExecuteContext(ctx)
	if s, ok := wasStopped(ctx); ok {
		err = s
	}
	return report(p.Stderr, err)
}
