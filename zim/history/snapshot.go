package history

import (
	"context"
	"slices"

	"backscroll/zim"
)

// Snapshot is a history, or some messages of it, as it was at a moment. Any
// goroutine may read it while the history goes on. It takes next to nothing: no
// message is copied. The zero value is empty.
type Snapshot struct {
	rows rows
	some bool // only those at places
	at   []int
}

// Snapshot returns what is loaded as it is now.
func (h *History) Snapshot() Snapshot { return Snapshot{rows: h.rows.snapshot()} }

// Of returns the messages of a whole snapshot that have these indices. The list is
// not to be changed afterwards.
func (s *Snapshot) Of(indices []int) Snapshot { return Snapshot{s.rows, true, indices} }

// Len returns the number of messages.
func (s *Snapshot) Len() int {
	if s.some {
		return len(s.at)
	}
	return s.rows.n
}

// At returns message i: 0 is the newest.
func (s *Snapshot) At(i int) zim.Message {
	if s.some {
		i = s.at[i]
	}
	return s.rows.message(*s.rows.at(i))
}

// Indices returns what find finds, in ascending order, or its error: find is that
// of a Query, or the Pick of a Filter. It is given a part of the messages at a
// time, in a list that it may not keep.
func (s *Snapshot) Indices(ctx context.Context, find func(context.Context, []zim.Message) ([]int, error)) ([]int, error) {
	var parts [][]int // one list that grew would leave a heap of garbage behind
	list := make([]zim.Message, min(checkEvery, s.Len()))
	for from := 0; from < s.Len(); from += len(list) {
		list = list[:min(len(list), s.Len()-from)]
		for i := range list {
			list[i] = s.At(from + i)
		}
		found, err := find(ctx, list)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i] += from
		}
		parts = append(parts, found)
	}
	return slices.Concat(parts...), ctx.Err()
}
