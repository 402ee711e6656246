package media

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	partial   = ".part" // at the end of the name while the file is not whole
	maxClones = 9999    // the largest number behind a name that is taken
)

// Save fetches a link as Check does and writes it into dir, which must be there:
// as a new file, for its owner alone, never over one that exists. A name that is
// taken gets -1, -2 … Until it is whole the file ends in ".part"; it is removed if
// that does not come about. What differs from the message is saved all the same.
//
// name is made safe as FileName makes it; "" takes that of the link.
//
// It fails with an *Error, whose text may show dir.
func (f *Fetcher) Save(ctx context.Context, l Link, dir, name string, progress func(done, total int64)) (Result, error) {
	if name = safeName(name); name == "" {
		name = FileName(l)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Result{}, failed("save", l, err)
	}
	defer root.Close()
	d, err := f.open(ctx, l)
	defer d.close()
	if err == nil {
		name, err = d.save(root, name, progress)
	}
	if err != nil {
		return d.result, failed("save", l, err)
	}
	d.result.Path = filepath.Join(dir, name)
	return d.result, nil
}

// save writes the file and returns the name it got.
func (d *download) save(root *os.Root, name string, progress func(done, total int64)) (string, error) {
	file, part, err := create(root, name+partial)
	if err != nil {
		return "", err
	}
	err = cmp.Or(d.read(file, progress), file.Close()) // closed either way
	if err == nil {
		name, err = publish(root, part, name)
	}
	if err != nil {
		root.Remove(part)
		return "", err
	}
	return name, nil
}

// publish gives a whole file its name. The name is taken first, by an empty file:
// a rename alone would replace what has it.
func publish(root *os.Root, part, name string) (string, error) {
	file, name, err := create(root, name)
	if err != nil {
		return "", err
	}
	if err = cmp.Or(file.Close(), root.Rename(part, name)); err != nil {
		root.Remove(name)
		return "", err
	}
	return name, nil
}

// create makes a file under the first name that is free, and returns that too.
func create(root *os.Root, name string) (*os.File, string, error) {
	stem, ext := split(name)
	for n := range maxClones + 1 {
		if n > 0 {
			name = fmt.Sprintf("%s-%d%s", stem, n, ext)
		}
		file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return file, name, err
		}
	}
	return nil, "", fmt.Errorf("%q and %d more names are taken", name, maxClones)
}
