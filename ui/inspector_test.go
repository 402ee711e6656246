package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"backscroll/zim/history"
)

// inspected opens the inspector on the message of a MsgSeq.
func inspected(t *testing.T, peer string, seq int64, w, h int) *terminal {
	t.Helper()
	calls := &Exchanges{}
	c := Config{Client: noted(t, calls), Calls: calls, User: "alice", Chat: history.Chat{User: "alice", Peer: peer}}
	term := start(t, c, w, h)
	term.run(term.m.messages.goTo(goal{kind: goalSeq, seq: seq}))
	if term.press("enter"); term.m.inspector.message.MsgSeq != seq {
		t.Fatalf("seq %d is inspected", term.m.inspector.message.MsgSeq)
	}
	return term
}

func TestTabsOfTheInspector(t *testing.T) {
	term := inspected(t, "bob", 797, 160, 60)
	term.press("enter") // over the whole screen, so that no line is broken
	want := func(all ...string) {
		t.Helper()
		for _, s := range all {
			if !strings.Contains(term.shows(), s) {
				t.Errorf("no %q on\n%s", s, term.shows())
			}
		}
	}
	want("type          custom (200), subtype 110", "How the body is decoded", "JavaScript changes this number")
	term.press("]")
	want("of the body", `state: "paid"`, "order: 1041")
	term.press("j")
	want(".order")
	term.press("v")
	want("of the payload")
	term.press("v")
	want("of the message", `Sender: "bob"`)
	term.press("v ]")
	want(`{"Sender":"bob"`)
	term.press("]")
	want("Action=QueryPeerMsg", "Signature=***", `"FromUserId":"alice"`, "attempt 1", "RequestId", "of this chat, message")
	term.press("]")
	want("How the body is decoded")
	term.press("[")
	want("Action=QueryPeerMsg")
}

func TestTheInspectorOverTheWholeScreen(t *testing.T) {
	term := inspected(t, "bob", 797, 160, 40)
	term.press("enter")
	if shown := term.shows(); strings.Contains(shown, "│") || !strings.Contains(shown, "Fields") {
		t.Errorf("the inspector has not the whole screen:\n%s", shown)
	}
	term.send(tea.WindowSizeMsg{Width: 70, Height: 20})
	term.send(tea.WindowSizeMsg{Width: 160, Height: 40})
	if term.press("esc"); !strings.Contains(term.shows(), "│") || !term.m.inspector.open {
		t.Errorf("esc does not put it beside the messages:\n%s", term.shows())
	}
	if term.press("esc"); term.m.inspector.open {
		t.Error("esc does not close it")
	}
}

func TestSearchInTheInspector(t *testing.T) {
	term := inspected(t, "bob", 797, 160, 14)
	find := func(what, shown string) {
		t.Helper()
		term.press("/")
		term.write(what)
		if term.press("enter"); !strings.Contains(term.shows(), shown) {
			t.Errorf("%s: no %q on\n%s", what, shown, term.shows())
		}
	}
	find("subtype", "custom (200), subtype 110")
	find("JavaScript", "JavaScript changes this number")
	term.press("]")
	find("paid", `state: "paid"`)
	find("nowhere at all", "not found in the tree")
	term.press("] ]")
	find("requestid", "RequestId")
	term.press("n N")
}

// TestTheInspectorFollows: the tab stays when another message is selected.
func TestTheInspectorFollows(t *testing.T) {
	term := inspected(t, "bob", 797, 160, 40)
	term.press("] ] shift+tab k")
	if m := term.m; m.inspector.tab != tabRaw || m.inspector.message.MsgSeq >= 797 {
		t.Errorf("tab %d on seq %d", m.inspector.tab, m.inspector.message.MsgSeq)
	}
}

func TestEveryLineOfTheInspectorFits(t *testing.T) {
	for _, w := range []int{40, 57, 80, 139, 140, 200} {
		term := inspected(t, "dave", 9054, w, 24)
		for range tabs {
			for range 3 {
				for i, l := range strings.Split(term.m.View().Content, "\n") {
					if n := cellsOf(l); n > w {
						t.Errorf("%d wide, tab %d: line %d has %d cells", w, term.m.inspector.tab, i, n)
					}
				}
				term.press("k enter")
			}
			term.press("]")
		}
	}
}
