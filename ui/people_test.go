package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

func (s *slowService) QueryGroupMemberList(ctx context.Context, r zim.QueryGroupMemberListRequest) (*zim.GroupMemberPage, error) {
	s.lookedUp(fmt.Sprintf("members of %s from %q", r.GroupId, r.Next))
	return &zim.GroupMemberPage{TotalCount: 1, List: []zim.GroupMember{{UserId: "alice", Role: zim.Owner}}}, ctx.Err()
}

func (s *slowService) QueryUserOnlineState(ctx context.Context, r zim.QueryUserOnlineStateRequest) (*zim.UserStates, error) {
	s.lookedUp(fmt.Sprintf("state of %v", r.UserIds))
	return &zim.UserStates{Result: []zim.UserState{{UserId: r.UserIds[0], Status: zim.Online}}}, ctx.Err()
}

func (s *slowService) QueryGroupsInfoOfUser(ctx context.Context, r zim.QueryGroupsInfoOfUserRequest) (*zim.JoinedGroupPage, error) {
	s.lookedUp(fmt.Sprintf("groups of %s from %q", r.FromUserId, r.Next))
	return &zim.JoinedGroupPage{NextRsp: "0"}, ctx.Err()
}

// crowd is a service with a large group and somebody who is in many.
type crowd struct {
	slowService
	group   int // members
	groups  int // that each user is in
	circle  bool
	fails   map[string]error         // by what is asked for: info, state, groups, group, members
	hold    map[string]chan struct{} // a call waits until it can receive
	user    zim.UserInfo
	about   zim.GroupInfo
	strange bool // IDs and names act on terminals that obey
}

func (c *crowd) answers(ctx context.Context, what string) error {
	c.lookedUp(what)
	if wait := c.hold[what]; wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return c.fails[what]
}

func (c *crowd) QueryUserInfos(ctx context.Context, r zim.QueryUserInfosRequest) (*zim.UserInfos, error) {
	if err := c.answers(ctx, "info"); err != nil {
		return nil, err
	}
	u := c.user
	u.UserId = r.UserIds[0]
	return &zim.UserInfos{Result: []zim.UserInfo{u}}, nil
}

func (c *crowd) QueryUserOnlineState(ctx context.Context, r zim.QueryUserOnlineStateRequest) (*zim.UserStates, error) {
	if err := c.answers(ctx, "state"); err != nil {
		return nil, err
	}
	return &zim.UserStates{ErrorList: []zim.UserError{{UserId: r.UserIds[0], SubCode: zim.UserUnknown}}}, nil
}

func (c *crowd) QueryGroupsInfoOfUser(ctx context.Context, r zim.QueryGroupsInfoOfUserRequest) (*zim.JoinedGroupPage, error) {
	if err := c.answers(ctx, "groups"); err != nil {
		return nil, err
	}
	from := 0
	fmt.Sscan(r.Next, &from)
	page := &zim.JoinedGroupPage{HasJoinGroupNum: int64(c.groups), NextRsp: "0"}
	for i := from; i < min(from+r.Limit, c.groups); i++ {
		page.GroupInfoList = append(page.GroupInfoList, zim.JoinedGroup{GroupId: fmt.Sprintf("group%04d", i), GroupName: fmt.Sprintf("The group %d", i)})
	}
	if next := from + r.Limit; next < c.groups {
		page.NextRsp = fmt.Sprint(next)
	}
	if c.circle {
		page.NextRsp = "7"
	}
	return page, nil
}

func (c *crowd) QueryGroupInfo(ctx context.Context, r zim.QueryGroupInfoRequest) (*zim.GroupInfo, error) {
	c.lookedUp("by " + r.FromUserId)
	if err := c.answers(ctx, "group"); err != nil {
		return nil, err
	}
	g := c.about
	return &g, nil
}

