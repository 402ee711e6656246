package zim

import (
	"fmt"
	"reflect"
	"testing"
)

// checkPeek holds a peek to what the envelope says.
func checkPeek(t *testing.T, raw []byte) {
	t.Helper()
	m := ReadMessage(raw)
	e, p := m.Envelope(), m.Peek()
	got := fmt.Sprintf("%q %d %d %d %q %v", p.Sender, p.MsgType, p.SubMsgType, p.IsEmpty, p.Payload(), p.HasPayload())
	want := fmt.Sprintf("%q %d %d %d %q %v", e.Sender, e.MsgType, e.SubMsgType, e.IsEmpty, e.Payload, e.Payload != "")
	if got != want {
		t.Errorf("%s: peek %s, envelope %s", raw, got, want)
	}
	if got, want := p.Body(), e.Body(); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: body %+v, want %+v", raw, got, want)
	}
}

var peeks = []string{
	``, `null`, `[]`, `7`, `{`, `{}`, ` {"MsgType":1} `, `{"Sender":"a"`, `{"IsEmpty":1}`, `{"IsEempy":2}`, `{"IsEmpty":2,"IsEempy":0}`,
	`{"Sender":"bob","MsgType":200,"SubMsgType":110,"MsgBody":"{\"a\":1}","Payload":"{\"b\":2}","IsEmpty":0}`,
	`{"Sender":"\u0062ob","MsgType":"11","SubMsgType":"1e2","Payload":7,"IsEmpty":"2"}`,
	`{"Sender":"a","Sender":null,"MsgType":1,"MsgType":"","Payload":"x","Payload":""}`,
	`{"Sender":{"a":1},"MsgType":{},"SubMsgType":[],"Payload":{"a":1},"IsEmpty":true}`,
	`{"\u0053ender":"bob","MsgType":-3,"SubMsgType":1.5,"IsEmpty":18446744073709551616}`,
	`{"MsgType":10,"MsgBody":{"multi_msg":[{"msg_type":11,"callback_content":{"file_name":"a.png"}}]}}`,
	`{"MsgType":1,"IsEmpty":2,"MsgBody":"{\"user_id\":\"bob\",\"revoke_time\":1777298651009}"}`,
	"{\"Sender\":\"\xff\",\"Payload\":\"\xff\"}",
}

func TestPeek(t *testing.T) {
	for _, raw := range peeks {
		checkPeek(t, []byte(raw))
	}
	for i, kind := range kinds {
		checkPeek(t, fmt.Appendf(nil, kind, i+1))
	}
}

func FuzzPeek(f *testing.F) {
	for _, raw := range peeks {
		f.Add([]byte(raw))
	}
	f.Fuzz(checkPeek)
}

// TestPeekAllocates nothing of what a page of messages as they come needs.
func TestPeekAllocates(t *testing.T) {
	page := ReadMessagePage(samplePage(100, 9000, 5))
	if n := testing.AllocsPerRun(100, func() {
		for _, m := range page.List {
			if p := m.Peek(); len(p.Sender) == 0 {
				t.Error("no sender")
			}
		}
	}); n > 0 {
		t.Errorf("a peek at 100 messages takes %v allocations", n)
	}
}

// BenchmarkPeek peeks at a page of 100 messages, 40 KB.
func BenchmarkPeek(b *testing.B) {
	page := ReadMessagePage(samplePage(100, 9000, 5))
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range page.List {
			if m.Peek().MsgType == 0 {
				b.Fatal("no type")
			}
		}
	}
}
