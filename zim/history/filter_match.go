package history

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"backscroll/zim"
)

// node is a part of a filter.
type node interface {
	match(*subject) bool
	cost() cost
}

// cost says what a node needs of a message. Nodes are tried in this order, so
// that most messages are judged before anything of them is decoded.
type cost uint8

const (
	costNumbers cost = iota // what a zim.Message has read
	costPeek                // a peek
	costItems               // a peek, and the body of a multi-item message
	costSearch              // what a Query needs
	costLink                // the body of a message that may have a link
	costBody                // the body of every message
)

// subject is the message that is judged. What is decoded of it is kept for the
// terms that follow.
type subject struct {
	zim.Message
	peeked, decoded bool
	header          zim.Peek
	content         zim.Body
}

func (s *subject) peek() *zim.Peek {
	if !s.peeked {
		s.header, s.peeked = s.Peek(), true
	}
	return &s.header
}

func (s *subject) body() *zim.Body {
	if !s.decoded {
		s.content, s.decoded = s.peek().Body(), true
	}
	return &s.content
}

// items returns what a multi-item message holds, and nothing for others.
func (s *subject) items() []zim.Item {
	if s.peek().MsgType != zim.TypeMultiItem {
		return nil
	}
	if multi, ok := s.body().Content.(*zim.MultiItem); ok {
		return multi.Items
	}
	return nil
}

// allOf and anyOf are made by inOrder: the cheapest node comes first.
type (
	allOf []node
	anyOf []node
	not   struct{ node }
)

func inOrder(nodes []node) []node {
	return slices.SortedStableFunc(slices.Values(nodes), func(a, b node) int { return cmp.Compare(a.cost(), b.cost()) })
}

func dearest(nodes []node) (most cost) {
	for _, n := range nodes {
		most = max(most, n.cost())
	}
	return most
}

func (all allOf) cost() cost { return dearest(all) }
func (any anyOf) cost() cost { return dearest(any) }

func (all allOf) match(s *subject) bool {
	for _, n := range all {
		if !n.match(s) {
			return false
		}
	}
	return true
}

func (any anyOf) match(s *subject) bool {
	for _, n := range any {
		if n.match(s) {
			return true
		}
	}
	return false
}

func (n not) match(s *subject) bool { return !n.node.match(s) }

// The terms.
type (
	sentBy   []string // user IDs
	ofType   []zim.MsgType
	ofSub    []int64 // SubMsgType of custom messages
	withID   []int64
	inSeq    [][2]int64 // from and to
	sentFrom time.Time  // inclusive
	sentTo   time.Time  // exclusive
	saying   struct {
		Query
		at int // where it was typed
	}
)

func (sentBy) cost() cost   { return costPeek }
func (ofType) cost() cost   { return costItems }
func (ofSub) cost() cost    { return costItems }
func (withID) cost() cost   { return costNumbers }
func (inSeq) cost() cost    { return costNumbers }
func (sentFrom) cost() cost { return costNumbers }
func (sentTo) cost() cost   { return costNumbers }
func (saying) cost() cost   { return costSearch }

func (ids sentBy) match(s *subject) bool {
	sender := s.peek().Sender
	return slices.ContainsFunc(ids, func(id string) bool { return id == string(sender) })
}

func (wanted ofType) match(s *subject) bool {
	return slices.Contains(wanted, s.peek().MsgType) ||
		slices.ContainsFunc(s.items(), func(it zim.Item) bool { return slices.Contains(wanted, it.MsgType) })
}

func (wanted ofSub) match(s *subject) bool {
	if p := s.peek(); p.MsgType == zim.TypeCustom {
		return slices.Contains(wanted, p.SubMsgType)
	}
	return slices.ContainsFunc(s.items(), func(it zim.Item) bool {
		return it.MsgType == zim.TypeCustom && slices.Contains(wanted, it.SubMsgType)
	})
}

// An ID or a number of 0 is one that is not known.

func (ids withID) match(s *subject) bool { return s.MsgId != 0 && slices.Contains(ids, s.MsgId) }

func (ranges inSeq) match(s *subject) bool {
	return s.MsgSeq != 0 && slices.ContainsFunc(ranges, func(r [2]int64) bool { return s.MsgSeq >= r[0] && s.MsgSeq <= r[1] })
}

func (t sentFrom) match(s *subject) bool {
	at, known := s.Time()
	return known && !at.Before(time.Time(t))
}

func (t sentTo) match(s *subject) bool {
	at, known := s.Time()
	return known && at.Before(time.Time(t))
}

func (q saying) match(s *subject) bool {
	_, found := q.In(s.Message)
	return found
}

// fact is something that a message is or has.
type fact uint8

const (
	isRecalled fact = iota
	isDeleted
	isUndecodable
	hasPayload
	hasMedia
	hasLink
)

type namedFact struct {
	name string
	fact fact
}

// The facts that is: and has: ask for.
var (
	isFacts  = []namedFact{{"recalled", isRecalled}, {"deleted", isDeleted}, {"undecodable", isUndecodable}}
	hasFacts = []namedFact{{"payload", hasPayload}, {"media", hasMedia}, {"link", hasLink}}
)

