package ui

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// Where one can go from the panes, and back.

// oneList says why there is nowhere to go.
var oneList = text.Lit("a file holds one list only")

// goTo opens a user's list, a chat, or both.
func (m *Model) goTo(t target) tea.Cmd {
	m.uncover()
	var cmds []tea.Cmd
	none := history.Chat{}
	if t.user != "" || t.chat == none {
		m.listOff = false
		if t.user != m.conversations.user {
			m.closeFindings()
			cmds = append(cmds, m.conversations.open(t.user))
			if t.chat == none && !m.offline {
				m.recents.opened(Recent{User: t.user})
			}
		}
		m.focus = m.listPane()
	}
	if t.chat != none || m.messages.viewer != m.conversations.user {
		cmds = append(cmds, m.openChat(t.chat, t.goal))
	}
	return tea.Batch(cmds...)
}

// openChat shows a conversation, or none.
func (m *Model) openChat(c history.Chat, g goal) tea.Cmd {
	m.uncover()
	m.inspector.close()
	if c != (history.Chat{}) {
		m.focus = paneMessages
	}
	user := m.conversations.user
	switch {
	case c.IsGroup():
		m.conversations.mark(history.Name{ConvType: zim.Group, ConvId: c.Group})
	case user != "" && c.User == user:
		m.conversations.mark(history.Name{ConvType: zim.Peer, ConvId: c.Peer})
	case user != "" && c.Peer == user:
		m.conversations.mark(history.Name{ConvType: zim.Peer, ConvId: c.User})
	}
	m.noteOpened(c)
	return m.messages.open(c, user, g)
}

// openSelected opens the conversation that is selected in the list.
func (m *Model) openSelected() tea.Cmd {
	conv, ok := m.conversations.current()
	if !ok {
		return nil
	}
	return m.openConversation(conv.ConvType, conv.ConvId)
}

// openConversation opens the conversation of a list.
func (m *Model) openConversation(t zim.ConvType, id string) tea.Cmd {
	switch {
	case m.offline && !m.several:
		m.notice = text.Lit("the file lists conversations only: it has no messages")
		return nil
	case id == "":
		return nil
	case t == zim.Group:
		return m.openChat(history.Chat{Group: id}, goal{})
	case t == zim.Peer:
		return m.openChat(history.Chat{User: m.conversations.user, Peer: id}, goal{})
	}
	m.notice = text.Lit("a conversation of an unknown type cannot be opened")
	return nil
}

// askOfMessages opens the prompt that a key of the messages stands for, and
// reports whether there is one.
func (m *Model) askOfMessages(k tea.KeyPressMsg) bool {
	switch {
	case key.Matches(k, keys.Search):
		m.ask(promptSearch, "")
	case key.Matches(k, keys.Filter):
		m.ask(promptFilter, m.messages.filterText())
	case key.Matches(k, keys.GoTo):
		m.ask(promptGoTo, "")
	default:
		return false
	}
	return true
}

// stopJob ends a search or a way that goes on by itself, and reports whether there
// was one.
func (m *Model) stopJob() bool {
	return m.stopTransfer() || m.messages.stopAsking() || m.messages.stopTravel() || m.findings.stop() || m.both.stop()
}

// jumpBack goes to where the reader was before the last jump.
func (m *Model) jumpBack() tea.Cmd {
	from, ok := m.messages.lastJump()
	if ok {
		m.uncover()
	}
	switch {
	case !ok:
		m.notice = text.Lit("there was no jump to go back from")
		return nil
	case from.chat == m.messages.chat:
		m.focus = paneMessages
		return m.messages.head(from.goal)
	}
	return m.openChat(from.chat, from.goal)
}

// showAlone shows the message that was asked for by its number.
func (m *Model) showAlone() {
	found := m.messages.alone.found
	if m.messages.alone.found = nil; found == nil {
		return
	}
	var beside zim.Message
	if m.messages.len() > 0 {
		beside = m.messages.at(m.messages.selected)
	}
	var by exchanged
	by.exchange, by.known = m.exchanges.by(m.messages.alone.by)
	m.inspector.showAlone(*found, beside, by)
	if m.width < wideWidth {
		m.focus = paneInspector
	}
}

