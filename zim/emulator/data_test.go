package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"backscroll/zim"
)

// rowOf is a message of a data file.
func rowOf(seq int, sender string) string {
	return fmt.Sprintf(`{"MsgSeq":%d,"MsgId":%d,"Sender":%s,"MsgType":1,"MsgBody":"<%d>","MsgTime":%d}`, seq, 1<<60+seq, marshal(sender), seq, 1000*seq)
}

func lines(text ...string) string { return strings.Join(text, "\n") + "\n" }

func TestData(t *testing.T) {
	empty := `{"IsEmpty":1}`
	tips := `{"MsgSeq":1,"Sender":"a","MsgType":32}`
	many := []string{rowOf(5, "a"), rowOf(4, "b"), rowOf(3, "c"), rowOf(2, "a"), rowOf(1, "a")}
	backwards := slices.Clone(many)
	slices.Reverse(backwards)
	for name, c := range map[string]struct {
		data  string
		sides []side
		want  []string
	}{
		"two, newest first": {lines(rowOf(3, "a"), empty, rowOf(1, "b")), []side{peerSide("a", "b"), peerSide("b", "a")}, []string{rowOf(3, "a"), empty, rowOf(1, "b")}},
		"two, oldest first": {lines(rowOf(1, "b"), empty, rowOf(3, "a")), []side{peerSide("a", "b"), peerSide("b", "a")}, []string{rowOf(3, "a"), empty, rowOf(1, "b")}},
		"by time":           {lines(`{"Sender":"a","MsgTime":1}`, `{"Sender":"b","MsgTime":"2"}`), []side{peerSide("a", "b")}, []string{`{"Sender":"b","MsgTime":"2"}`, `{"Sender":"a","MsgTime":1}`}},
		"one sender":        {lines(rowOf(7, "a"), rowOf(6, "a")), []side{peerSide("a", DataPeer), peerSide(DataPeer, "a")}, []string{rowOf(7, "a"), rowOf(6, "a")}},
		"called peer":       {lines(rowOf(7, DataPeer)), []side{peerSide(DataPeer, DataUser)}, []string{rowOf(7, DataPeer)}},
		"no sender":         {lines(empty, empty), []side{peerSide(DataUser, DataPeer)}, []string{empty, empty}},
		"a group":           {lines(many...), []side{groupSide(DataGroup)}, many},
		"a group, reversed": {lines(backwards...), []side{groupSide(DataGroup)}, many},
		"tips":              {lines(rowOf(2, "b"), tips), []side{groupSide(DataGroup)}, []string{rowOf(2, "b"), tips}},
		"blank lines, CRLF": {"\r\n \n" + rowOf(2, "a") + "\r\n\n  " + rowOf(1, "b"), []side{peerSide("a", "b")}, []string{rowOf(2, "a"), rowOf(1, "b")}},
		"hostile senders":   {lines(rowOf(3, "a"), rowOf(2, "\x1b[31m"), rowOf(1, strings.Repeat("x", 40))), []side{peerSide("a", DataPeer)}, nil},
		"takes its place":   {lines(rowOf(2, "alice"), rowOf(1, "bob")), []side{peerSide("alice", "bob"), peerSide("bob", "alice")}, []string{rowOf(2, "alice"), rowOf(1, "bob")}},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := WithData(strings.NewReader(c.data))
			if err != nil {
				t.Fatal(err)
			}
			e := New(WithClock(still), WithRate(0), o)
			for _, s := range c.sides {
				rows, _ := walk(t, e, s, 100, 1, 1e6)
				var got []string
				for _, r := range rows {
					got = append(got, string(r))
				}
				if c.want != nil && !slices.Equal(got, c.want) || len(got) == 0 {
					t.Errorf("%v: got %q, want %q", s, got, c.want)
				}
			}
		})
	}
	o, _ := WithData(strings.NewReader(lines(many...)))
	e := New(WithClock(still), o)
	if r := lookUp(t, e, "QueryGroupMemberList", `{"GroupId":"data"}`); len(r.MemberList) != 3 || r.MemberList[0].UserId != "a" || r.MemberList[0].Role != 1 {
		t.Errorf("members %+v", r.MemberList)
	}
	if r := ask(t, e, "QueryConversationList", `{"FromUserId":"b"}`); len(r.List) != 1 {
		t.Errorf("b has %d conversations, want the group", len(r.List))
	}
}

