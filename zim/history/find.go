package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"backscroll/zim"
)

// maxKept is how many bytes of raw pages a Finder keeps in all: of what it
// searches, and of what it searched and found something in.
const maxKept = 64 << 20

// Errors of a conversation for which there is no call.
var (
	ErrKind = errors.New("neither one-on-one nor a group: its messages cannot be asked for")
	ErrNoID = errors.New("it came without an ID: its messages cannot be asked for")
)

// FinderClient is what a Finder asks: a *zim.Client.
type FinderClient interface {
	Client
	QueryConversationList(context.Context, zim.QueryConversationListRequest) (*zim.ConversationPage, error)
}

// Finder searches a user's conversations for the messages that a filter lets
// through: it asks for the list of them, then goes through one after the other,
// the one that was changed last first, each from its newest message to the start
// or to where the filter's time ends. What arrives meanwhile is not looked for.
//
// A Finder starts nothing by itself: every Step is one call.
type Finder struct {
	client  FinderClient
	user    string
	match   func(zim.Message) bool
	since   time.Time // zero if the filter has no such bound
	maxKept int64

	list     List
	listed   bool     // the list is as whole as it gets
	queue    []*visit // the first is under way
	missed   []Miss   // since the last Step that succeeded
	failed   error    // of the last Step
	progress Progress // what is counted; the rest is filled in

	mu   sync.Mutex
	kept []*visit // those that ended with hits, and still have their pages
}

// visit is the search of one conversation.
type visit struct {
	name  Name
	walk  Walk
	hits  int
	bytes int64 // of its pages, once it ended: its history is then somebody else's
	bare  bool  // its pages were let go
}

// Found is what a Step brought. It is the caller's, and never changes.
type Found struct {
	Hits   []Hit  // of one conversation, newest first, as the service has them
	Missed []Miss // conversations that turned out not to be searchable to their end
	Done   bool   // there is nothing left to search

	Progress Progress
}

// Hit is a message that the filter lets through. Its Raw is a copy of its own:
// keeping it keeps no page.
type Hit struct {
	Chat Chat // the conversation, as the Finder's user sees it
	zim.Message
}

// Miss is a conversation that was not searched, or not to its end: the service
// refused it, or led in a circle. What was found before that counts.
type Miss struct {
	Name Name
	Err  error // an *zim.Error, ErrRepeated, ErrEmpty, ErrKind, ErrNoID, or what was skipped
}

// Progress is how far a Finder has come since it began. Until the list is done,
// all that is listed counts as left.
type Progress struct {
	Listed   int   // conversations on the list: Searched + Skipped + Missing + Left
	ListDone bool  // the list has come to its end
	ListErr  error // why conversations may be missing from it; nil if none are, as far as is known

	Searched int // to their start, or to where the range begins
	Skipped  int // changed last before the range begins
	Missing  int // those that were missed
	Left     int // the one under way, and those that come after it

	Chat  Chat      // the one under way; zero if there is none
	Pages int       // how many pages of it were searched
	Back  time.Time // its oldest message so far; zero if there is none with a time

	Calls    int // that were made, also those that failed
	Messages int // that were searched
}

// NewFinder returns a Finder for the conversations of a user. A nil filter finds
// every message. Nothing is asked before the first Step.
func NewFinder(client FinderClient, user string, f *Filter) *Finder {
	since, _ := f.Since()
	return &Finder{client: client, user: user, match: f.Match, since: since, maxKept: maxKept}
}

// Step makes the next call and returns what it brought, until Done; then it makes
// none. It is never to be called by two goroutines at once. After an error,
// which is the call's or the context's, nothing but Calls has changed: the next
// Step makes the same call again. What concerns one conversation alone is no
// error, but a Miss. What a Step brought does not come again.
func (f *Finder) Step(ctx context.Context) (Found, error) {
	hits, err := f.ask(ctx)
	f.failed = err
	if err != nil {
		return Found{Progress: f.now()}, err
	}
	found := Found{Hits: hits, Missed: f.missed, Done: f.listed && len(f.queue) == 0, Progress: f.now()}
	f.missed = nil
	return found, nil
}

// Skip gives up what the last Step failed at: the conversation, which the next
// Found has among the missed with that error, or else what is not yet listed. It
// reports whether there was something to give up; a cancelled Step is not. It is
// not to be called while a Step is under way.
func (f *Finder) Skip() bool {
	err := f.failed
	f.failed = nil
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return false
	case !f.listed:
		f.progress.ListErr = err
		f.sift()
	default:
		f.end(err)
	}
	return true
}

// Loaded returns the history of a conversation that has hits and whose search
// ended, as far as it was loaded: to the start, to where the range begins, or to
// where it was missed. It is nil if there is none, or if its pages had to make
// room for others. The history is the caller's: the Finder never looks into it
// again, and hands out the same one each time. Any goroutine may ask, also while
// a Step is under way.
func (f *Finder) Loaded(c Chat) *History {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range f.kept {
		if v.walk.chat == c {
			return &v.walk.history
		}
	}
	return nil
}

