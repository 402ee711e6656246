package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/ui/export"
)

const (
	maxRecentBytes = 1 << 20 // of the file
	maxRecentID    = 64      // bytes; an ID has 32, one API allows 64
)

// recentFile keeps what was opened in one app: IDs, in a file that has the other
// apps' too and that nobody else may read.
type recentFile struct {
	name string
	app  string // which app, as the file names it
}

// recentRecord is the file.
type recentRecord struct {
	Recent map[string][]ui.Recent
}

// recents returns where the browser keeps what is opened in an app; nil where it is
// not to, or where this machine has no place for it.
func (p Process) recents(config keys.Config, place string, appID uint32) ui.Recents {
	dir := stateDir(runtime.GOOS, p.Getenv)
	if config.NoRecents || dir == "" {
		return nil
	}
	return &recentFile{filepath.Join(dir, keys.Service, "recent.json"), fmt.Sprintf("%s %d", place, appID)}
}

// stateDir is where programs keep what is neither configuration nor data, "" if
// that is not known.
func stateDir(goos string, getenv func(string) string) string {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	var dir string
	switch goos {
	case "windows":
		dir = getenv("LOCALAPPDATA")
	case "darwin":
		dir = filepath.Join(getenv("HOME"), "Library", "Application Support")
	default:
		dir = filepath.Join(getenv("HOME"), ".local", "state")
	}
	if !filepath.IsAbs(dir) {
		return ""
	}
	return dir
}

// read returns the file; one that is not there is empty.
func (f *recentFile) read() (r recentRecord, err error) {
	file, err := os.Open(f.name)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxRecentBytes+1))
	switch {
	case err != nil:
		return r, err
	case len(b) > maxRecentBytes:
		return r, fmt.Errorf("%s is over 1 MiB: it is ignored", f.name)
	}
	if len(bytes.TrimSpace(b)) == 0 || json.Unmarshal(b, &r) != nil {
		return recentRecord{}, fmt.Errorf("%s is broken: it is ignored", f.name)
	}
	return r, nil
}

// Load returns what was opened, without what no ID can be.
func (f *recentFile) Load() ([]ui.Recent, error) {
	r, err := f.read()
	var list []ui.Recent
	for _, one := range r.Recent[f.app] {
		if max(len(one.User), len(one.Peer), len(one.Group)) <= maxRecentID && (one.Group != "" || one.User != "") {
			list = append(list, one)
		}
	}
	return ui.MergeRecents(list, nil), err
}

// Save replaces what was opened in this app. Where nothing is left, the file goes.
func (f *recentFile) Save(list []ui.Recent) error {
	r, _ := f.read() // a broken one is replaced
	if r.Recent == nil {
		r.Recent = map[string][]ui.Recent{}
	}
	r.Recent[f.app] = ui.MergeRecents(list, nil)
	if len(list) == 0 {
		delete(r.Recent, f.app)
	}
	if len(r.Recent) == 0 {
		if err := os.Remove(f.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(f.name), 0o700); err != nil {
		return err
	}
	return export.ReplaceFile(f.name, append(b, '\n'))
}
