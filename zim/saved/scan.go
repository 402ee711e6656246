package saved

import (
	"bytes"
	"encoding/json"
)

// verdict is what a scan of JSON came to.
type verdict uint8

const (
	broken verdict = iota // it is no JSON
	cut                   // it goes on behind the bytes that were looked at
	whole
)

// maxDepth is how deep a value may be nested, as for encoding/json.
const maxDepth = 10_000

// expected is what must come next in a value.
type expected uint8

const (
	expectValue expected = iota
	expectFirst          // in an object a name, in an array a value, or the end of either
	expectColon
	expectComma // or the end
)

// valueEnd returns where the value that begins at i ends. It checks where brackets,
// commas and colons stand, so that what is broken is found out within a line or two
// and does not take all that follows for a part of itself. It lets a comma too many
// pass, and control characters in strings, as zim does.
func valueEnd(b []byte, i int) (end int, v verdict) {
	var shallow [64]byte
	open := shallow[:0] // the brackets that are still to be closed
	expect := expectValue
	for i < len(b) {
		c := b[i]
		inner := byte(0)
		if len(open) > 0 {
			inner = open[len(open)-1]
		}
		switch {
		case isSpace(c):
			i++
			continue
		case expect == expectColon:
			if c != ':' {
				return i, broken
			}
			i, expect = i+1, expectValue
			continue
		case expect == expectComma && c == ',':
			i, expect = i+1, expectFirst
			continue
		case expect != expectValue && c == inner:
			open = open[:len(open)-1]
			i++
		case expect == expectComma, expect == expectFirst && inner == '}' && c != '"':
			return i, broken
		case c == '{' || c == '[':
			if len(open) == maxDepth {
				return i, broken
			}
			open = append(open, c+2) // '{'+2 is '}', '['+2 is ']'
			i, expect = i+1, expectFirst
			continue
		default:
			if i, v = plainEnd(b, i); v != whole {
				return i, v
			}
			if expect == expectFirst && inner == '}' {
				expect = expectColon
				continue
			}
		}
		if len(open) == 0 {
			return i, whole
		}
		expect = expectComma
	}
	return i, cut
}

// plainEnd returns where the string, number or literal that begins at i ends.
func plainEnd(b []byte, i int) (end int, v verdict) {
	if b[i] == '"' {
		return stringEnd(b, i)
	}
	for end = i; end < len(b) && isToken(b[end]); end++ {
	}
	switch end {
	case i:
		return i, broken
	case len(b):
		return end, cut
	}
	return end, whole
}

func stringEnd(b []byte, i int) (end int, v verdict) {
	for from := i + 1; ; {
		n := bytes.IndexByte(b[from:], '"')
		if n < 0 {
			return len(b), cut
		}
		if from += n + 1; !escaped(b, from-1, i+1) {
			return from, whole
		}
	}
}

// escaped reports whether backslashes, from least on, take the meaning of the
// character at i.
func escaped(b []byte, i, least int) bool {
	slash := i
	for slash > least && b[slash-1] == '\\' {
		slash--
	}
	return (i-slash)%2 == 1
}

// valueStart returns where the value begins that ends at the end of b. Valid JSON
// can be read from behind: outside of strings it has no quotes. What is broken may
// be misread: valueEnd must agree.
func valueStart(b []byte) (start int, v verdict) {
	depth := 0
	for i := len(b); i > 0; {
		i--
		switch c := b[i]; {
		case c == '"':
			for i = bytes.LastIndexByte(b[:i], '"'); i >= 0 && escaped(b, i, 0); {
				i = bytes.LastIndexByte(b[:i], '"')
			}
			if i < 0 {
				return 0, cut
			}
		case c == '}' || c == ']':
			depth++
		case c == '{' || c == '[':
			if depth--; depth < 0 {
				return i, broken
			}
		case depth > 0:
		case isToken(c):
			for i > 0 && isToken(b[i-1]) {
				i--
			}
			if i == 0 {
				return 0, cut
			}
		default:
			return i, broken
		}
		if depth == 0 {
			return i, whole
		}
	}
	return 0, cut
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isToken(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E'
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

// memberAt returns the name of the member that begins at i or behind white space,
// and where its value begins.
func memberAt(b []byte, i int) (name []byte, value int, v verdict) {
	if i = skipSpace(b, i); i == len(b) {
		return nil, i, cut
	}
	if b[i] != '"' {
		return nil, i, broken
	}
	end, v := stringEnd(b, i)
	if v != whole {
		return nil, end, v
	}
	colon := skipSpace(b, end)
	if colon < len(b) && b[colon] != ':' {
		return nil, colon, broken
	}
	if value = skipSpace(b, colon+1); value >= len(b) {
		return nil, len(b), cut
	}
	return b[i+1 : end-1], value, whole
}

// eachMember gives the members of the object that begins at i to visit, one after
// another, as long as that returns true. It returns whether all could be read.
func eachMember(b []byte, i int, visit func(name []byte, value int) bool) verdict {
	for i++; ; i++ {
		name, at, v := memberAt(b, i)
		if v != whole {
			return v
		}
		if !visit(name, at) {
			return whole
		}
		if i, v = valueEnd(b, at); v != whole {
			return v
		}
		if i = skipSpace(b, i); i == len(b) {
			return cut
		}
		if b[i] != ',' {
			return whole
		}
	}
}

// textOf returns what the JSON string or the number at i says.
func textOf(b []byte, i int) string {
	end, v := plainEnd(b, i)
	if v != whole {
		return ""
	}
	var s string
	if json.Unmarshal(b[i:end], &s) != nil {
		return string(b[i:end])
	}
	return s
}
