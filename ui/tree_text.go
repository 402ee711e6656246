package ui

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// treeText is a text that a tree shows: the one it was made of, or one that was
// found in a string.
type treeText struct {
	raw    []byte
	how    string     // the filters of jq that make it of the string; "" for the first text
	plain  bool       // it is no JSON, but words
	broken *treeBreak // where it ends because its base64 does

	within map[int]*treeText // the large texts in its strings, by the string's begin
}

// byteOrderMark is passed over where a text begins with it, as parsers do.
const byteOrderMark = "\ufeff"

// root returns where the value of the text begins.
func (t *treeText) root() (treeChild, *treeBreak) {
	if t.plain {
		return treeChild{key: -1}, nil
	}
	start := 0
	if bytes.HasPrefix(t.raw, []byte(byteOrderMark)) {
		start = len(byteOrderMark)
	}
	return treeChildAt(t.raw, blankAfter(t.raw, start), false)
}

// rest returns what is wrong behind the value of the text, which ends at end.
func (t *treeText) rest(end int) *treeBreak {
	if i := blankAfter(t.raw, end); i < len(t.raw) {
		return &treeBreak{i, "there is more after the value"}
	}
	return t.broken
}

// The kinds of a node; an object and an array are their brackets, a string its
// quote.
const (
	kindWord  = 'w' // a number, a literal, or what is neither
	kindPlain = 't' // a text that is no JSON
	kindBreak = '!' // where the text breaks
)

// kindAt returns the kind of the value at i.
func (t *treeText) kindAt(i int) byte {
	if t.plain {
		return kindPlain
	}
	if c := t.raw[i]; c == '{' || c == '[' || c == '"' {
		return c
	}
	return kindWord
}

// end returns the position after the value at i, or where the text breaks before
// that.
func (t *treeText) end(i int) (int, *treeBreak) {
	if t.plain {
		return len(t.raw), nil
	}
	return valueAfter(t.raw, i, false)
}

// content appends the text of the JSON string that goes on at i, behind its
// quote, until more than limit bytes are there. It returns the position of the
// first byte that was not read, and whether that is the closing quote or the end
// of raw. Half a character (a surrogate alone) becomes what half makes of it;
// an escape that is none stays as it is.
func content(dst, raw []byte, i, limit int, half func(unit rune) string) (text []byte, next int, all bool) {
	limit += len(dst)
	for i < len(raw) && raw[i] != '"' {
		if len(dst) >= limit {
			return dst, i, false
		}
		if raw[i] != '\\' {
			n := i + 1
			for last := min(len(raw), i+limit-len(dst)+utf8.UTFMax); n < last && raw[n] != '"' && raw[n] != '\\'; {
				n++
			}
			dst = append(dst, raw[i:n]...)
			i = n
			continue
		}
		dst, i = escaped(dst, raw, i, half)
	}
	return dst, i, true
}

// escaped appends what the escape at i stands for.
func escaped(dst, raw []byte, i int, half func(unit rune) string) ([]byte, int) {
	const plain, means = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if i+1 >= len(raw) {
		return append(dst, raw[i:]...), len(raw)
	}
	if n := strings.IndexByte(plain, raw[i+1]); n >= 0 {
		return append(dst, means[n]), i + 2
	}
	unit, ok := unitAt(raw, i)
	if !ok {
		return append(dst, raw[i]), i + 1
	}
	i += len(`\u0041`)
	if !utf16.IsSurrogate(unit) {
		return utf8.AppendRune(dst, unit), i
	}
	if low, ok := unitAt(raw, i); ok {
		if r := utf16.DecodeRune(unit, low); r != unicode.ReplacementChar {
			return utf8.AppendRune(dst, r), i + len(`\u0041`)
		}
	}
	return append(dst, half(unit)...), i
}

// unitAt reads the \u0041 at i.
func unitAt(raw []byte, i int) (unit rune, ok bool) {
	if i+len(`\u0041`) > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
		return 0, false
	}
	for _, c := range raw[i+2 : i+len(`\u0041`)] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		unit = unit<<4 | rune(digit)
	}
	return unit, true
}

// replaced is how everybody else reads half a character, namedHalf how it is
// shown: as ui/text shows what cannot be seen.
func replaced(rune) string       { return "\ufffd" }
func namedHalf(unit rune) string { return fmt.Sprintf(`\u{%04X}`, unit) }

// soundString reports whether the JSON string between its quotes has good
// escapes and no raw control characters.
func soundString(s []byte) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] < ' ':
			return false
		case s[i] != '\\':
		case i+1 < len(s) && strings.IndexByte(`"\/bfnrt`, s[i+1]) >= 0:
			i++
		default:
			if _, ok := unitAt(s, i); !ok {
				return false
			}
		}
	}
	return true
}

// holding is what a string has in it.
type holding uint8

const (
	holdsText   holding = iota
	holdsJSON           // a JSON text, as far as was looked
	holdsBroken         // the begin of one
	holdsBase64         // words in base64
	holdsBase64JSON
)

const (
	peeked    = 4 << 10  // bytes of a string that are looked at to tell what it holds
	maxPeeks  = 8        // strings in strings that are
	largeText = 16 << 10 // bytes of a text that is kept when it was decoded

	leastBase64 = 8  // characters of base64
	leastPadded = 8  // bytes of words in it, if it ends with =
	leastWords  = 12 // bytes of words in it otherwise
)

// holds tells what the string at i has in it, by its first few kilobytes.
func (t *treeText) holds(i int) holding {
	var b [peeked + utf8.UTFMax]byte
	text, _, all := content(b[:0], t.raw, i+1, peeked, replaced)
	return holds(text, all, maxPeeks)
}

