package export

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"backscroll/zim/media"
)

// ledgerName is the file in the folder that lists what is whole. It is not there any
// more once the export is done: by it a folder of a stopped one is known. No name
// of a message's file begins with a dot.
const ledgerName = ".saved"

// shelf is the folder that the files of messages are saved into. It has another name
// until all is done.
type shelf struct {
	dir    string
	final  string
	old    string           // where what it replaces waits until all is done: a name that nobody else uses
	ledger *os.File         // nil until the first file
	had    map[string]Media // that are there, by keyOf
	used   map[string]bool  // of these, whose bytes were counted
	placed bool
}

// entry is a line of the ledger.
type entry struct {
	Key string
	Media
}

// keyOf tells apart links that need not be followed twice.
func keyOf(l media.Link) string {
	hash := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %d %d %d", l.URL, l.FileName, l.MD5, l.Size, l.Width, l.Height))
	return hex.EncodeToString(hash[:])
}

// begin makes it the folder of an export. What a stopped one left there is taken
// over, or else removed.
func (s *shelf) begin(output string, resumed bool) error {
	hash := sha256.Sum256([]byte(filepath.Base(output)))
	old := filepath.Join(filepath.Dir(output), fmt.Sprintf(".backscroll-%x-old.tmp", hash[:4]))
	*s = shelf{final: output + MediaSuffix, old: old, had: map[string]Media{}, used: map[string]bool{}}
	s.dir = s.final + PartialSuffix
	if !isShelf(s.dir) && isShelf(s.final) { // it had its name, and the files had not
		if err := os.Rename(s.final, s.dir); err != nil {
			return err
		}
	}
	switch _, err := os.Lstat(s.dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !isShelf(s.dir):
		return fmt.Errorf("%s: %w", filepath.Base(s.dir), fs.ErrExist)
	case !resumed:
		return os.RemoveAll(s.dir)
	}
	return s.takeOver()
}

// isShelf reports whether a folder is one that an export has not done with.
func isShelf(dir string) bool {
	folder, err := os.Lstat(dir)
	if err != nil || !folder.IsDir() {
		return false
	}
	ledger, err := os.Lstat(filepath.Join(dir, ledgerName))
	return err == nil && ledger.Mode().IsRegular()
}

// takeOver finds the files that are whole, and removes all others.
func (s *shelf) takeOver() error {
	if err := s.open(); err != nil {
		return err
	}
	lines := bufio.NewScanner(s.ledger)
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil || !isPlainName(e.Name) {
			break // the rest was not written
		}
		file := File{Name: e.Name, Bytes: e.Bytes, SHA256: e.SHA256}
		if differs, err := file.Differs(context.Background(), s.dir); err == nil && differs == "" {
			s.had[e.Key] = e.Media
		}
	}
	whole := map[string]bool{}
	for _, m := range s.had {
		whole[m.Name] = true
	}
	names, err := namesIn(s.dir)
	for _, name := range names {
		if !whole[name] && err == nil {
			err = os.Remove(filepath.Join(s.dir, name))
		}
	}
	if err != nil {
		return err
	}
	return s.rewrite()
}

// rewrite has the ledger list what is there and nothing else.
func (s *shelf) rewrite() error {
	if _, err := s.ledger.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.ledger.Truncate(0); err != nil {
		return err
	}
	for key, m := range s.had {
		if err := s.note(key, m); err != nil {
			return err
		}
	}
	return nil
}

// namesIn lists a folder without the ledger.
func namesIn(dir string) (names []string, err error) {
	list, err := os.ReadDir(dir)
	for _, e := range list {
		if e.Name() != ledgerName {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func isPlainName(name string) bool {
	return filepath.IsLocal(name) && name == filepath.Base(name) && name != "." && !strings.HasPrefix(name, ".")
}

// open makes the folder, unless it is there, for its owner alone.
func (s *shelf) open() (err error) {
	if s.ledger != nil {
		return nil
	}
	if err = os.Mkdir(s.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	s.ledger, err = os.OpenFile(filepath.Join(s.dir, ledgerName), os.O_RDWR|os.O_CREATE, 0o600)
	return err
}

// add notes a file that came whole, with its sum.
func (s *shelf) add(l media.Link, host string, r media.Result) (Media, error) {
	file, err := os.Open(r.Path)
	if err != nil {
		return Media{}, err
	}
	defer file.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, file)
	if err != nil {
		return Media{}, err
	}
	m := Media{Name: filepath.Base(r.Path), Host: host, Bytes: n, SHA256: hex.EncodeToString(hash.Sum(nil)), State: MediaOK}
	var differs []string
	for _, d := range r.Differs {
		differs = append(differs, d.What+" differs")
	}
	if len(differs) > 0 {
		m.State = strings.Join(differs, ", ")
	}
	key := keyOf(l)
	s.had[key], s.used[m.Name] = m, true
	return m, s.note(key, m)
}

func (s *shelf) note(key string, m Media) error {
	line, err := json.Marshal(entry{key, m})
	if err != nil {
		panic("export: " + err.Error()) // it has strings and numbers only
	}
	_, err = s.ledger.Write(append(line, '\n'))
	return err
}

// place gives the folder its name, if there is anything in it. What was there before,
// which mayReplace must allow still, gets another one, until done.
func (s *shelf) place(force bool) error {
	if s.ledger == nil {
		return nil
	}
	s.ledger.Close() // else Windows would not rename the folder
	if len(s.had) == 0 {
		return os.RemoveAll(s.dir)
	}
	if _, err := os.Lstat(s.final); err == nil {
		if err := mayReplace(strings.TrimSuffix(s.final, MediaSuffix), force); err != nil {
			return err
		}
		if err := cmp.Or(os.RemoveAll(s.old), os.Rename(s.final, s.old)); err != nil {
			return err
		}
	}
	err := os.Rename(s.dir, s.final)
	s.placed = err == nil
	return err
}

// unplace undoes place: the other files could not be placed.
func (s *shelf) unplace() {
	if s.placed {
		s.placed = false
		os.Rename(s.final, s.dir)
		os.Rename(s.old, s.final)
	}
}

// close leaves the folder to an export to come, if anything is kept for that. If all
// is done it removes what only such an export would need, and what was replaced.
func (s *shelf) close(done, kept bool) {
	if s.ledger == nil {
		return
	}
	s.ledger.Close()
	switch {
	case !done && !kept:
		os.RemoveAll(s.dir)
	case done && s.placed:
		os.Remove(filepath.Join(s.final, ledgerName))
		os.RemoveAll(s.old)
	}
}

// mayReplace fails with fs.ErrExist if there is such a folder that must not be
// replaced: one without force, or one that has more than its manifest lists.
func mayReplace(output string, force bool) error {
	dir := output + MediaSuffix
	taken := fmt.Errorf("%s: %w", filepath.Base(dir), fs.ErrExist)
	switch info, err := os.Lstat(dir); {
	case errors.Is(err, fs.ErrNotExist), isShelf(dir): // the latter is of a job that was killed
		return nil
	case err != nil || !force || !info.IsDir():
		return taken
	}
	m, err := ReadManifest(output + ManifestSuffix)
	if err != nil || m.MediaFolder != filepath.Base(dir) {
		return taken
	}
	names, err := namesIn(dir)
	listed := m.MediaFiles()
	for _, name := range names {
		if !slices.ContainsFunc(listed, func(f File) bool { return f.Name == name }) {
			return taken
		}
	}
	return err
}
