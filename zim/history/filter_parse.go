package history

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// The bounds of a filter: more is nothing that somebody types.
const (
	maxFilter  = 4096 // bytes
	maxNesting = 50
)

// filterParser reads a filter from its tokens. Every method that reads something
// begins with its first token in tok, and ends with the one behind it.
type filterParser struct {
	lex   filterLexer
	tok   token
	depth int
	zone  *time.Location
	now   time.Time
}

// parseFilter returns the root of a filter, nil if there is nothing in it.
func parseFilter(s string, zone *time.Location, now time.Time) (node, *FilterError) {
	if len(s) > maxFilter {
		end := maxFilter
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		return nil, &FilterError{end, len(s), "the filter is too long", fmt.Sprintf("it may have %d bytes", maxFilter)}
	}
	p := filterParser{lex: filterLexer{s: s}, zone: zone, now: now}
	if p.advance(); p.tok.kind == tokenEnd {
		return nil, nil
	}
	root, wrong := p.either(token{})
	if wrong == nil && p.tok.kind == tokenClose {
		wrong = p.stray()
	}
	return root, wrong
}

func (p *filterParser) advance() { p.tok = p.lex.next() }

// either reads sides with or between them. after is the token before, which
// asks for something to follow.
func (p *filterParser) either(after token) (node, *FilterError) {
	var sides []node
	for {
		side, wrong := p.both(after)
		if wrong != nil {
			return nil, wrong
		}
		if sides = append(sides, side); p.tok.kind != tokenOr {
			return oneOf(sides), nil
		}
		after = p.tok
		p.advance()
	}
}

// both reads terms side by side, or with and between them.
func (p *filterParser) both(after token) (node, *FilterError) {
	var terms []node
	for {
		term, wrong := p.term(after)
		if wrong != nil {
			return nil, wrong
		}
		terms = append(terms, term)
		switch p.tok.kind {
		case tokenEnd, tokenClose, tokenOr:
			return together(terms), nil
		case tokenAnd:
			after = p.tok
			p.advance()
		}
	}
}

// term reads one term.
func (p *filterParser) term(after token) (node, *FilterError) {
	t := p.tok
	if t.wrong != nil {
		return nil, t.wrong
	}
	switch t.kind {
	case tokenNot, tokenMinus, tokenOpen:
		if p.depth++; p.depth > maxNesting {
			return nil, &FilterError{t.start, t.end, "nested too deep", fmt.Sprintf("%d levels are the most", maxNesting)}
		}
		defer func() { p.depth-- }()
		p.advance()
		if t.kind == tokenOpen {
			return p.group(t)
		}
		term, wrong := p.term(t)
		if wrong != nil {
			return nil, wrong
		}
		return not{term}, nil
	case tokenField:
		p.advance()
		return p.field(t)
	case tokenWord:
		p.advance()
		return p.word(t)
	}
	return nil, p.missing(after)
}

// group reads what stands behind an opening parenthesis.
func (p *filterParser) group(open token) (node, *FilterError) {
	inner, wrong := p.either(open)
	if wrong != nil {
		return nil, wrong
	}
	if p.tok.kind != tokenClose {
		return nil, notClosed(open)
	}
	p.advance()
	return inner, nil
}

func (p *filterParser) word(t token) (node, *FilterError) {
	q, err := ParseQuery(t.query)
	if err != nil {
		return nil, &FilterError{t.start, t.end, err.Error(), "to look for the characters as they stand, put them in quotes"}
	}
	if q.IsZero() {
		return nil, &FilterError{t.start, t.end, "nothing to look for", `to look for the character, put it in quotes: "="`}
	}
	return saying{q, t.start}, nil
}

func (p *filterParser) field(t token) (node, *FilterError) {
	for _, f := range filterFields {
		if f.Name != t.field() {
			continue
		}
		for i, v := range t.values {
			if v.text == "" {
				return nil, emptyValue(f, t, i)
			}
		}
		return f.read(p, t)
	}
	advice := "the fields are " + strings.Join(fieldNames(), ": ") + ":; to look for a word with a colon, put it in quotes"
	if near := nearest(t.field(), fieldNames()); near != "" {
		advice = "is it " + near + ":? " + advice
	}
	return nil, &FilterError{t.start, t.start + len(t.name), "no field " + quoted(t.name), advice}
}

// emptyValue says that value i of a field is missing.
func emptyValue(f FilterField, t token, i int) *FilterError {
	wrong := &FilterError{t.start, t.end, f.Name + ": without a value", "write it right behind the colon: " + f.Example}
	if len(t.values) > 1 {
		comma := t.values[i].start - 1
		if i == 0 {
			comma = t.values[0].start
		}
		*wrong = FilterError{comma, comma + 1, "a value is missing beside the comma", "write values without spaces: " + f.Example}
	}
	return wrong
}

// missing says why no term can begin at the present token.
func (p *filterParser) missing(after token) *FilterError {
	t := p.tok
	switch {
	case t.kind == tokenOr || t.kind == tokenAnd:
		return &FilterError{t.start, t.end, "nothing before " + t.as(p.lex.s), "to look for the word, put it in quotes"}
	case after.kind == tokenOpen && t.kind == tokenClose:
		return &FilterError{after.start, t.end, "nothing in the parentheses", `write a term between them; to look for them, put them in quotes: "()"`}
	case after.kind == tokenOpen:
		return notClosed(after)
	case after.kind == tokenEnd: // a closing parenthesis comes first
		return p.stray()
	}
	return &FilterError{after.start, after.end, "nothing after " + after.as(p.lex.s), "to look for the word, put it in quotes"}
}

func (p *filterParser) stray() *FilterError {
	return &FilterError{p.tok.start, p.tok.end, ") closes nothing", `a word that has one needs quotes: ":)"`}
}

func notClosed(open token) *FilterError {
	return &FilterError{open.start, open.end, "( is not closed", `add ) where it ends; a word that begins with ( needs quotes`}
}

// oneOf joins nodes of which one must hold.
func oneOf(nodes []node) node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return anyOf(inOrder(nodes))
}

// together joins nodes that must all hold.
func together(nodes []node) node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return allOf(inOrder(nodes))
}
