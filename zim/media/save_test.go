package media

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// filesIn returns the names in a folder, sorted.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestSave(t *testing.T) {
	s := serve(t)
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Symlink(outside, filepath.Join(dir, "link.png")); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct{ name, want string }{
		{"", "a.png"}, {"", "a-1.png"}, {"a.png", "a-2.png"}, {"../x/CON.png", "_CON.png"}, {"...", "a-3.png"}, {"tar.gz", "tar.gz"}, {"tar.gz", "tar-1.gz"},
		{"link.png", "link-1.png"}, {"x.part", "x.part"}, {"x", "x"}, {strings.Repeat("你", 90) + ".png", strings.Repeat("你", 65) + ".png"},
	} {
		want := whole()
		want.Path = filepath.Join(dir, c.want)
		parts := 0
		got, err := fromHere().Save(t.Context(), linkTo(s, "/hop1"), dir, c.name, func(int64, int64) {
			if _, err := os.Lstat(want.Path); err == nil {
				t.Errorf("%s is there before it is whole", c.want)
			}
			parts += len(slices.DeleteFunc(filesIn(t, dir), func(name string) bool { return !strings.HasSuffix(name, partial) || name == "x.part" }))
		})
		if err != nil || !reflect.DeepEqual(got, want) || parts == 0 {
			t.Errorf("%q: %v, %d part files\n got %+v\nwant %+v", c.name, err, parts, got, want)
			continue
		}
		written, err := os.ReadFile(want.Path)
		info, _ := os.Stat(want.Path)
		if err != nil || !bytes.Equal(written, picture) || runtime.GOOS != "windows" && info.Mode() != 0o600 {
			t.Errorf("%q: %d bytes, %v, %v", c.name, len(written), info.Mode(), err)
		}
	}
	if _, err := os.Lstat(outside); err == nil {
		t.Error("a link out of the folder was followed")
	}
	if names := filesIn(t, dir); len(names) != 12 {
		t.Errorf("the folder has %q", names)
	}
}

// What differs is saved, and told.
func TestSaveOfAnother(t *testing.T) {
	s := serve(t)
	l := linkTo(s, "/html")
	r, err := fromHere().Save(t.Context(), l, t.TempDir(), "", nil)
	if err != nil || len(r.Differs) != 3 || filepath.Base(r.Path) != "a.png" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestSaveLeavesNothingBehind(t *testing.T) {
	s := serve(t)
	dir := t.TempDir()
	for _, c := range faults {
		l := linkTo(s, c.path)
		r, err := fetcherFor(c.cause).Save(t.Context(), l, dir, "", nil)
		checkError(t, err, l, "save", c.words)
		if r.Path != "" || r.Status != c.status {
			t.Errorf("%s: %+v", c.path, r)
		}
	}
	seen := false
	ctx, cancel := context.WithCancel(t.Context())
	_, err := fromHere().Save(ctx, linkTo(s, "/endless"), dir, "", func(int64, int64) {
		seen = seen || slices.Equal(filesIn(t, dir), []string{"a.png.part"})
		cancel()
	})
	if !errors.Is(err, context.Canceled) || !seen {
		t.Errorf("cancelled: %v, the part file was there: %v", err, seen)
	}
	if names := filesIn(t, dir); len(names) > 0 {
		t.Errorf("left behind: %q", names)
	}
	missing := filepath.Join(dir, "missing")
	if _, err := fromHere().Save(t.Context(), linkTo(s, "/a.png"), missing, "", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// Several at once into one folder: each gets a name of its own.
func TestSaveAtOnce(t *testing.T) {
	s := serve(t)
	dir := t.TempDir()
	f := fromHere()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := f.Save(t.Context(), linkTo(s, "/a.png"), dir, "", nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	want := []string{"a-1.png", "a-2.png", "a-3.png", "a-4.png", "a-5.png", "a-6.png", "a-7.png", "a.png"}
	if names := filesIn(t, dir); !slices.Equal(names, want) {
		t.Errorf("the folder has %q", names)
	}
}
