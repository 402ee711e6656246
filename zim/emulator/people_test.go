package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
)

// states asks who is online, by a GET.
func states(t *testing.T, e *Emulator, ids ...string) (r struct {
	Code      zim.Code
	Result    []userState
	ErrorList []userError
}) {
	t.Helper()
	q := sign("QueryUserOnlineState")
	q["UserId[]"] = ids
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?"+q.Encode(), nil))
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("%v in %.200s", err, w.Body)
	}
	return r
}

func TestQueryUserOnlineState(t *testing.T) {
	r := states(t, shop(), "zoe", "nobody", "ben", "zoe", "ghost")
	if want := []userState{{"zoe", "Online"}, {"ben", "Offline"}}; r.Code != 0 || !slices.Equal(r.Result, want) {
		t.Errorf("code %d, result %+v, want %+v", r.Code, r.Result, want)
	}
	if want := []userError{{"nobody", zim.UserUnknown}, {"ghost", zim.UserUnknown}}; !slices.Equal(r.ErrorList, want) {
		t.Errorf("ErrorList %+v, want %+v", r.ErrorList, want)
	}
	for want, ids := range map[zim.Code][]string{zim.Success: make([]string, 100), zim.BadParameter: make([]string, 101)} {
		for i := range ids {
			ids[i] = fmt.Sprint("user", i)
		}
		if r := states(t, shop(), ids...); r.Code != want {
			t.Errorf("%d users: code %d", len(ids), r.Code)
		}
	}
	if r := states(t, shop()); r.Code != zim.BadParameter {
		t.Errorf("nobody: code %d", r.Code)
	}
	if w := post(shop(), sign("QueryUserOnlineState"), `{"UserIds":["bob"]}`); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodGet {
		t.Errorf("a POST: status %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestQueryGroupsInfoOfUser(t *testing.T) {
	type page struct {
		Code            zim.Code
		NextRsp         string
		HasJoinGroupNum int
		GroupInfoList   []joinedGroup
	}
	ask := func(body string) (p page) {
		if err := json.Unmarshal(post(shop(), sign("QueryGroupsInfoOfUser"), body).Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	var ids []string
	next, calls := "", 0
	for next != "0" && calls < 10 {
		p := ask(fmt.Sprintf(`{"FromUserId":"alice","Limit":2,"Next":%q}`, next))
		for _, g := range p.GroupInfoList {
			ids = append(ids, g.GroupId)
		}
		next = p.NextRsp
		if calls++; p.Code != 0 || next == "0" && p.HasJoinGroupNum != len(ids) {
			t.Errorf("%+v", p)
		}
	}
	if want := []string{"everyone", "team", "vip", "world-ride"}; !slices.Equal(ids, want) || calls != 2 {
		t.Errorf("%v in %d calls, want %v", ids, calls, want)
	}
	for body, want := range map[string]zim.Code{
		`{"FromUserId":"alice","Next":""}`:                 zim.BadParameter, // Limit is required
		`{"FromUserId":"alice","Limit":101,"Next":""}`:     zim.BadParameter,
		`{"FromUserId":"alice","Limit":100,"Next":"x"}`:    zim.BadParameter,
		`{"FromUserId":"alice","Limit":100,"Next":"77"}`:   zim.BadParameter,
		`{"FromUserId":"nobody","Limit":100,"Next":""}`:    zim.ConversationUser,
		`{"FromUserId":"newbie","Limit":100}`:              zim.Success,
		`{"FromUserId":"` + strings.Repeat("x", 33) + `"}`: zim.UserIDTooLong,
	} {
		if p := ask(body); p.Code != want || want == zim.Success && (p.GroupInfoList == nil || p.NextRsp != "0") {
			t.Errorf("%s: %+v, want code %d", body, p, want)
		}
	}
}

// TestDataHasPeopleToo: a chat of a file is a group whose members are in it.
func TestDataHasPeopleToo(t *testing.T) {
	add, err := WithData(strings.NewReader(`{"Sender":"a","MsgSeq":3}` + "\n" + `{"Sender":"b","MsgSeq":2}` + "\n" + `{"Sender":"c","MsgSeq":1}`))
	if err != nil {
		t.Fatal(err)
	}
	e := New(add, WithClock(still), WithRate(0))
	if r := states(t, e, "a", "d"); len(r.Result) != 1 || r.Result[0].Status != "Offline" || len(r.ErrorList) != 1 {
		t.Errorf("%+v", r)
	}
	if got := post(e, sign("QueryGroupsInfoOfUser"), `{"FromUserId":"b","Limit":100,"Next":""}`).Body.String(); !strings.Contains(got, `"GroupId":"data"`) {
		t.Error(got)
	}
}
