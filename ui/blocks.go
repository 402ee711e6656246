package ui

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// The columns of the pane: a bar for the selection, the header of a sender, the
// text under it, one column free and the scrollbar at the right.
const (
	barColumn    = 1
	headerColumn = 3
	textColumn   = 5
	rightMargin  = 1
	barCells     = 1 // the scrollbar
)

const (
	groupGap    = 15 * time.Minute // a longer silence begins a new group
	maxBlocks   = 1024             // laid out at a time
	maxLines    = 10_000           // of all of them
	maxTimeless = 50               // rows without a time that are looked over for a day
)

// block is a message laid out: the day line and the header that come before it,
// if any, and its text.
type block struct {
	lead   int   // rows before the text
	rows   []row // without the columns to the left of the text
	drawn  []string
	marked bool // some of it is what is searched for
	flag   bool // it is bookmarked
}

// forget throws away what is laid out.
func (m *messages) forget() {
	clear(m.blocks)
	m.lines, m.edgeMemo = 0, nil
}

// drop throws one message's layout away.
func (m *messages) drop(item int) {
	if b, ok := m.blocks[item]; ok {
		m.lines -= len(b.rows)
		delete(m.blocks, item)
	}
}

// height returns the number of lines of an item.
func (m *messages) height(item int) int {
	if item >= m.len() {
		return len(m.edgeRows())
	}
	return len(m.block(item).rows)
}

// block returns a message laid out.
func (m *messages) block(item int) *block {
	if b, ok := m.blocks[item]; ok {
		return b
	}
	if len(m.blocks) >= maxBlocks || m.lines >= maxLines {
		m.forget()
	}
	e := m.envelope(item)
	b := &block{rows: m.lead(item, e)}
	b.lead = len(b.rows)
	c := composer{m.look.widths, m.look.zone, max(m.w-textColumn-rightMargin-barCells, 1)}
	said := c.body(e, m.recalls.notice)
	if e.IsEmpty == zim.Deleted && m.look.keptDays > 0 {
		said = m.deletedRow(c, item)
	}
	if m.isHit(item) {
		b.marked = markRows(m.look.widths, said, m.query)
	}
	if m.filter != nil {
		for _, q := range m.filter.Words() {
			markRows(m.look.widths, said, q)
		}
	}
	said = append(said, m.changedRows(c, e)...)
	if f, ok := m.files[e.MsgId]; ok {
		for _, l := range c.widths.Wrap(text.CleanBlock(f.text.String()), c.cells) {
			said = append(said, row{{f.ink, l}})
		}
	}
	mark := space(textColumn)
	if k := m.bookmarked(m.at(item)); k != nil {
		mark, b.flag = span{accent, text.Lit("   ⚑ ")}, true
		for _, l := range c.widths.Wrap(text.CleanBlock(k.note), c.cells) {
			if !l.Empty() {
				said = append(said, row{{accent, l}})
			}
		}
	}
	if m.look.dense {
		said = append(c.facts(e), said...)
	}
	for _, r := range said {
		b.rows = append(b.rows, append(row{mark}, r...))
		mark = space(textColumn)
	}
	m.blocks[item] = b
	m.lines += len(b.rows)
	m.laidOut++
	return b
}

// lead returns the day line and the header of a message, as far as it needs
// them after the one before it.
func (m *messages) lead(item int, e zim.Envelope) []row {
	day, dated := m.dayOf(item)
	newDay, newGroup := dated, true
	if older := item + 1; older < m.len() {
		if before, ok := m.dayOf(older); ok {
			newDay = dated && !sameDay(day, before, m.look.zone)
		}
		newGroup = newDay || !sameGroup(m.envelope(older), e)
	}
	begins := m.beginsNews(item)
	newGroup = newGroup || begins
	rows := m.gapRows(item)
	if item+1 < m.len() && newGroup {
		rows = append(rows, row{})
	}
	rows = append(rows, m.termRow(item)...)
	if newDay {
		rows = append(rows, m.dayLine(day.In(m.look.zone)))
	}
	if begins {
		rows = append(rows, m.newsLine())
	}
	if newGroup {
		rows = append(rows, m.header(e))
	}
	return rows
}

