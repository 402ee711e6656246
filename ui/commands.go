package ui

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/atotto/clipboard"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// Everything that waits is a command in this file. A command captures copies,
// never a pane, and ends in one message that carries its answer or its error.

// Client is what the browser asks for history: a *zim.Client.
type Client interface {
	history.Client
	QueryConversationList(context.Context, zim.QueryConversationListRequest) (*zim.ConversationPage, error)
	QueryUserInfos(context.Context, zim.QueryUserInfosRequest) (*zim.UserInfos, error)
	QueryGroupInfo(context.Context, zim.QueryGroupInfoRequest) (*zim.GroupInfo, error)
	QueryMessagesByMsgSeq(context.Context, zim.QueryMessagesByMsgSeqRequest) (*zim.MessagePage, error)
	QueryGroupMemberList(context.Context, zim.QueryGroupMemberListRequest) (*zim.GroupMemberPage, error)
	QueryUserOnlineState(context.Context, zim.QueryUserOnlineStateRequest) (*zim.UserStates, error)
	QueryGroupsInfoOfUser(context.Context, zim.QueryGroupsInfoOfUserRequest) (*zim.JoinedGroupPage, error)
	Traffic() zim.Traffic
}

// messagesMsg answers fetchMessages.
type messagesMsg struct {
	number int
	page   *zim.MessagePage
	err    error
}

// fetchMessages asks for the page of a chat that next names.
func fetchMessages(ctx context.Context, c history.Client, chat history.Chat, next zim.Next, number int) tea.Cmd {
	return func() tea.Msg {
		page, err := chat.Page(ctx, c, next)
		return messagesMsg{number, page, err}
	}
}

// conversationsMsg answers fetchConversations.
type conversationsMsg struct {
	number int
	page   *zim.ConversationPage
	err    error
}

// fetchConversations asks for the page of a user's list that next names.
func fetchConversations(ctx context.Context, c Client, user string, next zim.Next, number int) tea.Cmd {
	return func() tea.Msg {
		page, err := c.QueryConversationList(ctx, zim.QueryConversationListRequest{
			FromUserId: user, Limit: zim.MaxConversations, Next: next,
		})
		return conversationsMsg{number, page, err}
	}
}

// followMsg ends a pause between two calls of following, followedMsg answers one: with
// a page or with the list of a user.
type (
	followMsg   struct{ number int }
	followedMsg struct {
		number int
		page   *zim.MessagePage
		user   string
		list   *zim.ConversationPage
		err    error
	}
)

// followMessages asks for the page of a chat that next names, nobody having asked
// for it.
func followMessages(ctx context.Context, c history.Client, chat history.Chat, next zim.Next, number int) tea.Cmd {
	return func() tea.Msg {
		page, err := chat.Page(ctx, c, next)
		return followedMsg{number: number, page: page, err: err}
	}
}

// followList asks for the page of a user's list that next names, likewise.
func followList(ctx context.Context, c Client, user string, next zim.Next, number int) tea.Cmd {
	ask := fetchConversations(ctx, c, user, next, number)
	return func() tea.Msg {
		got := ask().(conversationsMsg)
		return followedMsg{number: number, user: user, list: got.page, err: got.err}
	}
}

// pause sends a message after a while, unless it is cancelled.
func pause(ctx context.Context, after time.Duration, msg tea.Msg) tea.Cmd {
	return func() tea.Msg {
		t := time.NewTimer(after)
		defer t.Stop()
		select {
		case <-t.C:
			return msg
		case <-ctx.Done():
			return nil
		}
	}
}

// spinMsg moves the spinner on, trafficMsg counts the calls anew.
type (
	spinMsg    struct{}
	trafficMsg struct{}
)

// spinDelay is how long a wait is silent, spinPace how long a frame stands.
const (
	spinDelay = 150 * time.Millisecond
	spinPace  = 100 * time.Millisecond
)

// timer sends a message after a while.
func timer(after time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(after, func(time.Time) tea.Msg { return msg })
}

// namesMsg answers fetchUserInfos and fetchGroupInfo.
type namesMsg struct {
	number    int
	asked     []string
	users     []zim.UserInfo
	group     wantedGroup
	groupName string
	err       error
}

