package text

import (
	"strings"
	"unicode/utf8"
)

// Wrap returns b folded, in lines of at most cells; less than 1 counts as 1.
// It breaks at white space, before and after wide characters, and, where a word
// is longer than a line, between any two characters. It never loses or adds a
// character except the white space at a break. The one line that may be wider is
// a single character of two cells where one was asked for. An empty block gives
// one empty line.
func (w Widths) Wrap(b Block, cells int) []Line {
	s := w.fold(b.s)
	cells = max(cells, 1)
	lines := make([]Line, 0, 1+min(len(s)/cells, 256))
	for line := range strings.SplitSeq(s, "\n") {
		lines = w.wrapLine(lines, line, cells)
	}
	return lines
}

// breaker is the state of one line that is being wrapped.
type breaker struct {
	w     Widths
	s     string
	cells int
	lines []Line

	start int  // of the line being filled
	width int  // of s[start:] so far
	end   int  // where the line may end: behind its last word
	next  int  // where the line after that begins: behind the white space
	since int  // the width of s[next:] so far
	white bool // the last character was white space
	blank bool // nothing but white space since start
}

// wrapLine appends the lines of s, which has no newline.
func (w Widths) wrapLine(lines []Line, s string, cells int) []Line {
	if len(s) <= cells && printable(s) {
		return append(lines, Line{s})
	}
	b := breaker{w: w, s: s, cells: cells, lines: lines, blank: true}
	for i := 0; i < len(s); {
		size, n := w.next(s[i:])
		if isWhite(s[i : i+size]) {
			b.space(i, i+size, n)
		} else {
			b.word(i, i+size, n)
		}
		i += size
	}
	end := len(s)
	if b.width > cells && b.white {
		end = max(b.start, b.end)
	}
	return append(b.lines, Line{s[b.start:end]})
}

// space takes the white character s[i:j], which is never too wide: at the end
// of a line it is left out.
func (b *breaker) space(i, j, n int) {
	if !b.white {
		b.end = i
	}
	b.next, b.since = j, 0
	b.width += n
	b.white = true
}

// word takes the character s[i:j], on a new line if it does not fit.
func (b *breaker) word(i, j, n int) {
	wide := n == 2
	if wide && !b.white {
		b.end, b.next, b.since = i, i, 0
	}
	for b.width+n > b.cells && b.start < i {
		switch {
		case b.blank: // white space before the first word, wider than the line
			b.begin(i, i, 0)
		case b.end > b.start:
			b.lines = append(b.lines, Line{b.s[b.start:b.end]})
			b.begin(b.next, i, b.since)
		default:
			b.lines = append(b.lines, Line{b.s[b.start:i]})
			b.begin(i, i, 0)
		}
	}
	if n > b.cells && b.w != Graphemes {
		n = b.split(i, j)
	}
	b.width += n
	b.since += n
	b.white, b.blank = false, false
	if wide {
		b.end, b.next, b.since = j, j, 0
	}
}

// begin begins a line at start, of which everything up to i is width cells.
func (b *breaker) begin(start, i, width int) {
	b.start, b.width = start, width
	b.blank = start == i
}

// split breaks the character s[i:j], which is wider than a whole line, between
// runes, before those that have a width of their own. It returns the width of
// what it leaves on the current line.
func (b *breaker) split(i, j int) int {
	width := 0
	for k, r := range b.s[i:j] {
		n := b.w.Of(Line{b.s[i+k : i+k+utf8.RuneLen(r)]})
		if n > 0 && width > 0 && width+n > b.cells {
			b.lines = append(b.lines, Line{b.s[b.start : i+k]})
			b.begin(i+k, i+k, 0)
			width = 0
		}
		width += n
	}
	return width
}

// isWhite reports whether s is one character at which a line may break. No-break
// spaces are not, nor is a space that carries a mark.
func isWhite(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size == len(s) && isWhiteRune(r)
}

func isWhiteRune(r rune) bool {
	return r == ' ' || r == 0x1680 || r == 0x205f || r == 0x3000 ||
		r >= 0x2000 && r <= 0x200a && r != 0x2007
}

// Chop returns b folded, in lines of at most cells, broken at its newlines and
// between any two characters: for JSON and bytes as they came, where a word is
// nothing. It loses nothing. Less than 1 cell counts as 1; a character that is
// wider stands alone. An empty block gives one empty line.
func (w Widths) Chop(b Block, cells int) []Line {
	cells = max(cells, 1)
	var lines []Line
	for s := range strings.SplitSeq(w.fold(b.s), "\n") {
		start, width := 0, 0
		for i := 0; i < len(s); {
			size, n := w.next(s[i:])
			if width+n > cells && i > start {
				lines = append(lines, Line{s[start:i]})
				start, width = i, 0
			}
			i, width = i+size, width+n
		}
		lines = append(lines, Line{s[start:]})
	}
	return lines
}
