package export

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"backscroll/zim/media"
)

// shelved returns a folder with those files in it, as an export has it that saved them.
func shelved(t *testing.T, output string, names ...string) *shelf {
	t.Helper()
	var s shelf
	if err := s.begin(output, false); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := s.open(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(s.dir, name)
		if err := os.WriteFile(path, []byte("the file "+name), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.add(media.Link{URL: "https://example.com/" + name + "?key"}, "example.com", media.Result{Path: path}); err != nil {
			t.Fatal(err)
		}
	}
	return &s
}

// TestShelfGoesOn: a later export has what is whole, wherever the one before was
// killed.
func TestShelfGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kill func(t *testing.T, s *shelf)
		want []string
	}{
		"while it saved": {func(t *testing.T, s *shelf) {
			os.WriteFile(filepath.Join(s.dir, "c.part"), []byte("half"), 0o600)
		}, []string{"a", "b"}},
		"while it wrote the ledger": {func(t *testing.T, s *shelf) {
			s.ledger.WriteString(`{"Key":"00","Name":"c"`)
		}, []string{"a", "b"}},
		"and a file is another one now": {func(t *testing.T, s *shelf) {
			os.WriteFile(filepath.Join(s.dir, "b"), []byte("the file x"), 0o600)
		}, []string{"a"}},
		"and a line leads elsewhere": {func(t *testing.T, s *shelf) {
			s.ledger.WriteString(`{"Key":"00","Name":"../x"}` + "\n")
		}, []string{"a", "b"}},
		"once the folder had its name": {func(t *testing.T, s *shelf) {
			if err := s.place(false); err != nil {
				t.Fatal(err)
			}
		}, []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := filepath.Join(t.TempDir(), "x")
			c.kill(t, shelved(t, output, "a", "b"))
			var s shelf
			if err := s.begin(output, true); err != nil {
				t.Fatal(err)
			}
			defer s.close(false, true)
			names, err := namesIn(s.dir)
			if !slices.Equal(names, c.want) || err != nil || len(s.had) != len(c.want) {
				t.Errorf("there is %q, %v, %v, want %q", names, s.had, err, c.want)
			}
			if had, ok := s.had[keyOf(media.Link{URL: "https://example.com/a?key"})]; !ok || had.Name != "a" {
				t.Errorf("it does not know a: %v", s.had)
			}
			// Once more: what was taken over is listed.
			s.close(false, true)
			var again shelf
			if err := again.begin(output, true); err != nil || len(again.had) != len(c.want) {
				t.Errorf("then there is %v, %v", again.had, err)
			}
			again.close(false, true)
		})
	}
}

// TestShelfOfSomebodyElse is neither taken over, nor removed.
func TestShelfOfSomebodyElse(t *testing.T) {
	t.Parallel()
	output := filepath.Join(t.TempDir(), "x")
	mine := filepath.Join(output+MediaSuffix+PartialSuffix, "mine")
	if err := errors.Join(os.Mkdir(filepath.Dir(mine), 0o700), os.WriteFile(mine, []byte("mine"), 0o600)); err != nil {
		t.Fatal(err)
	}
	var s shelf
	for _, resumed := range []bool{false, true} {
		if err := s.begin(output, resumed); !errors.Is(err, fs.ErrExist) {
			t.Errorf("taken over: %v", err)
		}
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}

// TestShelfReplaced: the folder before is there again if the other files could not be
// placed, and gone if they were.
func TestShelfReplaced(t *testing.T) {
	t.Parallel()
	output := filepath.Join(t.TempDir(), "x")
	old := shelved(t, output, "old")
	if err := old.place(false); err != nil {
		t.Fatal(err)
	}
	old.close(true, false)
	m := Manifest{Manifest: manifestVersion, Files: []File{{Name: "x"}}, MediaFolder: "x" + MediaSuffix, Media: []Media{{Name: "old"}}}
	// A folder that is somebody's, called as it suggests itself for the one before.
	mine := filepath.Join(output+MediaSuffix+".old", "mine")
	if err := errors.Join(ReplaceFile(output+ManifestSuffix, m.encode()), os.Mkdir(filepath.Dir(mine), 0o700), os.WriteFile(mine, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	s := shelved(t, output, "new")
	if err := s.place(false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("one that came meanwhile is replaced: %v", err)
	}
	s.close(false, true)
	if err := s.begin(output, true); err != nil {
		t.Fatal(err)
	}
	if err := s.place(true); err != nil {
		t.Fatal(err)
	}
	s.unplace()
	if names, err := namesIn(s.final); !slices.Equal(names, []string{"old"}) || err != nil {
		t.Errorf("there is %q, %v", names, err)
	}
	if err := s.place(true); err != nil {
		t.Fatal(err)
	}
	s.close(true, false)
	list, err := os.ReadDir(filepath.Dir(output))
	if names, _ := namesIn(s.final); err != nil || len(list) != 3 || !slices.Equal(names, []string{"new"}) || isShelf(s.final) {
		t.Errorf("there is %q in %v, %v", names, list, err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}

// TestItemOf: one link of each file is saved.
func TestItemOf(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{"original": "", "first frame": "", "large": "", "item 2 original": "item 2", "item 12 first frame": "item 12"} {
		if got := itemOf(link); got != want {
			t.Errorf("%q is of %q, want %q", link, got, want)
		}
	}
}