func (c *crowd) QueryGroupMemberList(ctx context.Context, r zim.QueryGroupMemberListRequest) (*zim.GroupMemberPage, error) {
	if err := c.answers(ctx, "members"); err != nil {
		return nil, err
	}
	from := 0
	fmt.Sscan(string(r.Next), &from)
	page := &zim.GroupMemberPage{TotalCount: int64(c.group), Next: "0"}
	for i := from; i < min(from+r.Limit, c.group); i++ {
		m := zim.GroupMember{UserId: fmt.Sprintf("member%05d", i), UserName: fmt.Sprintf("Nr %d", i), Role: zim.Member}
		switch i {
		case c.group - 1:
			m.Role = zim.Owner
		case 2:
			m.Role, m.UserNickName = zim.Manager, "the second"
		}
		if c.strange {
			m.UserId, m.UserName = m.UserId+"\x1b]0;x\a\u202e", "\x1b[31m"+strings.Repeat("陈", 90)
		}
		page.List = append(page.List, m)
	}
	if next := from + r.Limit; next < c.group {
		page.Next = zim.Next(fmt.Sprint(next))
	}
	if c.circle {
		page.Next = "7"
	}
	return page, nil
}

func (c *crowd) count(what string) (n int) {
	for _, l := range c.lookups {
		if l == what {
			n++
		}
	}
	return n
}

func TestScreensOfPeople(t *testing.T) {
	screens := map[string]func(term *terminal){
		"user":         func(term *terminal) { term.press("u") },
		"user-strange": func(term *terminal) { term.run(term.m.showUser("mallory")) },
		"user-groups":  func(term *terminal) { term.press("u"); term.press("G") },
		"group":        func(term *terminal) { term.press("U") },
		"group-end":    func(term *terminal) { term.press("U G") },
		"group-filter": func(term *terminal) { term.press("U /"); term.write("rider1") },
		"left":         func(term *terminal) { term.press("U esc"); term.say("f", "from:mallory") },
	}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 50}} {
		for name, prepare := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				config := sample(t)
				config.Chat = history.Chat{Group: "everyone"}
				term := start(t, config, size[0], size[1])
				prepare(term)
				checkFrame(t, term.m, size[0], size[1])
				golden.RequireEqual(t, term.shows()+"\n")
			})
		}
	}
}

// selects selects a conversation of the list.
func (term *terminal) selects(id string) {
	term.t.Helper()
	c := &term.m.conversations
	for term.press("g"); ; term.press("j") {
		if conv, _ := c.current(); conv.ConvId == id {
			return
		}
		if c.selected == len(c.shown)-1 {
			term.t.Fatalf("%s is not listed", id)
		}
	}
}

// rowWith returns the row of the screen that has some words.
func (term *terminal) rowWith(words string) string {
	term.t.Helper()
	for l := range strings.SplitSeq(term.shows(), "\n") {
		if strings.Contains(l, words) {
			return l
		}
	}
	term.t.Errorf("no %q on\n%s", words, term.shows())
	return ""
}

func TestWhereTheKeyOfAUserLeads(t *testing.T) {
	config := sample(t)
	term := start(t, config, 120, 40)
	term.selects("team")
	term.press("u")
	if g, ok := term.m.cover.(*groupPane); !ok || g.id != "team" {
		t.Fatalf("cover %T:\n%s", term.m.cover, term.shows())
	}
	term.press("esc j u")
	u, ok := term.m.cover.(*userPane)
	if conv, _ := term.m.conversations.current(); !ok || u.id != conv.ConvId {
		t.Fatalf("cover %T:\n%s", term.m.cover, term.shows())
	}
	term.press("esc k enter u")
	if u, ok := term.m.cover.(*userPane); !ok || u.id != term.m.messages.at(0).Envelope().Sender {
		t.Errorf("the sender's pane is not open:\n%s", term.shows())
	}
	term.press("esc U")
	if g, ok := term.m.cover.(*groupPane); !ok || g.id != "team" {
		t.Errorf("the group's pane is not open:\n%s", term.shows())
	}
	term.press("u") // on the ID of the group
	if got := term.shows(); !strings.Contains(got, "nobody is selected") {
		t.Errorf("screen:\n%s", got)
	}
	for range 30 {
		if _, ok := term.m.cover.(*groupPane).current(); ok {
			break
		}
		term.press("j")
	}
	if term.press("u"); !strings.Contains(term.rowWith("User · "), "alice") { // the owner comes first
		t.Errorf("screen:\n%s", term.shows())
	}
	term.press("esc ctrl+k")
}

