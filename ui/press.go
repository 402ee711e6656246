package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// What a key does: for what stands over the panes, for the whole program, or for
// the pane that has the focus.

func (m *Model) handleKey(k tea.KeyPressMsg) tea.Cmd {
	m.notice = text.Line{}
	if k.String() == "ctrl+c" {
		if m.stopJob() || m.stopExport() {
			return nil
		}
		return m.quit()
	}
	switch {
	case m.opener != nil:
		return m.handleOpenerKey(k)
	case m.finder != nil:
		return m.handleFinderKey(k)
	case m.export.form != nil:
		return m.handleExportKey(k)
	case m.export.shown:
		m.handleExportPageKey(k)
		return nil
	case m.prompt.kind != promptNone:
		return m.handlePromptKey(k)
	case m.copies:
		m.copies = false
		return m.copyBy(k)
	case m.opening != nil:
		l := *m.opening
		if m.opening = nil; k.String() == "y" {
			return openLink(m.ctx, m.media, m.openURL, l.URL)
		}
		return nil
	case m.asking:
		m.asking = false
		if k.String() == "y" {
			return m.quit()
		}
		return nil
	case m.help != nil:
		m.handleHelpKey(k)
		return nil
	case m.layout.tooSmall && !key.Matches(k, keys.Quit):
		return nil
	}
	if cmd, done := m.handleRootKey(k); done {
		return cmd
	}
	if m.cover != nil {
		return m.cover.handleKey(k)
	}
	switch m.focus {
	case paneMessages:
		return m.messages.handleKey(k)
	case paneInspector:
		return m.inspector.handleKey(k)
	case paneFindings:
		m.findings.handleKey(k)
		return nil
	}
	m.conversations.handleKey(k)
	return nil
}

// handleRootKey does what does not belong to a pane, or to more than one, and
// reports whether it did.
func (m *Model) handleRootKey(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch {
	case key.Matches(k, keys.Quit) && m.exportRuns() && !m.layout.tooSmall:
		m.asking = true
	case key.Matches(k, keys.Quit):
		return m.quit(), true
	case key.Matches(k, keys.Back):
		m.back()
	case key.Matches(k, keys.QuitAsking):
		m.asking = !m.back()
	case key.Matches(k, keys.Help):
		m.help = &help{pane: m.focus}
	case key.Matches(k, keys.OpenID) && m.offline:
		m.notice = oneList
	case key.Matches(k, keys.OpenID):
		return m.showFinder(), true
	case key.Matches(k, keys.Actions):
		m.ask(promptAction, "")
	case key.Matches(k, keys.JumpBack):
		return m.jumpBack(), true
	case m.aboutPeople(k):
		return m.handlePeopleKey(k), true
	case key.Matches(k, keys.Profiles):
		return m.showProfiles(), true
	case key.Matches(k, keys.Bookmarks):
		m.showBookmarks()
	case key.Matches(k, keys.Calls):
		m.showCalls()
	case key.Matches(k, keys.Export) && m.exports():
		m.showExport()
	case m.cover != nil && key.Matches(k, keys.NextPane, keys.PreviousPane, keys.List):
	case key.Matches(k, keys.NextPane):
		m.step(1)
	case key.Matches(k, keys.PreviousPane):
		m.step(-1)
	case key.Matches(k, keys.Zone):
		m.nextZone()
	case key.Matches(k, keys.List):
		m.toggleList()
	case key.Matches(k, keys.Mouse):
		m.mouse = !m.mouse
	case key.Matches(k, keys.Reload) && m.focus != paneInspector && m.cover == nil:
		return m.reload(), true
	case key.Matches(k, keys.Follow) && (m.focus == paneMessages || m.focus == paneConversations):
		return m.toggleFollow(), true
	default:
		return m.handleKeyOf(m.focus, k)
	}
	return nil, true
}