// has reports whether there is such a pane now, on screen or behind others.
func (m *Model) has(p pane) bool {
	switch p {
	case paneConversations:
		return m.findings == nil && m.conversations.user != ""
	case paneFindings:
		return m.findings != nil
	case paneInspector:
		return m.inspector.open
	case paneMessages:
		return true
	}
	return m.cover != nil && m.cover.pane() == p
}

// back goes one step back, and reports whether there was one.
func (m *Model) back() bool {
	switch {
	case m.cover != nil:
		if !m.cover.back() {
			m.uncover()
		}
	case m.stopJob():
	case m.messages.giveUp(m.focus == paneMessages), m.conversations.giveUp(m.focus == paneConversations):
	case m.names.giveUp(), m.messages.recalls.giveUp(), m.giveUpFollowing():
	case m.inspector.open && m.focus == paneInspector && m.inspector.tab == tabTree && m.inspector.jq.expr != "":
		m.inspector.showJQ("")
	case m.inspector.open:
		if m.inspector.full && m.focus == paneInspector {
			m.inspector.full = false
			break
		}
		m.inspector.close()
		m.focus = paneMessages
	case m.focus == paneMessages && m.messages.searches():
		m.messages.endSearch()
	case m.focus == paneMessages && m.conversations.user != "" && (m.width < wideWidth || !m.listOff):
		m.focus = m.listPane()
	case m.focus == paneFindings:
		m.closeFindings()
	case m.conversations.filter != "":
		m.conversations.narrow("")
	default:
		return false
	}
	return true
}

// step moves the focus to the next pane that there is.
func (m *Model) step(by int) {
	order := []pane{m.listPane(), paneMessages}
	if m.listOff || m.conversations.user == "" {
		order = order[1:]
	}
	if m.inspector.open {
		order = append(order, paneInspector)
	}
	for i, p := range order {
		if p == m.focus {
			m.focus = order[(i+by+len(order))%len(order)]
			return
		}
	}
	m.focus = order[0]
}

func (m *Model) toggleList() {
	if m.offline && !m.several {
		m.notice = oneList
		return
	}
	if m.conversations.user == "" {
		m.notice = text.Lit("no user's conversations are listed: ctrl+k names one")
		return
	}
	if m.width < wideWidth {
		m.notice = text.Lit("on a narrow screen esc and enter switch between list and messages")
		return
	}
	m.listOff = !m.listOff
}

func (m *Model) nextZone() {
	m.zone = (m.zone + 1) % len(m.zones)
	m.look.zone = m.zones[m.zone]
	m.restyle()
	name := m.look.zone.String()
	if m.look.zone == time.Local || name == "Local" {
		name = "the zone of this machine, " + m.look.now().In(m.look.zone).Format("-07:00")
	}
	m.notice = text.CleanLine("times in " + name)
	if len(m.zones) == 1 {
		m.notice = text.CleanLine("times in " + name + ", the only zone: --timezone names another")
	}
}

// reload asks again for all that could not be had; if there is no such thing,
// for what is new in the focused pane.
func (m *Model) reload() tea.Cmd {
	if m.offline && !m.messages.failed() && !m.conversations.failed() {
		m.notice = text.Lit("there is nothing new in a file")
		return nil
	}
	m.names.retry()
	if m.focus == paneFindings {
		return m.findings.retry()
	}
	if m.messages.failed() || m.conversations.failed() {
		var cmds []tea.Cmd
		if m.messages.failed() {
			cmds = append(cmds, m.messages.reload())
		}
		if m.conversations.failed() {
			cmds = append(cmds, m.conversations.reload())
		}
		return tea.Batch(cmds...)
	}
	if m.focus == paneMessages {
		return m.messages.reload()
	}
	return m.conversations.reload()
}

// inspect shows the selected message whole, or the first on screen if the
// selected one was scrolled away.
func (m *Model) inspect() {
	if m.messages.len() == 0 {
		return
	}
	m.messages.grab(false)
	selected := m.messages.at(m.messages.selected)
	m.inspector.show(selected, m.broughtBy(selected))
	m.focus = paneInspector
	m.arrange()
	if m.layout.messages.w > 0 {
		m.messages.reveal() // the inspector may stand where it stood
	}
}
