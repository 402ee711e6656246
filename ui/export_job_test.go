package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"backscroll/ui/export"
	"backscroll/zim"
	"backscroll/zim/history"
)

// exporting runs a browser on a chat of ten pages, a second each, and begins to
// export it into a folder.
func exporting(t *testing.T, s *slowService, c Config) (p *program, dir string) {
	t.Helper()
	dir = t.TempDir()
	s.wait, s.perChat, s.perPage = time.Second, 1000, 100
	c.Client, c.Chat = s, aliceAndBob
	p = run(t, c, 120, 24)
	p.waits()
	p.press("x")
	p.model(func(m *Model) { m.export.form.put(exportFile, filepath.Join(dir, "a")) })
	p.press("enter")
	return p, dir
}

// shows returns the screen.
func (p *program) shows() (screen string) {
	p.model(func(m *Model) { screen = (&terminal{p.t, m}).shows() })
	return screen
}

// wants checks what is on the screen, and what is not.
func (p *program) wants(has, lacks string) {
	p.t.Helper()
	if screen := p.shows(); !strings.Contains(screen, has) || lacks != "" && strings.Contains(screen, lacks) {
		p.t.Errorf("no %q, or %q, on\n%s", has, lacks, screen)
	}
}

// after lets some time pass, a bit more than the calls within it take.
func (p *program) after(d time.Duration) {
	time.Sleep(d + 250*time.Millisecond)
	synctest.Wait()
}

func TestAnExportGoesOnBehindThePanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{}
		p, dir := exporting(t, s, Config{})
		p.wants("exporting: x shows how far it is", "")
		p.after(3 * time.Second) // the last two pages are held until they are known to be in order
		p.press("j")
		p.wants("exporting: 100, at 2023-11-15", "")
		p.press("esc", "esc", "esc")
		p.wants("exporting: 100", "stopp")
		p.press("g") // the browser loads pages beside it
		p.after(time.Second)
		p.model(func(m *Model) {
			if m.messages.log.Len() != 200 {
				t.Errorf("%d loaded", m.messages.log.Len())
			}
		})
		p.press("x")
		p.wants("200 messages looked at · back to 2023-11-15", "")
		p.after(time.Second)
		p.wants("300 messages looked at", "")
		p.press("esc", "x", "q")
		p.wants("exporting: 300", "messages looked at")
		if left := filesIn(t, dir); len(left) != 2 || !strings.HasPrefix(left[0], ".backscroll-") || left[1] != "a.partial" {
			t.Errorf("there is %q while it runs", left)
		}
		p.waits()
		p.wants("exported: 1000 messages · a.jsonl, .html, .manifest.json", "")
		want := []string{"a.html", "a.jsonl", "a.manifest.json"}
		if got := filesIn(t, dir); !slices.Equal(got, want) {
			t.Errorf("there is %q, want %q", got, want)
		}
		b, _ := os.ReadFile(filepath.Join(dir, "a.jsonl"))
		if n := strings.Count(string(b), "\n"); n != 1000 {
			t.Errorf("%d lines", n)
		}
		p.quits()
	})
}

