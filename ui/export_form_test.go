package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"backscroll/ui/export"
	"backscroll/ui/transcript"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// openExport presses x in a chat of the samples.
func openExport(t *testing.T, w, h int) *terminal {
	config := sample(t)
	config.Chat, config.Version, config.AppID = history.Chat{User: "alice", Peer: "bob"}, "backscroll test", 7
	term := start(t, config, w, h)
	term.press("x")
	return term
}

// into has an export written into a folder of the test's.
func (term *terminal) into(t *testing.T, name string) string {
	dir := t.TempDir()
	term.m.export.form.put(exportFile, filepath.Join(dir, name))
	return dir
}

// filesIn lists a folder.
func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestScreensOfAnExport(t *testing.T) {
	job := func(term *terminal, at *export.Progress) *exportJob {
		term.press("esc")
		targets, output := exportTargets("/home/sam/alice-bob", []transcript.Format{transcript.JSONL, transcript.HTML})
		j := &exportJob{Job: &export.Job{Targets: targets, Output: output}, title: term.m.exportTitle(aliceAndBob)}
		j.at.Store(at)
		term.m.export.job = j
		return j
	}
	reading := &export.Progress{
		LookedAt: 12_300, Messages: 41, Newest: time.Date(2026, 4, 29, 8, 0, 0, 0, time.UTC),
		Oldest: time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC), From: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC),
	}
	screens := map[string]func(term *terminal){
		"form":    func(*terminal) {},
		"since":   func(term *terminal) { term.press("tab ctrl+t") },
		"formats": func(term *terminal) { term.press("tab tab tab tab tab right right space") },
		"file":    func(term *terminal) { term.press("shift+tab") },
		"wrong": func(term *terminal) {
			term.press("tab")
			term.write("yesterday")
			term.press("tab tab")
			term.write("type:x")
		},
		"marks":  func(term *terminal) { term.press("esc m k m k m x right") },
		"status": func(term *terminal) { job(term, reading); term.press("j") },
		"job":    func(term *terminal) { job(term, reading); term.press("x") },
		"writing": func(term *terminal) {
			job(term, &export.Progress{Phase: export.Writing, Messages: 41, Written: 7})
			term.press("x")
		},
		"quitting": func(term *terminal) { job(term, reading); term.press("Q") },
		"done": func(term *terminal) {
			j := job(term, reading)
			j.over, j.done = true, &export.Manifest{Messages: 41, LookedAt: 12_400}
			term.press("j x")
		},
		"failed": func(term *terminal) {
			j := job(term, reading)
			j.over, j.err = true, &export.StoppedError{LookedAt: 300, At: reading.Oldest, Err: errNoRoute}
			term.press("j x")
		},
		"kept": func(term *terminal) {
			j := job(term, reading)
			j.over, j.err = true, &export.StoppedError{LookedAt: 300, At: reading.Oldest, Kept: true, Err: errNoRoute}
			term.press("j x")
		},
	}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 50}} {
		for name, prepare := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				term := openExport(t, size[0], size[1])
				prepare(term)
				checkFrame(t, term.m, size[0], size[1])
				golden.RequireEqual(t, term.shows()+"\n")
			})
		}
	}
}

// TestExportFromTheBrowser writes a part of a chat, and says what it wrote.
func TestExportFromTheBrowser(t *testing.T) {
	term := openExport(t, 120, 30)
	dir := term.into(t, "frame")
	term.press("tab tab tab")
	term.write("frame")
	term.press("tab space tab")          // without those that are gone
	term.press("right right space left") // csv too
	term.wants("frame.jsonl, .csv, .html, .manifest.json")
	term.press("enter")
	term.wants("exported: 7 messages of 67 looked at", "frame.jsonl, .csv, .html, .manifest.json · in "+dir[:20])
	want := []string{"frame.csv", "frame.html", "frame.jsonl", "frame.manifest.json"}
	if got := filesIn(t, dir); !slices.Equal(got, want) {
		t.Fatalf("there is %q, want %q", got, want)
	}
	m, err := export.ReadManifest(filepath.Join(dir, "frame.manifest.json"))
	if err != nil || m.AppId != 7 || m.Version != "backscroll test" || m.Filter != "frame" || !m.NoEmpty || m.Chat.User != "alice" || m.Endpoint == "" && m.Only != "" {
		t.Errorf("%+v, %v", m, err)
	}
	for _, f := range m.Files {
		if how, err := f.Differs(t.Context(), dir); how != "" || err != nil {
			t.Errorf("%s: %s, %v", f.Name, how, err)
		}
	}
	term.press("j")
	term.wants("exported, x shows it")
	term.press("x")
	term.wants("exported: 7 messages of 67 looked at", filepath.Join(dir, "frame.csv"), "x exports again")
	term.press("x")
	term.wants("✓ csv", "· no recalled") // the formats are remembered
	term.press("esc")
	if strings.Contains(term.shows(), "exported") {
		t.Errorf("it is told again:\n%s", term.shows())
	}
}

