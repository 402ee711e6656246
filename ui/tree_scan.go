package ui

import (
	"bytes"
	"strings"
)

// The scanner of a tree finds where the values of a JSON text begin and end. It
// is strict about brackets, commas, colons and keys, and so stops where every
// JSON parser would; what a string or a word has in it is left to whoever shows
// it. No nesting can exhaust the stack.

// treeBreak is where a text stops being JSON.
type treeBreak struct {
	at  int // bytes from the text's begin; its length if it ends too early
	why string
}

// treeChild is where a member of an object or an element of an array stands.
type treeChild struct {
	key int // of the quote that opens its key; -1 if it has none
	at  int // of its value
}

// begin is where its bytes begin: those of the key, if there is one.
func (c treeChild) begin() int {
	if c.key >= 0 {
		return c.key
	}
	return c.at
}

// blankAfter returns the first position from i on that holds no white space.
func blankAfter(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// stringAfter returns the position after the string that begins at i, or the end
// of the text if it is not closed.
func stringAfter(raw []byte, i int) (end int, closed bool) {
	const near = 32 // most strings, and most escapes of a string that has some, are
	i++
	for quote := -1; i < len(raw); {
		for stop := min(i+near, len(raw)); i < stop && raw[i] != '"' && raw[i] != '\\'; {
			i++
		}
		switch {
		case i >= len(raw):
			return len(raw), false
		case raw[i] == '"':
			return i + 1, true
		case raw[i] == '\\':
			i += 2
			continue
		}
		if quote < i {
			n := bytes.IndexByte(raw[i:], '"')
			if n < 0 {
				return len(raw), false
			}
			quote = i + n
		}
		slash := bytes.IndexByte(raw[i:quote], '\\')
		if slash < 0 {
			return quote + 1, true
		}
		i += slash + 2
	}
	return len(raw), false
}

// delimits tells which bytes end a number or a literal.
var delimits = func() (d [256]bool) {
	for _, c := range []byte(" \t\r\n,:[]{}\"") {
		d[c] = true
	}
	return d
}()

// wordAfter returns the position after the number, the literal or whatever else
// begins at i.
func wordAfter(raw []byte, i int) int {
	for i < len(raw) && !delimits[raw[i]] {
		i++
	}
	return i
}

// soundWord reports whether a word is a JSON number or literal.
func soundWord(w []byte) bool {
	switch string(w) {
	case "true", "false", "null":
		return true
	}
	return isJSONNumber(w)
}

func isJSONNumber(w []byte) bool {
	digits := func() (n int) {
		for n < len(w) && w[n] >= '0' && w[n] <= '9' {
			n++
		}
		w = w[n:]
		return n
	}
	has := func(set string) bool {
		ok := len(w) > 0 && strings.IndexByte(set, w[0]) >= 0
		if ok {
			w = w[1:]
		}
		return ok
	}
	has("-")
	if !has("0") && digits() == 0 {
		return false
	}
	if has(".") && digits() == 0 {
		return false
	}
	if has("eE") {
		has("+-")
		if digits() == 0 {
			return false
		}
	}
	return len(w) == 0
}

// treeChildAt reads the child that begins at i.
func treeChildAt(raw []byte, i int, object bool) (treeChild, *treeBreak) {
	c := treeChild{key: -1, at: i}
	if object {
		if i >= len(raw) || raw[i] != '"' {
			return c, &treeBreak{i, "a key is missing"}
		}
		end, closed := stringAfter(raw, i)
		if !closed {
			return c, &treeBreak{end, "the key is not closed"}
		}
		colon := blankAfter(raw, end)
		if colon >= len(raw) || raw[colon] != ':' {
			return c, &treeBreak{colon, "a colon is missing"}
		}
		c = treeChild{i, blankAfter(raw, colon+1)}
	}
	if c.at >= len(raw) || raw[c.at] == ',' || raw[c.at] == ':' || raw[c.at] == ']' || raw[c.at] == '}' {
		return c, &treeBreak{c.at, "a value is missing"}
	}
	return c, nil
}

// firstChild reads the first child of the object or array whose bracket is at
// open. One that is empty has none: at is 0, and end the position after it.
func firstChild(raw []byte, open int) (c treeChild, end int, wrong *treeBreak) {
	i := blankAfter(raw, open+1)
	if i < len(raw) && raw[i] == raw[open]+2 { // '{'+2 is '}', '['+2 is ']'
		return treeChild{}, i + 1, nil
	}
	c, wrong = treeChildAt(raw, i, raw[open] == '{')
	return c, 0, wrong
}

// nextChild reads the child that follows a value which ends at i, in a container
// that opened with the given bracket; after the last one it is firstChild's none.
func nextChild(raw []byte, i int, bracket byte) (c treeChild, end int, wrong *treeBreak) {
	i = blankAfter(raw, i)
	switch {
	case i < len(raw) && raw[i] == bracket+2:
		return treeChild{}, i + 1, nil
	case i >= len(raw) || raw[i] != ',':
		return treeChild{}, 0, &treeBreak{i, "a comma or " + string(rune(bracket+2)) + " is missing"}
	}
	c, wrong = treeChildAt(raw, blankAfter(raw, i+1), bracket == '{')
	return c, 0, wrong
}

// brackets are those that are open, a bit for each: whether it is of an object.
type brackets struct {
	top   uint64 // the last of them, up to 64
	below []uint64
	n     int
}

func (b *brackets) push(bracket byte) {
	if b.n > 0 && b.n%64 == 0 {
		b.below = append(b.below, b.top)
	}
	b.top <<= 1
	if bracket == '{' {
		b.top |= 1
	}
	b.n++
}

func (b *brackets) pop() {
	b.n--
	b.top >>= 1
	if b.n > 0 && b.n%64 == 0 {
		b.top = b.below[len(b.below)-1]
		b.below = b.below[:len(b.below)-1]
	}
}

func (b *brackets) last() byte {
	if b.top&1 != 0 {
		return '{'
	}
	return '['
}

// treeSkip passes over a value, in as many steps as one likes.
type treeSkip struct {
	at     int  // of the value to go on with: at first the one to pass over
	strict bool // a word must be one of JSON's
	open   brackets
	end    int        // when it is done: the position after the value
	wrong  *treeBreak // or where the text breaks before that
}

// run passes over so many bytes, and more if a string or a word has more. It
// reports whether the value has come to its end.
func (s *treeSkip) run(raw []byte, limit int) (done bool) {
	for from := s.at; s.at-from < limit; {
		var c treeChild
		switch raw[s.at] {
		case '{', '[':
			s.open.push(raw[s.at])
			c, s.end, s.wrong = firstChild(raw, s.at)
			if s.wrong == nil && c.at == 0 {
				s.open.pop()
			}
		case '"':
			var closed bool
			if s.end, closed = stringAfter(raw, s.at); !closed {
				s.wrong = &treeBreak{s.end, "the string is not closed"}
			}
		default:
			s.end = wordAfter(raw, s.at)
			if s.strict && !soundWord(raw[s.at:s.end]) {
				s.wrong = &treeBreak{s.at, "no value of JSON"}
			}
		}
		for s.wrong == nil && c.at == 0 && s.open.n > 0 {
			if c, s.end, s.wrong = nextChild(raw, s.end, s.open.last()); c.at == 0 {
				s.open.pop()
			}
		}
		if s.wrong != nil || c.at == 0 {
			return true
		}
		s.at = c.at
	}
	return false
}

// valueAfter returns the position after the value that begins at i, or where the
// text breaks before that.
func valueAfter(raw []byte, i int, strict bool) (end int, wrong *treeBreak) {
	s := treeSkip{at: i, strict: strict}
	s.run(raw, len(raw)+1)
	return s.end, s.wrong
}
