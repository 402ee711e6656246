package ui

import tea "charm.land/bubbletea/v2"

// cover is a pane in the place of all others, until esc: the calls of the session,
// the shapes of a conversation, a check of media.
type cover interface {
	pane() pane // whose keys it has
	resize(w, h int)
	restyle(l look)
	handleKey(k tea.KeyPressMsg) tea.Cmd // all keys but those that work everywhere
	scroll(k int)
	click(x, y int) tea.Cmd
	back() bool // goes a step back inside of it; false where there is none
	close()     // ends what it waits for
	view() []string
}

// put lays a cover over the panes, in the place of another.
func (m *Model) put(c cover) {
	m.uncover()
	m.beneath, m.cover, m.focus = m.focus, c, c.pane()
	c.restyle(m.look)
}

// uncover shows the panes again.
func (m *Model) uncover() {
	if m.cover != nil {
		m.cover.close()
		m.cover, m.focus = nil, m.beneath
	}
}
