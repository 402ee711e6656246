package text

import (
	"math"
	"strings"
	"unicode/utf8"
)

const (
	unlimited  = math.MaxInt / 2
	tab        = "    "
	maxMarks   = 8  // on one base
	maxJoiners = 9  // in one emoji or one word
	maxTags    = 8  // in one flag
	maxRunes   = 32 // in one character; the longest emoji in use has 11
)

// cleaner turns foreign bytes into text that is safe to show. What it wrote it
// would write again: cleaning twice changes nothing.
type cleaner struct {
	src   string
	limit int  // bytes of out
	block bool // keep newlines
	rest  int  // bytes of src that did not fit

	out     []byte
	start   int  // where the current character begins in out
	startIn int  // where it begins in src
	runes   int  // in the current character
	marks   int  // on the current base
	joiners int  // in the current emoji or word
	base    rune // the last base; 0 at the start of a line
	last    rune // the last rune written; 0 at the start of a line
	waiting rune // a joiner that is written if what follows wants it, or 0
}

// clean returns the cleaned src; the string itself if it was clean.
func (c *cleaner) clean() string {
	c.out = make([]byte, 0, min(len(c.src)+len(c.src)/8+8, c.limit))
	for i := 0; i < len(c.src); {
		i += c.step(i)
		if len(c.out) > c.limit {
			return c.cut()
		}
	}
	if c.endLine(); len(c.out) > c.limit {
		return c.cut()
	}
	if string(c.out) == c.src {
		return c.src
	}
	return string(c.out)
}

// cut gives up the character that did not fit, and a joiner left before it.
func (c *cleaner) cut() string {
	c.rest = len(c.src) - c.startIn
	out := c.out[:c.start]
	if r, size := utf8.DecodeLastRune(out); r == zwj || r == zwnj {
		out = out[:len(out)-size]
		c.rest += size
	}
	return string(out)
}

// step cleans what stands at src[i:] and returns how many bytes it took.
func (c *cleaner) step(i int) int {
	if n := printableRun(c.src[i:]); n > 0 {
		return c.writeASCII(i, n)
	}
	r, size := utf8.DecodeRuneInString(c.src[i:])
	if r == replacement {
		c.writeBase(i, r) // invalid UTF-8, or U+FFFD itself
		return size
	}
	switch classOf(r) {
	case base:
		c.writeBase(i, r)
		if c.last == blackFlag {
			size += c.writeTags(c.src[i+size:])
		}
	case control:
		return c.writeControl(i)
	case broken:
		c.writeBase(i, replacement)
	case space:
		c.writeBase(i, ' ')
	case newline:
		c.writeNewline(i)
	case mark:
		c.writeMark(i, r)
	case joiner:
		if c.last != 0 && c.waiting == 0 {
			c.waiting = r
		}
	case selector:
		if c.base != 0 && c.last == c.base && c.waiting == 0 && isEmoji(c.base) {
			c.extend(r)
		}
	}
	return size
}

// writeASCII copies n printable bytes, or as many as reach over the limit, and
// returns how many.
func (c *cleaner) writeASCII(i, n int) int {
	n = min(n, c.limit-len(c.out)+1)
	c.writeBase(i, rune(c.src[i]))
	if n > 1 {
		c.out = append(c.out, c.src[i+1:i+n]...)
		c.begin(len(c.out)-1, i+n-1, rune(c.src[i+n-1]))
	}
	return n
}

// writeControl shows a control character and returns how many bytes it took.
func (c *cleaner) writeControl(i int) int {
	switch b := c.src[i]; {
	case b == '\t':
		c.writeBase(i, ' ')
		c.out = append(c.out, tab[1:]...)
	case b == '\n':
		c.writeNewline(i)
	case strings.HasPrefix(c.src[i:], "\r\n"):
		c.writeNewline(i)
		return 2
	case b == 0x7f:
		c.writeBase(i, '␡')
	default:
		c.writeBase(i, '␀'+rune(b))
	}
	return 1
}

