package ui

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// gapList is the pane of what the service said of a gap, the newest number first.
type gapList struct {
	look     look
	w, h     int
	of       *gapAnswer
	lines    []gapLine
	told     int64  // of.asked when lines was made
	unnamed  string // what is said of numbers that no answer names
	selected int
	top      int
}

// gapLine is a message that the service told of, or numbers that it does not know.
type gapLine struct {
	from, to int64 // MsgSeq; 0 where the answer has none
	found    *gapFound
}

// showMissing opens the pane on the gap beside the selected message.
func (m *Model) showMissing() {
	p := &m.messages
	if p.len() > 0 {
		for _, k := range p.gapsBeside(p.selected) {
			if a := p.gaps.answers[k]; a != nil && a.asked > 0 {
				m.put(&gapList{of: a})
				return
			}
		}
	}
	m.notice = text.Lit("of no gap beside this message anything was asked: e asks")
}

// openMissing shows the selected message in the inspector.
func (m *Model) openMissing() {
	c, ok := m.cover.(*gapList)
	if !ok || c.selected >= len(c.lines) {
		return
	}
	f := c.lines[c.selected].found
	if f == nil {
		m.notice = text.Lit("no answer names a message of these numbers")
		return
	}
	m.uncover()
	var by exchanged
	by.exchange, by.known = m.exchanges.by(f.by)
	m.inspector.showAlone(f.message, m.messages.at(m.messages.selected), by)
	m.focus = paneInspector
}

// compose makes the lines: what has a number by its number, what is between as
// unknown, and at the end what came without one.
func (c *gapList) compose() {
	c.lines, c.told = nil, c.of.asked
	var bare []gapLine
	for i := range c.of.found {
		f := &c.of.found[i]
		l := gapLine{f.message.MsgSeq, f.message.MsgSeq, f}
		if l.from == 0 {
			bare = append(bare, l)
		} else {
			c.lines = append(c.lines, l)
		}
	}
	slices.SortStableFunc(c.lines, func(a, b gapLine) int { return cmp.Compare(b.to, a.to) })
	next := c.of.gap.Before - 1 // the newest number that is not accounted for
	var lines []gapLine
	unknown := func(down int64) {
		if next > down {
			lines = append(lines, gapLine{from: down + 1, to: next})
		}
	}
	for _, l := range c.lines {
		unknown(l.to)
		lines = append(lines, l)
		next = min(next, l.from-1)
	}
	unknown(c.of.gap.Before - 1 - c.of.asked)
	c.lines = append(lines, bare...)
	switch left := c.of.asked - int64(len(c.of.found)); {
	case len(bare) == 0:
		c.unnamed = "unknown to the service"
	case left <= 0:
		c.unnamed = "told of without a number, below"
	default:
		c.unnamed = "unknown to the service, or told of without a number, below"
	}
}

func (c *gapList) pane() pane { return paneGap }

func (c *gapList) resize(w, h int) {
	c.w, c.h = w, h
	if c.lines == nil || c.told != c.of.asked {
		c.compose()
	}
	c.move(0)
}

func (c *gapList) restyle(l look) { c.look = l }

func (c *gapList) rows() int { return max(c.h-1, 1) }

func (c *gapList) move(k int) {
	c.selected = max(0, min(c.selected+k, len(c.lines)-1))
	c.top = max(min(c.top, c.selected), c.selected-c.rows()+1, 0)
}

func (c *gapList) handleKey(k tea.KeyPressMsg) tea.Cmd {
	if by, moves := keys.step(k, c.rows(), len(c.lines)); moves {
		c.move(by)
	}
	return nil
}

func (c *gapList) scroll(k int) { c.move(k / wheelLines) }

func (c *gapList) click(_, y int) tea.Cmd {
	if n := c.top + y - 1; y > 0 && n < len(c.lines) {
		c.move(n - c.selected)
	}
	return nil
}

func (c *gapList) back() bool { return false }

func (c *gapList) close() {}

// view draws the pane, a string for each of its lines.
func (c *gapList) view() []string {
	draw := func(r row, selected bool) string { return r.render(c.look.styles, c.look.widths, c.w, selected) }
	said := " · " + seqRange(c.of.gap.After+1, c.of.gap.Before-1) + c.of.sentence()
	lines := []string{draw(row{space(barColumn), {accent, text.Lit("Missing numbers")}, {dim, text.CleanLine(said)}}, false)}
	for n := c.top; n < len(c.lines) && len(lines) < c.h; n++ {
		bar := space(1)
		if n == c.selected {
			bar = selectionBar(true)
		}
		lines = append(lines, draw(append(row{space(barColumn), bar, space(1)}, c.line(c.lines[n])...), n == c.selected))
	}
	return append(lines, slices.Repeat([]string{blanks(c.w)}, max(c.h-len(lines), 0))...)[:max(c.h, 0)]
}

// line lays out the numbers and what is known of them.
func (c *gapList) line(l gapLine) row {
	name := text.Lit("no number")
	if l.to != 0 {
		name = text.CleanLine(seqRange(l.from, l.to))
	}
	if l.found == nil {
		return row{{plain, name}, space(2), {dim, text.CleanLine(c.unnamed)}}
	}
	e := l.found.message.Envelope()
	if e.IsEmpty == zim.Deleted {
		return row{{plain, name}, space(2), {dim, text.Lit("deleted or expired")}}
	}
	when := text.Lit("unknown time")
	if at, ok := e.Time(); ok {
		when = text.CleanLine(at.In(c.look.zone).Format("2006-01-02 15:04"))
	}
	return row{{plain, name}, space(2), {dim, when}, space(2), {senderInk(e.Sender), idLine(e.Sender)}, space(2), {plain, Summary(e, c.look.zone)}}
}
