package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// twoSides has the chat of alice and bob as each of them sees it: n messages, of
// which bob's list has some otherwise.
func twoSides(t testing.TB, perPage, n int, his map[int]map[string]any) *archive {
	t.Helper()
	return newArchive(perPage).fill(t, aliceAndBob, n, nil).fill(t, bobAndAlice, n, his)
}

// elsewhereID is what a message of bob's has where he does not have alice's.
var elsewhereID = map[string]any{"MsgId": 7, "MsgBody": "his own"}

// whole compares to the end.
func (term *terminal) whole() *bothSides {
	term.t.Helper()
	b := term.m.cover.(*bothSides)
	for !b.far.done {
		before := b.way.calls
		if term.press("g"); b.way.calls == before {
			term.t.Fatalf("it does not go on after %d calls:\n%s", before, term.shows())
		}
	}
	return b
}

// marks returns what each line says of the lists, and the MsgSeq of its message; of a
// run how long it is.
func (b *bothSides) marks() (all []string) {
	for line := range b.lines() {
		i, run := b.at(line)
		if run > 0 {
			all = append(all, fmt.Sprintf("%d in both", run))
			continue
		}
		f := b.laid.At(i)
		all = append(all, fmt.Sprint(b.mark(f, 12), " ", saysMore(f).MsgSeq))
	}
	return all
}

// TestBothSidesOfTheSampleChats: the pane has exactly the differences that the
// command finds, and every message of both lists.
func TestBothSidesOfTheSampleChats(t *testing.T) {
	for _, peer := range []string{"bob", "dave", "walter", "zoe", "mallory", "newbie"} {
		chat := history.Chat{User: "alice", Peer: peer}
		term := start(t, Config{Client: sampleClient(t), User: "alice", Chat: chat}, 100, 24)
		term.press("A")
		b := term.whole()
		d := history.NewDiff(sampleClient(t), chat, history.DiffOptions{})
		var want []history.Difference
		for !d.Done() {
			found, err := d.Step(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, found...)
		}
		var got []history.Difference
		for i := range b.laid.Len() {
			if f := b.laid.At(i); f.Kind != history.DiffNone {
				got = append(got, f)
			}
		}
		if !slices.EqualFunc(got, want, func(a, b history.Difference) bool {
			return a.Kind == b.Kind && a.Side == b.Side && a.ByPlace == b.ByPlace && a.Unsure == b.Unsure && saysMore(a).MsgSeq == saysMore(b).MsgSeq
		}) {
			t.Errorf("%s: %d differences, the command has %d", peer, len(got), len(want))
		}
		if b.laid.Agreed()+b.laid.Differences() != b.laid.Len() || d.Counts().Both < b.laid.Agreed() {
			t.Errorf("%s: %d alike and %d different are %d; %d in both", peer, b.laid.Agreed(), b.laid.Differences(), b.laid.Len(), d.Counts().Both)
		}
		if shown := text.Join(b.counted()).String(); !strings.HasPrefix(shown, fmt.Sprintf("%d in both", d.Counts().Both)) || strings.Contains(shown, "so far") {
			t.Errorf("%s: the title counts %q", peer, shown)
		}
	}
}

func TestBothSidesScreens(t *testing.T) {
	screens := map[string]struct {
		peer, keys string
		w, h       int
	}{
		"bob-160x50":       {"bob", "n n", 160, 50},
		"bob-80x24":        {"bob", "n", 80, 24},
		"bob-40x12":        {"bob", "n n", 40, 12},
		"bob-only-80x24":   {"bob", "d g", 80, 24},
		"dave-100x24":      {"dave", "d", 100, 24},
		"mallory-100x24":   {"mallory", "", 100, 24},
		"bob-help-80x50":   {"bob", "?", 80, 60},
		"nobody-80x24":     {"newbie", "", 80, 24},
		"group-no-80x24":   {"", "", 80, 24},
		"walter-top-80x24": {"walter", "g", 80, 24},
	}
	for name, tt := range screens {
		t.Run(name, func(t *testing.T) {
			config := sample(t)
			config.Chat = history.Chat{User: "alice", Peer: tt.peer}
			if tt.peer == "" {
				config.Chat = history.Chat{Group: "team"}
			}
			term := start(t, config, tt.w, tt.h)
			term.press("A " + tt.keys)
			checkFrame(t, term.m, tt.w, tt.h)
			golden.RequireEqual(t, term.shows()+"\n")
		})
	}
}

