package zim_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// inShop returns a client of the sample shop, and what it is carried by.
func inShop(t *testing.T, faults ...emulator.FaultName) (*zim.Client, *wire) {
	t.Helper()
	base, stop, err := emulator.New(emulator.WithRate(0), emulator.WithFault(faults...)).Serve(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	transport := zim.NewTransport(nil)
	t.Cleanup(func() { transport.CloseIdleConnections(); stop() })
	w := &wire{next: transport}
	return newClient(t, base, w), w
}

func TestQueryUserInfos(t *testing.T) {
	for _, faults := range [][]emulator.FaultName{nil, {emulator.FaultNulls}, {emulator.FaultHTTP500}} {
		c, _ := inShop(t, faults...)
		infos, err := c.QueryUserInfos(t.Context(), zim.QueryUserInfosRequest{UserIds: []string{"bob", "nobody here", "alice", "bob"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(infos.Result) != 2 || infos.Result[0].UserId != "bob" || infos.Result[0].UserName == "" || infos.Result[1].UserId != "alice" {
			t.Errorf("%v: result %+v", faults, infos.Result)
		}
		if want := []zim.UserError{{UserId: "nobody here", SubCode: zim.UserUnknown}}; !slices.Equal(infos.ErrorList, want) {
			t.Errorf("%v: errors %+v, want %+v", faults, infos.ErrorList, want)
		}
		if infos.RequestId == "" || len(infos.Raw) == 0 || len(infos.Result[0].Raw) == 0 {
			t.Errorf("%v: %+v", faults, infos)
		}
	}
}

func TestQueryGroupInfo(t *testing.T) {
	c, _ := inShop(t)
	g, err := c.QueryGroupInfo(t.Context(), zim.QueryGroupInfoRequest{FromUserId: "alice", GroupId: "team"})
	if err != nil {
		t.Fatal(err)
	}
	if _, known := zim.TimeOf(g.GroupCreateTime); g.GroupId != "team" || g.GroupName == "" || !known || g.RequestId == "" || len(g.Raw) == 0 {
		t.Errorf("group %+v", g)
	}
	if _, err := c.QueryGroupInfo(t.Context(), zim.QueryGroupInfoRequest{FromUserId: "alice", GroupId: "none"}); !isCode(err, zim.GroupUnknown) {
		t.Errorf("an unknown group: %v", err)
	}
}

func TestQueryGroupMemberList(t *testing.T) {
	c, w := inShop(t)
	ids := map[string]bool{}
	roles := map[zim.Role]int{}
	request := zim.QueryGroupMemberListRequest{GroupId: "team", Limit: 2}
	for total := int64(-1); ; {
		page, err := c.QueryGroupMemberList(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.List {
			if m.UserId == "" || m.UserName == "" || ids[m.UserId] {
				t.Errorf("member %+v", m)
			}
			ids[m.UserId] = true
			roles[m.Role]++
		}
		if total = page.TotalCount; page.Next.End() {
			if int(total) != len(ids) || len(ids) < 3 || w.attempts() < 2 {
				t.Errorf("%d members of %d in %d calls", len(ids), total, w.attempts())
			}
			break
		}
		request.Next = page.Next
	}
	if roles[zim.Owner] != 1 || roles[zim.Member] == 0 {
		t.Errorf("roles %v", roles)
	}
}

// TestQueryMessagesByMsgSeq looks up what a group's history has, a recalled
// message among it, and gets the same messages.
func TestQueryMessagesByMsgSeq(t *testing.T) {
	c, _ := inShop(t)
	page, err := c.QueryGroupMsg(t.Context(), zim.QueryGroupMsgRequest{GroupId: "team", Limit: zim.MaxMessages, WithEmptyMsg: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]int64{} // MsgSeq to MsgId
	recalled := 0
	var list []int64
	for _, m := range page.List {
		if e := m.Envelope(); e.IsEmpty == zim.Revoked && m.MsgSeq != 0 || e.IsEmpty == zim.Present && len(list) < 10 {
			list = append(list, m.MsgSeq)
			want[m.MsgSeq] = m.MsgId
			if e.IsEmpty == zim.Revoked {
				recalled++
			}
		}
	}
	if list = list[:min(len(list), zim.MaxMsgSeqs)]; recalled == 0 {
		t.Fatal("the group has no recalled message")
	}
	found, err := c.QueryMessagesByMsgSeq(t.Context(), zim.QueryMessagesByMsgSeqRequest{
		FromUserId: "alice", ConvId: "team", ConvType: zim.Group, MsgSeqList: list,
	})
	if err != nil || len(found.List) != len(list) {
		t.Fatalf("%v of %v: %v", found, list, err)
	}
	notices := 0
	for _, m := range found.List {
		if m.Envelope().MsgType == zim.TypeRecallNotice {
			notices++
		}
		if id := want[m.MsgSeq]; id != 0 && m.MsgId != id {
			t.Errorf("seq %d is %d, want %d", m.MsgSeq, m.MsgId, id)
		}
	}
	if notices == 0 {
		t.Error("nothing says who recalled what")
	}
}

// TestTooManyAreNotSent asks for more than the service takes in a call.
func TestTooManyAreNotSent(t *testing.T) {
	w := &wire{next: answer{200, nil, `{"Code":0}`}}
	c := newClient(t, "https://zim.example.com", w)
	for name, call := range map[string]func(context.Context, int) error{
		"100 users": func(ctx context.Context, n int) error {
			_, err := c.QueryUserInfos(ctx, zim.QueryUserInfosRequest{UserIds: make([]string, zim.MaxUserIds+n)})
			return err
		},
		"20 messages": func(ctx context.Context, n int) error {
			_, err := c.QueryMessagesByMsgSeq(ctx, zim.QueryMessagesByMsgSeqRequest{MsgSeqList: make([]int64, zim.MaxMsgSeqs+n)})
			return err
		},
	} {
		made := w.attempts()
		if err := call(t.Context(), 1); err == nil || w.attempts() != made {
			t.Errorf("%s and one more: %v, %d calls", name, err, w.attempts()-made)
		}
		if err := call(t.Context(), 0); err != nil || w.attempts() != made+1 {
			t.Errorf("%s: %v, %d calls", name, err, w.attempts()-made)
		}
	}
}

// TestLookupsAreLenient reads answers with fields of other types, or none.
func TestLookupsAreLenient(t *testing.T) {
	const body = `{"Code":"0","RequestId":7,"Result":[{"UserId":"a","UserName":null,"Extra":5},null,7],"ErrorList":null,` +
		`"GroupName":12,"GroupCreateTime":"1750000000000","TotalCount":"3","Next":"9","MemberList":[{"UserId":"m","Role":"1"},{}],"MessageList":[{"MsgSeq":"4"}]}`
	c := newClient(t, "https://zim.example.com", &wire{next: answer{200, nil, body}})
	users, err1 := c.QueryUserInfos(t.Context(), zim.QueryUserInfosRequest{UserIds: []string{"a"}})
	group, err2 := c.QueryGroupInfo(t.Context(), zim.QueryGroupInfoRequest{GroupId: "g"})
	members, err3 := c.QueryGroupMemberList(t.Context(), zim.QueryGroupMemberListRequest{GroupId: "g"})
	messages, err4 := c.QueryMessagesByMsgSeq(t.Context(), zim.QueryMessagesByMsgSeqRequest{MsgSeqList: []int64{4}})
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		t.Fatal(err1, err2, err3, err4)
	}
	got := fmt.Sprintln(len(users.Result), users.Result[0].UserId, users.Result[0].Extra, users.RequestId, group.GroupName, group.GroupCreateTime,
		members.TotalCount, members.Next, len(members.List), members.List[0].Role, messages.List[0].MsgSeq)
	if want := "3 a 5 7 12 1750000000000 3 9 2 owner 4\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