func holds(text []byte, all bool, peeks int) holding {
	if peeks == 0 {
		return holdsText
	}
	start := blankAfter(text, 0)
	if start == len(text) {
		return holdsText
	}
	switch c := text[start]; {
	case c == '{' || c == '[':
		return holdsContainer(text, start, all)
	case c == '"':
		inner, next, closed := content(nil, text, start+1, peeked, replaced)
		whole := closed && next < len(text) && blankAfter(text, next+1) == len(text)
		if whole || !all && next >= len(text) {
			if in := holds(inner, whole, peeks-1); in == holdsJSON || in == holdsBroken {
				return in
			}
		}
	default:
		return holdsInBase64(text, all, peeks)
	}
	return holdsText
}

// holdsContainer is holds for a text that begins as an object or an array. A
// broken one is told from words in brackets by an object's first key.
func holdsContainer(text []byte, start int, all bool) holding {
	end, wrong := valueAfter(text, start, true)
	switch {
	case wrong == nil && blankAfter(text, end) == len(text):
		return holdsJSON
	case wrong != nil && !all && wordAfter(text, wrong.at) == len(text) && len(text)-wrong.at < peekedWord:
		return holdsJSON // the text goes on
	}
	for depth := 0; depth < maxPeeks && text[start] == '['; depth++ {
		first, _, wrong := firstChild(text, start)
		if wrong != nil || first.at == 0 {
			return holdsText
		}
		start = first.at
	}
	if text[start] != '{' {
		return holdsText
	}
	if first, _, wrong := firstChild(text, start); wrong != nil || first.at == 0 {
		return holdsText
	}
	return holdsBroken
}

// peekedWord is more than a number or a literal has that was cut by peeking.
const peekedWord = 64

// holdsInBase64 is holds for base64: of JSON, or of words that anybody can read, by
// the rules by which zim takes something for base64. What is hexadecimal could be
// both and is none.
func holdsInBase64(text []byte, all bool, peeks int) holding {
	if !all {
		text = text[:len(text)/4*4]
	}
	digits := bytes.TrimRight(text, "=")
	padding := len(text) - len(digits)
	encoding := base64Of(digits)
	if encoding == nil || len(text) < leastBase64 || padding > 2 || padding > 0 && len(text)%4 != 0 {
		return holdsText
	}
	decoded, err := encoding.AppendDecode(nil, digits)
	if err != nil {
		return holdsText
	}
	if !all {
		decoded = withoutHalf(decoded)
	}
	if in := holds(decoded, all, peeks-1); in == holdsJSON || in == holdsBroken {
		return holdsBase64JSON
	}
	least := leastWords
	if padding > 0 {
		least = leastPadded
	}
	if len(decoded) >= least && readable(decoded) {
		return holdsBase64
	}
	return holdsText
}

// base64Of returns the encoding of a text that can be base64 without its padding,
// or nil.
func base64Of(digits []byte) *base64.Encoding {
	hex, standard, forURLs := true, false, false
	for _, c := range digits {
		switch {
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'f':
		case c|0x20 >= 'g' && c|0x20 <= 'z':
			hex = false
		case c == '+', c == '/':
			standard = true
		case c == '-', c == '_':
			forURLs = true
		default:
			return nil
		}
	}
	switch {
	case hex, standard && forURLs:
		return nil
	case forURLs:
		return base64.RawURLEncoding.Strict()
	}
	return base64.RawStdEncoding.Strict()
}

// readable reports whether a text is words: UTF-8 that can be printed, and most of
// it letters, digits and spaces.
func readable(text []byte) bool {
	all, words := 0, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == ' ':
			words++
		case r == utf8.RuneError, !unicode.IsPrint(r) && r != '\n' && r != '\t' && r != '\r':
			return false
		}
		all++
		i += size
	}
	return words*4 >= all*3
}

// withoutHalf cuts off a character of which only the begin is there.
func withoutHalf(text []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if c := text[len(text)-n]; utf8.RuneStart(c) {
			if !utf8.FullRune(text[len(text)-n:]) {
				text = text[:len(text)-n]
			}
			break
		}
	}
	return text
}

// inside returns the text in the string at i, or nil if there is none.
func (t *treeText) inside(i int) *treeText {
	if in := t.within[i]; in != nil {
		return in
	}
	kind := t.holds(i)
	if kind == holdsText {
		return nil
	}
	end, _ := stringAfter(t.raw, i)
	text, _, _ := content(make([]byte, 0, end-i), t.raw, i+1, len(t.raw), replaced)
	in := &treeText{raw: text, how: "fromjson"}
	if kind == holdsBase64 || kind == holdsBase64JSON {
		in = unwrapped(text)
		if in.plain = kind == holdsBase64; !in.plain {
			in.how += " | fromjson"
		}
	}
	if len(text) >= largeText {
		if t.within == nil {
			t.within = map[int]*treeText{}
		}
		t.within[i] = in
	}
	return in
}

// unwrapped decodes base64 as far as it is.
func unwrapped(text []byte) *treeText {
	text = bytes.TrimRight(text, "=")
	encoding, how := base64.RawStdEncoding, "@base64d"
	if bytes.ContainsAny(text, "-_") {
		encoding, how = base64.RawURLEncoding, `gsub("-"; "+") | gsub("_"; "/") | @base64d`
	}
	decoded := make([]byte, encoding.DecodedLen(len(text)))
	n, err := encoding.Decode(decoded, text)
	in := &treeText{raw: decoded[:n], how: how}
	if err != nil {
		in.broken = &treeBreak{n, "it is no base64 from here on"}
	}
	return in
}
