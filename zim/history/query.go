package history

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"backscroll/zim"
)

const (
	maxQuery  = 4096 // bytes
	maxRanges = 1000 // marks in one piece of text

	// checkEvery is how many messages that need no decoding are passed over between
	// two looks at a context.
	checkEvery = 1000

	// partOfID is how many digits find an ID that they are only a part of. Two or
	// three would find nearly every message: an ID has 19.
	partOfID = 6
)

// Query is what somebody looks for in messages. The zero value finds nothing. A
// Query does not change: any number of goroutines may use it.
type Query struct {
	typed   string
	pattern pattern   // nil finds nothing
	anchors []*anchor // every hit has one of them; nil if that is not known
}

// pattern finds matches in a decoded text. A match of no characters is none.
type pattern interface {
	in(s string) bool
	ranges(s string) [][2]int // at most maxRanges
}

// QueryError says why a text is no query.
type QueryError struct {
	Problem string // "( is not closed"
}

// Error says what is wrong, in a few words.
func (e *QueryError) Error() string { return e.Problem }

// ParseQuery reads a query: plain text (in any case, unless it has an upper-case
// letter), /a regular expression/ as Go knows them (likewise; \S, \pL and group
// names count as no letters), or =exactly this, which is also the way to look for
// what begins with a slash or an equals sign. The empty text, and = alone, are
// queries that find nothing. A query has 4096 bytes at most; an error is a
// *QueryError.
//
// In any case means simple folding, letter by letter: ß is not ss. An ASCII
// letter of plain text stands for ASCII letters only: k does not find the Kelvin
// sign.
func ParseQuery(s string) (Query, error) {
	q := Query{typed: s}
	if len(s) > maxQuery {
		return Query{}, &QueryError{"longer than " + strconv.Itoa(maxQuery) + " bytes"}
	}
	plain := strings.ToValidUTF8(s, "\uFFFD") // as all decoded text
	switch exactly, isExact := strings.CutPrefix(plain, "="); {
	case plain == "" || isExact && exactly == "": // finds nothing
	case isExact:
		q.pattern, q.anchors = exact(exactly), anchorsOf(letters(exactly, false))
	case len(plain) >= len("/./") && plain[0] == '/' && plain[len(plain)-1] == '/':
		return parseRegexp(q, s[1:len(s)-1])
	case hasUpper(plain):
		q.pattern, q.anchors = exact(plain), anchorsOf(letters(plain, false))
	default:
		in := letters(plain, true)
		q.pattern, q.anchors = &folded{in}, anchorsOf(in)
	}
	return q, nil
}

func hasUpper(s string) bool { return strings.ContainsFunc(s, isUpper) }

func isUpper(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) }

// String returns the query as it was typed.
func (q Query) String() string { return q.typed }

// IsZero reports whether there is nothing to look for.
func (q Query) IsZero() bool { return q.pattern == nil }

// In returns the first field of a message that has the query, by the wire's
// name, and whether any has it: MsgBody as it is decoded, Payload, Sender, MsgId
// and MsgSeq in decimal, and each member of a name that is not documented. What
// is in an ID counts if it is the whole of it, or six characters or more.
func (q Query) In(m zim.Message) (field string, found bool) {
	if !q.mayBeIn(m) {
		return "", false
	}
	return q.inTexts(m)
}

// mayBeIn reports whether the message must be decoded to know more.
func (q Query) mayBeIn(m zim.Message) bool {
	if q.pattern == nil || q.worth(m.Raw) {
		return q.pattern != nil
	}
	for _, a := range q.anchors {
		if a.inNumber(m.MsgId) || a.inNumber(m.MsgSeq) { // 1e3 on the wire is 1000
			return true
		}
	}
	return false
}

// worth reports whether the query can be in what raw bytes say.
func (q Query) worth(raw []byte) bool {
	for _, a := range q.anchors {
		if a.mayBeIn(raw) {
			return true
		}
	}
	return q.anchors == nil
}

// inTexts is In for a message that has to be decoded.
func (q Query) inTexts(m zim.Message) (field string, found bool) {
	for field, text := range texts(m, q.worth) {
		if q.has(field, text) {
			return field, true
		}
	}
	return "", false
}

// has reports whether a text of a message, in the field of that name, has the
// query.
func (q Query) has(field, text string) bool {
	if !q.pattern.in(text) {
		return false
	}
	if field != fieldMsgId && field != fieldMsgSeq {
		return true
	}
	for _, r := range q.pattern.ranges(text) {
		if n := r[1] - r[0]; n == len(text) || n >= partOfID {
			return true
		}
	}
	return false
}

// Find returns the indices of the messages that have the query, in ascending
// order, or the context's error. It can take a second for 100,000 messages: it is
// not for the goroutine of the screen.
func (q Query) Find(ctx context.Context, list []zim.Message) ([]int, error) {
	var found []int
	for i, m := range list {
		may := q.mayBeIn(m)
		if (may || i%checkEvery == 0) && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !may {
			continue
		}
		if _, ok := q.inTexts(m); ok {
			found = append(found, i)
		}
	}
	return found, ctx.Err()
}

// Ranges returns the byte ranges of s that the query marks, in order, without
// overlaps, none of them empty; the first 1000.
func (q Query) Ranges(s string) [][2]int {
	if q.pattern == nil {
		return nil
	}
	return q.pattern.ranges(s)
}
