package ui

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"backscroll/ui/export"
)

// readFile returns what a file of a folder has.
func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Error(err)
	}
	return string(b)
}

// TestAnExportGoesOnLater, in another browser: times are counted from when it began,
// and it is no other one that it goes on with.
func TestAnExportGoesOnLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 1000, perPage: 100}
		dir := t.TempDir()
		c := Config{Client: s, Chat: aliceAndBob}
		begin := func(filter string) *program {
			p := run(t, c, 120, 24)
			p.waits()
			p.press("x")
			p.model(func(m *Model) {
				m.export.form.put(exportFile, filepath.Join(dir, "a"))
				m.export.form.put(exportSince, "-24h")
				m.export.form.put(exportFilter, filter)
			})
			p.press("enter")
			return p
		}
		p := begin("from:alice or after:-48h")
		p.after(3 * time.Second)
		p.press("Q", "y")
		<-p.done
		p.waits()

		p = begin("from:bob")
		p.wants("a.partial keeps a stopped export, not of the same filter: another name is wanted", "exporting")
		p.press("esc", "Q")
		<-p.done
		if left := filesIn(t, dir); !slices.Equal(left, []string{"a.partial"}) {
			t.Errorf("there is %q", left)
		}

		p = begin("from:alice or after:-48h")
		p.wants("going on with what was kept", "")
		p.waits()
		m, err := export.ReadManifest(filepath.Join(dir, "a.manifest.json"))
		if err != nil || m.Resumed != 1 || m.LookedAt != 1000 || strings.Count(readFile(t, dir, "a.jsonl"), "\n") != m.Messages {
			t.Errorf("%+v, %v", m, err)
		}
		p.quits()
	})
}

// TestAnExportFailsAndGoesOn says on its page what is kept.
func TestAnExportFailsAndGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{}
		p, dir := exporting(t, s, Config{})
		p.after(3 * time.Second)
		s.failUntil(1000)
		p.waits()
		p.wants("x shows why · export: stopped after 300 messages", "")
		p.press("x")
		p.wants("a.partial keeps what was had", "It came to nothing")
		p.wants("x goes on with it", "tries again")
		s.failUntil(0)
		p.press("x", "enter")
		p.waits()
		if got := filesIn(t, dir); len(got) != 3 {
			t.Errorf("there is %q", got)
		}
		p.quits()
	})
}

// TestWaysOutOfAnExport: whatever is in the way, there is a next step.
func TestWaysOutOfAnExport(t *testing.T) {
	j := &export.Job{Output: "/home/sam/a"}
	for _, c := range []struct {
		err  error
		want string
	}{
		{&export.OtherError{Fields: []string{"Files", "Masked", "MediaFolder", "Zone"}}, "a.partial keeps a stopped export, not of the same formats, options, Zone: another name is wanted, or delete it"},
		{export.ErrBusy, "a.partial: another process is writing it: another name is wanted"},
		{export.ErrForeign, "a.partial is there and is not what an export keeps: another name is wanted"},
		{fmt.Errorf("a.media: %w", fs.ErrExist), "a.media is there already: another name is wanted"},
		{errNoRoute, "no route to host"},
	} {
		if got := refusal(j, c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
	gone := &exportJob{Job: j, err: &export.StoppedError{Kept: true, Err: export.ErrGone}}
	if got := gone.advice(); !strings.Contains(got, "begins anew") {
		t.Error(got)
	}
}

// TestWhatIsKeptIsNotReplaced: what another one kept is refused, and stays.
func TestWhatIsKeptIsNotReplaced(t *testing.T) {
	term := openExport(t, 120, 30)
	dir := term.into(t, "a")
	there := filepath.Join(dir, "a.partial")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	term.press("enter")
	term.wants("a.partial is there and is not what an export keeps: another name is wanted")
	if f := term.m.export.form; f == nil || f.focused != exportFile || readFile(t, dir, "a.partial") != "mine" {
		t.Errorf("it began, and left %q", filesIn(t, dir))
	}
	if err := os.Remove(there); err != nil {
		t.Fatal(err)
	}
	term.press("enter") // it is looked for again
	term.wants("exported: 69 messages")
}