// TestMarksOfBothSides: every way in which two lists can differ has its words.
func TestMarksOfBothSides(t *testing.T) {
	deleted, recalled := map[string]any{"IsEmpty": 1, "MsgBody": ""}, map[string]any{"IsEmpty": 2, "MsgBody": ""}
	bare := map[string]any{"IsEmpty": 1, "MsgId": nil, "MsgSeq": nil, "MsgTime": nil, "Sender": nil, "MsgType": nil, "MsgBody": nil}
	a := newArchive(100)
	a.fill(t, aliceAndBob, 12, map[int]map[string]any{4: deleted, 6: recalled, 8: deleted})
	a.fill(t, bobAndAlice, 12, map[int]map[string]any{3: deleted, 5: recalled, 6: recalled, 7: says("other words"), 8: deleted, 9: bare, 10: elsewhereID})
	a.chats[bobAndAlice] = a.chats[bobAndAlice][1:] // he has nothing as old as her first
	term := read(t, a, 120, 40)
	term.press("A")
	b := term.whole()
	want := []string{
		"in both 12", "in both 11", "only alice? 10", "only bob 10", "only alice? 9", "deleted in both 8", "changed 7", "recalled in both 6",
		"recalled at bob 5", "deleted at alice 4", "deleted at bob 3", "in both 2", "beyond bob's 1",
	}
	got := b.marks()
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "unmatched at bob") })
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(b.marks()) != len(want)+1 {
		t.Errorf("marks\n%s\nwant, and a row of bob's that cannot be matched,\n%s", strings.Join(b.marks(), "\n"), strings.Join(want, "\n"))
	}
	for b.lines() > 0 {
		i, _ := b.at(b.selected)
		told := map[history.DifferenceKind]string{
			history.DiffMissing: "no row for it", history.DiffBeyond: "bob's list    nothing that is as old any more", history.DiffUnmatched: "alice's list  no row that it can be matched with",
			history.DiffDeleted: "A deleted one: deleted by", history.DiffRecalled: "bob's list    recalled", history.DiffChanged: "MsgBody: message 7", history.DiffNone: "bob's list    the same",
		}[b.laid.Kind(i)]
		if !strings.Contains(term.shows(), told) {
			t.Errorf("%s: %q is not told:\n%s", b.marks()[b.selected], told, term.shows())
		}
		if b.selected == 0 {
			break
		}
		term.press("j")
	}
}

// TestNamesOfBothSides: two users whose IDs begin alike are told apart, however few
// cells there are.
func TestNamesOfBothSides(t *testing.T) {
	for _, tt := range []struct {
		user, peer string
		cells      int
		a, b       string
	}{
		{"alice", "bob", 6, "alice", "bob"},
		{"customer_1001", "agent_7", 12, "customer_10…", "agent_7"},
		{"customer_1001", "customer_1002", 12, "…01", "…02"},
		{"customer_1001", "customer_2002", 6, "…_1001", "…_2002"},
		{"customer_1", "customer_10", 6, "…1", "…10"},
		{"顧客一二三四五六七", "顧客一二三四五六八", 8, "…六七", "…六八"},
	} {
		b := &bothSides{chat: history.Chat{User: tt.user, Peer: tt.peer}}
		if x, y := b.name(history.SideA, tt.cells).String(), b.name(history.SideB, tt.cells).String(); x != tt.a || y != tt.b {
			t.Errorf("%s and %s in %d cells: %s and %s", tt.user, tt.peer, tt.cells, x, y)
		}
	}
}

