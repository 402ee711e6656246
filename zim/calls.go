package zim

import "context"

// action is the name of a call. The type is not exported, and call refuses what
// the table below does not list: this is all that the package can ask for.
type action string

// queries is every action that the client can call. Each only reads.
var queries = map[action]bool{
	"QueryConversationList": true,
	"QueryPeerMsg":          true,
	"QueryGroupMsg":         true,
	"QueryUserInfos":        true,
	"QueryGroupInfo":        true,
	"QueryGroupMemberList":  true,
	"QueryMessagesByMsgSeq": true,
	"QueryUserOnlineState":  true,
	"QueryGroupsInfoOfUser": true,
}

// The largest Limit of a page, by call.
const (
	MaxConversations = 500 // of QueryConversationList
	MaxMessages      = 100 // of QueryPeerMsg and QueryGroupMsg
)

// QueryConversationListRequest asks for a page of a user's conversations.
type QueryConversationListRequest struct {
	FromUserId string
	Limit      int  // 1-500; the service makes 100 of what is less, 500 of what is more
	Next       Next // the zero value in the first call, then the answer's
}

// QueryConversationList returns a page of the conversations of FromUserId,
// one-on-one and group, the least recently updated first, 1000 of them at most.
// It fails with an *Error or a *TransportError.
func (c *Client) QueryConversationList(ctx context.Context, r QueryConversationListRequest) (*ConversationPage, error) {
	var page ConversationPage
	if err := c.call(ctx, "QueryConversationList", r.FromUserId, r, page.read); err != nil {
		return nil, err
	}
	return &page, nil
}

// QueryPeerMsgRequest asks for a page of a one-on-one chat.
type QueryPeerMsgRequest struct {
	FromUserId   string // whose list of the chat
	ToUserId     string
	Limit        int  // 1-100; the service makes 10 of what is less, 100 of what is more
	Next         Next // the zero value in the first call, then the answer's
	WithEmptyMsg int  // 1 includes recalled, deleted and expired messages
}

// QueryPeerMsg returns a page of FromUserId's list of the chat with ToUserId,
// newest first. Each side has a list of its own.
// It fails with an *Error or a *TransportError.
func (c *Client) QueryPeerMsg(ctx context.Context, r QueryPeerMsgRequest) (*MessagePage, error) {
	var page MessagePage
	if err := c.call(ctx, "QueryPeerMsg", r.FromUserId+" → "+r.ToUserId, r, page.read); err != nil {
		return nil, err
	}
	return &page, nil
}

// QueryGroupMsgRequest asks for a page of a group's messages.
type QueryGroupMsgRequest struct {
	GroupId      string
	Limit        int  // 1-100; the service makes 10 of what is less, 100 of what is more
	Next         Next // the zero value in the first call, then the answer's
	WithEmptyMsg int  // 1 includes recalled, deleted and expired messages
}

// QueryGroupMsg returns a page of a group's messages, newest first.
// It fails with an *Error or a *TransportError.
func (c *Client) QueryGroupMsg(ctx context.Context, r QueryGroupMsgRequest) (*MessagePage, error) {
	var page MessagePage
	if err := c.call(ctx, "QueryGroupMsg", r.GroupId, r, page.read); err != nil {
		return nil, err
	}
	return &page, nil
}
