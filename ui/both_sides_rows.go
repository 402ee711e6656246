package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

const (
	tallCover   = 16 // rows from which on there is room for a rule and a whole note
	maxNoteRows = 3  // rows of the note
)

// drawnEntry is a line of the list, without the bar of the selection and, once it was
// drawn without one, as a string.
type drawnEntry struct {
	row   row
	drawn string
}

// detailed is what is told of the selected line.
type detailed struct {
	line int
	rows []string
}

// markCells is the width of the column that says in which list a message is, and how
// much of a user ID it has.
func (b *bothSides) markCells() (mark, name int) {
	if b.w < wideWidth {
		return 17, 6
	}
	return 24, 12
}

// name is the user ID of a side in so many cells. Two that begin alike are told apart:
// what they have in common is cut.
func (b *bothSides) name(s history.Side, cells int) text.Line {
	w, mine, other := b.look.widths, idLine(b.chat.User), idLine(b.chat.Peer)
	if s == history.SideB {
		mine, other = other, mine
	}
	short := w.Cut(mine, cells)
	if w.Of(w.Fold(mine)) <= cells || short != w.Cut(other, cells) {
		return short
	}
	from := 0
	for i, r := range mine.String() {
		if !strings.HasPrefix(other.String()[min(i, len(other.String())):], string(r)) {
			break
		}
		from = i
	}
	return w.Cut(text.Join(text.Lit("…"), text.CleanLine(mine.String()[from:])), cells)
}

// mark says how the lists agree about a message: the words of its line, and of the
// counts.
func (b *bothSides) mark(f history.Difference, cells int) text.Line {
	at := func(words text.Line, s history.Side, more text.Line) text.Line {
		return text.Join(words, b.name(s, cells), more)
	}
	var more text.Line
	if f.ByPlace {
		more = text.Lit(" by place")
	}
	switch f.Kind {
	case history.DiffMissing:
		if f.Unsure {
			more = text.Lit("?")
		}
		return at(text.Lit("only "), f.Side.Other(), more)
	case history.DiffDeleted:
		return at(text.Lit("deleted at "), f.Side, more)
	case history.DiffRecalled:
		return at(text.Lit("recalled at "), f.Side, more)
	case history.DiffChanged:
		return text.Join(text.Lit("changed"), more)
	case history.DiffUnmatched:
		return at(text.Lit("unmatched at "), f.Side, more)
	case history.DiffBeyond:
		return at(text.Lit("beyond "), f.Side, text.Lit("'s"))
	}
	switch f.State {
	case zim.Revoked:
		return text.Lit("recalled in both")
	case zim.Deleted:
		return text.Lit("deleted in both")
	}
	return text.Lit("in both")
}

// title is whose lists these are, how far they are read, and how many messages have
// which mark.
func (b *bothSides) title() []string {
	w, cells := b.look.widths, b.w-barColumn-rightMargin
	name := text.Lit("Both sides")
	if b.only {
		name = text.Lit("Both sides, differences only")
	}
	who := dotted(name, text.Join(idLine(b.chat.User), text.Lit(" and "), idLine(b.chat.Peer)))
	read := fmt.Sprintf("%d and %d rows read", b.far.rows[0], b.far.rows[1])
	if b.far.timed {
		read += ", back to " + b.far.back.In(b.look.zone).Format(time.DateOnly)
	}
	head := row{space(barColumn), span{accent, who}}
	if w.Of(w.Fold(who))+len(read)+2 <= cells {
		head = append(row{space(barColumn)}, apart(w, cells, row{{accent, who}}, row{{dim, text.CleanLine(read)}})...)
	}
	rows := []string{b.draw(head)}
	for _, l := range wrapCut(w, b.counted(), cells, max(b.h/4-1, 1), text.Line{}) {
		rows = append(rows, b.draw(row{space(barColumn), span{dim, l}}))
	}
	return rows
}

// counted is how many messages have which mark, and how many rows wait for one.
func (b *bothSides) counted() text.Line {
	c := b.far.counts
	_, name := b.markCells()
	both := text.CleanLine(fmt.Sprintf("%d in both", c.Both))
	if c.Recalled > 0 {
		both = text.CleanLine(fmt.Sprintf("%d in both (%d recalled)", c.Both, c.Recalled))
	}
	parts, waiting := []text.Line{both}, b.far.rows[0]+b.far.rows[1]-2*c.Both
	for kind := history.DiffMissing; kind <= history.DiffBeyond; kind++ {
		for _, side := range []history.Side{history.BothSides, history.SideA, history.SideB} {
			n := c.Kinds[kind][side]
			if n == 0 {
				continue
			}
			parts = append(parts, text.Join(number(n), text.Lit(" "), b.mark(history.Difference{Kind: kind, Side: side}, name)))
			switch kind {
			case history.DiffMissing, history.DiffUnmatched, history.DiffBeyond: // of one list
				waiting -= n
			}
		}
	}
	if b.laid.Differences() == 0 {
		parts = append(parts, text.Lit("no difference"))
		if !b.far.done {
			parts[len(parts)-1] = text.Lit("no difference so far")
		}
	}
	if waiting > 0 && !b.far.done {
		parts = append(parts, text.CleanLine(count(waiting, "row waits", "rows wait")+" for more"))
	}
	return dotted(parts...)
}

