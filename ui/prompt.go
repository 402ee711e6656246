package ui

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
)

// The keys, the paste and the mouse of what stands over the panes.

func (m *Model) startFilter() {
	m.filtering = true
	m.input = newInput()
	m.input.SetValue(m.conversations.filter)
	m.input.CursorEnd()
	m.input.Focus()
}

// handleFilterKey narrows the list while one types; enter keeps it, esc ends it.
func (m *Model) handleFilterKey(k tea.KeyPressMsg) {
	switch {
	case key.Matches(k, keys.Cancel):
		m.filtering = false
		m.conversations.narrow("")
		return
	case key.Matches(k, keys.Accept):
		m.filtering = false
		return
	}
	m.typeFilter(k)
}

func (m *Model) typeFilter(msg tea.Msg) {
	m.input, _ = m.input.Update(msg) // its commands are not wanted: see opener.update
	m.conversations.narrow(m.input.Value())
}

func (m *Model) handleOpenerKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, keys.Cancel):
		m.opener = nil
	case key.Matches(k, keys.Accept):
		if t, ok := m.opener.accept(); ok {
			m.opener = nil
			return m.goTo(t)
		}
	default:
		m.opener.handleKey(k)
	}
	return nil
}

func (m *Model) handleHelpKey(k tea.KeyPressMsg) {
	lines := len(m.help.lines(m.look.widths, m.width))
	jump, jumps := keys.jump(k, m.height)
	switch {
	case jumps:
		m.help.scroll(jump, lines, m.height)
	case key.Matches(k, keys.Down, keys.ScrollDown):
		m.help.scroll(1, lines, m.height)
	case key.Matches(k, keys.Up, keys.ScrollUp):
		m.help.scroll(-1, lines, m.height)
	case key.Matches(k, keys.First):
		m.help.top = 0
	case key.Matches(k, keys.Last):
		m.help.scroll(lines, lines, m.height)
	default:
		m.help = nil
	}
}

// paste goes to the input that is open, and nowhere else.
func (m *Model) paste(msg tea.PasteMsg) {
	switch {
	case m.opener != nil:
		m.opener.update(msg)
	case m.filtering:
		m.typeFilter(msg)
	}
}

// overlaid reports whether something stands over the panes, so that the mouse
// does not reach them.
func (m *Model) overlaid() bool {
	return m.opener != nil || m.help != nil || m.layout.tooSmall
}

func (m *Model) handleClick(msg tea.MouseClickMsg) tea.Cmd {
	p, ok := m.layout.at(msg.X, msg.Y)
	if !ok || m.overlaid() || msg.Button != tea.MouseLeft {
		return nil
	}
	m.filtering, m.asking, m.notice = false, false, text.Line{}
	m.focus = p
	y := msg.Y - m.layout.of(p).y
	switch p {
	case paneConversations:
		if m.conversations.click(y) {
			return m.openSelected()
		}
	case paneMessages:
		if m.messages.click(y) {
			m.inspect()
		}
	}
	return nil
}

func (m *Model) handleWheel(msg tea.MouseWheelMsg) tea.Cmd {
	p, ok := m.layout.at(msg.X, msg.Y)
	if !ok || m.overlaid() {
		return nil
	}
	by := wheelLines
	switch msg.Button {
	case tea.MouseWheelUp:
		by = -by
	case tea.MouseWheelDown:
	default:
		return nil
	}
	switch p {
	case paneConversations:
		m.conversations.scroll(by)
	case paneMessages:
		m.messages.scroll(by)
	case paneInspector:
		m.inspector.scroll(by)
	}
	return nil
}

// tooSmall says which size the screen has and which it needs.
func (m *Model) tooSmall() []row {
	var rows []row
	words := fmt.Sprintf("%dx%d, needs %dx%d", m.width, m.height, minWidth, minHeight)
	for _, l := range m.look.widths.Wrap(text.CleanBlock(words), m.width) {
		rows = append(rows, row{span{plain, l}})
	}
	return rows
}
