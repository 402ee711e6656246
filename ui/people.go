package ui

import (
	"context"
	"errors"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// What is known of people: the panes of a user (user.go) and of a group (group.go,
// members.go), both made of a panel (panel.go), and what they ask for.

// noPeople says why a file has no such panes.
var noPeople = text.Lit("a file has no people to ask")

// peopleCalls is what the calls of a panel have in common.
type peopleCalls struct {
	ctx    context.Context
	cancel context.CancelFunc
	client Client
}

// peopleCall is one of them.
type peopleCall struct {
	ctx    context.Context
	client Client
	number int
}

// maxAskings is how many things a panel asks for, each with requests of its own.
const maxAskings = 4

// newPeopleCalls numbers the requests of a panel, so that no answer is taken for
// that of another one.
func (m *Model) newPeopleCalls(p pane) (calls peopleCalls, askings [maxAskings]asking) {
	calls.client = m.client
	calls.ctx, calls.cancel = context.WithCancel(m.ctx)
	m.panels++
	for i := range askings {
		askings[i].request = request{of: p, waits: m.waits, number: m.numbers + (m.panels*maxAskings+i)<<16}
	}
	return calls, askings
}

// peopleMsg answers the calls of a panel: one of the pages is there, or the error.
type peopleMsg struct {
	number  int
	info    *zim.UserInfos
	states  *zim.UserStates
	joined  *zim.JoinedGroupPage
	group   *zim.GroupInfo
	members *zim.GroupMemberPage
	err     error
}

func fetchUser(c peopleCall, id string) tea.Cmd {
	return func() tea.Msg {
		info, err := c.client.QueryUserInfos(c.ctx, zim.QueryUserInfosRequest{UserIds: []string{id}})
		return peopleMsg{number: c.number, info: info, err: err}
	}
}

func fetchUserState(c peopleCall, id string) tea.Cmd {
	return func() tea.Msg {
		states, err := c.client.QueryUserOnlineState(c.ctx, zim.QueryUserOnlineStateRequest{UserIds: []string{id}})
		return peopleMsg{number: c.number, states: states, err: err}
	}
}

func fetchJoined(c peopleCall, r zim.QueryGroupsInfoOfUserRequest) tea.Cmd {
	return func() tea.Msg {
		page, err := c.client.QueryGroupsInfoOfUser(c.ctx, r)
		return peopleMsg{number: c.number, joined: page, err: err}
	}
}

func fetchGroup(c peopleCall, r zim.QueryGroupInfoRequest) tea.Cmd {
	return func() tea.Msg {
		group, err := c.client.QueryGroupInfo(c.ctx, r)
		return peopleMsg{number: c.number, group: group, err: err}
	}
}

func fetchMembers(c peopleCall, r zim.QueryGroupMemberListRequest) tea.Cmd {
	return func() tea.Msg {
		page, err := c.client.QueryGroupMemberList(c.ctx, r)
		return peopleMsg{number: c.number, members: page, err: err}
	}
}

// trail follows the pages of a list, and refuses to be led in a circle.
type trail struct {
	asked map[string]bool
	empty int // pages in a row that had nothing
}

const maxEmptyPages = 50

var (
	errCircle = errors.New("the service repeated a page: the list is not whole")
	errIdle   = errors.New("the service sends empty pages: the list is not whole")
)

// step notes a page: from which mark, to which one, with how many entries.
func (t *trail) step(from, to string, entries int) error {
	if t.asked == nil {
		t.asked = map[string]bool{}
	}
	t.asked[from] = true
	if t.empty++; entries > 0 {
		t.empty = 0
	}
	switch {
	case t.asked[to]:
		return errCircle
	case t.empty >= maxEmptyPages:
		return errIdle
	}
	return nil
}

// showUserOf opens the pane of the user that the selection is about.
func (m *Model) showUserOf() tea.Cmd {
	var user string
	switch c := m.cover.(type) {
	case *groupPane:
		user, _ = c.current()
	default:
		if m.focus == paneConversations {
			conv, ok := m.conversations.current()
			if ok && conv.ConvType == zim.Group {
				return m.showGroup(conv.ConvId)
			}
			user = conv.ConvId
		} else if msg, ok := m.pointedAt(); ok {
			user = msg.Envelope().Sender
		}
	}
	switch {
	case m.offline:
		m.notice = noPeople
	case user == "":
		m.notice = text.Lit("nobody is selected whom the service could be asked about")
	default:
		return m.showUser(user)
	}
	return nil
}

// showGroupOf opens the pane of the group that is open, or of the selected one of a
// user.
func (m *Model) showGroupOf() tea.Cmd {
	if c, ok := m.cover.(*userPane); ok {
		if i, ok := c.entry(); ok {
			return m.showGroup(c.groups[i].id)
		}
	}
	switch chat := m.messages.chat; {
	case m.offline:
		m.notice = noPeople
	case chat.IsGroup():
		return m.showGroup(chat.Group)
	default:
		m.notice = text.Lit("no group is open: u on a group of the list shows it too")
	}
	return nil
}

// aboutPeople reports whether handlePeopleKey has a key.
func (m *Model) aboutPeople(k tea.KeyPressMsg) bool {
	switch m.focus {
	case paneConversations:
		return key.Matches(k, keys.User)
	case paneMessages, paneInspector:
		return key.Matches(k, keys.User, keys.Group)
	case paneUser:
		return key.Matches(k, keys.OpenRow, keys.Group, keys.CopyRow)
	case paneGroup:
		return key.Matches(k, keys.FilterSender, keys.User, keys.OnlyMembers, keys.CopyRow)
	}
	return false
}

// handlePeopleKey opens the pane of a user or a group, or does there what reaches
// beyond it.
func (m *Model) handlePeopleKey(k tea.KeyPressMsg) tea.Cmd {
	user, ofUser := m.cover.(*userPane)
	group, ofGroup := m.cover.(*groupPane)
	switch {
	case key.Matches(k, keys.User):
		return m.showUserOf()
	case key.Matches(k, keys.Group):
		return m.showGroupOf()
	case ofUser && key.Matches(k, keys.CopyRow):
		return m.copyRow(user.copies())
	case ofUser:
		return m.openOfUser(user)
	case ofGroup && key.Matches(k, keys.CopyRow):
		return m.copyRow(group.copies())
	case ofGroup && key.Matches(k, keys.OnlyMembers):
		m.ask(promptMembers, group.filter)
	case ofGroup:
		return m.filterBySender(group)
	}
	return nil
}

// copyRow copies what is on a row of a panel, as it came.
func (m *Model) copyRow(s string) tea.Cmd {
	if s == "" {
		m.notice = text.Lit("there is nothing to copy on this row")
		return nil
	}
	return m.toClipboard("this row", s)
}

// openOfUser opens what the selected row of a user's pane names.
func (m *Model) openOfUser(c *userPane) tea.Cmd {
	opens := c.fact().opens
	if i, ok := c.entry(); ok {
		opens.chat = history.Chat{Group: c.groups[i].id}
	}
	if opens == (target{}) {
		m.notice = text.Lit("there is nothing to open on this row")
		return nil
	}
	return m.goTo(opens)
}

// filterBySender shows what the selected member said in the group.
func (m *Model) filterBySender(c *groupPane) tea.Cmd {
	user, ok := c.current()
	if !ok {
		m.notice = text.Lit("no member is selected whose messages could be shown")
		return nil
	}
	chat := history.Chat{Group: c.id}
	m.uncover()
	m.focus = paneMessages
	var cmd tea.Cmd
	if m.messages.chat != chat {
		cmd = m.openChat(chat, goal{})
	}
	f, err := history.ParseFilter(history.FromFilter(user), m.look.zone, m.look.now())
	if err != nil {
		m.notice = text.CleanLine("filter: " + err.Error())
		return cmd
	}
	return tea.Batch(cmd, m.messages.narrow(f))
}

// applyPeople hands an answer to the panel that awaits it.
func (m *Model) applyPeople(msg peopleMsg) tea.Cmd {
	switch c := m.cover.(type) {
	case *userPane:
		return c.apply(msg, &m.names)
	case *groupPane:
		cmd := c.apply(msg, &m.names)
		if msg.members != nil {
			m.messages.restyle(m.look) // names came, and maybe who left
		}
		return tea.Batch(cmd, m.tellLeft(c))
	}
	return nil
}

// pausePeople tells a panel of the pause of a request.
func (m *Model) pausePeople(msg waitMsg) {
	switch c := m.cover.(type) {
	case *userPane:
		c.pause(msg)
	case *groupPane:
		c.pause(msg)
	}
}

// narrowMembers shows some members of the group whose pane is open.
func (m *Model) narrowMembers(filter string) tea.Cmd {
	if g, ok := m.cover.(*groupPane); ok {
		return g.narrow(filter)
	}
	return nil
}

// applyMembers hands the pane of a group what was found for it.
func (m *Model) applyMembers(msg tea.Msg) tea.Cmd {
	g, ok := m.cover.(*groupPane)
	if !ok {
		return nil
	}
	switch msg := msg.(type) {
	case membersMsg:
		return g.applySifted(msg)
	case leftMsg:
		g.applyLeft(msg)
	}
	return nil
}
