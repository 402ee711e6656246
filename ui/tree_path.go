package ui

import (
	"encoding/json"
	"strconv"
	"strings"
)

// path returns where the selected node is, as a filter for jq that gives it:
// .order.items[0]["odd key"]. A text in a string begins behind a pipe:
// .payload | fromjson | .id. Of a key that stands twice, jq gives the last. The
// place where a text breaks has the path of that text. Keys are foreign: clean it
// before it is shown.
func (t *tree) path() string {
	var b strings.Builder
	inText := false // something of the text was named already
	for n, s := range t.selected {
		if s.b.kind == 0 {
			if n > 0 {
				if b.Len() == 0 {
					b.WriteByte('.')
				}
				b.WriteString(" | " + s.b.text.how)
			}
			inText = false
			continue
		}
		if !inText {
			if b.Len() > 0 {
				b.WriteString(" | ")
			}
			b.WriteByte('.')
		}
		if s.b.kind == '[' {
			b.WriteString("[" + strconv.Itoa(s.i) + "]")
		} else {
			b.WriteString(pathKey(s.key(), !inText))
		}
		inText = true
	}
	if b.Len() == 0 {
		return "."
	}
	return b.String()
}

// key returns the decoded key of a member of an object.
func (s treeStep) key() string {
	c, _ := s.b.child(s.i)
	key, _, _ := content(nil, s.b.text.raw, c.key+1, len(s.b.text.raw), replaced)
	return string(key)
}

// pathKey returns a key as jq takes it: a name behind a dot, or a string in
// brackets. dotted says that the dot is there.
func pathKey(key string, dotted bool) string {
	if isName(key) {
		if dotted {
			return key
		}
		return "." + key
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(key) // a string can always be
	return "[" + strings.TrimSuffix(b.String(), "\n") + "]"
}

// isName reports whether jq takes a key without quotes.
func isName(key string) bool {
	for i, c := range []byte(key) {
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return key != ""
}

// value returns the bytes of the selected node, as they were sent or as they stand
// in the text that a string holds; of one that breaks, as far as it goes, and of
// the place where a text breaks, the rest.
func (t *tree) value() []byte {
	s := t.selected.last()
	c, _ := s.b.child(s.i)
	raw := s.b.text.raw
	if s.b.isBreak(s.i) {
		return raw[c.at:]
	}
	end, wrong := s.b.text.end(c.at)
	if wrong != nil {
		end = wrong.at
	}
	return raw[c.at:end:end]
}
