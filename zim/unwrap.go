package zim

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Unwrapped undoes one wrapping of a text, as Body and Embedded do: a JSON string
// around it, a URL encoding from end to end, or base64 beyond doubt. It is false
// for a text that has none of them.
func Unwrapped(text string) (plain string, ok bool) {
	trimmed := bytes.TrimSpace([]byte(text))
	if len(trimmed) == 0 {
		return "", false
	}
	if plain, ok := stringContent(trimmed); ok {
		return plain, true
	}
	if urlEncoded(trimmed) {
		plain, _, err := urlDecode(string(trimmed))
		return plain, err == nil && utf8.ValidString(plain)
	}
	decoded, ok := fromBase64(trimmed)
	return string(decoded), ok
}

// StringValue returns the text of a JSON string as Envelope reads it. It is false
// for a value of another kind.
func StringValue(raw []byte) (text string, ok bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	return stringOf(raw)
}

// IsJSON reports whether a text is a JSON object or array with nothing around it
// but white space.
func IsJSON(text string) bool {
	trimmed := bytes.TrimSpace([]byte(text))
	return beginsAsJSON(trimmed) && json.Valid(trimmed)
}
