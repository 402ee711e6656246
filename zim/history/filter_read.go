package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"backscroll/zim"
)

// What stands behind the colon of each field, read. Every value has text.

func readFrom(_ *filterParser, t token) (node, *FilterError) {
	var ids sentBy
	for _, v := range t.values {
		ids = append(ids, v.text)
	}
	return ids, nil
}

func readType(_ *filterParser, t token) (node, *FilterError) {
	var wanted ofType
	for _, v := range t.values {
		if i := slices.Index(typeNames(), strings.ToLower(v.text)); i >= 0 {
			wanted = append(wanted, namedTypes[i])
		} else if n, ok := readNumber(v.text); ok {
			wanted = append(wanted, zim.MsgType(n))
		} else {
			return nil, unknownValue(t, v, typeNames(), ", and the number of a type")
		}
	}
	return wanted, nil
}

// readFacts returns how a field is read whose values are facts.
func readFacts(facts []namedFact) func(*filterParser, token) (node, *FilterError) {
	return func(_ *filterParser, t token) (node, *FilterError) {
		var wanted []node
		for _, v := range t.values {
			i := slices.IndexFunc(facts, func(f namedFact) bool { return f.name == strings.ToLower(v.text) })
			if i < 0 {
				return nil, unknownValue(t, v, factNames(facts), "")
			}
			wanted = append(wanted, facts[i].fact)
		}
		return oneOf(wanted), nil
	}
}

func readAfter(p *filterParser, t token) (node, *FilterError) {
	at, wrong := p.time(t)
	return sentFrom(at), wrong
}

func readBefore(p *filterParser, t token) (node, *FilterError) {
	at, wrong := p.time(t)
	return sentTo(at), wrong
}

func readOn(p *filterParser, t token) (node, *FilterError) {
	at, wrong := p.time(t)
	year, month, day := at.In(p.zone).Date()
	return allOf{sentFrom(StartOfDay(year, month, day, p.zone)), sentTo(StartOfDay(year, month, day+1, p.zone))}, wrong
}

// time reads the one time of a field.
func (p *filterParser) time(t token) (time.Time, *FilterError) {
	v := t.values[0]
	if len(t.values) > 1 {
		return time.Time{}, &FilterError{t.values[1].start - 1, t.end, "one time only", fmt.Sprintf("join two by or: %s:… or %[1]s:…", t.field())}
	}
	at, err := ParseTime(v.text, p.zone, p.now)
	if err != nil {
		return time.Time{}, &FilterError{v.start, v.end, quoted(v.text) + " " + err.Error(), "write " + TimeForms}
	}
	whole := v.text + " " + p.lex.s[p.tok.start:p.tok.end]
	if _, err := ParseTime(whole, p.zone, p.now); err == nil && !v.closed { // its second half became a word
		return time.Time{}, &FilterError{v.start, p.tok.end, "a time with a space needs quotes", fmt.Sprintf(`%s:"%s"`, t.field(), whole)}
	}
	return at, nil
}

func readSub(_ *filterParser, t token) (node, *FilterError) {
	numbers, wrong := readNumbers(t)
	return ofSub(numbers), wrong
}

func readID(_ *filterParser, t token) (node, *FilterError) {
	numbers, wrong := readNumbers(t)
	return withID(numbers), wrong
}

func readNumbers(t token) (numbers []int64, wrong *FilterError) {
	for _, v := range t.values {
		n, ok := readNumber(v.text)
		if !ok {
			return nil, &FilterError{v.start, v.end, quoted(v.text) + " is no number", "write digits only"}
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

func readSeq(_ *filterParser, t token) (node, *FilterError) {
	var ranges inSeq
	for _, v := range t.values {
		first, last, isRange := strings.Cut(v.text, "-")
		if !isRange {
			last = first
		}
		from, ok1 := readNumber(cmp.Or(first, "0"))
		to, ok2 := readNumber(cmp.Or(last, strconv.FormatInt(math.MaxInt64, 10)))
		switch {
		case !ok1, !ok2, v.text == "-":
			return nil, &FilterError{v.start, v.end, quoted(v.text) + " is no range of numbers", "write 120, 100-200, 100- or -200"}
		case from > to:
			return nil, &FilterError{v.start, v.end, "the range ends before it begins", fmt.Sprintf("write %d-%d", to, from)}
		}
		ranges = append(ranges, [2]int64{from, to})
	}
	return ranges, nil
}

// readNumber reads digits, and nothing else that Go would take for a number.
func readNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && isDigits(s)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// unknownValue says that a value is none of the options.
func unknownValue(t token, v value, options []string, more string) *FilterError {
	advice := "it knows " + strings.Join(options, ", ") + more
	if near := nearest(strings.ToLower(v.text), options); near != "" {
		advice = "is it " + near + "? " + advice
	}
	return &FilterError{v.start, v.end, t.field() + ": does not know " + quoted(v.text), advice}
}

// nearest returns the option that a word is most likely a misspelling of, or ""
// if none is close.
func nearest(word string, options []string) string {
	best, distance := "", min(3, len(word))
	for _, option := range options {
		if d := misspellings(word, option); d < distance {
			best, distance = option, d
		}
	}
	return best
}

// misspellings counts the letters to add, leave out, replace or swap with the
// next one, to make b of a. It only says many where the lengths differ much.
func misspellings(a, b string) int {
	if difference := len(a) - len(b); difference < -2 || difference > 2 {
		return max(len(a), len(b))
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			if i == 0 || j == 0 {
				rows[i][j] = i + j
				continue
			}
			replaced := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replaced)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// quoted returns what was typed for an error.
func quoted(s string) string { return strconv.Quote(shortened(s)) }

// shortened cuts what was typed for an error.
func shortened(s string) string {
	const most = 40 // characters
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
