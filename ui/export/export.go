// Package export writes a chat into files, with a manifest that says what they are.
//
// A [Job] is what is asked for; Run does it, for the command line and the browser
// alike. source.go has where messages come from: a whole chat, what only one side of
// it has, or messages that are there already. collect.go walks through them once,
// the newest first, and keeps what is wanted in a file, which spool.go turns round,
// since files have the oldest first. write.go writes all formats from it, files.go
// gives the files their names when all are whole, manifest.go is the last of them,
// and verify.go compares files with it.
//
// The package refuses to leave half a file, to replace a file unless it is told to,
// to let anybody but their owner read the files, and to keep messages in memory: a
// million take no more than a thousand.
package export

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// Job is a chat to be written into files. Its fields are not changed while it runs.
type Job struct {
	Client history.Client // who is asked; may be nil for These
	Chat   history.Chat
	Source Source // nil is All

	// What is wanted of it, and the filter as it was typed, for the files to say;
	// "" if it must not be shown.
	Span       history.Span
	Filter     *history.Filter // nil lets all through
	FilterText string
	NoEmpty    bool // without recalled, deleted and expired messages

	Targets []Target
	Output  string // what the name of the manifest begins with
	Force   bool   // replace files that are there

	Zone     *time.Location // of all times in files for people
	Now      func() time.Time
	Version  string // of the program, "backscroll 1.2"
	AppId    uint32
	Endpoint string // who was asked, https://…

	// Say returns what a message says, row by row, without its payload.
	Say func(zim.Envelope, *time.Location) []text.Line
	// Progress is called from Run, at each page and now and then while files are
	// written; nil is nobody.
	Progress func(Progress)
}

// Target is a file to be written.
type Target struct {
	Name   string
	Format transcript.Format
}

// Phase is what a job is at.
type Phase uint8

// The phases of a job.
const (
	Reading Phase = iota
	Writing
)

// Progress is how far a job is. It counts messages.
type Progress struct {
	Phase    Phase
	LookedAt int // that the service gave
	Messages int // of these, wanted
	Written  int // of those

	// Newest and Oldest are the times of what was looked at, From that of what is
	// looked for. Each may be zero: not known, or no bound.
	Newest, Oldest, From time.Time
}

// Percent returns how much of the time from From on is covered; false if that is
// not known.
func (p Progress) Percent() (int, bool) {
	whole := p.Newest.Sub(p.From)
	if p.From.IsZero() || p.Oldest.IsZero() || whole <= 0 {
		return 0, false
	}
	return int(min(100*p.Newest.Sub(p.Oldest)/whole, 100)), true
}

// StoppedError is a job that ended before all messages were there. No file was
// written. Err is an error of the client, of package history or of the context.
type StoppedError struct {
	LookedAt int       // messages
	At       time.Time // of the oldest of them, in the zone of the job; zero if not known
	Err      error
}

// Where says how far it came, as in "after 300 messages, at 2026-…".
func (e *StoppedError) Where() string {
	if e.LookedAt == 0 || e.At.IsZero() {
		return "before the first message"
	}
	return fmt.Sprintf("after %d messages, at %s", e.LookedAt, e.At.Format(time.RFC3339))
}

// Error implements error.
func (e *StoppedError) Error() string {
	return "export: stopped " + e.Where() + "; no file was written: " + e.Err.Error()
}

// Unwrap returns Err.
func (e *StoppedError) Unwrap() error { return e.Err }

// FileError is a job whose files could not be written. None was.
type FileError struct{ Err error }

// Error implements error. It has no path in it.
func (e *FileError) Error() string {
	return "export: no file was written: " + WithoutPath(e.Err).Error()
}

// Unwrap returns Err.
func (e *FileError) Unwrap() error { return e.Err }

// Names returns the names of the files that the job writes, the manifest's last.
func (j *Job) Names() []string {
	var names []string
	for _, t := range j.Targets {
		names = append(names, t.Name)
	}
	return append(names, j.Output+ManifestSuffix)
}

// Check says early what would fail at the end: it fails with [fs.ErrExist] if there
// is one of the files, unless it is to be replaced and is one.
func (j *Job) Check() error {
	for _, name := range j.Names() {
		info, err := os.Lstat(name)
		if err == nil && (!j.Force || !info.Mode().IsRegular()) {
			return fmt.Errorf("%s: %w", filepath.Base(name), fs.ErrExist)
		}
	}
	return nil
}

// Run collects the messages and writes the files: all, or none if it fails. The
// error is a *StoppedError or a *FileError.
func (j *Job) Run(ctx context.Context) (*Manifest, error) {
	messages, err := newSpool(filepath.Dir(j.Output))
	if err != nil {
		return nil, &FileError{err}
	}
	defer messages.close()
	r := j.begin()
	if err := r.collect(ctx, messages); err != nil {
		return nil, err
	}
	files, err := r.write(ctx, messages)
	for _, f := range files {
		defer f.discard()
	}
	if stopped := context.Cause(ctx); stopped != nil {
		return nil, r.stopped(stopped)
	}
	if err == nil {
		err = placeAll(files, j.Force)
	}
	if err != nil {
		return nil, &FileError{err}
	}
	return &r.manifest, nil
}

// run is a job that is under way.
type run struct {
	*Job
	began    time.Time
	from     time.Time // nothing older is looked for; zero is no bound
	sieve    history.Sieve
	state    Progress
	manifest Manifest
}

func (j *Job) begin() *run {
	r := &run{Job: j, began: j.Now(), from: j.Span.Since, sieve: history.Sieve{Span: j.Span}}
	if from, ok := j.Filter.Since(); ok && from.After(r.from) {
		r.from = from
	}
	r.state.From = r.from
	r.manifest = Manifest{
		Manifest: manifestVersion, Version: j.Version,
		Chat: ChatName{j.Chat.User, j.Chat.Peer, j.Chat.Group}, AppId: j.AppId, Endpoint: j.Endpoint,
		Since: stamp(j.Span.Since, j.Zone), Until: stamp(j.Span.Until, j.Zone), Filter: j.FilterText, NoEmpty: j.NoEmpty,
		Zone: j.Zone.String(), Began: stamp(r.began, j.Zone), Kinds: map[string]int{}, RequestIds: []string{},
	}
	if one, ok := j.Source.(onlyOn); ok {
		r.manifest.OnlyOn = one.id
	}
	return r
}

func (r *run) tell() {
	if r.Progress != nil {
		r.Progress(r.state)
	}
}

func (r *run) stopped(err error) *StoppedError {
	e := &StoppedError{LookedAt: r.state.LookedAt, Err: err}
	if !r.state.Oldest.IsZero() {
		e.At = r.state.Oldest.In(r.Zone)
	}
	return e
}
