package history

import (
	"context"
	"time"

	"backscroll/zim"
)

// Filter lets some messages through. A nil Filter lets all.
type Filter struct{ typed string }

// FilterError is what is wrong with a filter, and where.
type FilterError struct {
	Start, End int    // bytes of what was typed
	Problem    string // "no such type"
	Advice     string // what could stand there
}

func (e *FilterError) Error() string { return e.Problem }

// ParseFilter reads a filter.
func ParseFilter(s string, zone *time.Location, now time.Time) (*Filter, error) {
	return &Filter{s}, nil
}

// String returns the filter as it was typed.
func (f *Filter) String() string { return f.typed }

// Match reports whether the filter lets a message through.
func (f *Filter) Match(m zim.Message) bool { return true }

// Pick returns the indices of the messages that are let through, in ascending
// order, or the context's error.
func (f *Filter) Pick(ctx context.Context, list []zim.Message) ([]int, error) { return nil, ctx.Err() }
