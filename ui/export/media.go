package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/media"
)

// MediaSuffix ends the name of the folder with the files that messages link to.
const MediaSuffix = ".media"

// DefaultMediaLimit is how many bytes the files of an export have together at most,
// if nothing else is said.
const DefaultMediaLimit = 1_000_000_000

// MediaOK is the State of a file that is as its message declares it.
const MediaOK = "ok"

const (
	mediaTime = 2 * time.Hour          // that a file may take
	tellEvery = 200 * time.Millisecond // between two reports of progress
)

// errFull ends a file that has more bytes than all may have together.
var errFull = errors.New("left out: all files together would be over the limit")

// Media is a file that a message links to. Nothing of it is of the URL but its host:
// the query may be a key.
type Media struct {
	MsgId  string
	Link   string // "original"; or "large", "thumbnail", "first frame" where there is none; "item 2 original" of several
	Name   string `json:",omitempty"` // in the folder; "" if it was not saved
	Host   string `json:",omitempty"`
	Bytes  int64  `json:",omitempty"`
	SHA256 string `json:",omitempty"` // hex
	State  string // MediaOK, what is not as declared ("size differs, MD5 differs"), or why it was not saved
}

// MediaCount says how many files were saved as they were declared, how many differ,
// and how many were not saved.
func (m *Manifest) MediaCount() (ok, differ, missing int) {
	for _, f := range m.Media {
		switch {
		case f.Name == "":
			missing++
		case f.State == MediaOK:
			ok++
		default:
			differ++
		}
	}
	return ok, differ, missing
}

// MediaSaid says what became of the files that messages link to.
func (m *Manifest) MediaSaid() string {
	ok, differ, missing := m.MediaCount()
	if len(m.Media) == 0 {
		return "no message links to a file"
	}
	said := fmt.Sprintf("%d of %d files saved", ok+differ, len(m.Media))
	if differ > 0 {
		said += fmt.Sprintf(", %d of them not as their message says", differ)
	}
	if differ+missing > 0 {
		said += "; the manifest says which, and why"
	}
	return said
}

// MediaFiles returns the files in the MediaFolder, each once.
func (m *Manifest) MediaFiles() (files []File) {
	seen := map[string]bool{}
	for _, f := range m.Media {
		if f.Name != "" && !seen[f.Name] {
			seen[f.Name] = true
			files = append(files, File{Name: f.Name, Bytes: f.Bytes, SHA256: f.SHA256})
		}
	}
	return files
}

// DiffersIn is Differs for a file in a folder beside the manifest; "" is none.
func (f File) DiffersIn(ctx context.Context, dir, folder string) (string, error) {
	if folder != "" && (folder == "." || folder != filepath.Base(folder) || !filepath.IsLocal(folder)) {
		return "it is not beside the manifest", nil
	}
	return f.Differs(ctx, filepath.Join(dir, folder))
}

// filesOf returns the links of a message that are saved: of each file the original,
// or the largest of what there is instead.
func filesOf(m zim.Message) (list []media.Link) {
	e := m.Envelope()
	if e.IsEmpty != zim.Present {
		return nil
	}
	last := "none"
	for _, l := range media.Links(e.Body().Content) {
		if of := itemOf(l.Name); of != last {
			list, last = append(list, l), of
		}
	}
	return list
}

// itemOf returns "item 2" of "item 2 first frame", and "" of what is no item's.
func itemOf(link string) string {
	words := strings.SplitN(link, " ", 3)
	if len(words) < 3 || words[0] != "item" {
		return ""
	}
	return words[0] + " " + words[1]
}