// TestOpeningFromAUser opens a group, a chat and the conversations.
func TestOpeningFromAUser(t *testing.T) {
	open := func(words string) *terminal {
		config := sample(t)
		term := start(t, config, 120, 40)
		term.run(term.m.showUser("ben"))
		u := term.m.cover.(*userPane)
		for range u.len() {
			if strings.Contains(term.rowWith("▌"), words) {
				break
			}
			term.press("j")
		}
		term.press("enter")
		return term
	}
	if term := open("enter lists those"); term.m.conversations.user != "ben" || term.m.cover != nil {
		t.Errorf("the conversations of %q:\n%s", term.m.conversations.user, term.shows())
	}
	if term := open("enter opens alice → ben"); term.m.messages.chat != (history.Chat{User: "alice", Peer: "ben"}) {
		t.Errorf("chat %v:\n%s", term.m.messages.chat, term.shows())
	}
	if term := open("* everyone"); term.m.messages.chat != (history.Chat{Group: "everyone"}) || term.m.messages.len() == 0 {
		t.Errorf("chat %v:\n%s", term.m.messages.chat, term.shows())
	}
	if term := open("offline"); !strings.Contains(term.shows(), "there is nothing to open on this row") {
		t.Errorf("screen:\n%s", term.shows())
	}
}

// TestACopiedRowIsWhatCame: byte for byte, also where it is shown otherwise.
func TestACopiedRowIsWhatCame(t *testing.T) {
	s := &crowd{user: zim.UserInfo{UserName: "N\x1b", UserAvatar: "https://example.com/a b.png", Extra: `{"n":12345678901234567890,"deep":{"a":[1]}}`}}
	term := start(t, Config{Client: s, User: "alice"}, 120, 40)
	term.run(term.m.showUser("bob"))
	want := map[string]string{"ID": "bob", "name": "N\x1b", "avatar": s.user.UserAvatar, "Extra": s.user.Extra, "state": "not known to the service, or logged out"}
	got := map[string]string{}
	u := term.m.cover.(*userPane)
	for range u.len() {
		for name := range want {
			if strings.Contains(term.rowWith("▌"), " "+name+" ") {
				got[name] = u.copies()
			}
		}
		term.press("j")
	}
	for name, w := range want {
		if got[name] != w {
			t.Errorf("%s copies %q, want %q", name, got[name], w)
		}
	}
	if got := term.shows(); !strings.Contains(got, `"n": 12345678901234567890,`) {
		t.Errorf("Extra is not laid out:\n%s", got)
	}
	if term.press("g y"); !strings.Contains(term.lastRow(), "copied: this row, 3 characters") {
		t.Errorf("last row %q", term.lastRow())
	}
}

// TestAListOfGroupsIsLoadedAsOneScrolls, page by page, and no further.
func TestAListOfGroupsIsLoadedAsOneScrolls(t *testing.T) {
	s := &crowd{groups: 450}
	term := start(t, Config{Client: s, User: "alice"}, 120, 30)
	term.run(term.m.showUser("bob"))
	if s.count("groups") != 1 || !strings.Contains(term.shows(), "100 of 450") {
		t.Fatalf("%d pages:\n%s", s.count("groups"), term.shows())
	}
	if term.press("j k j"); s.count("groups") != 1 {
		t.Errorf("%d pages after a line", s.count("groups"))
	}
	if term.press("G"); s.count("groups") != 2 || len(term.m.cover.(*userPane).groups) != 200 {
		t.Errorf("%d pages at the end of the first", s.count("groups"))
	}
	if term.press("G G G G G"); s.count("groups") != 5 || !strings.Contains(term.shows(), "group0449") {
		t.Errorf("%d pages at the end:\n%s", s.count("groups"), term.shows())
	}
	s.circle = true
	term.run(term.m.showUser("carol"))
	if term.press("G G G G"); !strings.Contains(term.shows(), "group0") || s.count("groups") > 8 {
		t.Errorf("%d pages of a circle:\n%s", s.count("groups"), term.shows())
	}
	if term.press("g"); !strings.Contains(term.shows(), "the service repeated a page") {
		t.Errorf("screen:\n%s", term.shows())
	}
}

