package history

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"backscroll/zim"
)

// MaxListed is how many conversations of a user the service lists: the latest.
const MaxListed = 1000

// Errors that end a list because the service contradicts itself.
var (
	ErrListRepeated = errors.New("the service repeated a page: the list may not be whole")
	ErrListIdle     = fmt.Errorf("the service gave %d pages in a row with nothing new: the list may not be whole", maxEmpty)
)

// Name names a conversation: the peer's or the group's ID, and which it is.
type Name struct {
	ConvType zim.ConvType
	ConvId   string
}

// NameOf returns the name of a conversation.
func NameOf(c zim.Conversation) Name { return Name{c.ConvType, c.ConvId} }

// List is a user's conversations as far as they are loaded. The zero value is
// one of which nothing is loaded yet.
type List struct {
	all   []zim.Conversation // the latest first
	next  zim.Next
	asked map[zim.Next]struct{} // every Next that was followed
	idle  int                   // pages since the last new conversation
	ended bool
}

// All returns the conversations, the latest first. It is the list's own slice.
func (l *List) All() []zim.Conversation { return l.all }

// Next returns what to ask for more conversations with, and false when there is
// nothing more to ask for.
func (l *List) Next() (zim.Next, bool) { return l.next, !l.ended }

// Add puts the page that follows into the list, each conversation once and as it
// was changed last; those without an ID are all kept. Where the service leads in
// a circle the list ends, and Add fails with ErrListRepeated or ErrListIdle,
// unless the list has MaxListed already: then nothing can be missing.
func (l *List) Add(p *zim.ConversationPage) error {
	if l.asked == nil {
		l.asked = map[zim.Next]struct{}{}
	}
	l.asked[l.next] = struct{}{}
	l.next = p.Next
	if l.idle++; l.merge(p.List) {
		l.idle = 0
	}
	_, again := l.asked[p.Next]
	l.ended = p.Next.End() || again || l.idle >= maxEmpty
	switch {
	case !l.ended, p.Next.End(), len(l.all) >= MaxListed:
		return nil
	case again:
		return ErrListRepeated
	}
	return ErrListIdle
}

// merge reports whether any of a page is new; all those without an ID count as
// one.
func (l *List) merge(page []zim.Conversation) bool {
	at := make(map[Name]int, len(l.all)+len(page))
	for i, c := range l.all {
		at[NameOf(c)] = i
	}
	before := len(at)
	for _, c := range page {
		i, known := at[NameOf(c)]
		switch {
		case !known || c.ConvId == "":
			at[NameOf(c)] = len(l.all)
			l.all = append(l.all, c)
		case c.UpdateTime > l.all[i].UpdateTime:
			l.all[i] = c
		}
	}
	slices.SortStableFunc(l.all, func(a, b zim.Conversation) int { return cmp.Compare(b.UpdateTime, a.UpdateTime) })
	return len(at) > before
}
