package ui

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/export"
	"backscroll/zim"
	"backscroll/zim/history"
	"backscroll/zim/saved"
)

// caseIn reads the case of a folder.
func caseIn(t *testing.T, dir string) *saved.Case {
	t.Helper()
	f, err := saved.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return f.Case()
}

// with opens alice's chat with bob, and the calls of it.
func withCalls(t *testing.T) *terminal {
	t.Helper()
	calls := &Exchanges{}
	return start(t, Config{Client: noted(t, calls), Calls: calls, Place: "shop", User: "alice", Chat: history.Chat{User: "alice", Peer: "bob"}}, 120, 30)
}

func TestCase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "refund")
	term := withCalls(t)
	for _, keys := range []string{"+", "-", "L +"} {
		term.press(keys)
		term.wants("no case is open: :case NAME")
	}
	term.press("esc m")
	term.say(":", "case "+dir)
	term.wants("case refund: 1 bookmark", "case refund")
	term.press("k k k")
	term.say(";", "ask Ben")
	term.wants("noted in case refund")
	term.press("L g m m +")
	term.wants("2 calls put into the case")
	term.press("+")
	term.wants("0 calls put into the case")
	term.press("esc")
	term.run(term.m.openChat(history.Chat{Group: "team"}, goal{}))
	term.say("f", "from:raj")
	shown := term.m.messages.len()
	term.press("+")
	term.wants("messages collected")
	term.press("+")
	term.wants("0 messages collected")

	c := caseIn(t, dir)
	notes, marked, team := 0, 0, 0
	for _, e := range c.Entries {
		if e.Bookmark {
			marked++
		}
		if e.Note == "ask Ben" {
			notes++
		}
		if e.Chat == (saved.CaseChat{App: "shop", Group: "team"}) {
			team++
		}
	}
	if marked != 2 || notes != 1 || team != shown || shown == 0 || len(c.Calls) != 2 || len(c.Chats()) != 2 {
		t.Errorf("%d marked, %d noted, %d of team (%d shown), %d calls of %+v", marked, notes, team, shown, len(c.Calls), c.Chats())
	}
	if !slices.IsSortedFunc(c.Entries[marked:], func(a, b saved.Entry) int { return int(a.Message.MsgSeq - b.Message.MsgSeq) }) {
		t.Error("the messages of a chat are not in order")
	}
	whole, err := export.ReadManifest(filepath.Join(dir, export.CaseManifest))
	if err != nil || len(whole.Files) != 3 {
		t.Fatalf("%v, %+v", err, whole)
	}
	for _, f := range whole.Files {
		if differs, err := f.Differs(t.Context(), dir); differs != "" || err != nil {
			t.Errorf("%s: %s, %v", f.Name, differs, err)
		}
		info, err := os.Stat(filepath.Join(dir, f.Name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name, info.Mode(), err)
		}
	}

	term.press("-")
	term.wants("taken out of the case")
	if c := caseIn(t, dir); len(c.Entries) != 2 {
		t.Errorf("%d entries are left", len(c.Entries))
	}
	term.press("' ")
	term.wants("Bookmarks · 2 messages, in case refund")
	term.press("g m")
	if c := caseIn(t, dir); len(c.Entries) != 1 || c.Entries[0].Note != "ask Ben" {
		t.Errorf("left: %+v", c.Entries)
	}

	again := withCalls(t) // another session
	again.say(":", "case "+dir)
	again.wants("case refund: 1 bookmark, 2 calls")
	again.press("'")
	again.wants("ask Ben")
	again.press("enter")
	if got, want := again.m.messages.selectedSeq(), c.Entries[0].Message.MsgSeq; got == 0 || again.m.cover != nil {
		t.Errorf("opened seq %d, want %d", got, want)
	}
	again.press("m") // asks for the note, since there is one
	again.press("ctrl+u enter")
	again.say(":", "case off")
	again.wants("case refund is closed")
	if again.press("m"); len(caseIn(t, dir).Entries) != 0 {
		t.Error("a bookmark went into a closed case")
	}

	term.press("esc") // the first session does not know
	term.run(term.m.openChat(history.Chat{Group: "team"}, goal{}))
	term.press("m")
	term.wants("the case is not written: another program changed it")
	term.press("k")
	term.wants("case refund not written")
	if len(caseIn(t, dir).Entries) != 0 {
		t.Error("what the other session wrote is lost")
	}
}

