package history

import (
	"sort"

	"backscroll/zim"
)

// Origin tells which answer brought a message.
type Origin struct {
	RequestId string // of the answer
	Page      int    // which page it was, from 0, in the order in which they were added, newer ones too
	Pos       int    // where the message stood in the page's List, from 0; -1 beyond its 255th place
	Of        int    // messages in that List, also those that were there already
}

// PageAt returns which page brought message i. It is false once the history let the
// bytes of its messages go.
func (h *History) PageAt(i int) (o Origin, ok bool) {
	w := *h.rows.at(i)
	if len(h.rows.message(w).Raw) == 0 {
		return Origin{}, false
	}
	return h.origins.of(w)
}

// PageOf returns which page brought a message of the history, one that At or a
// Snapshot returned. It is false for any other, also for another copy of one that
// is there. For a message without a MsgId it looks at every row, up to 5 ms in a
// million: who knows its index asks PageAt.
func (h *History) PageOf(m zim.Message) (o Origin, ok bool) {
	i, known := h.rows.find(m.MsgId)
	if m.MsgId == 0 {
		for i, known = 0, false; i < h.rows.n; i++ {
			if w := h.rows.at(i); w.id == 0 && h.rows.message(*w).Same(m) {
				known = true
				break
			}
		}
	}
	if !known || !h.At(i).Same(m) {
		return Origin{}, false
	}
	return h.PageAt(i)
}

// origins remembers which page brought which messages: 32 bytes a page, and 8 bits
// that a row has room for. The pages themselves are gone: rows keeps the bytes of a
// page's messages one behind the other, each page behind the one before, so the
// place of its first message tells a page from the next.
type origins struct {
	pages []origin // those that brought something
	added int      // all that were added
}

type origin struct {
	first     uint64 // row.place of its first message
	requestId string
	page, of  uint32
}

// add goes along pages while their messages are kept.
func (o *origins) add(pages ...*zim.MessagePage) *arrivals {
	a := &arrivals{origins: o, pages: pages, first: o.added, noted: -1}
	o.added += len(pages)
	return a
}

// forget lets all go.
func (o *origins) forget() { o.pages = nil }

func (o *origins) of(w row) (Origin, bool) {
	after := sort.Search(len(o.pages), func(i int) bool { return o.pages[i].first > w.slabPlace() })
	if after == 0 {
		return Origin{}, false
	}
	p := o.pages[after-1]
	return Origin{RequestId: p.requestId, Page: int(p.page), Pos: w.pos(), Of: int(p.of)}, true
}

// arrivals is a place in a run of pages whose messages are kept, all or some of
// them, in their order.
type arrivals struct {
	*origins
	pages     []*zim.MessagePage
	first     int // the number of the first of them
	page, pos int
	noted     int // the last page that is noted; -1 if none is
}

// kept notes that a message of the pages was kept as w, and returns w with its
// position.
func (a *arrivals) kept(m zim.Message, w row) row {
	for ; a.page < len(a.pages); a.page, a.pos = a.page+1, 0 {
		list := a.pages[a.page].List
		for a.pos < len(list) && !list[a.pos].Same(m) {
			a.pos++
		}
		if a.pos < len(list) {
			break
		}
	}
	if a.page == len(a.pages) {
		return w // no message of theirs
	}
	if a.noted < a.page {
		a.noted = a.page
		p := a.pages[a.page]
		a.origins.pages = append(a.origins.pages, origin{w.slabPlace(), p.RequestId, uint32(a.first + a.page), uint32(len(p.List))})
	}
	w = w.withPos(a.pos)
	a.pos++
	return w
}
