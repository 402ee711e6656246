package emulator

import (
	"encoding/json"
	"testing"

	"backscroll/zim"
)

func TestMessagesBecomeSomethingElse(t *testing.T) {
	for _, to := range []string{"bob", "team", "archive"} {
		e := New(WithClock(still), WithRate(0))
		e.Push("alice", to, pushed(200_001), pushed(200_002), pushed(200_003), pushed(200_004))
		newest := func(from, to string) []zim.Envelope {
			action, ids := "QueryPeerMsg", `"FromUserId":"`+from+`","ToUserId":"`+to+`"`
			if to == "team" {
				action, ids = "QueryGroupMsg", `"GroupId":"team"`
			}
			var list []zim.Envelope
			for _, raw := range ask(t, e, action, `{`+ids+`,"Limit":4,"WithEmptyMsg":1}`).List {
				list = append(list, zim.ReadMessage(raw).Envelope())
			}
			return list
		}
		before := newest("alice", to)
		edited := json.RawMessage(`{"Sender":"alice","MsgType":1,"MsgBody":"edited","MsgId":` + idOf(before[0]) + `}`)
		if !e.Edit("alice", to, before[0].MsgId, edited) || !e.Recall("alice", to, before[1].MsgId, "alice", zim.RevokedByUser) || !e.Delete("alice", to, before[2].MsgId) {
			t.Fatalf("%s: a message is not there", to)
		}
		if e.Edit("alice", to, 1, edited) || e.Edit("nobody", "neither", before[0].MsgId, edited) {
			t.Errorf("%s: a message that is not there was edited", to)
		}
		after := newest("alice", to)
		if string(after[0].Raw) != string(edited) || after[1].IsEmpty != zim.Revoked || after[1].MsgId != before[1].MsgId || after[1].Body().Raw != "" || string(after[2].Raw) != `{"IsEmpty":1}` || string(after[3].Raw) != string(before[3].Raw) {
			t.Errorf("%s: %s %s %s %s", to, after[0].Raw, after[1].Raw, after[2].Raw, after[3].Raw)
		}
		if other := newest(to, "alice"); to == "bob" && (string(other[0].Raw) != string(edited) || other[1].IsEmpty != zim.Revoked || string(other[2].Raw) != string(before[2].Raw)) {
			t.Errorf("the other side: %s %s %s", other[0].Raw, other[1].Raw, other[2].Raw)
		}
		e.Push("alice", to, pushed(200_005))
		if got := newest("alice", to); string(got[0].Raw) != string(pushed(200_005)) || string(got[1].Raw) != string(edited) {
			t.Errorf("%s: after another push: %s %s", to, got[0].Raw, got[1].Raw)
		}
	}
}

func TestWhoRecalledIsLookedUp(t *testing.T) {
	e := New(WithClock(still), WithRate(0))
	e.Push("alice", "bob", pushed(200_001))
	id := zim.ReadMessage(pushed(200_001)).MsgId
	e.Recall("alice", "bob", id, "alice", zim.RevokedByServer)
	found := bySeq(t, e, "alice", "bob", 0, 200_001)
	if len(found) != 1 {
		t.Fatalf("%d found", len(found))
	}
	if n, ok := found[0].Body().Content.(*zim.RecallNotice); !ok || n.UserId != "alice" || n.Status != zim.RevokedByServer {
		t.Errorf("looked up: %s", found[0].Raw)
	}
}

func idOf(e zim.Envelope) string {
	for _, f := range e.Fields {
		if f.Name == "MsgId" {
			return string(f.Raw)
		}
	}
	return "0"
}
