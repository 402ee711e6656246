package mask

import (
	"bytes"
	"encoding/json"
	"strings"

	"backscroll/zim"
)

// maxDepth is how often a value is unwrapped, as zim does it.
const maxDepth = 8

// untouched are the members of a message that are never masked, whatever the wire
// has in them: the numbers that place it.
var untouched = map[string]bool{"MsgId": true, "MsgSeq": true, "MsgTime": true, "MsgType": true, "SubMsgType": true, "IsEmpty": true, "IsEempy": true}

// counted are members that hold a number in a string.
var counted = map[string]bool{"file_size": true, "Size": true, "media_duration": true, "MediaDuration": true, "md5": true}

// value masks a string value: as JSON, or inside of what wraps it, or as it stands.
// It is left as it is, wrapped, where there is nothing to mask.
func (m *Mask) value(s string, h hint, depth int) string {
	if harmless(s) && len(s) < minWrapped {
		return s
	}
	if depth < maxDepth && zim.IsJSON(s) {
		if masked, changed := m.json([]byte(s), nil, depth+1); changed {
			return string(masked)
		}
		return s
	}
	if depth < maxDepth && !strings.Contains(s, "://") { // else its percent signs are a URL's own
		if plain, ok := zim.Unwrapped(s); ok {
			if masked := m.value(plain, h, depth+1); masked != plain {
				return rewrap(s, masked)
			}
		}
	}
	return m.plain(s, h)
}

// minWrapped is how long a text in base64 is at least, in bytes.
const minWrapped = 8

// rewrap keeps the quotes of what was a JSON string; URL encoding and base64 go.
func rewrap(was, masked string) string {
	if strings.HasPrefix(strings.TrimSpace(was), `"`) {
		return string(quote(masked))
	}
	return masked
}

// object masks a message.
func (m *Mask) object(raw []byte) (masked []byte, changed bool) {
	return m.json(raw, untouched, 0)
}

// walker goes through JSON token by token, so that all that is not masked stays as
// it came: numbers, order, white space.
type walker struct {
	mask  *Mask
	raw   []byte
	skip  map[string]bool // members of the outermost object
	depth int             // of the unwrapping
	out   []byte
	done  int      // so much of raw is in out
	names []string // of the member in each open bracket; "" in an array
	open  []byte   // brackets
}

// json masks what stands in JSON, or in what was meant to be JSON.
func (m *Mask) json(raw []byte, skip map[string]bool, depth int) (masked []byte, changed bool) {
	w := walker{mask: m, raw: raw, skip: skip, depth: depth}
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '"':
			end := stringEnd(raw, i)
			w.text(i, end)
			i = end
		case c == '{' || c == '[':
			w.open, w.names = append(w.open, c), append(w.names, w.name())
			i++
		case c == '}' || c == ']':
			if n := len(w.open); n > 0 {
				w.open, w.names = w.open[:n-1], w.names[:n-1]
			}
			i++
		case c == ',' || c == ':' || c <= ' ':
			i++
		default:
			end := i
			for end < len(raw) && strings.IndexByte("\"{}[],:", raw[end]) < 0 && raw[end] > ' ' {
				end++
			}
			w.token(i, end)
			i = end
		}
	}
	if w.done == 0 {
		return raw, false
	}
	return append(w.out, raw[w.done:]...), true
}

// name is that of the member whose value comes; of an array, of the member it is in.
func (w *walker) name() string {
	if len(w.names) == 0 {
		return ""
	}
	return w.names[len(w.names)-1]
}

// skips reports whether the value that comes is none to be masked.
func (w *walker) skips() bool { return len(w.open) == 1 && w.skip[w.name()] }

// text masks a string, which may be a name.
func (w *walker) text(from, to int) {
	s, ok := zim.StringValue(w.raw[from:to])
	if !ok || to-from < 2 || w.raw[to-1] != '"' { // not whole
		s = lenient(w.raw[from:to])
	}
	if n := len(w.open); n > 0 && w.open[n-1] == '{' && isName(w.raw, to) {
		w.names[n-1] = s
		if masked := w.mask.deep(s, anything, w.depth); masked != s {
			w.replace(from, to, masked)
		}
		return
	}
	if w.skips() || counted[w.name()] && strings.Trim(s, "0123456789abcdefABCDEF.") == "" {
		return
	}
	if masked := w.mask.deep(s, hintOf(w.name()), w.depth); masked != s {
		w.replace(from, to, masked)
	}
}

// deep is settle for a value at a depth.
func (m *Mask) deep(s string, h hint, depth int) string {
	if depth == 0 {
		return m.settle(s, h)
	}
	return m.value(s, h, depth)
}

// token masks a number whose name says that it is one of a phone or a card, and
// what is no JSON.
func (w *walker) token(from, to int) {
	if w.skips() || counted[w.name()] {
		return
	}
	s := string(w.raw[from:to])
	h := hintOf(w.name())
	isNumber := strings.Trim(s, "0123456789+-.eE") == ""
	if isNumber && h == anything || s == "true" || s == "false" || s == "null" {
		return
	}
	if masked := w.mask.plain(s, h); masked != s {
		w.replace(from, to, masked)
	}
}

func (w *walker) replace(from, to int, by string) {
	w.out = append(append(w.out, w.raw[w.done:from]...), quote(by)...)
	w.done = to
}

// stringEnd returns where the string that begins at i ends, the quote included.
func stringEnd(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

// isName reports whether a colon follows.
func isName(raw []byte, i int) bool {
	rest := bytes.TrimLeft(raw[i:], " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// lenient reads a string that is cut off, or has escapes that are none.
func lenient(raw []byte) string {
	s := strings.TrimSuffix(strings.TrimPrefix(string(raw), `"`), `"`)
	for cut := range min(len(s), 6) { // an escape that is not whole
		var whole string
		if json.Unmarshal([]byte(`"`+s[:len(s)-cut]+`"`), &whole) == nil {
			return whole + s[len(s)-cut:]
		}
	}
	return s
}

// quote returns a text as a JSON string.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("mask: " + err.Error()) // a string can always be written
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