// footRows is how many rows there are below the list: what both lists have of the
// selected message, and what a difference can mean.
func (b *bothSides) footRows() int {
	if b.h < tallCover {
		return 3
	}
	return 3 + b.noteRows()
}

// noteRows is how many rows the longest note takes.
func (b *bothSides) noteRows() int {
	longest := slices.MaxFunc(DiffMeaning, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return min(len(b.look.widths.Wrap(text.CleanBlock(longest), max(b.w-barColumn-rightMargin, 1))), maxNoteRows)
}

// draw draws a row that cannot be selected.
func (b *bothSides) draw(r row) string { return r.render(b.look.styles, b.look.widths, b.w, false) }

// view draws the pane, a string for each of its lines.
func (b *bothSides) view() []string {
	if b.h <= 0 {
		return nil
	}
	lines := append(make([]string, 0, b.h+1), b.head...)
	for line := b.low + b.rows() - 1; line >= b.low; line-- {
		switch n := b.lines(); {
		case line > n:
			lines = append(lines, blanks(b.w))
		case line == n:
			lines = append(lines, b.draw(append(row{space(barColumn)}, b.edge()...)))
		default:
			lines = append(lines, b.line(line))
		}
	}
	if b.h >= tallCover {
		lines = append(lines, b.look.styles.on[dim]+strings.Repeat("─", b.w)+sgrReset)
	}
	lines = append(lines, b.foot()...)
	for len(lines) < b.h {
		lines = append(lines, blanks(b.w))
	}
	return lines[:b.h]
}

// edge is what is told above the oldest line.
func (b *bothSides) edge() row {
	w := &b.way
	said := func(parts ...text.Line) row { return row{{dim, text.Join(parts...)}} }
	switch {
	case w.request.pausing():
		return row{{alarm, text.CleanBlock(fmt.Sprint(w.request.wait.Cause)).Line()}, {dim, text.Join(dot, attemptLine(w.request.wait))}}
	case w.err != nil:
		return row{{dim, text.Lit("r retries · ")}, {alarm, text.CleanBlock(w.err.Error()).Line()}}
	case w.busy && !w.stopped:
		esc := text.Line{}
		if b.frame > 0 {
			esc = text.Lit(" · esc stops")
		}
		return said(text.CleanLine(fmt.Sprintf("comparing · call %d", w.calls+1)), spinnerAt(b.frame), esc)
	case b.far.done && b.laid.Len() == 0:
		return said(text.Lit("no messages: both retained lists of this chat are empty"))
	case b.far.done:
		return said(text.Lit("start of both retained lists"))
	case w.unasked >= maxUnasked:
		return said(text.CleanLine(fmt.Sprintf("%d calls brought nothing to show here", w.unasked)), text.Lit(" · k goes on"))
	}
	return said(text.Lit("older messages · k loads"))
}

// line draws a line of the list.
func (b *bothSides) line(line int) string {
	e, ok := b.drawn[line]
	if !ok {
		i, run := b.at(line)
		e.row = row{{dim, text.CleanLine(fmt.Sprintf("  %d in both", run))}}
		if run == 0 {
			e.row = b.entry(b.laid.At(i))
		}
	}
	selected := line == b.selected
	if ok && !selected && e.drawn != "" {
		return e.drawn
	}
	bar := space(barColumn)
	if selected {
		bar = selectionBar(true)
	}
	drawn := append(row{bar}, e.row...).render(b.look.styles, b.look.widths, b.w, selected)
	if !selected {
		e.drawn = drawn
	}
	if len(b.drawn) > maxBlocks {
		clear(b.drawn)
	}
	b.drawn[line] = e
	return drawn
}

// entry lays a message out: in which list it is, when it was sent and by whom, and
// what it says.
func (b *bothSides) entry(f history.Difference) row {
	w, msg := b.look.widths, *saysMore(f)
	mark, name := b.markCells()
	ink := accent
	if f.Kind == history.DiffNone {
		ink = dim
	}
	e := msg.Envelope()
	r := row{{ink, w.Fit(b.mark(f, name), mark)}, space(1)}
	if layout := b.timeLayout(); layout != "" {
		when := text.Lit("unknown")
		if at, ok := timeOf(f); ok {
			when = text.CleanLine(at.In(b.look.zone).Format(layout))
		}
		r = append(r, span{dim, w.Fit(when, len(layout))}, space(2))
	}
	if b.w >= minWidth+20 {
		r = append(r, span{senderInk(e.Sender), w.Fit(idLine(e.Sender), min(senderCells, b.w/10))}, space(1))
	}
	if len(f.Fields) > 0 {
		r = append(r, span{dim, text.CleanLine(strings.Join(f.Fields, ", ") + ": ")})
	}
	return append(r, span{plain, Summary(e, b.look.zone)})
}

// timeLayout is how the times of the lines are written, "" where there is no room.
func (b *bothSides) timeLayout() string {
	switch {
	case b.w >= 100:
		return "2006-01-02 15:04"
	case b.w >= minWidth+20:
		return "01-02 15:04"
	}
	return ""
}

// timeOf returns the time of a message, as either list has it.
func timeOf(f history.Difference) (time.Time, bool) {
	for _, m := range []*zim.Message{saysMore(f), f.A, f.B} {
		if m == nil {
			continue
		}
		if at, ok := m.Time(); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// where is `shop · alice and bob, both sides · 2026-05-01 14:03:22 +08:00 · seq 812`,
// or less of it, as in the status line of the panes.
func (b *bothSides) where(place text.Line) (lines []text.Line, least text.Line) {
	who := text.Join(idLine(b.chat.User), text.Lit(" and "), idLine(b.chat.Peer), text.Lit(", both sides"))
	msg, ok := b.pointed()
	if !ok {
		return []text.Line{dotted(place, who), who, {}}, who
	}
	long, short, seq := text.Lit("unknown time"), text.Lit("unknown time"), text.Line{}
	if at, ok := msg.Time(); ok {
		long, short = text.CleanLine(fullTime(at, b.look.zone)), text.CleanLine(at.In(b.look.zone).Format("2006-01-02 15:04"))
	}
	if msg.MsgSeq != 0 {
		seq = text.CleanLine(fmt.Sprint("seq ", msg.MsgSeq))
	}
	least = dotted(who, short, seq)
	return []text.Line{dotted(place, who, long, seq), dotted(who, long, seq), least, dotted(short, seq), short, {}}, least
}

// foot tells what each list has of the selected message, and what that can mean.
func (b *bothSides) foot() []string {
	if b.detail.line == b.selected && b.detail.rows != nil {
		return b.detail.rows
	}
	if b.lines() == 0 {
		return nil
	}
	i, run := b.at(b.selected)
	f := b.laid.At(i)
	var rows []row
	if run > 0 {
		rows = append(rows, row{space(barColumn), {dim, text.CleanLine(count(run, "message", "messages") + " alike in both lists: enter shows them")}}, row{})
	} else {
		rows = append(rows, b.side(f, history.SideA), b.side(f, history.SideB))
	}
	ink, note := dim, meaningOf(f.Kind)
	if cautions := DiffCautions(b.far.counts); len(cautions) > 0 && (f.Kind == history.DiffNone || b.far.done && b.far.counts.Both == 0) {
		ink, note = alarm, cautions[len(cautions)-1]
	}
	most := max(b.below-3, 1)
	drawn := make([]string, 0, len(rows)+maxNoteRows)
	for _, r := range rows {
		drawn = append(drawn, b.draw(r))
	}
	for _, l := range wrapCut(b.look.widths, text.CleanLine(note), b.w-barColumn-rightMargin, most, text.Lit(" ? tells all")) {
		drawn = append(drawn, b.draw(row{space(barColumn), {ink, l}}))
	}
	b.detail = detailed{b.selected, drawn}
	return drawn
}

// wrapCut wraps a line into so many rows at most. One that needs more ends in … and
// what tells where the rest is.
func wrapCut(w text.Widths, l text.Line, cells, most int, rest text.Line) []text.Line {
	lines := w.Wrap(text.CleanBlock(l.String()), max(cells, 1))
	if len(lines) <= most {
		return lines
	}
	last := lines[most-1]
	for _, more := range lines[most:] {
		last = text.Join(last, text.Lit(" "), more)
	}
	return append(lines[:most-1:most-1], text.Join(w.Cut(last, cells-w.Of(rest)), rest))
}

// list names the list of a side.
func (b *bothSides) list(s history.Side) text.Line {
	_, name := b.markCells()
	return text.Join(b.name(s, name), text.Lit("'s list"))
}

// side is what one of the lists has of a message.
func (b *bothSides) side(f history.Difference, s history.Side) row {
	w, msg := b.look.widths, f.A
	if s == history.SideB {
		msg = f.B
	}
	whose := b.list(s)
	r := row{space(barColumn), {bold, w.Fit(whose, max(w.Of(whose), w.Of(b.list(s.Other())))+2)}}
	instead := text.Lit("no row that it can be matched with")
	switch {
	case f.Kind == history.DiffNone && s == history.SideB:
		return append(r, span{dim, text.Lit("the same")})
	case msg != nil && f.ByPlace && msg.MsgId == 0:
		r = append(r, span{dim, text.Lit("a row without an ID, in its place: ")})
		fallthrough
	case msg != nil:
		return append(r, span{plain, Summary(msg.Envelope(), b.look.zone)})
	case f.Kind == history.DiffMissing && f.Unsure:
		instead = text.Lit("no row for it; but rows without an ID about there, one of which it may be")
	case f.Kind == history.DiffMissing:
		instead = text.Lit("no row for it")
	case f.Kind == history.DiffBeyond:
		instead = text.Lit("nothing that is as old any more")
	}
	return append(r, span{dim, instead})
}
