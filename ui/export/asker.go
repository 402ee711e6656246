package export

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"backscroll/zim"
)

// ErrGone says that a job cannot go on: the service no longer knows where it was
// stopped, and the list has none of the messages that stood there.
var ErrGone = errors.New("the list has changed: the messages where it was stopped are gone")

// asker is a client that gives the pages of the journal first, and then asks for
// more and adds them to it. The same is asked for in the same order as when they
// came: only answers decide what is asked for next.
type asker struct {
	*run
	replays bool
	tails   map[string]*tail // of the lists whose first call after the journal's pages is still to come
}

func newAsker(r *run) *asker { return &asker{run: r, replays: true, tails: map[string]*tail{}} }

// QueryPeerMsg implements history.Client.
func (a *asker) QueryPeerMsg(ctx context.Context, q zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	return a.page(ctx, "peer\n"+q.FromUserId+"\n"+q.ToUserId, q.Next, func(next zim.Next) (*zim.MessagePage, error) {
		q.Next = next
		return a.Client.QueryPeerMsg(ctx, q)
	})
}

// QueryGroupMsg implements history.Client.
func (a *asker) QueryGroupMsg(ctx context.Context, q zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return a.page(ctx, "group\n"+q.GroupId, q.Next, func(next zim.Next) (*zim.MessagePage, error) {
		q.Next = next
		return a.Client.QueryGroupMsg(ctx, q)
	})
}

// asking makes the call that follows, or the same again.
type asking func(zim.Next) (*zim.MessagePage, error)

func (a *asker) page(ctx context.Context, list string, next zim.Next, ask asking) (*zim.MessagePage, error) {
	if a.replays {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		page, err := a.journal.page(list, next)
		if err != nil {
			return nil, &FileError{Err: err}
		}
		if page != nil {
			a.remember(list, next, page)
			return a.note(page), nil
		}
		a.replays = false
	}
	page, err := a.onward(list, next, ask)
	if err != nil {
		return nil, err
	}
	if err := a.journal.add(list, next, page); err != nil {
		return nil, &FileError{Err: err}
	}
	return a.note(page), nil
}

func (a *asker) remember(list string, next zim.Next, page *zim.MessagePage) {
	t := a.tails[list]
	if t == nil {
		t = &tail{}
		a.tails[list] = t
	} else if next == "" {
		return // a look at the newest once more
	}
	t.add(page.List)
}

// onward asks for a page. The first of a list after those of the journal may be
// refused, or not be the one that follows: a Next is good for a time that nobody
// knows. Then the place is looked for from the newest message on.
func (a *asker) onward(list string, next zim.Next, ask asking) (*zim.MessagePage, error) {
	t := a.tails[list]
	if t == nil || next == "" {
		return ask(next)
	}
	page, err := ask(next)
	if _, refused := errors.AsType[*zim.Error](err); err != nil && !refused {
		return nil, err
	}
	if err != nil || !t.leadsTo(page) {
		if page, err = a.find(t, ask); err != nil {
			return nil, err
		}
	}
	delete(a.tails, list)
	return page, nil
}

// spare is how many pages more than before are looked through at most, beside as
// many again.
const spare = 100

// find looks for the page that follows the tail, from the newest message on. It
// returns what of that page is not in the tail.
func (a *asker) find(t *tail, ask asking) (*zim.MessagePage, error) {
	a.state.Phase, a.state.Again = Finding, 0
	var next zim.Next
	for range 2*t.pages + spare {
		page, err := ask(next)
		if err != nil {
			return nil, err
		}
		rest, found := t.cut(page)
		a.state.Again += len(page.List) - len(rest)
		a.tell()
		if found && (len(rest) > 0 || page.Next.End()) {
			return &zim.MessagePage{RequestId: page.RequestId, Next: page.Next, List: rest}, nil
		}
		if page.Next.End() {
			return nil, ErrGone
		}
		next = page.Next
	}
	return nil, ErrGone
}

// note notes a page in the manifest.
func (a *asker) note(page *zim.MessagePage) *zim.MessagePage {
	a.notice(page.List)
	m := &a.manifest
	m.Pages++
	if page.RequestId != "" {
		m.RequestIds = append(m.RequestIds, strings.Clone(page.RequestId)) // else it would keep its page
	}
	if m.Newest == nil && len(page.List) > 0 {
		first := page.List[0]
		m.Newest = &Bound{MsgId: strconv.FormatInt(first.MsgId, 10), MsgSeq: first.MsgSeq}
		if at, timed := first.Time(); timed {
			m.Newest.Time = stamp(at, a.Zone)
		}
	}
	return page
}
