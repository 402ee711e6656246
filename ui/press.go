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
		if m.stopJob() {
			return nil
		}
		return m.quit()
	}
	switch {
	case m.opener != nil:
		return m.handleOpenerKey(k)
	case m.finder != nil:
		return m.handleFinderKey(k)
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

// handleRootKey does what does not belong to a pane, and reports whether it did.
func (m *Model) handleRootKey(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch {
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
	case key.Matches(k, keys.OpenBookmark) && m.focus == paneBookmarks:
		return m.openBookmark(), true
	case key.Matches(k, keys.Bookmark) && (m.focus == paneMessages || m.focus == paneInspector):
		m.toggleBookmark()
	case key.Matches(k, keys.Note) && (m.focus == paneMessages || m.focus == paneInspector):
		m.askNote()
	case key.Matches(k, keys.Collect) && m.focus == paneMessages:
		m.collect()
	case key.Matches(k, keys.Uncollect) && m.focus == paneMessages:
		m.uncollect()
	case key.Matches(k, keys.CollectCalls) && m.focus == paneCalls:
		m.collectCalls()
	case key.Matches(k, keys.AskGap) && m.focus == paneMessages:
		return m.askGap(), true
	case key.Matches(k, keys.OpenMissing) && m.focus == paneGap:
		m.openMissing()
	case key.Matches(k, keys.Calls):
		m.showCalls()
	case key.Matches(k, keys.OpenMedia) && m.showsMessages():
		m.askOpen()
	case key.Matches(k, keys.SaveMedia) && m.showsMessages():
		m.askSave()
	case key.Matches(k, keys.CheckAgain) && m.focus == paneMedia:
		return m.checkMedia(), true
	case key.Matches(k, keys.WriteCalls) && m.focus == paneCalls:
		m.askCallsFile()
	case key.Matches(k, keys.CopyCall) && m.focus == paneCalls:
		m.copies = true
	case key.Matches(k, keys.Copy) && (m.focus == paneMessages || m.focus == paneInspector):
		_, m.copies = m.pointedAt()
	case key.Matches(k, keys.OpenSide) && m.focus == paneBoth:
		return m.openSide(), true
	case key.Matches(k, keys.CopySide) && m.focus == paneBoth:
		_, m.copies = m.pointedAt()
	case key.Matches(k, keys.Full) && m.focus == paneInspector:
		m.inspector.full = !m.inspector.full
	case key.Matches(k, keys.Search) && m.focus == paneInspector:
		m.ask(promptInspect, "")
	case key.Matches(k, keys.Density) && m.focus == paneMessages:
		m.look.dense = !m.look.dense
		m.restyle()
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
	case key.Matches(k, keys.ListFilter) && m.focus == paneConversations:
		m.ask(promptList, m.conversations.filter)
	case m.focus == paneMessages && m.messages.chat != (history.Chat{}) && m.askOfMessages(k):
	case key.Matches(k, keys.Reload) && m.focus != paneInspector && m.cover == nil:
		return m.reload(), true
	case key.Matches(k, keys.Follow) && (m.focus == paneMessages || m.focus == paneConversations):
		return m.toggleFollow(), true
	case key.Matches(k, keys.OpenFinding) && m.focus == paneFindings:
		return m.openFinding(), true
	case key.Matches(k, keys.Open) && (m.focus == paneConversations || m.focus == paneMessages && m.messages.chat == (history.Chat{})):
		return m.openSelected(), true
	case key.Matches(k, keys.Inspect) && m.focus == paneMessages:
		m.inspect()
	case key.Matches(k, keys.OtherSide) && m.focus == paneMessages:
		return m.otherSide(), true
	case key.Matches(k, keys.BothSides) && m.focus == paneMessages:
		m.showBothSides()
	default:
		return nil, false
	}
	return nil, true
}

// quit ends the browser, once an open case is written.
func (m *Model) quit() tea.Cmd {
	if m.bookmarks.folder.holdsUp() {
		return nil
	}
	m.cancel()
	return tea.Quit
}