// TestEachFailureIsTold where it belongs, and r asks for that alone.
func TestEachFailureIsTold(t *testing.T) {
	for what, told := range map[string]string{"info": "name", "state": "state", "groups": "Groups"} {
		s := &crowd{groups: 1, fails: map[string]error{what: errNoRoute}}
		term := start(t, Config{Client: s, User: "alice"}, 120, 30)
		asked := s.count("info")
		term.run(term.m.showUser("bob"))
		if got := term.shows(); !strings.Contains(got, "no route to host") || !strings.Contains(got, "r retries") || !strings.Contains(got, told) {
			t.Errorf("%s:\n%s", what, got)
		}
		delete(s.fails, what)
		term.press("r")
		if got := term.shows(); strings.Contains(got, "no route to host") || !strings.Contains(got, "group0000") {
			t.Errorf("%s, after r:\n%s", what, got)
		}
		for _, other := range []string{"info", "state", "groups"} {
			n := s.count(other)
			if other == "info" {
				n -= asked
			}
			if want := map[bool]int{true: 2, false: 1}[other == what]; n != want {
				t.Errorf("%s failed: %s was asked for %d times, want %d", what, other, n, want)
			}
		}
	}
	s := &crowd{group: 3, fails: map[string]error{"group": errNoRoute, "members": errNoRoute}}
	term := start(t, Config{Client: s, User: "alice", Chat: history.Chat{Group: "g"}}, 120, 30)
	if term.press("U"); strings.Count(term.shows(), "no route to host") != 2 {
		t.Errorf("screen:\n%s", term.shows())
	}
	s.fails = nil
	if term.press("r"); strings.Contains(term.shows(), "no route to host") || !strings.Contains(term.shows(), "member00002") {
		t.Errorf("after r:\n%s", term.shows())
	}
}

// TestMembersByRank: the owner and the managers come first, whatever page they are
// on, and who left is told only when all members are known.
func TestMembersByRank(t *testing.T) {
	s := &crowd{slowService: slowService{perChat: 50, perPage: 50}, group: 2500}
	term := start(t, Config{Client: s, User: "alice", Chat: history.Chat{Group: "g"}}, 120, 30)
	term.press("U")
	g := term.m.cover.(*groupPane)
	if got := term.shows(); !strings.Contains(got, "1000 of 2500 loaded") || !strings.Contains(got, "not among the members that are loaded") || g.memberAt(0).id != "member00002" {
		t.Errorf("screen:\n%s", got)
	}
	said := term.m.messages.at(0).Envelope()
	sender := said.Sender
	if term.m.hasLeft(said) {
		t.Error("somebody left, and the members are not known")
	}
	if got := g.leftLine().String(); !strings.Contains(got, "not known until all members are loaded") {
		t.Errorf("of those who left is said %q", got)
	}
	term.press("G G G")
	if g.memberAt(0).id != "member02499" || g.memberAt(1).id != "member00002" || !g.whole || s.count("members") != 3 {
		t.Errorf("first %v, then %v, %d pages", g.memberAt(0), g.memberAt(1), s.count("members"))
	}
	if term.press("G"); !strings.Contains(term.shows(), "Left, or never a member: ") || !strings.Contains(term.shows(), "left     "+sender) {
		t.Errorf("screen:\n%s", term.shows())
	}
	if id, ok := g.current(); !ok || id == "" {
		t.Error("nobody is selected on the last row")
	}
	term.press("esc")
	if !term.m.hasLeft(said) || !strings.Contains(term.shows(), "   "+sender+"  left ") {
		t.Errorf("no mark:\n%s", term.shows())
	}
	later := said
	later.MsgTime = term.m.look.now().Add(time.Minute).UnixMilli()
	if term.m.hasLeft(later) {
		t.Error("who wrote after the members were asked for may have joined since")
	}
	term.m.rosters["g"].ids[sender] = true
	if term.m.hasLeft(said) || term.m.hasLeft(zim.Envelope{}) {
		t.Error("a member is told to have left")
	}
}

