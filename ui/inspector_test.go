package ui

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"backscroll/zim"
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

// TestALargeBody inspects a body of 4 MiB: what is not visible is not laid out, and
// is found all the same.
func TestALargeBody(t *testing.T) {
	t.Parallel()
	var items []string
	for i := range 60_000 {
		items = append(items, fmt.Sprintf(`{"id":%d,"name":"item %d","note":"陈晓 writes a lot"}`, 971503777289036729+i, i))
	}
	body, err := json.Marshal(`{"items":[` + strings.Join(items, ",") + `]}`)
	if err != nil || len(body) < 4<<20 {
		t.Fatal(len(body), err)
	}
	page := zim.ReadMessagePage([]byte(`{"Code":0,"Next":0,"RequestId":"1","List":[{"Sender":"a","MsgType":200,"MsgBody":` + string(body) + `,"MsgId":2,"MsgSeq":2,"MsgTime":1700000000000}]}`))
	term := start(t, Config{Client: &slowService{}, Chat: aliceAndBob}, 160, 50)
	m := term.m
	m.messages.log = &history.History{}
	m.messages.fetch(zim.Foreground)
	term.send(messagesMsg{number: m.messages.request.number, page: page})
	term.press("enter")
	if shown := term.shows(); !strings.Contains(shown, "more: Raw has all of it") || !strings.Contains(shown, "How the body is decoded") {
		t.Errorf("the fields:\n%s", shown)
	}
	if n := m.inspector.pager.laid; n > 40 {
		t.Errorf("%d of %d parts were laid out", n, len(m.inspector.pager.parts))
	}
	for tabs, want := range map[string]string{"]": `name: "item 59999"`, "] ]": "item 59999"} {
		term.press("esc enter " + tabs)
		m.inspector.pager.laid = 0
		term.press("/")
		term.write("item 59999")
		term.press("enter")
		for m.inspector.tree != nil && m.inspector.tree.finding() {
			term.send(treeMsg{})
		}
		if !strings.Contains(term.shows(), want) {
			t.Errorf("%s: no %q on\n%s", tabs, want, term.shows())
		}
		if n := m.inspector.pager.laid; n > 8 {
			t.Errorf("%s: %d parts were laid out to find it", tabs, n)
		}
		for m.inspector.tab != tabFields {
			term.press("]")
		}
	}
}

// numberToken is a number of JSON outside of its strings.
var numberToken = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*`)

// numberRun is as much of a text as could be one number.
var numberRun = regexp.MustCompile(`[0-9.eE+-]+`)

// TestTheNumbersAreTheWires: each number of a message stands in the tree and in the
// bytes as it was sent, digit for digit, and so do those of its fields.
func TestTheNumbersAreTheWires(t *testing.T) {
	t.Parallel()
	odd := zim.ReadMessage([]byte(`{"Sender":"a","MsgType":200,"MsgId":971503777289036729,"MsgSeq":3,"MsgTime":1700000000000,"IsEmpty":0,` +
		`"MsgBody":{"big":9007199254740993,"price":1.10,"huge":1E400,"tiny":-0.0e-7,"long":123456789012345678901234567890.5,"in":[0,-0,1e3]}}`))
	messages := []zim.Message{odd}
	term := inspected(t, "dave", 9068, 2100, 120) // as wide as the longest that is looked at
	for i := range term.m.messages.log.Len() {
		messages = append(messages, term.m.messages.log.At(i))
	}
	term.press("enter ] v v") // the whole message, over the whole screen
	if term.m.inspector.subject != subjectMessage {
		t.Fatalf("subject %d", term.m.inspector.subject)
	}
	count := 0
	for _, m := range messages {
		i := &term.m.inspector
		i.tab = tabTree
		i.show(m, exchanged{})
		i.tree.unfoldAll()
		shown := map[string][]string{"tree": i.tree.view(false)}
		i.turn(1)
		shown["bytes"] = i.view(false)
		i.tab = tabFields
		i.compose(false)
		shown["fields"] = i.view(false)
		has := map[string]map[string]bool{} // what could be a number, by tab
		for tab, lines := range shown {
			has[tab] = map[string]bool{}
			for _, l := range lines {
				for _, token := range numberRun.FindAllString(ansi.Strip(strings.TrimRight(l, " ")), -1) {
					has[tab][token] = true
				}
			}
		}
		for _, token := range numberToken.FindAllString(string(m.Raw), -1) {
			if token[0] == '"' {
				continue
			}
			count++
			for tab := range shown {
				if len(m.Raw) < 2000 && !has[tab][token] {
					t.Errorf("%s is not in the %s of\n%s\n%s", token, tab, m.Raw, ansi.Strip(strings.Join(shown[tab], "\n")))
				}
			}
		}
	}
	if count < 300 {
		t.Errorf("only %d numbers were looked at", count)
	}
}
