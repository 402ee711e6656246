package ui

import (
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// alone is a message that was asked for by its MsgSeq and not by its place, so
// that it can be looked at before the list is loaded down to it.
type alone struct {
	request
	found *zim.Message // for the inspector, until it has taken it
	by    string       // the RequestId of the answer that brought it
}

// lookUpAlone asks for what a goal names, if it names a MsgSeq that is not loaded.
func (m *messages) lookUpAlone(g goal) tea.Cmd {
	if !g.alone {
		return nil
	}
	if place, _ := nearestSeq(m.log, g.seq); m.log.Len() > 0 && m.log.At(place).MsgSeq == g.seq {
		return nil
	}
	ask, ok := m.askBySeq(g.seq)
	if !ok {
		return nil
	}
	ctx, number := m.alone.begin(zim.WithPriority(m.ctx, zim.Foreground))
	return fetchBySeq(ctx, m.client, ask, paneAlone, number)
}

// applyAlone hands the message that came to the inspector. One that is recalled
// comes as the notice of that; one that is not there may not come at all.
func (m *messages) applyAlone(msg bySeqMsg) {
	if msg.number != m.alone.number {
		return
	}
	m.alone.stop()
	switch {
	case msg.err != nil:
		m.say = text.Join(text.Lit("not looked up by its number: "), text.CleanBlock(msg.err.Error()).Line())
	case len(msg.page.List) > 0:
		m.alone.found, m.alone.by = &msg.page.List[0], msg.page.RequestId
	}
}

// askBySeq is the question for messages by their numbers, if there is somebody in
// whose name it can be asked.
func (m *messages) askBySeq(seqs ...int64) (zim.QueryMessagesByMsgSeqRequest, bool) {
	ask := zim.QueryMessagesByMsgSeqRequest{FromUserId: m.chat.User, ConvId: m.chat.Peer, ConvType: zim.Peer, MsgSeqList: seqs}
	if m.chat.IsGroup() {
		ask.ConvId, ask.ConvType, ask.FromUserId = m.chat.Group, zim.Group, m.anyUser()
	}
	return ask, ask.FromUserId != "" && !m.offline
}