func TestTheFilterOfMembers(t *testing.T) {
	s := &crowd{slowService: slowService{perChat: 50, perPage: 50}, group: 1500}
	term := start(t, Config{Client: s, User: "alice", Chat: history.Chat{Group: "g"}}, 120, 30)
	term.press("U /")
	term.write("NR 77")
	g := term.m.cover.(*groupPane)
	if got := term.shows(); len(g.shown) != 11 || !strings.Contains(got, "11 of 1500 with NR 77") || s.count("members") != 2 { // few: the rest is asked for
		t.Errorf("%d shown, %d pages:\n%s", len(g.shown), s.count("members"), got)
	}
	term.press("enter esc")
	if g.filter != "" || term.m.cover == nil {
		t.Errorf("esc leaves the filter %q", g.filter)
	}
	term.press("/")
	term.write("member0")
	if term.press("esc"); g.filter != "" || g.listed() != 1500 {
		t.Errorf("filter %q, %d listed", g.filter, g.listed())
	}
	if term.say(":", "filter-members second"); len(g.shown) != 1 {
		t.Errorf("%d shown:\n%s", len(g.shown), term.shows())
	}
}

// TestTheMessagesOfAMember: enter filters, with quotes where the grammar wants them.
func TestTheMessagesOfAMember(t *testing.T) {
	config := sample(t)
	term := start(t, config, 120, 40)
	term.selects("team")
	term.press("u") // it is not open
	g := term.m.cover.(*groupPane)
	for range 40 {
		if id, _ := g.current(); id == "ben" {
			break
		}
		term.press("j")
	}
	term.press("enter")
	if m := &term.m.messages; m.chat.Group != "team" || m.filterText() != "from:ben" || m.len() == 0 || term.m.cover != nil {
		t.Errorf("%v, filter %q, %d shown:\n%s", m.chat, m.filterText(), m.len(), term.shows())
	}
	for id, want := range map[string]string{"a b": `from:"a b"`, `q"(`: `from:"q\"("`, "a,b": `from:"a,b"`, "plain": "from:plain"} {
		if got := history.FromFilter(id); got != want {
			t.Errorf("%s gives %s, want %s", id, got, want)
		}
		f, err := history.ParseFilter(history.FromFilter(id), time.UTC, time.Now())
		if err != nil || !f.Match(messageFrom(t, id)) || f.Match(messageFrom(t, "x"+id)) {
			t.Errorf("%s: %v does not let through what it names", id, err)
		}
	}
}

func messageFrom(t *testing.T, sender string) zim.Message {
	t.Helper()
	page := zim.ReadMessagePage(fmt.Appendf(nil, `{"Code":0,"List":[{"Sender":%q,"MsgType":1,"MsgId":1,"MsgBody":"x"}]}`, sender))
	return page.List[0]
}

// TestAGroupIsAskedForInSomebodysName: of the list's user, of a sender, or of a
// member.
func TestAGroupIsAskedForInSomebodysName(t *testing.T) {
	for name, c := range map[string]struct {
		config Config
		by     string
	}{
		"the list's user": {Config{User: "alice", Chat: history.Chat{Group: "g"}}, "by alice"},
		"a sender":        {Config{Chat: history.Chat{Group: "g"}}, "by "},
		"a member":        {Config{Chat: history.Chat{Group: "g"}}, "by member00002"},
	} {
		s := &crowd{slowService: slowService{perChat: 30, perPage: 30}, group: 9}
		if name == "a member" {
			s.perChat = 0
		}
		c.config.Client = s
		term := start(t, c.config, 120, 30)
		if name == "a sender" {
			c.by += term.m.messages.at(0).Envelope().Sender
		}
		if name == "a member" {
			c.by = "by member00008" // the owner
		}
		term.press("U")
		if s.count(c.by) == 0 || s.count("by ") != 0 {
			t.Errorf("%s: asked %v", name, s.lookups)
		}
	}
}

