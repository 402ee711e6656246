package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backscroll/ui/export"
)

// exported lists the files in the home that have to do with exports.
func (s *screen) exported() (names []string) {
	s.t.Helper()
	entries, err := os.ReadDir(s.home)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), "archive") || strings.HasPrefix(e.Name(), ".backscroll-") {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestExportFromTheBrowserEndToEnd exports a chat while it is read, and verifies
// what was written.
func TestExportFromTheBrowserEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 40)
	s.begin("--demo --user alice --peer walter")
	s.number(`([1-9]\d*) loaded`)
	s.press("x")
	s.waitFor("Export alice → walter, alice's side", "enter starts")
	s.press("BTab", "C-u")
	s.letters("~/walter")
	s.press("BTab", "Right", "Right", "Space")
	s.waitFor("✓ csv", "walter.jsonl, .csv, .html, .manifest.json")
	s.press("Enter")
	s.waitFor("exported: 303 messages · walter.jsonl, .csv, .html, .manifest.json · in " + s.home[:20])
	s.press("k")
	s.until("what was exported in the last row", s.says("exported, x shows it"))
	s.press("x")
	s.waitFor(filepath.Join(s.home, "walter.html"), "x exports again")
	s.press("x")
	s.waitFor("enter starts", "✓ csv")
	s.press("BTab", "C-u")
	s.letters("walter")
	s.press("Enter")
	s.waitFor("walter.jsonl is there already: another name is wanted")
	s.escape(func() bool { return !strings.Contains(s.shows(), "enter starts") })
	s.press("L")
	s.waitFor("calls of this session", "QueryPeerMsg")
	s.ends()

	o := newMachine().run(t, "verify", filepath.Join(s.home, "walter.manifest.json"))
	o.wantDone(t, "")
	if n := strings.Count(o.stdout, "ok       walter."); n != 3 {
		t.Errorf("%d files are right:\n%s", n, o.stdout)
	}
	list := readFile(t, filepath.Join(s.home, "walter.jsonl"))
	if n := strings.Count(list, "\n"); n != 303 {
		t.Errorf("%d lines", n)
	}
}

// TestExportStopsEndToEnd stops the export of 100,000 messages: by ctrl+c, and by
// leaving. What was had is kept, and gone on with.
func TestExportStopsEndToEnd(t *testing.T) {
	t.Parallel()
	s := openArchive(t, "")
	s.number(`([1-9]\d*) loaded, older: yes`)
	begins := func(says string) {
		t.Helper()
		s.press("x")
		s.waitFor("Export alice → archive", "enter starts")
		s.press("Enter")
		s.waitFor(says)
		s.press("k")
		s.number(`exporting: ([1-9]\d*), at 20\d\d-\d\d-\d\d`)
		if len(s.exported()) != 2 {
			t.Errorf("there is %q while it runs", s.exported())
		}
	}
	kept := func() {
		t.Helper()
		if left := s.exported(); len(left) != 1 || !strings.HasSuffix(left[0], export.PartialSuffix) {
			t.Errorf("there is %q", left)
		}
	}
	begins("exporting: x shows how far it is")
	s.press("C-c")
	s.waitFor("export stopped, x goes on with it: it is kept after ")
	kept()
	begins("going on with what was kept: x shows how far it is")
	s.press("Q")
	s.waitFor("stop the export and quit? y does")
	s.press("y")
	s.wantWhole(0)
	s.wantNoSecret()
	kept()
}

// TestExportOptionsEndToEnd saves the files that messages link to, and masks the same
// chat.
func TestExportOptionsEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 40)
	s.begin("--demo --user alice --peer bob")
	s.number(`([1-9]\d*) loaded`)
	s.press("x")
	s.waitFor("enter starts")
	s.press("BTab", "C-u")
	s.letters("~/files")
	s.press("BTab", "BTab", "Left", "Space")
	s.waitFor("✓ save linked files", "linked files in files.media")
	s.press("Left", "Space", "Enter")
	s.waitFor("what pictures show cannot be masked")
	s.press("Space", "Enter")
	s.waitFor("exported: 69 messages · 11 of 11 files saved")
	s.press("x")
	s.waitFor(filepath.Join(s.home, "files.media"), "x exports again")
	s.press("x")
	s.waitFor("enter starts")
	s.press("BTab", "C-u")
	s.letters("~/masked")
	s.press("BTab", "BTab", "Right", "Space", "Enter")
	s.waitFor("exported, masked: 69 messages")
	s.ends()
	for _, name := range []string{"files", "masked"} {
		newMachine().run(t, "verify", filepath.Join(s.home, name+".manifest.json")).wantDone(t, "")
	}
}
