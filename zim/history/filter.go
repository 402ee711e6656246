package history

import (
	"context"
	"slices"
	"time"

	"backscroll/zim"
)

// Filter lets some messages through. A nil Filter lets all. It is never changed,
// and may be used by several goroutines.
//
// A filter is written in terms side by side, all of which must hold; or joins
// two sides of which one must, and binds less than and, which may be left out.
// A term is a field with a value (FilterHelp lists them), words, or any of it in
// parentheses; - before it, or not, turns it round. Several values of one field
// stand behind each other with commas, and one of them must hold.
//
// A word or value ends at white space, at a ) that has no ( in it, and a value
// at a comma too; in quotes it ends at the next quote, and \" and \\ stand for a
// quote and a backslash. Names of fields, their fixed values, and, or and not
// are read in any case.
type Filter struct {
	typed string
	root  node
}

// FilterError is what is wrong with a filter, and where: the first thing that is.
type FilterError struct {
	Start, End int    // the bytes of what was typed that are wrong, at least one
	Problem    string // in a few words; may quote what was typed
	Advice     string // what could stand there
}

// Error says what is wrong, in a few words.
func (e *FilterError) Error() string { return e.Problem }

// ParseFilter reads a filter, 4096 bytes and 50 levels deep at most; times are
// read as ParseTime does. A filter of white space is nil. The error is a
// *FilterError.
func ParseFilter(s string, zone *time.Location, now time.Time) (*Filter, error) {
	root, wrong := parseFilter(s, zone, now)
	switch {
	case wrong != nil:
		return nil, wrong
	case root == nil:
		return nil, nil
	}
	return &Filter{s, root}, nil
}

// String returns the filter as it was typed.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	return f.typed
}

// Match reports whether the filter lets a message through.
func (f *Filter) Match(m zim.Message) bool {
	return f == nil || f.root.match(&subject{Message: m})
}

// Pick returns the indices of the messages that are let through, in ascending
// order, or the context's error.
func (f *Filter) Pick(ctx context.Context, list []zim.Message) ([]int, error) {
	var picked []int
	if f == nil {
		picked = make([]int, 0, len(list))
	}
	var s subject
	for i, m := range list {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if s = (subject{Message: m}); f == nil || f.root.match(&s) {
			picked = append(picked, i)
		}
	}
	return picked, ctx.Err()
}

// Since returns a time such that the filter lets nothing older through, and
// false if it names none. Messages without a time pass no such filter.
func (f *Filter) Since() (time.Time, bool) {
	if f == nil {
		return time.Time{}, false
	}
	return since(f.root)
}

// Words returns what is to be marked in the messages that are let through: the
// words that the filter asks for, in the order in which they were typed.
func (f *Filter) Words() []Query {
	if f == nil {
		return nil
	}
	found := words(f.root, true)
	slices.SortFunc(found, func(a, b saying) int { return a.at - b.at })
	var queries []Query
	for _, w := range found {
		queries = append(queries, w.Query)
	}
	return queries
}
