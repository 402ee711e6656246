package history

import (
	"context"
	"math"

	"backscroll/zim"
)

// diffSide is one of the lists that a Diff compares, as far as it is read.
type diffSide struct {
	chat  Chat
	since int64 // ms: nothing older is wanted

	next  zim.Next
	asked map[zim.Next]struct{} // every Next that was followed
	pages int
	idle  int // pages since the last new row
	rows  int // that were read
	done  bool
	start bool // done, and the start of what is retained was reached

	queue  []diffRow      // what is not settled, newest first
	queued map[int64]int  // of the queue's rows: how many have this MsgId
	last   map[int64]bool // the MsgIds of the page before
	named  int64          // the last MsgId that was read
	bare   int            // rows without one since
	at     int64          // the time of the last row, in ms
	newest int64          // the newest time of the last page: nothing to come is newer
	oldest int64          // of all times that were read
}

// diffRow is a row and its time in ms: its own, or that of the row before it.
type diffRow struct {
	m  zim.Message
	at int64
}

func (r diffRow) isNameless() bool { return r.m.MsgId == 0 }

func newDiffSide(c Chat, since int64) diffSide {
	return diffSide{
		chat: c, since: since, asked: map[zim.Next]struct{}{}, queued: map[int64]int{},
		at: math.MaxInt64, newest: math.MaxInt64, oldest: math.MaxInt64,
	}
}

// read asks for the page that follows. After a failure it asks for it again.
func (s *diffSide) read(ctx context.Context, client Client) error {
	page, err := s.chat.Page(ctx, client, s.next)
	if err != nil {
		return err
	}
	_, again := s.asked[page.Next]
	again = again || page.Next == s.next
	switch fresh := s.add(page.List); {
	case fresh > 0:
		s.idle = 0
	default:
		s.idle++
	}
	switch {
	case page.Next.End():
		s.done, s.start = true, true
	case again:
		return ErrRepeated
	case s.idle >= maxEmpty:
		return ErrEmpty
	case s.isPastSince(page.List):
		s.done = true
	}
	s.asked[s.next] = struct{}{}
	s.next = page.Next
	s.pages++
	return nil
}

// add queues the rows of a page, but for those that are there already.
func (s *diffSide) add(list []zim.Message) (fresh int) {
	overlap := s.overlap(list)
	page, newest := map[int64]bool{}, int64(math.MinInt64)
	for i, m := range list {
		twice := i < overlap && (m.MsgId == 0 || s.knows(m.MsgId)) || page[m.MsgId]
		if m.MsgId != 0 {
			page[m.MsgId] = true
		}
		if twice {
			continue
		}
		if _, timed := m.Time(); timed {
			s.at = m.MsgTime
			newest, s.oldest = max(newest, s.at), min(s.oldest, s.at)
		}
		s.queue = append(s.queue, diffRow{m, s.at})
		if s.bare++; m.MsgId != 0 {
			s.named, s.bare = m.MsgId, 0
		}
		s.queued[m.MsgId]++
		fresh++
	}
	s.rows += fresh
	if len(list) > 0 {
		s.last = page
	}
	if newest > math.MinInt64 {
		s.newest = newest
	}
	return fresh
}

// overlap returns how many rows of a page stand where the page before was: down to
// the last that is known, and the rows without an ID that followed it there. Rows
// without an ID alone do not show that they come again.
func (s *diffSide) overlap(list []zim.Message) (n int) {
	for i, m := range list {
		if s.knows(m.MsgId) {
			n = i + 1
		}
	}
	if n > 0 && list[n-1].MsgId == s.named {
		for bare := s.bare; bare > 0 && n < len(list) && list[n].MsgId == 0; bare-- {
			n++
		}
	}
	return n
}

func (s *diffSide) knows(id int64) bool { return id != 0 && (s.last[id] || s.has(id)) }

// has reports whether a MsgId is in the queue.
func (s *diffSide) has(id int64) bool { return s.queued[id] > 0 }

func (s *diffSide) index(id int64) int {
	for i, r := range s.queue {
		if r.m.MsgId == id {
			return i
		}
	}
	return -1
}

// isPastSince reports whether all times of a page, and there are some, are older
// than what is wanted.
func (s *diffSide) isPastSince(list []zim.Message) bool {
	past := false
	for _, m := range list {
		if _, timed := m.Time(); !timed {
			continue
		}
		if m.MsgTime >= s.since {
			return false
		}
		past = true
	}
	return past
}

// isPast reports whether a page was read behind row i, or the list has no more.
func (s *diffSide) isPast(i int) bool { return s.done || len(s.queue)-1-i >= zim.MaxMessages }

// take takes the first n rows from the queue, but for those that are in the queue
// of the other list too: they are out of order, and their turn comes.
func (s *diffSide) take(n int, other *diffSide) (taken []diffRow) {
	keep := n
	for i := n - 1; i >= 0; i-- {
		r := s.queue[i]
		if !r.isNameless() && other.has(r.m.MsgId) {
			keep--
			s.queue[keep] = r
			continue
		}
		taken = append(taken, r)
	}
	s.queue = s.queue[keep:]
	for i, j := 0, len(taken)-1; i < j; i, j = i+1, j-1 {
		taken[i], taken[j] = taken[j], taken[i]
	}
	for _, r := range taken {
		s.forget(r.m.MsgId)
	}
	return taken
}

func (s *diffSide) forget(id int64) {
	if s.queued[id]--; s.queued[id] <= 0 {
		delete(s.queued, id)
	}
}

// drop takes the row of a MsgId out of the queue, if it is there.
func (s *diffSide) drop(id int64) (r diffRow, ok bool) {
	if id == 0 || !s.has(id) {
		return r, false
	}
	i := s.index(id)
	r = s.queue[i]
	s.queue = append(s.queue[:i], s.queue[i+1:]...)
	s.forget(id)
	return r, true
}