func (f fact) cost() cost {
	switch f {
	case hasMedia:
		return costItems
	case hasLink:
		return costLink
	case isUndecodable:
		return costBody
	}
	return costPeek
}

func (f fact) match(s *subject) bool {
	p := s.peek()
	switch f {
	case isRecalled:
		return p.IsEmpty == zim.Revoked || p.MsgType == zim.TypeRecallNotice
	case isDeleted:
		return p.IsEmpty == zim.Deleted
	case isUndecodable:
		return s.undecodable()
	case hasPayload:
		return p.HasPayload()
	case hasMedia:
		return isMedia(p.MsgType) || slices.ContainsFunc(s.items(), func(it zim.Item) bool { return isMedia(it.MsgType) })
	}
	return s.linked()
}

func isMedia(t zim.MsgType) bool {
	switch t {
	case zim.TypeImage, zim.TypeFile, zim.TypeAudio, zim.TypeVideo:
		return true
	}
	return false
}

// undecodable reports whether something of the message is not as documented. A
// row whose message is gone need not have a body.
func (s *subject) undecodable() bool {
	if len(s.Envelope().Problems) > 0 {
		return true
	}
	if s.peek().IsEmpty != zim.Present && s.body().Raw == "" {
		return false
	}
	return isBroken(s.body().Content) || slices.ContainsFunc(s.items(), func(it zim.Item) bool { return isBroken(it.Content) })
}

func isBroken(c zim.Content) bool {
	u, ok := c.(*zim.Undecoded)
	return ok && u.Reason != ""
}

// linked reports whether there is a link in what somebody wrote: a text, a
// custom message, a forwarded chat, a group's notice, or the payload. That of a
// file is not one: every file has it.
func (s *subject) linked() bool {
	switch p := s.peek(); {
	case !mayLink(s.Raw):
		return false
	case holdsLink(p.Payload()):
		return true
	case isMedia(p.MsgType):
		return false
	}
	return contentLinks(s.body().Content, s.body().Raw) ||
		slices.ContainsFunc(s.items(), func(it zim.Item) bool { return contentLinks(it.Content, it.Raw) })
}

func contentLinks(content zim.Content, raw string) bool {
	switch c := content.(type) {
	case *zim.Text:
		return holdsLink(c.Text)
	case *zim.Custom:
		return holdsLink(c.Text)
	case *zim.Combined:
		return holdsLink(c.Title) || holdsLink(c.Summary)
	case *zim.Tips:
		return holdsLink(c.GroupName) || holdsLink(c.GroupNotice)
	case *zim.RecallNotice:
		return holdsLink(c.Payload)
	case *zim.Undecoded:
		return holdsLink(raw)
	}
	return false
}

// mayLink reports whether a message can have a link, by its bytes: a colon and a
// slash, with nothing but backslashes between them, or an escape of either.
func mayLink(raw []byte) bool {
	if bytes.IndexByte(raw, '%') >= 0 || bytes.Contains(raw, []byte(`\u00`)) {
		return true
	}
	for {
		_, after, ok := bytes.Cut(raw, []byte(":"))
		if !ok {
			return false
		}
		if raw = bytes.TrimLeft(after, `\`); len(raw) > 0 && raw[0] == '/' {
			return true
		}
	}
}

// holdsLink reports whether a text has http:// or https://, in any case. JSON
// inside of it may have written the slashes with backslashes.
func holdsLink(s string) bool {
	for {
		before, after, ok := strings.Cut(s, ":")
		if !ok {
			return false
		}
		first := strings.TrimLeft(after, `\`)
		second := strings.TrimLeft(strings.TrimPrefix(first, "/"), `\`)
		if len(second) < len(first) && strings.HasPrefix(second, "/") && (endsIn(before, "http") || endsIn(before, "https")) {
			return true
		}
		s = after
	}
}

func endsIn(s, scheme string) bool {
	return len(s) >= len(scheme) && strings.EqualFold(s[len(s)-len(scheme):], scheme)
}

// since returns a time such that the node lets nothing older through.
func since(n node) (latest time.Time, ok bool) {
	switch n := n.(type) {
	case sentFrom:
		return time.Time(n), true
	case allOf:
		for _, n := range n {
			if at, bound := since(n); bound && (!ok || at.After(latest)) {
				latest, ok = at, true
			}
		}
		return latest, ok
	case anyOf:
		var oldest time.Time
		for i, n := range n {
			at, bound := since(n)
			if !bound {
				return time.Time{}, false
			}
			if i == 0 || at.Before(oldest) {
				oldest = at
			}
		}
		return oldest, true
	}
	return time.Time{}, false
}

// words returns the queries that must not be turned round to let a message
// through.
func words(n node, positive bool) (found []saying) {
	switch n := n.(type) {
	case saying:
		if positive {
			found = append(found, n)
		}
	case not:
		found = words(n.node, !positive)
	case allOf:
		for _, n := range n {
			found = append(found, words(n, positive)...)
		}
	case anyOf:
		for _, n := range n {
			found = append(found, words(n, positive)...)
		}
	}
	return found
}