// writeNewline ends the line; in a line it shows the newline.
func (c *cleaner) writeNewline(i int) {
	c.endLine()
	switch {
	case len(c.out) > c.limit:
		return
	case c.block:
		c.begin(len(c.out), i, 0)
		c.out = append(c.out, '\n')
	default:
		c.writeBase(i, []rune(newlinePicture)[0])
		c.base, c.last = 0, 0
	}
}

// endLine gives a base to a letter that would take the next cell for its own.
func (c *cleaner) endLine() {
	c.waiting = 0
	if endsOpen(c.last) {
		c.extend(dottedCircle)
	}
}

// writeBase writes a rune that may begin a character: it does, unless the
// segmenter puts it into the one before (flags, conjuncts, jamo, emoji behind a
// joiner) and that has room.
func (c *cleaner) writeBase(i int, r rune) {
	if !c.writeWaiting(r, c.wantsJoiner) && c.joiners > 0 && !joins(r) {
		c.joiners = 0
	}
	at := len(c.out)
	c.out = utf8.AppendRune(c.out, r)
	apart := c.last == 0 || isPlain(c.last) && isPlain(r)
	if apart || !oneCharacter(c.out[c.start:]) {
		c.begin(at, i, r)
		return
	}
	if c.runes >= maxRunes {
		c.out = utf8.AppendRune(c.out[:at], replacement)
		c.begin(at, i, replacement)
		return
	}
	c.runes++
	c.marks = 0
	c.base, c.last = r, r
}

// begin notes that a character begins at out[at:] and src[i:].
func (c *cleaner) begin(at, i int, r rune) {
	c.start, c.startIn = at, i
	c.runes, c.marks = 1, 0
	c.base, c.last = r, r
}

// extend writes a rune that stays in the current character.
func (c *cleaner) extend(r rune) {
	c.out = utf8.AppendRune(c.out, r)
	c.runes++
	c.last = r
}

// writeMark writes a mark on its base, which at the start of a line is ◌.
func (c *cleaner) writeMark(i int, r rune) {
	if c.last == 0 {
		c.writeBase(i, dottedCircle)
	}
	if c.marks >= maxMarks || c.runes >= maxRunes {
		return
	}
	c.writeWaiting(r, func(r rune) bool { return joins(c.base) && joins(r) })
	c.extend(r)
	c.marks++
}

// writeWaiting writes the joiner that waits if it is wanted before r, drops it
// if not, and reports which.
func (c *cleaner) writeWaiting(r rune, wanted func(rune) bool) bool {
	if c.waiting == 0 {
		return false
	}
	ok := c.joiners < maxJoiners && c.runes+2 <= maxRunes && wanted(r)
	if ok {
		c.extend(c.waiting)
		c.joiners++
	}
	c.waiting = 0
	return ok
}

// wantsJoiner reports whether the joiner that waits has work to do before the
// base r: between letters of a joining script, or within an emoji.
func (c *cleaner) wantsJoiner(r rune) bool {
	if joins(c.base) && joins(r) {
		return true
	}
	if c.waiting != zwj {
		return false
	}
	at := len(c.out)
	c.out = utf8.AppendRune(utf8.AppendRune(c.out, zwj), r)
	one := oneCharacter(c.out[c.start:])
	c.out = c.out[:at]
	return one
}

// writeTags writes the tags of a flag if s begins with them, and returns how
// many bytes they take.
func (c *cleaner) writeTags(s string) int {
	n, size := 0, 0
	for _, r := range s {
		if !isTag(r) || n == maxTags {
			break
		}
		n++
		size += utf8.RuneLen(r)
	}
	if n == 0 || !strings.HasPrefix(s[size:], string(cancelTag)) || c.runes+n+1 > maxRunes {
		return 0
	}
	size += utf8.RuneLen(cancelTag)
	c.out = append(c.out, s[:size]...)
	c.runes += n + 1
	c.last = cancelTag
	return size
}
