package zim

import (
	"bytes"
	"encoding/json"
	"iter"
	"math/big"
	"strconv"
	"unicode/utf8"
)

// The scanner finds where the values of a JSON text begin and end, without
// decoding or copying them: an answer is kept as it came, and what is never
// looked at costs nothing. It checks structure only (brackets, strings,
// tokens); what stands inside a value is checked by whoever decodes it, so one
// bad message does not lose its page.

// skipSpace returns the first position from i on that holds no JSON white space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the position after the string that begins at i.
func skipString(b []byte, i int) (int, bool) {
	for start := i + 1; ; {
		n := bytes.IndexByte(b[start:], '"')
		if n < 0 {
			return len(b), false
		}
		end := start + n
		slash := end
		for slash > i+1 && b[slash-1] == '\\' {
			slash--
		}
		if start = end + 1; (end-slash)%2 == 0 { // not an escaped quote
			return start, true
		}
	}
}

// skipToken returns the position after the number or literal that begins at i.
func skipToken(b []byte, i int) (int, bool) {
	start := i
	for i < len(b) && (b[i] >= '0' && b[i] <= '9' || b[i] >= 'a' && b[i] <= 'z' || b[i] == '-' || b[i] == '+' || b[i] == '.' || b[i] == 'E') {
		i++
	}
	return i, i > start
}

// skipValue returns the position after the value that begins at i.
func skipValue(b []byte, i int) (int, bool) {
	i = skipSpace(b, i)
	if i >= len(b) {
		return i, false
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i)
	}
	return skipToken(b, i)
}

// skipNested returns the position after the object or array that begins at i.
// It does not recurse, so no depth of nesting can exhaust the stack.
func skipNested(b []byte, i int) (int, bool) {
	var shallow [32]byte
	open := shallow[:0] // the brackets that are still to be closed
	for ; i < len(b); i = skipSpace(b, i) {
		ok := true
		switch c := b[i]; c {
		case '"':
			i, ok = skipString(b, i)
		case ',', ':':
			i++
		case '{', '[':
			open = append(open, c+2) // '{'+2 is '}', '['+2 is ']'
			i++
		case '}', ']':
			if open[len(open)-1] != c {
				return i, false
			}
			open = open[:len(open)-1]
			i++
			if len(open) == 0 {
				return i, true
			}
		default:
			i, ok = skipToken(b, i)
		}
		if !ok {
			return i, false
		}
	}
	return i, false
}

// nameAt returns the name of the member that begins at i, and where its value
// begins. Names are short: a loop finds their end sooner than skipString.
func nameAt(b []byte, i int) (name []byte, value int, ok bool) {
	if i >= len(b) || b[i] != '"' {
		return nil, i, false
	}
	end := i + 1
	for end < len(b) && b[end] != '"' && b[end] != '\\' {
		end++
	}
	if end < len(b) && b[end] == '"' {
		name = b[i+1 : end]
		end++
	} else {
		if end, ok = skipString(b, i); !ok {
			return nil, end, false
		}
		name = unquoteBytes(b[i:end])
	}
	colon := skipSpace(b, end)
	if colon >= len(b) || b[colon] != ':' {
		return nil, colon, false
	}
	return name, skipSpace(b, colon+1), true
}

// commaAt returns the position after the comma that follows i, if there is one.
func commaAt(b []byte, i int) (int, bool) {
	if i = skipSpace(b, i); i >= len(b) || b[i] != ',' {
		return i, false
	}
	return skipSpace(b, i+1), true
}

// members yields the names and the raw values of the object b, in the order of
// the wire, as far as it can be read.
func members(b []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for name, value := range byteMembers(b) {
			if !yield(string(name), value) {
				return
			}
		}
	}
}

// byteMembers is members with names as bytes, so that looking for a field
// allocates nothing.
func byteMembers(b []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		i := skipSpace(b, 0)
		if i >= len(b) || b[i] != '{' {
			return
		}
		i = skipSpace(b, i+1)
		for more := true; more; {
			name, start, ok := nameAt(b, i)
			if !ok {
				return
			}
			end, ok := skipValue(b, start)
			if !ok || !yield(name, b[start:end:end]) {
				return
			}
			i, more = commaAt(b, end)
		}
	}
}

// elements yields the raw values of the array b, as far as it can be read.
func elements(b []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		i := skipSpace(b, 0)
		if i >= len(b) || b[i] != '[' {
			return
		}
		for i++; ; i++ {
			start := skipSpace(b, i)
			end, ok := skipValue(b, start)
			if !ok || !yield(b[start:end:end]) {
				return
			}
			if i = skipSpace(b, end); i >= len(b) || b[i] != ',' {
				return
			}
		}
	}
}

// listOf reads each element of the array b; of what is no array, none.
func listOf[T any](b []byte, read func([]byte) T) (list []T) {
	for e := range elements(b) {
		list = append(list, read(e))
	}
	return list
}

// whole reports whether b is one JSON value of the given opening bracket and
// nothing else: a body that was cut short is not.
func whole(b []byte, bracket byte) bool {
	i := skipSpace(b, 0)
	if i >= len(b) || b[i] != bracket {
		return false
	}
	end, ok := skipValue(b, i)
	return ok && skipSpace(b, end) == len(b)
}

// unquote returns the text of a JSON string, or b as it stands if it is none.
func unquote(b []byte) string { return string(unquoteBytes(b)) }

func unquoteBytes(b []byte) []byte {
	if len(b) < 2 || b[0] != '"' {
		return b
	}
	if bytes.IndexByte(b, '\\') < 0 && utf8.Valid(b) {
		return b[1 : len(b)-1]
	}
	var s string
	if json.Unmarshal(b, &s) == nil {
		return []byte(s)
	}
	return bytes.ToValidUTF8(b[1:len(b)-1], []byte("\uFFFD"))
}

// isNull reports whether a raw value is absent or null.
func isNull(raw []byte) bool { return len(raw) == 0 || string(raw) == "null" }

// stringOf returns the text of a raw value that should be a string; a number or
// a literal gives its own text. It is false for objects and arrays.
func stringOf(raw []byte) (string, bool) {
	if isNull(raw) {
		return "", true
	}
	if raw[0] == '{' || raw[0] == '[' {
		return string(raw), false
	}
	return unquote(raw), true
}

// integerOf returns the whole number of a raw value: a JSON number, or a string
// that holds one. Nothing passes a float, so 2^53+1 stays itself; 1e3 is 1000;
// a fraction, or what does not fit an int64, is refused.
func integerOf(raw []byte) (int64, bool) {
	if n, ok := plainInteger(raw); ok {
		return n, true
	}
	text := unquote(raw)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	if len(text) > 40 {
		return 0, false
	}
	f, _, err := big.ParseFloat(text, 10, 256, big.ToNearestEven) // exact for 40 digits
	if err != nil || !f.IsInt() {
		return 0, false
	}
	if n, accuracy := f.Int64(); accuracy == big.Exact {
		return n, true
	}
	return 0, false
}

// plainInteger reads the digits that nearly every number on the wire is, up to
// 18 of them, without making a string.
func plainInteger(raw []byte) (n int64, ok bool) {
	if len(raw) == 0 || len(raw) > 18 {
		return 0, false
	}
	for _, c := range raw {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
