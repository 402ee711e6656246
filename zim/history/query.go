package history

import (
	"context"
	"strings"

	"backscroll/zim"
)

// Query is what somebody looks for in messages. The zero value finds nothing.
type Query struct{ typed string }

// ParseQuery reads a query: plain text (in any case, unless it has an upper-case
// letter), /a regular expression/ (likewise), or =exactly this.
func ParseQuery(s string) (Query, error) { return Query{s}, nil }

// String returns the query as it was typed.
func (q Query) String() string { return q.typed }

// IsZero reports whether there is nothing to look for.
func (q Query) IsZero() bool { return q.typed == "" }

// In returns the first field of a message that has the query, by the wire's
// name, and whether any has it.
func (q Query) In(m zim.Message) (field string, found bool) {
	if q.typed != "" && strings.Contains(string(m.Raw), q.typed) {
		return "MsgBody", true
	}
	return "", false
}

// Find returns the indices of the messages that have the query, in ascending
// order, or the context's error.
func (q Query) Find(ctx context.Context, list []zim.Message) ([]int, error) {
	var found []int
	for i, m := range list {
		if _, ok := q.In(m); ok {
			found = append(found, i)
		}
	}
	return found, ctx.Err()
}

// Ranges returns the byte ranges of s that the query marks, in order, without
// overlaps.
func (q Query) Ranges(s string) [][2]int {
	if i := strings.Index(s, q.typed); i >= 0 && q.typed != "" {
		return [][2]int{{i, i + len(q.typed)}}
	}
	return nil
}