// handleKeyOf does what a key of a pane asks of the whole browser, and reports
// whether it did.
func (m *Model) handleKeyOf(p pane, k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch p {
	case paneMessages:
		if cmd, done = m.handleKeyOfMessages(k); done {
			return cmd, true
		}
		return nil, m.handleKeyOfMessage(k)
	case paneInspector:
		return nil, m.handleKeyOfMessage(k)
	case paneConversations, paneFindings:
		return m.handleKeyOfLists(k)
	}
	switch {
	case key.Matches(k, keys.OpenBookmark) && p == paneBookmarks:
		return m.openBookmark(), true
	case key.Matches(k, keys.OpenMissing) && p == paneGap:
		m.openMissing()
	case key.Matches(k, keys.OpenMedia) && p == paneMedia:
		m.askOpen()
	case key.Matches(k, keys.SaveMedia) && p == paneMedia:
		m.askSave()
	case key.Matches(k, keys.CheckAgain) && p == paneMedia:
		return m.checkMedia(), true
	case key.Matches(k, keys.WriteCalls) && p == paneCalls:
		m.askCallsFile()
	case key.Matches(k, keys.CollectCalls) && p == paneCalls:
		m.collectCalls()
	case key.Matches(k, keys.CopyCall) && p == paneCalls:
		m.copies = true
	case key.Matches(k, keys.OpenSide) && p == paneBoth:
		return m.openSide(), true
	case key.Matches(k, keys.CopySide) && p == paneBoth:
		_, m.copies = m.pointedAt()
	default:
		return nil, false
	}
	return nil, true
}

// handleKeyOfLists is handleKeyOf for what stands at the left.
func (m *Model) handleKeyOfLists(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch {
	case key.Matches(k, keys.OpenFinding) && m.focus == paneFindings:
		return m.openFinding(), true
	case key.Matches(k, keys.Open) && m.focus == paneConversations:
		return m.openSelected(), true
	case key.Matches(k, keys.ListFilter) && m.focus == paneConversations:
		m.ask(promptList, m.conversations.filter)
		return nil, true
	}
	return nil, false
}

// handleKeyOfMessages is handleKeyOf for the chat as a whole.
func (m *Model) handleKeyOfMessages(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	open := m.messages.chat != (history.Chat{})
	switch {
	case open && m.askOfMessages(k):
	case key.Matches(k, keys.Open) && !open:
		return m.openSelected(), true
	case key.Matches(k, keys.Inspect):
		m.inspect()
	case key.Matches(k, keys.OtherSide):
		return m.otherSide(), true
	case key.Matches(k, keys.BothSides):
		m.showBothSides()
	case key.Matches(k, keys.AskGap):
		return m.askGap(), true
	case key.Matches(k, keys.Collect):
		m.collect()
	case key.Matches(k, keys.Uncollect):
		m.uncollect()
	case key.Matches(k, keys.Density):
		m.look.dense = !m.look.dense
		m.restyle()
	default:
		return nil, false
	}
	return nil, true
}

// handleKeyOfMessage does what a key asks about the message that it is about.
func (m *Model) handleKeyOfMessage(k tea.KeyPressMsg) (done bool) {
	switch {
	case key.Matches(k, keys.Bookmark):
		m.toggleBookmark()
	case key.Matches(k, keys.Note):
		m.askNote()
	case key.Matches(k, keys.OpenMedia):
		m.askOpen()
	case key.Matches(k, keys.SaveMedia):
		m.askSave()
	case key.Matches(k, keys.Copy):
		_, m.copies = m.pointedAt()
	case key.Matches(k, keys.Full) && m.focus == paneInspector:
		m.inspector.full = !m.inspector.full
	case key.Matches(k, keys.Search) && m.focus == paneInspector:
		m.ask(promptInspect, "")
	default:
		return false
	}
	return true
}

// exports reports whether there is something to export where the focus is, or a job
// to look at.
func (m *Model) exports() bool {
	return m.focus == paneMessages || m.focus == paneInspector || m.focus == paneBookmarks || m.export.job != nil
}

// quit ends the browser, once an open case is written.
func (m *Model) quit() tea.Cmd {
	if m.bookmarks.folder.holdsUp() {
		return nil
	}
	m.cancel()
	return tea.Quit
}
