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
// masking.go replaces what tells of somebody, where it is written. media.go saves the
// files that messages link to, which shelf.go keeps in a folder.
//
// Until all is done the pages are kept as they came, in a file beside the others:
// journal.go. resume.go goes on with those of a job that was stopped, in whatever
// way, and asker.go asks for the rest: the files are then, byte for byte, those of a
// job that never was.
//
// The package refuses to leave half a file, to replace a file unless it is told to,
// to let anybody but their owner read the files, and to keep messages in memory: a
// million take no more than a thousand.
package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"backscroll/ui/mask"
	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// Job is a chat to be written into files: one without a User is the list of a file,
// and Peer the name of that. Its fields are not changed while it runs.
type Job struct {
	Client history.Client // who is asked; may be nil for These
	Chat   history.Chat
	Source Source // nil is All

	// What is wanted of it, and the filter as it was typed, for the files to say;
	// "" if it must not be shown.
	Span       history.Span
	Filter     *history.Filter // nil lets all through
	FilterText string
	NoEmpty    bool   // without recalled, deleted and expired messages
	Only       string // what was chosen of the chat, in words, as "bookmarks"; "" for nothing
	Mask       bool   // phone numbers, addresses and the like are placeholders in all files

	// Media saves the files that messages link to, MediaLimit bytes of them at most,
	// into the folder Output + MediaSuffix. Without a limit none are saved. It does not go
	// together with Mask: nobody masks a picture.
	Media      *media.Fetcher
	MediaLimit int64

	Targets []Target
	Output  string // what the name of the manifest begins with
	Force   bool   // replace files that are there, and forget what a stopped job kept
	Resume  bool   // go on with what a stopped job kept, if there is any

	Zone     *time.Location // of all times in files for people
	Now      func() time.Time
	Version  string // of the program, "backscroll 1.2"
	AppId    uint32
	Endpoint string // who was asked, https://…

	// Say returns what a message says, row by row, without its payload.
	Say func(zim.Envelope, *time.Location) []text.Line
	// Note returns what somebody noted at a message, as [transcript.Head] has it.
	Note func(zim.Message) string
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
	Finding       // the place where it was stopped, from the newest message on
	Saving        // the files that messages link to
	Writing
)

