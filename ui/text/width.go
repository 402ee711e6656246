package text

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/displaywidth"
)

// Widths is the rule by which the terminal counts cells. Bubble Tea's renderer
// counts by the same rule, so a line that fits by it stays inside its pane.
type Widths uint8

const (
	// Wc adds up runes. It holds until the terminal has confirmed mode 2027.
	Wc Widths = iota
	// Graphemes counts each character (grapheme cluster) as one or two cells.
	Graphemes
)

// maxPad is how many cells Fit and FitRight fill at most.
const maxPad = 1 << 16

const (
	ellipsis = "…"
	joiners  = string(zwnj) + string(zwj)
	blanks   = "                                                                                "
)

// displayed is the renderer's rule for graphemes. The renderer reads from the
// environment whether ambiguous characters are wide, so it is asked.
var displayed = displaywidth.Options{EastAsianWidth: ansi.StringWidth("§") == 2}

// Of returns the width of l in cells.
func (w Widths) Of(l Line) int {
	switch {
	case printable(l.s):
		return len(l.s)
	case w == Graphemes:
		return displayed.String(l.s)
	}
	return ansi.StringWidthWc(l.s)
}

// Fold returns l as it is laid out: under [Wc] without the emoji joiners,
// selectors and skin tones by which two terminals disagree, under [Graphemes]
// unchanged.
func (w Widths) Fold(l Line) Line { return Line{w.fold(l.s)} }

// Cut returns l folded, and cut between two characters so that it is at most
// cells wide. A line that was cut ends in …, if there is room for it.
func (w Widths) Cut(l Line, cells int) Line {
	l, _ = w.cut(l, cells)
	return l
}

// Fit is [Widths.Cut], filled on the right with spaces to exactly cells (at
// most 65,536).
func (w Widths) Fit(l Line, cells int) Line {
	l, width := w.cut(l, cells)
	return Line{l.s + pad(cells-width)}
}

// FitRight is [Widths.Fit] with the spaces on the left.
func (w Widths) FitRight(l Line, cells int) Line {
	l, width := w.cut(l, cells)
	return Line{pad(cells-width) + l.s}
}

// Split returns the characters of l that lie before, in and behind the bytes from
// from to to. A character that lies only partly in them is in them.
func (w Widths) Split(l Line, from, to int) (before, inside, after Line) {
	a, b := -1, len(l.s)
	for i := 0; i < len(l.s); {
		size, _ := w.next(l.s[i:])
		if a < 0 && i+size > from {
			a = i
		}
		if i >= to {
			b = i
			break
		}
		i += size
	}
	if a < 0 || a > b {
		return l, Line{}, Line{}
	}
	return Line{l.s[:a]}, Line{l.s[a:b]}, Line{l.s[b:]}
}

// cut is Cut that also returns the width.
func (w Widths) cut(l Line, cells int) (Line, int) {
	s := w.fold(l.s)
	if len(s) <= cells && printable(s) {
		return Line{s}, len(s)
	}
	tail := w.Of(Line{ellipsis})
	width, fits, fitting := 0, 0, 0 // fits is where a cut leaves room for the tail
	for i := 0; i < len(s); {
		size, n := w.next(s[i:])
		if width+n > cells {
			if tail > cells {
				return Line{}, 0
			}
			return Line{strings.TrimRight(s[:fits], joiners) + ellipsis}, fitting + tail
		}
		i, width = i+size, width+n
		if width+tail <= cells {
			fits, fitting = i, width
		}
	}
	return Line{s}, width
}

// pad returns n spaces; none if n is negative.
func pad(n int) string {
	if n <= len(blanks) {
		return blanks[:max(n, 0)]
	}
	return strings.Repeat(" ", min(n, maxPad))
}

// next returns the bytes and the cells of the first character of s, which is
// not empty.
func (w Widths) next(s string) (size, cells int) {
	if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return 1, 1
	}
	if r, size := utf8.DecodeRuneInString(s); isPlain(r) && !displayed.EastAsianWidth {
		if after, _ := utf8.DecodeRuneInString(s[size:]); len(s) == size || isPlain(after) {
			return size, plainCells(r)
		}
	}
	method := ansi.WcWidth
	if w == Graphemes {
		method = ansi.GraphemeWidth
	}
	first, cells := ansi.FirstGraphemeCluster(s, method)
	return len(first), cells
}

// fold is Fold for cleaned text of any number of lines.
func (w Widths) fold(s string) string {
	if w == Graphemes {
		return s
	}
	var b strings.Builder
	kept := 0
	for i := 0; i < len(s); {
		if s[i] < 0xe2 { // no rune that is folded begins with less
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if folds(r, s[i+size:]) {
			b.WriteString(s[kept:i])
			kept = i + size
		}
		i += size
	}
	if kept == 0 {
		return s
	}
	b.WriteString(s[kept:])
	return b.String()
}

// folds reports whether r is left out where it stands before rest. A joiner
// between letters stays: it has no width by either rule. So it does at the end,
// where only wrapping leaves one.
func folds(r rune, rest string) bool {
	if r == zwj {
		next, size := utf8.DecodeRuneInString(rest)
		return size > 0 && !joins(next)
	}
	return r == textSelector || r == emojiSelector || isTone(r)
}
