package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/saved"
)

// errTooLarge says of a case that it cannot be read again: it is not written either.
var errTooLarge = errors.New("it has over 256 MiB")

// Stamp tells whether the file of a case is still as it was; "" says that there was
// none.
type Stamp string

func stampOf(b []byte) Stamp {
	sum := sha256.Sum256(b)
	return Stamp(hex.EncodeToString(sum[:]))
}

// The other files of a case's folder; its messages are in saved.CaseName.
const (
	CaseManifest = saved.CaseName + ManifestSuffix

	casePage  = "case.html"
	caseCalls = "exchanges.json"
)

// caseManifest is what a case says of itself. Its fields are those of the file.
type caseManifest struct {
	Manifest int    // manifestVersion
	Version  string // of the program
	Case     string
	Chats    []saved.CaseChat
	Zone     string // of all times in files for people
	Written  string // RFC 3339
	Messages int
	Calls    int
	Files    []File
}

// ReadCase reads the case in a folder. A folder that is not there, or empty, has none
// yet: its stamp is "".
func ReadCase(dir string) (saved.Case, Stamp, error) {
	b, err := readCaseFile(dir)
	if err != nil || b == nil {
		return saved.Case{}, "", err
	}
	c, err := saved.DecodeCase(b)
	return c, stampOf(b), err
}

// readCaseFile returns nil if there is no case yet.
func readCaseFile(dir string) ([]byte, error) {
	file, err := os.Open(filepath.Join(dir, saved.CaseName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, free(dir)
	}
	if err != nil {
		return nil, WithoutPath(err)
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, saved.MaxCase+1))
	switch {
	case err != nil:
		return nil, WithoutPath(err)
	case len(b) > saved.MaxCase:
		return nil, errTooLarge
	}
	return b, nil
}

// free fails unless a folder can become a case.
func free(dir string) error {
	list, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return WithoutPath(err)
	case len(list) > 0:
		return errors.New("the folder has other things in it: choose another name")
	}
	return nil
}

// WriteCase writes a case into its folder: JSON Lines to open again, HTML to read,
// the calls, and a manifest. The folder is 0700 and the files 0600; they replace
// those of before, and none if it fails. It returns the stamp of what it wrote. If
// the case is not as it was when it was read or written last, it fails: somebody
// else has it open.
func WriteCase(dir string, c saved.Case, head transcript.Head, was Stamp) (Stamp, error) {
	now, err := readCaseFile(dir)
	switch {
	case err != nil:
		return was, err
	case now == nil && was != "", now != nil && stampOf(now) != was:
		return was, errors.New("another program changed it: open it anew with :case")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return was, WithoutPath(err)
	}
	w := caseWriter{dir: dir, most: saved.MaxCase}
	defer w.discard()
	w.manifest = caseManifest{
		Manifest: manifestVersion, Version: head.Version, Case: c.Name, Chats: c.Chats(),
		Zone: transcript.ZoneName(head.Zone, head.At), Written: stamp(head.At, head.Zone), Messages: len(c.Entries), Calls: len(c.Calls),
	}
	lines := w.writeAll(c, head)
	if w.err == nil {
		w.err = placeAll(w.files, always)
	}
	if w.err != nil {
		return was, WithoutPath(w.err)
	}
	return stampOf(lines), nil
}

// caseWriter writes the files of a case. Its first error stays.
type caseWriter struct {
	dir      string
	most     int // bytes of its lines
	files    []*newFile
	manifest caseManifest
	err      error
}

// writeAll writes all files, the manifest last, and returns what is in the first.
func (w *caseWriter) writeAll(c saved.Case, head transcript.Head) (lines []byte) {
	if lines, w.err = c.Encode(func(m zim.Message) []byte { return transcript.Object(m, head.Zone) }); w.err != nil {
		return nil
	}
	if lines = visible(lines); len(lines) > w.most {
		w.err = errTooLarge
		return nil
	}
	w.add(saved.CaseName, transcript.JSONL, func(to io.Writer) error { return put(to, lines) })
	w.add(casePage, transcript.HTML, func(to io.Writer) error {
		return transcript.WriteCase(to, c.Name, head, sections(c), c.Calls)
	})
	if len(c.Calls) > 0 {
		w.add(caseCalls, transcript.JSON, func(to io.Writer) error { return putJSON(to, c.Calls) })
	}
	w.add(CaseManifest, "", func(to io.Writer) error { return putJSON(to, w.manifest) })
	return lines
}

func (w *caseWriter) add(name string, format transcript.Format, write func(io.Writer) error) {
	if w.err != nil {
		return
	}
	var f *newFile
	if f, w.err = createTemp(filepath.Join(w.dir, name)); w.err != nil {
		return
	}
	w.files = append(w.files, f)
	w.err = write(f)
	w.manifest.Files = append(w.manifest.Files, File{Name: name, Format: format, Bytes: f.bytes, SHA256: f.sum()})
}

func (w *caseWriter) discard() {
	for _, f := range w.files {
		f.discard()
	}
}

func put(to io.Writer, b []byte) error {
	_, err := to.Write(b)
	return err
}

func putJSON(to io.Writer, v any) error {
	b, err := indented(v)
	if err != nil {
		return err
	}
	return put(to, b)
}

// visible escapes what cannot be seen in lines of JSON, which mean the same then.
func visible(lines []byte) []byte {
	var to []byte
	for line := range bytes.Lines(lines) {
		to = append(transcript.Compact(to, line, true), '\n')
	}
	return to
}

// sections puts what is in a case together by chats.
func sections(c saved.Case) []transcript.Section {
	var list []transcript.Section
	for _, chat := range c.Chats() {
		notes := map[string]string{}
		section := transcript.Section{Title: chat.Title(), Note: func(m zim.Message) string { return notes[string(m.Raw)] }}
		for _, e := range c.Entries {
			if e.Chat == chat {
				notes[string(e.Message.Raw)] = e.Note
				section.Messages = append(section.Messages, e.Message)
			}
		}
		list = append(list, section)
	}
	return list
}
