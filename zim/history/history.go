// Package history holds one conversation as far as it is loaded.
//
// chat.go names a conversation and asks the service for a page of it; History
// puts pages together: in the order of MsgSeq, each MsgId once, a row without
// an ID where the service put it. Walk, in walk.go, does both from the newest
// message to the oldest, and Stream, in stream.go, does so and keeps nothing. List, in list.go, is a user's conversations, and Finder,
// in find.go, goes through all of them. None is a goroutine's friend: whoever owns
// one adds the pages that others fetched. What others may read meanwhile is a
// Snapshot, in snapshot.go.
//
// Most of what a browser has in memory is messages: rows.go packs them, ids.go
// finds them by their MsgId. Pages are not kept; origins.go knows which of them
// brought a message.
//
// Query (query*.go, texts.go) is what somebody looks for, Filter (filter*.go) which
// messages somebody wants to see, ParseTime (when.go) how a time is typed. These
// never change once they are made. What became of messages that were seen already,
// Revise (revise.go) tells. Shapes (shapes.go) is what apps put into custom
// messages: shapes_patterns.go notes the fields of each, in the tree of
// shapes_fields.go, and shapes_norm.go finds those that deviate. Diff (diff.go) is how
// the two sides of a chat differ: diff_side.go reads one, diff_match.go compares;
// Overlay (overlay.go) keeps what it found. neighbours.go looks at what stands beside a
// message.
//
// The package refuses to judge what it holds: it drops no row but a second copy
// of a MsgId, and decodes a message only to search it or to tell its shape.
package history

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"backscroll/zim"
)

// maxEmpty is how many pages in a row may have nothing new and yet name a Next.
const maxEmpty = 50

// Errors that end a history because the service contradicts itself.
var (
	ErrRepeated = errors.New("the service repeated a page: older messages cannot be reached")
	ErrEmpty    = fmt.Errorf("the service gave %d pages in a row with nothing new: older messages cannot be reached", maxEmpty)
	ErrFar      = fmt.Errorf("over %d messages arrived meanwhile: ask again for the newest", maxEmpty*zim.MaxMessages)
)

// History is a conversation from its newest message down to the oldest that is
// loaded. The zero value is one of which nothing is loaded yet.
type History struct {
	rows  rows
	next  zim.Next
	asked map[zim.Next]struct{} // every Next that was followed
	pages int
	bytes int64 // of the pages that rows came with
	empty int   // pages since the last new message
	ended bool
	err   error // why it ended before its start

	origins origins

	earlier map[int64][]row // by MsgId, the versions before the one in rows
	bared   map[int64]bool  // messages that came again without their MsgId
}

// Len returns the number of messages that are loaded.
func (h *History) Len() int { return h.rows.n }

// At returns message i: 0 is the newest, Len()-1 the oldest that is loaded.
func (h *History) At(i int) zim.Message { return h.rows.message(*h.rows.at(i)) }

// Index returns the index of the message that has a MsgId; false if none is loaded,
// or the MsgId is 0.
func (h *History) Index(id int64) (i int, ok bool) { return h.rows.find(id) }

