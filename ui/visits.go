package ui

import (
	"slices"

	"backscroll/zim"
	"backscroll/zim/history"
)

// visit is a chat as it was left.
type visit struct {
	chat     history.Chat
	sifted   sifted
	edge     edge
	err      error
	selected int
	held     held
	recalled map[int64]*zim.RecallNotice
	changed  map[int64][]change
}

// visits is the chats that were left, the last one last. The oldest are dropped
// when there are too many, or when their messages take too much room: then they
// are asked for anew.
type visits []visit

const (
	maxVisits  = 32
	visitBytes = 64 << 20 // raw, of all
)

// leave keeps the chat that is shown.
func (m *messages) leave() {
	m.stop()
	if m.chat == (history.Chat{}) || m.log.Len() == 0 {
		return
	}
	m.visits.keep(visit{m.chat, m.sifted, m.edge, m.err, m.selected, m.hold(), m.recalls.known, m.changed})
}

func (v *visits) keep(left visit) {
	*v = append(*v, left)
	room := int64(visitBytes)
	for i := len(*v) - 1; i >= 0; i-- {
		if room -= (*v)[i].sifted.log.Bytes(); room < 0 || i < len(*v)-maxVisits {
			*v = slices.Clone((*v)[i+1:])
			return
		}
	}
}

// offer keeps a chat that was loaded by somebody else as if it had been left,
// unless it was.
func (v *visits) offer(c history.Chat, log *history.History) {
	if slices.ContainsFunc(*v, func(w visit) bool { return w.chat == c }) || log.Len() == 0 {
		return
	}
	left := visit{chat: c, sifted: sifted{log: log}}
	if _, more := log.Next(); !more {
		left.edge, left.err = edgeStart, log.Err()
	}
	v.keep(left)
}

// take returns a chat as it was left, if it was.
func (v *visits) take(c history.Chat) (visit, bool) {
	i := slices.IndexFunc(*v, func(w visit) bool { return w.chat == c })
	if i < 0 {
		return visit{}, false
	}
	found := (*v)[i]
	*v = slices.Delete(*v, i, i+1)
	return found, true
}

// restore shows a chat as it was left: the same message on the same row.
func (m *messages) restore(v visit) {
	m.chat, m.sifted, m.edge, m.err = v.chat, v.sifted, v.edge, v.err
	m.selected, m.changed = v.selected, v.changed
	m.judgeGaps()
	m.recalls.recall(v.recalled)
	m.putBack(v.held)
	if !v.held.ok {
		m.bottom()
	}
}
