package history

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// maxMatches is how many matches are looked at for maxRanges that have characters:
// x* matches between all others, too.
const maxMatches = 64 * maxRanges

// matches finds what a regular expression does.
type matches struct{ *regexp.Regexp }

func (m matches) in(s string) bool {
	if !m.MatchString(s) {
		return false
	}
	first := m.FindStringIndex(s)
	return first[0] < first[1] || len(m.ranges(s)) > 0
}

func (m matches) ranges(s string) [][2]int {
	found := m.FindAllStringIndex(s, maxRanges)
	list := withoutEmpty(found)
	if len(list) < len(found) && len(found) == maxRanges {
		list = withoutEmpty(m.FindAllStringIndex(s, maxMatches))
	}
	return list[:min(len(list), maxRanges)]
}

func withoutEmpty(found [][]int) (list [][2]int) {
	for _, r := range found {
		if r[0] < r[1] {
			list = append(list, [2]int(r))
		}
	}
	return list
}

// parseRegexp completes q by a regular expression.
func parseRegexp(q Query, expr string) (Query, error) {
	_, err := syntax.Parse(expr, syntax.Perl) // before anything is added that an error could show
	if wrong, ok := errors.AsType[*syntax.Error](err); ok {
		return Query{}, &QueryError{regexpProblem(wrong)}
	}
	if !upperInRegexp(expr) {
		expr = "(?i)" + expr
	}
	compiled, err := regexp.Compile(expr)
	if err != nil {
		return Query{}, &QueryError{"too large for a regular expression"}
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return Query{}, &QueryError{"too large for a regular expression"}
	}
	q.pattern, q.anchors = matches{compiled}, required(tree)
	return q, nil
}

// maxQuoted is how much of an expression a problem quotes, in bytes.
const maxQuoted = 80

// regexpProblem says in words what is wrong.
func regexpProblem(e *syntax.Error) string {
	expr := e.Expr
	if n := maxQuoted; len(expr) > n {
		for n > 0 && !utf8.RuneStart(expr[n]) {
			n--
		}
		expr = expr[:n] + "…"
	}
	switch e.Code {
	case syntax.ErrMissingParen:
		return "( is not closed"
	case syntax.ErrUnexpectedParen:
		return ") closes nothing"
	case syntax.ErrMissingBracket:
		return "[ is not closed: " + expr
	case syntax.ErrMissingRepeatArgument:
		return expr + " has nothing before it to repeat"
	case syntax.ErrInvalidRepeatOp:
		return expr + " repeats a repetition"
	case syntax.ErrInvalidRepeatSize:
		return expr + " repeats too often, or the wrong way round"
	case syntax.ErrTrailingBackslash:
		return `\ at the end means nothing`
	case syntax.ErrInvalidEscape:
		return expr + " means nothing"
	case syntax.ErrInvalidPerlOp:
		return expr + " is not known to Go's regular expressions"
	case syntax.ErrNestingDepth, syntax.ErrLarge:
		return "too large for a regular expression"
	}
	return e.Code.String() + ": " + expr // these say it well
}

// upperInRegexp reports whether a valid expression has an upper-case letter that
// stands for itself, also as the end of a range.
func upperInRegexp(expr string) bool {
	class := false // inside of [ ]
	for rest := expr; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == '\\':
			size = escapeLen(rest)
			if quoted, ok := strings.CutPrefix(rest[:size], `\Q`); ok && hasUpper(strings.TrimSuffix(quoted, `\E`)) {
				return true
			}
		case class:
			if named := strings.Index(rest, ":]"); strings.HasPrefix(rest, "[:") && named > 0 {
				size = named + len(":]")
			}
			class = r != ']'
		case r == '[':
			class = true
			for _, first := range []string{"[^]", "[]"} { // a bracket that stands for itself
				if strings.HasPrefix(rest, first) {
					size = len(first)
				}
			}
		case strings.HasPrefix(rest, "(?P<"), strings.HasPrefix(rest, "(?<"):
			size = strings.IndexByte(rest, '>') + 1
		case strings.HasPrefix(rest, "(?"):
			size = strings.IndexAny(rest, ":)") + 1
		}
		if isUpper(r) {
			return true
		}
		rest = rest[size:]
	}
	return false
}

// escapeLen returns how long the escape is that a valid expression begins with.
func escapeLen(expr string) int {
	upTo := func(end string) int {
		if i := strings.Index(expr, end); i >= 0 {
			return i + len(end)
		}
		return len(expr)
	}
	_, size := utf8.DecodeRuneInString(expr[1:])
	switch expr[1] {
	case 'Q':
		return upTo(`\E`)
	case 'x', 'p', 'P':
		if strings.HasPrefix(expr[2:], "{") {
			return upTo("}")
		}
		if expr[1] == 'x' {
			return len(`\x7F`)
		}
		_, name := utf8.DecodeRuneInString(expr[2:])
		return len(`\p`) + name
	}
	return 1 + size
}

// maxAnchors bounds the alternatives that are looked for one by one.
const maxAnchors = 8

// required returns anchors of which every match has at least one, or nil if none
// are known.
func required(re *syntax.Regexp) (best []*anchor) {
	switch re.Op {
	case syntax.OpLiteral:
		var list []letter
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 {
				list = append(list, orbit(r))
			} else {
				list = append(list, letter{r})
			}
		}
		return anchorsOf(list)
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if all := required(sub); weakest(all) > weakest(best) {
				best = all
			}
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			all := required(sub)
			if best = append(best, all...); all == nil || len(best) > maxAnchors {
				return nil
			}
		}
	}
	return best
}

// weakest returns the lowest weight of the anchors.
func weakest(all []*anchor) (weight int) {
	for i, a := range all {
		if i == 0 || a.weight < weight {
			weight = a.weight
		}
	}
	return weight
}