// TimeNear returns the time of the first message from index i on that has one,
// towards older messages where step is 1, towards newer ones where it is -1.
func (h *History) TimeNear(i, step int) (time.Time, bool) {
	for ; i >= 0 && i < h.rows.n; i += step {
		if at, ok := zim.TimeOf(h.rows.at(i).time); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// Pages returns the number of pages that were added.
func (h *History) Pages() int { return h.pages }

// Bytes returns the size of the raw pages that the history was made of, those that
// brought a new message. A message takes about 42 bytes besides its own.
func (h *History) Bytes() int64 { return h.bytes }

// Next returns what to ask for older messages with, and false when there are
// none: the retained history starts with the oldest that is loaded.
func (h *History) Next() (zim.Next, bool) { return h.next, !h.ended }

// Change tells where added messages went.
type Change struct {
	Fresh []zim.Message // those that were not there before, as the service gave them
	at    []int         // for each that did not go behind the oldest: the old index it came before
}

// Displaced reports whether messages came between those that were there.
func (c Change) Displaced() bool { return len(c.at) > 0 }

// Moved returns the index that the message of index i has after the change.
func (c Change) Moved(i int) int {
	before, _ := slices.BinarySearch(c.at, i+1)
	return i + before
}

// Places returns the indices that the fresh messages have in a history that has n
// messages after the change, ascending.
func (c Change) Places(n int) []int {
	places := make([]int, 0, len(c.Fresh))
	for i, before := range c.at {
		places = append(places, before+i)
	}
	for i := n - len(c.Fresh) + len(c.at); i < n; i++ {
		places = append(places, i)
	}
	return places
}

// Add puts the page that follows what is loaded into its place. It fails with
// ErrRepeated or ErrEmpty where the service leads in a circle; what the page
// holds is added all the same, and the history ends there.
func (h *History) Add(p *zim.MessagePage) (Change, error) {
	c := h.merge(h.origins.add(p), p.List, math.MaxInt64, h.rank(h.rows.n-1, math.MaxInt64))
	if h.asked == nil {
		h.asked = map[zim.Next]struct{}{}
	}
	h.asked[h.next] = struct{}{}
	h.pages++
	if len(c.Fresh) > 0 {
		h.bytes += int64(len(p.Raw))
	}
	h.next = p.Next
	h.err = h.judge(p, len(c.Fresh))
	return c, h.err
}

// Err returns what Add failed with if the history ended before its start.
func (h *History) Err() error { return h.err }

// merge puts a run of messages, in the order of the service, where their MsgSeq
// belongs; the first ones without a MsgSeq at the given place. head is the place
// of the rows above the first that has one: below what is newer, above what is
// older. A MsgId that is there already is left out, and so are as many rows
// without one beside it as stand there already: they are what stood between the
// same neighbours before. No other row is ever left out. The run is from pages,
// whose origins are noted.
func (h *History) merge(from *arrivals, list []zim.Message, head, place int64) Change {
	list, place = h.withoutKnownHead(list, head, place)
	var fresh []placed
	places := map[int64]int64{} // of the MsgIds that are new in this run
	nameless := 0               // rows without an ID that are there already, behind the last message
	coming := sizeOf(list)
	for _, m := range list {
		twice, inRun := places[m.MsgId]
		i, known := h.rows.find(m.MsgId)
		switch {
		case inRun:
			place, nameless = twice, 0
			continue
		case known:
			if seq := h.rows.at(i).seq; seq != 0 {
				place = seq
			}
			nameless = h.nameless(i + 1)
			continue
		case m.MsgId == 0 && nameless > 0:
			nameless--
			continue
		}
		nameless = 0
		if m.MsgSeq != 0 {
			place = m.MsgSeq
		}
		if m.MsgId != 0 {
			places[m.MsgId] = place
		}
		fresh = append(fresh, placed{from.kept(m, h.rows.keep(m, coming)), place})
	}
	return h.insert(fresh, head)
}

// withoutKnownHead leaves out of the rows without an ID that begin a run, and
// come before a message that is there, as many as stand above that one already.
// The others have their place there.
func (h *History) withoutKnownHead(list []zim.Message, head, place int64) ([]zim.Message, int64) {
	bare := 0
	for bare < len(list) && list[bare].MsgId == 0 {
		bare++
	}
	if bare == 0 || bare == len(list) {
		return list, place
	}
	at, known := h.rows.find(list[bare].MsgId)
	if !known {
		return list, place
	}
	above := 0
	for i := at - 1; i >= 0 && h.bare(i); i-- {
		above++
	}
	return slices.Concat(list[:bare-min(bare, above)], list[bare:]), h.rank(at-1, head)
}

// placed is a message and the MsgSeq of its place: its own, or that of the row
// before it.
type placed struct {
	row
	place int64
}

// insert puts messages behind the last row whose place is not smaller.
func (h *History) insert(fresh []placed, head int64) (c Change) {
	c.Fresh = make([]zim.Message, len(fresh))
	for i, f := range fresh {
		c.Fresh[i] = h.rows.message(f.row)
	}
	byPlace := func(a, b placed) int { return cmp.Compare(b.place, a.place) }
	if !slices.IsSortedFunc(fresh, byPlace) {
		slices.SortStableFunc(fresh, byPlace)
	}
	from := h.rows.n
	if len(fresh) > 0 {
		from = h.behind(fresh[0].place, head)
	}
	place := h.rank(from-1, head)
	for i := from; i < h.rows.n && len(c.at) < len(fresh); i++ {
		if seq := h.rows.at(i).seq; seq != 0 {
			place = seq
		}
		for len(c.at) < len(fresh) && fresh[len(c.at)].place > place {
			c.at = append(c.at, i)
		}
	}
	list := make([]row, len(fresh))
	for i, f := range fresh {
		list[i] = f.row
	}
	h.rows.insert(list, c.at)
	return c
}

// rank returns the MsgSeq of a row's place: its own, or that of the nearest row
// above that has one, or else head.
func (h *History) rank(i int, head int64) int64 {
	for ; i >= 0; i-- {
		if seq := h.rows.at(i).seq; seq != 0 {
			return seq
		}
	}
	return head
}

// first returns the newest MsgSeq that is loaded, 0 if there is none.
func (h *History) first() int64 {
	for i := range h.rows.n {
		if seq := h.rows.at(i).seq; seq != 0 {
			return seq
		}
	}
	return 0
}

// behind returns the index behind the last row whose place is not smaller.
func (h *History) behind(place, head int64) int {
	at := h.rows.n
	for i := h.rows.n - 1; i >= 0; i-- {
		switch seq := h.rows.at(i).seq; {
		case seq >= place:
			return at
		case seq != 0:
			at = i
		}
	}
	if head < place {
		return 0
	}
	return at
}

// Meets reports whether a page of newer messages reaches what is loaded.
func (h *History) Meets(p *zim.MessagePage) bool {
	for _, m := range p.List {
		if _, known := h.rows.find(m.MsgId); known {
			return true
		}
	}
	return p.Next.End()
}

// AddNewer puts messages that arrived since into their place: the pages from the
// newest on, the last of which Meets what is loaded.
func (h *History) AddNewer(pages ...*zim.MessagePage) Change {
	var list []zim.Message
collect:
	for _, p := range pages {
		for _, m := range p.List {
			if _, known := h.rows.find(m.MsgId); known {
				break collect
			}
			list = append(list, m)
		}
	}
	list = h.withoutHead(list)
	left := len(list)
	for _, p := range pages {
		if left > 0 && len(p.List) > 0 {
			h.bytes += int64(len(p.Raw))
		}
		left -= len(p.List)
	}
	return h.merge(h.origins.add(pages...), list, h.first(), math.MaxInt64)
}

// withoutHead cuts from the end of a list of newer messages the rows without an
// ID that stand at the head of the history already.
func (h *History) withoutHead(list []zim.Message) []zim.Message {
	for n := h.nameless(0); n > 0 && len(list) > 0 && list[len(list)-1].MsgId == 0; n-- {
		list = list[:len(list)-1]
	}
	return list
}

// nameless counts the rows without an ID from index i on.
func (h *History) nameless(i int) (n int) {
	for i+n < h.rows.n && h.bare(i+n) {
		n++
	}
	return n
}

// Gap is a range of MsgSeq of which no message is loaded, between two that are.
// That numbers have no gaps is nowhere published: one is a question, not proof.
type Gap struct{ After, Before int64 }

// Gaps returns the gaps between loaded neighbours, the newest first.
func (h *History) Gaps() (gaps []Gap) {
	last := int64(0)
	for i := range h.rows.n {
		seq := h.rows.at(i).seq
		if seq == 0 {
			continue
		}
		if last-seq > 1 {
			gaps = append(gaps, Gap{After: seq, Before: last})
		}
		last = seq
	}
	return gaps
}

// judge says whether the page that was just added can be followed.
func (h *History) judge(p *zim.MessagePage, fresh int) error {
	h.empty++
	if fresh > 0 {
		h.empty = 0
	}
	_, again := h.asked[p.Next]
	switch {
	case p.Next.End():
		h.ended = true
	case again:
		h.ended = true
		return ErrRepeated
	case h.empty >= maxEmpty:
		h.ended = true
		return ErrEmpty
	}
	return nil
}
