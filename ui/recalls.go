package ui

import (
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// recalls asks who recalled the messages that are on screen: a page only says
// that somebody did. Each is asked for once.
type recalls struct {
	request request
	busy    bool
	known   map[int64]*zim.RecallNotice // by MsgSeq
	asked   map[int64]bool
	wanted  []int64
	failed  bool // nothing more is asked for, until the reader reloads

	underWay []int64 // what the call under way asks for
}

func newRecalls(r request) recalls {
	return recalls{request: r, known: map[int64]*zim.RecallNotice{}, asked: map[int64]bool{}}
}

// notice returns the notice of a recalled message, from its own body or from a
// look-up; without one, it wants it.
func (r *recalls) notice(e zim.Envelope, body zim.Body) *zim.RecallNotice {
	if n := ownNotice(e, body); n != nil {
		return n
	}
	if e.MsgSeq != 0 && !r.asked[e.MsgSeq] {
		r.asked[e.MsgSeq] = true
		r.wanted = append(r.wanted, e.MsgSeq)
	}
	return r.known[e.MsgSeq]
}

// explain asks for the notices that are wanted, if no call is under way.
func (m *messages) explain() tea.Cmd {
	r := &m.recalls
	if r.busy || r.failed || len(r.wanted) == 0 || m.ctx.Err() != nil {
		return nil
	}
	n := min(len(r.wanted), zim.MaxMsgSeqs)
	ask, ok := m.askBySeq(r.wanted[:n:n]...)
	if !ok {
		return nil
	}
	r.wanted = r.wanted[n:]
	r.underWay = ask.MsgSeqList
	ctx, number := r.request.begin(zim.WithPriority(m.ctx, zim.Prefetch))
	r.busy = true
	return fetchBySeq(ctx, m.client, ask, paneRecalls, number)
}

// recall takes over what was known when a chat was left.
func (r *recalls) recall(known map[int64]*zim.RecallNotice) {
	for seq, n := range known {
		r.known[seq], r.asked[seq] = n, true
	}
}

// giveUp ends the pause of the call under way, and reports whether there was one.
func (r *recalls) giveUp() bool {
	if !r.request.pausing() {
		return false
	}
	r.request.stop()
	r.fail()
	return true
}

// fail gives what the call asked for back, until the reader reloads.
func (r *recalls) fail() {
	r.wanted, r.failed, r.busy = append(r.underWay, r.wanted...), true, false
}

// anyUser returns a user in whose name a group can be asked about: the reader of
// the list, or the sender of a message.
func (m *messages) anyUser() string {
	if m.viewer != "" {
		return m.viewer
	}
	for i := range min(m.log.Len(), maxTimeless) {
		if s := m.log.At(i).Envelope().Sender; s != "" {
			return s
		}
	}
	return ""
}

// applyRecalls shows the notices that came. What could not be asked waits for
// the reader to reload; the row says that it was recalled all the same.
func (m *messages) applyRecalls(msg bySeqMsg) {
	r := &m.recalls
	if msg.number != r.request.number {
		return
	}
	r.request.stop()
	if msg.err != nil {
		r.fail()
		m.say = text.Join(text.Lit("who recalled is not known: "), text.CleanBlock(msg.err.Error()).Line())
		return
	}
	r.busy = false
	for _, found := range msg.page.List {
		if n, ok := found.Envelope().Body().Content.(*zim.RecallNotice); ok && found.MsgSeq != 0 {
			r.known[found.MsgSeq] = n
		}
	}
	m.keepingLines(m.forget)
}

// forgetRecalls begins anew for another conversation.
func (m *messages) forgetRecalls() {
	m.recalls.request.stop()
	m.recalls = newRecalls(m.recalls.request)
}
