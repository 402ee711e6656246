package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"backscroll/zim"
	"backscroll/zim/history"
)

// listService gives the pages of a list that a test wrote down.
type listService struct {
	slowService
	pages map[zim.Next]string
	limit int
}

func (s *listService) QueryConversationList(_ context.Context, r zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	s.limit = r.Limit
	body, ok := s.pages[r.Next]
	if !ok {
		return nil, errNoRoute
	}
	return zim.ReadConversationPage([]byte(body)), nil
}

func listPage(next string, ids ...string) string {
	var list []string
	for _, id := range ids {
		name, at, _ := strings.Cut(id, "/")
		list = append(list, fmt.Sprintf(`{"ConvId":%q,"UpdateTime":%s}`, name, at))
	}
	return `{"Code":0,"Next":` + next + `,"List":[` + strings.Join(list, ",") + `]}`
}

func ids(c *conversations) string {
	var all []string
	for _, i := range c.shown {
		all = append(all, c.all[i].ConvId)
	}
	return strings.Join(all, " ")
}

func TestTheListIsWholeAndNewestFirst(t *testing.T) {
	s := &listService{pages: map[zim.Next]string{
		"":  listPage("7", "old/1700000000001", "older/1700000000000", "twice/1700000000002"),
		"7": listPage("3", "new/1700000000005", "twice/1700000000009"),
		"3": listPage("0", "mid/1700000000003", "timeless/0"),
	}}
	term := start(t, Config{Client: s, User: "u"}, 100, 20)
	c := &term.m.conversations
	if got := ids(c); got != "twice new mid old older timeless" || s.limit != 500 || c.selected != 0 {
		t.Errorf("%s, pages of %d, selected %d", got, s.limit, c.selected)
	}
	if got := term.shows(); !strings.Contains(got, "6 conversations") || !strings.Contains(got, "unknown time") {
		t.Errorf("screen:\n%s", got)
	}
}

func TestTheSelectionStaysWithItsConversation(t *testing.T) {
	s := &listService{pages: map[zim.Next]string{"": listPage("7", "a/1700000000001", "b/1700000000002")}}
	term := start(t, Config{Client: s, User: "u"}, 100, 20)
	c := &term.m.conversations
	term.press("j")
	if got, _ := c.current(); got.ConvId != "a" {
		t.Fatalf("selected %q", got.ConvId)
	}
	if !strings.Contains(term.shows(), "2 loaded, the rest failed") {
		t.Errorf("screen:\n%s", term.shows())
	}
	s.pages["7"] = listPage("0", "c/1700000000003", "d/1700000000000")
	term.press("r")
	if got, _ := c.current(); got.ConvId != "a" || ids(c) != "c b a d" {
		t.Errorf("selected %q of %s", got.ConvId, ids(c))
	}
}

func TestARepeatedPageOfTheListIsTold(t *testing.T) {
	s := &listService{pages: map[zim.Next]string{"": listPage("7", "a/1700000000001"), "7": listPage("7", "b/1700000000002")}}
	term := start(t, Config{Client: s, User: "u"}, 100, 20)
	if c := &term.m.conversations; c.state != listFailed || len(c.all) != 2 || !strings.Contains(c.err.Error(), "repeated") {
		t.Errorf("state %d, %d conversations, %v", c.state, len(c.all), c.err)
	}
}

func TestTheCapOfTheListIsTold(t *testing.T) {
	config := sample(t)
	config.User = "warehouse"
	term := start(t, config, 100, 20)
	if got := term.shows(); !strings.Contains(got, "1000, no more listed") {
		t.Errorf("screen:\n%s", got)
	}
	term.send(tea.WindowSizeMsg{Width: 160, Height: 20})
	if got := term.shows(); !strings.Contains(got, "1000, the service lists no more") {
		t.Errorf("screen:\n%s", got)
	}
	c := &term.m.conversations
	for i := range len(c.all) - 1 {
		if c.all[i].UpdateTime < c.all[i+1].UpdateTime {
			t.Fatalf("conversation %d is older than the next", i)
		}
	}
}

func TestTheFilter(t *testing.T) {
	term := start(t, sample(t), 100, 20)
	c := &term.m.conversations
	term.press("/")
	term.write("MA")
	if got := ids(c); got != "marta omar mallory mail" {
		t.Errorf("MA lets through %s", got)
	}
	if got := term.shows(); !strings.Contains(got, "4 of 23 conversations") {
		t.Errorf("the filter hides without a count:\n%s", got)
	}
	term.press("backspace backspace")
	term.write("zz")
	if got := term.shows(); ids(c) != "" || !strings.Contains(got, "0 of 23") {
		t.Errorf("nothing matches: %s\n%s", ids(c), got)
	}
	term.press("enter enter") // nothing is selected: nothing opens
	if term.m.messages.chat != (history.Chat{}) {
		t.Errorf("opened %v", term.m.messages.chat)
	}
	term.press("esc")
	if len(c.shown) != 23 {
		t.Errorf("esc leaves %d", len(c.shown))
	}
	term.press("/")
	term.write("q?Q") // keys are text while one types
	if term.m.conversations.filter != "q?Q" || term.m.help != nil {
		t.Errorf("filter %q", term.m.conversations.filter)
	}
	term.press("esc")
	if len(c.shown) != 23 || term.m.prompt.kind != promptNone {
		t.Error("esc does not end the filter")
	}
}

