package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
	"backscroll/zim/saved"
)

// TestACaseThatIsNotWrittenIsNotClosed: :case tries once more, and says what is lost.
func TestACaseThatIsNotWrittenIsNotClosed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "refund")
	term := withCalls(t)
	term.say(":", "case "+dir)
	name := filepath.Join(dir, saved.CaseName)
	if err := os.WriteFile(name, []byte("somebody else's"), 0o600); err != nil {
		t.Fatal(err)
	}
	term.press("m")
	term.wants("the case is not written")
	for _, words := range []string{"case off", "case " + dir + "2"} {
		term.m.bookmarks.folder.warned = false
		term.say(":", words)
		term.wants("not closed, once more does: the case is not written")
		if term.m.bookmarks.folder.dir != dir || len(term.m.bookmarks.list) != 1 {
			t.Fatalf("%s: the bookmark is lost", words)
		}
	}
	term.say(":", "case off")
	term.wants("is closed; its last changes are lost")

	term.say(":", "case "+filepath.Join(t.TempDir(), "another"))
	f := term.m.bookmarks.folder
	f.err = os.ErrPermission // of a moment ago
	term.say(":", "case off")
	term.wants("is written now: it can be closed")
	if f.err != nil || f.warned || f.closing {
		t.Errorf("%+v", f)
	}
}

// TestACaseIsNotLeftWhileItIsWritten: another one that was being read meanwhile is
// not opened.
func TestACaseIsNotLeftWhileItIsWritten(t *testing.T) {
	term := withCalls(t)
	term.say(":", "case "+filepath.Join(t.TempDir(), "refund"))
	f := term.m.bookmarks.folder
	f.changes++
	term.m.applyCase(caseReadMsg{dir: t.TempDir()})
	if term.m.bookmarks.folder != f {
		t.Error("what was not written yet is lost")
	}
}

// TestReopeningWhatIsAlike: rows that nothing tells apart are counted for each chat,
// as collecting them does.
func TestReopeningWhatIsAlike(t *testing.T) {
	bare := zim.ReadMessage([]byte(`{"IsEmpty":1}`))
	a, b := saved.CaseChat{User: "alice", Peer: "bob"}, saved.CaseChat{User: "alice", Peer: "mail"}
	term := withCalls(t)
	term.m.applyCase(caseReadMsg{dir: t.TempDir(), was: saved.Case{Entries: []saved.Entry{{Chat: a, Message: bare}, {Chat: a, Message: bare}, {Chat: b, Message: bare}}}})
	f := term.m.bookmarks.folder
	var again alike
	if f.add(collected{Entry: saved.Entry{Chat: b, Message: bare}}, again.count(b, bare)) || len(f.collected) != 3 {
		t.Errorf("%d collected, want 3: one is there twice", len(f.collected))
	}
}

// TestABookmarkThatWasDroppedIsNotShown: neither in the list nor in the chat.
func TestABookmarkThatWasDroppedIsNotShown(t *testing.T) {
	term := withCalls(t)
	term.press("m")
	term.wants("⚑")
	term.press("' m esc")
	if shows := term.shows(); strings.Contains(shows, "⚑") {
		t.Errorf("still marked:\n%s", shows)
	}
}

// TestWhatHasNoNumberKeepsItsPlace: a row with nothing but IsEmpty stays between its
// neighbours, also once the case was read again.
func TestWhatHasNoNumberKeepsItsPlace(t *testing.T) {
	bare := map[string]any{"MsgSeq": nil, "MsgId": nil, "MsgBody": nil, "MsgTime": nil, "IsEmpty": 1}
	a := newArchive(100)
	a.fill(t, aliceAndBob, 5, map[int]map[string]any{2: bare})
	dir := filepath.Join(t.TempDir(), "refund")
	term := read(t, a, 120, 30)
	term.say(":", "case "+dir)
	for _, keys := range []string{"+", "k m", "m"} {
		term.press(keys)
		var seqs []int64
		for _, e := range caseIn(t, dir).Entries {
			seqs = append(seqs, e.Message.MsgSeq)
		}
		if !slices.Equal(seqs, []int64{1, 0, 3, 4, 5}) {
			t.Errorf("after %s the numbers are %d", keys, seqs)
		}
		again := read(t, a, 120, 30)
		again.say(":", "case "+dir)
		f := again.m.bookmarks
		for i, e := range f.asCase().Entries {
			if e.Message.MsgSeq != seqs[i] {
				t.Errorf("read again, number %d is %d, want %d", i, e.Message.MsgSeq, seqs[i])
			}
		}
	}
}
