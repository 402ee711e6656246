package export

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"backscroll/zim"
	"backscroll/zim/history"
)

// collect walks through the source, newest first, and keeps what is wanted of it.
func (r *run) collect(ctx context.Context, to *spool) error {
	source := r.Source
	if source == nil {
		source = All()
	}
	for b, err := range source.batches(ctx, &asker{r.Client, r}, r) {
		if err != nil {
			return r.stopped(err)
		}
		r.state.LookedAt, r.state.Oldest = b.lookedAt, b.oldest
		if err := r.take(b.list, to); err != nil {
			return &FileError{err}
		}
		r.tell()
	}
	if err := r.keep(r.sieve.Rest(), to); err != nil {
		return &FileError{err}
	}
	r.manifest.LookedAt, r.manifest.End = r.state.LookedAt, source.end()
	return nil
}

func (r *run) take(list []zim.Message, to *spool) error {
	var through []zim.Message
	r.notice(list)
	for _, m := range list {
		through = append(through, r.sieve.Take(m)...)
	}
	return r.keep(through, to)
}

// notice notes the newest time there is, that of the first of all messages.
func (r *run) notice(list []zim.Message) {
	for i := 0; i < len(list) && r.state.Newest.IsZero(); i++ {
		if at, timed := list[i].Time(); timed {
			r.state.Newest = at
		}
	}
}

func (r *run) keep(list []zim.Message, to *spool) error {
	list = slices.DeleteFunc(list, func(m zim.Message) bool { return !r.Filter.Match(m) })
	for _, m := range list {
		r.manifest.count(m.Envelope())
	}
	r.state.Messages = r.manifest.Messages
	return to.add(list)
}

// asker asks for pages, and notes in the manifest what it was given.
type asker struct {
	history.Client
	*run
}

// QueryPeerMsg implements history.Client.
func (a *asker) QueryPeerMsg(ctx context.Context, q zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	return a.note(a.Client.QueryPeerMsg(ctx, q))
}

// QueryGroupMsg implements history.Client.
func (a *asker) QueryGroupMsg(ctx context.Context, q zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return a.note(a.Client.QueryGroupMsg(ctx, q))
}

func (a *asker) note(page *zim.MessagePage, err error) (*zim.MessagePage, error) {
	if err != nil {
		return nil, err
	}
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
	return page, nil
}
