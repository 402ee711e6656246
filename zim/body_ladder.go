package zim

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The steps of a ladder.
const (
	stepString    = "JSON string"        // MsgBody was a string
	stepURL       = "URL-decoded"        // the text was URL-encoded as a whole
	stepJSON      = "JSON"               // the text was JSON
	stepEmbedded  = "embedded JSON"      // an item's content was JSON in a string
	stepURLItems  = "URL-decoded items"  // an item's content was URL-encoded as a whole
	stepURLValues = "URL-decoded values" // string values inside the JSON were URL-encoded
)

// maxSteps bounds how often one text is unwrapped. The most that is published
// is three steps: a string, URL-encoded, of JSON.
const maxSteps = 8

const (
	noBody       = "no body"
	noKnownField = "no documented field in the JSON"
)

// ladder is the way from a raw value to its content: it takes the steps and
// keeps count of them.
type ladder struct {
	steps []string
	json  []byte // the JSON at the end
	item  bool   // the value is an item of a multi-item message
	// decoded is true once the text as a whole was URL-decoded. What still looks
	// URL-encoded in its values is then what the sender wrote.
	decoded bool
}

// note records a step that may be taken many times in one body.
func (l *ladder) note(step string) {
	if !slices.Contains(l.steps, step) {
		l.steps = append(l.steps, step)
	}
}

// verbatim returns the text of a value that is what the sender passed: no
// percent sign and no plus of it is touched.
func (l *ladder) verbatim(raw []byte) (text, reason string) {
	if isNull(raw) {
		return "", ""
	}
	if raw[0] != '"' {
		if !json.Valid(raw) {
			return "", notJSON(raw)
		}
		l.note(stepJSON)
		l.json = raw
		return string(raw), ""
	}
	text, ok := stringContent(raw)
	if !ok {
		return "", notJSON(raw)
	}
	l.note(stepString)
	return text, ""
}

// object unwraps a value down to the JSON object that it holds: an object, or a
// string of one, URL-encoded or not. The reason says why there is none.
func (l *ladder) object(raw []byte) (object []byte, reason string) {
	if raw = bytes.TrimSpace(raw); isNull(raw) {
		return nil, noBody
	}
	for range maxSteps {
		if text, ok := stringContent(raw); ok {
			l.steps = append(l.steps, stepString)
			raw = bytes.TrimSpace([]byte(text))
		} else if urlEncoded(raw) {
			text, err := urlDecode(string(raw))
			if err != nil {
				return nil, "not URL-encoded as it seemed: " + err.Error()
			}
			l.steps = append(l.steps, stepURL)
			l.decoded = true
			raw = bytes.TrimSpace([]byte(text))
		} else {
			break
		}
		if len(raw) == 0 {
			return nil, noBody
		}
	}
	if !json.Valid(raw) {
		return nil, notJSON(raw)
	}
	l.steps = append(l.steps, stepJSON)
	l.json = raw
	if raw[0] != '{' {
		return nil, "the JSON is " + kind(raw) + ", not an object"
	}
	return raw, ""
}

// text returns the text of a string value inside the JSON, URL-decoded if it is
// URL-encoded from end to end. It is not for what an app may fill as it likes:
// IDs, payloads and links have a percent sign of their own.
func (l *ladder) text(raw []byte) string {
	text, ok := stringOf(raw)
	if !ok {
		return ""
	}
	if l.decoded || !urlEncoded([]byte(text)) {
		return text
	}
	plain, err := urlDecode(text)
	if err != nil || !utf8.ValidString(plain) {
		return text
	}
	l.note(stepURLValues)
	return plain
}

// link returns the text of a string value that should be a URL. Its percent
// signs are part of it, unless its scheme has one too: that is no URL yet.
func (l *ladder) link(raw []byte) string {
	text := plainText(raw)
	start := strings.ToLower(text[:min(len(text), len("https%3a"))])
	if !strings.HasPrefix(start, "http%3a") && !strings.HasPrefix(start, "https%3a") {
		return text
	}
	plain, err := urlDecode(text)
	if err != nil || !utf8.ValidString(plain) {
		return text
	}
	l.note(stepURLValues)
	return plain
}

// plainText returns the text of a string value as it is, or "" for an object
// or an array.
func plainText(raw []byte) string {
	text, ok := stringOf(raw)
	if !ok {
		return ""
	}
	return text
}

// stringContent returns the content of a value that is one JSON string. Raw
// control characters in it are let through, a bad escape is not.
func stringContent(raw []byte) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	if end, ok := skipString(raw, 0); !ok || end != len(raw) {
		return "", false
	}
	if bytes.IndexByte(raw, '\\') >= 0 && !json.Valid(raw) {
		return "", false
	}
	return unquote(raw), true
}

// urlEncoded reports whether a text can be URL-encoded from end to end: it has
// a percent sign, and nothing that every encoder would have escaped.
func urlEncoded(b []byte) bool {
	percent := false
	for _, c := range b {
		if c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>\\^`{|}[]", c) >= 0 {
			return false
		}
		percent = percent || c == '%'
	}
	return percent
}

// urlDecode undoes a URL encoding. Forms write a space as '+' and escape all
// punctuation; an encoder that wrote %20, or left punctuation as it was, means
// a plus by '+'.
func urlDecode(text string) (string, error) {
	leftByForms := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("-_.*~!'()%+", r)
	}
	if strings.Contains(text, "%20") || strings.ContainsFunc(text, func(r rune) bool { return !leftByForms(r) }) {
		return url.PathUnescape(text)
	}
	return url.QueryUnescape(text)
}

// notJSON says where a text stops being JSON.
func notJSON(raw []byte) string {
	var v json.RawMessage
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(raw, &v)); ok {
		return "not JSON: " + syntax.Error() + " at byte " + strconv.FormatInt(syntax.Offset, 10) + " of " + strconv.Itoa(len(raw))
	}
	return "not JSON"
}

// kind names the kind of a valid JSON value that is no object.
func kind(raw []byte) string {
	switch raw[0] {
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}
