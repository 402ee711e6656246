package ui

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"backscroll/ui/text"
	"backscroll/zim"
)

const (
	treeColumn  = 3 // where the first level begins; its mark is before its text
	levelIndent = 2
	countBytes  = 2 << 10 // of a folded node that are read to count what is in it
	soundBytes  = 1 << 20 // of a string that are looked over, and in which its end is looked for
	aroundBreak = 16      // bytes shown at each side of where a text breaks
	leadOfHit   = 12      // bytes shown before what was found in a long string
	keptRows    = 1024    // drawn
)

// treeRowKey says how a row looks, with the width, the styles and the query.
type treeRowKey struct {
	step              treeStep
	open, counted     bool
	selected, focused bool
}

// treeHit is where something was found last: in the text of a row, so far from its
// begin that the row shows it from there on.
type treeHit struct {
	treeStep
	from int // of the first byte that is shown; 0 if it is not needed
}

// view draws the rows on screen, a string of w cells for each of the h lines.
func (t *tree) view(focused bool) []string {
	if t.h <= 0 {
		return nil
	}
	if len(t.drawn) > keptRows {
		clear(t.drawn)
	}
	lines := make([]string, 0, t.h)
	for _, s := range t.lines {
		lines = append(lines, t.line(s, focused))
	}
	if b := t.unread; b != nil && len(lines) < t.h {
		at := b.last.at
		if b.midway {
			at = b.passing.at
		}
		said := text.Join(text.Lit("reading · "), size(int64(at)), text.Lit(" of "), size(int64(len(b.text.raw))))
		r := row{space(treeColumn + levelIndent), {dim, said}}
		lines = append(lines, r.render(t.look.styles, t.look.widths, t.w, false))
	}
	for len(lines) < t.h {
		lines = append(lines, blanks(t.w))
	}
	return lines
}

// line draws a row of the screen; what is drawn is kept.
func (t *tree) line(s treeSpot, focused bool) string {
	kid := s.b.kids[s.i]
	key := treeRowKey{step: s.treeStep, open: kid != nil && kid.open, counted: kid != nil && kid.done}
	key.selected = s.treeStep == t.selected.last()
	key.focused = key.selected && focused
	drawn, ok := t.drawn[key]
	if !ok {
		bar := space(1)
		if key.selected {
			bar = selectionBar(focused)
		}
		r := append(row{space(barColumn), bar}, t.compose(s)...)
		drawn = r.render(t.look.styles, t.look.widths, t.w, key.focused)
		t.drawn[key] = drawn
	}
	return drawn
}

// compose lays a row out, without the two columns before it: its key, its value,
// cut to what room there is, and what is to be said of it.
func (t *tree) compose(s treeSpot) row {
	c, ok := s.b.child(s.i)
	if !ok {
		return nil
	}
	r := append(row{t.indent(s.depth), t.handle(s, c)}, t.label(s, c)...)
	room := t.w - rightMargin - barColumn - 1 - r.fold(t.look.widths).width(t.look.widths)
	return append(r, t.content(s, c, room)...)
}

// indent goes no further than to the middle of the pane; below that, it says how
// deep the row is.
func (t *tree) indent(depth int) span {
	first := treeColumn - barColumn - 1
	cells, most := first+depth*levelIndent, first+t.w/2
	if cells <= most {
		return space(cells)
	}
	return span{dim, t.look.widths.FitRight(text.CleanLine(strconv.Itoa(depth)+" "), most)}
}

// handle says whether a node is folded.
func (t *tree) handle(s treeSpot, c treeChild) span {
	folds := false
	switch s.b.kindOf(s.i, c) {
	case '{', '[':
		first, _, wrong := firstChild(s.b.text.raw, c.at)
		folds = first.at > 0 && wrong == nil
	case '"':
		folds = s.b.text.holds(c.at) != holdsText
	}
	switch {
	case !folds || s.depth+1 >= maxTreeDepth:
		return space(2)
	case s.b.kid(s.i) != nil:
		return span{dim, text.Lit("▾ ")}
	}
	return span{dim, text.Lit("▸ ")}
}

