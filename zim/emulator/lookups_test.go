package emulator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
)

// lookedUp is any answer of a look-up.
type lookedUp struct {
	Code        zim.Code
	Result      []userInfo
	ErrorList   []userError
	TotalCount  int
	Next        int64
	MemberList  []groupMember
	MessageList []json.RawMessage
}

func lookUp(t *testing.T, e *Emulator, action, body string) lookedUp {
	t.Helper()
	w := post(e, sign(action), body)
	var r lookedUp
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("%s: %v in %.200s", action, err, w.Body)
	}
	return r
}

func TestQueryUserInfos(t *testing.T) {
	r := lookUp(t, shop(), "QueryUserInfos", `{"UserIds":["zoe","nobody","mail","alice","zoe","\u001b[31m"]}`)
	want := []userInfo{{"zoe", "Zoë 🌈🚲", "", "🌈"}, {"mail", "", "", ""},
		{"alice", "Alice Moreau", "https://media.example.com/avatars/alice.png", `{"desk":1,"since":"2019-03-01"}`}}
	if r.Code != zim.Success || !slices.Equal(r.Result, want) {
		t.Errorf("code %d, result %+v, want %+v", r.Code, r.Result, want)
	}
	if lost := []userError{{"nobody", zim.UserUnknown}, {"\x1b[31m", zim.UserUnknown}}; !slices.Equal(r.ErrorList, lost) {
		t.Errorf("ErrorList %+v, want %+v", r.ErrorList, lost)
	}
	ids := func(n, length int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("%0*d", length, i))
		}
		b, _ := json.Marshal(map[string]any{"UserIds": all})
		return string(b)
	}
	for body, want := range map[string]zim.Code{
		ids(100, 64): zim.Success, ids(101, 3): zim.BadParameter, ids(1, 65): zim.UserIDTooLong, ids(0, 0): zim.BadParameter,
		`{}`: zim.BadParameter, `{"UserIds":[""]}`: zim.BadParameter, `{"UserIds":"alice"}`: zim.BadParameter, `{"UserIds":[7]}`: zim.BadParameter,
	} {
		if r := lookUp(t, shop(), "QueryUserInfos", body); r.Code != want || want == zim.Success && len(r.ErrorList) != 100 {
			t.Errorf("%.60s: code %d with %d errors, want %d", body, r.Code, len(r.ErrorList), want)
		}
	}
}

