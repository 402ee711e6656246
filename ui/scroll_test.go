package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"backscroll/zim"
	"backscroll/zim/history"
)

// held answers no command by itself: the test says when a page comes.
type heldTerminal struct {
	*terminal
	waiting []tea.Cmd
}

// send applies a message and keeps the commands for answer.
func (h *heldTerminal) send(msg tea.Msg) {
	_, cmd := h.m.Update(msg)
	h.keep(cmd)
}

func (h *heldTerminal) keep(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	h.waiting = append(h.waiting, cmd)
}

// answer lets everything that was asked for come.
func (h *heldTerminal) answer() {
	cmds := h.waiting
	h.waiting = nil
	for _, cmd := range cmds {
		switch msg := cmd().(type) {
		case nil, spinMsg:
		case tea.BatchMsg:
			for _, c := range msg {
				h.keep(c)
			}
		default:
			h.send(msg)
		}
	}
}

// shown returns the pane of messages as text, without the title and the scrollbar.
func (m *messages) shown() []string {
	var out []string
	for _, l := range m.view(true)[1:] {
		cells := []rune(ansi.Strip(l))
		out = append(out, strings.TrimRight(string(cells[:len(cells)-1]), " "))
	}
	return out
}

func TestArrivingPagesMoveNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := &slowService{odd: rapid.Bool().Draw(rt, "odd"), perChat: rapid.IntRange(30, 400).Draw(rt, "messages"), perPage: rapid.IntRange(20, 100).Draw(rt, "page")}
		w, h := rapid.IntRange(40, 120).Draw(rt, "w"), rapid.IntRange(10, 40).Draw(rt, "h")
		term := start(t, Config{Client: s, Chat: aliceAndBob}, w, h)
		held := &heldTerminal{terminal: term}
		m := &term.m.messages
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			held.send(keyOf(t, rapid.SampledFrom([]string{"k", "K", "J", "ctrl+u", "b", "g", "ctrl+d", "j"}).Draw(rt, "key")))
			before := bodies(m)
			for held.waiting != nil {
				held.answer()
				sameRows(t, "a page arrived", before, bodies(m))
			}
		}
	})
}

// bodies returns what stands on each row that shows a message's text.
func bodies(m *messages) map[int]string {
	found := map[int]string{}
	lines := m.shown()
	for row, s := range m.window() {
		if s.item >= 0 && s.item < m.len() && s.line >= m.block(s.item).lead {
			found[row] = lines[row]
		}
	}
	return found
}

// TestNoDayStandsTwice: pages may end in rows without a time, so a day line may
// have to go when older messages come.
func TestNoDayStandsTwice(t *testing.T) {
	s := &slowService{odd: true, perChat: 300, perPage: 20}
	term := start(t, Config{Client: s, Chat: aliceAndBob}, 80, 200)
	term.press("g g g g g g g g g g g g g g g g g g")
	m := &term.m.messages
	for m.edge != edgeStart {
		term.press("g")
	}
	seen := map[string]bool{}
	for i := m.log.Len() - 1; i >= 0; i-- {
		for _, r := range m.block(i).rows[:m.block(i).lead] {
			if len(r) == 4 && strings.Contains(r[1].text.String(), "─") {
				if day := r[2].text.String(); seen[day] {
					t.Errorf("%s stands twice", day)
				} else {
					seen[day] = true
				}
			}
		}
	}
	if len(seen) < 2 {
		t.Errorf("only the days %v", seen)
	}
}

func TestTheSelectionThatWasScrolledAway(t *testing.T) {
	term := start(t, Config{Client: &slowService{perChat: 100, perPage: 100}, Chat: aliceAndBob}, 80, 24)
	m := &term.m.messages
	visible := func() bool {
		return slices.ContainsFunc(m.window(), func(s spot) bool { return s.item == m.selected })
	}
	for _, k := range []string{"j", "k", "enter"} {
		term.press("G" + strings.Repeat(" K", 60))
		if visible() {
			t.Fatal("the selection is still on screen")
		}
		top := m.top
		if term.press(k); !visible() || k != "enter" && m.top != top {
			t.Errorf("%s acts on message %d, which is not on screen", k, m.selected)
		}
	}
	if !term.m.inspector.shows(m.log.At(m.selected)) {
		t.Error("enter inspects another message than the one selected")
	}
	term.press("tab tab") // back to the messages: the inspector follows
	for term.m.focus != paneMessages {
		term.press("tab")
	}
	if term.press("k"); !term.m.inspector.shows(m.log.At(m.selected)) {
		t.Error("the inspector does not follow the selection")
	}
}

func TestResizingKeepsTheSelectedMessageOnItsRow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		term := start(t, Config{Client: &slowService{perChat: 300, perPage: 100}, Chat: aliceAndBob}, 100, 40)
		for range rapid.IntRange(0, 60).Draw(rt, "up") {
			term.press("k")
		}
		m := &term.m.messages
		row, selected := m.hold().row, m.selected
		w, h := rapid.IntRange(40, 170).Draw(rt, "w"), rapid.IntRange(row+3, 60).Draw(rt, "h")
		term.send(tea.WindowSizeMsg{Width: w, Height: h})
		end := m.window()[len(m.window())-1] == m.end() // nothing is left below: the row cannot be held
		if m.selected != selected || m.hold().row != row && !end {
			rt.Errorf("message %d on row %d is %d on row %d", selected, row, m.selected, m.hold().row)
		}
		if m.hold().item != m.selected {
			rt.Errorf("the selected message is not on screen at %dx%d", w, h)
		}
	})
}