// fetchUserInfos asks for the names of users.
func fetchUserInfos(ctx context.Context, c Client, ids []string, number int) tea.Cmd {
	return func() tea.Msg {
		answer, err := c.QueryUserInfos(ctx, zim.QueryUserInfosRequest{UserIds: ids})
		if err != nil {
			return namesMsg{number: number, asked: ids, err: err}
		}
		return namesMsg{number: number, asked: ids, users: answer.Result}
	}
}

// fetchGroupInfo asks for the name of a group.
func fetchGroupInfo(ctx context.Context, c Client, g wantedGroup, number int) tea.Cmd {
	return func() tea.Msg {
		answer, err := c.QueryGroupInfo(ctx, zim.QueryGroupInfoRequest{FromUserId: g.user, GroupId: g.group})
		if err != nil {
			return namesMsg{number: number, group: g, err: err}
		}
		return namesMsg{number: number, group: g, groupName: answer.GroupName}
	}
}

// bySeqMsg answers fetchBySeq.
type bySeqMsg struct {
	pane   pane // who asked
	number int
	page   *zim.MessagePage
	err    error
}

// fetchBySeq asks for the messages of these numbers: who recalled them, or what
// they are before the list is loaded down to them.
func fetchBySeq(ctx context.Context, c Client, r zim.QueryMessagesByMsgSeqRequest, p pane, number int) tea.Cmd {
	return func() tea.Msg {
		page, err := c.QueryMessagesByMsgSeq(ctx, r)
		return bySeqMsg{p, number, page, err}
	}
}

// siftedMsg answers siftMessages.
type siftedMsg struct {
	number int
	places []int // what the filter lets through
	hits   []int // of those, what the query finds
	err    error
}

// siftMessages goes through messages with a filter and a query: that takes a while
// where many are loaded.
func siftMessages(ctx context.Context, all history.Snapshot, f *history.Filter, q history.Query, number int) tea.Cmd {
	return func() tea.Msg {
		msg := siftedMsg{number: number}
		if f != nil {
			msg.places, msg.err = all.Indices(ctx, f.Pick)
			all = all.Of(msg.places)
		}
		if msg.err == nil && !q.IsZero() {
			msg.hits, msg.err = all.Indices(ctx, q.Find)
		}
		return msg
	}
}

// findingsMsg answers fetchFindings.
type findingsMsg struct {
	finder *history.Finder // which search it is of
	found  history.Found
	err    error
}

// fetchFindings takes the next step of a search through all conversations. Nobody
// else touches the finder until it is answered.
func fetchFindings(ctx context.Context, f *history.Finder) tea.Cmd {
	return func() tea.Msg {
		found, err := f.Step(ctx)
		return findingsMsg{f, found, err}
	}
}

// writeClipboard hands text to the machine's own clipboard. Where there is none, as
// over SSH, that of the terminal has it: nothing is said.
func writeClipboard(s string) tea.Cmd {
	return func() tea.Msg {
		_ = clipboard.WriteAll(s)
		return nil
	}
}

// writtenMsg answers writeFile.
type writtenMsg struct {
	name, what string
	err        error
}

// writeFile writes a file that nobody else may read, and none that is there
// already. what is said of it.
func writeFile(name string, b []byte, what string) tea.Cmd {
	return func() tea.Msg {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			_, err = f.Write(b)
			err = cmp.Or(err, f.Close())
		}
		if whole, absErr := filepath.Abs(name); absErr == nil {
			name = whole
		}
		return writtenMsg{name, what, err}
	}
}

// said tells how it went.
func (msg writtenMsg) said() text.Line {
	switch {
	case errors.Is(msg.err, os.ErrExist):
		return text.CleanLine("not written: " + msg.name + " is there already")
	case msg.err != nil:
		return text.CleanLine("not written: " + msg.err.Error())
	}
	return text.CleanLine("written: " + msg.what + ", to " + msg.name)
}

// waitMsg tells of a pause before a request is tried again.
type waitMsg struct {
	pane   pane
	number int
	wait   zim.Wait
}

// awaitWait waits for the next waitMsg.
func awaitWait(ctx context.Context, waits <-chan waitMsg) tea.Cmd {
	return func() tea.Msg {
		select {
		case w := <-waits:
			return w
		case <-ctx.Done():
			return nil
		}
	}
}

// reporting returns a context whose calls tell their pauses to waits.
func reporting(ctx context.Context, waits chan<- waitMsg, p pane, number int) context.Context {
	return zim.WithWaits(ctx, func(w zim.Wait) {
		select {
		case waits <- waitMsg{p, number, w}:
		case <-ctx.Done():
		}
	})
}
