package emulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"backscroll/zim"
)

func TestIDsAndUnknownOnes(t *testing.T) {
	e := shop()
	const allowed = "!#$%&()+-:;<=.>?@[]^_{}|~ 09azAZ"
	long := strings.Repeat("x", 33)
	for _, c := range []struct {
		action string
		body   map[string]any
		want   zim.Code
	}{
		{"QueryConversationList", map[string]any{"FromUserId": "alice"}, zim.Success},
		{"QueryConversationList", map[string]any{"FromUserId": "nobody"}, zim.ConversationUser},
		{"QueryConversationList", map[string]any{"FromUserId": "Alice"}, zim.ConversationUser},
		{"QueryConversationList", map[string]any{"FromUserId": allowed}, zim.ConversationUser},
		{"QueryConversationList", map[string]any{"FromUserId": ""}, zim.BadParameter},
		{"QueryConversationList", map[string]any{}, zim.BadParameter},
		{"QueryConversationList", map[string]any{"FromUserId": 7}, zim.BadParameter},
		{"QueryConversationList", map[string]any{"FromUserId": long}, zim.UserIDTooLong},
		{"QueryPeerMsg", map[string]any{"FromUserId": "alice", "ToUserId": "bob"}, zim.Success},
		{"QueryPeerMsg", map[string]any{"FromUserId": "bob", "ToUserId": "yuki"}, zim.Success},
		{"QueryPeerMsg", map[string]any{"FromUserId": "nobody", "ToUserId": "bob"}, zim.SenderUnknown},
		{"QueryPeerMsg", map[string]any{"FromUserId": "alice", "ToUserId": "nobody"}, zim.PeerUnknown},
		{"QueryPeerMsg", map[string]any{"FromUserId": "alice"}, zim.BadParameter},
		{"QueryPeerMsg", map[string]any{"FromUserId": "alice", "ToUserId": long}, zim.UserIDTooLong},
		{"QueryPeerMsg", map[string]any{"FromUserId": "alice", "ToUserId": "$(touch x)"}, zim.Success},
		{"QueryGroupMsg", map[string]any{"GroupId": "team"}, zim.Success},
		{"QueryGroupMsg", map[string]any{"GroupId": "disbanded"}, zim.GroupUnknown},
		{"QueryGroupMsg", map[string]any{"GroupId": long}, zim.BadParameter},
		{"QueryGroupMsg", map[string]any{"GroupId": "tea/m"}, zim.BadParameter},
		{"QueryGroupMsg", map[string]any{"GroupId": "team", "Limit": "ten"}, zim.BadParameter},
		{"QueryGroupMsg", map[string]any{"GroupId": "team", "Next": 1.5}, zim.BadParameter},
	} {
		b, err := json.Marshal(c.body)
		if err != nil {
			t.Fatal(err)
		}
		if r := ask(t, e, c.action, string(b)); r.Code != c.want {
			t.Errorf("%s %s: code %d %s, want %d", c.action, b, r.Code, r.Message, c.want)
		}
	}
	for r := rune(0); r < 0x250; r++ {
		want := zim.BadParameter
		if strings.ContainsRune(allowed, r) || r < 0x80 && ('0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z') {
			want = zim.ConversationUser
		}
		b, _ := json.Marshal(map[string]string{"FromUserId": "x" + string(r)})
		if got := ask(t, e, "QueryConversationList", string(b)).Code; got != want {
			t.Errorf("ID with %q: code %d, want %d", r, got, want)
		}
	}
	for _, body := range []string{"", "null x", "[]", `"x"`, `{"FromUserId":`} {
		if r := ask(t, e, "QueryConversationList", body); r.Code != zim.BadParameter {
			t.Errorf("body %q: code %d", body, r.Code)
		}
	}
	if r := ask(t, e, "QueryConversationList", strings.Repeat(" ", maxBody+1)); r.Code != zim.BodyUnreadable {
		t.Errorf("a body that is too large: code %d", r.Code)
	}
}