// saveMedia saves the files of all messages, the oldest first. What cannot be had is
// noted and is no error; those are the context's, and a *FileError.
func (r *run) saveMedia(ctx context.Context, from *spool) error {
	if r.MediaLimit == 0 {
		return nil
	}
	for m, err := range from.backward() {
		if err != nil {
			return &FileError{Err: err}
		}
		r.state.MediaOf += len(filesOf(m))
	}
	r.state.Phase = Saving
	for m, err := range from.backward() {
		if err != nil {
			return &FileError{Err: err}
		}
		for _, l := range filesOf(m) {
			saved, err := r.saveLink(ctx, l)
			if err != nil {
				return err
			}
			saved.MsgId, saved.Link = strconv.FormatInt(m.MsgId, 10), l.Name
			r.manifest.Media = append(r.manifest.Media, saved)
			r.state.Media++
			r.tell()
		}
	}
	return nil
}

// openShelf makes ready for the files of messages.
func (r *run) openShelf() error {
	r.shelf = &shelf{}
	if r.MediaLimit == 0 {
		return nil
	}
	if err := r.shelf.begin(r.Output, r.manifest.Resumed > 0); err != nil {
		return &FileError{Err: err}
	}
	return nil
}

// saveLink saves one file, unless it is there already.
func (r *run) saveLink(ctx context.Context, l media.Link) (Media, error) {
	host, _ := media.Host(l.URL)
	had, is := r.shelf.had[keyOf(l)]
	room := r.MediaLimit - r.state.MediaBytes
	switch {
	case is:
		if !r.shelf.used[had.Name] {
			r.shelf.used[had.Name] = true
			r.state.MediaBytes += had.Bytes
		}
		return had, nil
	case ctx.Err() != nil:
		return Media{}, r.stopped(context.Cause(ctx))
	case room <= 0 || l.Size > room:
		return Media{Host: host, State: errFull.Error()}, nil
	}
	if err := r.shelf.open(); err != nil {
		return Media{}, &FileError{Err: err}
	}
	result, err := r.fetch(ctx, l, room)
	switch {
	case ctx.Err() != nil:
		return Media{}, r.stopped(context.Cause(ctx))
	case isOfDisk(err):
		return Media{}, &FileError{Err: err}
	case err != nil:
		return Media{Host: host, State: text.CleanLine(inShort(err)).String()}, nil
	}
	saved, err := r.shelf.add(l, host, result)
	if err != nil {
		return Media{}, &FileError{Err: err}
	}
	return saved, nil
}

// fetch saves a file of at most room bytes, and tells how far it is.
func (r *run) fetch(ctx context.Context, l media.Link, room int64) (media.Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ctx, stop := context.WithTimeoutCause(ctx, mediaTime, media.ErrStalled)
	defer stop()
	before, told := r.state.MediaBytes, time.Now()
	result, err := r.Media.Save(ctx, l, r.shelf.dir, "", func(done, total int64) {
		if max(done, total) > room {
			cancel(errFull)
		}
		r.state.MediaBytes = before + done
		if time.Since(told) > tellEvery {
			told = time.Now()
			r.tell()
		}
	})
	r.state.MediaBytes = before
	if err == nil {
		r.state.MediaBytes += result.Size
	}
	return result, err
}

// isOfDisk reports whether an error is one of the folder, and no link's.
func isOfDisk(err error) bool {
	_, ofPath := errors.AsType[*fs.PathError](err)
	_, ofLink := errors.AsType[*os.LinkError](err)
	return ofPath || ofLink
}

// inShort is why a link could not be had, without the host.
func inShort(err error) string {
	if failed, ok := errors.AsType[*media.Error](err); ok {
		return failed.Cause.Error()
	}
	return err.Error()
}

// savedOf returns what the transcripts say of the next n files.
func (r *run) savedOf(n int) (list []transcript.Saved) {
	for _, f := range r.manifest.Media[r.told : r.told+n] {
		s := transcript.Saved{Link: f.Link, State: f.State, Bytes: f.Bytes, SHA256: f.SHA256}
		if f.Name != "" {
			s.Path = path.Join(r.manifest.MediaFolder, f.Name)
		}
		list = append(list, s)
	}
	r.told += n
	return list
}