// sameGroup reports whether a message can stand under the header of the one
// before it.
func sameGroup(before, e zim.Envelope) bool {
	beforeAt, beforeTimed := before.Time()
	at, timed := e.Time()
	return before.Sender == e.Sender && beforeTimed == timed && at.Sub(beforeAt).Abs() <= groupGap
}

// dayOf returns the time of a message, or, for one without, that of the next
// newer one that has one; failing that, of the next older. So older messages that
// arrive move no day line.
func (m *messages) dayOf(item int) (time.Time, bool) {
	for i := item; i >= max(0, item-maxTimeless); i-- {
		if at, ok := m.at(i).Time(); ok {
			return at, true
		}
	}
	for i := item + 1; i < min(m.len(), item+maxTimeless); i++ {
		if at, ok := m.at(i).Time(); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

func sameDay(a, b time.Time, zone *time.Location) bool {
	ya, ma, da := a.In(zone).Date()
	yb, mb, db := b.In(zone).Date()
	return ya == yb && ma == mb && da == db
}

func (m *messages) dayLine(at time.Time) row {
	day := text.CleanLine(" " + dayName(at) + m.look.expiry(at) + " ")
	if m.look.widths.Of(day) > m.w-headerColumn-rightMargin-barCells {
		day = text.CleanLine(" " + at.Format(time.DateOnly) + m.look.expiry(at) + " ")
	}
	return m.ruled(span{bold, day})
}

// ruled centres something in a rule as wide as the pane.
func (m *messages) ruled(s span) row {
	cells := max(m.w-headerColumn-rightMargin-barCells, 1)
	s.text = m.look.widths.Cut(m.look.widths.Fold(s.text), cells)
	rule := cells - m.look.widths.Of(s.text)
	return row{space(headerColumn), span{dim, rules(rule / 2)}, s, span{dim, rules(rule - rule/2)}}
}

func rules(n int) text.Line { return text.CleanLine(strings.Repeat("─", n)) }

func dayName(at time.Time) string { return at.Format("Monday 2 January 2006") }

// header returns the line that names a sender and the time.
func (m *messages) header(e zim.Envelope) row {
	who := span{senderInk(e.Sender), idLine(e.Sender)}
	if e.Sender == "" {
		who = span{dim, text.Lit("(no sender)")}
	}
	when := text.Lit("unknown time")
	if at, ok := e.Time(); ok {
		when = text.CleanLine(at.In(m.look.zone).Format("15:04"))
	}
	left := row{space(headerColumn), who}
	if name := m.look.userName(e.Sender); !name.Empty() {
		left = append(left, span{plain, text.Join(text.Lit("  "), name)})
	}
	if m.left(e) {
		left = append(left, span{dim, text.Lit("  left")})
	}
	return apart(m.look.widths, m.w-rightMargin-barCells, left, row{span{dim, when}})
}

// errorRows tells an error above what is loaded. The row that touches the
// messages has the error and the way out, since it may be the only one on screen;
// what has no room in it stands above.
func (m *messages) errorRows(wayOut text.Line) []row {
	cells := m.w - headerColumn - rightMargin - barCells
	if m.log.Len() == 0 {
		return errorRows(m.look.widths, cells, headerColumn, m.err, wayOut)
	}
	err := span{alarm, text.CleanBlock(m.err.Error()).Line()}
	out := row{span{dim, text.Join(text.Lit(" · "), wayOut)}}
	last := slices.Concat(row{err}.fold(m.look.widths).cut(m.look.widths, cells-out.width(m.look.widths)), out)
	above := errorRows(m.look.widths, cells, headerColumn, m.err, text.Line{})
	return append(above, append(row{space(headerColumn)}, last...))
}

// edgeRows returns what stands above the oldest message that is loaded; at least
// one row.
func (m *messages) edgeRows() []row {
	if m.edgeMemo == nil {
		m.edgeMemo = m.composeEdge()
		for len(m.edgeMemo) < m.edgeRoom {
			m.edgeMemo = slices.Insert(m.edgeMemo, 0, row{})
		}
	}
	return m.edgeMemo
}

func (m *messages) composeEdge() []row {
	line := func(i ink, parts ...text.Line) []row {
		return []row{{space(headerColumn), span{i, text.Join(parts...)}}}
	}
	wrapped := func(parts ...text.Line) (rows []row) {
		said := text.CleanBlock(text.Join(parts...).String())
		for _, l := range m.look.widths.Wrap(said, max(m.w-headerColumn-rightMargin-barCells, 1)) {
			rows = append(rows, row{space(headerColumn), span{dim, l}})
		}
		return rows
	}
	if m.chat == (history.Chat{}) {
		return slices.Concat([]row{{}},
			line(dim, text.Lit("enter opens the selected conversation")),
			line(dim, text.Lit("ctrl+k goes to a user, a chat or a group by ID")),
			line(dim, text.Lit("? shows the keys")))
	}
	oldest := text.Line{}
	if n := m.log.Len(); n > 0 {
		if at, ok := m.log.At(n - 1).Time(); ok {
			oldest = text.CleanLine(" · " + at.In(m.look.zone).Format(time.DateOnly))
		}
	}
	switch m.edge {
	case edgeLoading:
		if m.request.pausing() {
			why := row{span{alarm, text.CleanBlock(fmt.Sprint(m.request.wait.Cause)).Line()}}.fold(m.look.widths)
			return slices.Concat([]row{append(row{space(headerColumn)}, why...)}, line(dim, attemptLine(m.request.wait)))
		}
		if m.log.Len() == 0 {
			return line(dim, text.Lit("loading messages"), m.spinner(), m.escStops())
		}
		page := text.CleanLine(strconv.Itoa(m.log.Pages() + 1))
		return line(dim, text.Lit("loading older · page "), page, oldest, m.spinner(), m.escStops())
	case edgeFailed:
		return m.errorRows(text.Lit("r retries"))
	case edgeStart:
		if m.err != nil {
			return m.errorRows(text.Lit("r begins anew"))
		}
		if m.log.Len() > 0 && m.len() == 0 {
			return wrapped(text.Lit("the filter hides all "), number(m.log.Len()), text.Lit(" messages, back to the "), m.start(), oldest)
		}
		if m.log.Len() == 0 {
			return line(dim, text.Lit("no messages: the retained history of this chat is empty"))
		}
		return line(dim, m.start(), oldest, m.keptSince())
	}
	switch {
	case m.log.Len() > 0 && m.len() == 0 && m.filterAsks():
		return wrapped(text.Lit("the filter hides all "), number(m.log.Len()), text.Lit(" loaded"), oldest, text.Lit(" · k loads more"))
	case m.filterAsks():
		return wrapped(text.CleanLine(fmt.Sprintf("%d pages had little that the filter shows", maxUnasked)), oldest, text.Lit(" · k loads more"))
	}
	return line(dim, text.Lit("older messages · k loads"))
}

// start names what is above the oldest message: a file need not begin where the
// history does.
func (m *messages) start() text.Line {
	if m.chat.User == "" && !m.chat.IsGroup() {
		return text.Lit("start of the file")
	}
	return text.Lit("start of the retained history")
}

// errorRows tells an error, what to do, and which key does it, in rows of so
// many cells after an indent.
func errorRows(w text.Widths, cells, indent int, err error, wayOut text.Line) []row {
	var rows []row
	add := func(i ink, l text.Line) {
		for _, l := range w.Wrap(text.CleanBlock(l.String()), cells) {
			rows = append(rows, row{space(indent), span{i, l}})
		}
	}
	add(alarm, text.CleanBlock(err.Error()).Line())
	if t, ok := errors.AsType[*zim.TransportError](err); ok && t.Details != "" {
		began := len(rows)
		add(dim, text.Join(text.Lit("it began: "), text.CleanLine(t.Details)))
		rows = rows[:min(len(rows), began+4)]
	}
	if out := dotted(text.CleanLine(adviceOf(err)), wayOut); !out.Empty() {
		add(dim, out)
	}
	return rows
}

// attemptLine tells which attempt comes when, and the way out.
func attemptLine(w zim.Wait) text.Line {
	return text.CleanLine(fmt.Sprintf("attempt %d of %d in %.1f s · esc stops", w.Attempt, w.Of, w.Delay.Seconds()))
}

// adviceOf returns what the error says can be done about it.
func adviceOf(err error) string {
	type adviser interface {
		error
		Advice() string
	}
	if a, ok := errors.AsType[adviser](err); ok {
		return a.Advice()
	}
	return ""
}

var spinnerFrames = [...]text.Line{
	text.Lit(" ⠋"), text.Lit(" ⠙"), text.Lit(" ⠹"), text.Lit(" ⠸"), text.Lit(" ⠼"),
	text.Lit(" ⠴"), text.Lit(" ⠦"), text.Lit(" ⠧"), text.Lit(" ⠇"), text.Lit(" ⠏"),
}

// escStops says so once a wait is long enough for a spinner.
func (m *messages) escStops() text.Line {
	if m.frame == 0 {
		return text.Line{}
	}
	return text.Lit(" · esc stops")
}

// spinner returns nothing in the first 150 ms of a wait.
func (m *messages) spinner() text.Line { return spinnerAt(m.frame) }

func spinnerAt(frame int) text.Line {
	if frame == 0 {
		return text.Line{}
	}
	return spinnerFrames[frame%len(spinnerFrames)]
}

// view draws the pane, a string for each of its lines.
func (m *messages) view(focused bool) []string {
	lines := make([]string, 0, m.h)
	if m.h <= 0 {
		return lines
	}
	lines = append(lines, m.title(focused).render(m.look.styles, m.look.widths, m.w, false))
	window := m.window()
	bar := m.column(window)
	for i, s := range window {
		lines = append(lines, m.line(s, focused)+bar[i])
	}
	return lines
}

// line draws one line of the window, without the scrollbar. The selection has its
// background while the pane has the focus, and its bar always.
func (m *messages) line(s spot, focused bool) string {
	cells := m.w - barCells
	draw := func(r row, selected bool) string {
		return r.render(m.look.styles, m.look.widths, cells, selected)
	}
	switch {
	case s.item < 0:
		return blanks(cells)
	case s.item >= m.len():
		if rows := m.edgeRows(); s.line < len(rows) {
			return draw(rows[s.line], false)
		}
		return blanks(cells)
	}
	b := m.block(s.item)
	if s.line >= len(b.rows) {
		return blanks(cells)
	}
	if b.drawn == nil {
		b.drawn = make([]string, len(b.rows))
	}
	if s.item == m.selected && s.line >= b.lead {
		gutter := space(textColumn - barColumn - 1)
		if b.flag && s.line == b.lead {
			gutter = span{accent, text.Lit(" ⚑ ")}
		}
		r := append(row{space(barColumn), selectionBar(focused), gutter}, b.rows[s.line][1:]...)
		return draw(r, focused)
	}
	if b.drawn[s.line] == "" {
		b.drawn[s.line] = draw(b.rows[s.line], false)
	}
	return b.drawn[s.line]
}

func selectionBar(focused bool) span {
	if focused {
		return span{accent, text.Lit("▌")}
	}
	return span{dim, text.Lit("▏")} // thinner: a terminal may have no colour
}

// title names the conversation, and the day of the first message on screen.
func (m *messages) title(focused bool) row {
	name, side := span{bold, text.Lit("Messages")}, span{}
	switch {
	case m.chat.IsGroup():
		name.text = text.Join(text.Lit("* "), idLine(m.chat.Group))
	case m.chat.Peer != "" && m.chat.Peer == m.viewer:
		name.text = idLine(m.chat.User)
		side = span{dim, text.Lit(" · the other side's list")}
	case m.chat.Peer != "":
		name.text = idLine(m.chat.Peer)
	}
	if focused {
		name.ink = accent
	}
	day := row{}
	if n := m.len(); n > 0 {
		if at, ok := m.dayOf(min(m.top.item, n-1)); ok {
			day = row{span{dim, text.CleanLine(dayName(at.In(m.look.zone)))}}
		}
	}
	return apart(m.look.widths, m.w-rightMargin-barCells, row{space(barColumn), name, side}, day)
}
