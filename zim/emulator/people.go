package emulator

import (
	"maps"
	"slices"
	"strconv"

	"backscroll/zim"
)

// maxJoined is the largest Limit of QueryGroupsInfoOfUser.
const maxJoined = 100

// userState is an entry of the Result of QueryUserOnlineState.
type userState struct{ UserId, Status string }

// queryUserOnlineState answers in the order of the request, each user once. Who is
// not known or has logged out is an entry of the ErrorList.
func (e *Emulator) queryUserOnlineState(body []byte, _ string) ([]byte, *refusal) {
	var p struct{ UserIds []string }
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	if len(p.UserIds) == 0 || len(p.UserIds) > maxUserIDs || slices.Contains(p.UserIds, "") {
		return nil, refuse(zim.BadParameter, "UserId[]")
	}
	found, lost := []userState{}, []userError{}
	seen := map[string]bool{}
	for _, id := range p.UserIds {
		_, known := e.world.users[id]
		switch {
		case seen[id]:
		case !known || e.world.noState[id]:
			lost = append(lost, userError{id, zim.UserUnknown})
		case e.world.online[id]:
			found = append(found, userState{id, zim.Online})
		default:
			found = append(found, userState{id, zim.Offline})
		}
		seen[id] = true
	}
	return append(append(field(nil, "Result", found), ','), field(nil, "ErrorList", lost)...), nil
}

// joinedGroup is an entry of the GroupInfoList of QueryGroupsInfoOfUser.
type joinedGroup struct{ GroupId, GroupName, GroupAvatar string }

// queryGroupsInfoOfUser answers in the order of the IDs. Unlike elsewhere, Limit is
// required, and what leads to the next page is a string: "0" at the end.
func (e *Emulator) queryGroupsInfoOfUser(body []byte, _ string) ([]byte, *refusal) {
	var p struct {
		FromUserId string
		Limit      int64
		Next       string
	}
	if err := parse(body, &p); err != nil {
		return nil, err
	}
	if err := e.checkSpeaker(p.FromUserId); err != nil {
		return nil, err
	}
	if p.Limit < 1 || p.Limit > maxJoined {
		return nil, refuse(zim.BadParameter, "Limit")
	}
	asked := int64(0)
	if p.Next != "" {
		var err error
		if asked, err = strconv.ParseInt(p.Next, 10, 64); err != nil {
			return nil, refuse(zim.BadParameter, "Next")
		}
	}
	all := e.world.joined(p.FromUserId)
	from, to, next, err := e.forward(e.sealer("joined", p.FromUserId), asked, len(all), int(p.Limit))
	if err != nil {
		return nil, err
	}
	b := append(field(nil, "HasJoinGroupNum", len(all)), ',')
	b = append(field(b, "NextRsp", strconv.FormatInt(next, 10)), ',')
	return field(b, "GroupInfoList", all[from:to]), nil
}

// joined returns the groups that a user is in.
func (w *world) joined(user string) []joinedGroup {
	list := []joinedGroup{}
	for _, id := range slices.Sorted(maps.Keys(w.groups)) {
		g := w.groups[id]
		if slices.ContainsFunc(g.members, func(m member) bool { return m.id == user }) {
			list = append(list, joinedGroup{id, g.name, g.avatar})
		}
	}
	return list
}
