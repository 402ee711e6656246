package export

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"backscroll/ui/mask"
)

// open opens the journal: a new one, or that of the job to go on with.
func (r *run) open() error {
	q := r.question()
	journal, err := openJournal(r.Output + PartialSuffix)
	if errors.Is(err, ErrBusy) || errors.Is(err, ErrForeign) {
		err = fmt.Errorf("%s%s: %w", filepath.Base(r.Output), PartialSuffix, err)
	}
	if err != nil {
		return &FileError{Err: err}
	}
	switch anew := journal.pages == 0 || r.Force && !r.Resume; {
	case anew:
		if err = r.refuseTaken(nil); err == nil {
			err = journal.begin(q)
		}
		if err != nil {
			journal.close(journal.pages > 0)
			return &FileError{Err: err}
		}
	case !r.Resume:
		journal.close(true)
		return &FileError{Err: ErrPartial}
	default:
		if err := r.goOn(journal, q); err != nil {
			journal.close(true)
			return err
		}
	}
	r.journal = journal
	for n := range len(r.Targets) + 2 {
		os.Remove(r.hidden(n)) // left by a process that was killed
	}
	return nil
}

// question is what the run was asked for.
func (r *run) question() question {
	q := question{Partial: journalVersion, Key: r.key, Manifest: r.manifest}
	for _, t := range r.Targets {
		q.Files = append(q.Files, File{Name: filepath.Base(t.Name), Format: t.Format})
	}
	return q
}

// CheckKept says early, with an *OtherError, that the job cannot go on with that: it
// is what another one kept.
func (j *Job) CheckKept(kept Kept) error {
	if kept.Pages == 0 {
		return nil
	}
	if fields := kept.question.differs(j.begin().question()); len(fields) > 0 {
		return &OtherError{fields}
	}
	return nil
}

// goOn makes the run the one that was stopped.
func (r *run) goOn(journal *journal, q question) error {
	if fields := journal.question.differs(q); len(fields) > 0 {
		return &OtherError{fields}
	}
	began, err := time.Parse(time.RFC3339Nano, journal.question.Began)
	if err != nil {
		return &FileError{Err: ErrForeign}
	}
	r.ours = map[string]bool{}
	for _, name := range r.Names() {
		r.ours[name] = slices.ContainsFunc(journal.placed, func(f File) bool { return f.Name == filepath.Base(name) && f.isAt(name) })
	}
	if err := r.refuseTaken(r.ours); err != nil {
		return &FileError{Kept: true, Err: err}
	}
	if err := journal.resume(); err != nil {
		return &FileError{Kept: true, Err: err}
	}
	r.began = began
	r.key = journal.question.Key
	r.manifest.Began, r.manifest.Resumed = journal.question.Began, journal.resumed
	return nil
}

// isAt reports whether a file is as it was written, or a name that was only taken.
func (f File) isAt(name string) bool {
	if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		return true
	}
	differs, err := f.Differs(context.Background(), filepath.Dir(name))
	return err == nil && differs == ""
}

// differs names the fields in which two questions are not the same.
func (q question) differs(other question) (names []string) {
	fields := func(q question) (all map[string]json.RawMessage) {
		q.Began, q.Key = "", mask.Key{}
		b, err := json.Marshal(q)
		if err == nil {
			err = json.Unmarshal(b, &all)
		}
		if err != nil {
			panic("export: " + err.Error()) // it has strings and numbers only
		}
		return all
	}
	a, b := fields(q), fields(other)
	all := maps.Clone(a)
	maps.Copy(all, b)
	for name := range all {
		if string(a[name]) != string(b[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// hidden names the files that have no name yet: the same for each job of this
// Output, so that what a process leaves that is killed is found.
func (r *run) hidden(n int) string {
	dir, base := filepath.Split(r.Output)
	hash := sha256.Sum256([]byte(base))
	return filepath.Join(dir, fmt.Sprintf(".backscroll-%x-%d.tmp", hash[:4], n))
}
