package history

import (
	"slices"
	"sort"

	"backscroll/zim"
)

// Overlay is what a Diff found, laid over each other: the messages of both lists,
// the newest first, and how the lists agree about each. It packs them as a History
// does: a message that both lists have alike is kept once. The zero value is empty.
type Overlay struct {
	rows    rows
	laid    []overlaid
	differ  []int            // the indices of those that are a difference, ascending
	fields  map[int][]string // of those of DiffChanged
	counted int              // those of DiffNone
}

// overlaid is a Difference, of which the rows stand at an index of rows: that of A,
// then that of B.
type overlaid struct {
	at    uint32
	kind  DifferenceKind
	side  Side
	state uint8 // an IsEmpty
	has   uint8
}

// What an overlaid has.
const (
	hasA uint8 = 1 << iota
	hasB
	hasByPlace
	isUnsure
)

// Add puts what a Step found behind what is there.
func (o *Overlay) Add(found []Difference) {
	coming := 0
	for _, f := range found {
		if f.A != nil {
			coming += len(f.A.Raw)
		}
		if f.B != nil {
			coming += len(f.B.Raw)
		}
	}
	for _, f := range found {
		o.add(f, coming)
	}
}

func (o *Overlay) add(f Difference, coming int) {
	l := overlaid{at: uint32(o.rows.n), kind: f.Kind, side: f.Side, state: uint8(f.State)}
	if f.Kind == DiffNone { // either says it all: the one that can be found again is kept
		o.counted++
		if f.A.MsgId != 0 || f.B.MsgId == 0 {
			f.B = nil
		} else {
			f.A = nil
		}
	} else {
		o.differ = append(o.differ, len(o.laid))
	}
	for _, m := range []*zim.Message{f.A, f.B} {
		if m == nil {
			continue
		}
		o.rows.push(o.rows.keep(*m, coming))
		if _, known := o.rows.find(m.MsgId); !known {
			o.rows.ids.add(o.rows.n-1, &o.rows)
		}
	}
	note := func(has uint8, is bool) {
		if is {
			l.has |= has
		}
	}
	note(hasA, f.A != nil)
	note(hasB, f.B != nil)
	note(hasByPlace, f.ByPlace)
	note(isUnsure, f.Unsure)
	if len(f.Fields) > 0 {
		if o.fields == nil {
			o.fields = map[int][]string{}
		}
		o.fields[len(o.laid)] = f.Fields
	}
	o.laid = append(o.laid, l)
}

// Len returns the number of messages and of rows that match none.
func (o *Overlay) Len() int { return len(o.laid) }

// At returns message i: 0 is the newest. One that both lists have alike is both A
// and B, though MsgSeq may be another in each list.
func (o *Overlay) At(i int) Difference {
	l := o.laid[i]
	f := Difference{
		Kind: l.kind, Side: l.side, State: zim.IsEmpty(l.state), Fields: o.fields[i],
		ByPlace: l.has&hasByPlace != 0, Unsure: l.has&isUnsure != 0,
	}
	at := int(l.at)
	if l.has&hasA != 0 {
		m := o.rows.message(*o.rows.at(at))
		f.A = &m
		at++
	}
	if l.has&hasB != 0 {
		m := o.rows.message(*o.rows.at(at))
		f.B = &m
	}
	if l.kind == DiffNone && f.A == nil {
		f.A = f.B
	} else if l.kind == DiffNone {
		f.B = f.A
	}
	return f
}

// Kind returns how the lists differ about message i.
func (o *Overlay) Kind(i int) DifferenceKind { return o.laid[i].kind }

// Agreed returns how many messages both lists have alike.
func (o *Overlay) Agreed() int { return o.counted }

// Differences returns how many messages the lists do not agree about.
func (o *Overlay) Differences() int { return len(o.differ) }

// Beyond returns the index of the difference nearest to message i that is older
// (step 1) or newer (step -1).
func (o *Overlay) Beyond(i, step int) (at int, ok bool) { return Beyond(o.differ, i, step) }

// Beyond returns the index nearest to i in a sorted list of indices, of those that
// are larger, which is older, or with a negative step smaller.
func Beyond(sorted []int, i, step int) (at int, ok bool) {
	n := sort.SearchInts(sorted, i+1)
	if step < 0 {
		n = sort.SearchInts(sorted, i) - 1
	}
	if n < 0 || n >= len(sorted) {
		return 0, false
	}
	return sorted[n], true
}

// Number returns which difference message i is, counted from the newest, which is
// 1; 0 if it is none.
func (o *Overlay) Number(i int) int {
	if n, is := slices.BinarySearch(o.differ, i); is {
		return n + 1
	}
	return 0
}

// Index returns the index of the message that has a MsgId in either list; false if
// there is none, or the MsgId is 0.
func (o *Overlay) Index(id int64) (i int, ok bool) {
	at, ok := o.rows.find(id)
	if !ok {
		return 0, false
	}
	return sort.Search(len(o.laid), func(i int) bool { return int(o.laid[i].at) > at }) - 1, true
}

// Time returns the time of message i in ms since 1970, 0 if neither list has one.
func (o *Overlay) Time(i int) int64 {
	l := o.laid[i]
	at := o.rows.at(int(l.at)).time
	if at == 0 && l.has&(hasA|hasB) == hasA|hasB {
		at = o.rows.at(int(l.at) + 1).time
	}
	return at
}