func TestAnExportIsStopped(t *testing.T) {
	for name, stop := range map[string][]string{"at once": {"ctrl+c"}, "on its page": {"x", "s"}, "by name": {":", "e", "x", "p", "enter", "s"}} {
		synctest.Test(t, func(t *testing.T) {
			s := &slowService{}
			p, dir := exporting(t, s, Config{})
			p.after(3 * time.Second)
			before := len(s.asked())
			p.press(stop...)
			p.after(0)
			p.wants("export stopped, x goes on with it: it is kept after 300 messages, at 2023-11-15T", "exporting")
			if left := filesIn(t, dir); !slices.Equal(left, []string{"a.partial"}) {
				t.Errorf("%s: there is %q", name, left)
			}
			p.waits()
			if n := len(s.asked()); n != before || s.cancelled != 1 {
				t.Errorf("%s: %d calls after it, %d were cancelled", name, n-before, s.cancelled)
			}
			p.press("x") // what was typed is there still
			p.wants(filepath.Join(dir, "a"), "")
			p.press("enter")
			p.wants("going on with what was kept", "")
			p.waits()
			if got, n := filesIn(t, dir), len(s.asked())-before; !slices.Equal(got, []string{"a.html", "a.jsonl", "a.manifest.json"}) || n != 7 {
				t.Errorf("%s: %d calls, and there is %q", name, n, got)
			}
			p.press("x", "x")
			p.model(func(m *Model) { m.export.form.put(exportFile, filepath.Join(dir, "b")) })
			p.press("enter")
			p.waits()
			if a, b := readFile(t, dir, "a.jsonl"), readFile(t, dir, "b.jsonl"); a != b || strings.Count(a, "\n") != 1000 {
				t.Errorf("%s: it is another one than if it had run through", name)
			}
			p.quits()
		})
	}
}

func TestQuittingEndsAnExport(t *testing.T) {
	for name, quit := range map[string][]string{"Q": {"Q", "y"}, "q": {"q", "y"}, "ctrl+c": {"ctrl+c", "ctrl+c"}} {
		synctest.Test(t, func(t *testing.T) {
			jobs := &Jobs{}
			p, dir := exporting(t, &slowService{}, Config{Jobs: jobs})
			p.after(3 * time.Second)
			if name != "ctrl+c" {
				p.press(quit[0])
				p.wants("stop the export and quit? y does", "")
				p.press("n")
				p.after(time.Second)
				p.wants("exporting: 200", "stop")
			}
			p.press(quit...)
			if err := <-p.done; err != nil {
				t.Errorf("%s: %v", name, err)
			}
			jobs.Wait()
			p.waits()
			if left := filesIn(t, dir); !slices.Equal(left, []string{"a.partial"}) {
				t.Errorf("%s: there is %q", name, left)
			}
			if jobs.begin() {
				t.Errorf("%s: another job may begin", name)
			}
		})
	}
}

// TestEndingTheContextEndsAnExport: as a signal does, of which the browser is not
// told.
func TestEndingTheContextEndsAnExport(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &slowService{perChat: 300, perPage: 100}
	jobs := &Jobs{}
	m := New(ctx, Config{Client: s, Chat: aliceAndBob, Jobs: jobs})
	term := &terminal{t, m}
	m.timer, m.listen = nil, nil
	m.export.form = newExportForm(aliceAndBob, m.exportTitle(aliceAndBob), "", "", m.export.formats)
	dir := term.into(t, "a")
	checked := m.acceptExport()().(exportCheckedMsg)
	running := m.applyExportChecked(checked)
	cancel()
	done := running().(exportedMsg)
	if _, ok := errors.AsType[*export.StoppedError](done.err); !ok || len(filesIn(t, dir)) > 0 {
		t.Errorf("%v; there is %q", done.err, filesIn(t, dir))
	}
	jobs.Wait()
	if m.export.job.over = false; running() != nil {
		t.Error("a job begins after the end")
	}
}

// TestAFailedExport stays to be looked at, with the way out, and can be tried again.
func TestAFailedExport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{lastFail: 1000}
		p, dir := exporting(t, s, Config{})
		p.waits()
		p.wants("x shows why · export: stopped before the first message; no file was written: no route to host", "")
		p.press("j")
		p.wants("export failed, x shows why", "exporting")
		p.press("ctrl+k", "esc", "x")
		p.wants("no route to host", "")
		p.wants("try again, and tell ZEGOCLOUD if it stays", "")
		if left := filesIn(t, dir); len(left) > 0 {
			t.Errorf("there is %q", left)
		}
		s.lastFail = 0
		p.press("x")
		p.wants(filepath.Join(dir, "a"), "failed")
		p.press("enter")
		p.waits()
		if got := filesIn(t, dir); len(got) != 3 {
			t.Errorf("there is %q", got)
		}
		p.quits()
	})
}

