package ui

import tea "charm.land/bubbletea/v2"

// What an answer does: for the panes, for what stands over them, or for files.

// apply hands an answer to whom it was for.
func (m *Model) apply(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case messagesMsg:
		return m.applyMessages(msg)
	case conversationsMsg:
		cmd := m.conversations.apply(msg)
		if !m.offline {
			m.conversations.wantUsers(&m.names)
		}
		return tea.Batch(cmd, m.gather())
	case namesMsg:
		m.applyNames(msg)
		return m.gather()
	case bySeqMsg:
		return m.applyBySeq(msg)
	case treeMsg:
		return m.inspector.readOn()
	case jqMsg:
		m.inspector.applyJQ(msg)
		return m.inspector.readOn()
	case findingsMsg:
		if m.findings != nil {
			return m.findings.apply(msg)
		}
	case siftedMsg:
		return m.messages.applySifted(msg)
	case openMessageMsg:
		return m.openMessage(msg.message)
	case followMsg:
		if msg.number == m.following.request.number && m.following.on() {
			return m.followOn()
		}
	case followedMsg:
		return m.applyFollowed(msg)
	case waitMsg:
		m.pause(msg)
		return m.listen()
	case spinMsg:
		m.spinning = false
		m.frame++
	case trafficMsg:
		m.counting = false
	default:
		return tea.Batch(m.applyToCover(msg), m.applyFiles(msg))
	}
	return nil
}

// applyToCover hands an answer to what stands over the panes.
func (m *Model) applyToCover(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case profilesMsg:
		if p, ok := m.cover.(*profiles); ok {
			p.apply(msg)
		}
	case shapesMsg:
		if s, ok := m.cover.(*shapes); ok {
			s.apply(msg)
		}
	case bothMsg:
		m.both.apply(msg)
	case openSideMsg:
		return m.openSide()
	case peopleMsg:
		return m.applyPeople(msg)
	case membersMsg, leftMsg:
		return m.applyMembers(msg)
	case placesMsg, foundMsg:
		return m.applyPlaces(msg)
	case recentsMsg:
		return m.applyRecents(msg)
	}
	return nil
}

// applyFiles takes what became of files.
func (m *Model) applyFiles(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case fetchedMsg:
		return m.applyFetched(msg)
	case openedMsg:
		m.notice = opened(msg)
	case exportCheckedMsg:
		return m.applyExportChecked(msg)
	case exportedMsg:
		m.applyExported(msg)
	case writtenMsg:
		m.notice = msg.said()
	case caseReadMsg:
		m.applyCase(msg)
	case caseWrittenMsg:
		return m.applyCaseWritten(msg)
	}
	return nil
}

// applyMessages puts a page into the chat, and wants to know who sent it.
func (m *Model) applyMessages(msg messagesMsg) tea.Cmd {
	if msg.number == m.messages.request.number && msg.page != nil {
		for _, came := range msg.page.List {
			m.wantSender(came)
		}
	}
	cmd := m.messages.apply(msg)
	if m.inspects && m.messages.len() > 0 {
		m.inspects = false
		m.arrange()
		m.inspect()
	}
	return cmd
}

// applyBySeq hands messages that were asked for by their numbers to who asked.
func (m *Model) applyBySeq(msg bySeqMsg) tea.Cmd {
	switch msg.pane {
	case paneAlone:
		m.messages.applyAlone(msg)
		m.showAlone()
	case paneGap:
		return m.messages.applyGap(msg)
	default:
		m.messages.applyRecalls(msg)
		m.inspector.learn()
	}
	return nil
}