// TestKeysOfBothSides: n and N go from difference to difference, d shows them alone
// and keeps the selected message, enter opens the list that has it.
func TestKeysOfBothSides(t *testing.T) {
	a := twoSides(t, 100, 300, map[int]map[string]any{40: elsewhereID, 150: {"IsEmpty": 1, "MsgBody": ""}, 280: says("changed")})
	term := read(t, a, 100, 24)
	term.press("A")
	b := term.whole()
	term.press("G")
	selected := func() int64 {
		msg, _ := b.pointed()
		return msg.MsgSeq
	}
	for i, want := range []int64{280, 150, 40, 40} {
		if term.press("n"); selected() != want {
			t.Errorf("n %d leads to %d, not %d", i, selected(), want)
		}
		if i == 3 {
			break
		}
		if row := b.selected - b.low; row < 0 || row >= b.rows() {
			t.Errorf("n %d leads off the screen", i)
		}
	}
	if term.press("n"); !strings.Contains(term.lastRow(), "no older difference: 4 of 4 differences, back to the start of both lists") {
		t.Errorf("after the last: %q", term.lastRow())
	}
	term.press("N N")
	if selected() != 150 {
		t.Errorf("N leads to %d", selected())
	}
	if term.press("d"); selected() != 150 || b.lines() != 8 {
		t.Errorf("d shows %d lines, %d selected", b.lines(), selected())
	}
	term.wants("129 in both", "109 in both", "39 in both")
	if term.press("d"); selected() != 150 || b.lines() != 301 {
		t.Errorf("d and d select %d of %d", selected(), b.lines())
	}
	if term.press("k k k d d"); selected() != 147 {
		t.Errorf("d and d lead from 147 to %d", selected())
	}
	term.press("n N d j")
	if _, run := b.at(b.selected); run != 129 {
		t.Errorf("a run of %d is selected", run)
	}
	if term.press("enter"); b.only || selected() != 279 {
		t.Errorf("enter on a run: only %v, %d selected", b.only, selected())
	}
	if term.press("j N"); selected() != 280 || !strings.Contains(term.lastRow(), "no newer difference") {
		t.Errorf("N before the first: %d, %q", selected(), term.lastRow())
	}
	if term.press("esc"); term.m.cover != nil || term.m.focus != paneMessages {
		t.Error("esc does not lead back")
	}
}

// TestOpeningFromBothSides goes to the list that has the message, the open one first.
func TestOpeningFromBothSides(t *testing.T) {
	for _, tt := range []struct {
		his  map[string]any
		from history.Chat
		find int // the n-th difference
		want history.Chat
	}{
		{says("changed"), aliceAndBob, 1, aliceAndBob},
		{says("changed"), bobAndAlice, 1, bobAndAlice},
		{map[string]any{"IsEmpty": 1}, bobAndAlice, 1, aliceAndBob},
		{map[string]any{"IsEmpty": 2}, aliceAndBob, 1, aliceAndBob},
		{elsewhereID, aliceAndBob, 1, history.Chat{}}, // of the one who has it
		{elsewhereID, aliceAndBob, 2, history.Chat{}},
		{elsewhereID, bobAndAlice, 2, history.Chat{}},
	} {
		a := twoSides(t, 100, 300, map[int]map[string]any{150: tt.his})
		term := start(t, Config{Client: a, User: "alice", Chat: tt.from, Zones: []*time.Location{shanghai}}, 100, 24)
		term.press("A" + strings.Repeat(" n", tt.find))
		b := term.m.cover.(*bothSides)
		if i, _ := b.at(b.selected); b.laid.Number(i) != tt.find {
			t.Fatalf("%v: difference %d is selected", tt.his, b.laid.Number(i))
		}
		switch f := b.laid.At(b.selected); { // which of the two comes first is nobody's promise
		case f.Kind != history.DiffMissing:
		case f.A != nil:
			tt.want = b.chat
		default:
			tt.want = b.chat.OtherSide()
		}
		if term.press("enter"); term.m.cover != nil || term.m.focus != paneMessages || term.m.messages.chat != tt.want || term.m.messages.selectedSeq() != 150 {
			t.Errorf("%v from %v: %v at %d", tt.his, tt.from, term.m.messages.chat, term.m.messages.selectedSeq())
		}
		calls := len(a.asked())
		if term.press("A"); term.m.cover != b || b.laid.At(b.selected).Kind == history.DiffNone || len(a.asked()) > calls+1 {
			t.Errorf("%v: A does not lead back: %d more calls", tt.his, len(a.asked())-calls)
		}
		term.press("enter")
		if len(term.m.messages.jumps) == 0 {
			t.Errorf("%v: there is no way back", tt.his)
		}
	}
}

