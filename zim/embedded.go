package zim

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Embedded returns the steps that take apart what the string values of a body
// hold beyond what its Ladder tells: JSON, URL-encoded or in base64 too, to any
// depth, and text in base64. A body that is not JSON may be such a value itself.
// more counts steps that found no room behind the first 1000 or so. Nothing of it
// is in Content.
func (b Body) Embedded() (steps []Step, more int) {
	w := walk{told: map[string]bool{}}
	for _, s := range b.Ladder {
		w.told[s.Where] = s.Where != ""
	}
	if b.JSON != nil {
		w.run(b.JSON)
	} else if own, _ := unwrap([]byte(b.Raw)); len(own) > 0 && own[len(own)-1].Failed == nil {
		w.apart([]byte(b.Raw)) // a text that is broken JSON is a text
	}
	return w.steps, w.more
}

// PayloadLadder returns the steps that take the sender's extension apart, as
// Body.Ladder and Embedded do for a body: the extension itself, then the string
// values inside. It is empty where there is no extension. more is as for Embedded.
func (e Envelope) PayloadLadder() (steps []Step, more int) {
	raw := e.field("Payload")
	if isNull(raw) {
		return nil, 0
	}
	var w walk
	var l ladder
	text, reason := l.verbatim(raw)
	w.noted = l.noted
	switch {
	case reason != "":
	case l.json != nil:
		w.run(raw)
	default:
		w.apart([]byte(text))
	}
	return w.steps, w.more
}

// field returns the raw value that counts for a name: the last one that is not
// null.
func (e Envelope) field(name string) (raw []byte) {
	for _, f := range e.Fields {
		if f.Name == name && !isNull(f.Raw) {
			raw = f.Raw
		}
	}
	return raw
}

// unwrap takes a text apart that may hold JSON: URL-encoded, in base64, or in a
// string of its own, as often as that is. It returns the steps that lead to an
// object, an array, a text in base64, or to where what was meant as JSON breaks;
// and the object or array. Of any other text there are none.
func unwrap(text []byte) (steps []Step, inner []byte) {
	sure := 0 // so many steps are no accident
	for range maxSteps {
		s := Step{In: len(text)}
		trimmed := bytes.TrimSpace(text)
		switch {
		case beginsAsJSON(trimmed) && json.Valid(trimmed):
			s.Name, s.Out = stepJSON, len(trimmed)
			return append(steps, s), trimmed
		case meantAsJSON(trimmed):
			reason, offset := syntaxError(trimmed)
			s.Name, s.Failed = stepJSON, fail(text, offset+spaceBefore(text), reason)
			return append(steps, s), nil
		}
		if plain, ok := stringContent(trimmed); ok {
			s.Name, text = stepString, []byte(plain)
		} else if plain, as, ok := urlEncodedJSON(trimmed); ok {
			s.Name, s.URL, text = stepURL, as, []byte(plain)
		} else if plain, ok := fromBase64(trimmed); ok {
			s.Name, text = stepBase64, plain
			sure = len(steps) + 1
		} else {
			break
		}
		s.Out = len(text)
		steps = append(steps, s)
	}
	return steps[:sure], nil
}

// beginsAsJSON reports whether a text begins as an object or an array.
func beginsAsJSON(text []byte) bool {
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// meantAsJSON reports whether a text was meant as JSON, whether it is or not: it
// begins as an object with a member, or as an array of those. People write
// "[smile]" and "{name}".
func meantAsJSON(text []byte) bool {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && text[0] == '[' {
		text = bytes.TrimSpace(text[1:])
	}
	if len(text) == 0 || text[0] != '{' {
		return false
	}
	text = bytes.TrimSpace(text[1:])
	return len(text) > 0 && text[0] == '"'
}

// urlEncodedJSON decodes a text that begins as a URL-encoded object, array or
// string does.
func urlEncodedJSON(text []byte) (plain string, as URLEncoding, ok bool) {
	start := strings.ToUpper(string(text[:min(len(text), 3)]))
	if start != "%7B" && start != "%5B" && start != "%22" || !urlEncoded(text) {
		return "", 0, false
	}
	plain, as, err := urlDecode(string(text))
	return plain, as, err == nil
}