// TestExportOfBookmarks has them in the order of the chat, with their notes.
func TestExportOfBookmarks(t *testing.T) {
	term := openExport(t, 120, 30)
	if n := len(term.m.export.form.choices[exportWhat].list); n != 1 {
		t.Errorf("%d things to choose from without a bookmark", n)
	}
	term.press("esc k k m")
	oldest := term.m.messages.selectedSeq()
	term.press("j m")
	term.say(";", "ask Ben")
	newest := term.m.messages.selectedSeq()
	term.run(term.m.openChat(history.Chat{Group: "team"}, goal{}))
	term.press("m ' g x") // the first of the list is of the other chat
	term.wants("Export alice → bob", "✓ 2 bookmarks", "alice-bob-bookmarks-2026-04-29")
	dir := term.into(t, "marks.jsonl")
	term.press("enter")
	b, err := os.ReadFile(filepath.Join(dir, "marks.jsonl"))
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if err != nil || len(lines) != 2 || !strings.Contains(lines[0], fmt.Sprintf(`"MsgSeq":%d`, oldest)) ||
		!strings.Contains(lines[1], fmt.Sprintf(`"MsgSeq":%d`, newest)) || !strings.Contains(lines[1], `"Note":"ask Ben"`) || strings.Contains(lines[0], `"Note"`) {
		t.Errorf("%v:\n%s", err, b)
	}
	if m, err := export.ReadManifest(filepath.Join(dir, "marks.manifest.json")); err != nil || m.Only != "bookmarks" || m.Messages != 2 {
		t.Errorf("%+v, %v", m, err)
	}
	term.m.bookmarks.list[0].place = "test"
	term.press("x x")
	term.wants("it is of another app: P turns to test")
}

// TestExportSaysWhatIsWrong, at the field, and does not begin.
func TestExportSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		field exportField
		value string
		says  string
	}{
		{exportSince, "yesterday", "is no time"},
		{exportUntil, "2026-13-01", "is no time"},
		{exportFilter, "from:bob type:picture", "picture"},
		{exportFile, " ", "how is the file to be called?"},
		{exportFile, "x/", "is a folder"},
		{exportFile, "~", "is a folder"},
		{exportFile, "/nowhere/at/all", "there is no folder /nowhere/at: name another one"},
	} {
		term := openExport(t, 100, 30)
		term.m.export.form.inputs[c.field].SetValue(c.value)
		term.press("enter")
		term.wants(c.says)
		if f := term.m.export.form; f == nil || f.focused != c.field || f.checking || term.m.export.job != nil {
			t.Errorf("%q began, or another field is focused", c.value)
		}
	}
	term := openExport(t, 100, 30)
	term.press("tab ctrl+t tab ctrl+u")
	term.write("2026-04-29")
	term.press("enter")
	term.wants("is not after since")
	term.press("tab tab tab space right right right right space enter")
	term.press("ctrl+u enter")
	term.wants("choose one at least")
	if term.m.export.form.focused != exportFormats {
		t.Error("the formats are not focused")
	}
}

// TestExportReplacesNothing: what is there is refused, and stays.
func TestExportReplacesNothing(t *testing.T) {
	for _, taken := range []string{"a.jsonl", "a.html", "a.manifest.json"} {
		term := openExport(t, 100, 30)
		dir := term.into(t, "a")
		there := filepath.Join(dir, taken)
		if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		term.press("enter")
		term.wants(taken + " is there already: another name is wanted")
		if b, err := os.ReadFile(there); err != nil || string(b) != "mine" || len(filesIn(t, dir)) != 1 {
			t.Errorf("%s has %q, %v", taken, b, err)
		}
		term.write("b")
		if strings.Contains(term.shows(), "already") {
			t.Errorf("it is still refused:\n%s", term.shows())
		}
		if term.press("enter"); len(filesIn(t, dir)) != 4 {
			t.Errorf("there is %q", filesIn(t, dir))
		}
	}
}

func TestExportTo(t *testing.T) {
	t.Setenv("HOME", "/home/sam")
	for name, want := range map[string]string{"~/x": "/home/sam/x", "/a/../b": "/b", "/~/x": "/~/x"} {
		if got, err := wholePath(name); got != want || err != nil {
			t.Errorf("%s is %s, %v", name, got, err)
		}
	}
	if got, err := wholePath("~sam/x"); err != nil || !strings.HasSuffix(got, "/ui/~sam/x") {
		t.Errorf("%s, %v", got, err)
	}
}