func (f *Finder) ask(ctx context.Context) ([]Hit, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !f.listed:
		return nil, f.askList(ctx)
	case len(f.queue) > 0:
		return f.askPage(ctx, f.queue[0])
	}
	return nil, nil
}

func (f *Finder) askList(ctx context.Context) error {
	f.progress.Calls++
	next, _ := f.list.Next() // there is more while it is not listed
	page, err := f.client.QueryConversationList(ctx, zim.QueryConversationListRequest{
		FromUserId: f.user, Limit: zim.MaxConversations, Next: next,
	})
	if err = cmp.Or(ctx.Err(), err); err != nil {
		return err
	}
	f.progress.ListErr = f.list.Add(page)
	if _, more := f.list.Next(); !more {
		f.sift()
	}
	return nil
}

// sift decides which of the listed conversations are to be searched. One whose
// UpdateTime is not known may have anything in it.
func (f *Finder) sift() {
	f.listed = true
	for _, c := range f.list.All() {
		v := &visit{name: NameOf(c), walk: Walk{options: WalkOptions{Until: f.older}}}
		updated, known := zim.TimeOf(c.UpdateTime)
		switch {
		case known && updated.Before(f.since):
			f.progress.Skipped++
			continue
		case c.ConvType == zim.Group:
			v.walk.chat = Chat{Group: c.ConvId}
		case c.ConvType == zim.Peer:
			v.walk.chat = Chat{User: f.user, Peer: c.ConvId}
		default:
			f.miss(v.name, ErrKind)
			continue
		}
		if c.ConvId == "" {
			f.miss(v.name, ErrNoID)
			continue
		}
		f.queue = append(f.queue, v)
	}
}

func (f *Finder) older(m zim.Message) bool {
	at, _ := m.Time() // only those that have one are asked about
	return at.Before(f.since)
}

func (f *Finder) miss(n Name, why error) {
	f.progress.Missing++
	f.missed = append(f.missed, Miss{n, why})
}

func (f *Finder) askPage(ctx context.Context, v *visit) ([]Hit, error) {
	f.progress.Calls++
	next, _ := v.walk.history.Next() // what has no more is not in the queue
	page, err := v.walk.chat.Page(ctx, f.client, next)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		refusal, answered := errors.AsType[*zim.Error](err)
		if !answered || !refusal.Code.AboutID() {
			return nil, err
		}
		f.end(err)
		return nil, nil
	}
	change, err := v.walk.history.Add(page)
	var hits []Hit
	for _, m := range change.Fresh {
		if f.match(m) {
			m.Raw = bytes.Clone(m.Raw)
			hits = append(hits, Hit{v.walk.chat, m})
		}
	}
	f.progress.Messages += len(change.Fresh)
	v.hits += len(hits)
	f.makeRoom(v)
	switch _, more := v.walk.history.Next(); {
	case v.walk.enough(page):
		f.end(nil) // also where the service leads in a circle behind it
	case !more:
		f.end(err)
	}
	return hits, nil
}

// end ends the search of the conversation under way; why says what was missed.
func (f *Finder) end(why error) {
	v := f.queue[0]
	f.queue[0] = nil // else the array keeps its pages
	f.queue = f.queue[1:]
	if why != nil {
		f.miss(v.name, why)
	} else {
		f.progress.Searched++
	}
	if v.hits == 0 || v.bare {
		return
	}
	v.bytes = v.walk.history.Bytes()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept = append(f.kept, v)
}

// makeRoom lets pages go until all that are kept are within the bound: those of
// the conversation under way if nothing was found in it, else those of the one
// that has the most, which keeps the most conversations. Once the pages of the one
// under way went, those that follow go at once.
func (f *Finder) makeRoom(v *visit) {
	h := &v.walk.history
	if v.bare {
		v.strip()
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	room := f.maxKept - h.Bytes()
	for _, k := range f.kept {
		room -= k.bytes
	}
	for room < 0 {
		most := 0
		for i, k := range f.kept {
			if k.bytes > f.kept[most].bytes {
				most = i
			}
		}
		if v.hits == 0 || len(f.kept) == 0 || h.Bytes() >= f.kept[most].bytes {
			v.strip()
			return // what the others keep was within the bound before
		}
		room += f.kept[most].bytes
		f.kept = slices.Delete(f.kept, most, most+1)
	}
}

// strip lets the bytes of messages go. The history still tells what is new and
// where it ends, but has nothing to show.
func (v *visit) strip() {
	v.walk.history.rows.strip()
	v.walk.history.origins.forget()
	v.bare = true
}

// now returns the progress as it is.
func (f *Finder) now() Progress {
	p := f.progress
	p.Listed, p.ListDone = len(f.list.All()), f.listed
	p.Left = p.Listed - p.Searched - p.Skipped - p.Missing
	if len(f.queue) > 0 {
		h := &f.queue[0].walk.history
		p.Chat, p.Pages = f.queue[0].walk.chat, h.Pages()
		p.Back, _ = h.TimeNear(h.Len()-1, -1)
	}
	return p
}
