package history

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// anchor is the part of a query that is looked for in the raw bytes of a message
// before anything is decoded: a run of ASCII letters and digits, or of characters
// that are not ASCII. In all that the service is known to send, these stand for
// themselves, or are hidden behind one of two escapes: \u0041 of JSON, once or
// more often escaped itself, and %41 of a URL. A message is passed over only if it
// has neither the run nor an escape that could be a part of it.
type anchor struct {
	run    []letter
	pivots [][]byte // what is looked for first: the rarest letter in all its cases, or the whole run if it has one
	before int      // bytes of the run before the pivot
	weight int      // more for what is likely to be rarer
	ascii  bool
	digits bool // the run has digits only
}

// anchorsOf returns the run that is likely to be the rarest, or nil if there is
// none.
func anchorsOf(all []letter) []*anchor {
	var best *anchor
	for len(all) > 0 {
		n, ascii := runLen(all)
		if n == 0 {
			all = all[1:]
			continue
		}
		if a := newAnchor(all[:min(n, maxRun)], ascii); best == nil || a.weight > best.weight {
			best = a
		}
		all = all[n:]
	}
	if best == nil {
		return nil
	}
	return []*anchor{best}
}

// runLen returns how many letters make a run from the first on.
func runLen(all []letter) (n int, ascii bool) {
	for n < len(all) && len(all[n]) > 0 {
		isASCII := !slices.ContainsFunc(all[n], func(r rune) bool { return !isAlnum(r) })
		isOther := !slices.ContainsFunc(all[n], func(r rune) bool { return r < utf8.RuneSelf || r == utf8.RuneError })
		if !isASCII && !isOther || n > 0 && isASCII != ascii {
			break
		}
		ascii = isASCII
		n++
	}
	return n, ascii
}

func isAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// byCount is letters and digits, the most frequent on the wire first: of texts with
// the names, links, hashes and numbers around them.
const byCount = "es2atdimo1r0ngufl4phy76cb3598wvkqzxj"

// rarity weighs a letter; one more letter is worth more than a rarer one.
func rarity(l letter) int {
	const others = 40 // of the few that a script other than Latin has in a word
	if l[0] >= utf8.RuneSelf {
		return 20 + others
	}
	return 20 + strings.IndexByte(byCount, byte(l[0]|0x20))
}

// maxRun bounds a run: each of its letters is compared with each escape.
const maxRun = 16

func newAnchor(run []letter, ascii bool) *anchor {
	a := &anchor{run: run, ascii: ascii, digits: true}
	oneCase := true
	for i, l := range run {
		a.weight += rarity(l)
		if ascii && rarity(l) > rarity(run[a.before]) {
			a.before = i
		}
		a.digits = a.digits && l[0] >= '0' && l[0] <= '9'
		oneCase = oneCase && len(l) == 1
	}
	if oneCase {
		var whole []byte
		for _, l := range run {
			whole = utf8.AppendRune(whole, l[0])
		}
		a.pivots, a.before = [][]byte{whole}, 0
		return a
	}
	for _, r := range run[a.before] {
		a.pivots = append(a.pivots, utf8.AppendRune(nil, r))
	}
	return a
}

// inNumber reports whether the decimal of n has the run.
func (a *anchor) inNumber(n int64) bool {
	var b [len("-9223372036854775808")]byte
	return a.digits && bytes.Contains(strconv.AppendInt(b[:0], n, 10), a.pivots[0])
}

// mayBeIn reports whether the run can be in what raw bytes say.
func (a *anchor) mayBeIn(raw []byte) bool {
	for _, pivot := range a.pivots {
		for from := 0; ; {
			i := bytes.Index(raw[from:], pivot)
			if i < 0 {
				break
			}
			if start := from + i - a.before; start >= 0 {
				if _, ok := prefix(raw[start:], a.run); ok {
					return true
				}
			}
			from += i + 1
		}
	}
	return a.hiddenByJSON(raw) || a.hiddenByURL(raw)
}

// hiddenByJSON reports whether an escape of JSON could be a letter of the run, or
// a part of an escape that is.
func (a *anchor) hiddenByJSON(raw []byte) bool {
	for i := 0; ; {
		if i >= len(raw) || raw[i] != '\\' { // where one escape is, another often follows
			next := bytes.IndexByte(raw[min(i, len(raw)):], '\\')
			if next < 0 {
				return false
			}
			i += next
		}
		unit, end, ok := unitAt(raw, i)
		switch {
		case !ok:
		case unit < utf8.RuneSelf:
			if hides[unit] || unit == '\\' {
				return true
			}
		case !a.ascii && (a.escapedAt(raw, i) || a.has(lastRune(raw[:i]))):
			return true
		}
		i = end
	}
}