// TestHostilePeopleDoNotActOnTheTerminal, at any width.
func TestHostilePeopleDoNotActOnTheTerminal(t *testing.T) {
	evil := "\x1b]0;owned\a\u202e\u009b31m" + strings.Repeat("W", 300) + "\n\r\x1b["
	s := &crowd{slowService: slowService{perChat: 20, perPage: 20}, group: 30, groups: 30, strange: true,
		user: zim.UserInfo{UserName: evil, UserAvatar: evil, Extra: `{"` + strings.Repeat("陈", 40) + `":"\u001b[31m` + "\u202e" + `"}`}, about: zim.GroupInfo{GroupName: evil, GroupNotice: evil, GroupAvatar: evil}}
	s.fails = map[string]error{"state": fmt.Errorf("%s", evil)}
	term := start(t, Config{Client: s, User: "alice", Chat: history.Chat{Group: "g"}}, 120, 30)
	for _, w := range []int{40, 41, 79, 80, 141} {
		for _, h := range []int{10, 24} {
			term.send(tea.WindowSizeMsg{Width: w, Height: h})
			for _, key := range []string{"U", "G", "b", "esc", "u", "G", "g", "space", "esc"} {
				term.press(key)
				checkFrame(t, term.m, w, h)
			}
		}
	}
}

// TestALateAnswerAboutSomebodyElse is dropped, and leaving a pane cancels what it
// waits for.
func TestALateAnswerAboutSomebodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := make(chan struct{})
		s := &crowd{groups: 1, user: zim.UserInfo{UserName: "Somebody"}, hold: map[string]chan struct{}{"info": first}}
		p := run(t, Config{Client: s, User: "alice"}, 100, 24)
		time.Sleep(time.Second)
		synctest.Wait()
		p.press("u", "esc", "j", "u") // carol after bob
		time.Sleep(time.Second)
		synctest.Wait()
		p.model(func(m *Model) {
			u, ok := m.cover.(*userPane)
			if !ok || !u.profile.busy || u.status.busy || len(u.groups) != 1 {
				t.Errorf("cover %+v", m.cover)
				return
			}
			m.Update(peopleMsg{number: u.profile.request.number - maxAskings<<16, info: &zim.UserInfos{Result: []zim.UserInfo{{UserId: u.id, UserName: "Late"}}}})
			if !u.profile.busy || u.info.UserName != "" {
				t.Error("an answer of another pane was taken")
			}
		})
		close(first)
		time.Sleep(time.Second)
		synctest.Wait()
		p.model(func(m *Model) {
			if u := m.cover.(*userPane); u.info.UserName != "Somebody" || u.id != "carol" {
				t.Errorf("%q is %q", u.id, u.info.UserName)
			}
		})
		p.quits()
	})
}

func TestAFileHasNoPeople(t *testing.T) {
	config := sample(t)
	config.Offline, config.User, config.Chat = true, "", history.Chat{Peer: "file.jsonl"}
	term := start(t, config, 100, 24)
	for _, key := range []string{"u", "U"} {
		if term.press(key); term.m.cover != nil || !strings.Contains(term.lastRow(), "a file has no people to ask") {
			t.Errorf("%s: last row %q", key, term.lastRow())
		}
	}
}

// TestPausesOfAPanel: a pause is shown with the attempt that follows, esc ends it
// and leaves the panel, and r asks again.
func TestPausesOfAPanel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := &downService{RoundTripper: inProcess{emulator.New(emulator.WithRate(0))}}
		down.up.Store(true)
		client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"),
			zim.WithTransport(down), zim.WithJitter(func(d time.Duration) time.Duration { return d }))
		if err != nil {
			t.Fatal(err)
		}
		p := run(t, Config{Client: client, Chat: history.Chat{Group: "team"}}, 100, 24)
		p.waits()
		down.up.Store(false)
		p.press("u")
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		p.model(func(m *Model) {
			if got := ansi.Strip(m.View().Content); strings.Count(got, "attempt 2 of 3 in ") != 3 {
				t.Errorf("screen:\n%s", got)
			}
		})
		p.press("esc")
		p.model(func(m *Model) {
			if got := ansi.Strip(m.View().Content); m.cover == nil || strings.Contains(got, "attempt 2") || strings.Count(got, "r retries") != 3 {
				t.Errorf("screen:\n%s", got)
			}
		})
		down.up.Store(true)
		p.press("r")
		p.waits()
		p.model(func(m *Model) {
			if u := m.cover.(*userPane); u.info.UserName == "" || len(u.groups) == 0 || strings.Contains(m.View().Content, "r retries") {
				t.Errorf("screen:\n%s", ansi.Strip(m.View().Content))
			}
		})
		p.quits()
	})
}