func TestGoingToAnID(t *testing.T) {
	tests := []struct {
		user, peer, group string
		want              target
		problem           string
	}{
		{user: "warehouse", want: target{user: "warehouse"}},
		{user: "alice", peer: "bob", want: target{user: "alice", chat: history.Chat{User: "alice", Peer: "bob"}}},
		{user: " alice ", group: "team", want: target{user: "alice", chat: history.Chat{Group: "team"}}},
		{group: "team", want: target{user: "", chat: history.Chat{Group: "team"}}},
		{peer: "bob", problem: "needs the user"},
		{user: "alice", peer: "bob", group: "team", problem: "either"},
		{problem: "is needed"},
	}
	for _, tt := range tests {
		o := newOpener(tt.user)
		o.fields[fieldPeer].SetValue(tt.peer)
		o.fields[fieldGroup].SetValue(tt.group)
		got, ok := o.accept()
		if ok != (tt.problem == "") || got != tt.want || !strings.Contains(o.problem.String(), tt.problem) {
			t.Errorf("%+v: %+v %v %q", tt, got, ok, o.problem)
		}
	}
}

func TestAStartWithoutAUserAsks(t *testing.T) {
	config := sample(t)
	config.User = ""
	term := start(t, config, 100, 20)
	if got := term.shows(); !strings.Contains(got, "Go to") {
		t.Fatalf("screen:\n%s", got)
	}
	term.press("tab enter")
	if got := term.shows(); !strings.Contains(got, "a user or a group is needed") {
		t.Errorf("screen:\n%s", got)
	}
	term.write("alice")
	term.press("tab")
	term.write("chen")
	term.press("enter")
	if m := term.m; m.conversations.user != "alice" || m.messages.chat.Peer != "chen" || m.messages.log.Len() == 0 || len(m.conversations.all) != 23 {
		t.Errorf("user %q, chat %v", m.conversations.user, m.messages.chat)
	}
	term.press("ctrl+k tab tab")
	term.write("everyone")
	term.press("enter")
	if m := term.m; m.messages.chat.Group != "everyone" || m.conversations.user != "alice" || m.focus != paneMessages {
		t.Errorf("chat %v of %q", m.messages.chat, m.conversations.user)
	}
}

func TestUnknownIDsAreToldWithAWayOut(t *testing.T) {
	config := sample(t)
	config.User, config.Chat = "nobody", history.Chat{Group: "nothing"}
	term := start(t, config, 160, 20)
	for _, want := range []string{"660500002", "660600001 no such group", "check the group ID", "r retries", "(request "} {
		if got := term.shows(); !strings.Contains(got, want) {
			t.Errorf("%q is not on screen:\n%s", want, got)
		}
	}
}

func TestTheOtherSide(t *testing.T) {
	config := sample(t)
	config.Chat = history.Chat{User: "alice", Peer: "bob"}
	term := start(t, config, 120, 30)
	mine := term.m.messages.log.Len()
	term.press("a")
	if m := &term.m.messages; m.chat != (history.Chat{User: "bob", Peer: "alice"}) || m.log.Len() == mine {
		t.Errorf("chat %v with %d messages; alice has %d", m.chat, m.log.Len(), mine)
	}
	if got := term.shows(); !strings.Contains(got, "alice → bob, bob's side") || !strings.Contains(got, "the other side's list") {
		t.Errorf("the side is not told:\n%s", got)
	}
	term.press("a")
	if m := &term.m.messages; m.log.Len() != mine {
		t.Errorf("back at alice's side there are %d messages, not %d", m.log.Len(), mine)
	}
}

func TestZones(t *testing.T) {
	config := sample(t)
	config.Chat = history.Chat{User: "alice", Peer: "bob"}
	term := start(t, config, 120, 30)
	before := term.shows()
	term.press("T")
	if got := term.shows(); !strings.Contains(got, "times in UTC") || !strings.Contains(got, "08:40") || got == before {
		t.Errorf("screen:\n%s", got)
	}
	term.press("T")
	if got := term.shows(); !strings.Contains(got, "times in CST") || !strings.Contains(got, "16:40") {
		t.Errorf("screen:\n%s", got)
	}
}