// Progress is how far a job is. It counts messages.
type Progress struct {
	Phase    Phase
	LookedAt int // that the service gave
	Messages int // of these, wanted
	Written  int // of those
	Again    int // looked at again while Finding

	Media, MediaOf int   // files that messages link to: done with, of so many
	MediaBytes     int64 // that were saved

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
	Kept     bool      // what was had is kept: a job with Resume goes on with it
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

// FileError is a job whose files could not be written. None was. Err may be
// ErrPartial, ErrBusy or ErrForeign: they tell of the file that ends in
// PartialSuffix.
type FileError struct {
	Kept bool // as in StoppedError
	Err  error
}

// Error implements error. It has no path in it.
func (e *FileError) Error() string {
	return "export: no file was written: " + WithoutPath(e.Err).Error()
}

// Unwrap returns Err.
func (e *FileError) Unwrap() error { return e.Err }

// OtherError says that what a stopped job kept is of another one. Nothing was
// changed.
type OtherError struct{ Fields []string } // of the manifest, that differ

// Error implements error.
func (e *OtherError) Error() string {
	return "export: what was kept is of another export: not the same " + strings.Join(e.Fields, ", ")
}

// Names returns the names of the files that the job writes, the manifest's last.
func (j *Job) Names() []string {
	var names []string
	for _, t := range j.Targets {
		names = append(names, t.Name)
	}
	return append(names, j.Output+ManifestSuffix)
}

// Check says early what would fail at the end: with [fs.ErrExist] that there is one
// of the files, unless it is to be replaced and is one, with ErrPartial that there is
// what a stopped job kept, and nobody said what is to become of it. It fails with
// ErrBusy and ErrForeign too.
func (j *Job) Check() error {
	kept, err := KeptBeside(j.Output)
	switch {
	case err != nil:
		return err
	case kept.Pages > 0 && j.Resume:
		return nil // files may be there in part
	case kept.Pages > 0 && !j.Force:
		return ErrPartial
	}
	return j.refuseTaken(nil)
}

// refuseTaken fails if there is one of the files and it is not to be replaced, or
// there can be none of that name.
func (j *Job) refuseTaken(ours map[string]bool) error {
	for _, name := range j.Names() {
		info, err := os.Lstat(name)
		if err == nil && (!j.Force && !ours[name] || !info.Mode().IsRegular()) {
			return fmt.Errorf("%s: %w", filepath.Base(name), fs.ErrExist)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // such as a name that is too long
			return err
		}
	}
	if j.MediaLimit > 0 {
		return mayReplace(j.Output, j.Force)
	}
	return nil
}

// Run collects the messages and writes the files: all, or none if it fails. The
// error is a *StoppedError, a *FileError or an *OtherError.
func (j *Job) Run(ctx context.Context) (*Manifest, error) {
	if err := j.CheckMask(); err != nil {
		return nil, &FileError{Err: err}
	}
	r := j.begin()
	if err := r.open(); err != nil {
		return nil, err
	}
	err := r.openShelf()
	if err == nil {
		err = r.run(ctx)
	}
	kept := err != nil && r.journal.pages > 0 && !errors.Is(err, history.ErrRepeated) && !errors.Is(err, history.ErrEmpty)
	r.journal.close(kept)
	r.shelf.close(err == nil, kept)
	switch e := err.(type) {
	case nil:
		return &r.manifest, nil
	case *StoppedError:
		e.Kept = kept
	case *FileError:
		e.Kept = kept
	}
	return nil, err
}

// run is a job that is under way.
type run struct {
	*Job
	began    time.Time
	from     time.Time // nothing older is looked for; zero is no bound
	sieve    history.Sieve
	state    Progress
	manifest Manifest // not masked
	journal  *journal
	ours     map[string]bool    // files that this job placed before it was stopped
	shelf    *shelf             // of the files that messages link to
	told     int                // media that the transcripts told of
	saved    []transcript.Saved // of the message that is being written
	key      mask.Key           // of the mask
	mask     *mask.Mask         // nil if nothing is masked
}

func (j *Job) begin() *run {
	r := &run{Job: j, began: j.Now(), from: j.Span.Since, sieve: history.Sieve{Span: j.Span}}
	if from, ok := j.Filter.Since(); ok && from.After(r.from) {
		r.from = from
	}
	r.state.From = r.from
	if j.Mask {
		r.key = mask.NewKey()
	}
	r.manifest = Manifest{
		Manifest: manifestVersion, Version: j.Version,
		Chat: nameOf(j.Chat), Only: j.Only, AppId: j.AppId, Endpoint: j.Endpoint,
		Since: stamp(j.Span.Since, j.Zone), Until: stamp(j.Span.Until, j.Zone), Filter: j.FilterText, NoEmpty: j.NoEmpty, Masked: j.Mask,
		Zone: transcript.ZoneName(j.Zone, r.began), Began: stamp(r.began, j.Zone), Kinds: map[string]int{}, RequestIds: []string{},
	}
	if j.MediaLimit > 0 {
		r.manifest.MediaFolder, r.manifest.MediaLimit = filepath.Base(j.Output)+MediaSuffix, j.MediaLimit
	}
	if one, ok := j.Source.(onlyOn); ok {
		r.manifest.OnlyOn = one.id
	}
	return r
}

func (r *run) run(ctx context.Context) error {
	messages, err := newSpool(r.hidden(0))
	if err != nil {
		return &FileError{Err: err}
	}
	defer messages.close()
	if err := r.collect(ctx, messages); err != nil {
		return err
	}
	if err := r.saveMedia(ctx, messages); err != nil {
		return err
	}
	files, err := r.write(ctx, messages)
	for _, f := range files {
		defer f.discard()
	}
	if stopped := context.Cause(ctx); stopped != nil {
		return r.stopped(stopped)
	}
	if err == nil {
		err = r.shelf.place(r.Force)
	}
	if err == nil {
		if err = r.place(files); err != nil {
			r.shelf.unplace()
		}
	}
	if err != nil {
		return &FileError{Err: err}
	}
	return nil
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
