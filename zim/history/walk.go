package history

import (
	"context"
	"errors"
	"iter"

	"backscroll/zim"
)

// WalkOptions narrows a walk. The zero value goes through everything.
type WalkOptions struct {
	NoEmpty bool // leaves recalled, deleted and expired messages out
	Pages   int  // ends after so many pages; 0 is no bound
	// Until says of a message that it is older than what is wanted. The walk
	// ends after a page of which that holds for every message that has a time:
	// times may be out of order. What of it is not wanted, the caller leaves out.
	Until func(zim.Message) bool
}

// End is how a walk ended.
type End uint8

// The ends of a walk. The zero value is a walk that has not ended.
const (
	EndNone      End = iota
	EndStart         // the start of the retained history was reached
	EndStopped       // the caller or an option wanted no more
	EndCancelled     // its context was cancelled
	EndFailed        // a call failed, or the service led in a circle
)

// Walk goes through a conversation from its newest message to its oldest.
type Walk struct {
	ctx     context.Context
	client  Client
	chat    Chat
	options WalkOptions
	history History
	end     End
}

// Walk returns a walk through the chat. It asks nothing before Pages is ranged
// over, and nothing after ctx is cancelled.
func (c Chat) Walk(ctx context.Context, client Client, o WalkOptions) *Walk {
	return &Walk{ctx: ctx, client: client, chat: c, options: o}
}

// History returns what was loaded so far: also after a failure, all of it.
func (w *Walk) History() *History { return &w.history }

// End returns how the walk ended.
func (w *Walk) End() End { return w.end }

// Pages yields, for each page, the messages that were not there before, newest
// first. Messages that arrived during a walk to the start come last. An error
// comes once, at the end, with no messages; everything before it is kept. It is
// to be ranged over once.
func (w *Walk) Pages() iter.Seq2[[]zim.Message, error] {
	return func(yield func([]zim.Message, error) bool) {
		var err error
		if w.end, err = w.walk(func(fresh []zim.Message) bool { return len(fresh) == 0 || yield(fresh, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

func (w *Walk) walk(yield func([]zim.Message) bool) (End, error) {
	for {
		next, _ := w.history.Next()
		page, err := w.page(next)
		if err != nil {
			return endOf(err), err
		}
		change, err := w.history.Add(page)
		if !yield(change.Fresh) {
			return EndStopped, nil
		}
		_, more := w.history.Next()
		switch {
		case err != nil:
			return EndFailed, err
		case !more:
			return w.newer(yield)
		case w.enough(page):
			return EndStopped, nil
		}
	}
}

func (w *Walk) enough(p *zim.MessagePage) bool { return w.options.enough(p, w.history.Pages()) }

// enough reports whether an option ends the walk after a page, the last of so many.
func (o WalkOptions) enough(p *zim.MessagePage, pages int) bool {
	if o.Pages > 0 && pages >= o.Pages {
		return true
	}
	if o.Until == nil {
		return false
	}
	past := 0
	for _, m := range p.List {
		if _, timed := m.Time(); !timed {
			continue
		}
		if !o.Until(m) {
			return false
		}
		past++
	}
	return past > 0
}

// newer looks for messages that arrived since the walk began, if it was long
// enough for one.
func (w *Walk) newer(yield func([]zim.Message) bool) (End, error) {
	if w.history.Pages() < 2 {
		return EndStart, nil
	}
	var pages []*zim.MessagePage
	var next zim.Next
	for range maxEmpty {
		page, err := w.page(next)
		if err != nil {
			return endOf(err), err
		}
		pages = append(pages, page)
		if !w.history.Meets(page) {
			next = page.Next
			continue
		}
		if !yield(w.history.AddNewer(pages...).Fresh) {
			return EndStopped, nil
		}
		return EndStart, nil
	}
	return EndFailed, ErrFar
}

func (w *Walk) page(next zim.Next) (*zim.MessagePage, error) {
	return w.chat.page(w.ctx, w.client, next, w.options.withEmptyMsg())
}

func (o WalkOptions) withEmptyMsg() int {
	if o.NoEmpty {
		return 0
	}
	return 1
}

func endOf(err error) End {
	if errors.Is(err, context.Canceled) {
		return EndCancelled
	}
	return EndFailed
}
