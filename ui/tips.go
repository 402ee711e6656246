package ui

import (
	"strconv"

	"backscroll/ui/text"
	"backscroll/zim"
)

// maxNamed is how many users a sentence names before it counts the rest.
const maxNamed = 5

// tipsSentence tells a group event: dave removed mallory from the group.
func tipsSentence(t *zim.Tips) text.Line {
	who, whom := idLine(t.OpUserInfo.UserId), users(t)
	switch t.Type {
	case zim.TipsCreated:
		return text.Join(who, text.Lit(" created the group"))
	case zim.TipsDisbanded:
		return text.Join(who, text.Lit(" disbanded the group"))
	case zim.TipsJoined:
		return text.Join(whom, text.Lit(" joined the group"))
	case zim.TipsInvited:
		return text.Join(who, text.Lit(" invited "), whom, text.Lit(" to the group"))
	case zim.TipsLeft:
		return text.Join(whom, text.Lit(" left the group"))
	case zim.TipsKickedOut:
		return text.Join(who, text.Lit(" removed "), whom, text.Lit(" from the group"))
	case zim.TipsOwnerTransferred:
		return text.Join(who, text.Lit(" made "), whom, text.Lit(" the owner of the group"))
	case zim.TipsRoleChanged:
		return text.Join(who, text.Lit(" gave "), whom, text.Lit(" the role "), text.CleanLine(roleOf(t).String()))
	case zim.TipsMemberMuted:
		return text.Join(who, text.Lit(" muted "), whom)
	case zim.TipsGroupDataChanged:
		return text.Join(who, text.Lit(" changed "), groupData(t))
	case zim.TipsGroupMuted:
		return text.Join(who, muted(t.Forbid))
	}
	return text.Join(text.Lit("group event "), text.CleanLine(strconv.FormatInt(int64(t.Type), 10)),
		text.Lit(" by "), who)
}

// users lists whom the event is about: the one who caused it where the wire
// names nobody else.
func users(t *zim.Tips) text.Line {
	var ids []text.Line
	for _, u := range t.TargetUsers {
		ids = append(ids, idLine(u.UserId))
	}
	total := len(ids) + t.MoreTargetUsers
	switch {
	case total == 0:
		return idLine(t.OpUserInfo.UserId)
	case total > maxNamed:
		rest := text.CleanLine(count(total-maxNamed+1, "other", "others"))
		return listing(append(ids[:maxNamed-1:maxNamed-1], rest))
	}
	return listing(ids)
}

// listing joins parts as "a", "a and b" or "a, b and c".
func listing(parts []text.Line) text.Line {
	var l text.Line
	for i, p := range parts {
		switch {
		case i == 0:
			l = p
		case i == len(parts)-1:
			l = text.Join(l, text.Lit(" and "), p)
		default:
			l = text.Join(l, text.Lit(", "), p)
		}
	}
	return l
}

// roleOf returns the new role: the event's own, or the one its users have.
func roleOf(t *zim.Tips) zim.Role {
	if t.Role == 0 && len(t.TargetUsers) > 0 {
		return t.TargetUsers[0].Role
	}
	return t.Role
}

func groupData(t *zim.Tips) text.Line {
	var changed []text.Line
	if t.GroupDataFlag.Has(zim.GroupNameChanged) {
		changed = append(changed, text.Join(text.Lit("the group's name to "), quoted(t.GroupName)))
	}
	if t.GroupDataFlag.Has(zim.GroupNoticeChanged) {
		changed = append(changed, text.Join(text.Lit("the notice to "), quoted(t.GroupNotice)))
	}
	if t.GroupDataFlag.Has(zim.GroupAvatarChanged) {
		changed = append(changed, text.Lit("the avatar"))
	}
	if len(changed) == 0 {
		return text.Lit("the group's data")
	}
	return listing(changed)
}

func quoted(s string) text.Line {
	return text.Join(text.Lit("“"), text.CleanBlock(s).Line(), text.Lit("”"))
}

func muted(f zim.Forbid) text.Line {
	if f.IsAllForbid {
		return text.Lit(" muted the whole group")
	}
	var roles []text.Line
	for _, r := range f.ForbidRoleList {
		roles = append(roles, text.CleanLine(r.String()+"s"))
	}
	if len(roles) == 0 {
		return text.Lit(" lifted the mute of the group")
	}
	return text.Join(text.Lit(" muted the "), listing(roles))
}
