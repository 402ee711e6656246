package zim_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// TestQueryUserOnlineState: the call is a GET, and is as whole as the others: it is
// repeated with another signature, and observed.
func TestQueryUserOnlineState(t *testing.T) {
	for _, faults := range [][]emulator.FaultName{nil, {emulator.FaultNulls}, {emulator.FaultHTTP500}, {emulator.FaultReset}} {
		c, w := inShop(t, faults...)
		states, err := c.QueryUserOnlineState(t.Context(), zim.QueryUserOnlineStateRequest{UserIds: []string{"bob", "nobody & here", "ben", "mallory"}})
		if err != nil {
			t.Fatal(faults, err)
		}
		if want := []zim.UserState{{UserId: "bob", Status: zim.Online}, {UserId: "ben", Status: zim.Offline}}; !slices.Equal(states.Result, want) {
			t.Errorf("%v: result %+v, want %+v", faults, states.Result, want)
		}
		if want := []zim.UserError{{UserId: "nobody & here", SubCode: zim.UserUnknown}, {UserId: "mallory", SubCode: zim.UserUnknown}}; !slices.Equal(states.ErrorList, want) {
			t.Errorf("%v: errors %+v, want %+v", faults, states.ErrorList, want)
		}
		if want := len(faults); states.RequestId == "" || len(states.Raw) == 0 || len(faults) > 0 && faults[0] != emulator.FaultNulls && w.attempts() != want+1 {
			t.Errorf("%v: %d attempts, %+v", faults, w.attempts(), states)
		}
	}
}

func TestAGETIsObservedWithoutABody(t *testing.T) {
	var seen []zim.Exchange
	w := &wire{next: answer{200, nil, `{"Code":0,"Result":[{"UserId":"a b","Status":"Online"},null,{"Status":7}]}`}}
	c := newClient(t, "https://zim.example.com", w, zim.WithObserver(func(x zim.Exchange) { seen = append(seen, x) }))
	states, err := c.QueryUserOnlineState(t.Context(), zim.QueryUserOnlineStateRequest{UserIds: []string{"a b", "c&d"}})
	if err != nil || len(states.Result) != 3 || states.Result[2].Status != "7" {
		t.Fatalf("%+v, %v", states, err)
	}
	x := seen[0]
	if x.Method != "GET" || x.Request != nil || x.RequestHeader.Get("Content-Type") != "" ||
		!strings.Contains(x.URL, "&UserId%5B%5D=a+b&UserId%5B%5D=c%26d") || !strings.Contains(x.URL, "Signature=***") {
		t.Errorf("exchange %s %s %q %v", x.Method, x.URL, x.Request, x.RequestHeader)
	}
	if _, err := c.QueryUserOnlineState(t.Context(), zim.QueryUserOnlineStateRequest{UserIds: make([]string, zim.MaxUserIds+1)}); err == nil || w.attempts() != 1 {
		t.Errorf("101 users: %v, %d calls", err, w.attempts())
	}
}

func TestQueryGroupsInfoOfUser(t *testing.T) {
	c, w := inShop(t)
	var ids []string
	r := zim.QueryGroupsInfoOfUserRequest{FromUserId: "alice", Limit: 2}
	for {
		page, err := c.QueryGroupsInfoOfUser(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range page.GroupInfoList {
			if g.GroupName == "" || len(g.Raw) == 0 {
				t.Errorf("group %+v", g)
			}
			ids = append(ids, g.GroupId)
		}
		if page.End() {
			if int(page.HasJoinGroupNum) != len(ids) || len(ids) < 3 || w.attempts() < 2 {
				t.Errorf("%v of %d in %d calls", ids, page.HasJoinGroupNum, w.attempts())
			}
			break
		}
		r.Next = page.NextRsp
	}
	if slices.Contains(ids, "night-ride") { // which she was removed from
		t.Errorf("alice is in %v", ids)
	}
	if _, err := c.QueryGroupsInfoOfUser(t.Context(), zim.QueryGroupsInfoOfUserRequest{FromUserId: "nobody", Limit: 1}); !isCode(err, zim.ConversationUser) {
		t.Errorf("an unknown user: %v", err)
	}
}

func TestAnswersAboutPeopleAreReadLeniently(t *testing.T) {
	for body, want := range map[string]string{
		`{"Code":0,"HasJoinGroupNum":"3","NextRsp":12,"GroupInfoList":[{"GroupId":5},null,{}]}`: "3 12 false 3 5",
		`{"Code":0,"NextRsp":null,"GroupInfoList":[{"GroupId":"g"}]}`:                           "0  true 1 g",
		`{"Code":0,"NextRsp":0,"GroupInfoList":[{"GroupId":"g"}]}`:                              "0 0 true 1 g",
	} {
		c := newClient(t, "https://zim.example.com", &wire{next: answer{200, nil, body}})
		page, err := c.QueryGroupsInfoOfUser(t.Context(), zim.QueryGroupsInfoOfUserRequest{FromUserId: "a", Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%d %s %t %d %s", page.HasJoinGroupNum, page.NextRsp, page.End(), len(page.GroupInfoList), page.GroupInfoList[0].GroupId); got != want {
			t.Errorf("%s gives %s, want %s", body, got, want)
		}
	}
	for value, want := range map[string]zim.AllForbid{"true": zim.ForbidAll, "1": zim.ForbidAll, `"1"`: zim.ForbidAll, "false": zim.ForbidNone, "0": zim.ForbidNone, "null": zim.ForbidUnknown, "[]": zim.ForbidUnknown} {
		c := newClient(t, "https://zim.example.com", &wire{next: answer{200, nil, `{"Code":0,"IsAllForbid":` + value + `}`}})
		if g, err := c.QueryGroupInfo(t.Context(), zim.QueryGroupInfoRequest{}); err != nil || g.IsAllForbid != want {
			t.Errorf("IsAllForbid %s: %v, %v", value, g, err)
		}
	}
}

// FuzzAnswersAboutPeople: nothing panics, and what is kept is of the answer.
func FuzzAnswersAboutPeople(f *testing.F) {
	for _, seed := range []string{
		`{"Code":0,"Result":[{"UserId":"a","Status":"Online"},{"UserId":"b","Status":"Offline"}],"ErrorList":[{"UserId":"c","SubCode":660200001}]}`,
		`{"Code":0,"HasJoinGroupNum":2,"NextRsp":"0","GroupInfoList":[{"GroupId":"g","GroupName":"G","GroupAvatar":""}]}`,
		`{"Code":0,"Result":null,"GroupInfoList":{},"NextRsp":[1]}`, `{"Code":0,"Result":[[],{"UserId":{}}],"GroupInfoList":[null,7,"x"]}`, `{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		states, joined := zim.ReadPeople(body)
		if len(states.Result) > len(body) || len(joined.GroupInfoList) > len(body) {
			t.Errorf("%d states and %d groups in %d bytes", len(states.Result), len(joined.GroupInfoList), len(body))
		}
		for _, g := range joined.GroupInfoList {
			if !bytes.Contains(body, g.Raw) {
				t.Errorf("%q is not of the answer", g.Raw)
			}
		}
	})
}
