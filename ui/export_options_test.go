package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backscroll/ui/export"
	"backscroll/ui/transcript"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// choose chooses an option of the form, or no more.
func (term *terminal) choose(option int) {
	f := term.m.export.form
	f.focus(exportOptions)
	f.choices[exportOptions].at = option
	term.press("space")
}

// TestExportMaskedFromTheBrowser: what was noted is masked too, and no file is called
// by what is masked in it.
func TestExportMaskedFromTheBrowser(t *testing.T) {
	term := openExport(t, 120, 30)
	term.press("esc m")
	term.say(";", "her number is 0170 1234567")
	term.press("x right")
	for i := range term.m.export.form.choices[exportFormats].list {
		term.m.export.form.choices[exportFormats].list[i].on = true
	}
	term.choose(optionMask)
	dir := term.into(t, "for anna@example.com")
	term.press("enter")
	term.wants("with masking no file can be called by a phone number or an address: another name is wanted")
	if f := term.m.export.form; f == nil || f.focused != exportFile || len(filesIn(t, dir)) > 0 {
		t.Fatalf("it began, and left %q", filesIn(t, dir))
	}
	dir = term.into(t, "a")
	term.press("enter")
	term.wants("exported, masked: 1 message · a.jsonl")
	names := filesIn(t, dir)
	if len(names) != len(transcript.Formats())+1 {
		t.Errorf("there is %q", names)
	}
	for _, name := range names {
		all := readFile(t, dir, name)
		if isManifest := strings.HasSuffix(name, export.ManifestSuffix); strings.Contains(all, "1234567") || !isManifest && !strings.Contains(all, "her number is [phone-") && !strings.Contains(all, `her number is \[phone-`) {
			t.Errorf("%s:\n%s", name, all)
		}
	}
	if m, err := export.ReadManifest(filepath.Join(dir, "a.manifest.json")); err != nil || !m.Masked {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestExportWithFilesFromTheBrowser saves what messages link to, and does not mask.
func TestExportWithFilesFromTheBrowser(t *testing.T) {
	var opened []string
	term := withMedia(t, "bob", 791, 120, 30, &opened)
	term.press("x")
	dir := term.into(t, "a")
	term.choose(optionMask)
	term.choose(optionMedia)
	term.wants("linked files in a.media")
	term.press("enter")
	term.wants("what pictures show cannot be masked: choose one of the two")
	if f := term.m.export.form; f == nil || f.focused != exportOptions {
		t.Fatal("it began, or another field is focused")
	}
	term.choose(optionMask)
	term.press("enter")
	term.wants("exported: 69 messages · 11 of 11 files saved · a.jsonl")
	m, err := export.ReadManifest(filepath.Join(dir, "a.manifest.json"))
	if err != nil || m.MediaFolder != "a.media" || m.MediaLimit != export.DefaultMediaLimit || len(filesIn(t, filepath.Join(dir, "a.media"))) != 11 {
		t.Errorf("%+v, %v", m, err)
	}
	term.press("x")
	term.wants(filepath.Join(dir, "a.media"))

	term.press("x")
	dir = term.into(t, "b")
	term.choose(optionMedia)
	term.m.media = media.NewFetcher() // follows no link to this machine
	term.press("enter")
	term.wants("0 of 11 files saved; the manifest says which, and why")
	if got := filesIn(t, dir); !slices.Equal(got, []string{"b.html", "b.jsonl", "b.manifest.json"}) {
		t.Errorf("there is %q", got)
	}
}

// TestWhereAnExportIs says it in all its phases.
func TestWhereAnExportIs(t *testing.T) {
	term := start(t, Config{Client: &slowService{perChat: 50, perPage: 100}, Chat: history.Chat{User: "alice", Peer: "bob"}}, 120, 24)
	j := &exportJob{Job: &export.Job{Output: "/home/sam/a", MediaLimit: export.DefaultMediaLimit}}
	for _, c := range []struct {
		at           export.Progress
		status, page string
	}{
		{export.Progress{LookedAt: 100, Messages: 100}, "exporting: 100", "100 messages looked at"},
		{export.Progress{Phase: export.Finding, LookedAt: 300, Again: 200}, "exporting: 200 looked at again", "looking for where it was stopped: 200 messages"},
		{export.Progress{Phase: export.Saving, Media: 3, MediaOf: 11, MediaBytes: 2_300_000}, "exporting: 3 of 11 files", "3 of 11 linked files done with · 2.3 MB"},
		{export.Progress{Phase: export.Writing, Messages: 41, Written: 7}, "exporting: 7 of 41 written", "7 of 41 messages written"},
	} {
		term.m.export.job = j
		j.at.Store(&c.at)
		term.press("k")
		term.wants(c.status)
		term.press("x")
		term.wants(c.page, "/home/sam/a.media")
		term.press("esc")
	}
}