func TestBadData(t *testing.T) {
	for name, c := range map[string]struct {
		r    io.Reader
		want string
	}{
		"empty":      {strings.NewReader("\n\n"), "there are none"},
		"no object":  {strings.NewReader(rowOf(1, "a") + "\n[1]\n"), "line 2 is no JSON object"},
		"cut short":  {strings.NewReader(rowOf(1, "a")[:30]), "line 1 is no JSON object"},
		"two in one": {strings.NewReader(rowOf(1, "a") + rowOf(2, "a")), "line 1 is no JSON object"},
		"too long":   {strings.NewReader("{}\n\"" + strings.Repeat("x", maxLine)), "line 2 is over 4 MiB"},
		"unreadable": {iotest.ErrReader(errors.New("disk on fire")), "disk on fire"},
	} {
		if _, err := WithData(c.r); err == nil || !strings.HasPrefix(err.Error(), "emulator: read messages: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, c.want)
		}
	}
}

func TestDataIsBounded(t *testing.T) {
	three := strings.Repeat("{}\n", 3)
	if raw, err := readLines(strings.NewReader(three), 3); err != nil || len(raw) != 3 {
		t.Errorf("three of three: %d, %v", len(raw), err)
	}
	if _, err := readLines(strings.NewReader(three), 2); err == nil || err.Error() != "line 3: a chat has at most 2 messages" {
		t.Errorf("three of two: %v", err)
	}
	if got, err := (sealer{key: 1, half: 26}).position(sealer{key: 1, half: 26}.seal(maxRows), 0, maxRows); err != nil || got != maxRows {
		t.Errorf("the longest list has no Next for its row %d: %v", got, err)
	}
}

// pushed is the message that arrives, with that number.
func pushed(seq int) json.RawMessage { return json.RawMessage(rowOf(seq, "alice")) }

func TestPush(t *testing.T) {
	e := New(WithClock(still), WithRate(0))
	for _, s := range []side{peerSide("alice", "archive"), peerSide("walter", "alice"), groupSide("team"), peerSide("alice", "newcomer")} {
		body := func(next int64) string { return fmt.Sprintf(`{%s,"Limit":3,"WithEmptyMsg":1,"Next":%d}`, s.ids, next) }
		e.Push("alice", "newcomer", pushed(1), pushed(2), pushed(3), pushed(4))
		first := ask(t, e, s.action, body(0))
		undisturbed := ask(t, e, s.action, body(first.Next))
		e.Push("alice", "archive", pushed(200_001), pushed(200_002))
		e.Push("alice", "walter", pushed(200_001), pushed(200_002))
		e.Push("alice", "team", pushed(200_001), pushed(200_002))
		e.Push("alice", "newcomer", pushed(200_001), pushed(200_002))
		after := ask(t, e, s.action, body(first.Next))
		if after.Code != zim.Success || !slices.EqualFunc(after.List, undisturbed.List, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) || after.Next != undisturbed.Next {
			t.Errorf("%v: the page that was under way changed", s)
		}
		fresh := ask(t, e, s.action, body(0))
		if string(fresh.List[0]) != string(pushed(200_002)) || string(fresh.List[1]) != string(pushed(200_001)) || string(fresh.List[2]) != string(first.List[0]) {
			t.Errorf("%v: after the push the newest are %s", s, fresh.List)
		}
	}
	if got := bySeq(t, e, "alice", "archive", 0, 200_002, 5); len(got) != 2 || string(got[0].Raw) != string(pushed(200_002)) || got[1].MsgSeq != 5 {
		t.Errorf("looked up: %+v", got)
	}
	if r := lookUp(t, e, "QueryUserInfos", `{"UserIds":["newcomer"]}`); len(r.Result) != 1 {
		t.Error("who was pushed to is not registered")
	}
}

func TestPushWhileItServes(t *testing.T) {
	e := New(WithClock(still), WithRate(0))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 10 {
				e.Push("alice", "bob", pushed(1000+i))
				ask(t, e, "QueryPeerMsg", `{"FromUserId":"bob","ToUserId":"alice","Limit":100}`)
				ask(t, e, "QueryConversationList", `{"FromUserId":"alice"}`)
			}
		})
	}
	before := New(WithClock(still)).world.peers["bob"]["alice"].list.len()
	wg.Wait()
	if n := e.world.peers["bob"]["alice"].list.len(); n != before+40 {
		t.Errorf("%d messages after 40 were pushed on %d", n, before)
	}
}
