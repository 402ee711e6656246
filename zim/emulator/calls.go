package emulator

import (
	"encoding/json"
	"strings"

	"backscroll/zim"
)

// maxConversations is how many conversations of a user the service lists: the
// latest ones.
const maxConversations = 1000

// maxID is how long an ID of a user or a group may be, in bytes.
const maxID = 32

// actions are the calls that are answered. Each takes the request's body and
// the base URL for media links, and returns the members of its answer.
var actions = map[string]func(e *Emulator, body []byte, base string) ([]byte, *refusal){
	"QueryConversationList": (*Emulator).queryConversationList,
	"QueryPeerMsg":          (*Emulator).queryPeerMsg,
	"QueryGroupMsg":         (*Emulator).queryGroupMsg,
	"QueryUserInfos":        (*Emulator).queryUserInfos,
	"QueryGroupInfo":        (*Emulator).queryGroupInfo,
	"QueryGroupMemberList":  (*Emulator).queryGroupMemberList,
	"QueryMessagesByMsgSeq": (*Emulator).queryMessagesByMsgSeq,
	"QueryUserOnlineState":  (*Emulator).queryUserOnlineState,
	"QueryGroupsInfoOfUser": (*Emulator).queryGroupsInfoOfUser,
}

func (e *Emulator) queryConversationList(body []byte, _ string) ([]byte, *refusal) {
	var p struct {
		FromUserId  string
		Limit, Next int64
	}
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	if err := checkUser("FromUserId", p.FromUserId); err != nil {
		return nil, err
	}
	if _, ok := e.world.users[p.FromUserId]; !ok {
		return nil, refuse(zim.ConversationUser, "FromUserId")
	}
	all := e.world.conversations(p.FromUserId)
	all = all[max(0, len(all)-maxConversations):]
	seal := e.sealer("conversations", p.FromUserId)
	from, to, next, err := e.forward(seal, p.Next, len(all), correct(p.Limit, 100, 500))
	if err != nil {
		return nil, err
	}
	b := append(field(nil, "TotalCount", len(all)), ',')
	b = append(field(b, "Next", next), ',')
	return field(b, "List", all[from:to]), nil
}

func (e *Emulator) queryPeerMsg(body []byte, base string) ([]byte, *refusal) {
	var p struct {
		FromUserId, ToUserId string
		page
	}
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	if err := checkUser("FromUserId", p.FromUserId); err != nil {
		return nil, err
	}
	if err := checkUser("ToUserId", p.ToUserId); err != nil {
		return nil, err
	}
	if _, ok := e.world.users[p.FromUserId]; !ok {
		return nil, refuse(zim.SenderUnknown, "FromUserId")
	}
	if _, ok := e.world.users[p.ToUserId]; !ok {
		return nil, refuse(zim.PeerUnknown, "ToUserId")
	}
	list := e.world.peers[p.FromUserId][p.ToUserId].list
	return e.backward(p.page, list, e.sealer("peer", p.FromUserId, p.ToUserId), base)
}

func (e *Emulator) queryGroupMsg(body []byte, base string) ([]byte, *refusal) {
	var p struct {
		GroupId string
		page
	}
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	g, err := e.group(p.GroupId, "GroupId")
	if err != nil {
		return nil, err
	}
	return e.backward(p.page, g.list, e.sealer("group", p.GroupId), base)
}

// parse reads the body of a call into its parameters.
func parse(body []byte, p any) *refusal {
	if err := json.Unmarshal(body, p); err != nil {
		return refuse(zim.BadParameter, "the body is not the JSON of this call")
	}
	return nil
}

// correct does to Limit what the service does: it never refuses one.
func correct(limit, standard, most int64) int {
	if limit <= 0 {
		return int(standard)
	}
	return int(min(limit, most))
}

func checkUser(field, id string) *refusal {
	switch {
	case len(id) > maxID:
		return refuse(zim.UserIDTooLong, field)
	case !validID(id):
		return refuse(zim.BadParameter, field)
	}
	return nil
}

// validID reports whether id may name a user or a group.
func validID(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	return strings.IndexFunc(id, func(r rune) bool {
		digit := '0' <= r && r <= '9'
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		return !digit && !letter && !strings.ContainsRune(" !#$%&()+-:;<=.>?@[]^_{}|~", r)
	}) < 0
}
