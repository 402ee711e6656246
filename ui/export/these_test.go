package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// TestTheseWithTheirNotes: files of messages that somebody chose say that, and have the notes;
// those of a file name it, and no app.
func TestTheseWithTheirNotes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	message := func(raw string) zim.Message { return zim.ReadMessage([]byte(raw)) }
	j := &Job{
		Chat: history.Chat{Peer: "saved.jsonl"}, Only: "bookmarks", NoEmpty: true, Output: filepath.Join(dir, "x"),
		Source: These([]zim.Message{
			message(`{"Sender":"bob","MsgType":1,"MsgBody":"later","MsgSeq":3}`), message(`{"IsEmpty":1,"MsgSeq":2}`),
			message(`{"Sender":"bob","MsgType":1,"MsgBody":"earlier","MsgSeq":1}`),
		}),
		Zone: time.UTC, Now: time.Now, Version: "test",
		Say: func(e zim.Envelope, _ *time.Location) []text.Line {
			return []text.Line{text.CleanLine(string(e.MsgBody))}
		},
		Note: func(m zim.Message) string { return map[int64]string{1: "ask about it"}[m.MsgSeq] },
	}
	for _, f := range transcript.Formats() {
		j.Targets = append(j.Targets, Target{j.Output + "." + string(f), f})
	}
	if _, err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, target := range j.Targets {
		got := read(target.Name)
		first, last := strings.Index(got, "earlier"), strings.Index(got, "later")
		if first < 0 || last < first || !strings.Contains(got, "ask about it") || strings.Contains(got, "deleted or expired") {
			t.Errorf("%s:\n%s", target.Format, got)
		}
		if lists := target.Format == transcript.JSONL || target.Format == transcript.CSV; !lists && (!strings.Contains(got, "saved.jsonl") || !strings.Contains(got, "bookmarks")) {
			t.Errorf("%s does not say of what it is:\n%s", target.Format, got)
		}
		if strings.Contains(got, " and saved") || strings.Contains(got, "Peer") {
			t.Errorf("%s takes the file for somebody:\n%s", target.Format, got)
		}
	}
	manifest := read(j.Output + ManifestSuffix)
	for _, want := range []string{`"File": "saved.jsonl"`, `"Only": "bookmarks"`, `"NoEmpty": true`, `"Messages": 2`, `"LookedAt": 3`} {
		if !strings.Contains(manifest, want) {
			t.Errorf("no %s in\n%s", want, manifest)
		}
	}
	for _, bad := range []string{"AppId", "Endpoint", "Peer", "User"} {
		if strings.Contains(manifest, `"`+bad) {
			t.Errorf("%s in\n%s", bad, manifest)
		}
	}
}

// TestNotesAreMasked, as what they stand at and the name of the file it came from, in all
// formats.
func TestNotesAreMasked(t *testing.T) {
	t.Parallel()
	const note = "call +49 170 1234567 or anna@example.com about it"
	j := &Job{
		Chat: history.Chat{Peer: "anna@example.com.jsonl"}, Only: "bookmarks", Mask: true, Output: filepath.Join(t.TempDir(), "x"),
		Source: These([]zim.Message{zim.ReadMessage([]byte(`{"Sender":"bob","MsgType":1,"MsgBody":"+49 170 1234567","MsgSeq":1}`))}),
		Zone:   time.UTC, Now: time.Now, Version: "test",
		Say: func(e zim.Envelope, _ *time.Location) []text.Line {
			return []text.Line{text.CleanLine(string(e.MsgBody))}
		},
		Note: func(zim.Message) string { return note },
	}
	for _, f := range transcript.Formats() {
		j.Targets = append(j.Targets, Target{j.Output + "." + string(f), f})
	}
	if _, err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range j.Names() {
		b, err := os.ReadFile(name)
		got := string(b)
		if err != nil || strings.Contains(got, "1234567") || strings.Contains(got, "anna") {
			t.Errorf("%s, %v:\n%s", filepath.Ext(name), err, got)
		}
		if filepath.Ext(name) != ".json" && strings.Count(got, "phone") < 2 || !strings.Contains(got, "email") {
			t.Errorf("%s has no placeholder for what was noted:\n%s", filepath.Ext(name), got)
		}
	}
}

// TestManifestIsVisible: a manifest can be shown on a terminal, and means what was asked.
func TestManifestIsVisible(t *testing.T) {
	t.Parallel()
	const peer = "bob\u202e\u009b31m\x7f\x1b <&> \U000e0041 陈"
	want := Manifest{Manifest: manifestVersion, Chat: ChatName{Peer: peer}, Files: []File{{Name: "x"}}}
	b := want.encode()
	if i := strings.IndexFunc(string(b), func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }); i >= 0 {
		t.Errorf("%q", b[i:])
	}
	name := filepath.Join(t.TempDir(), "x")
	if err := ReplaceFile(name, b); err != nil {
		t.Fatal(err)
	}
	if m, err := ReadManifest(name); err != nil || m.Chat.Peer != peer {
		t.Errorf("%+v, %v", m, err)
	}
}