// TestBothSidesAtTheSelectedMessage: A shows the message that is selected, though it
// is some pages back.
func TestBothSidesAtTheSelectedMessage(t *testing.T) {
	a := twoSides(t, 20, 600, nil)
	term := read(t, a, 100, 24)
	term.run(term.m.messages.goTo(goal{kind: goalSeq, seq: 430, row: -1}))
	term.press("A")
	b := term.m.cover.(*bothSides)
	if msg, _ := b.pointed(); msg.MsgSeq != 430 || b.far.done {
		t.Errorf("seq %d is selected, done %v", msg.MsgSeq, b.far.done)
	}
	if !strings.Contains(term.lastRow(), "alice and bob, both sides · 2026-04-01") || !strings.Contains(term.lastRow(), "seq 430") {
		t.Errorf("the last row is %q", term.lastRow())
	}
}

// TestBothSidesAskForWhatIsWanted: for two screens, for the next difference, and no
// more; with the differences alone they do not run to the start by themselves.
func TestBothSidesAskForWhatIsWanted(t *testing.T) {
	a := twoSides(t, 100, 6000, map[int]map[string]any{5300: says("changed"), 1000: says("changed")})
	term := read(t, a, 100, 24)
	shown := len(a.asked())
	term.press("A")
	b := term.m.cover.(*bothSides)
	if calls := len(a.asked()) - shown; calls > 6 || b.lines() < 2*b.rows() {
		t.Errorf("%d calls for the first screen, %d lines", calls, b.lines())
	}
	if term.press("n"); b.laid.Differences() != 1 || b.laid.Len() > 1000 {
		t.Errorf("n finds %d of %d", b.laid.Differences(), b.laid.Len())
	}
	before := b.way.calls
	if term.press("d"); b.way.calls-before > maxUnasked || b.far.done || !strings.Contains(term.shows(), "20 calls brought nothing to show here · k goes on") {
		t.Errorf("%d calls by itself:\n%s", b.way.calls-before, term.shows())
	}
	before = b.way.calls
	if term.press("k"); b.way.calls == before || b.way.calls-before > maxUnasked {
		t.Errorf("%d calls for k", b.way.calls-before)
	}
	term.press("n")
	if msg, _ := b.pointed(); msg.MsgSeq != 1000 {
		t.Errorf("n leads to %d", msg.MsgSeq)
	}
}

// TestTheWayToADifferenceIsTold, keys are live on it, and esc ends it.
func TestTheWayToADifferenceIsTold(t *testing.T) {
	a := twoSides(t, 20, 2000, map[int]map[string]any{900: says("changed")})
	term := read(t, a, 100, 24)
	term.press("A")
	held := term.held()
	b := term.m.cover.(*bothSides)
	held.send(keyOf(t, "n"))
	for range 5 {
		held.answer()
	}
	if said := held.lastRow(); !strings.Contains(said, "to the next difference · no difference, back to 2026-04-0") || !strings.Contains(said, " calls · esc stops") {
		t.Errorf("on the way: %q", said)
	}
	before := b.way.calls
	held.send(keyOf(t, "esc"))
	if said := held.lastRow(); !strings.Contains(said, "stopped: no difference, back to 2026-") || held.m.cover != b {
		t.Errorf("after esc: %q", said)
	}
	held.finish()
	if b.way.calls > before+1 || b.way.err != nil || !strings.Contains(held.shows(), "in both") {
		t.Errorf("after esc it goes on: %d calls, %v", b.way.calls-before, b.way.err)
	}
	held.press("n")
	held.finish()
	if msg, _ := b.pointed(); msg.MsgSeq != 900 {
		t.Errorf("n leads to %d after it was stopped", msg.MsgSeq)
	}
	held.press("esc")
	if held.m.cover != nil {
		t.Error("esc does not lead back when nothing goes on")
	}
}

// TestAComparisonThatFails keeps what it has, says why, and r goes on.
func TestAComparisonThatFails(t *testing.T) {
	a := twoSides(t, 100, 2000, map[int]map[string]any{900: says("changed")})
	term := read(t, a, 100, 24)
	term.press("A")
	b := term.m.cover.(*bothSides)
	a.refuse = only("alice 1") // a page of bob's list
	term.press("n")
	if b.way.err == nil || b.lines() == 0 || !strings.Contains(term.lastRow(), "no route to host") {
		t.Fatalf("after a failure: %v\n%s", b.way.err, term.shows())
	}
	calls := len(a.asked())
	if term.press("g k K"); b.way.err == nil || len(a.asked()) > calls || !strings.Contains(term.shows(), "r retries · ") {
		t.Errorf("at the edge:\n%s", term.shows())
	}
	a.refuse = nil
	if term.press("r n"); b.way.err != nil {
		t.Errorf("after r: %v", b.way.err)
	}
	if msg, _ := b.pointed(); msg.MsgSeq != 900 {
		t.Errorf("n leads to %d after r", msg.MsgSeq)
	}
	a.write(t, aliceAndBob, says("hers alone"))
	if term.press("r G"); b.laid.Len() == 0 || b.mark(b.laid.At(0), 12).String() != "only alice" {
		t.Errorf("r does not compare anew:\n%s", term.shows())
	}
}

