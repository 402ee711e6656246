// Package text makes foreign text safe to show, measures it and wraps it.
//
// Names, IDs, titles, file names, error texts and message bodies are written by
// others and end in a terminal. They come in through a door ([CleanLine],
// [CleanBlock], [CleanName]) and leave as a [Line] or a [Block], whose content
// nothing outside this package can set: a string that was not cleaned cannot
// become a row. Our own words come in through [Lit], which takes constants only.
//
// clean.go is the doors' work, runes.go says what each rune is, width.go counts
// cells and cuts, wrap.go breaks blocks into lines.
//
// It shows, it does not parse: a control character becomes a visible picture
// and what follows it stays text. It refuses to know escape sequences, colours,
// HTML or Markdown, and to guess which width a terminal gives to an emoji: the
// caller says by which [Widths] the terminal counts.
package text

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// limit is how many bytes of a block are laid out.
const limit = 64 << 10

// nameCells is the widest name that is shown, nameBytes more than it can take.
const (
	nameCells = 64
	nameBytes = nameCells * maxRunes * utf8.UTFMax
)

// Line is one cleaned line: valid UTF-8 without control characters, bidi
// controls or newlines, that begins with a character of its own. The zero value
// is the empty line. Lines compare with ==.
type Line struct{ s string }

// Block is cleaned text of any number of lines. The zero value is empty.
type Block struct {
	s    string
	rest int
}

// literal has no name outside this package, so that only an untyped constant
// converts to it.
type literal string

// CleanLine is the door for names, IDs, titles, file names and error texts. A
// newline in s is shown as ␤. It never fails: any bytes give a line.
func CleanLine(s string) Line {
	if printable(s) {
		return Line{s}
	}
	c := cleaner{src: s, limit: unlimited}
	return Line{c.clean()}
}

// CleanBlock is the door for message bodies. It lays out at most 64 KiB, cut
// between two characters, and counts what is left in [Block.Rest].
func CleanBlock(s string) Block {
	if len(s) <= limit && printableLines(s) {
		return Block{s: s}
	}
	c := cleaner{src: s, limit: limit, block: true}
	out := c.clean()
	return Block{s: out, rest: c.rest}
}

// CleanName is [CleanLine] cut to 64 cells, counted by [Graphemes]. A name in
// which there is nothing to see gives the empty line, so that the caller shows
// the ID alone.
func CleanName(s string) Line {
	l := Graphemes.Cut(CleanLine(s[:min(len(s), nameBytes)]), nameCells)
	if strings.TrimSpace(l.s) == "" {
		return Line{}
	}
	return l
}

// Lit is the door for our own words. It compiles with an untyped constant only.
func Lit(s literal) Line { return CleanLine(string(s)) }

// Join puts lines behind one another, with nothing in between. Measure the
// result: two halves of a flag that meet become one character.
func Join(parts ...Line) Line {
	if len(parts) == 1 {
		return parts[0]
	}
	n := 0
	for _, p := range parts {
		n += len(p.s)
	}
	var b strings.Builder
	b.Grow(n)
	for _, p := range parts {
		b.WriteString(p.s)
	}
	return Line{b.String()}
}

// String returns the line as it may be written to a terminal.
func (l Line) String() string { return l.s }

// Empty reports whether the line has no text at all; a line of spaces has.
func (l Line) Empty() bool { return l.s == "" }

// String returns the block as it may be written to a terminal, its lines
// separated by \n.
func (b Block) String() string { return b.s }

// Line returns the block as one line, each newline shown as ␤.
func (b Block) Line() Line { return Line{strings.ReplaceAll(b.s, "\n", newlinePicture)} }

// Blank reports whether there is nothing to see in the block.
func (b Block) Blank() bool { return strings.TrimSpace(b.s) == "" }

// Rest returns how many bytes of the original are not laid out; 0 when all are.
func (b Block) Rest() int { return b.rest }

// RevealBlock is [CleanBlock] for what must be seen as it came: what the doors
// would drop, blank or replace stands there as \u{202E}, a byte that is no UTF-8
// as \x{FF}. Emoji come apart by it, and so they should.
func RevealBlock(s string) Block {
	if printableLines(s) {
		return CleanBlock(s)
	}
	rest := max(len(s)-limit, 0)
	var b strings.Builder
	for i, r := range s[:len(s)-rest] {
		switch c := classOf(r); {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd"):
			fmt.Fprintf(&b, `\x{%02X}`, s[i])
		case c == base, c == mark, r == '\n':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%04X}`, r)
		}
	}
	block := CleanBlock(b.String())
	block.rest += rest
	return block
}

// Hidden returns the distinct runes of s that are there and cannot be seen, in
// order of appearance: what the doors drop or blank, the bidi controls that
// change the order of reading above all.
func Hidden(s string) []rune {
	var found []rune
	for _, r := range s {
		switch classOf(r) {
		case dropped, space, joiner, selector:
			if !slices.Contains(found, r) && len(found) < maxHidden {
				found = append(found, r)
			}
		}
	}
	return found
}

// maxHidden is how many runes Hidden names at most.
const maxHidden = 64

// printable reports whether s is ASCII without control characters.
func printable(s string) bool {
	return len(s) == printableRun(s)
}

// printableLines is printable that lets newlines pass.
func printableLines(s string) bool {
	for i := range len(s) {
		if (s[i] < ' ' || s[i] > '~') && s[i] != '\n' {
			return false
		}
	}
	return true
}

// printableRun counts the leading bytes of s that are ASCII and no controls.
func printableRun(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return i
		}
	}
	return len(s)
}
