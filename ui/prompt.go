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
	m.input, _ = m.input.Update(msg) // its command only blinks a cursor that is not drawn
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
	scroll := func(by int) { m.help.scroll(by, len(m.help.lines(m.look.widths, m.width)), m.height) }
	switch {
	case key.Matches(k, keys.Down, keys.ScrollDown):
		scroll(1)
	case key.Matches(k, keys.Up, keys.ScrollUp):
		scroll(-1)
	case key.Matches(k, keys.PageDown, keys.HalfDown):
		scroll(m.height / 2)
	case key.Matches(k, keys.PageUp, keys.HalfUp):
		scroll(-m.height / 2)
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
func tooSmall(w, h int) text.Line {
	return text.CleanLine(fmt.Sprintf("%dx%d is too small: %dx%d is needed", w, h, minWidth, minHeight))
}
