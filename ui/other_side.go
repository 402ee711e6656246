package ui

import (
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// The list that the other user has of a chat, at the message that is selected.

// oneSide says why a chat has no other side; it is empty if it has one.
func (m *Model) oneSide() text.Line {
	chat := m.messages.chat
	switch {
	case chat == (history.Chat{}):
		return text.Lit("no chat is open that could have two sides")
	case m.offline:
		return oneList
	case chat.IsGroup():
		return text.Lit("a group has one list for all")
	case chat.User == "":
		return text.Lit("it is not known whose list this is")
	case chat.User == chat.Peer:
		return text.Lit("a chat with oneself has one list")
	}
	return text.Line{}
}

// otherSide shows the list that the peer has of this chat, at the same message. One
// without a MsgId is looked for at its moment.
func (m *Model) otherSide() tea.Cmd {
	if why := m.oneSide(); !why.Empty() {
		if m.messages.chat != (history.Chat{}) {
			m.notice = why
		}
		return nil
	}
	var g goal
	if m.messages.len() > 0 {
		selected := m.messages.at(m.messages.selected)
		at, timed := selected.Time()
		g = goal{at: at, id: selected.MsgId, gone: goneOf(selected), row: m.messages.hold().row}
		switch {
		case g.id != 0:
			g.kind = goalSame
		case timed:
			g.kind = goalNear
		}
	}
	m.messages.remember()
	return m.openChat(m.messages.chat.OtherSide(), g)
}

// goneOf returns what became of a message; a recall notice is a recalled one.
func goneOf(msg zim.Message) zim.IsEmpty {
	p := msg.Peek()
	if p.MsgType == zim.TypeRecallNotice && p.IsEmpty == zim.Present {
		return zim.Revoked
	}
	return p.IsEmpty
}

// sameMessage returns the place of the message that was seen in the other list. It
// is sure that there is none once a page behind its time was read: messages that are
// out of order are in it.
func (m *messages) sameMessage(g goal) (place int, sure bool) {
	if i, ok := m.log.Index(g.id); ok {
		return i, true
	}
	last := m.log.Len() - 1
	at, ok := m.log.TimeNear(last-zim.MaxMessages, -1)
	if sure = ok && !g.at.IsZero() && at.Before(g.at); !sure && m.edge != edgeStart {
		return last, false
	}
	place, _ = nearest(m.log, g.at)
	return place, sure
}

// sayOfSame tells what the message that was seen in the other list is in this one.
func (m *messages) sayOfSame(place int, g goal) {
	found, list := m.log.At(place), text.Join(idLine(m.chat.User), text.Lit("'s list"))
	gone := goneOf(found)
	switch {
	case found.MsgId != g.id && m.isNamelessAbout(place):
		m.say = text.Join(text.Lit("not in "), list, text.Lit(" by its MsgId: it may be a row without one that stands here"))
	case found.MsgId != g.id:
		m.say = text.Join(text.Lit("not in "), list, text.Lit(": this is its place by time, "), m.lookedBack())
	case gone == g.gone:
	case gone == zim.Deleted:
		m.say = text.Join(text.Lit("deleted or expired in "), list)
	case gone == zim.Revoked:
		m.say = text.Join(text.Lit("recalled in "), list)
	default:
		m.say = text.Join(text.Lit("still there in "), list)
	}
}

// isNamelessAbout reports whether a row without a MsgId stands at a place or next to
// it.
func (m *messages) isNamelessAbout(place int) bool {
	for i := max(place-1, 0); i <= min(place+1, m.log.Len()-1); i++ {
		if m.log.At(i).MsgId == 0 {
			return true
		}
	}
	return false
}
