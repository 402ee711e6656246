package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// userPane is what is known of a user: the name, the app's own field, whether
// online, and the groups.
type userPane struct {
	panel
	peopleCalls
	id     string
	viewer string // whose conversations are listed

	info                  zim.UserInfo
	infoErr               zim.Code // the service knows no such user
	state                 text.Line
	groups                []joined
	trail                 trail
	next                  string
	joinedNum             int64
	whole                 bool
	profile, status, list asking
}

// joined is a group that the user is in.
type joined struct {
	id   string
	name text.Line
}

// showUser opens the pane of a user.
func (m *Model) showUser(id string) tea.Cmd {
	calls, a := m.newPeopleCalls(paneUser)
	u := &userPane{peopleCalls: calls, id: id, viewer: m.conversations.user, profile: a[0], status: a[1], list: a[2]}
	m.put(u)
	return u.ask()
}

// ask asks for all that is not known yet.
func (u *userPane) ask() tea.Cmd {
	u.groups, u.trail, u.next, u.whole = nil, trail{}, "", false
	cmd := tea.Batch(
		u.profile.begin(&u.peopleCalls, zim.Foreground, func(c peopleCall) tea.Cmd { return fetchUser(c, u.id) }),
		u.status.begin(&u.peopleCalls, zim.Foreground, func(c peopleCall) tea.Cmd { return fetchUserState(c, u.id) }),
		u.askGroups(zim.Foreground),
	)
	u.compose()
	return cmd
}

func (u *userPane) askGroups(p zim.Priority) tea.Cmd {
	return u.list.begin(&u.peopleCalls, p, func(c peopleCall) tea.Cmd {
		return fetchJoined(c, zim.QueryGroupsInfoOfUserRequest{FromUserId: u.id, Limit: zim.MaxJoinedGroups, Next: u.next})
	})
}

// more asks for groups that will be scrolled to.
func (u *userPane) more() tea.Cmd {
	if u.whole || u.list.err != nil || !u.nearEnd() {
		return nil
	}
	return u.askGroups(zim.Prefetch)
}

// retry asks again for what failed; if nothing did, for all.
func (u *userPane) retry() tea.Cmd {
	var cmds []tea.Cmd
	if u.profile.err != nil {
		cmds = append(cmds, u.profile.begin(&u.peopleCalls, zim.Foreground, func(c peopleCall) tea.Cmd { return fetchUser(c, u.id) }))
	}
	if u.status.err != nil {
		cmds = append(cmds, u.status.begin(&u.peopleCalls, zim.Foreground, func(c peopleCall) tea.Cmd { return fetchUserState(c, u.id) }))
	}
	if u.list.err != nil && !u.whole {
		cmds = append(cmds, u.askGroups(zim.Foreground))
	}
	if len(cmds) == 0 {
		return u.ask()
	}
	u.compose()
	return tea.Batch(cmds...)
}

// apply takes an answer, and tells names what it learns from it.
func (u *userPane) apply(msg peopleMsg, n *names) tea.Cmd {
	switch {
	case u.profile.takes(msg.number, msg.err):
		if msg.info != nil {
			u.applyInfo(msg.info, n)
		}
	case u.status.takes(msg.number, msg.err):
		if msg.states != nil {
			u.state = stateLine(u.id, msg.states)
		}
	case u.list.takes(msg.number, msg.err):
		if msg.joined != nil {
			u.add(msg.joined, n)
		}
	default:
		return nil
	}
	u.compose()
	return u.more()
}

func (u *userPane) applyInfo(info *zim.UserInfos, n *names) {
	u.info, u.infoErr = zim.UserInfo{}, 0
	for _, e := range info.ErrorList {
		u.infoErr = e.SubCode
	}
	for _, found := range info.Result {
		if found.UserId == u.id {
			u.info, u.infoErr = found, 0
			n.learn(known{id: u.id, name: text.CleanName(found.UserName)})
		}
	}
}

// stateLine says whether a user is online.
func stateLine(id string, states *zim.UserStates) text.Line {
	for _, s := range states.Result {
		switch {
		case s.UserId != id:
		case s.Status == zim.Online:
			return text.Lit("online")
		case s.Status == zim.Offline:
			return text.Lit("offline")
		default:
			return text.CleanName(s.Status)
		}
	}
	switch {
	case len(states.ErrorList) == 0:
		return text.Lit("the service did not say")
	case states.ErrorList[0].SubCode == zim.UserUnknown:
		return text.Lit("not known to the service, or logged out")
	}
	return text.CleanLine("not known: " + states.ErrorList[0].SubCode.String())
}

