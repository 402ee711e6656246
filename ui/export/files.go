package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// newFile is a file that gets its name when it is whole. It is its owner's alone.
type newFile struct {
	name   string // where it is to be
	file   *os.File
	hash   hash.Hash
	bytes  int64
	placed bool
}

// createFile makes the file under another name.
func createFile(name, hidden string) (*newFile, error) {
	file, err := createHidden(hidden)
	if err != nil {
		return nil, err
	}
	return &newFile{name: name, file: file, hash: sha256.New()}, nil
}

// createTemp makes the file under a name that nobody knows, for what is not gone on
// with.
func createTemp(name string) (*newFile, error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".backscroll-*.tmp") // 0600
	if err != nil {
		return nil, err
	}
	return &newFile{name: name, file: file, hash: sha256.New()}, nil
}

// Write implements io.Writer.
func (f *newFile) Write(b []byte) (int, error) {
	n, err := io.MultiWriter(f.file, f.hash).Write(b)
	f.bytes += int64(n)
	return n, err
}

func (f *newFile) sum() string { return hex.EncodeToString(f.hash.Sum(nil)) }

// createHidden makes a file for its owner alone, in place of one that a process left
// which was killed.
func createHidden(name string) (*os.File, error) {
	os.Remove(name)
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

// place gives the file its name. Without force it fails if there is a file of that
// name: a rename alone would replace it.
func (f *newFile) place(force bool) error {
	if err := cmp.Or(f.file.Sync(), f.file.Close()); err != nil {
		return err
	}
	hidden := f.file.Name()
	if !force {
		switch err := os.Link(hidden, f.name); {
		case err == nil:
			f.placed = true
			return os.Remove(hidden)
		case errors.Is(err, fs.ErrExist):
			return err
		}
		// Some file systems know no links: the name is taken by an empty file.
		taken, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		taken.Close()
	}
	err := os.Rename(hidden, f.name)
	if err != nil && !force {
		os.Remove(f.name)
	}
	f.placed = err == nil
	return err
}

// ReplaceFile writes a file whole or not at all, in the place of one that may be
// there. It is its owner's alone.
func ReplaceFile(name string, b []byte) error {
	f, err := createTemp(name)
	if err != nil {
		return err
	}
	defer f.discard()
	if _, err := f.Write(b); err != nil {
		return err
	}
	return f.place(true)
}

// always replaces whatever is there.
func always(string) bool { return true }

// placeAll places all files, or none if one of those names is taken that must not
// be replaced.
func placeAll(files []*newFile, replace func(name string) bool) error {
	for _, f := range files {
		if err := f.place(replace(f.name)); err != nil {
			for _, other := range files {
				if other.placed && !replace(other.name) {
					os.Remove(other.name)
				}
			}
			return err
		}
	}
	return nil
}

// discard removes a file that was not placed.
func (f *newFile) discard() {
	if !f.placed {
		f.file.Close()
		os.Remove(f.file.Name())
	}
}

// WithoutPath takes the name of the file out of an error of package os.
func WithoutPath(err error) error {
	if named, ok := errors.AsType[*fs.PathError](err); ok {
		return named.Err
	}
	if named, ok := errors.AsType[*os.LinkError](err); ok {
		return named.Err
	}
	return err
}
