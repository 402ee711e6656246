package export

import (
	"context"
	"iter"
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
)

// Source is where the messages of a job come from: All, OnlyOn or These.
type Source interface {
	// batches yields the messages, the newest first; an error comes once, at the end.
	batches(ctx context.Context, client history.Client, r *run) iter.Seq2[batch, error]
	// end says how it ended, for the manifest.
	end() string
}

// batch is a part of what a source yields.
type batch struct {
	list     []zim.Message // newest first; may be empty
	lookedAt int           // messages, by now
	oldest   time.Time     // of these; zero if not known
}

// The ends of a source.
const (
	endStart = "at the start of the retained history"
	endFile  = "at the start of the file"
	endSince = "at the earliest time that was asked for"
	endGiven = "with the last message that was chosen"
)

// All is the whole chat, or what the job wants of it.
func All() Source { return &whole{} }

type whole struct{ how string }

func (w *whole) batches(ctx context.Context, client history.Client, r *run) iter.Seq2[batch, error] {
	return func(yield func(batch, error) bool) {
		stream := r.Chat.Stream(ctx, client, history.WalkOptions{
			NoEmpty: r.NoEmpty,
			Until:   history.Span{Since: r.from}.IsPast,
		})
		var seen batch
		for b, err := range stream.Batches() {
			if err != nil {
				yield(batch{}, err)
				return
			}
			if !yield(seen.with(b.List), nil) {
				return
			}
		}
		w.how = endStart
		if r.manifest.Chat.File != "" {
			w.how = endFile
		}
		if stream.End() == history.EndStopped {
			w.how = endSince
		}
	}
}

// with returns the batch that follows b and has that list.
func (b *batch) with(list []zim.Message) batch {
	b.list = list
	b.lookedAt += len(list)
	for _, m := range list {
		if at, timed := m.Time(); timed {
			b.oldest = at
		}
	}
	return *b
}

func (w *whole) end() string { return w.how }

// OnlyOn is the messages of a one-on-one chat that one user's list has and the
// other's has not, whatever became of them there: no row, another one's row, deleted
// or recalled. id is the User of the chat or the Peer.
func OnlyOn(id string) Source { return onlyOn{id} }

type onlyOn struct{ id string }

func (o onlyOn) batches(ctx context.Context, client history.Client, r *run) iter.Seq2[batch, error] {
	chat := r.Chat
	if chat.User != o.id {
		chat = chat.OtherSide()
	}
	return func(yield func(batch, error) bool) {
		diff := history.NewDiff(client, chat, history.DiffOptions{Since: r.from, Until: r.Span.Until})
		for !diff.Done() {
			found, err := diff.Step(ctx)
			if err != nil {
				yield(batch{}, err)
				return
			}
			var b batch
			for _, f := range found {
				if f.Side == history.SideB && f.A != nil {
					b.list = append(b.list, *f.A)
				}
			}
			rowsA, backA, timedA := diff.Read(history.SideA)
			rowsB, backB, timedB := diff.Read(history.SideB)
			b.lookedAt, b.oldest = rowsA+rowsB, backA
			if !timedA || timedB && backB.After(backA) {
				b.oldest = backB
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

func (onlyOn) end() string { return "after both lists were compared as far as was asked for" }

// These is messages that are there already, the newest first. They are not copied.
func These(list []zim.Message) Source { return these(list) }

type these []zim.Message

func (t these) batches(ctx context.Context, _ history.Client, _ *run) iter.Seq2[batch, error] {
	return func(yield func(batch, error) bool) {
		if err := context.Cause(ctx); err != nil {
			yield(batch{}, err)
			return
		}
		var all batch
		yield(all.with(t), nil)
	}
}

func (these) end() string { return endGiven }
