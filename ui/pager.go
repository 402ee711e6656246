package ui

import (
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// pager shows rows and long texts of which only what is visible is laid out. It is
// made of parts, and a part has its rows when it comes on screen: so a position is
// a part and a row of it, and a megabyte opens as fast as a line.
type pager struct {
	w, h   int
	widths text.Widths
	parts  []part
	made   map[int][]row // the rows of parts that were on screen
	top    spot          // items are parts here, the first is 0
	flat   bool          // lines are not wrapped
	shift  int           // characters of each line that are left of the screen, where it is flat
	query  history.Query // what is marked
	laid   int           // parts that were laid out ever, for tests
}

// part is rows that are there already, or a piece of a text that is shown as it
// came: what cannot be seen is named.
type part struct {
	rows   []row
	text   string
	indent int
	label  text.Line // in the indent of the first row
	ink    ink
}

const (
	partBytes = 4 << 10 // of a text that is laid out at a time
	keptParts = 64
)

// ready is a part of rows.
func ready(rows ...row) part { return part{rows: rows} }

// parted cuts a text into parts like p: at the ends of lines, and where a line is
// long, in between. wide keeps each line in one part.
func parted(s string, p part, wide bool) (parts []part) {
	for {
		n := min(len(s), partBytes)
		end := strings.IndexByte(s, '\n')
		switch {
		case wide && end >= 0:
			n = end
		case wide:
			n = len(s)
		case n < len(s):
			if end = strings.LastIndexByte(s[:n], '\n'); end >= 0 {
				n = end
			} else {
				for n > 1 && !utf8.RuneStart(s[n]) {
					n--
				}
			}
		}
		p.text = s[:n]
		parts = append(parts, p)
		if s = strings.TrimPrefix(s[n:], "\n"); s == "" {
			return parts
		}
		p.label = text.Line{}
	}
}

// show puts other parts in; the position stays, if keep is set, as far as it can.
func (p *pager) show(parts []part, keep bool) {
	p.parts, p.made = parts, map[int][]row{}
	if !keep {
		p.top, p.shift = spot{}, 0
	}
	p.clamp()
}

// resize lays everything out anew where the size or the rule of widths changed.
func (p *pager) resize(w, h int, widths text.Widths) {
	if w != p.w || widths != p.widths {
		p.made = map[int][]row{}
	}
	p.w, p.h, p.widths = w, h, widths
	p.clamp()
}

// rows returns the rows of a part; at least one.
func (p *pager) rows(i int) []row {
	if rows, ok := p.made[i]; ok {
		return rows
	}
	if len(p.made) >= keptParts {
		p.made = map[int][]row{}
	}
	rows := p.lay(p.parts[i])
	p.made[i] = rows
	p.laid++
	return rows
}

func (p *pager) lay(t part) []row {
	rows := t.rows
	if rows == nil {
		cells := max(p.w-t.indent-rightMargin, 1)
		for n, l := range p.lines(t.text, cells) {
			label := text.Line{}
			if n == 0 {
				label = t.label
			}
			lead := row{space(t.indent)}
			if !label.Empty() {
				lead = row{space(barColumn + 1), span{dim, p.widths.Fit(label, t.indent-barColumn-1)}}
			}
			rows = append(rows, append(lead, span{t.ink, l}))
		}
	}
	if !p.query.IsZero() {
		rows = append([]row(nil), rows...)
		markRows(p.widths, rows, p.query)
	}
	return rows
}

// lines breaks a piece of text into lines, or cuts one from it.
func (p *pager) lines(s string, cells int) []text.Line {
	if !p.flat {
		return p.widths.Chop(text.RevealBlock(s), cells)
	}
	for n := 0; n < p.shift && s != ""; n++ {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return []text.Line{p.widths.Cut(text.RevealBlock(s[:min(len(s), partBytes)]).Line(), cells)}
}

// up and down return the spot k rows above or below s, or the first or the last.
func (p *pager) up(s spot, k int) spot {
	for k > s.line {
		if s.item == 0 {
			return spot{}
		}
		k -= s.line + 1
		s.item--
		s.line = len(p.rows(s.item)) - 1
	}
	return spot{s.item, s.line - k}
}

func (p *pager) down(s spot, k int) spot {
	for {
		room := len(p.rows(s.item)) - 1 - s.line
		if k <= room {
			return spot{s.item, s.line + k}
		}
		if s.item == len(p.parts)-1 {
			return spot{s.item, s.line + room}
		}
		k -= room + 1
		s = spot{s.item + 1, 0}
	}
}

// clamp keeps the last row from leaving the bottom.
func (p *pager) clamp() {
	if len(p.parts) == 0 || p.h <= 0 || p.w <= 0 {
		p.top = spot{}
		return
	}
	p.top.item = max(0, min(p.top.item, len(p.parts)-1))
	p.top.line = max(0, min(p.top.line, len(p.rows(p.top.item))-1))
	last := len(p.parts) - 1
	lowest := p.up(spot{last, len(p.rows(last)) - 1}, p.h-1)
	if p.top.item > lowest.item || p.top.item == lowest.item && p.top.line > lowest.line {
		p.top = lowest
	}
}

// scroll moves by k rows, down if positive.
func (p *pager) scroll(k int) {
	if len(p.parts) == 0 {
		return
	}
	if k < 0 {
		p.top = p.up(p.top, -k)
	} else {
		p.top = p.down(p.top, k)
	}
	p.clamp()
}

// last shows the end.
func (p *pager) last() {
	p.top = spot{item: len(p.parts) - 1}
	if len(p.parts) > 0 {
		p.top.line = len(p.rows(p.top.item)) - 1
	}
	p.clamp()
}

// wrap turns the wrapping of long lines on or off.
func (p *pager) wrap(on bool) {
	p.flat, p.shift = !on, 0
	p.made = map[int][]row{}
	p.clamp()
}

// shiftBy is how far one key moves lines that are not wrapped.
const shiftBy = 20

func (p *pager) handleKey(k tea.KeyPressMsg) {
	lines, jumps := keys.jump(k, p.h)
	switch {
	case jumps:
		p.scroll(lines)
	case key.Matches(k, keys.Down, keys.ScrollDown):
		p.scroll(1)
	case key.Matches(k, keys.Up, keys.ScrollUp):
		p.scroll(-1)
	case key.Matches(k, keys.First):
		p.top = spot{}
	case key.Matches(k, keys.Last):
		p.last()
	case p.flat && key.Matches(k, keys.Left, keys.Right):
		step := shiftBy
		if key.Matches(k, keys.Left) {
			step = -shiftBy
		}
		p.shift = max(p.shift+step, 0)
		p.made = map[int][]row{}
	}
}

// mark marks what a query finds, and a zero one nothing.
func (p *pager) mark(q history.Query) {
	p.query = q
	p.made = map[int][]row{}
}

// find shows the next row that has what is marked, below the top one for step 1,
// above it for -1; for 0 the top one may be it. What was never laid out is searched
// as text.
func (p *pager) find(step int) bool {
	way := step
	if step == 0 {
		way = 1
	}
	for i := p.top.item; i >= 0 && i < len(p.parts); i += way {
		if p.parts[i].rows == nil && len(p.query.Ranges(p.parts[i].text)) == 0 {
			continue
		}
		rows := p.rows(i)
		from, to := 0, len(rows)-1
		switch {
		case i != p.top.item:
		case step > 0:
			from = p.top.line + 1
		case step < 0:
			to = p.top.line - 1
		default:
			from = p.top.line
		}
		if n, ok := markedBetween(rows, from, to, way); ok {
			p.top = spot{i, n}
			p.clamp()
			return true
		}
	}
	return false
}

// markedBetween returns the first of some rows that has a mark, or for step -1 the
// last.
func markedBetween(rows []row, from, to, step int) (int, bool) {
	found := -1
	for n := max(from, 0); n <= to && n < len(rows); n++ {
		for _, s := range rows[n] {
			if s.ink == marked {
				if step >= 0 {
					return n, true
				}
				found = n
			}
		}
	}
	return found, found >= 0
}

// window returns the rows that are on screen.
func (p *pager) window() []row {
	var out []row
	s := p.top
	for len(out) < p.h && s.item < len(p.parts) {
		rows := p.rows(s.item)
		out = append(out, rows[min(s.line, len(rows)):]...)
		s = spot{s.item + 1, 0}
	}
	return out[:min(len(out), max(p.h, 0))]
}
