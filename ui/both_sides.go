package ui

import (
	"context"
	"sort"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// bothSides is the pane of both lists of a one-on-one chat, laid over each other: a
// line for each message, the newest at the bottom. both_sides_way.go compares on,
// as far as the screen or the reader asks for; both_sides_rows.go draws it. It is a
// cover, since a message pane holds one list with its own numbers, and stays for the
// session: A shows it again where it was.
type bothSides struct {
	look look
	w, h int

	ctx    context.Context
	client history.Client
	chat   history.Chat // User has list A, Peer has list B

	diff *history.Diff // the command's own while busy; also tells its answers from late ones
	laid history.Overlay
	far  compared
	way  way

	only  bool  // the differences alone
	left  int   // the message that was selected when only was turned on
	short []int // the lines of only: the index of a difference, or how many messages agree, negative

	selected int // a line; the newest is 0
	low      int // the line on the last row of the list

	head   []string // the rows of the title
	below  int      // rows under the list
	drawn  map[int]drawnEntry
	detail detailed
	frame  int // of the spinner; 0 is none
	say    text.Line
}

// compared is how far a comparison came.
type compared struct {
	counts history.DiffCounts
	rows   [2]int // that were read of each list
	back   time.Time
	timed  bool // back is known
	done   bool
}

// showBothSides lays both lists over each other, at the selected message.
func (m *Model) showBothSides() {
	if why := m.oneSide(); !why.Empty() {
		m.notice = text.Join(why, text.Lit(": there is nothing to lay over it"))
		return
	}
	chat := m.messages.chat
	if m.both == nil || m.both.chat != chat && m.both.chat != chat.OtherSide() {
		m.both.close()
		m.both = &bothSides{ctx: m.ctx, client: m.client, chat: chat, look: m.look}
		m.both.way.request = request{of: paneBoth, waits: m.waits}
		m.both.begin()
	}
	m.put(m.both)
	m.both.way.err, m.both.way.stopped = nil, false
	if m.messages.len() > 0 && m.messages.selected > 0 {
		m.both.seekMessage(m.messages.at(m.messages.selected))
	}
}

func (b *bothSides) pane() pane { return paneBoth }

// lines returns how many lines there are, without the edge above them.
func (b *bothSides) lines() int {
	if b.only {
		return len(b.short)
	}
	return b.laid.Len()
}

// at returns the index of a line's message, the newest one of a run that agrees, and
// how many there are of that run: 0 for a message that has a line of its own.
func (b *bothSides) at(line int) (i, run int) {
	switch {
	case !b.only:
		return line, 0
	case b.short[line] >= 0:
		return b.short[line], 0
	case line == 0:
		return 0, -b.short[0]
	}
	return b.short[line-1] + 1, -b.short[line]
}

// lineOf returns the line of a message, or of the run that it is in.
func (b *bothSides) lineOf(i int) int {
	if !b.only {
		return i
	}
	return max(sort.Search(len(b.short), func(line int) bool { at, _ := b.at(line); return at > i })-1, 0)
}

// add lays what was found behind what is there.
func (b *bothSides) add(found []history.Difference) {
	from := b.laid.Len()
	b.laid.Add(found)
	for i := from; i < b.laid.Len(); i++ {
		last := len(b.short) - 1
		switch {
		case b.laid.Kind(i) != history.DiffNone:
			b.short = append(b.short, i)
		case last >= 0 && b.short[last] < 0:
			b.short[last]--
		default:
			b.short = append(b.short, -1)
		}
	}
	if b.only {
		delete(b.drawn, b.lines()-1) // a run may have grown
	}
}

func (b *bothSides) forget() {
	b.drawn, b.detail = map[int]drawnEntry{}, detailed{line: -1}
	b.head, b.below = b.title(), b.footRows()
	b.settle()
}

func (b *bothSides) resize(w, h int) {
	if w != b.w || h != b.h {
		row := b.selected - b.low
		b.w, b.h = w, h
		b.forget()
		b.low = b.selected - max(0, min(row, b.rows()-1))
		b.move(0)
	}
}

func (b *bothSides) restyle(l look) {
	b.look = l
	b.forget()
}

// rows is the number of lines that fit between the title and what is told below.
func (b *bothSides) rows() int { return max(b.h-len(b.head)-b.below, 1) }

// scroll moves what is on screen by k lines, down if positive. The selection stays.
func (b *bothSides) scroll(k int) {
	if k < 0 {
		b.asks()
	}
	b.low = max(0, min(b.low-k, b.lines()+1-b.rows())) // the edge is a line too
}

// move selects the line that is k further down, and brings it on screen; with the
// oldest comes the edge.
func (b *bothSides) move(k int) {
	if k < 0 {
		b.asks()
	}
	b.selected = max(0, min(b.selected-k, b.lines()-1))
	top := b.selected
	if top == b.lines()-1 {
		top++
	}
	b.low = max(min(b.low, b.selected), top-b.rows()+1)
	b.scroll(0)
}

// show selects a message, and brings it on screen: a third down if it was not.
func (b *bothSides) show(i int) {
	b.selected = b.lineOf(i)
	if row := b.selected - b.low; row < 0 || row >= b.rows() {
		b.low = b.selected - b.rows() + 1 + b.rows()/3
	}
	b.move(0)
}

func (b *bothSides) handleKey(k tea.KeyPressMsg) tea.Cmd {
	by, moves := keys.step(k, b.rows(), b.lines())
	switch {
	case key.Matches(k, keys.ScrollDown):
		b.scroll(1)
	case key.Matches(k, keys.ScrollUp):
		b.scroll(-1)
	case moves:
		b.way.seek = seek{} // who moves is not to be moved
		b.move(by)
	case key.Matches(k, keys.NextDiff):
		b.nextDifference()
	case key.Matches(k, keys.PrevDiff):
		b.previousDifference()
	case key.Matches(k, keys.OnlyDiffs):
		b.toggle()
	case key.Matches(k, keys.Reload):
		b.reload()
	}
	return nil
}

// toggle shows the differences alone, or all again; the selected line stays on its
// row, if its message is still there, and so does the place in a run that agrees.
func (b *bothSides) toggle() {
	i, run, row := 0, 0, b.selected-b.low
	if b.lines() > 0 {
		i, run = b.at(b.selected)
	}
	if i <= b.left && b.left < i+run {
		i = b.left
	}
	b.left, b.only = i, !b.only
	b.asks()
	b.forget()
	b.selected = b.lineOf(i)
	b.low = b.selected - row
	b.move(0)
}

// openSideMsg asks for the selected message to be opened.
type openSideMsg struct{}

// openSide shows the selected message in the list of the side that is open, or in the
// other one if that alone has it, or alone what it said. A run that agrees is
// unfolded.
func (m *Model) openSide() tea.Cmd {
	b, shown := m.cover.(*bothSides)
	if !shown || b.lines() == 0 {
		return nil
	}
	i, run := b.at(b.selected)
	if run > 0 {
		b.toggle()
		return nil
	}
	chat, f := m.messages.chat, b.laid.At(i)
	msg, other := f.A, f.B
	if chat != b.chat {
		msg, other = other, msg
	}
	if msg == nil || other != nil && goneOf(*msg) != zim.Present && goneOf(*other) == zim.Present {
		chat, msg = chat.OtherSide(), other
	}
	at, timed := msg.Time()
	g := goal{kind: goalID, id: msg.MsgId, row: -1}
	switch {
	case msg.MsgId != 0:
	case msg.MsgSeq != 0:
		g = goal{kind: goalSeq, seq: msg.MsgSeq, row: -1}
	case timed:
		g = goal{kind: goalNear, at: at, row: -1}
	default:
		m.notice = text.Lit("a row without an ID, a number and a time cannot be found in a list")
		return nil
	}
	m.uncover()
	m.focus = paneMessages
	if chat == m.messages.chat {
		return m.messages.goTo(g)
	}
	m.messages.remember()
	return m.openChat(chat, g)
}

// pointed returns the selected message as the list has it that says more.
func (b *bothSides) pointed() (zim.Message, bool) {
	if b.lines() == 0 {
		return zim.Message{}, false
	}
	i, run := b.at(b.selected)
	return *saysMore(b.laid.At(i)), run == 0
}

// saysMore returns the row of the two lists that has more of a message.
func saysMore(f history.Difference) *zim.Message {
	if f.A == nil || f.B != nil && goneOf(*f.A) != zim.Present && (goneOf(*f.B) == zim.Present || f.A.MsgId == 0) {
		return f.B
	}
	return f.A
}

// click selects the line at a row of the pane; a second click on it is enter.
func (b *bothSides) click(_, y int) tea.Cmd {
	line := b.low + b.rows() - 1 - (y - len(b.head))
	if y < len(b.head) || line < b.low || line >= b.lines() {
		return nil
	}
	if line == b.selected {
		return func() tea.Msg { return openSideMsg{} }
	}
	b.way.seek, b.selected = seek{}, line
	return nil
}

// back ends what goes on by itself, if the reader sees that there is something.
func (b *bothSides) back() bool { return b.stop() }

// close cancels the call under way. What was compared is kept.
func (b *bothSides) close() {
	if b != nil {
		b.way.seek, b.frame = seek{}, 0
		b.way.request.stop()
	}
}
