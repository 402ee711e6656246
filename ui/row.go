package ui

import (
	"strings"

	"backscroll/ui/text"
)

// span is a piece of a row in one ink. Its text is a text.Line, so that nothing
// reaches the screen that was not cleaned or written by us.
type span struct {
	ink  ink
	text text.Line
}

// row is one line of a pane.
type row []span

// fold returns the row as it is laid out on a terminal that counts by w. All
// measures below are of folded rows.
func (r row) fold(w text.Widths) row {
	folded := make(row, len(r))
	for i, s := range r {
		folded[i] = span{s.ink, w.Fold(s.text)}
	}
	return folded
}

func (r row) width(w text.Widths) int {
	n := 0
	for _, s := range r {
		n += w.Of(s.text)
	}
	return n
}

// cut returns the row in at most so many cells, ending in … if it was longer.
func (r row) cut(w text.Widths, cells int) row {
	left := max(cells, 0)
	for i, s := range r {
		n := w.Of(s.text)
		if n > left {
			return append(r[:i:i], span{s.ink, w.Cut(s.text, left)})
		}
		left -= n
	}
	return r
}

// render draws the row in exactly so many cells, on the selection's background
// if it is selected.
func (r row) render(st *styles, w text.Widths, cells int, selected bool) string {
	if cells <= 0 {
		return ""
	}
	on := &st.on
	if selected {
		on = &st.selected
	}
	fitted := r.fold(w).cut(w, cells)
	fitted = append(fitted[:len(fitted):len(fitted)], space(cells-fitted.width(w)))
	var b strings.Builder
	b.Grow(2*cells + 24*len(fitted))
	for _, s := range fitted {
		if s.text.Empty() {
			continue
		}
		b.WriteString(on[s.ink])
		b.WriteString(s.text.String())
		if on[s.ink] != "" {
			b.WriteString(sgrReset)
		}
	}
	return b.String()
}

// apart puts left and right at the two ends of a row of so many cells; left is
// cut where there is no room for both.
func apart(w text.Widths, cells int, left, right row) row {
	right = right.fold(w).cut(w, cells)
	n := right.width(w)
	room := cells - n
	if n > 0 && room > 0 {
		room-- // a space between them at least
	}
	left = left.fold(w).cut(w, room)
	gap := space(cells - left.width(w) - n)
	return append(append(left[:len(left):len(left)], gap), right...)
}

// space is a span of so many blanks.
func space(n int) span { return span{plain, text.CleanLine(blanks(n))} }

var manyBlanks = strings.Repeat(" ", 256)

func blanks(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(manyBlanks) {
		return manyBlanks[:n]
	}
	return strings.Repeat(" ", n)
}
