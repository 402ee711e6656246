package mask

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// folded is a text as somebody reads it: digits of all scripts and widths are
// ASCII, what cannot be seen is gone, entities and percent signs are what they
// stand for. start and end say where each rune is in the text itself, in bytes.
type folded struct {
	runes      []rune
	start, end []int
	inURL      []bool // nil, or which runes are the host or the path of a URL
}

// A ? or a # that is percent-encoded begins a query or a fragment only in a URL
// whose :// is encoded too.
const (
	encodedQuery    rune = -1
	encodedFragment rune = -2
)

func fold(s string) *folded {
	f := &folded{runes: make([]rune, 0, len(s)), start: make([]int, 0, len(s)), end: make([]int, 0, len(s))}
	for i := 0; i < len(s); {
		r, n := decode(s[i:])
		if r = f.plain(r); r != 0 {
			f.runes = append(f.runes, r)
			f.start = append(f.start, i)
			f.end = append(f.end, i+n)
		}
		i += n
	}
	f.undisguise()
	return f
}

// decode returns the rune that a text begins with, and how many bytes it takes.
func decode(s string) (rune, int) {
	switch s[0] {
	case '%':
		if r, n := percent(s); n > 0 {
			return r, n
		}
	case '\\':
		if r, n := escape(s); n > 0 {
			return r, n
		}
	case '&':
		if end := strings.IndexByte(s[:min(len(s), 12)], ';'); end > 1 {
			plain := html.UnescapeString(s[:end+1])
			if r, n := utf8.DecodeRuneInString(plain); n == len(plain) {
				return r, end + 1
			}
		}
	}
	return utf8.DecodeRuneInString(s)
}

// percent decodes %40, and %2540 as it too. n is 0 for what is none.
func percent(s string) (r rune, n int) {
	n = 1
	for strings.HasPrefix(s[n:], "25") && len(s) >= n+4 && isHex(s[n+2]) && isHex(s[n+3]) {
		n += 2
	}
	if len(s) < n+2 || !isHex(s[n]) || !isHex(s[n+1]) {
		return 0, 0
	}
	switch r = unhex(s[n])<<4 | unhex(s[n+1]); {
	case r == '?':
		r = encodedQuery
	case r == '#':
		r = encodedFragment
	case r < ' ' || r >= 0x7F:
		return 0, 0
	}
	return r, n + 2
}

// escape decodes \u0040, \/ and \n: a text may quote JSON. n is 0 for what is none.
func escape(s string) (r rune, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\', '/':
		return rune(s[1]), 2
	case 'n', 'r', 't':
		return '\n', 2
	case 'u':
		if len(s) < 6 || !isHex(s[2]) || !isHex(s[3]) || !isHex(s[4]) || !isHex(s[5]) {
			return 0, 0
		}
		r = unhex(s[2])<<12 | unhex(s[3])<<8 | unhex(s[4])<<4 | unhex(s[5])
		return r, 6
	}
	return 0, 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) rune {
	switch {
	case c <= '9':
		return rune(c - '0')
	case c >= 'a':
		return rune(c-'a') + 10
	}
	return rune(c-'A') + 10
}

// plain returns a rune as it is read, 0 for one that cannot be seen.
func (f *folded) plain(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ', strings.ContainsRune("＠．－＋／＿（）", r): // others end a sentence, or a URL
		return r - '！' + '!'
	case unicode.In(r, unicode.Cf, unicode.Me, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return 0
	case unicode.Is(unicode.Nd, r):
		return digit(r)
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Pd, r), r == '−', r == 'ー' && len(f.runes) > 0 && isDigit(f.runes[len(f.runes)-1]):
		return '-'
	case r == '﹫':
		return '@'
	case r == '﹢':
		return '+'
	case r == '·', r == '․':
		return '.'
	}
	return r
}

// digit returns a digit of any script as ASCII: they come in tens, zero first.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if lo := rune(t.Lo); r >= lo && r <= rune(t.Hi) {
			return '0' + (r-lo)%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if lo := rune(t.Lo); r >= lo && r <= rune(t.Hi) {
			return '0' + (r-lo)%10
		}
	}
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// disguises are what people write for a sign, between brackets.
var disguises = map[string]rune{"at": '@', "dot": '.', "punkt": '.'}

// undisguise reads "(at)" and " [dot] " as the sign.
func (f *folded) undisguise() {
	to := 0
	for i := 0; i < len(f.runes); i++ {
		r, start, end := f.runes[i], f.start[i], f.end[i]
		if sign, n := f.disguised(i); n > 0 {
			for to > 0 && f.runes[to-1] == ' ' {
				to--
			}
			r, end = sign, f.end[i+n-1]
			i += n - 1
			for i+1 < len(f.runes) && f.runes[i+1] == ' ' {
				i++
			}
		}
		f.runes[to], f.start[to], f.end[to] = r, start, end
		to++
	}
	f.runes, f.start, f.end = f.runes[:to], f.start[:to], f.end[:to]
}

// disguised returns the sign that stands in brackets at i, and in how many runes.
func (f *folded) disguised(i int) (sign rune, n int) {
	var closing rune
	switch f.runes[i] {
	case '(':
		closing = ')'
	case '[', '{':
		closing = f.runes[i] + 2
	default:
		return 0, 0
	}
	for n = 1; n <= 8 && i+n < len(f.runes); n++ {
		if f.runes[i+n] == closing {
			word := strings.ToLower(strings.TrimSpace(string(f.runes[i+1 : i+n])))
			if sign = disguises[word]; sign != 0 {
				return sign, n + 1
			}
			break
		}
	}
	return 0, 0
}

// rune returns that at i, 0 outside of the text.
func (f *folded) rune(i int) rune {
	if i < 0 || i >= len(f.runes) {
		return 0
	}
	return f.runes[i]
}

// find returns what is to be masked, in order.
func (f *folded) find(h hint) []span {
	f.inURL = make([]bool, len(f.runes))
	t := taken{f: f, of: make([]bool, len(f.runes))}
	f.urls(&t)
	f.emails(&t)
	f.numbers(&t, h)
	return t.sorted()
}
