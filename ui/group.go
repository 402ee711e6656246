package ui

import (
	"fmt"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// groupPane is what is known of a group, and its members. Behind them stand those
// who wrote and are no members any more, once all members are known.
type groupPane struct {
	panel
	peopleCalls
	id   string
	from string // a user in whose name the group is asked for

	info        *zim.GroupInfo
	members     ranks
	ids         map[string]bool // of the members
	trail       trail
	next        zim.Next
	total       int64
	whole       bool // all members are known
	about, list asking

	filter  string   // that is wanted
	applied string   // the filter of shown; "" shows all members
	shown   []member // those that it lets through
	sifting bool

	left    []writer
	leftOf  int  // messages that were looked at for them
	sought  bool // they were asked for
	leftErr error
}

// showGroup opens the pane of a group.
func (m *Model) showGroup(id string) tea.Cmd {
	calls, a := m.newPeopleCalls(paneGroup)
	from := m.conversations.user
	if m.messages.chat == (history.Chat{Group: id}) && from == "" {
		for i := 0; i < min(m.messages.log.Len(), maxTimeless) && from == ""; i++ {
			from = string(m.messages.log.At(i).Peek().Sender)
		}
	}
	g := &groupPane{peopleCalls: calls, id: id, from: from, about: a[0], list: a[1]}
	m.put(g)
	return g.ask()
}

// ask asks for all that is to be known.
func (g *groupPane) ask() tea.Cmd {
	g.members, g.ids, g.trail, g.next, g.whole = ranks{}, map[string]bool{}, trail{}, "", false
	g.left, g.sought, g.leftErr = nil, false, nil
	g.shown, g.applied = nil, ""
	cmd := tea.Batch(g.askInfo(), g.askMembers(zim.Foreground))
	g.compose()
	return cmd
}

// askInfo asks for the group itself, which takes a user who is registered.
func (g *groupPane) askInfo() tea.Cmd {
	if g.from == "" {
		return nil // the first member will do
	}
	return g.about.begin(&g.peopleCalls, zim.Foreground, func(c peopleCall) tea.Cmd {
		return fetchGroup(c, zim.QueryGroupInfoRequest{FromUserId: g.from, GroupId: g.id})
	})
}

func (g *groupPane) askMembers(p zim.Priority) tea.Cmd {
	return g.list.begin(&g.peopleCalls, p, func(c peopleCall) tea.Cmd {
		return fetchMembers(c, zim.QueryGroupMemberListRequest{GroupId: g.id, Limit: zim.MaxGroupMembers, Next: g.next})
	})
}

// more asks for members that will be scrolled to, or that the filter may show.
func (g *groupPane) more() tea.Cmd {
	if g.whole || g.list.err != nil || g.sifting || !g.nearEnd() {
		return nil
	}
	return g.askMembers(zim.Prefetch)
}

// retry asks again for what failed; if nothing did, for all.
func (g *groupPane) retry() tea.Cmd {
	var cmds []tea.Cmd
	if g.about.err != nil {
		cmds = append(cmds, g.askInfo())
	}
	if g.list.err != nil {
		cmds = append(cmds, g.askMembers(zim.Foreground))
	}
	if len(cmds) == 0 {
		return g.ask()
	}
	g.compose()
	return tea.Batch(cmds...)
}

// apply takes an answer, and tells names what it learns from it.
func (g *groupPane) apply(msg peopleMsg, n *names) (cmd tea.Cmd) {
	switch {
	case g.about.takes(msg.number, msg.err):
		if g.info = msg.group; msg.group != nil {
			n.learn(known{group: true, id: g.id, name: text.CleanName(msg.group.GroupName)})
		}
	case g.list.takes(msg.number, msg.err):
		if msg.members != nil {
			cmd = g.add(msg.members, n)
		}
	default:
		return nil
	}
	g.compose()
	return tea.Batch(cmd, g.more())
}

// add puts a page of members to the others.
func (g *groupPane) add(page *zim.GroupMemberPage, n *names) (cmd tea.Cmd) {
	for _, m := range page.List {
		if m.UserId == "" || g.ids[m.UserId] {
			continue
		}
		g.ids[m.UserId] = true
		one := newMember(m)
		g.members.add(one)
		n.learn(known{id: one.id, name: one.name})
	}
	g.total = page.TotalCount
	if g.whole = page.Next.End(); !g.whole {
		g.list.err = g.trail.step(string(g.next), string(page.Next), len(page.List))
	}
	g.next = page.Next
	if g.from == "" && g.members.len() > 0 {
		g.from = g.members.at(0).id
		cmd = g.askInfo()
	}
	return tea.Batch(cmd, g.narrow(g.filter))
}

// narrow shows the members that have the filter in their ID or names.
func (g *groupPane) narrow(filter string) tea.Cmd {
	if g.filter = filter; filter == "" {
		g.shown, g.applied, g.sifting = nil, "", false
		g.compose()
		return nil
	}
	g.sifting = true
	return siftMembers(g, g.members, filter)
}

// applySifted shows what a filter lets through.
func (g *groupPane) applySifted(msg membersMsg) tea.Cmd {
	if msg.pane != g || msg.filter != g.filter || msg.of != g.members.len() {
		return nil // another one is under way
	}
	if g.applied != g.filter { // the first of those that are shown
		g.selected = len(g.facts)
	}
	g.shown, g.applied, g.sifting = msg.shown, g.filter, false
	g.compose()
	return g.more()
}

// tellLeft has those found who wrote and are no members, once these are known.
func (m *Model) tellLeft(g *groupPane) tea.Cmd {
	if !g.whole || g.sought {
		return nil
	}
	g.sought = true
	if m.rosters == nil {
		m.rosters = map[string]roster{}
	}
	m.rosters[g.id] = roster{g.ids, m.look.now()}
	if m.messages.chat != (history.Chat{Group: g.id}) {
		return nil
	}
	m.messages.keepingLines(m.messages.forget)
	return findLeft(g.ctx, g, m.messages.log.Snapshot(), g.ids)
}

// roster is all members of a group, as they were.
type roster struct {
	ids map[string]bool
	at  time.Time
}

// hasLeft reports whether who wrote in the open group is known to be no member. Who
// wrote after the members were asked for may have joined since.
func (m *Model) hasLeft(e zim.Envelope) bool {
	r, known := m.rosters[m.messages.chat.Group]
	if !known || e.Sender == "" || !m.messages.chat.IsGroup() || r.ids[e.Sender] {
		return false
	}
	at, timed := e.Time()
	return !timed || at.Before(r.at)
}

// applyLeft shows who wrote and is no member any more.
func (g *groupPane) applyLeft(msg leftMsg) {
	if msg.pane == g {
		g.left, g.leftOf, g.leftErr = msg.list, msg.of, msg.err
		g.compose()
	}
}

// listed returns how many members are shown; behind them stand those who left.
func (g *groupPane) listed() int {
	if g.applied != "" {
		return len(g.shown)
	}
	return g.members.len()
}

// current returns the user of the selected row.
func (g *groupPane) current() (id string, ok bool) {
	i, ok := g.entry()
	switch {
	case !ok:
		return "", false
	case i < g.listed():
		return g.memberAt(i).id, true
	case i == g.listed():
		return "", false // what is said of those who left
	}
	return g.left[i-g.listed()-1].id, true
}

func (g *groupPane) memberAt(i int) member {
	if g.applied != "" {
		return g.shown[i]
	}
	return g.members.at(i)
}

// compose lays the pane out anew.
func (g *groupPane) compose() {
	entries := g.listed() + 1
	if g.applied == "" {
		entries += len(g.left)
	}
	g.panel.compose(g.tellFacts, entries)
}

// tellFacts tells what is known, and of what is not, why.
func (g *groupPane) tellFacts() {
	g.tell(text.Lit("ID"), bold, text.RevealBlock(g.id), g.id, target{})
	g.trouble(text.Lit("name"), &g.about)
	if i := g.info; i != nil && !g.about.busy && g.about.err == nil {
		g.name(i.GroupName)
		notice := text.CleanBlock(i.GroupNotice)
		if notice.Blank() {
			notice = text.CleanBlock("none")
		}
		g.tell(text.Lit("notice"), plain, notice, i.GroupNotice, target{})
		g.value(text.Lit("avatar"), i.GroupAvatar)
		created := "unknown time"
		if at, ok := zim.TimeOf(i.GroupCreateTime); ok {
			created = fullTime(at, g.look.zone)
		}
		g.tell(text.Lit("created"), plain, text.CleanBlock(created), created, target{})
		muted := map[zim.AllForbid]string{zim.ForbidAll: "yes, nobody may write", zim.ForbidNone: "no"}[i.IsAllForbid]
		if muted == "" {
			muted = "the service did not say"
		}
		g.tell(text.Lit("all muted"), plain, text.CleanBlock(muted), "", target{})
	}
	owner := text.Lit("not among the members that are loaded")
	for _, m := range g.members[0] {
		owner = text.Join(idLine(m.id), text.Lit("  "), m.name)
	}
	g.tell(text.Lit("owner"), plain, text.CleanBlock(owner.String()), owner.String(), target{})
	g.section(text.Lit("Members"), g.counted())
	g.trouble(text.Line{}, &g.list)
}

// counted says how many members there are, and what is not known of them.
func (g *groupPane) counted() text.Line {
	n := g.members.len()
	said := fmt.Sprint(n)
	switch {
	case g.whole:
	case g.total > 0:
		said = fmt.Sprintf("%d of %d loaded", n, g.total)
	default:
		said = fmt.Sprintf("%d loaded", n)
	}
	if g.applied != "" {
		return text.Join(text.CleanLine(fmt.Sprintf("%d of %s with ", len(g.shown), said)), text.CleanLine(g.applied))
	}
	return text.CleanLine(said)
}

// leftLine says who left, or why that is not known.
func (g *groupPane) leftLine() text.Line {
	switch {
	case g.applied != "":
		return text.Line{}
	case !g.whole:
		return text.Lit("Whether a sender left is not known until all members are loaded: G loads on")
	case !g.sought || g.leftErr != nil || g.leftOf == 0:
		return text.Lit("No messages of this group are loaded whose senders could have left")
	case len(g.left) == 0:
		return text.CleanLine(fmt.Sprintf("None of the senders of %s left", count(g.leftOf, "loaded message", "loaded messages")))
	}
	return text.CleanLine(fmt.Sprintf("Left, or never a member: %s of %s", count(len(g.left), "sender", "senders"), count(g.leftOf, "loaded message", "loaded messages")))
}

// copies returns what y copies.
func (g *groupPane) copies() string {
	if id, ok := g.current(); ok {
		return id
	}
	return g.fact().copies
}

func (g *groupPane) pause(msg waitMsg) {
	g.about.request.pause(msg)
	g.list.request.pause(msg)
	g.compose()
}

func (g *groupPane) pane() pane { return paneGroup }

func (g *groupPane) resize(w, h int) {
	if w != g.w || h != g.h {
		g.w, g.h = w, h
		g.compose()
	}
}

func (g *groupPane) restyle(l look) {
	g.look = l
	g.compose()
}

func (g *groupPane) handleKey(k tea.KeyPressMsg) tea.Cmd {
	if key.Matches(k, keys.AskAgain) {
		return g.retry()
	}
	g.handleMove(k)
	return g.more()
}

func (g *groupPane) scroll(k int) { g.move(k) }

func (g *groupPane) click(_, y int) tea.Cmd {
	g.panel.click(y)
	return g.more()
}

// back ends the pause of a request, or shows all members again.
func (g *groupPane) back() bool {
	about, list := g.about.giveUp(), g.list.giveUp()
	stopped := about || list
	if !stopped && g.filter != "" {
		g.narrow("")
		return true
	}
	g.compose()
	return stopped
}

func (g *groupPane) close() { g.cancel() }

func (g *groupPane) view() []string {
	title := row{space(barColumn), {accent, text.Lit("Group")}, {dim, dot}, {bold, idLine(g.id)}}
	return g.panel.view(title, g.entryRow)
}

// entryRow is a member, what is said of those who left, or one of these.
func (g *groupPane) entryRow(i int) row {
	if i == g.listed() {
		return row{space(1), {dim, g.leftLine()}}
	}
	if i > g.listed() {
		w := g.left[i-g.listed()-1]
		r := row{space(1), {dim, g.look.widths.Fit(text.Lit("left"), roleCells)}, {senderInk(w.id), idLine(w.id)}, space(2)}
		return append(r, span{plain, g.look.userName(w.id)}, span{dim, text.CleanLine("  " + count(w.count, "message", "messages"))})
	}
	m := g.memberAt(i)
	role := text.CleanLine(m.role.String())
	if m.role == 0 {
		role = text.Line{}
	}
	r := row{space(1), {dim, g.look.widths.Fit(role, roleCells)}, {senderInk(m.id), idLine(m.id)}, space(2)}
	if m.name.Empty() {
		r = append(r, span{dim, text.Lit("(no name)")})
	} else {
		r = append(r, span{plain, m.name})
	}
	if !m.nickname.Empty() {
		r = append(r, span{dim, text.Join(text.Lit("  as "), m.nickname)})
	}
	return r
}

const roleCells = 9 // a column free after the longest role
