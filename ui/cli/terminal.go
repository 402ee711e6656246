package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

// restoreLimit is how long a terminal that does not read may hold up the end of
// the process.
const restoreLimit = 200 * time.Millisecond

// leaveScreen undoes what the browser turns on: first the keyboard modes, which
// some terminals keep for each screen, and the main screen at the end.
const leaveScreen = ansi.ResetModifyOtherKeys + "\x1b[<u" +
	ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseAnyEvent + ansi.ResetModeMouseExtSgr +
	ansi.ResetModeFocusEvent + ansi.ResetModeBracketedPaste +
	ansi.ResetModeUnicodeCore + ansi.ResetModeSynchronizedOutput +
	ansi.ResetStyle + ansi.SetModeTextCursorEnable + ansi.ResetModeAltScreenSaveCursor

// terminal is the one the process was started on, as it was then. A nil
// terminal is none.
type terminal struct {
	state *term.State
	of    *os.File    // whose state it is
	out   *os.File    // what the screen is written to
	taken atomic.Bool // by a program that has the screen
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// columnsOf returns the width of the first terminal among files, 0 if none is.
func columnsOf(files ...*os.File) int {
	for _, f := range files {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// findTerminal remembers the state of the terminal, or returns nil if neither
// file is one.
func findTerminal(in, out *os.File) *terminal {
	for _, f := range []*os.File{in, out} {
		if state, err := term.GetState(int(f.Fd())); err == nil {
			return &terminal{state: state, of: f, out: out}
		}
	}
	return nil
}

// show runs a program on the screen. It ends when ctx does.
func (t *terminal) show(ctx context.Context, m tea.Model, opts ...tea.ProgramOption) error {
	program := tea.NewProgram(m, append(opts,
		tea.WithFPS(120),
		tea.WithoutSignalHandler(), // it knows no SIGHUP; Main watches for all
	)...)
	forget := context.AfterFunc(ctx, func() {
		defer t.restoreOnPanic()
		program.Quit()
	})
	defer forget()
	if t != nil {
		t.taken.Store(true)
		defer t.taken.Store(false)
	}
	_, err := program.Run()
	switch {
	case err == nil, errors.Is(err, tea.ErrInterrupted):
		return err
	case errors.Is(err, tea.ErrProgramPanic):
		return errPanicked
	}
	return fmt.Errorf("run the browser: %w", err)
}

var errPanicked = &failure{
	text: "run the browser: it panicked, as written above",
	hint: "this is a bug: report it with the text above, in which there is no secret",
}

// restore puts the terminal back as it was found. It may be called at any time,
// from any goroutine, and takes restoreLimit at most.
func (t *terminal) restore() {
	if t == nil {
		return
	}
	// This comes first: it works on a terminal that does not read, too.
	_ = term.Restore(int(t.of.Fd()), t.state)
	if !t.taken.Load() {
		return
	}
	// Somebody may hang in a write to t.out, and with it in its lock.
	out := os.NewFile(t.out.Fd(), "terminal")
	written := make(chan struct{})
	go func() {
		io.WriteString(out, leaveScreen)
		close(written)
	}()
	select {
	case <-written:
	case <-time.After(restoreLimit):
	}
}

// restoreOnPanic is deferred by every goroutine of this package: a panic ends
// the process with exit code 1, with the terminal restored before it is shown.
func (t *terminal) restoreOnPanic() {
	if r := recover(); r != nil {
		t.restore()
		fmt.Fprintf(os.Stderr, "backscroll: panic: %q\n%s", fmt.Sprint(r), debug.Stack())
		os.Exit(1)
	}
}
