package export

import (
	"context"
	"errors"
	"slices"

	"backscroll/zim"
)

// collect walks through the source, newest first, and keeps what is wanted of it.
func (r *run) collect(ctx context.Context, to *spool) error {
	source := r.Source
	if source == nil {
		source = All()
	}
	for b, err := range source.batches(ctx, newAsker(r), r) {
		if failed, ok := errors.AsType[*FileError](err); ok {
			return failed
		}
		if err != nil {
			return r.stopped(err)
		}
		r.state.Phase = Reading
		r.state.LookedAt, r.state.Oldest = b.lookedAt, b.oldest
		if err := r.take(b.list, to); err != nil {
			return &FileError{Err: err}
		}
		r.tell()
	}
	if err := r.keep(r.sieve.Rest(), to); err != nil {
		return &FileError{Err: err}
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
	list = slices.DeleteFunc(list, func(m zim.Message) bool { return r.NoEmpty && m.Peek().IsEmpty != zim.Present || !r.Filter.Match(m) })
	for _, m := range list {
		r.manifest.count(m.Envelope())
	}
	r.state.Messages = r.manifest.Messages
	return to.add(list)
}
