package ui

import (
	"strings"
	"testing"

	"backscroll/zim/history"
)

var bobAndAlice = aliceAndBob.OtherSide()

// TestTheOtherSideAtTheSameMessage: a goes to the message itself, and says what is
// not the same there.
func TestTheOtherSideAtTheSameMessage(t *testing.T) {
	gone := func(state int) map[string]any { return map[string]any{"IsEmpty": state, "MsgBody": ""} }
	nameless := map[string]any{"IsEmpty": 1, "MsgId": nil, "MsgSeq": nil, "MsgTime": nil, "Sender": nil, "MsgType": nil, "MsgBody": nil}
	for name, tt := range map[string]struct {
		hers map[string]any // message 240 in alice's list
		his  map[string]any // message 240 in bob's list; nil has none of that MsgId
		seq  int64          // where it leads to
		says string
	}{
		"there":                {says("x"), says("x"), 240, ""},
		"moved in time":        {says("x"), map[string]any{"MsgTime": began.UnixMilli()}, 240, ""},
		"deleted there":        {says("x"), gone(1), 240, "deleted or expired in bob's list"},
		"recalled there":       {says("x"), gone(2), 240, "recalled in bob's list"},
		"deleted in both":      {gone(1), gone(1), 240, ""},
		"recalled here only":   {gone(2), says("x"), 240, "still there in bob's list"},
		"a notice of a recall": {gone(2), map[string]any{"MsgType": 31}, 240, ""},
		"not there":            {says("x"), map[string]any{"MsgId": 7, "MsgBody": "another"}, 240, "not in bob's list: this is its place by time, back to 20"},
		"perhaps without ID":   {says("x"), nameless, 241, "not in bob's list by its MsgId: it may be a row without one that stands here"},
		"without an ID here":   {map[string]any{"MsgId": nil}, says("x"), 240, ""},
	} {
		a := newArchive(20).fill(t, aliceAndBob, 400, map[int]map[string]any{240: tt.hers})
		a.fill(t, bobAndAlice, 400, map[int]map[string]any{240: tt.his})
		term := read(t, a, 120, 24)
		term.run(term.m.messages.goTo(goal{kind: goalSeq, seq: 240, row: -1}))
		row := term.m.messages.hold().row
		term.press("a")
		m := &term.m.messages
		if m.chat != bobAndAlice || m.selectedSeq() != tt.seq && m.at(m.selected).MsgId != 0 {
			t.Errorf("%s: %v at seq %d", name, m.chat, m.selectedSeq())
		}
		if got := m.hold().row; got != row {
			t.Errorf("%s: on row %d, not %d", name, got, row)
		}
		if said := term.lastRow(); tt.says == "" && !strings.Contains(said, "bob's side") || !strings.Contains(said, tt.says) {
			t.Errorf("%s: %q is said, not %q", name, said, tt.says)
		}
		if n := m.log.Pages(); n > 16 {
			t.Errorf("%s: %d pages are read for a place 9 pages back", name, n)
		}
		if term.press("a"); m.chat != aliceAndBob || tt.hers["MsgId"] == nil && tt.his["IsEmpty"] == nil && m.selectedSeq() != 240 {
			t.Errorf("%s: back at %v, seq %d", name, m.chat, m.selectedSeq())
		}
	}
}

// TestTheWayToTheOtherSideIsTold, and esc ends it.
func TestTheWayToTheOtherSideIsTold(t *testing.T) {
	a := newArchive(20).fill(t, aliceAndBob, 400, nil).fill(t, bobAndAlice, 400, nil)
	term := read(t, a, 120, 24)
	term.run(term.m.messages.goTo(goal{kind: goalSeq, seq: 40, row: -1}))
	held := term.held()
	held.send(keyOf(t, "a"))
	for range 3 {
		held.answer()
	}
	if said := held.lastRow(); !strings.Contains(said, "to the same message · back to 20") || !strings.Contains(said, "esc stops") {
		t.Errorf("on the way: %q", said)
	}
	held.send(keyOf(t, "esc"))
	held.finish()
	if m := &held.m.messages; m.goal.on() || m.log.Len() > 120 {
		t.Errorf("after esc: goal %+v, %d loaded", m.goal, m.log.Len())
	}
}

// TestChatsWithoutAnotherSide say why there is none.
func TestChatsWithoutAnotherSide(t *testing.T) {
	group, own := history.Chat{Group: "team"}, history.Chat{User: "alice", Peer: "alice"}
	a := newArchive(20).fill(t, group, 5, nil).fill(t, own, 5, nil).fill(t, history.Chat{Peer: "file"}, 5, nil)
	for chat, says := range map[history.Chat]string{group: "a group has one list for all", own: "a chat with oneself has one list", {Peer: "file"}: "a file holds one list only"} {
		term := start(t, Config{Client: a, Chat: chat, Offline: chat.User == "" && !chat.IsGroup()}, 100, 20)
		if term.press("a"); term.m.messages.chat != chat || !strings.Contains(term.lastRow(), says) {
			t.Errorf("%v: %q, not %q", chat, term.lastRow(), says)
		}
	}
}
