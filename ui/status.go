package ui

import (
	"cmp"
	"fmt"
	"strconv"

	"backscroll/ui/text"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// status returns the last row: where one is on the left, what is on at the
// right. A prompt, a question or a notice takes the whole row.
func (m *Model) status() row {
	switch {
	case m.prompt.kind == promptList:
		found := text.Join(number(len(m.conversations.shown)), text.Lit(" of "), number(len(m.conversations.all)))
		return apart(m.look.widths, m.width-rightMargin,
			append(row{space(barColumn), span{accent, text.Lit("/")}}, typed(m.prompt.input, true, m.look.widths, m.width/2)...), row{span{dim, found}})
	case m.copies:
		return append(row{space(barColumn)}, copyMenu(m.copying(), m.look.widths, m.width-barColumn-rightMargin)...)
	case m.opening != nil:
		return openQuestion(*m.opening).fold(m.look.widths).cut(m.look.widths, m.width)
	case m.asking && m.exportRuns():
		return row{space(barColumn), span{plain, text.Lit("stop the export and quit? ")}, span{accent, text.Lit("y")}, span{dim, text.Lit(" does, any other key stays")}}
	case m.asking:
		return row{space(barColumn), span{plain, text.Lit("quit backscroll? ")}, span{accent, text.Lit("y")}, span{dim, text.Lit(" quits, any other key stays")}}
	case !m.notice.Empty():
		return row{space(barColumn), span{accent, m.notice}}
	}
	cells := m.width - barColumn - rightMargin
	if t := m.transfer; t != nil {
		return row{space(barColumn), span{accent, dotted(text.Join(text.Lit("saving "), text.CleanName(media.FileName(t.link))), t.progress(), text.Lit("esc stops"))}}.cut(m.look.widths, cells)
	}
	if i := &m.inspector; i.open && i.tab == tabTree && i.tree != nil && m.focus == paneInspector {
		return row{space(barColumn), span{plain, text.CleanLine(i.tree.path())}}.cut(m.look.widths, cells)
	}
	if m.focus == paneBoth && len(m.both.progress()) > 0 {
		return row{space(barColumn), span{accent, fitting(m.look.widths, cells, m.both.progress()...)}}
	}
	if way := m.messages.progress(); way != nil && m.focus != paneFindings && len(m.troubles()) == 0 {
		return row{space(barColumn), span{accent, fitting(m.look.widths, cells, way...)}}
	}
	where, least := m.where()
	right := m.whatIsOn(cells - 1 - m.look.widths.Of(m.look.widths.Fold(least)))
	left := fitting(m.look.widths, cells-1-right.width(m.look.widths), where...)
	return append(row{space(barColumn)}, apart(m.look.widths, cells, row{span{plain, left}}, right)...)
}

// where is `shop · alice → bob, alice's side · 2026-05-01 14:03:22 +08:00 · seq 812`,
// or less of it, the longest first. least is the shortest that names it all.
func (m *Model) where() (lines []text.Line, least text.Line) {
	place := text.CleanLine(m.place)
	if b, shown := m.cover.(*bothSides); shown {
		return b.where(place)
	}
	if m.focus == m.listPane() {
		var selected text.Line
		if conv, ok := m.conversations.current(); ok {
			selected = idLine(conv.ConvId)
		}
		user := text.Line{}
		if m.conversations.user != "" {
			user = idLine(m.conversations.user)
		}
		least = dotted(user, selected)
		return []text.Line{dotted(place, least), least, selected, {}}, least
	}
	var who, long, short, seq text.Line
	switch chat := m.messages.chat; {
	case m.offline:
		who = idLine(cmp.Or(chat.Peer, chat.Group))
	case chat.IsGroup():
		who = text.Join(text.Lit("group "), idLine(chat.Group))
	case chat.Peer != "":
		who = chatLine(m.conversations.user, chat)
	case m.conversations.user != "":
		who = idLine(m.conversations.user)
	}
	if m.messages.len() > 0 {
		selected := m.messages.at(m.messages.selected)
		long, short = text.Lit("unknown time"), text.Lit("unknown time")
		if at, ok := selected.Time(); ok {
			long = text.CleanLine(fullTime(at, m.look.zone))
			short = text.CleanLine(at.In(m.look.zone).Format("2006-01-02 15:04"))
		}
		if selected.MsgSeq != 0 {
			seq = text.CleanLine("seq " + strconv.FormatInt(selected.MsgSeq, 10))
		}
	}
	least = dotted(who, short, seq)
	return []text.Line{dotted(place, who, long, seq), dotted(who, long, seq), least, dotted(who, short), dotted(short, seq), short, {}}, least
}

// fitting returns the first of the lines that fits, or the last.
func fitting(w text.Widths, cells int, lines ...text.Line) text.Line {
	for _, l := range lines {
		if w.Of(w.Fold(l)) <= cells {
			return l
		}
	}
	return lines[len(lines)-1]
}

// dot stands between parts of a line; it is made once, since every frame has it.
var dot = text.Lit(" · ")

// dotted joins the parts that are not empty with dots.
func dotted(parts ...text.Line) text.Line {
	var line text.Line
	for _, p := range parts {
		switch {
		case p.Empty():
		case line.Empty():
			line = p
		default:
			line = text.Join(line, dot, p)
		}
	}
	return line
}

// chatLine names a one-on-one chat from the user's view, and whose list it is.
func chatLine(user string, c history.Chat) text.Line {
	side := idLine(c.User)
	if user == c.Peer {
		c = c.OtherSide()
	}
	return text.Join(idLine(c.User), text.Lit(" → "), idLine(c.Peer), text.Lit(", "), side, text.Lit("'s side"))
}

// whatIsOn counts what is loaded, and tells what is not as it should be. What
// matters least is left out where it does not fit into so many cells, and the
// rest where it would take more than two thirds of the row.
func (m *Model) whatIsOn(cells int) row {
	parts := m.troubles()
	if said := m.exportIsOn(); !said.Empty() {
		parts = append(parts, said)
	}
	if m.remark != "" {
		parts = append(parts, text.CleanLine(m.remark))
	}
	parts = append(parts, m.follows()...)
	parts = append(parts, m.messages.isOn()...)
	if l := m.caseIsOn(); !l.Empty() {
		parts = append(parts, l)
	}
	if f := m.conversations.filter; f != "" && m.focus == paneConversations {
		parts = append(parts, text.Join(text.Lit("/"), text.CleanLine(f)))
	}
	if m.messages.chat != (history.Chat{}) {
		older := text.Lit(", older: yes")
		switch {
		case m.messages.edge == edgeStart && m.messages.err == nil:
			older = text.Lit(", older: no")
		case m.messages.edge == edgeStart, m.messages.edge == edgeFailed:
			older = text.Lit(", older: failed")
		}
		parts = append(parts, text.Join(number(m.messages.log.Len()), text.Lit(" loaded"), older))
	}
	if !m.mouse {
		parts = append(parts, text.Lit("mouse off"))
	}
	wide := func(parts []text.Line) int { return m.look.widths.Of(m.look.widths.Fold(dotted(parts...))) }
	if t := m.client.Traffic(); t.Limit > 0 {
		calls := append(parts[:len(parts):len(parts)], text.CleanLine(fmt.Sprintf("%d of %.3g calls/s", t.Calls, t.Limit)))
		if len(parts) == 0 || wide(calls) <= cells {
			parts = calls
		}
	}
	if len(parts) == 0 {
		parts = append(parts, text.Lit("? help"))
	}
	for len(parts) > 1 && wide(parts) > max(m.width*2/3, minWidth-2) {
		parts = parts[:len(parts)-1]
	}
	return row{span{dim, m.look.widths.Fold(dotted(parts...))}}
}

// troubles are the pauses of requests, and what went wrong and stays so.
func (m *Model) troubles() (parts []text.Line) {
	for _, r := range []struct {
		what text.Line
		of   *request
	}{
		{text.Line{}, &m.messages.request}, {text.Line{}, &m.conversations.request},
		{text.Lit("F: "), &m.following.request},
		{text.Lit("names: "), &m.names.request}, {text.Lit("who recalled: "), &m.messages.recalls.request}, {text.Lit("missing numbers: "), &m.messages.gaps.request},
	} {
		if r.of.pausing() {
			parts = append(parts, text.Join(r.what, attemptLine(r.of.wait)))
		}
	}
	if clock := m.client.Traffic().Clock(); clock != "" {
		parts = append(parts, text.CleanLine(clock))
	}
	if m.names.err != nil {
		parts = append(parts, text.Lit("names failed"))
	}
	return parts
}
