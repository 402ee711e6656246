package zim

import "strconv"

// Tips is the content of TypeTips: something that happened to a group. Which
// fields mean something depends on Type; the others are zero.
type Tips struct {
	Type             TipsType
	OpUserInfo       TipsUser   // who did it
	TargetUsers      []TipsUser // to whom it was done
	MoreTargetUsers  int        // users after the first 1000, which only Body.JSON has
	GroupName        string
	GroupNotice      string
	GroupAvatar      string        // URL
	GroupDataFlag    GroupDataFlag // which of the three above changed
	Forbid           Forbid        // for TipsGroupMuted
	ForbidExpireTime int64         // for TipsMemberMuted; as on the wire, the unit is not published
	Role             Role          // for TipsRoleChanged: the new role
}

// TipsUser is a member of a group as an event names it.
type TipsUser struct {
	UserId              string
	Role                Role
	GroupMemberName     string // the user's name
	GroupMemberNickname string // the name in the group
}

// Forbid is who may not speak in a group.
type Forbid struct {
	IsAllForbid      bool
	ForbidRoleList   []Role // the roles that may not, if not all
	ForbidExpireTime int64  // as on the wire; the unit is not published
}

// Role is a member's rank in a group. The zero value is an event that names none.
type Role int64

// The roles that the service documents.
const (
	Owner   Role = 1
	Manager Role = 2
	Member  Role = 3
)

// String returns the name of the role, or "role 9" for one without a name.
func (r Role) String() string {
	switch r {
	case Owner:
		return "owner"
	case Manager:
		return "manager"
	case Member:
		return "member"
	}
	return "role " + strconv.FormatInt(int64(r), 10)
}

// GroupDataFlag tells what of a group changed, in bits. Unknown bits are kept.
type GroupDataFlag int64

// The bits of a GroupDataFlag.
const (
	GroupNameChanged   GroupDataFlag = 1
	GroupNoticeChanged GroupDataFlag = 2
	GroupAvatarChanged GroupDataFlag = 4
)

// Has reports whether all bits of flag are set.
func (f GroupDataFlag) Has(flag GroupDataFlag) bool { return f&flag == flag }

// TipsType says what happened to a group. The zero value is an event that does
// not say.
type TipsType int64

// The events that the service documents. Its description calls the second one
// "created" too; the vendor's SDK has it right.
const (
	TipsCreated          TipsType = 1
	TipsDisbanded        TipsType = 2
	TipsJoined           TipsType = 3
	TipsInvited          TipsType = 4
	TipsLeft             TipsType = 5
	TipsKickedOut        TipsType = 6
	TipsOwnerTransferred TipsType = 11
	TipsRoleChanged      TipsType = 12
	TipsMemberMuted      TipsType = 13
	TipsGroupDataChanged TipsType = 30 // name, notice or avatar
	TipsGroupMuted       TipsType = 34
)

var tipsNames = map[TipsType]string{
	TipsCreated: "created", TipsDisbanded: "disbanded", TipsJoined: "joined",
	TipsInvited: "invited", TipsLeft: "left", TipsKickedOut: "kicked out",
	TipsOwnerTransferred: "owner transferred", TipsRoleChanged: "role changed",
	TipsMemberMuted: "member muted", TipsGroupDataChanged: "group data changed",
	TipsGroupMuted: "group muted",
}

// String returns the name of the event, or "event 77" for one without a name.
func (t TipsType) String() string {
	if name, ok := tipsNames[t]; ok {
		return name
	}
	return "event " + strconv.FormatInt(int64(t), 10)
}

func (l *ladder) tips(object []byte) Content {
	var t Tips
	known := false
	for name, raw := range members(object) {
		if t.set(l, name, raw) {
			known = true
		}
	}
	if !known {
		return &Undecoded{TypeTips, noKnownField}
	}
	return &t
}

// set reads a field of the event. It is false for any other name.
func (t *Tips) set(l *ladder, name string, raw []byte) bool {
	switch name {
	case "type":
		t.Type = TipsType(number(raw))
	case "op_user_info":
		t.OpUserInfo = l.tipsUser(l.at.in(name), raw)
	case "target_users":
		t.TargetUsers, t.MoreTargetUsers = nil, 0
		all := l.at.in(name)
		for user := range bounded(elements(raw), &t.MoreTargetUsers) {
			t.TargetUsers = append(t.TargetUsers, l.tipsUser(all.at(len(t.TargetUsers)), user))
		}
	case "group_name":
		t.GroupName = l.text(name, raw)
	case "group_notice":
		t.GroupNotice = l.text(name, raw)
	case "group_avatar":
		t.GroupAvatar = l.link(name, raw)
	case "group_data_flag":
		t.GroupDataFlag = GroupDataFlag(number(raw))
	case "forbid":
		t.Forbid = forbid(raw)
	case "forbid_expire_time":
		t.ForbidExpireTime = number(raw)
	case "role":
		t.Role = Role(number(raw))
	default:
		return false
	}
	return true
}

func (l *ladder) tipsUser(at *place, object []byte) (u TipsUser) {
	up := l.at
	l.at = at
	defer func() { l.at = up }()
	for name, raw := range members(object) {
		switch name {
		case "user_id":
			u.UserId = plainText(raw)
		case "role":
			u.Role = Role(number(raw))
		case "group_member_name":
			u.GroupMemberName = l.text(name, raw)
		case "group_member_nickname":
			u.GroupMemberNickname = l.text(name, raw)
		}
	}
	return u
}

func forbid(object []byte) (f Forbid) {
	for name, raw := range members(object) {
		switch name {
		case "is_all_forbid":
			text := plainText(raw)
			f.IsAllForbid = text == "true" || text == "1"
		case "forbid_role_list":
			f.ForbidRoleList = nil
			var others int // three roles are documented; the end of a longer list is in Body.JSON only
			for role := range bounded(elements(raw), &others) {
				f.ForbidRoleList = append(f.ForbidRoleList, Role(number(role)))
			}
		case "forbid_expire_time":
			f.ForbidExpireTime = number(raw)
		}
	}
	return f
}

// number returns a whole number of 64 bits, 0 for what is none.
func number(raw []byte) int64 {
	n, _ := integerOf(raw) // the value itself stays in Body.JSON
	return n
}
