// Package history holds one conversation as far as it is loaded.
//
// chat.go names a conversation and asks the service for a page of it; History
// puts pages together: in the order of MsgSeq, each MsgId once, a row without
// an ID where the service put it. A History is no goroutine's friend: whoever
// owns it adds the pages that others fetched.
//
// The package refuses to judge what it holds: it drops no row but a second copy
// of a MsgId, and decodes nothing but what places a message.
package history

import (
	"errors"
	"fmt"
	"slices"

	"backscroll/zim"
)

// maxEmpty is how many pages in a row may be empty and yet name a Next.
const maxEmpty = 50

// Errors that end a history because the service contradicts itself.
var (
	ErrRepeated = errors.New("the service repeated a page: older messages cannot be reached")
	ErrEmpty    = fmt.Errorf("the service gave %d empty pages in a row: older messages cannot be reached", maxEmpty)
)

// History is a conversation from its newest message down to the oldest that is
// loaded. The zero value is one of which nothing is loaded yet.
type History struct {
	rows  []zim.Message // newest first
	ids   map[int64]struct{}
	next  zim.Next
	asked map[zim.Next]struct{} // every Next that was followed
	pages int
	empty int // empty pages since the last message
	ended bool
}

// Len returns the number of messages that are loaded.
func (h *History) Len() int { return len(h.rows) }

// At returns message i: 0 is the newest, Len()-1 the oldest that is loaded.
func (h *History) At(i int) zim.Message { return h.rows[i] }

// Pages returns the number of pages that were added.
func (h *History) Pages() int { return h.pages }

// Next returns what to ask for older messages with, and false when there are
// none: the retained history starts with the oldest that is loaded.
func (h *History) Next() (zim.Next, bool) { return h.next, !h.ended }

// Change tells where an added page went.
type Change struct {
	Added    int   // messages that were not there before
	inserted []int // indices above the oldest, in the order of their insertion
}

// Displaced reports whether messages came between those that were there.
func (c Change) Displaced() bool { return len(c.inserted) > 0 }

// Moved returns the index that the message of index i has after the change.
func (c Change) Moved(i int) int {
	for _, at := range c.inserted {
		if at <= i {
			i++
		}
	}
	return i
}

// Add puts the page that follows what is loaded into its place. It fails with
// ErrRepeated or ErrEmpty where the service leads in a circle; what the page
// holds is added all the same, and the history ends there.
func (h *History) Add(p *zim.MessagePage) (Change, error) {
	if h.ids == nil {
		h.ids, h.asked = map[int64]struct{}{}, map[zim.Next]struct{}{}
	}
	var c Change
	at := len(h.rows) // where a row without a number goes: after the one before it
	for _, m := range p.List {
		if _, known := h.ids[m.MsgId]; known {
			at = h.after(m)
			continue
		}
		if m.MsgId != 0 {
			h.ids[m.MsgId] = struct{}{}
		}
		if m.MsgSeq != 0 {
			at = h.place(m.MsgSeq)
		}
		if at < len(h.rows) {
			c.inserted = append(c.inserted, at)
		}
		h.rows = slices.Insert(h.rows, at, m)
		at++
		c.Added++
	}
	h.asked[h.next] = struct{}{}
	h.pages++
	h.next = p.Next
	return c, h.judge(p)
}

// judge says whether the page that was just added can be followed.
func (h *History) judge(p *zim.MessagePage) error {
	h.empty++
	if len(p.List) > 0 {
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

// after returns the index behind the row that has m's MsgId.
func (h *History) after(m zim.Message) int {
	for i := len(h.rows) - 1; i >= 0; i-- {
		if h.rows[i].MsgId == m.MsgId {
			return i + 1
		}
	}
	return len(h.rows)
}

// place returns where a message of that MsgSeq belongs: behind the last row
// whose MsgSeq is not smaller, and behind the rows without one that follow it.
// Pages come in order, so this looks at the oldest row and is done.
func (h *History) place(seq int64) int {
	at := len(h.rows)
	for i := len(h.rows) - 1; i >= 0; i-- {
		switch s := h.rows[i].MsgSeq; {
		case s == 0:
		case s < seq:
			at = i
		default:
			return at
		}
	}
	return at
}
