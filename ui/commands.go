package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/zim"
	"backscroll/zim/history"
)

// Everything that waits is a command in this file. A command captures copies,
// never a pane, and ends in one message that carries its answer or its error.

// Client is what the browser asks for history: a *zim.Client.
type Client interface {
	history.Client
	QueryConversationList(context.Context, zim.QueryConversationListRequest) (*zim.ConversationPage, error)
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

// spinMsg moves the spinner on.
type spinMsg struct{}

// spinDelay is how long a wait is silent, spinPace how long a frame stands.
const (
	spinDelay = 150 * time.Millisecond
	spinPace  = 100 * time.Millisecond
)

// spin sends a spinMsg after a while.
func spin(after time.Duration) tea.Cmd {
	return tea.Tick(after, func(time.Time) tea.Msg { return spinMsg{} })
}
