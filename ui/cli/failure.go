package cli

import (
	"errors"
	"fmt"
	"io"

	tea "charm.land/bubbletea/v2"

	"backscroll/keys"
	"backscroll/ui/text"
	"backscroll/zim"
)

// The exit codes that are no signal's.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitStopped = 130 // by SIGINT
)

// failure is an error with a way out.
type failure struct{ text, hint string }

func (f *failure) Error() string { return f.text }

// Hint is the way out.
func (f *failure) Hint() string { return f.hint }

// misuse says that something given cannot be used. It ends with exitUsage, as
// all errors of its type do.
func misuse(input, problem, advice string) error {
	return &keys.InputError{Input: input, Problem: problem, Advice: advice}
}

// report writes an error in one line and its way out in another, and returns
// the exit code. Between the two stands a filter that is wrong, and where. A program that was told to stop says nothing, and neither does
// one whose output nobody reads any more.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	if s, ok := errors.AsType[*stopped](err); ok {
		return s.code()
	}
	if isReaderGone(err) {
		return exitDone // head has its lines; nobody is left to be told
	}
	if errors.Is(err, tea.ErrInterrupted) {
		return exitStopped
	}
	say(w, "backscroll: %s", inWords(err))
	if f, ok := errors.AsType[*filterError](err); ok {
		f.show(w)
	}
	if way := wayOut(err); way != "" {
		say(w, "hint: %s", way)
	}
	if _, ok := errors.AsType[*keys.InputError](err); ok {
		return exitUsage
	}
	return exitFailed
}

// inWords is an error, with the beginning of what came where an answer should
// have. It is not yet clean.
func inWords(err error) string {
	if broken, ok := errors.AsType[*zim.TransportError](err); ok && broken.Details != "" {
		return err.Error() + "; it began: " + broken.Details
	}
	return err.Error()
}

// wayOut is what the reader of an error can do, as far as it says.
func wayOut(err error) string {
	if hinted, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok {
		return hinted.Hint()
	}
	if advised, ok := errors.AsType[interface {
		error
		Advice() string
	}](err); ok {
		return advised.Advice()
	}
	return ""
}

// say writes one cleaned line.
func say(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintln(w, text.CleanLine(fmt.Sprintf(format, args...)))
	return err
}