// label is the key of a member, or the number of an element.
func (t *tree) label(s treeSpot, c treeChild) row {
	switch {
	case s.b.kind == '[':
		return row{{dim, text.CleanLine(strconv.Itoa(s.i) + ": ")}}
	case c.key < 0:
		return nil
	}
	raw := s.b.text.raw
	key, _ := t.words(raw[c.key+1:], true, t.w/2)
	end, _ := stringAfter(raw, c.key)
	inner := raw[c.key+1 : end-1]
	r := t.mark(bold, key)
	if !obvious(key) {
		r = append(append(row{quote}, r...), quote)
	}
	r = append(r, span{dim, text.Lit(": ")})
	if len(inner) <= soundBytes && !soundString(inner) {
		r = append(r, span{alarm, text.Lit("key is no JSON string: ")})
	}
	return r
}

// obvious reports whether a key cannot be mistaken without its quotes.
func obvious(key text.Line) bool { return !key.Empty() && !strings.ContainsAny(key.String(), ` ":\`) }

// quote stands on either side of a string.
var quote = span{dim, text.Lit(`"`)}

// words returns the begin of a text in so many cells; quoted says that it is the
// content of a JSON string. more says that there is more of it.
func (t *tree) words(raw []byte, quoted bool, cells int) (l text.Line, more bool) {
	const bytesOfCell = 8 // more than most; who writes with more is cut sooner
	limit := bytesOfCell*max(cells, 1) + 64
	var some []byte
	if quoted {
		var all bool
		some, _, all = content(nil, raw, 0, limit, namedHalf)
		more = !all
	} else {
		some, more = raw[:min(limit, len(raw))], len(raw) > limit
	}
	if more {
		some = withoutHalf(some)
	}
	w := t.look.widths
	l = w.Fold(text.RevealBlock(string(some)).Line())
	if more {
		l = text.Join(l, text.Lit("…"))
	}
	cut := w.Cut(l, cells)
	return cut, more || cut != l
}

// mark returns a text with what is searched for marked in it.
func (t *tree) mark(i ink, l text.Line) row {
	r := row{{i, l}}
	for _, f := range t.query.Ranges(l.String()) {
		r = r.mark(t.look.widths, f[0], f[1])
	}
	return r
}

// content is the value of a node and what is to be said of it.
func (t *tree) content(s treeSpot, c treeChild, room int) row {
	raw := s.b.text.raw
	switch kind := s.b.kindOf(s.i, c); kind {
	case '{', '[':
		return t.container(s, c, kind)
	case '"':
		return t.str(s, c, room)
	case kindPlain:
		r, _ := t.cut(s, raw, 0, false, room, nil)
		return r
	case kindBreak:
		return breakRow(raw, s.b.broken)
	}
	end := wordAfter(raw, c.at)
	word := raw[c.at:end]
	var note row
	switch {
	case !soundWord(word):
		note = row{{alarm, text.Lit(" no value of JSON")}}
	case isJSONNumber(word):
		if shown, changed := zim.JavaScript(word); changed {
			note = row{{dim, text.CleanLine(" JS: " + shown)}}
		}
	}
	r, _ := t.cut(s, raw[:end], c.at, false, room, nil) // a number is whole where it can be, the note behind it not always
	return append(r, note...)
}

// container is the value of an object or an array.
func (t *tree) container(s treeSpot, c treeChild, bracket byte) row {
	shut := text.CleanLine(string(rune(bracket)) + "…" + string(rune(bracket+2)))
	n := countAt(s.b.text.raw, c.at)
	kid := s.b.kids[s.i]
	if kid != nil && kid.done && kid.broken == nil {
		n = kid.n
	}
	if n == 0 {
		return row{{plain, text.CleanLine(string(rune(bracket)) + string(rune(bracket+2)))}}
	}
	var r row
	if kid == nil || !kid.open {
		r = row{{plain, shut}, space(1)}
	}
	switch {
	case n > 0 && bracket == '{':
		r = append(r, span{dim, text.CleanLine(count(n, "key", "keys"))})
	case n > 0:
		r = append(r, span{dim, text.CleanLine(count(n, "item", "items"))})
	case len(r) == 0:
		r = append(r, span{dim, text.CleanLine(string(rune(bracket)))})
	}
	return r
}

// countAt counts the children of a container, or returns -1 if that would take
// long.
func countAt(raw []byte, open int) (n int) {
	raw = raw[:min(len(raw), open+countBytes)]
	c, _, wrong := firstChild(raw, open)
	for wrong == nil && c.at > 0 {
		n++
		var end int
		if end, wrong = valueAfter(raw, c.at, false); wrong == nil {
			c, _, wrong = nextChild(raw, end, raw[open])
		}
	}
	if wrong != nil {
		return -1
	}
	return n
}

// str is the value of a string.
func (t *tree) str(s treeSpot, c treeChild, room int) row {
	var note row
	switch s.b.text.holds(c.at) {
	case holdsJSON:
		note = row{{dim, text.Lit(" string of JSON")}}
	case holdsBroken:
		note = row{{alarm, text.Lit(" string of broken JSON")}}
	case holdsBase64JSON:
		note = row{{dim, text.Lit(" base64 of JSON")}}
	case holdsBase64:
		note = row{{dim, text.Lit(" base64")}}
	}
	raw := s.b.text.raw
	some := raw[:min(len(raw), c.at+soundBytes)]
	end, closed := stringAfter(some, c.at)
	inner := some[c.at+1 : end]
	if closed {
		inner = inner[:len(inner)-1]
	}
	if !soundString(inner) && (closed || len(some) == len(raw)) {
		note = append(note, span{alarm, text.Lit(" no JSON string")})
	}
	value, more := t.cut(s, raw, c.at+1, true, room-2, note)
	if more {
		length := text.Join(text.Lit(" "), size(int64(len(inner))))
		if !closed && len(some) < len(raw) {
			length = text.Join(text.Lit(" more than "), size(soundBytes))
		}
		note = append(note, span{dim, length})
		value, _ = t.cut(s, raw, c.at+1, true, room-2, note)
	}
	r := append(row{quote}, value...)
	if closed || len(some) < len(raw) {
		r = append(r, quote)
	}
	return append(r, note...)
}

// cut returns so much of a text as fits in so many cells beside a note, and
// whether that is not all. Of one in which something was found, it is the part
// that has it.
func (t *tree) cut(s treeSpot, raw []byte, at int, quoted bool, room int, note row) (row, bool) {
	const least = 8 // cells of a text that the note leaves to it
	room = max(room-note.width(t.look.widths), min(room, least), 0)
	l, more := t.words(raw[at:], quoted, room)
	if more && t.hit.from > at && t.hit.treeStep == s.treeStep && t.selected.last() == s.treeStep && len(t.query.Ranges(l.String())) == 0 {
		at = t.hit.from
		for at < len(raw) && !utf8.RuneStart(raw[at]) {
			at++
		}
		l, _ = t.words(raw[at:], quoted, room-1)
		return append(row{{dim, text.Lit("…")}}, t.mark(plain, l)...), true
	}
	return t.mark(plain, l), more
}

// breakRow says where a text breaks, with the bytes around.
func breakRow(raw []byte, b *treeBreak) row {
	where := "byte " + strconv.Itoa(b.at) + " of " + strconv.Itoa(len(raw)) + ": " + b.why
	if b.at >= len(raw) {
		where = "the text ends at byte " + strconv.Itoa(b.at) + ": " + b.why
	}
	from, to := max(b.at-aroundBreak, 0), min(b.at+aroundBreak, len(raw))
	before, after := raw[from:b.at], raw[b.at:to]
	for len(before) > 0 && !utf8.RuneStart(before[0]) && len(before) > aroundBreak-utf8.UTFMax {
		before = before[1:]
	}
	_, n := utf8.DecodeRune(after)
	gap := text.Lit("  ")
	if from > 0 {
		gap = text.Lit("  …")
	}
	show := func(b []byte) text.Line { return text.RevealBlock(string(b)).Line() }
	return row{
		{alarm, text.CleanLine(where)}, {dim, gap}, {plain, show(before)},
		{marked, show(after[:n])}, {plain, show(withoutHalf(after[n:]))},
	}
}
