package zim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Remark is something about a message that makes apps mis-read it, or that a
// developer would want to be told. Value and Path are text of the wire.
type Remark struct {
	Kind   RemarkKind
	Field  string // the field of the message it is about: "MsgId", "MsgBody", "Payload" …
	Path   string // of the value in what Field holds, as Step.Where; "" for the field itself
	Value  string // what was sent, its first 100 bytes or so; "" where there is nothing to show
	Detail string // for RemarkNumber what JavaScript shows in its place; else what there is to say beyond Kind
}

// RemarkKind is what a Remark says.
type RemarkKind uint8

// The remarks that there are.
const (
	RemarkNumber     RemarkKind = iota // a number that JavaScript changes
	RemarkTwice                        // a name that stands more than once in its object
	RemarkSurrogate                    // \ud83d without its other half
	RemarkNotUTF8                      // bytes that are not UTF-8
	RemarkMediaShape                   // whose structure a media body has; every one has this remark
	RemarkNoMD5                        // a media body in the client's structure without md5
	RemarkSize                         // a size or duration that is not of the documented type
	RemarkTooLong                      // longer than documented
)

// String says what it is about, in words.
func (k RemarkKind) String() string {
	switch k {
	case RemarkNumber:
		return "JavaScript changes this number"
	case RemarkTwice:
		return "the name comes more than once"
	case RemarkSurrogate:
		return "half a character (an unpaired surrogate)"
	case RemarkNotUTF8:
		return "not UTF-8"
	case RemarkMediaShape:
		return "media"
	case RemarkNoMD5:
		return "no md5"
	case RemarkSize:
		return "not of the documented type"
	case RemarkTooLong:
		return "longer than documented"
	}
	return "remark " + strconv.Itoa(int(k))
}

const (
	maxRemarks = 1000     // that are kept; a body can have a million numbers
	maxShown   = 100      // bytes of a Remark's Value
	maxMsgBody = 32 << 10 // bytes, by the documentation
	maxPayload = 1 << 10  // bytes, by the documentation
)

// Remarks returns what can be said of a message and of its body b beyond Problems,
// which it does not repeat: field by field, with the JSON in strings, as
// Body.Embedded and PayloadLadder find it; names that come twice at the end of
// their object. more counts those that found no room behind the first 1000. It
// reads the whole message: 1 MB takes some 20 ms, what somebody made up for it 100.
func (e Envelope) Remarks(b Body) (remarks []Remark, more int) {
	var r reviewer
	for _, f := range e.Fields {
		r.field = f.Name
		if f.Name == "MsgBody" && sameBytes(f.Raw, e.MsgBody) {
			r.body(e, b)
			continue
		}
		r.value(f.Raw)
	}
	if len(e.Payload) > maxPayload {
		r.field = "Payload"
		r.tooLong(len(e.Payload), maxPayload)
	}
	r.twice(e)
	return r.remarks, r.more
}

// sameBytes reports whether two values are the same bytes of the same message.
func sameBytes(a, b []byte) bool { return len(a) > 0 && len(b) > 0 && &a[0] == &b[0] }

// reviewer collects the remarks of one message.
type reviewer struct {
	field   string // under review
	remarks []Remark
	more    int
}

func (r *reviewer) add(k RemarkKind, path string, value []byte, detail string) {
	if len(r.remarks) >= maxRemarks {
		r.more++
		return
	}
	shown := string(value[:min(len(value), maxShown)])
	if len(value) > maxShown {
		shown += "…"
	}
	r.remarks = append(r.remarks, Remark{k, r.field, path, shown, detail})
}

// found adds a remark on where a walk is. Its path is made only if there is room.
func (r *reviewer) found(w *walk, k RemarkKind, value []byte, detail string) {
	if len(r.remarks) >= maxRemarks {
		r.more++
		return
	}
	r.add(k, string(w.path()), value, detail)
}