// hides tells which ASCII characters can hide something when they are escaped
// themselves: what a run has, the digits and the u of another escape, and the
// percent sign. (The u after a backslash is a letter.)
var hides = func() (h [utf8.RuneSelf]bool) {
	for r := range rune(utf8.RuneSelf) {
		h[r] = isAlnum(r) || r == '%'
	}
	return h
}()

// escapedAt reports whether the run begins at i, each of its letters as it is or
// escaped.
func (a *anchor) escapedAt(raw []byte, i int) bool {
	for _, l := range a.run {
		r, size := utf8.DecodeRune(raw[i:])
		end := i + size
		if r == '\\' {
			r, end, _ = unitAt(raw, i)
			if utf16.IsSurrogate(r) {
				var low rune
				low, end, _ = unitAt(raw, end)
				r = utf16.DecodeRune(r, low)
			}
		}
		if !slices.Contains(l, r) {
			return false
		}
		i = end
	}
	return true
}

// has reports whether any letter of the run is r.
func (a *anchor) has(r rune) bool {
	return slices.ContainsFunc(a.run, func(l letter) bool { return slices.Contains(l, r) })
}

func lastRune(raw []byte) rune {
	r, _ := utf8.DecodeLastRune(raw)
	return r
}

// unitAt reads the \u0041 at i, or \\u0041, whose backslash is escaped itself, and
// returns the position after it, or after the backslashes of what is none.
func unitAt(raw []byte, i int) (unit rune, end int, ok bool) {
	if i >= len(raw) || raw[i] != '\\' {
		return 0, i, false
	}
	for i < len(raw) && raw[i] == '\\' {
		i++
	}
	if i >= len(raw) || raw[i] != 'u' {
		return 0, i, false
	}
	if unit, ok = unhex(raw, i+1, 4); !ok {
		return 0, i, false
	}
	return unit, i + len("u0041"), true
}

// hiddenByURL is hiddenByJSON for the escapes of a URL.
func (a *anchor) hiddenByURL(raw []byte) bool {
	for i := 0; ; {
		if i >= len(raw) || raw[i] != '%' { // as above
			next := bytes.IndexByte(raw[min(i, len(raw)):], '%')
			if next < 0 {
				return false
			}
			i += next
		}
		c, end, ok := percentByte(raw, i)
		switch {
		case !ok:
		case c >= utf8.RuneSelf:
			if !a.ascii && a.percentAt(raw, i) {
				return true
			}
		case hides[c], c == '\\' && end < len(raw) && raw[end] == 'u':
			return true
		}
		i = end
	}
}

// percentAt reports whether the run begins at i, each of its bytes escaped: the
// text of a URL encoding has no others.
func (a *anchor) percentAt(raw []byte, i int) bool {
	for _, l := range a.run {
		var b [utf8.UTFMax]byte
		n := 0
		for n == 0 || n < len(b) && !utf8.FullRune(b[:n]) {
			c, end, ok := percentByte(raw, i)
			if !ok {
				return false
			}
			b[n], i = byte(c), end
			n++
		}
		if r, _ := utf8.DecodeRune(b[:n]); !slices.Contains(l, r) {
			return false
		}
	}
	return true
}

// percentByte reads the %41 at i, or %2541, whose percent sign is escaped itself,
// and returns the position after it.
func percentByte(raw []byte, i int) (c rune, end int, ok bool) {
	if i >= len(raw) || raw[i] != '%' {
		return 0, i, false
	}
	for i++; ; i += 2 {
		c, ok = unhex(raw, i, 2)
		if !ok {
			return 0, i, false
		}
		if c != '%' {
			return c, i + 2, true
		}
	}
}

// hexValue has the value of each hex digit, and something beyond for what is none.
var hexValue = func() (v [256]uint8) {
	for c := range v {
		v[c] = 0xFF
	}
	for i, c := range []byte("0123456789abcdef") {
		v[c] = uint8(i)
	}
	for i, c := range []byte("ABCDEF") {
		v[c] = uint8(10 + i)
	}
	return v
}()

// unhex reads n hex digits.
func unhex(raw []byte, i, n int) (r rune, ok bool) {
	if i+n > len(raw) {
		return 0, false
	}
	for _, c := range raw[i : i+n] {
		v := hexValue[c]
		if v > 0xF {
			return 0, false
		}
		r = r<<4 | rune(v)
	}
	return r, true
}