// TestLateAnswersOfAnExport hands the model answers that it no longer awaits.
func TestLateAnswersOfAnExport(t *testing.T) {
	s := &slowService{perChat: 50, perPage: 100}
	term := start(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 120, 24)
	m := term.m
	term.press("x")
	_, look := m.Update(keyOf(t, "enter"))
	late := onlyMsg[exportCheckedMsg](t, look)
	term.press("esc")
	if term.send(late); m.export.job != nil || m.export.form.checking {
		t.Error("a late look at the disk was applied")
	}
	m.export.form = nil
	j := &exportJob{Job: &export.Job{}}
	m.export.job = j
	for _, off := range []int{-2, -1, 1} {
		term.send(exportCheckedMsg{number: m.export.number + off, job: &export.Job{}})
		term.send(exportedMsg{number: m.export.number + off, err: errNoRoute})
		term.send(waitMsg{pane: paneExport, number: m.export.number + off, wait: zim.Wait{Attempt: 2, Of: 4}})
	}
	if m.export.job != j || j.over || m.export.pausing() {
		t.Error("a late answer was applied")
	}
	term.send(waitMsg{pane: paneExport, number: m.export.number, wait: zim.Wait{Attempt: 2, Of: 4, Delay: time.Second, Cause: errNoRoute}})
	term.wants("exporting: attempt 2 of 4 in 1.0 s")
	term.press("x")
	term.wants("no route to host · attempt 2 of 4 in 1.0 s")
}

// TestTheFormOfAStoppedExport is as it was, but for bookmarks that are gone.
func TestTheFormOfAStoppedExport(t *testing.T) {
	term := start(t, Config{Client: &slowService{perChat: 50, perPage: 100}, Chat: aliceAndBob}, 120, 24)
	term.press("m x right")
	term.wants("✓ 1 bookmark")
	f := term.m.export.form
	again := func(keys string) {
		term.press("esc")
		term.m.export.draft = f
		term.press(keys)
	}
	again("x")
	term.wants("· the whole chat  ✓ 1 bookmark")
	again("m x")
	term.wants("✓ the whole chat")
	if term.m.export.form != f || strings.Contains(term.shows(), "1 bookmark") {
		t.Errorf("the form is another one, or offers what is gone:\n%s", term.shows())
	}
	if term.press("esc x"); term.m.export.form == f {
		t.Error("what was cancelled comes back")
	}
}

// TestNoOtherAppWhileAnExportRuns: it would take the client away.
func TestNoOtherAppWhileAnExportRuns(t *testing.T) {
	config := sample(t)
	config.Profiles = &twoApps{}
	term := start(t, config, 100, 20)
	term.m.export.job = &exportJob{Job: &export.Job{}}
	term.press("P")
	term.wants("an export is under way, which another app would end: x shows it")
	term.press("x") // from the list too
	term.wants("asking for the first messages")
	term.m.export.job.over, term.m.export.job.done = true, &export.Manifest{}
	term.press("esc P")
	term.wants("Profiles · 2 apps")
}

// TestExportOffline has what a file has, and names no app.
func TestExportOffline(t *testing.T) {
	s := &slowService{perChat: 150, perPage: 100}
	term := start(t, Config{Client: s, Offline: true, Place: "file", Chat: history.Chat{Peer: "old.jsonl"}}, 120, 24)
	term.press("x")
	term.wants("Export old.jsonl", "file     old-2")
	dir := term.into(t, "new")
	term.press("enter")
	term.wants("exported: 150 messages")
	m, err := export.ReadManifest(filepath.Join(dir, "new.manifest.json"))
	if err != nil || m.End != "at the start of the file" || m.Chat != (export.ChatName{File: "old.jsonl"}) || m.AppId != 0 || m.Endpoint != "" {
		t.Errorf("%+v, %v", m, err)
	}
}
