package export

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledWhileFilesGetTheirNames: those that have theirs, and a name that was only
// taken, are known again; a file that somebody put there since is not replaced.
func TestKilledWhileFilesGetTheirNames(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		jsonl func(whole []byte) []byte
		want  error
	}{
		"placed":     {func(whole []byte) []byte { return whole }, nil},
		"taken":      {func([]byte) []byte { return nil }, nil},
		"another's":  {func([]byte) []byte { return []byte("mine") }, fs.ErrExist},
		"changed":    {func(whole []byte) []byte { return append([]byte("{}"), whole[2:]...) }, fs.ErrExist},
		"not placed": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &archive{now: time.UnixMilli(1777636800000), size: 5, rows: []string{row(3, "whole"), row(2, "bare"), row(1, "whole")}}
			whole, dir := t.TempDir(), t.TempDir()
			if _, err := a.job(whole).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join(whole, "x.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			j, asked := a.job(dir), 0
			j.Now = func() time.Time {
				if asked++; asked == 2 { // all is written, and a name is taken now
					os.Mkdir(filepath.Join(dir, "x.html"), 0o700)
				}
				return a.now
			}
			_, err = j.Run(t.Context())
			if failed, ok := errors.AsType[*FileError](err); !ok || !failed.Kept || !errors.Is(err, fs.ErrExist) {
				t.Fatalf("%v, want that there is such a file", err)
			}
			os.Remove(filepath.Join(dir, "x.html"))
			if test.jsonl != nil {
				if err := os.WriteFile(filepath.Join(dir, "x.jsonl"), test.jsonl(want), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			calls := a.calls
			j = a.job(dir)
			j.Resume = true
			if _, err := j.Run(t.Context()); !errors.Is(err, test.want) {
				t.Fatalf("%v, want %v", err, test.want)
			}
			got, err := os.ReadFile(filepath.Join(dir, "x.jsonl"))
			if err != nil || (string(got) == string(want)) != (test.want == nil) || a.calls != calls {
				t.Errorf("%q, %v, %d calls", got, err, a.calls-calls)
			}
		})
	}
}

// TestNameTooLong is found before anybody is asked, also where it is the manifest's.
func TestNameTooLong(t *testing.T) {
	t.Parallel()
	a := &archive{now: time.UnixMilli(1777636800000), size: 5, rows: []string{row(1, "whole")}}
	j := a.job(t.TempDir())
	j.Output = filepath.Join(filepath.Dir(j.Output), strings.Repeat("n", 246))
	if err := j.Check(); err == nil {
		t.Error("it is to be written")
	}
	_, err := j.Run(t.Context())
	if _, ok := errors.AsType[*FileError](err); !ok || a.calls > 0 {
		t.Errorf("%v after %d calls", err, a.calls)
	}
}
