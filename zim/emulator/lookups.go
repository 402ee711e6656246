package emulator

import (
	"slices"

	"backscroll/zim"
)

const (
	maxUserIDs    = 100  // of QueryUserInfos
	maxUserID     = 64   // bytes; QueryUserInfos alone takes longer IDs than others
	maxMsgSeqs    = 20   // of QueryMessagesByMsgSeq
	maxSeqRate    = 20   // messages a second that QueryMessagesByMsgSeq looks up
	maxMembers    = 1000 // of a page of QueryGroupMemberList
	groupCapacity = 500  // what a group says its most members are
)

// profile is what a user shows beside the name.
type profile struct{ avatar, extra string }

// userInfo is an entry of the Result of QueryUserInfos.
type userInfo struct{ UserId, UserName, UserAvatar, Extra string }

// userError is an entry of its ErrorList.
type userError struct {
	UserId  string
	SubCode zim.Code
}

// queryUserInfos answers in the order of the request, each user once. A user
// who is not known is an entry of the ErrorList, not an error of the call.
func (e *Emulator) queryUserInfos(body []byte, _ string) ([]byte, *refusal) {
	var p struct{ UserIds []string }
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	if len(p.UserIds) == 0 || len(p.UserIds) > maxUserIDs || slices.Contains(p.UserIds, "") {
		return nil, refuse(zim.BadParameter, "UserIds")
	}
	found, lost := []userInfo{}, []userError{}
	seen := map[string]bool{}
	for _, id := range p.UserIds {
		name, known := e.world.users[id]
		switch {
		case len(id) > maxUserID:
			return nil, refuse(zim.UserIDTooLong, "UserIds")
		case seen[id]:
		case known:
			more := e.world.profiles[id]
			found = append(found, userInfo{id, name, more.avatar, more.extra})
		default:
			lost = append(lost, userError{id, zim.UserUnknown})
		}
		seen[id] = true
	}
	return append(append(field(nil, "Result", found), ','), field(nil, "ErrorList", lost)...), nil
}

// limitInfo is what a group lets its members do.
type limitInfo struct {
	MemberCountLimit                                   int
	JoinMode, InviteMode, BeInvitedMode, NumberMessage int
}

func (e *Emulator) queryGroupInfo(body []byte, _ string) ([]byte, *refusal) {
	var p struct{ FromUserId, GroupId string }
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	if err := e.checkSpeaker(p.FromUserId); err != nil {
		return nil, err
	}
	g, err := e.group(p.GroupId, "GroupId")
	if err != nil {
		return nil, err
	}
	b := marshal(struct {
		GroupName, GroupNotice, GroupAvatar string
		GroupDataSeq                        int
		IsAllForbid                         bool
		ForbidList                          []int
		ForbidExpireTime                    int64
		LimitInfo                           limitInfo
		GroupCreateTime                     int64
	}{GroupName: g.name, GroupNotice: g.notice, GroupAvatar: g.avatar, ForbidList: []int{},
		LimitInfo: limitInfo{MemberCountLimit: groupCapacity}, GroupCreateTime: g.created})
	return b[1 : len(b)-1], nil
}

// groupMember is an entry of the MemberList of QueryGroupMemberList.
type groupMember struct {
	UserId, UserName, UserNickName string
	Role                           int
}

// queryGroupMemberList gives a Next that belongs to the Limit it was asked
// with: the service wants the same one on every page.
func (e *Emulator) queryGroupMemberList(body []byte, _ string) ([]byte, *refusal) {
	var p struct {
		GroupId     string
		Limit, Next int64
	}
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	g, err := e.group(p.GroupId, "GroupId")
	if err != nil {
		return nil, err
	}
	limit := correct(p.Limit, maxMembers, maxMembers)
	seal := e.sealer("members", p.GroupId)
	seal.key = mix(seal.key, uint64(limit))
	from, to, next, err := e.forward(seal, p.Next, len(g.members), limit)
	if err != nil {
		return nil, err
	}
	list := []groupMember{}
	for _, m := range g.members[from:to] {
		list = append(list, groupMember{m.id, e.world.users[m.id], m.nickname, m.role})
	}
	b := append(field(nil, "TotalCount", len(g.members)), ',')
	b = append(field(b, "Next", next), ',')
	return field(b, "MemberList", list), nil
}

// queryMessagesByMsgSeq answers in the order of the request, each message once.
// A number that the list does not have is left out. FromUserId may be any
// registered user where a group is asked about.
func (e *Emulator) queryMessagesByMsgSeq(body []byte, base string) ([]byte, *refusal) {
	var p struct {
		FromUserId, ConvId string
		ConvType           zim.ConvType
		MsgSeqList         []int64
	}
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	if err := e.checkSpeaker(p.FromUserId); err != nil {
		return nil, err
	}
	if len(p.MsgSeqList) == 0 || len(p.MsgSeqList) > maxMsgSeqs {
		return nil, refuse(zim.BadParameter, "MsgSeqList")
	}
	l, err := e.conversation(p.FromUserId, p.ConvId, p.ConvType)
	if err != nil {
		return nil, err
	}
	if !e.allowMessages(len(p.MsgSeqList)) {
		return nil, refuse(zim.RateLimited, "20 messages a second")
	}
	b := []byte(`"MessageList":[`)
	begin := len(b)
	for i, seq := range p.MsgSeqList {
		if slices.Contains(p.MsgSeqList[:i], seq) {
			continue
		}
		m, ok := find(l, seq)
		if !ok {
			continue
		}
		if len(b) > begin {
			b = append(b, ',')
		}
		b = m.lookedUp().appendTo(b, base)
	}
	return append(b, ']'), nil
}

// allowMessages counts n messages against the rate that this look-up has for
// itself. Where calls have no limit, messages have none.
func (e *Emulator) allowMessages(n int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.limit <= 0 || e.messages.allow(e.clock(), n)
}

// conversation returns the list that a user and a conversation name.
func (e *Emulator) conversation(from, id string, kind zim.ConvType) (list, *refusal) {
	switch kind {
	case zim.Group:
		g, err := e.group(id, "ConvId")
		if err != nil {
			return nil, err
		}
		return g.list, nil
	case zim.Peer:
		if err := checkUser("ConvId", id); err != nil {
			return nil, err
		}
		if _, ok := e.world.users[id]; !ok {
			return nil, refuse(zim.PeerUnknown, "ConvId")
		}
		return e.world.peers[from][id].list, nil
	}
	return nil, refuse(zim.BadParameter, "ConvType")
}

// group finds the group that a field of a request names.
func (e *Emulator) group(id, name string) (*group, *refusal) {
	if !validID(id) {
		return nil, refuse(zim.BadParameter, name)
	}
	g, ok := e.world.groups[id]
	if !ok {
		return nil, refuse(zim.GroupUnknown, name)
	}
	return g, nil
}

// checkSpeaker checks a FromUserId that only has to be registered.
func (e *Emulator) checkSpeaker(id string) *refusal {
	if err := checkUser("FromUserId", id); err != nil {
		return err
	}
	if _, ok := e.world.users[id]; !ok {
		return refuse(zim.ConversationUser, "FromUserId")
	}
	return nil
}

// field appends a member of an answer.
func field(b []byte, name string, v any) []byte {
	return append(append(append(b, '"'), name+`":`...), marshal(v)...)
}