func TestQueryGroupInfo(t *testing.T) {
	w := post(shop(), sign("QueryGroupInfo"), `{"FromUserId":"bob","GroupId":"everyone"}`)
	var r struct {
		GroupName, GroupNotice, GroupAvatar string
		GroupCreateTime                     int64
		IsAllForbid                         *bool
		LimitInfo                           map[string]int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	g := shop().world.groups["everyone"]
	if r.GroupName != g.name || r.GroupNotice != g.notice || r.GroupAvatar != g.avatar || r.GroupCreateTime != g.created ||
		r.IsAllForbid == nil || r.LimitInfo["MemberCountLimit"] < len(g.members) {
		t.Errorf("%s", w.Body)
	}
	for body, want := range map[string]zim.Code{
		`{"FromUserId":"alice","GroupId":"gone"}`:                        zim.GroupUnknown,
		`{"FromUserId":"alice","GroupId":""}`:                            zim.BadParameter,
		`{"FromUserId":"nobody","GroupId":"team"}`:                       zim.ConversationUser,
		`{"GroupId":"team"}`:                                             zim.BadParameter,
		`{"FromUserId":"` + strings.Repeat("x", 33) + `","GroupId":"t"}`: zim.UserIDTooLong,
	} {
		if r := lookUp(t, shop(), "QueryGroupInfo", body); r.Code != want {
			t.Errorf("%s: code %d, want %d", body, r.Code, want)
		}
	}
}

func TestQueryGroupMemberList(t *testing.T) {
	for _, limit := range []int{1, 7, 20, 40, 1000, 0, 5000} {
		var got []groupMember
		for next := int64(0); ; {
			r := lookUp(t, shop(), "QueryGroupMemberList", fmt.Sprintf(`{"GroupId":"everyone","Limit":%d,"Next":%d}`, limit, next))
			if r.Code != zim.Success || r.TotalCount != 40 {
				t.Fatalf("limit %d: code %d, TotalCount %d", limit, r.Code, r.TotalCount)
			}
			got = append(got, r.MemberList...)
			if next = r.Next; next == 0 {
				break
			}
		}
		if len(got) != 40 || got[0] != (groupMember{"alice", "Alice Moreau", "", 2}) || got[1].Role != 1 || got[2].UserNickName != "Tilde of the broom" {
			t.Errorf("limit %d: %d members, from %+v", limit, len(got), got[0])
		}
	}
	next := lookUp(t, shop(), "QueryGroupMemberList", `{"GroupId":"everyone","Limit":7}`).Next
	for body, want := range map[string]zim.Code{
		fmt.Sprintf(`{"GroupId":"everyone","Limit":7,"Next":%d}`, next): zim.Success,
		fmt.Sprintf(`{"GroupId":"everyone","Limit":8,"Next":%d}`, next): zim.BadParameter,
		fmt.Sprintf(`{"GroupId":"team","Limit":7,"Next":%d}`, next):     zim.BadParameter,
		`{"GroupId":"gone"}`: zim.GroupUnknown,
		`{}`:                 zim.BadParameter,
	} {
		if r := lookUp(t, shop(), "QueryGroupMemberList", body); r.Code != want {
			t.Errorf("%s: code %d, want %d", body, r.Code, want)
		}
	}
}

// bySeq asks for messages and returns them as the wire has them.
func bySeq(t *testing.T, e *Emulator, user, id string, kind int, seqs ...int64) []zim.Envelope {
	t.Helper()
	b, _ := json.Marshal(map[string]any{"FromUserId": user, "ConvId": id, "ConvType": kind, "MsgSeqList": seqs})
	r := lookUp(t, e, "QueryMessagesByMsgSeq", string(b))
	if r.Code != zim.Success || r.MessageList == nil {
		t.Fatalf("%s: code %d, MessageList %v", b, r.Code, r.MessageList)
	}
	var list []zim.Envelope
	for _, raw := range r.MessageList {
		list = append(list, zim.ReadMessage(raw).Envelope())
	}
	return list
}

func TestRecalledMessagesTellWho(t *testing.T) {
	g := shop().world.groups["team"].list
	n := 0
	for i := range g.len() {
		m := g.at(i)
		if m.empty != recalled {
			continue
		}
		n++
		got := bySeq(t, shop(), "warehouse", "team", 2, m.seq)
		if len(got) != 1 || got[0].MsgId != m.id || got[0].MsgSeq != m.seq || got[0].MsgType != zim.TypeRecallNotice || got[0].IsEmpty != zim.Revoked {
			t.Fatalf("seq %d: %+v", m.seq, got)
		}
		notice := objects(parsed(t, got[0].MsgBody))[0]
		at := json.Number(strconv.FormatInt(m.time+m.recall.after.Milliseconds(), 10))
		if notice["user_id"] != m.recall.by || fmt.Sprint(notice["msg_status"]) != fmt.Sprint(m.recall.status) || fmt.Sprintf("%.0f", notice["revoke_time"]) != at.String() {
			t.Errorf("seq %d: %v, want %+v at %s", m.seq, notice, m.recall, at)
		}
	}
	if n < 4 {
		t.Errorf("%d recalled messages in the group", n)
	}
}

func parsed(t *testing.T, raw []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMessagesBySeq(t *testing.T) {
	l := shop().world.peers["alice"]["archive"].list
	var gone int64
	for i := range l.len() {
		if m := l.at(i); m.empty == deleted {
			gone = m.seq
			break
		}
	}
	got := bySeq(t, shop(), "alice", "archive", 0, archiveSize, gone, 3, archiveSize+1, 0, -4, 3)
	if len(got) != 3 || got[0].MsgSeq != archiveSize || string(got[1].Raw) != `{"IsEmpty":1}` || got[2].MsgId != l.at(2).id {
		t.Errorf("%d messages: %+v", len(got), got)
	}
	first := shop().world.peers["alice"]["walter"].list.at(0)
	if got := bySeq(t, shop(), "walter", "alice", 0, first.seq, first.seq-1); len(got) != 1 || got[0].MsgId != first.id || got[0].Sender != first.sender {
		t.Errorf("the first of walter's: %+v", got)
	}
	if got := bySeq(t, shop(), "rider01", "rider02", 0, 1); len(got) != 0 {
		t.Errorf("two who never spoke: %+v", got)
	}
	const most = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20"
	for body, want := range map[string]zim.Code{
		`"FromUserId":"alice","ConvId":"team","ConvType":2,"MsgSeqList":[` + most + `]`:    zim.Success,
		`"FromUserId":"alice","ConvId":"team","ConvType":2,"MsgSeqList":[` + most + `,21]`: zim.BadParameter,
		`"FromUserId":"alice","ConvId":"team","ConvType":2,"MsgSeqList":[]`:                zim.BadParameter,
		`"FromUserId":"alice","ConvId":"team","ConvType":2,"MsgSeqList":["1"]`:             zim.BadParameter,
		`"FromUserId":"alice","ConvId":"team","ConvType":1,"MsgSeqList":[1]`:               zim.BadParameter,
		`"FromUserId":"alice","ConvId":"gone","ConvType":2,"MsgSeqList":[1]`:               zim.GroupUnknown,
		`"FromUserId":"alice","ConvId":"nobody","MsgSeqList":[1]`:                          zim.PeerUnknown,
		`"FromUserId":"alice","ConvId":"","MsgSeqList":[1]`:                                zim.BadParameter,
		`"FromUserId":"nobody","ConvId":"team","ConvType":2,"MsgSeqList":[1]`:              zim.ConversationUser,
	} {
		if r := lookUp(t, shop(), "QueryMessagesByMsgSeq", "{"+body+"}"); r.Code != want {
			t.Errorf("%s: code %d, want %d", body, r.Code, want)
		}
	}
}

// What other software wrote is looked up as well as it can be read.
func TestLookingUpForeignRows(t *testing.T) {
	e := New(WithClock(still), WithRate(0), WithPeerHistory("u1", "u2", json.RawMessage(`{"IsEmpty":1,"MsgSeq":1,"MsgBody":"x"}`),
		json.RawMessage(`{"IsEmpty":2,"MsgSeq":"2","MsgId":"9007199254740993","MsgType":1,"Sender":"u2","MsgTime":1000}`),
		json.RawMessage(`{"MsgSeq":3,"odd": 1}`), json.RawMessage(`{"IsEmpty":2,"MsgSeq":4,"MsgType":31,"MsgBody":"kept"}`)))
	got := bySeq(t, e, "u1", "u2", 0, 1, 2, 3, 4)
	if len(got) != 4 || string(got[0].Raw) != `{"IsEmpty":1}` || string(got[2].Raw) != `{"MsgSeq":3,"odd": 1}` || string(got[3].MsgBody) != `"kept"` {
		t.Fatalf("%+v", got)
	}
	notice := objects(parsed(t, got[1].MsgBody))[0]
	if got[1].MsgId != 9007199254740993 || got[1].MsgType != zim.TypeRecallNotice || notice["user_id"] != "u2" || notice["revoke_time"] != 61000.0 {
		t.Errorf("%s", got[1].Raw)
	}
}

func TestRatesOfLookUps(t *testing.T) {
	now := Epoch
	e := New(WithClock(func() time.Time { return now }), WithRate(20))
	bySeq := func(n int) zim.Code {
		seqs := strings.TrimSuffix(strings.Repeat("1,", n), ",")
		return lookUp(t, e, "QueryMessagesByMsgSeq", `{"FromUserId":"alice","ConvId":"team","ConvType":2,"MsgSeqList":[`+seqs+`]}`).Code
	}
	for i, step := range []struct {
		n    int
		want zim.Code
	}{{15, zim.Success}, {6, zim.RateLimited}, {5, zim.Success}, {1, zim.RateLimited}} {
		if got := bySeq(step.n); got != step.want {
			t.Errorf("step %d, %d messages: code %d, want %d", i, step.n, got, step.want)
		}
	}
	if got := lookUp(t, e, "QueryUserInfos", `{"UserIds":["alice"]}`).Code; got != zim.Success {
		t.Errorf("another call after 20 messages: code %d", got)
	}
	now = now.Add(time.Second)
	if got := bySeq(20); got != zim.Success {
		t.Errorf("after a second: code %d", got)
	}
	for range 19 {
		lookUp(t, e, "QueryUserInfos", `{"UserIds":["alice"]}`)
	}
	for action, want := range map[string]zim.Code{"QueryUserInfos": zim.RateLimited, "QueryGroupInfo": zim.RateLimited,
		"QueryMessagesByMsgSeq": zim.RateLimited, "QueryGroupMemberList": zim.MemberListRateLimited} {
		if got := lookUp(t, e, action, `{}`).Code; got != want {
			t.Errorf("%s after 20 calls: code %d, want %d", action, got, want)
		}
	}
}

func TestAnyNonce(t *testing.T) {
	for _, nonce := range []string{"4fd24687296dd9f3", "7", "8B7E1F1C-8B0E-4D2C-9C53-2F2B6E1C11AA", "a+b/c==&x=%41 é", strings.Repeat("n", 4096)} {
		q := signAt("QueryGroupMsg", nonce, Epoch.Unix())
		if again, err := url.ParseQuery(q.Encode()); err != nil || again.Get("SignatureNonce") != nonce {
			t.Fatalf("%.20q does not survive a query: %v", nonce, err)
		}
		if r := decode(t, post(shop(), q, `{"GroupId":"team"}`).Body.Bytes()); r.Code != zim.Success {
			t.Errorf("nonce %.20q: code %d", nonce, r.Code)
		}
	}
}
