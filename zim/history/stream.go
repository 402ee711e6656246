package history

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"

	"backscroll/zim"
)

// A stream puts right what is at most so far from its place.
const (
	streamWindow = 2 * zim.MaxMessages  // messages that are held back, to be put in order
	streamIDs    = 10 * zim.MaxMessages // MsgIds that are known again
)

// Stream is a walk that keeps nothing of what it brought, so that a chat of any
// length takes the same memory. In return it puts messages in order, and knows
// them again, only near their place: within two pages and ten. It never looks for
// messages that arrived since it began.
type Stream struct {
	ctx     context.Context
	client  Client
	chat    Chat
	options WalkOptions
	end     End

	pages, empty int
	place        int64            // MsgSeq of the row before, for one without
	held         []streamed       // newest first
	ids          map[int64]int    // of the last messages, with how many rows without one stand behind each
	recent       [streamIDs]int64 // the same, in a ring
	oldest       int              // where in the ring the next goes
	last         int64            // the MsgId that came last
	mark         zim.Next         // a Next from before; equal to another, it shows a circle
	markAt       int              // how many pages there are when another is marked
}

// streamed is a message and the MsgSeq of its place.
type streamed struct {
	zim.Message
	place int64
}

// Batch is a part of a stream.
type Batch struct {
	List      []zim.Message // newest first; may be empty
	RequestId string        // of the page that was asked for; "" at the end
}

// Stream returns a stream of the chat. It asks nothing before Batches is ranged
// over, and nothing after ctx is cancelled.
func (c Chat) Stream(ctx context.Context, client Client, o WalkOptions) *Stream {
	return &Stream{ctx: ctx, client: client, chat: c, options: o, ids: map[int64]int{}, place: math.MaxInt64, markAt: 1}
}

// End returns how the stream ended.
func (s *Stream) End() End { return s.end }

// Pages returns the number of pages that were read.
func (s *Stream) Pages() int { return s.pages }

// Batches yields the messages of the chat, the newest first. An error comes once,
// at the end; it is ErrRepeated or ErrEmpty where the service leads in a circle.
// It is to be ranged over once.
func (s *Stream) Batches() iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		wanted := true
		var err error
		s.end, err = s.run(func(b Batch) bool {
			wanted = yield(b, nil)
			return wanted
		})
		if wanted && yield(Batch{List: s.release(0)}, nil) && err != nil {
			yield(Batch{}, err)
		}
	}
}

func (s *Stream) run(yield func(Batch) bool) (End, error) {
	var next zim.Next
	for {
		page, err := s.chat.page(s.ctx, s.client, next, s.options.withEmptyMsg())
		if err != nil {
			return endOf(err), err
		}
		s.pages++
		fresh := s.add(page.List)
		if !yield(Batch{s.release(streamWindow), page.RequestId}) {
			return EndStopped, nil
		}
		next = page.Next
		if next.End() {
			return EndStart, nil
		}
		if err := s.judge(next, fresh); err != nil {
			return EndFailed, err
		}
		if s.options.enough(page, s.pages) {
			return EndStopped, nil
		}
	}
}

// add holds a page's messages, without those that are known, and returns how many
// are new. Behind a message that is known, as many rows without a MsgId are known
// as stood there before.
func (s *Stream) add(list []zim.Message) (fresh int) {
	again := 0 // such rows that are still to come
	for _, m := range list {
		if m.MsgSeq != 0 {
			s.place = m.MsgSeq
		}
		nameless, known := s.ids[m.MsgId]
		switch {
		case m.MsgId == 0 && again > 0:
			again--
			continue
		case m.MsgId == 0:
			if s.last != 0 {
				s.ids[s.last]++
			}
		case known:
			s.last, again = m.MsgId, nameless
			continue
		default:
			s.remember(m.MsgId)
			s.last, again = m.MsgId, 0
		}
		s.held = append(s.held, streamed{m, s.place})
		fresh++
	}
	slices.SortStableFunc(s.held, func(a, b streamed) int { return cmp.Compare(b.place, a.place) })
	return fresh
}

func (s *Stream) remember(id int64) {
	delete(s.ids, s.recent[s.oldest])
	s.ids[id], s.recent[s.oldest] = 0, id
	s.oldest = (s.oldest + 1) % streamIDs
}

// release returns what is held, but the last so many.
func (s *Stream) release(keep int) []zim.Message {
	n := max(len(s.held)-keep, 0)
	list := make([]zim.Message, n)
	for i, row := range s.held[:n] {
		list[i] = row.Message
	}
	s.held = slices.Delete(s.held, 0, n) // clears what it moves away from
	return list
}

// judge says whether a Next can be followed. One that was given before is found
// without a list of all: each is compared with one from before, which is replaced
// after twice as many pages every time.
func (s *Stream) judge(next zim.Next, fresh int) error {
	s.empty++
	if fresh > 0 {
		s.empty = 0
	}
	switch {
	case next == s.mark:
		return ErrRepeated
	case s.empty >= maxEmpty:
		return ErrEmpty
	case s.pages >= s.markAt:
		s.mark, s.markAt = next, 2*s.markAt
	}
	return nil
}
