package transcript

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"backscroll/zim"
)

// record is a JSON object that is written member by member, so that what came
// from the wire stays as it came: names, order, numbers of any size.
type record struct{ line []byte }

// add writes a member from a value of the wire. What is no JSON after all, of
// which the client keeps every byte, becomes a string, and so does what is nested
// too deep for jq.
func (r *record) add(name string, raw []byte) {
	value := Compact(nil, raw, true)
	if !json.Valid(value) || shallow(raw) == nil {
		value = quoted(string(raw))
	}
	r.member(name, value)
}

func (r *record) member(name string, value []byte) {
	comma := byte(',')
	if len(r.line) == 0 {
		comma = '{'
	}
	r.line = append(r.line, comma)
	r.line = append(append(r.line, quoted(name)...), ':')
	r.line = append(r.line, paired(value)...)
}

// maxDepth is how deep JSON is nested at most where it is written as JSON; jq
// gives up at 256, and our own objects are around it.
const maxDepth = 200

// shallow returns raw, or nil if it is nested deeper than maxDepth.
func shallow(raw []byte) json.RawMessage {
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return nil
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return raw
}

// paired replaces each escape of half a character, \ud83d without its other
// half, by \ufffd: strict readers such as jq refuse all that follows it.
func paired(raw []byte) []byte {
	if !bytes.Contains(raw, []byte(`\u`)) {
		return raw
	}
	to := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' || i+1 >= len(raw) {
			to = append(to, raw[i])
			i++
			continue
		}
		n := 2
		if first := escaped(raw[i:]); first >= 0 {
			n = 6
			if utf16.IsSurrogate(first) {
				if utf16.DecodeRune(first, escaped(raw[i+n:])) == unicode.ReplacementChar {
					to = append(to, `\ufffd`...)
					i += n
					continue
				}
				n = 12
			}
		}
		to = append(to, raw[i:i+n]...)
		i += n
	}
	return to
}

// escaped returns the UTF-16 unit of an escape \uXXXX that b begins with, or -1.
func escaped(b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}

// end closes the object.
func (r *record) end() []byte {
	if len(r.line) == 0 {
		return []byte("{}")
	}
	return append(r.line, '}')
}

// Object is a message as --json writes it: its members as they came, MsgId
// as a string, then Body and Time. A member of the wire that is called so
// stands in the place of ours.
func Object(m zim.Message, zone *time.Location) []byte {
	r, _ := objectOf(m, zone)
	return r.end()
}

func objectOf(m zim.Message, zone *time.Location) (r record, taken map[string]bool) {
	e := m.Envelope()
	r, taken = wireMembers(m.Raw, e.Fields)
	if !taken["Body"] {
		r.member("Body", bodyJSON(e))
	}
	if !taken["Time"] {
		r.member("Time", timeJSON(e.MsgTime, zone))
	}
	return r, taken
}

// lossless is Object with one member more: Raw, the message byte for byte in a
// string, or RawBase64 where that is no UTF-8. Either is followed by as many _ as
// it takes where the wire has a member of the name. Of a message that is masked it
// says so: Raw is what is left of it.
func (h Head) lossless(m zim.Message) []byte {
	r, taken := h.objectOf(m)
	if h.Masked {
		r.own("Masked", taken, []byte("true"))
	}
	name, value := "Raw", string(m.Raw)
	if !utf8.Valid(m.Raw) {
		name, value = "RawBase64", base64.StdEncoding.EncodeToString(m.Raw)
	}
	r.own(name, taken, quoted(value))
	return r.end()
}

// own adds a member of ours. Where the wire has one of the name, ours gets another.
func (r *record) own(name string, taken map[string]bool, value []byte) {
	for taken[name] {
		name += "_"
	}
	r.member(name, value)
}

