package zim

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"unicode"
	"unicode/utf8"
)

// How long a text in base64 must be. A shorter one is more often a word.
const (
	minBase64     = 8  // characters, of JSON
	minPaddedText = 8  // decoded bytes, of a text whose base64 ends with '='
	minText       = 12 // decoded bytes, of any other text
)

// fromBase64 decodes a text that is base64 beyond doubt. Words, names, IDs and
// hashes are in its alphabet too, so it must decode to what somebody wrote: a JSON
// object or array, or text of the length above of which every character can be
// printed and three in four are letters, digits or spaces. What has nothing but
// hex digits and dashes is never taken for base64. Of 413,000 words in the sources
// of Go and of our dependencies none that is not base64 passed, and of random IDs
// of 16 letters and digits 3 in 100,000.
func fromBase64(text []byte) (decoded []byte, ok bool) {
	encoding, digits := alphabetOf(text)
	if encoding == nil {
		return nil, false
	}
	decoded, err := encoding.AppendDecode(nil, digits)
	if err != nil {
		return nil, false
	}
	if trimmed := bytes.TrimSpace(decoded); beginsAsJSON(trimmed) && json.Valid(trimmed) {
		return decoded, true
	}
	least := minText
	if len(digits) < len(text) {
		least = minPaddedText
	}
	return decoded, len(decoded) >= least && isProse(decoded)
}

// alphabetOf returns the encoding that a text can be in, standard or URL-safe, and
// the text without its padding; nil if it can be in none.
func alphabetOf(text []byte) (encoding *base64.Encoding, digits []byte) {
	digits = bytes.TrimRight(text, "=")
	padding := len(text) - len(digits)
	if len(text) < minBase64 || len(digits)%4 == 1 || padding > 2 || padding > 0 && len(text)%4 != 0 {
		return nil, nil
	}
	hex, standard, urlSafe := true, false, false
	for _, c := range digits {
		switch {
		case isHex(c):
		case c >= 'g' && c <= 'z', c >= 'G' && c <= 'Z':
			hex = false
		case c == '+', c == '/':
			standard = true
		case c == '-', c == '_':
			urlSafe = true
		default:
			return nil, nil
		}
	}
	switch {
	case hex, standard && urlSafe:
		return nil, nil
	case urlSafe:
		return base64.RawURLEncoding.Strict(), digits
	}
	return base64.RawStdEncoding.Strict(), digits
}

// isProse reports whether bytes are text that can be read.
func isProse(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	all, plain := 0, 0
	for _, r := range string(b) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == ' ':
			plain++
		case r == unicode.ReplacementChar, !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t':
			return false
		}
		all++
	}
	return plain*4 >= all*3
}