func (r *reviewer) tooLong(size, most int) {
	r.add(RemarkTooLong, "", nil, fmt.Sprintf("%d bytes, %d are documented", size, most))
}

// twice looks for fields that the message has more than once.
func (r *reviewer) twice(e Envelope) {
	names := make([][]byte, len(e.Fields))
	for i, f := range e.Fields {
		names[i] = []byte(f.Name)
	}
	for name, n := range repeated(names) {
		r.field = string(name)
		r.add(RemarkTwice, "", nil, times(n))
	}
}

func times(n int) string { return strconv.Itoa(n) + " times: JSON.parse keeps the last" }

// repeated yields what stands in a list more than once, and how often. The list is
// sorted.
func repeated(names [][]byte) iter.Seq2[[]byte, int] {
	slices.SortFunc(names, bytes.Compare)
	return func(yield func([]byte, int) bool) {
		for len(names) > 0 {
			n := 1
			for n < len(names) && bytes.Equal(names[n], names[0]) {
				n++
			}
			if n > 1 && !yield(names[0], n) {
				return
			}
			names = names[n:]
		}
	}
}

// value reviews a value of the wire. What is not JSON is left alone: whoever
// decodes it says so.
func (r *reviewer) value(raw []byte) {
	w := walk{see: r.see}
	if text, ok := stringContent(raw); ok {
		r.see(&w, foundString, raw)
		w.apart([]byte(text))
	} else if json.Valid(raw) {
		w.run(raw)
	}
}

// body reviews the body: what its ladder came to, where there is one.
func (r *reviewer) body(e Envelope, b Body) {
	if b.JSON == nil || e.MsgBody[0] != '"' {
		r.value(e.MsgBody)
	} else {
		w := walk{see: r.see}
		r.see(&w, foundString, e.MsgBody)
		w.run(b.JSON)
	}
	r.media(b)
	if len(b.Raw) > maxMsgBody {
		r.tooLong(len(b.Raw), maxMsgBody)
	}
}

// see reviews what a walk comes to.
func (r *reviewer) see(w *walk, what event, raw []byte) {
	switch what {
	case foundNumber:
		if keptByJavaScript(raw) {
			return
		}
		if shown, changed := JavaScript(raw); changed {
			r.found(w, RemarkNumber, raw, shown)
		}
	case foundString, foundName:
		if unit, n := unpaired(raw); n > 0 {
			r.found(w, RemarkSurrogate, unit, strconv.Itoa(n)+" in this text")
		}
		if at := notUTF8(raw); at < len(raw) {
			around := raw[max(at-AroundBytes, 0):min(at+AroundBytes, len(raw))]
			r.found(w, RemarkNotUTF8, around, fmt.Sprintf("byte %d of the string is %#x", at, raw[at]))
		}
	case foundObject:
		names := w.members()
		for i := range names {
			names[i] = unquoteBytes(names[i])
		}
		for name, n := range repeated(names) {
			path := w.pathOf(len(w.open) - 1)
			r.add(RemarkTwice, string(appendName(path, string(name[:min(len(name), maxPath)]))), nil, times(n))
		}
	}
}

// notUTF8 returns the offset of the first byte that is not UTF-8; the length of b
// if all are.
func notUTF8(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
}

// unpaired returns the first escape of half a character in a JSON string, and how
// many there are.
func unpaired(raw []byte) (first []byte, n int) {
	for i := 0; i < len(raw); {
		next := bytes.IndexByte(raw[i:], '\\')
		if next < 0 {
			return first, n
		}
		i += next
		half := escaped(raw[i:])
		switch {
		case half < 0:
			i += 2
			continue
		case utf16.DecodeRune(half, escaped(raw[i+6:])) != unicode.ReplacementChar:
			i += 12
			continue
		case utf16.IsSurrogate(half):
			if n++; n == 1 {
				first = raw[i : i+6]
			}
		}
		i += 6
	}
	return first, n
}

// escaped returns the UTF-16 unit of the escape \uXXXX that b begins with, or -1.
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