// objectOf is an object with the note at the message and what was saved of it.
func (h Head) objectOf(m zim.Message) (record, map[string]bool) {
	r, taken := objectOf(m, h.Zone)
	if note := h.noteOf(m); note != "" {
		r.own("Note", taken, quoted(note))
	}
	if h.Saved != nil {
		if saved := h.Saved(); len(saved) > 0 {
			r.own("Saved", taken, Compact(nil, marshal(saved), true))
		}
	}
	return r, taken
}

// ConversationObject is a conversation as --json writes it: its members as they
// came, then Time, which is UpdateTime.
func ConversationObject(c zim.Conversation, zone *time.Location) []byte {
	// An envelope finds the members of any object.
	r, taken := wireMembers(c.Raw, zim.ReadMessage(c.Raw).Envelope().Fields)
	if !taken["Time"] {
		r.member("Time", timeJSON(c.UpdateTime, zone))
	}
	return r.end()
}

// wireMembers begins a record with the members of an element of a list, and
// with the element as Raw if it is no object.
func wireMembers(raw []byte, fields []zim.Field) (r record, taken map[string]bool) {
	taken = map[string]bool{}
	if len(raw) == 0 || raw[0] != '{' {
		r.add("Raw", raw)
		taken["Raw"] = true
	}
	for _, f := range fields {
		taken[f.Name] = true
		if f.Name == "MsgId" || f.Name == "Next" {
			r.member(f.Name, exact(f.Raw))
			continue
		}
		r.add(f.Name, f.Raw)
	}
	return r, taken
}

// exact returns a number as a string: JavaScript and jq cannot hold its 64
// bits. 1e3 becomes "1000"; what is no number stays as it is.
func exact(raw []byte) []byte {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		var r record
		r.add("", raw)
		return r.line[len(`{"":`):]
	}
	if m := zim.ReadMessage(fmt.Appendf(nil, `{"MsgId":%s}`, raw)); m.MsgId != 0 {
		return strconv.AppendQuote(nil, strconv.FormatInt(m.MsgId, 10))
	}
	return strconv.AppendQuote(nil, string(raw))
}

// timeJSON is a time of the wire, in ms, as RFC 3339, and null for one that is
// not known.
func timeJSON(ms int64, zone *time.Location) []byte {
	at, ok := zim.TimeOf(ms)
	if !ok {
		return []byte("null")
	}
	return quoted(at.In(zone).Format("2006-01-02T15:04:05.000Z07:00"))
}

// quoted returns s as a JSON string of what can be seen, all else escaped.
func quoted(s string) []byte {
	return Compact(nil, marshal(s), true)
}

// Compact appends raw without the white space between its tokens. A control
// character in a string, which JSON does not allow, is escaped, so that the
// result is one line; with visible, every character that cannot be seen is, and
// what is no UTF-8 is replaced, so that it can go to a terminal. The strings of
// valid JSON mean the same either way.
func Compact(to, raw []byte, visible bool) []byte {
	inString := false
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case !inString && (c == ' ' || c == '\n' || c == '\t' || c == '\r'):
			i++
			continue
		case c == '"':
			inString = !inString
		case c == '\\' && inString && i+1 < len(raw) && raw[i+1] >= ' ' && raw[i+1] < utf8.RuneSelf-1:
			to = append(to, c, raw[i+1])
			i += 2
			continue
		case c < ' ':
			to = fmt.Appendf(to, `\u%04x`, c)
			i++
			continue
		case visible && c >= utf8.RuneSelf-1: // DEL, and all that is not ASCII
			r, n := utf8.DecodeRune(raw[i:])
			to = appendVisible(to, r)
			i += n
			continue
		}
		to = append(to, c)
		i++
	}
	return to
}

// appendVisible appends a character, or its escape if it cannot be seen.
func appendVisible(to []byte, r rune) []byte {
	switch {
	case unicode.IsGraphic(r):
		return utf8.AppendRune(to, r)
	case r > 0xFFFF:
		r -= 0x10000
		return fmt.Appendf(to, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
	}
	return fmt.Appendf(to, `\u%04x`, r)
}
