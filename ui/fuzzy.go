package ui

import (
	"unicode"
)

// A small scorer of our own: the libraries for it score one text, and a place has
// two, of which the ID counts as much as the name; and they lower the case of every
// text anew for each key.

// folded returns the letters of a text in lower case, one for each rune of it.
func folded(s string) []rune {
	runes := []rune(s)
	for i, r := range runes {
		runes[i] = unicode.ToLower(r)
	}
	return runes
}

// The parts of a score. A text that has the word in one piece is before every text
// that has only its letters.
const (
	onePiece  = 1000
	wholeText = 300
	atStart   = 200
	atWord    = 100
	letters   = 500
	gapCosts  = 10
	wordGives = 15
	mostCosts = 90
)

// fuzzyScore returns how well a text has the letters of a word in their order, more
// than 0; 0 if it does not. Both are folded. Where at is given, the places of the
// letters are appended to it.
func fuzzyScore(in, word []rune, at []int) (score int, places []int) {
	if len(word) == 0 || len(word) > len(in) {
		return 0, at
	}
	best := -1
	for i := 0; i+len(word) <= len(in); i++ {
		if in[i] != word[0] || !hasAt(in, word, i) {
			continue
		}
		if best < 0 || beginsWord(in, i) && !beginsWord(in, best) {
			best = i
		}
		if beginsWord(in, best) {
			break
		}
	}
	if best >= 0 {
		score = onePiece - min(len(in)-len(word), mostCosts)
		switch {
		case len(in) == len(word):
			score += wholeText
		case best == 0:
			score += atStart
		case beginsWord(in, best):
			score += atWord
		}
		for i := range word {
			at = append(at, best+i)
		}
		return score, at
	}
	return scattered(in, word, at)
}

func hasAt(in, word []rune, from int) bool {
	for i, r := range word {
		if in[from+i] != r {
			return false
		}
	}
	return true
}

// beginsWord reports whether a word of the text begins at a rune.
func beginsWord(in []rune, i int) bool {
	return i == 0 || !unicode.IsLetter(in[i-1]) && !unicode.IsDigit(in[i-1])
}

// scattered scores letters that are not in one piece: the shortest stretch that
// ends where they first are complete.
func scattered(in, word []rune, at []int) (score int, places []int) {
	n, end := 0, 0
	for i, r := range in {
		if r == word[n] {
			if n++; n == len(word) {
				end = i
				break
			}
		}
	}
	if n < len(word) {
		return 0, at
	}
	from := len(at)
	for i := end; n > 0; i-- { // backwards, so that the stretch is short
		if in[i] == word[n-1] {
			n--
			at = append(at, i)
		}
	}
	score = letters
	for i := from; i < len(at); i++ {
		if beginsWord(in, at[i]) {
			score += wordGives
		}
		if i > from {
			score -= min((at[i-1]-at[i]-1)*gapCosts, mostCosts)
		}
	}
	return max(score, 1), at
}