func TestOnlyWhatIsVisibleIsLaidOut(t *testing.T) {
	for _, loaded := range []int{1_000, 20_000} {
		term := start(t, Config{Client: &slowService{perChat: loaded, perPage: loaded}, Chat: aliceAndBob}, 80, 24)
		m := &term.m.messages
		if m.log.Len() != loaded {
			t.Fatalf("%d loaded", m.log.Len())
		}
		if m.laidOut > 3*24 {
			t.Errorf("%d of %d messages were laid out for the first screen", m.laidOut, loaded)
		}
		for _, keys := range []string{"k", "ctrl+u", "g", "G", "T"} {
			before := m.laidOut
			term.press(keys)
			if n := m.laidOut - before; n > 3*24 {
				t.Errorf("%s: %d messages were laid out", keys, n)
			}
		}
	}
}

func TestWalkingToTheStart(t *testing.T) {
	term := start(t, Config{Client: sampleClient(t), User: "alice", Chat: history.Chat{User: "alice", Peer: "walter"}, Zones: []*time.Location{shanghai}}, 80, 24)
	m := &term.m.messages
	var seen []int64
	for range 2000 {
		if id := m.log.At(m.selected).MsgId; len(seen) == 0 || seen[len(seen)-1] != id {
			seen = append(seen, id)
		}
		if m.selected == m.log.Len()-1 && m.edge == edgeStart {
			break
		}
		term.press("k")
	}
	if len(seen) != m.log.Len() || m.log.Len() < 300 {
		t.Errorf("%d messages seen of %d", len(seen), m.log.Len())
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != m.log.Len() {
		t.Error("a message was seen twice")
	}
	if got := term.shows(); !strings.Contains(got, "start of the retained history · ") || !strings.Contains(got, "older: no") {
		t.Errorf("the start is not told:\n%s", got)
	}
}

func TestKeysOfTheMessages(t *testing.T) {
	term := start(t, Config{Client: &slowService{perChat: 100, perPage: 100}, Chat: aliceAndBob}, 80, 24)
	m := &term.m.messages
	for _, tt := range []struct {
		keys     string
		selected int
	}{
		{"k", 1}, {"k", 2}, {"j", 1}, {"up", 2}, {"down", 1}, {"j j j", 0},
		{"g", 99}, {"k", 99}, {"G", 0}, {"home", 99}, {"end", 0},
		{"K K", 0}, {"J", 0}, {"g ctrl+u", 99}, {"G ctrl+d", 0}, {"pgdown", 0},
	} {
		if term.press(tt.keys); m.selected != tt.selected {
			t.Errorf("%s selects message %d, want %d", tt.keys, m.selected, tt.selected)
		}
	}
	term.press("G")
	row := m.hold().row
	for range 40 {
		if term.press("b"); m.selected == 99 {
			break
		}
		got := m.hold().row
		if got < row-2 || got > row+2 || m.hold().item != m.selected {
			t.Errorf("a page up moves the selection from row %d to %d", row, got)
		}
		row = got
	}
	if m.selected != 99 {
		t.Errorf("pages up end at message %d", m.selected)
	}
}

// TestALongMessageIsScrolledThrough presses j and k over a message that is
// higher than the screen: each of its lines comes by.
func TestALongMessageIsScrolledThrough(t *testing.T) {
	var words []string
	for i := range 200 {
		words = append(words, fmt.Sprintf("line%03d", i))
	}
	page := zim.ReadMessagePage([]byte(`{"Code":0,"Next":0,"List":[
		{"Sender":"a","MsgType":1,"MsgBody":"after","MsgId":3,"MsgSeq":3,"MsgTime":1700000000000},
		{"Sender":"a","MsgType":1,"MsgBody":"` + strings.Join(words, `\n`) + `","MsgId":2,"MsgSeq":2,"MsgTime":1700000000000},
		{"Sender":"a","MsgType":1,"MsgBody":"before","MsgId":1,"MsgSeq":1,"MsgTime":1700000000000}]}`))
	term := start(t, Config{Client: &slowService{}, Chat: aliceAndBob}, 80, 24)
	m := &term.m.messages
	m.log = &history.History{}
	m.forget()
	m.fetch(zim.Foreground)
	term.send(messagesMsg{number: m.request.number, page: page})
	for _, direction := range []string{"k", "j"} {
		seen := map[string]bool{}
		for range 40 {
			for _, l := range m.shown() {
				seen[strings.Trim(l, " ▌")] = true
			}
			term.press(direction)
		}
		for _, w := range words {
			if !seen[w] {
				t.Errorf("%s: %s never came by", direction, w)
			}
		}
	}
}