// TestExportNames: a name has nothing that is special to a system, whatever is in
// an ID; each file has its own, which begins with it.
func TestExportNames(t *testing.T) {
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for want, chat := range map[string]history.Chat{
		"alice-bob-2026-05-01":       {User: "alice", Peer: "bob"},
		"team-2026-05-01":            {Group: "team"},
		"saved-2026-05-01":           {Peer: "saved.jsonl"},
		"__touch x_-_.._-2026-05-01": {Group: "$(touch x)-/../"},
		"a_41-b_.-2026-05-01":        {User: "-~a%41", Peer: "b?."},
		"CON-NUL-2026-05-01":         {User: "CON", Peer: "NUL"},
		"陈晓-2026-05-01":              {Group: "陈\u202e晓"},
	} {
		if got := exportName(chat, "", at); got != want {
			t.Errorf("%+v is called %q, want %q", chat, got, want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		chat := history.Chat{User: rapid.String().Draw(rt, "user"), Peer: rapid.String().Draw(rt, "peer"), Group: rapid.SampledFrom([]string{"", "g", "/", "%2f"}).Draw(rt, "group")}
		name := exportName(chat, "", at)
		if again := media.FileName(media.Link{FileName: name}); again != name || strings.ContainsAny(name, `/\`) || !strings.HasSuffix(name, "2026-05-01") && len(name) < 150 {
			rt.Fatalf("%q becomes %q", name, again)
		}
		all := transcript.Formats()
		formats := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID).Draw(rt, "formats")
		typed := name + rapid.SampledFrom([]string{"", ".html", ".JSONL", ".x"}).Draw(rt, "end")
		list, output := exportTargets(typed, formats)
		names := map[string]bool{}
		for _, target := range list {
			names[target.Name] = true
			if strings.HasSuffix(strings.ToLower(target.Name), "."+string(target.Format)+"."+string(target.Format)) || !strings.HasPrefix(target.Name, output) {
				rt.Fatalf("%q with %q is %q", typed, formats, target.Name)
			}
		}
		if len(names) != len(formats) || len(list) != len(formats) {
			rt.Fatalf("%q are %q", formats, list)
		}
	})
}

func TestExportKeys(t *testing.T) {
	term := openExport(t, 100, 30)
	f := term.m.export.form
	term.press("tab ctrl+t")
	if f.typed(exportSince) != "2026-04-29" || f.typed(exportUntil) != "2026-04-30" {
		t.Errorf("the day is %q to %q", f.typed(exportSince), f.typed(exportUntil))
	}
	term.send(tea.PasteMsg{Content: "T1"})
	if f.typed(exportSince) != "2026-04-29T1" {
		t.Errorf("pasted: %q", f.typed(exportSince))
	}
	term.press("tab tab tab")
	term.send(tea.PasteMsg{Content: "x"}) // nothing is typed there
	term.press("j Q : space")
	if !f.choices[exportOptions].list[optionNoEmpty].on || term.m.export.form != f || term.m.asking {
		t.Error("space does not choose, or another key does something")
	}
	term.press("tab left space") // the last one, from the first
	if got := f.formats(); !slices.Equal(got, []transcript.Format{transcript.JSONL, transcript.HTML, transcript.Text}) {
		t.Errorf("%q", got)
	}
	before := term.shows()
	term.send(tea.MouseClickMsg{X: 3, Y: 3, Button: tea.MouseLeft})
	term.send(tea.MouseWheelMsg{X: 3, Y: 3, Button: tea.MouseWheelDown})
	if term.shows() != before {
		t.Error("the mouse reaches what is behind")
	}
	if term.press("esc"); term.m.export.form != nil {
		t.Error("esc does not close it")
	}
	none := start(t, sample(t), 100, 30)
	none.press("tab x")
	none.wants("no chat is open that could be exported")
}

// TestEveryLineOfAnExportFits at every size, with what is wrong.
func TestEveryLineOfAnExportFits(t *testing.T) {
	term := openExport(t, 80, 24)
	f := term.m.export.form
	f.refused = f.title
	f.put(exportSince, "陈晓")
	f.put(exportFile, strings.Repeat("陈晓 ", 60))
	j := &exportJob{Job: &export.Job{Output: strings.Repeat("/陈晓", 60)}, title: f.title}
	for w := minWidth; w < 130; w += 9 {
		for _, h := range []int{10, 11, 15, 16, 30} {
			fits := func() {
				t.Helper()
				lines := strings.Split(term.m.View().Content, "\n")
				if len(lines) > h {
					t.Fatalf("%dx%d: %d lines", w, h, len(lines))
				}
				for i, l := range lines {
					if n := cellsOf(l); n > w {
						t.Fatalf("%dx%d: line %d has %d cells", w, h, i, n)
					}
				}
			}
			term.m.export.form, term.m.export.job, term.m.export.shown = f, nil, false
			term.send(tea.WindowSizeMsg{Width: w, Height: h})
			f.focus(exportWhat)
			for field := range exportFields {
				term.press("tab")
				fits()
				if label := exportTexts[(field+1)%exportFields].label.String(); !strings.Contains(term.shows(), label) {
					t.Fatalf("%dx%d: the field %s is not shown:\n%s", w, h, label, term.shows())
				}
			}
			term.press("esc")
			for _, err := range []error{nil, &export.FileError{Err: fs.ErrPermission}, errors.New(strings.Repeat("no ", 200))} {
				j.over, j.err, term.m.export.job = err != nil, err, j
				term.press("x")
				fits()
				term.press("esc")
			}
		}
	}
}