// TestALeftComparison is cancelled, drops nothing of what it had, and goes on when it
// is shown again. An answer to one that was begun anew is dropped.
func TestALeftComparison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 3000, perPage: 100}
		p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 100, 24)
		p.waits()
		p.press("A")
		time.Sleep(1500 * time.Millisecond) // in the second call
		p.press("esc", "esc")               // stops, leaves
		p.waits()
		asked := len(s.asked())
		p.model(func(m *Model) {
			if m.cover != nil || m.both.way.busy || m.both.way.err != nil || m.both.far.rows[0] != 100 || s.cancelled != 1 {
				t.Errorf("left: busy %v, %v, rows %v, %d cancelled", m.both.way.busy, m.both.way.err, m.both.far.rows, s.cancelled)
			}
		})
		p.press("A")
		time.Sleep(500 * time.Millisecond)
		p.press("r", "r")
		p.waits()
		p.model(func(m *Model) {
			if b := m.both; b.far.rows[0] < 200 || b.lines() < 100 || b.way.busy {
				t.Errorf("shown again: rows %v, %d lines", b.far.rows, b.lines())
			}
		})
		if n := len(s.asked()) - asked; n > 9 {
			t.Errorf("%d calls more", n)
		}
		p.press("n")
		time.Sleep(500 * time.Millisecond)
		p.quits()
		for i, g := range s.goroutines {
			if _, bad := p.updates.Load(g); bad {
				t.Errorf("call %d was made on the update goroutine", i)
			}
		}
	})
}

// TestCopyingFromBothSides copies what the list says that has more; what is of one
// list only is not on the menu.
func TestCopyingFromBothSides(t *testing.T) {
	a := twoSides(t, 100, 50, map[int]map[string]any{40: {"IsEmpty": 1, "MsgBody": ""}})
	term := read(t, a, 120, 24)
	term.press("A n")
	if term.press("y"); !strings.Contains(term.lastRow(), "copy y text") || strings.Contains(term.lastRow(), "curl") {
		t.Errorf("the menu is %q", term.lastRow())
	}
	held := term.held()
	held.send(keyOf(t, "s"))
	if !strings.Contains(held.lastRow(), "copied: MsgSeq, 2 characters") {
		t.Errorf("%q", held.lastRow())
	}
	held.send(keyOf(t, "y"))
	if held.send(keyOf(t, "l")); strings.Contains(held.lastRow(), "copied") {
		t.Errorf("a link is copied: %q", held.lastRow())
	}
	if msg, ok := term.m.pointedAt(); !ok || goneOf(msg) != zim.Present {
		t.Error("the deleted row is copied, not what it said")
	}
}

// TestBothSidesAtEverySize: nothing is wider than its place, also of hostile text,
// and the selected line can be seen.
func TestBothSidesAtEverySize(t *testing.T) {
	for _, peer := range []string{"mallory", "zoe", "bob"} {
		for _, widths := range []text.Widths{text.Wc, text.Graphemes} {
			term := start(t, Config{Client: sampleClient(t), User: "alice", Chat: history.Chat{User: "alice", Peer: peer}}, 80, 24)
			if widths == text.Graphemes {
				term.send(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeSet})
			}
			term.press("A")
			for _, w := range []int{40, 41, 59, 60, 79, 80, 99, 100, 170, 39, 0} {
				for _, h := range []int{10, 15, 16, 24, 9, 0} {
					term.send(tea.WindowSizeMsg{Width: w, Height: h})
					for _, keys := range []string{"", "n", "g", "d", "k k k", "d", "G"} {
						term.press(keys)
						checkFrame(t, term.m, w, h)
						if b := term.m.both; !term.m.layout.tooSmall && (b.selected < b.low || b.selected >= b.low+b.rows()) {
							t.Fatalf("%s at %dx%d after %q: line %d is selected, %d to %d are shown", peer, w, h, keys, b.selected, b.low, b.low+b.rows())
						}
					}
				}
			}
		}
	}
}

