package ui

import (
	"strings"
	"testing"

	"backscroll/zim/history"
)

func TestBookmarks(t *testing.T) {
	c := Config{Client: sampleClient(t), Place: "shop", User: "alice", Chat: history.Chat{User: "alice", Peer: "bob"}}
	term := start(t, c, 120, 30)
	m := term.m
	term.press("'")
	term.wants("no bookmarks in this session")
	term.press("m")
	first := m.messages.selectedSeq()
	term.wants("bookmarked for this session", "⚑")
	row := m.messages.hold().row
	term.press("k k k")
	term.say(";", "ask Ben about it")
	term.wants("noted for this session", "ask Ben about it")
	second := m.messages.selectedSeq()
	if got := m.messages.hold().row; got == row {
		t.Errorf("the selection is still on row %d", got)
	}
	term.run(m.openChat(history.Chat{Group: "team"}, goal{}))
	term.press("m '")
	term.wants("Bookmarks · 3 messages, for this session", "bob", "team", "ask Ben about it")
	term.press("g j enter")
	if m.cover != nil || m.messages.chat.Peer != "bob" || m.messages.selectedSeq() != second {
		t.Errorf("opened %+v, seq %d, want %d", m.messages.chat, m.messages.selectedSeq(), second)
	}
	term.press("' g enter")
	if m.messages.selectedSeq() != first {
		t.Errorf("opened seq %d, want %d", m.messages.selectedSeq(), first)
	}
	if term.press("m"); len(m.bookmarks.list) != 2 {
		t.Errorf("%d bookmarks", len(m.bookmarks.list))
	}
	term.press("' g enter m") // it has a note
	term.wants("note: ask Ben about it")
	if term.press("ctrl+u enter"); len(m.bookmarks.list) != 1 || strings.Contains(term.shows(), "ask Ben") {
		t.Errorf("%d bookmarks:\n%s", len(m.bookmarks.list), term.shows())
	}
	term.press("' m")
	term.wants("Bookmarks · 0 messages")
	term.press("esc")
	term.say(":", "note by name")
	term.wants("by name")
	m.bookmarks.list[0].place = "test"
	term.press("'")
	term.wants("test · bob")
	term.press("enter")
	term.wants("it is of another app: P turns to test")
}

// TestBookmarksOfWhatCannotBeFound: a row of which nothing is known has none.
func TestBookmarksOfWhatCannotBeFound(t *testing.T) {
	c := Config{Client: sampleClient(t), Chat: history.Chat{User: "alice", Peer: "dave"}}
	term := start(t, c, 120, 30)
	for n := 0; term.m.messages.at(term.m.messages.selected).MsgSeq != 0; n++ {
		if n > 80 {
			t.Fatal("no deleted row")
		}
		term.press("k")
	}
	term.press("m")
	term.wants("it could not be found again")
	term.press(";")
	term.wants("it could not be found again")
	if term.m.prompt.kind != promptNone || len(term.m.bookmarks.list) > 0 {
		t.Error("it can be noted")
	}
}

func TestEveryLineOfTheBookmarksFits(t *testing.T) {
	for w := minWidth; w < 130; w += 3 {
		term := start(t, Config{Client: sampleClient(t), Chat: history.Chat{User: "alice", Peer: "zoe"}}, w, 12)
		for range 8 {
			term.press("m k")
		}
		term.say(";", strings.Repeat("陈晓 ", 30))
		for range 2 {
			for i, l := range strings.Split(term.m.View().Content, "\n") {
				if n := cellsOf(l); n > w {
					t.Fatalf("%d wide: line %d has %d cells", w, i, n)
				}
			}
			term.press("'")
		}
	}
}
