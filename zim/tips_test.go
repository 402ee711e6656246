package zim

import (
	"strings"
	"testing"
)

func tipsShapes() []shape {
	return []shape{
		{"tips, kicked out", TypeTips,
			`{"type":6,"op_user_info":{"user_id":"dave","role":2,"group_member_name":"Dave","group_member_nickname":"D"},` +
				`"target_users":[{"user_id":"mallory","role":3},{"user_id":"a%20b"},null]}`,
			&Tips{Type: TipsKickedOut, OpUserInfo: TipsUser{"dave", Manager, "Dave", "D"},
				TargetUsers: []TipsUser{{UserId: "mallory", Role: Member}, {UserId: "a%20b"}, {}}}},
		{"tips, group data", TypeTips,
			`{"type":"30","op_user_info":{"user_id":"alice","role":"1"},"group_name":"Work shop","group_notice":"be kind","group_avatar":"https://media.example.com/g%201","group_data_flag":5}`,
			&Tips{Type: TipsGroupDataChanged, OpUserInfo: TipsUser{UserId: "alice", Role: Owner},
				GroupName: "Work shop", GroupNotice: "be kind", GroupAvatar: "https://media.example.com/g%201", GroupDataFlag: GroupNameChanged | GroupAvatarChanged}},
		{"tips, group muted", TypeTips, `{"type":34,"forbid":{"is_all_forbid":true,"forbid_role_list":[2,"3"],"forbid_expire_time":-1}}`,
			&Tips{Type: TipsGroupMuted, Forbid: Forbid{true, []Role{Manager, Member}, -1}}},
		{"tips, member muted", TypeTips, `{"type":13,"forbid":{"is_all_forbid":0},"forbid_expire_time":"9007199254740993"}`,
			&Tips{Type: TipsMemberMuted, ForbidExpireTime: 1<<53 + 1}},
		{"tips, role", TypeTips, `{"type":12,"role":2,"target_users":"nobody","op_user_info":7}`,
			&Tips{Type: TipsRoleChanged, Role: Manager}},
		{"tips, unknown event", TypeTips, `{"type":77}`, &Tips{Type: 77}},
	}
}

func TestTipsNames(t *testing.T) {
	for event, want := range map[TipsType]string{
		TipsCreated: "created", TipsDisbanded: "disbanded", TipsJoined: "joined", TipsInvited: "invited",
		TipsLeft: "left", TipsKickedOut: "kicked out", TipsOwnerTransferred: "owner transferred",
		TipsRoleChanged: "role changed", TipsMemberMuted: "member muted",
		TipsGroupDataChanged: "group data changed", TipsGroupMuted: "group muted", 0: "event 0", 77: "event 77",
	} {
		if got := event.String(); got != want {
			t.Errorf("event %d is %q, want %q", int64(event), got, want)
		}
	}
	for role, want := range map[Role]string{Owner: "owner", Manager: "manager", Member: "member", 0: "role 0", 9: "role 9"} {
		if got := role.String(); got != want {
			t.Errorf("role %d is %q, want %q", int64(role), got, want)
		}
	}
}

func TestGroupDataFlag(t *testing.T) {
	f := GroupNameChanged | GroupAvatarChanged
	if !f.Has(GroupNameChanged) || f.Has(GroupNoticeChanged) || !f.Has(GroupAvatarChanged) {
		t.Errorf("bits of %d", f)
	}
}

func TestMoreTargetsThanKept(t *testing.T) {
	object := `{"target_users":[` + strings.Repeat(`{"user_id":"u"},`, 1004) + `{"user_id":"u"}]}`
	tips := bodyOf(TypeTips, 0, object).Content.(*Tips)
	if len(tips.TargetUsers) != 1000 || tips.MoreTargetUsers != 5 {
		t.Errorf("%d users and %d more", len(tips.TargetUsers), tips.MoreTargetUsers)
	}
}

func TestEncodedTips(t *testing.T) {
	body := bodyOf(TypeTips, 0, `{"group_name":"%E4%BD%A0","group_notice":"50%20 off","op_user_info":{"user_id":"%41","group_member_name":"Dave%21"}}`)
	tips := body.Content.(*Tips)
	if tips.GroupName != "你" || tips.GroupNotice != "50%20 off" || tips.OpUserInfo.UserId != "%41" || tips.OpUserInfo.GroupMemberName != "Dave!" {
		t.Errorf("tips %s", show(tips))
	}
}
