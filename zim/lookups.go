package zim

import (
	"context"
	"fmt"
)

// The most that a look-up can be asked for in one call.
const (
	MaxUserIds      = 100  // UserIds of QueryUserInfos
	MaxGroupMembers = 1000 // Limit of QueryGroupMemberList
	MaxMsgSeqs      = 20   // MsgSeqList of QueryMessagesByMsgSeq; also the messages a second
)

// tooMany says that a list is longer than the service takes, before it is sent.
func tooMany(a action, what string, n, most int) error {
	if n <= most {
		return nil
	}
	return fmt.Errorf("%s: %d %s, the service takes %d in a call", a, n, what, most)
}

// QueryUserInfosRequest asks for the names of users.
type QueryUserInfosRequest struct {
	UserIds []string // at most MaxUserIds
}

// UserInfo is one element of the Result of QueryUserInfos.
type UserInfo struct {
	Raw        []byte // the JSON value, as on the wire
	UserId     string
	UserName   string
	UserAvatar string // a URL
	Extra      string // the app's own, often JSON
}

// UserError is a user of whom a call could not tell anything.
type UserError struct {
	UserId  string
	SubCode Code
}

// UserInfos is the answer of QueryUserInfos.
type UserInfos struct {
	Raw       []byte // the answer's body as it came
	RequestId string
	Result    []UserInfo
	ErrorList []UserError // the users that are not in Result, and why
}

// QueryUserInfos returns what is known of users.
// It fails with an *Error or a *TransportError, or where too many are asked for.
func (c *Client) QueryUserInfos(ctx context.Context, r QueryUserInfosRequest) (*UserInfos, error) {
	if err := tooMany("QueryUserInfos", "users", len(r.UserIds), MaxUserIds); err != nil {
		return nil, err
	}
	var subject string
	if len(r.UserIds) > 0 {
		subject = r.UserIds[0]
	}
	var infos UserInfos
	if err := c.call(ctx, "QueryUserInfos", subject, r, infos.read); err != nil {
		return nil, err
	}
	return &infos, nil
}

func (u *UserInfos) read(body []byte) head {
	*u = UserInfos{Raw: body}
	h := readAnswer(body, values(func(name string, raw []byte) {
		switch name {
		case "Result":
			u.Result = listOf(raw, readUserInfo)
		case "ErrorList":
			u.ErrorList = listOf(raw, readUserError)
		}
	}))
	u.RequestId = h.RequestId
	return h
}

func readUserInfo(raw []byte) UserInfo {
	u := UserInfo{Raw: raw}
	for name, value := range byteMembers(raw) {
		switch string(name) {
		case "UserId":
			u.UserId, _ = stringOf(value)
		case "UserName":
			u.UserName, _ = stringOf(value)
		case "UserAvatar":
			u.UserAvatar, _ = stringOf(value)
		case "Extra":
			u.Extra, _ = stringOf(value)
		}
	}
	return u
}

func readUserError(raw []byte) UserError {
	var u UserError
	for name, value := range byteMembers(raw) {
		switch string(name) {
		case "UserId":
			u.UserId, _ = stringOf(value)
		case "SubCode":
			n, _ := integerOf(value)
			u.SubCode = Code(n)
		}
	}
	return u
}

// QueryGroupInfoRequest asks for what is known of a group.
type QueryGroupInfoRequest struct {
	FromUserId string // any registered user: the sender of a message will do
	GroupId    string
}

// GroupInfo is the answer of QueryGroupInfo. Raw has the fields beyond these.
type GroupInfo struct {
	Raw             []byte // the answer's body as it came
	RequestId       string
	GroupId         string // as it was asked for
	GroupName       string
	GroupNotice     string
	GroupAvatar     string // a URL
	GroupCreateTime int64  // ms since 1970
	IsAllForbid     AllForbid
}

// AllForbid says whether all members of a group are muted. The zero value is an
// answer that does not say.
type AllForbid uint8

// The values of AllForbid.
const (
	ForbidUnknown AllForbid = iota
	ForbidNone
	ForbidAll
)

// allForbidOf reads a boolean, or the number that stands for one.
func allForbidOf(raw []byte) AllForbid {
	switch unquote(raw) {
	case "true", "1":
		return ForbidAll
	case "false", "0":
		return ForbidNone
	}
	return ForbidUnknown
}

