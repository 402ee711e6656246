package zim

import (
	"bytes"
	"encoding/json"
	"iter"
)

// For whoever looks at what apps put into their messages: the values inside of JSON,
// as slices of it. Nothing is decoded, so every number is as it was sent.

// Members yields the names of an object, decoded, and the raw values, in the order
// of the wire; a name that stands twice comes twice. Of what is no object it yields
// nothing. The object is valid JSON. A name may not be kept.
func Members(object []byte) iter.Seq2[[]byte, []byte] { return byteMembers(object) }

// Elements yields the raw values of an array, which is valid JSON; of what is no
// array, nothing.
func Elements(array []byte) iter.Seq[[]byte] { return elements(array) }

// JSONIn returns the object or array that a raw string holds as JSON, without white
// space around it; nil if it holds anything else. It does not look for JSON that is
// URL-encoded or in base64, as Body.Embedded does.
func JSONIn(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return nil
	}
	if i := skipSpace(raw, 1); i == len(raw) || raw[i] != '{' && raw[i] != '[' && raw[i] != '\\' {
		return nil // as most strings, without a copy
	}
	text := bytes.Trim(unquoteBytes(raw), " \t\r\n")
	if !beginsAsJSON(text) || !json.Valid(text) {
		return nil
	}
	return text
}

// BodyText returns the text of the body, as Body.Raw has it, without decoding it
// further.
func (p Peek) BodyText() string { return rawText(p.msgBody) }
