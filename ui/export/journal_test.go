package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"backscroll/zim"
)

// kept writes a journal of so many pages, and returns its name and its bytes.
func kept(t testing.TB, pages int) (name string, whole []byte) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "x"+PartialSuffix)
	j, err := openJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.begin(question{Partial: journalVersion}); err != nil {
		t.Fatal(err)
	}
	for n := range pages {
		page := &zim.MessagePage{RequestId: fmt.Sprint(n), Next: zim.Next(fmt.Sprint(n + 1)), List: []zim.Message{zim.ReadMessage([]byte(row(n, "whole"))), zim.ReadMessage(nil)}}
		if err := j.add("l", zim.Next(fmt.Sprint(n)), page); err != nil {
			t.Fatal(err)
		}
	}
	j.close(true)
	whole, err = os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return name, whole
}

// replayed reads the pages of a file, and fails if one is not as it was written.
func replayed(t *testing.T, name string) (pages int) {
	t.Helper()
	j, err := openJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	defer j.close(true)
	for ; ; pages++ {
		page, err := j.page("l", zim.Next(fmt.Sprint(pages)))
		if err != nil {
			t.Fatal(err)
		}
		if page == nil {
			break
		}
		if page.RequestId != fmt.Sprint(pages) || page.Next != zim.Next(fmt.Sprint(pages+1)) || len(page.List) != 2 || string(page.List[0].Raw) != row(pages, "whole") {
			t.Fatalf("page %d is %+v", pages, page)
		}
	}
	if pages != j.pages {
		t.Errorf("%d pages were read, %d counted", pages, j.pages)
	}
	return pages
}

// TestTornJournal cuts a journal off after every byte, and changes each: what is
// before that is read as it was written.
func TestTornJournal(t *testing.T) {
	t.Parallel()
	name, whole := kept(t, 3)
	last := 0
	for n := range len(whole) + 1 {
		if err := os.WriteFile(name, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		got := replayed(t, name)
		if got < last {
			t.Errorf("%d bytes have %d pages", n, got)
		}
		last = got
	}
	if last != 3 {
		t.Errorf("%d pages, want 3", last)
	}
	for n := len(journalMagic); n < len(whole); n++ {
		changed := append([]byte{}, whole...)
		changed[n] ^= 0x20
		if err := os.WriteFile(name, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := replayed(t, name); got == 3 {
			t.Errorf("byte %d is another one, and nobody noticed", n)
		}
	}
}

// TestJournalIsOneProcess: while it is open nobody else opens it, and what is not
// one is refused.
func TestJournalIsOneProcess(t *testing.T) {
	t.Parallel()
	name, _ := kept(t, 1)
	j, err := openJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openJournal(name); !errors.Is(err, ErrBusy) {
		t.Errorf("%v, want ErrBusy", err)
	}
	j.close(false)
	if _, err := os.Lstat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	if err := os.Symlink("elsewhere", name); err != nil {
		t.Skip("no links here")
	}
	if _, err := openJournal(name); !errors.Is(err, ErrForeign) {
		t.Errorf("%v, want ErrForeign", err)
	}
}

// FuzzJournal: whatever is in the file, it is read or refused, and what is there
// is gone through to its end.
func FuzzJournal(f *testing.F) {
	_, whole := kept(f, 2)
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add([]byte(journalMagic))
	f.Add([]byte("mine"))
	f.Fuzz(func(t *testing.T, content []byte) {
		name := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := openJournal(name)
		if err != nil {
			if !errors.Is(err, ErrForeign) {
				t.Error(err)
			}
			return
		}
		defer j.close(true)
		pages := 0
		for {
			page, err := j.page("l", zim.Next(fmt.Sprint(pages)))
			if page == nil || err != nil {
				break
			}
			pages++
		}
		if pages > j.pages {
			t.Errorf("%d pages, %d counted", pages, j.pages)
		}
	})
}
