package history

import (
	"context"

	"backscroll/zim"
)

// Client is what a history asks for pages: a *zim.Client.
type Client interface {
	QueryPeerMsg(context.Context, zim.QueryPeerMsgRequest) (*zim.MessagePage, error)
	QueryGroupMsg(context.Context, zim.QueryGroupMsgRequest) (*zim.MessagePage, error)
}

// Chat names a conversation: a group, or User's list of the one-on-one chat
// with Peer. The zero Chat is none.
type Chat struct {
	User  string // whose list of a one-on-one chat
	Peer  string // whom User talks to
	Group string // the group; User and Peer are then empty
}

// IsGroup reports whether the chat is a group's.
func (c Chat) IsGroup() bool { return c.Group != "" }

// OtherSide returns the other user's list of a one-on-one chat. A group has one
// list only, and is its own other side.
func (c Chat) OtherSide() Chat { return Chat{User: c.Peer, Peer: c.User, Group: c.Group} }

// Page asks for the page of the chat that next names: as large as the service
// allows, recalled and deleted messages included.
func (c Chat) Page(ctx context.Context, client Client, next zim.Next) (*zim.MessagePage, error) {
	return c.page(ctx, client, next, 1)
}

func (c Chat) page(ctx context.Context, client Client, next zim.Next, withEmptyMsg int) (*zim.MessagePage, error) {
	if c.IsGroup() {
		return client.QueryGroupMsg(ctx, zim.QueryGroupMsgRequest{
			GroupId: c.Group, Limit: zim.MaxMessages, Next: next, WithEmptyMsg: withEmptyMsg,
		})
	}
	return client.QueryPeerMsg(ctx, zim.QueryPeerMsgRequest{
		FromUserId: c.User, ToUserId: c.Peer, Limit: zim.MaxMessages, Next: next, WithEmptyMsg: withEmptyMsg,
	})
}