func TestLimitIsCorrected(t *testing.T) {
	e := shop()
	for _, c := range []struct {
		action, ids string
		limits      map[string]int
	}{
		{"QueryConversationList", `"FromUserId":"warehouse"`, map[string]int{"": 100, `,"Limit":0`: 100, `,"Limit":-1`: 100,
			`,"Limit":1`: 1, `,"Limit":500`: 500, `,"Limit":501`: 500, `,"Limit":9223372036854775807`: 500}},
		{"QueryPeerMsg", `"FromUserId":"alice","ToUserId":"archive"`, map[string]int{"": 10, `,"Limit":0`: 10, `,"Limit":-9`: 10,
			`,"Limit":1`: 1, `,"Limit":100`: 100, `,"Limit":101`: 100, `,"Limit":4294967297`: 100}},
		{"QueryGroupMsg", `"GroupId":"team"`, map[string]int{"": 10, `,"Limit":0`: 10, `,"Limit":-1`: 10, `,"Limit":7`: 7}},
	} {
		for limit, want := range c.limits {
			if r := ask(t, e, c.action, "{"+c.ids+limit+"}"); r.Code != zim.Success || len(r.List) != want {
				t.Errorf("%s %q: code %d, %d rows, want %d", c.action, limit, r.Code, len(r.List), want)
			}
		}
	}
}

// conversationsOf asks for page after page, and returns all and the TotalCount.
func conversationsOf(t *testing.T, e *Emulator, user string, limit int) (all []conversation, total int) {
	t.Helper()
	var next int64
	for {
		r := ask(t, e, "QueryConversationList", fmt.Sprintf(`{"FromUserId":%q,"Limit":%d,"Next":%d}`, user, limit, next))
		if r.Code != zim.Success || r.TotalCount == nil {
			t.Fatalf("%s: code %d %s", user, r.Code, r.Message)
		}
		for _, raw := range r.List {
			var c conversation
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
		if next = r.Next; next == 0 {
			return all, *r.TotalCount
		}
	}
}

func TestConversations(t *testing.T) {
	e := shop()
	for user, want := range map[string]int{"alice": 23, "warehouse": 1000, "shop0001": 1, "rider05": 1, "mallory": 2} {
		for _, limit := range []int{1, 7, 300, 500} {
			if limit < 100 && want == 1000 {
				continue
			}
			all, total := conversationsOf(t, e, user, limit)
			if len(all) != want || total != want {
				t.Errorf("%s by %d: %d conversations, TotalCount %d, want %d", user, limit, len(all), total, want)
			}
			seen := map[string]bool{}
			for i, c := range all {
				if i > 0 && all[i-1].UpdateTime > c.UpdateTime {
					t.Errorf("%s: %s comes after %s, which is newer", user, c.ConvId, all[i-1].ConvId)
				}
				if seen[c.ConvId] {
					t.Errorf("%s: %s comes twice", user, c.ConvId)
				}
				seen[c.ConvId] = true
			}
		}
	}
	all, _ := conversationsOf(t, e, "warehouse", 500)
	if all[0].ConvId == "shop1024" || all[len(all)-1].ConvId != "team" {
		t.Errorf("warehouse: from %s to %s: these are not the latest", all[0].ConvId, all[len(all)-1].ConvId)
	}
	alice, _ := conversationsOf(t, e, "alice", 500)
	if last := alice[len(alice)-1]; last.ConvId != "bob" || last.UpdateTime != Epoch.UnixMilli() {
		t.Errorf("the newest of alice's is %+v, want bob at Epoch", last)
	}
	absent := 0
	for _, c := range alice {
		_, isGroup := e.world.groups[c.ConvId]
		if isGroup != (c.ConvType != nil && *c.ConvType == 2) {
			t.Errorf("%s: wrong ConvType", c.ConvId)
		}
		if c.ConvType == nil {
			absent++
		}
	}
	if absent == 0 {
		t.Error("ConvType is never absent")
	}
}