// add puts a page of groups behind those that are there.
func (u *userPane) add(page *zim.JoinedGroupPage, n *names) {
	for _, g := range page.GroupInfoList {
		if g.GroupId != "" {
			name := text.CleanName(g.GroupName)
			u.groups = append(u.groups, joined{g.GroupId, name})
			n.learn(known{group: true, id: g.GroupId, name: name})
		}
	}
	u.joinedNum, u.whole = page.HasJoinGroupNum, page.End()
	if !u.whole {
		u.list.err = u.trail.step(u.next, page.NextRsp, len(page.GroupInfoList))
		u.whole = u.list.err != nil // there is no way on
	}
	u.next = page.NextRsp
}

// compose lays the pane out anew.
func (u *userPane) compose() { u.panel.compose(u.tellFacts, len(u.groups)) }

// tellFacts tells what is known, and of what is not, why.
func (u *userPane) tellFacts() {
	u.tell(text.Lit("ID"), bold, text.RevealBlock(u.id), u.id, target{})
	u.trouble(text.Lit("name"), &u.profile)
	switch {
	case u.infoErr != 0:
		u.tell(text.Lit("name"), alarm, text.CleanBlock(u.infoErr.String()), "", target{})
		u.tell(text.Line{}, dim, text.CleanBlock(u.infoErr.Advice()), "", target{})
	case !u.profile.busy && u.profile.err == nil:
		u.name(u.info.UserName)
		u.value(text.Lit("avatar"), u.info.UserAvatar)
		u.value(text.Lit("Extra"), u.info.Extra)
	}
	if u.trouble(text.Lit("state"), &u.status); !u.status.busy && u.status.err == nil {
		u.tell(text.Lit("state"), plain, text.CleanBlock(u.state.String()), u.state.String(), target{})
	}
	if u.id != u.viewer {
		u.tell(text.Lit("conversations"), accent, text.CleanBlock("enter lists those of this user"), "", target{user: u.id})
		if u.viewer != "" {
			chat := history.Chat{User: u.viewer, Peer: u.id}
			said := text.Join(text.Lit("enter opens "), chatLine(u.viewer, chat))
			u.tell(text.Lit("chat"), accent, text.CleanBlock(said.String()), "", target{chat: chat})
		}
	}
	u.section(text.Lit("Groups"), u.counted())
	u.trouble(text.Line{}, &u.list)
}

// counted says how many groups there are.
func (u *userPane) counted() text.Line {
	n := len(u.groups)
	switch {
	case u.whole && u.list.err == nil:
		return text.Join(number(n), text.Lit(" · U shows the selected one"))
	case u.joinedNum > 0:
		return text.Join(number(n), text.Lit(" of "), number(int(u.joinedNum)))
	}
	return number(n)
}

// copies returns what y copies.
func (u *userPane) copies() string {
	if i, ok := u.entry(); ok {
		return u.groups[i].id
	}
	return u.fact().copies
}

func (u *userPane) pause(msg waitMsg) {
	for _, a := range []*asking{&u.profile, &u.status, &u.list} {
		a.request.pause(msg)
	}
	u.compose()
}

func (u *userPane) pane() pane { return paneUser }

func (u *userPane) resize(w, h int) {
	if w != u.w || h != u.h {
		u.w, u.h = w, h
		u.compose()
	}
}

func (u *userPane) restyle(l look) {
	u.look = l
	u.compose()
}

func (u *userPane) handleKey(k tea.KeyPressMsg) tea.Cmd {
	if key.Matches(k, keys.AskAgain) {
		return u.retry()
	}
	u.handleMove(k)
	return u.more()
}

func (u *userPane) scroll(k int) { u.move(k) }

func (u *userPane) click(_, y int) tea.Cmd {
	u.panel.click(y)
	return u.more()
}

// back ends the pause of a request, which is a step of its own.
func (u *userPane) back() bool {
	stopped := false
	for _, a := range []*asking{&u.profile, &u.status, &u.list} {
		stopped = a.giveUp() || stopped
	}
	u.compose()
	return stopped
}

func (u *userPane) close() { u.cancel() }

func (u *userPane) view() []string {
	title := row{space(barColumn), {accent, text.Lit("User")}, {dim, dot}, {senderInk(u.id), idLine(u.id)}}
	return u.panel.view(title, func(i int) row {
		g := u.groups[i]
		r := row{space(1), {dim, text.Lit("* ")}, {bold, idLine(g.id)}, space(2)}
		if g.name.Empty() {
			return append(r, span{dim, text.Lit("(no name)")})
		}
		return append(r, span{plain, g.name})
	})
}
