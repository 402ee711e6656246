package history

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// letter is a character of a query, in every case that it may have in a text.
type letter []rune

// letters returns the characters of a text.
func letters(s string, anyCase bool) []letter {
	list := make([]letter, 0, len(s))
	for _, r := range s {
		if anyCase {
			list = append(list, cases(r))
		} else {
			list = append(list, letter{r})
		}
	}
	return list
}

// cases returns r and what it folds to. ASCII letters and others never stand for
// each other.
func cases(r rune) letter {
	return slices.DeleteFunc(orbit(r), func(other rune) bool { return (other < utf8.RuneSelf) != (r < utf8.RuneSelf) })
}

// orbit returns r and all that is equal to it under simple folding.
func orbit(r rune) letter {
	l := letter{r}
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		l = append(l, other)
	}
	return l
}

// prefix returns how many bytes of s, from its first on, are the letters.
func prefix[text string | []byte](s text, letters []letter) (n int, ok bool) {
	for _, l := range letters {
		if n >= len(s) {
			return 0, false
		}
		r, size := rune(s[n]), 1
		if r >= utf8.RuneSelf {
			r, size = decodeRune(s[n:])
		}
		if !slices.Contains(l, r) {
			return 0, false
		}
		n += size
	}
	return n, true
}

func decodeRune[text string | []byte](s text) (rune, int) {
	return utf8.DecodeRuneInString(string(s[:min(len(s), utf8.UTFMax)]))
}

// exact finds a text as it is.
type exact string

func (e exact) in(s string) bool { return strings.Contains(s, string(e)) }

func (e exact) ranges(s string) (list [][2]int) {
	for from := 0; len(list) < maxRanges; {
		i := strings.Index(s[from:], string(e))
		if i < 0 {
			break
		}
		list = append(list, [2]int{from + i, from + i + len(e)})
		from += i + len(e)
	}
	return list
}

// folded finds letters in any case.
type folded struct{ letters []letter }

func (f *folded) in(s string) bool {
	_, _, ok := f.next(s, 0)
	return ok
}

func (f *folded) ranges(s string) (list [][2]int) {
	for from := 0; len(list) < maxRanges; {
		start, end, ok := f.next(s, from)
		if !ok {
			break
		}
		list = append(list, [2]int{start, end})
		from = end
	}
	return list
}

// next returns the first match from a byte on.
func (f *folded) next(s string, from int) (start, end int, ok bool) {
	first := f.letters[0]
	for i := from; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if slices.Contains(first, r) {
			if n, ok := prefix(s[i:], f.letters); ok {
				return i, i + n, true
			}
		}
		i += size
	}
	return 0, 0, false
}
