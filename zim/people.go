package zim

import (
	"context"
	"net/url"
)

// What is asked about people beside their names: whether they are online, and
// which groups they are in.

// MaxJoinedGroups is the largest Limit of QueryGroupsInfoOfUser.
const MaxJoinedGroups = 100

// QueryUserOnlineStateRequest asks whether users are online.
type QueryUserOnlineStateRequest struct {
	UserIds []string // at most MaxUserIds; the wire's UserId[]
}

// inURL makes this call the one that is a GET.
func (r QueryUserOnlineStateRequest) inURL() url.Values {
	return url.Values{"UserId[]": r.UserIds}
}

// UserState is one element of the Result of QueryUserOnlineState.
type UserState struct {
	UserId string
	Status string // Online or Offline; others may come
}

// The documented values of UserState.Status.
const (
	Online  = "Online"
	Offline = "Offline"
)

// UserStates is the answer of QueryUserOnlineState.
type UserStates struct {
	Raw       []byte // the answer's body as it came
	RequestId string
	Result    []UserState
	ErrorList []UserError // UserUnknown: not registered, or logged out
}

// QueryUserOnlineState returns which users are online.
// It fails with an *Error or a *TransportError, or where too many are asked for.
func (c *Client) QueryUserOnlineState(ctx context.Context, r QueryUserOnlineStateRequest) (*UserStates, error) {
	if err := tooMany("QueryUserOnlineState", "users", len(r.UserIds), MaxUserIds); err != nil {
		return nil, err
	}
	var subject string
	if len(r.UserIds) > 0 {
		subject = r.UserIds[0]
	}
	var states UserStates
	if err := c.call(ctx, "QueryUserOnlineState", subject, r, states.read); err != nil {
		return nil, err
	}
	return &states, nil
}

func (u *UserStates) read(body []byte) head {
	*u = UserStates{Raw: body}
	h := readAnswer(body, values(func(name string, raw []byte) {
		switch name {
		case "Result":
			u.Result = listOf(raw, readUserState)
		case "ErrorList":
			u.ErrorList = listOf(raw, readUserError)
		}
	}))
	u.RequestId = h.RequestId
	return h
}

func readUserState(raw []byte) UserState {
	var u UserState
	for name, value := range byteMembers(raw) {
		switch string(name) {
		case "UserId":
			u.UserId, _ = stringOf(value)
		case "Status":
			u.Status, _ = stringOf(value)
		}
	}
	return u
}

// QueryGroupsInfoOfUserRequest asks for a page of the groups that a user is in.
type QueryGroupsInfoOfUserRequest struct {
	FromUserId string
	Limit      int    // 1-100, required
	Next       string // "" in the first call, then the answer's NextRsp
}

// JoinedGroup is one element of the GroupInfoList of QueryGroupsInfoOfUser.
type JoinedGroup struct {
	Raw         []byte // the JSON value, as on the wire
	GroupId     string
	GroupName   string
	GroupAvatar string // a URL
}

// JoinedGroupPage is one answer of QueryGroupsInfoOfUser.
type JoinedGroupPage struct {
	Raw             []byte // the answer's body as it came
	RequestId       string
	HasJoinGroupNum int64
	NextRsp         string // opaque: see End
	GroupInfoList   []JoinedGroup
}

// End reports whether there is no further page.
func (p *JoinedGroupPage) End() bool { return p.NextRsp == "" || p.NextRsp == "0" }

// QueryGroupsInfoOfUser returns a page of the groups that a user is in.
// It fails with an *Error or a *TransportError.
func (c *Client) QueryGroupsInfoOfUser(ctx context.Context, r QueryGroupsInfoOfUserRequest) (*JoinedGroupPage, error) {
	var page JoinedGroupPage
	if err := c.call(ctx, "QueryGroupsInfoOfUser", r.FromUserId, r, page.read); err != nil {
		return nil, err
	}
	return &page, nil
}

func (p *JoinedGroupPage) read(body []byte) head {
	*p = JoinedGroupPage{Raw: body}
	h := readAnswer(body, values(func(name string, raw []byte) {
		switch name {
		case "HasJoinGroupNum":
			p.HasJoinGroupNum, _ = integerOf(raw) // only told, never relied on
		case "NextRsp":
			p.NextRsp, _ = stringOf(raw)
		case "GroupInfoList":
			p.GroupInfoList = listOf(raw, readJoinedGroup)
		}
	}))
	p.RequestId = h.RequestId
	return h
}

func readJoinedGroup(raw []byte) JoinedGroup {
	g := JoinedGroup{Raw: raw}
	for name, value := range byteMembers(raw) {
		switch string(name) {
		case "GroupId":
			g.GroupId, _ = stringOf(value)
		case "GroupName":
			g.GroupName, _ = stringOf(value)
		case "GroupAvatar":
			g.GroupAvatar, _ = stringOf(value)
		}
	}
	return g
}