// TestLinesOfBothSides presses keys at random over random lists: the lines are
// always all messages in order, and the selection is on one of them.
func TestLinesOfBothSides(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		his := map[int]map[string]any{}
		for seq := range rapid.IntRange(1, 250).Draw(rt, "n") {
			his[seq] = []map[string]any{nil, nil, nil, nil, says("x"), {"IsEmpty": 1}, {"MsgId": seq + 1}}[rapid.IntRange(0, 6).Draw(rt, "kind")]
		}
		a := twoSides(t, rapid.IntRange(5, 100).Draw(rt, "page"), len(his), his)
		term := read(t, a, rapid.IntRange(40, 130).Draw(rt, "w"), rapid.IntRange(10, 40).Draw(rt, "h"))
		term.press("A")
		for _, k := range rapid.SliceOfN(rapid.SampledFrom(strings.Fields("j k g G n N d d J K b space ctrl+u ctrl+d r enter A T")), 0, 30).Draw(rt, "keys") {
			term.press(k)
			b := term.m.both
			next := 0
			for line := range b.lines() {
				i, run := b.at(line)
				if i != next || b.lineOf(i) != line || b.lineOf(i+max(run-1, 0)) != line || b.only && run == 0 != (b.laid.Kind(i) != history.DiffNone) {
					rt.Fatalf("after %s line %d is message %d, a run of %d; %d was next, on line %d", k, line, i, run, next, b.lineOf(i))
				}
				next += max(run, 1)
			}
			if next != b.laid.Len() || b.selected < 0 || b.selected > max(b.lines()-1, 0) || b.low < 0 || b.low > max(b.lines()+1-b.rows(), 0) {
				rt.Fatalf("after %s: %d of %d messages have a line; %d of %d is selected, %d is the lowest", k, next, b.laid.Len(), b.selected, b.lines(), b.low)
			}
			if b.h > 0 && len(b.view()) != b.h {
				rt.Fatalf("%d rows in a pane of %d", len(b.view()), b.h)
			}
		}
	})
}

// longSides compares two lists of so many messages to the end, of which every
// hundredth differs.
func longSides(t testing.TB, n int) *terminal {
	t.Helper()
	his := map[int]map[string]any{}
	for seq := 50; seq < n; seq += 100 {
		his[seq] = says("changed")
	}
	a := twoSides(t, 100, n, his)
	term := read(t, a, 160, 50)
	term.press("A")
	b := term.m.cover.(*bothSides)
	held := term.held()
	for !b.far.done {
		held.send(keyOf(t, "g"))
		held.finish()
	}
	clear(a.chats) // not to be collected again and again
	b.selected = n / 2
	b.forget()
	b.move(0)
	return term
}

// TestAllocationsOfAKeyOfBothSides: a key allocates the same whatever is compared.
func TestAllocationsOfAKeyOfBothSides(t *testing.T) {
	var counts []float64
	for _, n := range []int{1_000, 10_000} {
		term := longSides(t, n)
		up, down := keyOf(t, "k"), keyOf(t, "j")
		for range 60 {
			term.m.Update(up)
		}
		i := 0
		counts = append(counts, testing.AllocsPerRun(100, func() {
			key := down
			if i++; i%40 < 20 {
				key = up
			}
			term.m.Update(key)
		}))
	}
	if counts[1] > 260 || counts[1] > counts[0]*1.1+5 {
		t.Errorf("a key allocates %v times", counts)
	}
}

func BenchmarkBothSidesKey(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		term := longSides(b, n)
		for name, pair := range map[string][2]string{"line": {"k", "j"}, "page": {"b", "space"}, "difference": {"n", "N"}, "only": {"d", "d"}} {
			b.Run(fmt.Sprintf("%s/compared=%d", name, n), func(b *testing.B) {
				both := term.m.both
				both.selected = n / 2
				both.move(0)
				i := 0
				for b.Loop() {
					key := pair[0]
					if i++; i/4%2 == 1 {
						key = pair[1]
					}
					term.m.Update(keyOf(b, key))
					term.m.View()
				}
			})
		}
	}
}
