package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// View shows the frame that Update drew.
func (m *Model) View() tea.View {
	v := newView(m.screen)
	if m.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// newView is the only place that makes a tea.View.
func newView(screen string) tea.View {
	v := tea.NewView(screen)
	v.AltScreen = true
	v.WindowTitle = "backscroll"
	return v
}

// draw composes the screen from the panes.
func (m *Model) draw() {
	st, w := m.look.styles, m.look.widths
	render := func(r row) string { return r.render(st, w, m.width, false) }
	var lines []string
	switch {
	case m.width <= 0 || m.height <= 0:
	case m.layout.tooSmall:
		lines = m.page(m.tooSmall(), render)
	case m.opener != nil:
		lines = m.page(m.opener.lines(w, m.width, m.height), render)
	case m.finder != nil:
		lines = m.page(m.finder.lines(w, m.width, m.height), render)
	case m.export.form != nil:
		lines = m.page(m.export.form.lines(m.look, m.width, m.height), render)
	case m.export.shown:
		lines = m.page(m.exportPage(), render)
	case m.help != nil:
		lines = m.page(m.help.page(w, m.width, m.height), render)
	default:
		lines = append(m.panes(), render(m.status()))
		if m.prompt.kind > promptList {
			rows := m.prompt.rows(w, m.width, m.promptNote())
			lines = append(lines[:max(len(lines)-2, 0)], render(rows[0]), render(rows[1]))
		}
	}
	m.screen = strings.Join(lines[:min(len(lines), max(m.height, 0))], "\n")
}

// page draws rows over the whole screen.
func (m *Model) page(rows []row, render func(row) string) []string {
	var lines []string
	for _, r := range rows {
		lines = append(lines, render(r))
	}
	return lines
}

// panes draws every line of the panes, joined by the rules between them.
func (m *Model) panes() []string {
	st := m.look.styles
	rule := st.on[dim] + "│" + sgrReset
	l := m.layout
	if m.cover != nil {
		return m.cover.view()
	}
	var left, middle, insp []string // what has no place is not drawn
	if l.conversations.w > 0 {
		if m.findings != nil {
			left = m.findings.view(m.focus == paneFindings)
		} else {
			left = m.conversations.view(m.focus == paneConversations)
		}
	}
	if l.messages.w > 0 {
		middle = m.messages.view(m.focus == paneMessages)
	}
	if l.inspector.w > 0 {
		insp = m.inspector.view(m.focus == paneInspector)
	}
	if l.messages.w == 0 {
		middle = insp
	} else if l.inspector.w > 0 && l.inspector.x == l.messages.x {
		middle = append(middle, st.on[dim]+strings.Repeat("─", l.messages.w)+sgrReset)
		middle = append(middle, insp...)
	}
	switch {
	case l.conversations.w > 0 && l.messages.w == 0:
		return left
	case l.conversations.w == 0 && l.inspector.x <= l.messages.x:
		return middle
	}
	lines := make([]string, len(middle))
	for i := range lines {
		lines[i] = middle[i]
		if l.conversations.w > 0 {
			lines[i] = left[i] + rule + lines[i]
		}
		if l.inspector.x > l.messages.x {
			lines[i] += rule + insp[i]
		}
	}
	return lines
}