// QueryGroupInfo returns what is known of a group.
// It fails with an *Error or a *TransportError.
func (c *Client) QueryGroupInfo(ctx context.Context, r QueryGroupInfoRequest) (*GroupInfo, error) {
	var g GroupInfo
	if err := c.call(ctx, "QueryGroupInfo", r.GroupId, r, g.read); err != nil {
		return nil, err
	}
	g.GroupId = r.GroupId
	return &g, nil
}

func (g *GroupInfo) read(body []byte) head {
	*g = GroupInfo{Raw: body}
	h := readAnswer(body, values(func(name string, raw []byte) {
		switch name {
		case "GroupName":
			g.GroupName, _ = stringOf(raw)
		case "GroupNotice":
			g.GroupNotice, _ = stringOf(raw)
		case "GroupAvatar":
			g.GroupAvatar, _ = stringOf(raw)
		case "GroupCreateTime":
			g.GroupCreateTime, _ = integerOf(raw) // an unreadable one is "unknown time"
		case "IsAllForbid":
			g.IsAllForbid = allForbidOf(raw)
		}
	}))
	g.RequestId = h.RequestId
	return h
}

// QueryGroupMemberListRequest asks for a page of a group's members.
type QueryGroupMemberListRequest struct {
	GroupId string
	Limit   int  // 1-1000, the same on every page
	Next    Next // the zero value in the first call, then the answer's
}

// GroupMember is one element of the MemberList of QueryGroupMemberList.
type GroupMember struct {
	Raw          []byte // the JSON value, as on the wire
	UserId       string
	UserName     string
	UserNickName string // in this group
	Role         Role
}

// GroupMemberPage is one answer of QueryGroupMemberList.
type GroupMemberPage struct {
	Raw        []byte // the answer's body as it came
	RequestId  string
	TotalCount int64
	Next       Next
	List       []GroupMember // the wire's MemberList
}

// QueryGroupMemberList returns a page of a group's members.
// It fails with an *Error or a *TransportError.
func (c *Client) QueryGroupMemberList(ctx context.Context, r QueryGroupMemberListRequest) (*GroupMemberPage, error) {
	var page GroupMemberPage
	if err := c.call(ctx, "QueryGroupMemberList", r.GroupId, r, page.read); err != nil {
		return nil, err
	}
	return &page, nil
}

func (p *GroupMemberPage) read(body []byte) head {
	*p = GroupMemberPage{Raw: body}
	h := readAnswer(body, values(func(name string, raw []byte) {
		switch name {
		case "TotalCount":
			p.TotalCount, _ = integerOf(raw) // only told, never relied on
		case "Next":
			p.Next = nextOf(raw)
		case "MemberList":
			p.List = listOf(raw, readGroupMember)
		}
	}))
	p.RequestId = h.RequestId
	return h
}

func readGroupMember(raw []byte) GroupMember {
	m := GroupMember{Raw: raw}
	for name, value := range byteMembers(raw) {
		switch string(name) {
		case "UserId":
			m.UserId, _ = stringOf(value)
		case "UserName":
			m.UserName, _ = stringOf(value)
		case "UserNickName":
			m.UserNickName, _ = stringOf(value)
		case "Role":
			n, _ := integerOf(value)
			m.Role = Role(n)
		}
	}
	return m
}

// QueryMessagesByMsgSeqRequest asks for messages of a conversation by their
// numbers.
type QueryMessagesByMsgSeqRequest struct {
	FromUserId string
	ConvId     string // the peer's user ID, or the group ID
	ConvType   ConvType
	MsgSeqList []int64 // at most MaxMsgSeqs
}

// QueryMessagesByMsgSeq returns messages by their numbers; the wire's
// MessageList is the page's List. A recalled message comes as a
// TypeRecallNotice that says who recalled it and by which right; a deleted one
// may have nothing but IsEmpty. MaxMsgSeqs messages a second are asked for at
// most, over all calls of the client; what is more waits.
// It fails with an *Error or a *TransportError, or where too many are asked for.
func (c *Client) QueryMessagesByMsgSeq(ctx context.Context, r QueryMessagesByMsgSeqRequest) (*MessagePage, error) {
	if err := tooMany("QueryMessagesByMsgSeq", "messages", len(r.MsgSeqList), MaxMsgSeqs); err != nil {
		return nil, err
	}
	var page MessagePage
	if err := c.call(ctx, "QueryMessagesByMsgSeq", r.ConvId, r, page.read); err != nil {
		return nil, err
	}
	return &page, nil
}
