package ui

import "slices"

// spot is a line of a message. Items count from the newest message, 0; the
// item after the oldest is the top edge. So a position needs no total height,
// and older pages leave it valid.
type spot struct{ item, line int }

// above reports whether s comes before t on screen.
func (s spot) above(t spot) bool {
	return s.item > t.item || s.item == t.item && s.line < t.line
}

// rows is the number of lines under the title.
func (m *messages) rows() int { return max(m.h-1, 0) }

// end is the spot of the newest message's last line.
func (m *messages) end() spot { return spot{0, m.height(0) - 1} }

// up returns the spot k lines above s, or the first line of all.
func (m *messages) up(s spot, k int) spot {
	for k > s.line {
		if s.item >= m.len() {
			return spot{m.len(), 0}
		}
		k -= s.line + 1
		s.item++
		s.line = m.height(s.item) - 1
	}
	s.line -= k
	return s
}

// down returns the spot k lines below s, or the last line of all.
func (m *messages) down(s spot, k int) spot {
	for {
		room := m.height(s.item) - 1 - s.line
		if k <= room {
			return spot{s.item, s.line + k}
		}
		if s.item == 0 {
			return m.end()
		}
		k -= room + 1
		s = spot{s.item - 1, 0}
	}
}

// clamp keeps the last line from leaving the bottom of the screen.
func (m *messages) clamp() {
	n := m.len()
	m.selected = max(0, min(m.selected, n-1))
	if m.top.item > n {
		m.top = spot{n, 0}
	}
	m.top.line = max(0, min(m.top.line, m.height(m.top.item)-1))
	if lowest := m.up(m.end(), m.rows()-1); lowest.above(m.top) {
		m.top = lowest
	}
}

// nothing is the spot of a line on which nothing stands.
var nothing = spot{item: -1}

// window returns the spot of each line on screen, from the top. A conversation
// that is shorter than the screen stands at its bottom; what is said in place of
// a conversation stands at its top.
func (m *messages) window() []spot {
	lines := make([]spot, 0, m.rows())
	s := m.top
	for len(lines) < m.rows() {
		lines = append(lines, s)
		if s == m.end() {
			break
		}
		s = m.down(s, 1)
	}
	missing := slices.Repeat([]spot{nothing}, m.rows()-len(lines))
	if m.len() == 0 {
		return append(lines, missing...)
	}
	return append(missing, lines...)
}

// held is a line of a message's text and the row of the screen it stands on.
type held struct {
	item, line, row int // line counts from the first line of the text
	ok              bool
}

// hold remembers where a message is on screen: the selected one if it can be
// seen, else the first.
func (m *messages) hold() (h held) {
	for row, s := range m.window() {
		if s.item < 0 || s.item >= m.len() || s.line < m.block(s.item).lead {
			continue
		}
		here := held{s.item, s.line - m.block(s.item).lead, row, true}
		if !h.ok || s.item == m.selected {
			h = here
		}
		if s.item == m.selected {
			break
		}
	}
	return h
}

// keepingLines does something that may change heights; the lines on screen keep
// their place.
func (m *messages) keepingLines(do func()) {
	held := m.hold()
	do()
	m.putBack(held)
}

// putBack brings the message that was held to its row again.
func (m *messages) putBack(h held) {
	if h.ok {
		b := m.block(h.item)
		line := min(b.lead+h.line, len(b.rows)-1)
		m.top = m.up(spot{h.item, line}, min(h.row, m.rows()-1))
	}
	m.clamp()
}

// scroll moves the screen by k lines, down if positive.
func (m *messages) scroll(k int) {
	if k < 0 {
		m.top = m.up(m.top, -k)
	} else {
		m.top = m.down(m.top, k)
	}
	m.clamp()
}

// move scrolls by k lines and selects what comes to the row of the selection;
// at either end it selects the last message there.
func (m *messages) move(k int) {
	if m.len() == 0 {
		return
	}
	row, before := m.hold().row, m.top
	m.scroll(k)
	switch {
	case m.top == before && k > 0:
		m.selected = 0
	case m.top == before:
		m.selected = m.len() - 1
	default:
		m.selected = m.messageAt(row)
	}
}

// messageAt returns the message whose text stands on a row of the screen, or on
// the nearest row that has some.
func (m *messages) messageAt(row int) int {
	lines := m.window()
	row = min(row, len(lines)-1)
	s := lines[row]
	if s.item < 0 || s.item >= m.len() {
		return m.len() - 1
	}
	below := m.block(s.item).lead - s.line
	if below > 0 && s.item < m.len()-1 && (below > s.line+1 || row+below >= len(lines)) && row > s.line {
		return s.item + 1
	}
	return s.item
}

// grab selects a message that is on screen, if the selected one was scrolled
// away: the first of them, or the last. It reports whether it did.
func (m *messages) grab(last bool) bool {
	first, end := -1, -1
	for _, s := range m.window() {
		if s.item == m.selected {
			return false
		}
		if s.item >= 0 && s.item < m.len() && s.line >= m.block(s.item).lead {
			end = s.item
			if first < 0 {
				first = s.item
			}
		}
	}
	if first < 0 {
		return false
	}
	m.selected = first
	if last {
		m.selected = end
	}
	return true
}

// next selects the next newer message; one that goes on below the screen is
// scrolled through first.
func (m *messages) next() {
	if m.grab(false) {
		return
	}
	last := spot{m.selected, m.height(m.selected) - 1}
	bottom := m.down(m.top, m.rows()-1)
	if m.height(m.selected) >= m.rows() && bottom.above(last) && !bottom.above(spot{m.selected, 0}) {
		m.scroll(max(m.rows()-1, 1))
		return
	}
	m.selected = max(m.selected-1, 0)
	m.reveal()
}

// previous selects the next older message; one that begins above the screen is
// scrolled through first.
func (m *messages) previous() {
	switch {
	case m.grab(true):
	case m.top.item == m.selected && m.top.line > 0 && m.height(m.selected) >= m.rows():
		m.scroll(-max(m.rows()-1, 1))
	case m.selected >= m.len()-1:
		m.oldest()
	case m.selected+1 == m.len()-1 && m.height(m.selected+1) < m.rows():
		m.oldest()
	case m.height(m.selected+1) < m.rows():
		m.selected++
		m.reveal()
	default:
		m.selected++
		m.top = m.up(spot{m.selected, m.height(m.selected) - 1}, m.rows()-1) // its end first
		m.clamp()
	}
}

// oldest selects the oldest message that is loaded, under the top edge.
func (m *messages) oldest() {
	m.selected = max(m.len()-1, 0)
	m.top = spot{m.len(), 0}
	m.clamp()
}

// bottom selects the newest message.
func (m *messages) bottom() {
	m.selected = 0
	m.top = m.end()
	m.clamp()
}

// reveal scrolls as little as brings the selected message on screen.
func (m *messages) reveal() {
	first, last := spot{m.selected, 0}, spot{m.selected, m.height(m.selected) - 1}
	switch {
	case first.above(m.top) || m.height(m.selected) >= m.rows():
		m.top = first
	case m.down(m.top, m.rows()-1).above(last):
		m.top = m.up(last, m.rows()-1)
	}
	m.clamp()
}
