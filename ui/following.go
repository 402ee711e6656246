package ui

import (
	"cmp"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// The pace of following: the first while something arrived lately, the last where
// nothing does. The list is asked for less often.
const (
	fastestPace = 2 * time.Second
	slowestPace = 30 * time.Second
	listPace    = 30 * time.Second

	followShare = 5 // of so many calls that the rate allows, one may be for following
)

// following asks again and again for the newest page of the open chat, and now and
// then for the list of conversations. It does one thing at a time, a call or the
// pause before the next one, which its request numbers.
type following struct {
	request request
	chat    history.Chat // zero follows nothing
	busy    bool         // a call is under way, not a pause
	pace    time.Duration
	err     error // what the last call failed with

	pages  []*zim.MessagePage // newer ones, until they meet what is loaded
	list   *history.List      // the conversations, asked for anew; nil but meanwhile
	listed time.Time          // when that was done last
	said   text.Line          // the notice of what changed, which stands until the next answer
}

// followBegins stands until the second answer: the first comes at once.
var followBegins = text.Lit("followed: new messages come by themselves · F stops")

func (f *following) on() bool { return f.chat != history.Chat{} }

// stop ends it. What is under way is cancelled.
func (f *following) stop() {
	f.request.stop()
	*f = following{request: f.request}
}

// toggleFollow follows the open chat, or no more.
func (m *Model) toggleFollow() tea.Cmd {
	f := &m.following
	switch {
	case m.offline:
		m.notice = text.Lit("there is nothing new in a file")
		return nil
	case m.messages.chat == history.Chat{}:
		m.notice = text.Lit("no chat is open that could be followed")
		return nil
	case f.on():
		f.stop()
		m.notice = text.Lit("not followed any more")
		return nil
	}
	f.chat, f.pace = m.messages.chat, fastestPace
	m.messages.expect()
	m.notice = followBegins
	return m.followOn()
}

// keepFollowing ends following where the chat was left, and gives way to the reader's
// own call for the newest page.
func (m *Model) keepFollowing() tea.Cmd {
	f := &m.following
	switch {
	case f.on() && f.chat != m.messages.chat:
		f.stop()
	case f.on() && f.busy && f.list == nil && m.messages.catching:
		f.pages = nil
		return m.followLater(f.pace)
	}
	return nil
}

// followOn makes the next call. While the reader's own call for the same is under
// way, or nothing is loaded yet, it waits.
func (m *Model) followOn() tea.Cmd {
	f := &m.following
	if m.messages.catching || m.messages.log.Len() == 0 && m.messages.edge != edgeStart {
		f.pages = nil
		return m.followLater(fastestPace)
	}
	ctx, number := f.request.begin(zim.WithPriority(m.ctx, zim.Background))
	f.busy = true
	switch {
	case len(f.pages) > 0:
		return followMessages(ctx, m.client, f.chat, f.pages[len(f.pages)-1].Next, number)
	case f.list != nil:
		next, _ := f.list.Next() // there is more, or it would be nil
		return followList(ctx, m.client, m.conversations.user, next, number)
	}
	return followMessages(ctx, m.client, f.chat, "", number)
}

// followLater makes the next call after a pause: no sooner than the share of the
// rate allows.
func (m *Model) followLater(after time.Duration) tea.Cmd {
	ctx, number := m.following.request.begin(m.ctx)
	m.following.busy = false
	return m.pauses(ctx, max(after, m.followSpan()), followMsg{number})
}

// followSpan is the time between two calls that the share of the rate asks for.
func (m *Model) followSpan() time.Duration {
	limit := m.client.Traffic().Limit
	if limit <= 0 {
		return 0
	}
	return time.Duration(followShare / limit * float64(time.Second))
}

// applyFollowed shows what came, and goes on.
func (m *Model) applyFollowed(msg followedMsg) tea.Cmd {
	f := &m.following
	if msg.number != f.request.number || !f.on() {
		return nil
	}
	f.request.stop()
	if !f.said.Empty() && m.notice == f.said || f.list == nil && f.pace > fastestPace && m.notice == followBegins {
		m.notice = text.Line{}
	}
	f.said = text.Line{}
	var cmd tea.Cmd
	switch {
	case f.list != nil:
		m.applyFollowedList(msg)
	case msg.err != nil:
		return m.followFailed(msg.err)
	default:
		cmd = m.applyFollowedPage(msg.page)
	}
	after := f.pace
	if len(f.pages) > 0 || f.list != nil {
		after = 0
	} else if m.listDue() {
		f.list, after = &history.List{}, 0
	}
	return tea.Batch(cmd, m.followLater(after))
}

// applyFollowedPage puts a page into its place, and sets the pace by it.
func (m *Model) applyFollowedPage(p *zim.MessagePage) tea.Cmd {
	f := &m.following
	f.err = nil
	for _, came := range p.List {
		m.wantSender(came)
	}
	f.pages = append(f.pages, p)
	if !m.messages.log.Meets(p) && len(f.pages) < maxNewPages {
		return nil
	}
	pages := f.pages
	f.pages = nil
	came, cmd := m.messages.arrive(pages, arrival{followed: true, seen: m.layout.messages.w > 0, still: m.inspector.open})
	if !came.any() {
		f.pace = min(f.pace+f.pace/4, slowestPace)
		return cmd
	}
	f.pace = fastestPace
	if f.said = changesLine(came.revisions); !f.said.Empty() {
		m.notice = f.said
	}
	if came.added > 0 && m.messages.log.Len() > 0 {
		m.conversations.touch(m.messages.log.At(0).MsgTime)
	}
	return cmd
}

// listDue reports whether it is time to ask for the list again.
func (m *Model) listDue() bool {
	c := &m.conversations
	return c.user != "" && c.state == listDone && m.look.now().Sub(m.following.listed) >= listPace
}

// applyFollowedList shows the list anew, once all of it came. That it could not be
// had ends nothing: the messages are what is followed.
func (m *Model) applyFollowedList(msg followedMsg) {
	f := &m.following
	err := msg.err
	if err == nil {
		err = f.list.Add(msg.list)
		if _, more := f.list.Next(); err == nil && more {
			return
		}
	}
	if err == nil && msg.user == m.conversations.user && m.conversations.state == listDone {
		m.conversations.renew(f.list)
		m.conversations.wantUsers(&m.names)
	}
	f.list, f.listed = nil, m.look.now()
}

// followFailed goes on later, at half the pace; what asking again cannot heal ends
// it.
func (m *Model) followFailed(err error) tea.Cmd {
	f := &m.following
	said := text.CleanBlock(err.Error()).Line()
	if !heals(err) {
		f.stop()
		m.notice = text.Join(text.Lit("not followed any more: "), said)
		return nil
	}
	if f.err == nil {
		m.notice = text.Join(text.Lit("nothing new could be had: "), said)
	}
	f.pages, f.list, f.err = nil, nil, err
	f.pace = min(2*f.pace, slowestPace)
	return m.followLater(max(f.pace, notBefore(err).Sub(m.look.now())))
}

// giveUpFollowing ends the pause of a call that failed, and reports whether there
// was one.
func (m *Model) giveUpFollowing() bool {
	if !m.following.request.pausing() {
		return false
	}
	m.following.stop()
	m.notice = text.Lit("not followed any more")
	return true
}

// heals reports whether asking again may help: the network may come back, and the
// service may be less busy.
func heals(err error) bool {
	refused, ok := errors.AsType[*zim.Error](err)
	if !ok {
		return true
	}
	switch refused.Code {
	case zim.ServerError, zim.ServiceBusy, zim.ServiceFailed, zim.DatabaseFailed, zim.GatewayFailed, zim.BodyUnreadable,
		zim.TooManyCalls, zim.RateLimited, zim.GroupRateLimited:
		return true
	}
	return false
}

// notBefore returns when the service wants to be asked again, if it said so.
func notBefore(err error) time.Time {
	var at time.Time
	if refused, ok := errors.AsType[*zim.Error](err); ok {
		at = refused.NotBefore
	}
	if lost, ok := errors.AsType[*zim.TransportError](err); ok {
		at = lost.NotBefore
	}
	return at
}

// follows tells what is new below the screen, and the pace.
func (m *Model) follows() (parts []text.Line) {
	if n := m.messages.news.unseen; n > 0 {
		parts = append(parts, text.Join(number(n), text.Lit(" new · G")))
	}
	f := &m.following
	if !f.on() {
		return parts
	}
	words := "F every "
	if f.err != nil {
		words = "F failed, again in "
	}
	return append(parts, text.CleanLine(words+roughly(cmp.Or(max(f.pace, m.followSpan()), fastestPace))))
}
