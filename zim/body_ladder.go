package zim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
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
	noted
	at   *place // of the value; nil is the body itself
	json []byte // the JSON at the end
	item bool   // the value is an item of a multi-item message

	quoted bool // the value was a string
	// decoded is true once the text as a whole was URL-decoded. What still looks
	// URL-encoded in its values is then what the sender wrote.
	decoded bool
}

// took records a step of the value itself.
func (l *ladder) took(s Step) {
	s.at = l.at
	switch {
	case s.Failed != nil:
	case !l.item:
		s.rung = rungBody
	case s.Name == stepURL:
		s.rung = rungURLItems
	case s.Name == stepJSON && l.quoted:
		s.rung = rungEmbedded
	}
	l.quoted = l.quoted || s.Name == stepString
	l.note(s)
}

// tookValue records the URL-decoding of a string value in the JSON.
func (l *ladder) tookValue(name string, raw []byte, size int, plain string, as URLEncoding) {
	at := l.at.in(name)
	l.note(Step{Name: stepString, In: len(raw), Out: size, at: at})
	l.note(Step{Name: stepURL, In: size, Out: len(plain), URL: as, rung: rungURLValues, at: at})
}

// verbatim returns the text of a value that is what the sender passed: no
// percent sign and no plus of it is touched.
func (l *ladder) verbatim(raw []byte) (text, reason string) {
	if isNull(raw) {
		return "", ""
	}
	if raw[0] != '"' {
		if !json.Valid(raw) {
			return "", l.fails(stepJSON, raw, raw)
		}
		l.took(Step{Name: stepJSON, In: len(raw), Out: len(raw)})
		l.json = raw
		return string(raw), ""
	}
	text, ok := stringContent(raw)
	if !ok {
		return "", l.fails(stepString, raw, raw)
	}
	l.took(Step{Name: stepString, In: len(raw), Out: len(text)})
	return text, ""
}

// fails records that a value is not JSON, and returns why. trimmed is what was
// tried: the value, or what is left of it without white space around it.
func (l *ladder) fails(name string, raw, trimmed []byte) (reason string) {
	reason, offset := syntaxError(trimmed)
	at := offset
	if at >= 0 && len(trimmed) < len(raw) {
		at += spaceBefore(raw)
	}
	l.took(Step{Name: name, In: len(raw), Failed: fail(raw, at, reason)})
	if offset < 0 {
		return reason
	}
	return fmt.Sprintf("%s at byte %d of %d", reason, min(offset+1, len(trimmed)), len(trimmed)) // from 1
}

// object unwraps a value down to the JSON object that it holds: an object, or a
// string of one, URL-encoded or not. The reason says why there is none.
func (l *ladder) object(raw []byte) (object []byte, reason string) {
	text := bytes.TrimSpace(raw)
	if isNull(text) {
		return nil, noBody
	}
	for range maxSteps {
		if inner, ok := stringContent(text); ok {
			l.took(Step{Name: stepString, In: len(raw), Out: len(inner)})
			raw = []byte(inner)
		} else if urlEncoded(text) {
			plain, as, err := urlDecode(string(text))
			if err != nil {
				reason = "not URL-encoded as it seemed: " + err.Error()
				l.took(Step{Name: stepURL, In: len(raw), Failed: fail(raw, badEscape(raw), reason)})
				return nil, reason
			}
			l.took(Step{Name: stepURL, In: len(raw), Out: len(plain), URL: as})
			l.decoded = true
			raw = []byte(plain)
		} else {
			break
		}
		if text = bytes.TrimSpace(raw); len(text) == 0 {
			return nil, noBody
		}
	}
	if !json.Valid(text) {
		return nil, l.fails(stepJSON, raw, text)
	}
	l.took(Step{Name: stepJSON, In: len(raw), Out: len(text)})
	l.json = text
	if text[0] != '{' {
		return nil, "the JSON is " + kind(text) + ", not an object"
	}
	return text, ""
}

// text returns the text of a string value inside the JSON, URL-decoded if it is
// URL-encoded from end to end. It is not for what an app may fill as it likes:
// IDs, payloads and links have a percent sign of their own.
func (l *ladder) text(name string, raw []byte) string {
	text, ok := stringOf(raw)
	if !ok {
		return ""
	}
	if l.decoded || !urlEncoded([]byte(text)) {
		return text
	}
	plain, as, err := urlDecode(text)
	if err != nil || !utf8.ValidString(plain) {
		return text
	}
	l.tookValue(name, raw, len(text), plain, as)
	return plain
}

// link returns the text of a string value that should be a URL. Its percent
// signs are part of it, unless its scheme has one too: that is no URL yet.
func (l *ladder) link(name string, raw []byte) string {
	text := plainText(raw)
	start := strings.ToLower(text[:min(len(text), len("https%3a"))])
	if !strings.HasPrefix(start, "http%3a") && !strings.HasPrefix(start, "https%3a") {
		return text
	}
	plain, as, err := urlDecode(text)
	if err != nil || !utf8.ValidString(plain) {
		return text
	}
	l.tookValue(name, raw, len(text), plain, as)
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

// urlDecode undoes a URL encoding, and says how it read it.
func urlDecode(text string) (plain string, as URLEncoding, err error) {
	as = urlEncodingOf(text)
	if as == URLForm {
		plain, err = url.QueryUnescape(text)
	} else {
		plain, err = url.PathUnescape(text)
	}
	return plain, as, err
}

// urlEncodingOf tells the encoders apart. Forms write a space as '+' and escape
// all punctuation; an encoder that wrote %20, or left punctuation as it was,
// means a plus by '+'.
func urlEncodingOf(text string) URLEncoding {
	leftByForms := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("-_.*~!'()%+", r)
	}
	switch {
	case !strings.Contains(text, "+"):
		return URLPercent
	case strings.Contains(text, "%20"), strings.ContainsFunc(text, func(r rune) bool { return !leftByForms(r) }):
		return URLMixed
	}
	return URLForm
}

// badEscape returns the offset of the first percent sign without two hex digits.
func badEscape(text []byte) int {
	for i := range text {
		if text[i] == '%' && (i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2])) {
			return i
		}
	}
	return len(text)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// spaceBefore returns how many bytes of white space a text begins with.
func spaceBefore(text []byte) int {
	return len(text) - len(bytes.TrimLeftFunc(text, unicode.IsSpace))
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
