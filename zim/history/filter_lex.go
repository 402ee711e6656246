package history

import (
	"regexp"
	"strings"
	"unicode"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenOpen
	tokenClose
	tokenMinus
	tokenNot
	tokenAnd
	tokenOr
	tokenField
	tokenWord
)

var keywords = map[string]tokenKind{"and": tokenAnd, "or": tokenOr, "not": tokenNot}

// token is a piece of a filter.
type token struct {
	kind       tokenKind
	start, end int          // bytes of what was typed
	name       string       // of a field, as it was typed
	values     []value      // of a field; a last one without text if it is missing
	query      string       // of a word: what ParseQuery reads as it was meant
	wrong      *FilterError // why the token cannot be used
}

// value is one of the values of a field.
type value struct {
	start, end int
	text       string // without its quotes
	closed     bool   // it stands in quotes
}

// filterLexer cuts what was typed into tokens, one at a time, and never fails: what
// is wrong with a token stands in it.
type filterLexer struct {
	s    string
	at   int
	last tokenKind
}

func (l *filterLexer) next() token {
	l.at = skipBlank(l.s, l.at)
	t := token{start: l.at}
	switch rest := l.s[l.at:]; {
	case rest == "":
	case rest[0] == '(':
		t.kind, l.at = tokenOpen, l.at+1
	case rest[0] == ')':
		t.kind, l.at = tokenClose, l.at+1
	case rest[0] == '-':
		t.kind, l.at = tokenMinus, l.at+1
		if next := skipBlank(l.s, l.at); next > l.at || next == len(l.s) || l.s[next] == ')' {
			t.wrong = &FilterError{t.start, l.at, "nothing after -", `- stands right before what is not wanted; to look for one, put it in quotes: "-"`}
		}
	case fieldName(rest) != "":
		l.field(&t, fieldName(rest))
	default:
		l.word(&t)
	}
	t.end = l.at
	l.last = t.kind
	return t
}

// fieldName returns the name of the field that a word begins with: letters
// before a colon. What begins a URL is none.
func fieldName(s string) string {
	name, rest, ok := strings.Cut(s, ":")
	if !ok || name == "" || strings.HasPrefix(rest, "//") {
		return ""
	}
	for _, c := range []byte(name) {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return ""
		}
	}
	return name
}

// field reads a name, its colon, and the values behind it.
func (l *filterLexer) field(t *token, name string) {
	t.kind, t.name = tokenField, name
	l.at += len(name) + len(":")
	for {
		v := value{start: l.at}
		if strings.HasPrefix(l.s[l.at:], `"`) {
			v.text, v.closed = l.quoted(t)
		} else {
			end := wordEnd(l.s, l.at, ',')
			v.text, l.at = l.s[l.at:end], end
			if i := strings.IndexByte(v.text, '"'); i >= 0 && t.wrong == nil {
				t.wrong = &FilterError{v.start + i, v.start + i + 1, "a quote inside of a value", "put quotes round the whole value"}
			}
		}
		v.end = l.at
		t.values = append(t.values, v)
		if t.wrong != nil || !strings.HasPrefix(l.s[l.at:], ",") {
			return
		}
		l.at++
	}
}

// word reads a keyword, or what is to be looked for.
func (l *filterLexer) word(t *token) {
	t.kind = tokenWord
	start := l.at
	if exact, ok := strings.CutPrefix(l.s[start:], "="); ok && strings.HasPrefix(exact, `"`) {
		l.at++
		text, _ := l.quoted(t)
		t.query = "=" + text
		return
	}
	if l.s[start] == '"' {
		text, _ := l.quoted(t)
		t.query = phrase(text)
		return
	}
	end, ok := regexpEnd(l.s, start)
	if !ok {
		end = wordEnd(l.s, start, 0)
	}
	t.query = l.s[start:end]
	keyword, _, _ := strings.Cut(t.query, "(") // not(from:bob)
	if kind, ok := keywords[strings.ToLower(keyword)]; ok && l.last != tokenMinus {
		t.kind, end = kind, start+len(keyword)
	}
	l.at = end
}

// quoted reads a text in quotes, and returns it without them; it is false if
// they are not closed.
func (l *filterLexer) quoted(t *token) (string, bool) {
	start := l.at
	var text strings.Builder
	for l.at++; l.at < len(l.s); l.at++ {
		switch c := l.s[l.at]; {
		case c == '\\' && l.at+1 < len(l.s) && (l.s[l.at+1] == '"' || l.s[l.at+1] == '\\'):
			l.at++
			text.WriteByte(l.s[l.at])
		case c == '"':
			l.at++
			l.checkQuoted(t, start, text.String())
			return text.String(), true
		default:
			text.WriteByte(c)
		}
	}
	t.wrong = &FilterError{start, l.at, "the quote is not closed", `add " where it ends; a quote inside is written \"`}
	return text.String(), false
}

// checkQuoted looks at a text in quotes and at what stands right behind it.
func (l *filterLexer) checkQuoted(t *token, start int, text string) {
	switch after := l.s[l.at:]; {
	case text == "":
		t.wrong = &FilterError{start, l.at, "nothing in the quotes", "write what to look for between them"}
	case after == "" || after[0] == ')' || after[0] == ',' && t.kind == tokenField || skipBlank(after, 0) > 0:
	default:
		t.wrong = &FilterError{l.at, wordEnd(l.s, l.at, 0), "no space after the quote", `add one; a quote inside of quotes is written \"`}
	}
}

// phrase returns the query for words as they stand, also for those that a Query
// would read as a regular expression or as exact.
func phrase(text string) string {
	if strings.HasPrefix(text, "=") || strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/") {
		return "/" + regexp.QuoteMeta(text) + "/"
	}
	return text
}

// regexpEnd returns where the regular expression that begins at i ends: behind
// a slash that no word goes on after. One without such a slash is a word.
func regexpEnd(s string, i int) (int, bool) {
	if s[i] != '/' || skipBlank(s, i+1) > i+1 {
		return 0, false
	}
	escaped := false
	for at := i + 1; at < len(s); at++ {
		if s[at] == '/' && !escaped && at > i+1 {
			if after := strings.TrimLeft(s[at+1:], ")"); after == "" || skipBlank(after, 0) > 0 {
				return at + 1, true
			}
		}
		escaped = s[at] == '\\' && !escaped
	}
	return 0, false
}

// wordEnd returns where the word that begins at i ends: at white space, at a )
// without its ( in the word, or at the separator, if there is one.
func wordEnd(s string, i int, separator rune) int {
	open := 0
	for n, r := range s[i:] {
		switch {
		case unicode.IsSpace(r), separator != 0 && r == separator, r == ')' && open == 0:
			return i + n
		case r == '(':
			open++
		case r == ')':
			open--
		}
	}
	return len(s)
}

// skipBlank returns the first position from i on that holds no white space.
func skipBlank(s string, i int) int {
	return len(s) - len(strings.TrimLeftFunc(s[i:], unicode.IsSpace))
}

// field returns the name of a field as the fields are named.
func (t token) field() string { return strings.ToLower(t.name) }

// as returns what stands at a token, for an error.
func (t token) as(typed string) string { return quoted(typed[t.start:t.end]) }
