package ui

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
)

// The keys, the paste and the mouse of what stands over the panes.

func (m *Model) handleOpenerKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, keys.Cancel):
		m.opener = nil
	case key.Matches(k, keys.Accept):
		if t, ok := m.opener.accept(); ok {
			m.opener = nil
			m.closeFinder()
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
func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case m.opener != nil:
		m.opener.update(msg)
	case m.finder != nil:
		return m.finder.update(msg)
	case m.export.form != nil:
		m.export.form.update(msg)
	case m.prompt.kind != promptNone:
		return m.typeInPrompt(msg)
	}
	return nil
}

// overlaid reports whether something stands over the panes, so that the mouse
// does not reach them.
func (m *Model) overlaid() bool {
	return m.opener != nil || m.finder != nil || m.export.form != nil || m.export.shown || m.help != nil || m.layout.tooSmall
}

func (m *Model) handleClick(msg tea.MouseClickMsg) tea.Cmd {
	p, ok := m.layout.at(msg.X, msg.Y)
	if !ok || m.overlaid() || msg.Button != tea.MouseLeft {
		return nil
	}
	m.asking, m.notice = false, text.Line{}
	cmd := m.cancelPrompt()
	if m.cover != nil {
		return tea.Batch(cmd, m.cover.click(msg.X, msg.Y))
	}
	if m.focus = p; p == paneConversations {
		m.focus = m.listPane()
	}
	y := msg.Y - m.layout.of(p).y
	switch m.focus {
	case paneFindings:
		if m.findings.click(y) {
			return tea.Batch(cmd, m.openFinding())
		}
	case paneConversations:
		if m.conversations.click(y) {
			return tea.Batch(cmd, m.openSelected())
		}
	case paneMessages:
		if msg.X == m.layout.messages.x+m.layout.messages.w-1 {
			m.messages.clickBar(y)
		} else if m.messages.click(y) {
			m.inspect()
		}
	case paneInspector:
		m.inspector.click(msg.X-m.layout.inspector.x, y)
	}
	return cmd
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
	if m.cover != nil {
		m.cover.scroll(by)
		return nil
	}
	switch p {
	case paneConversations:
		if m.findings != nil {
			m.findings.move(by / wheelLines)
			return nil
		}
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