// TestCasesThatAreNone: nothing is written into a folder that is no case.
func TestCasesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	full, broken := filepath.Join(dir, "full"), filepath.Join(dir, "broken")
	for _, name := range []string{filepath.Join(full, "letter.txt"), filepath.Join(broken, saved.CaseName)} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("hello"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	term := withCalls(t)
	for words, want := range map[string]string{
		"case":                         "no case is open",
		"case off":                     "no case is open",
		"case " + full:                 "the folder has other things in it",
		"case " + broken:               "none of a case",
		"case " + full + "/letter.txt": "no case: ",
	} {
		term.say(":", words)
		term.wants(want)
	}
	if term.m.bookmarks.folder != nil {
		t.Error("a case is open")
	}
}

// TestQuitWaitsForTheCase: what was noted last is written before the browser ends,
// and where it cannot be, the reader knows before.
func TestQuitWaitsForTheCase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "refund")
	term := withCalls(t)
	term.say(":", "case "+dir)
	m := term.m
	m.bookmarks.changed()
	_, write := m.Update(nil)
	if cmd := m.quit(); cmd != nil || m.ctx.Err() != nil {
		t.Fatal("it quits before the case is written")
	}
	var quit tea.Cmd
	for _, msg := range allOf(write) {
		if msg, ok := msg.(caseWrittenMsg); ok {
			quit = m.apply(msg)
		}
	}
	if quit == nil || m.ctx.Err() == nil {
		t.Error("it does not quit once the case is written")
	}

	term = withCalls(t)
	term.say(":", "case "+dir)
	if err := os.WriteFile(filepath.Join(dir, saved.CaseName), []byte("somebody else's"), 0o600); err != nil {
		t.Fatal(err)
	}
	term.press("m")
	term.wants("the case is not written")
	if term.press("Q"); term.m.ctx.Err() != nil {
		t.Error("it quits without a word")
	}
	term.wants("not quit, once more does: the case is not written")
	if term.press("Q"); term.m.ctx.Err() == nil {
		t.Error("it never quits")
	}
}

// allOf runs a command, and all of a batch.
func allOf(cmd tea.Cmd) (all []tea.Msg) {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			all = append(all, allOf(c)...)
		}
	default:
		all = append(all, msg)
	}
	return all
}

// TestNoMessageTwice: rows that nothing tells apart are collected as often as they
// are there, and not once more.
func TestCollectingWhatIsAlike(t *testing.T) {
	f := &caseFolder{known: map[collectedKey]bool{}}
	for range 2 {
		var alike alike
		for range 3 {
			m := zim.ReadMessage([]byte(`{"IsEmpty":1}`))
			f.add(collected{Entry: saved.Entry{Message: m}}, alike.count(saved.CaseChat{}, m))
		}
	}
	if len(f.collected) != 3 {
		t.Errorf("%d collected, want 3", len(f.collected))
	}
	if b, err := json.Marshal(f.collected[0].Chat); err != nil || strings.Contains(string(b), "User") {
		t.Errorf("%s, %v", b, err)
	}
}

// TestCaseGainsNothingAndLosesNothing: a case that is opened keeps its notes beside
// those of the session and messages beyond what may be collected, and what is
// collected once more is not there twice.
func TestCaseGainsNothingAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	shop, chat := saved.CaseChat{App: "shop", Group: "team"}, history.Chat{Group: "team"}
	message := zim.ReadMessage([]byte(`{"MsgId":1,"MsgSeq":1}`))
	deleted := zim.ReadMessage([]byte(`{"IsEmpty":1}`))
	was := saved.Case{Name: "refund", Entries: []saved.Entry{{Chat: shop, Message: message, Note: "ask Ben", Bookmark: true}}}
	for _, group := range []string{"other", "team"} {
		was.Entries = append(was.Entries, saved.Entry{Chat: saved.CaseChat{App: "shop", Group: group}, Message: deleted})
	}
	for n := range maxCollected {
		was.Entries = append(was.Entries, saved.Entry{Chat: shop, Message: zim.ReadMessage(fmt.Appendf(nil, `{"MsgSeq":%d}`, n+2))})
	}
	for _, note := range []string{"", "ask Ben", "angry"} {
		term := withCalls(t)
		m := term.m
		m.bookmarks.list = []*bookmark{{place: "shop", chat: chat, message: message, note: note}}
		m.applyCase(caseReadMsg{dir: dir, was: was})
		want := map[string]string{"": "ask Ben", "ask Ben": "ask Ben", "angry": "ask Ben · angry"}[note]
		if list := m.bookmarks.list; len(list) != 1 || list[0].note != want {
			t.Errorf("%q became %q, want %q", note, list[0].note, want)
		}
		f := m.bookmarks.folder
		if got := len(m.bookmarks.asCase().Entries); got != len(was.Entries) {
			t.Errorf("%d entries, want %d", got, len(was.Entries))
		}
		var alike alike
		if f.add(collected{Entry: saved.Entry{Chat: shop, Message: deleted}}, alike.count(shop, deleted)) {
			t.Error("a deleted message that is there was added again")
		}
	}
}
