package zim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMessagePage(t *testing.T) {
	const body = ` {"Code":0,"Message":"success","RequestId":"12","Next":9007199254740993, "List":[
		{"Sender":"bob","MsgType":1,"MsgBody":"a \"]}\" b","MsgId":971503777289036729,"MsgSeq":7,"MsgTime":1700000000000,"Payload":"","IsEmpty":0,"Reactions":[{"x":1}]},
		{"IsEmpty":1},
		null, "text", 5, [1,{"MsgId":3}],
		{"MsgId":"971503777289036730","MsgSeq":"8","IsEempy":2} ] } `
	p := ReadMessagePage([]byte(body))
	if p.RequestId != "12" || p.Next != "9007199254740993" || p.Next.End() || len(p.List) != 7 {
		t.Fatalf("page %+v", p)
	}
	m := p.List[0]
	if m.MsgId != 971503777289036729 || m.MsgSeq != 7 || !strings.HasPrefix(string(m.Raw), `{"Sender"`) || !strings.HasSuffix(string(m.Raw), `}]}`) {
		t.Errorf("first message %+v", m)
	}
	e := m.Envelope()
	if e.Sender != "bob" || e.MsgType != TypeText || string(e.MsgBody) != `"a \"]}\" b"` || e.MsgTime != 1700000000000 || len(e.Problems) != 0 {
		t.Errorf("envelope %+v", e)
	}
	if len(e.Fields) != 9 || e.Fields[8].Name != "Reactions" || string(e.Fields[8].Raw) != `[{"x":1}]` {
		t.Errorf("unknown fields are lost: %v", e.Fields)
	}
	if e := p.List[1].Envelope(); e.IsEmpty != Deleted || e.MsgId != 0 {
		t.Errorf("deleted row %+v", e)
	}
	for _, m := range p.List[2:6] {
		if e := m.Envelope(); len(e.Problems) != 1 || m.MsgId != 0 {
			t.Errorf("%s: %+v", m.Raw, e)
		}
	}
	if e := p.List[6].Envelope(); e.MsgId != 971503777289036730 || e.MsgSeq != 8 || e.IsEmpty != Revoked {
		t.Errorf("strings as numbers: %+v", e)
	}
	if string(p.Raw) != body {
		t.Error("the page is not what came")
	}
}

func TestEnvelopeIsLenientFieldByField(t *testing.T) {
	tests := map[string]struct {
		raw      string
		id       int64
		problems string // the fields that have one
	}{
		"null":              {`{"Sender":null,"MsgId":null,"MsgType":null,"MsgBody":null,"IsEmpty":null}`, 0, ""},
		"empty":             {`{"MsgId":"","MsgSeq":""}`, 0, ""},
		"exponent":          {`{"MsgId":1e3}`, 1000, ""},
		"exponent, quoted":  {`{"MsgId":"1e3"}`, 1000, ""},
		"beyond 2^53":       {`{"MsgId":9007199254740993}`, 9007199254740993, ""},
		"largest":           {`{"MsgId":9223372036854775807}`, 9223372036854775807, ""},
		"beyond int64":      {`{"MsgId":9223372036854775808}`, 0, "MsgId"},
		"fraction":          {`{"MsgId":1.5}`, 0, "MsgId"},
		"huge exponent":     {`{"MsgId":1e999999999}`, 0, "MsgId"},
		"not a number":      {`{"MsgId":"abc"}`, 0, "MsgId"},
		"object":            {`{"MsgId":{"a":1},"Sender":{"b":2}}`, 0, "MsgId Sender"},
		"number for string": {`{"Sender":12345678901234567890,"Payload":7}`, 0, "Sender Payload"},
		"bool for number":   {`{"MsgType":true,"MsgTime":false,"IsEmpty":"x"}`, 0, "MsgType MsgTime IsEmpty"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := ReadMessage([]byte(tt.raw)).Envelope()
			var problems []string
			for _, p := range e.Problems {
				problems = append(problems, p.Field)
			}
			if got := strings.Join(problems, " "); e.MsgId != tt.id || got != tt.problems {
				t.Errorf("MsgId %d problems %q, want %d %q", e.MsgId, got, tt.id, tt.problems)
			}
		})
	}
	if e := ReadMessage([]byte(`{"Sender":12345678901234567890}`)).Envelope(); e.Sender != "12345678901234567890" {
		t.Errorf("Sender = %q", e.Sender)
	}
}

func TestTime(t *testing.T) {
	for ms, ok := range map[int64]bool{0: false, -1: false, 1700000000: false, 1700000000000: true, 1 << 62: false, -1 << 63: false} {
		if got, is := (Message{MsgTime: ms}).Time(); is != ok {
			t.Errorf("Time(%d) = %v %v", ms, got, is)
		}
	}
}

func TestNext(t *testing.T) {
	for raw, want := range map[string]struct {
		end  bool
		sent string
	}{
		`0`: {true, `0`}, `null`: {true, `null`}, `""`: {true, `""`}, `"0"`: {true, `0`},
		`18446744073709551616`: {false, `18446744073709551616`}, `"42"`: {false, `42`}, `-1`: {false, `-1`}, `"abc"`: {false, `"abc"`},
	} {
		next := ReadMessagePage([]byte(`{"Next":` + raw + `}`)).Next
		sent, err := json.Marshal(QueryGroupMsgRequest{Next: next})
		if next.End() != want.end || err != nil || !strings.Contains(string(sent), `"Next":`+want.sent+",") {
			t.Errorf("Next %s: End %v, sent %s (%v)", raw, next.End(), sent, err)
		}
	}
	if !ReadMessagePage([]byte(`{"Code":0}`)).Next.End() {
		t.Error("a missing Next does not end the list")
	}
}

func TestConversationPage(t *testing.T) {
	p := ReadConversationPage([]byte(`{"Code":0,"TotalCount":3,"Next":5,"List":[{"ConvId":"bob","UpdateTime":1700000000000},{"ConvId":"g","ConvType":2,"UpdateTime":"1"},7]}`))
	got := fmt.Sprintln(p.TotalCount, p.Next, p.List[0].ConvId, p.List[0].ConvType, p.List[0].UpdateTime, p.List[1].ConvId, p.List[1].ConvType, p.List[1].UpdateTime, len(p.List))
	if want := "3 5 bob one-on-one 1700000000000 g group 1 3\n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, body := range []string{`{"List":null}`, `{"List":{}}`, `{}`, `[]`, ``, `{"List":[`} {
		if p := ReadConversationPage([]byte(body)); len(p.List) != 0 {
			t.Errorf("%s: %v", body, p.List)
		}
	}
}

func TestNestingDoesNotRecurse(t *testing.T) {
	deep := strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20)
	p := ReadMessagePage([]byte(`{"List":[{"X":` + deep + `,"MsgId":5}]}`))
	if len(p.List) != 1 || p.List[0].MsgId != 5 {
		t.Error("a deeply nested field hides the ID")
	}
}

func TestCommas(t *testing.T) {
	for list, want := range map[string]int{ // how many messages; -1 for an answer that cannot be read
		`[]`: 0, `[ ]`: 0, `[{"MsgId":1},{"MsgId":2}]`: 2, `[{"MsgId":1} , ]`: 1, `null`: 0, `7`: 0,
		`[{"MsgId":1} {"MsgId":2},{"MsgId":3}]`: -1, `[{"MsgId":1},{"MsgId":2}{"MsgId":3}]`: -1,
		`[{"MsgId":1},,{"MsgId":2}]`: -1, `[,]`: -1, `[,{"MsgId":1}]`: -1, `[{"MsgId":1}:{"MsgId":2}]`: -1, `[{"MsgId":1},,]`: -1,
	} {
		t.Run(list, func(t *testing.T) {
			c := clientOf(t, WithTransport(answering(200, `{"Code":0,"List":`+list+`,"Next":0}`)))
			page, err := c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g"})
			switch {
			case want < 0 && !errors.Is(err, errNotService):
				t.Errorf("error %v", err)
			case want >= 0 && (err != nil || len(page.List) != want):
				t.Errorf("%+v, %v; want %d messages", page, err, want)
			}
		})
	}
}

// commasInPlace reports whether one comma stands between all elements of a list
// that is an array, and at most one behind the last.
func commasInPlace(list []byte) bool {
	if list[0] != '[' {
		return true
	}
	rest := list[skipSpace(list, 1):]
	for e := range elements(list) {
		rest = rest[skipSpace(rest, len(e)):]
		if rest[0] == ',' {
			rest = rest[skipSpace(rest, 1):]
		}
	}
	return rest[0] == ']'
}

// FuzzReadMessagePage compares the reader, which goes over a page once, with
// the slow way: the list first, then its elements, then their fields.
func FuzzReadMessagePage(f *testing.F) {
	f.Add(samplePage(len(kinds), 100, 7))
	for _, s := range []string{
		`{"List":[]}`, `{"List":[ ] , "Next":5}`, `{"List":[{"MsgId":1}{"MsgId":2}],"Next":5}`, `{"List":[{"MsgId":1},],"Next":5}`, `{"List":[{"MsgId":1},,{"MsgId":2}]}`, `{"List":[1],"MessageList":[2 3]}`,
		`{"List":[{"MsgId" 1,"MsgSeq":2},{"MsgId":3}]}`, `{"L\u0069st":[{"Msg\u0049d":4}]}`, `{"MessageList":[{"MsgId":9}]}`,
		`{"List":[{"MsgId":1},{"MsgId":2`, `{"List":[{"a":{"MsgId":1},"b":[{"MsgSeq":3}]}]}`, `{"List":[{},{},7,"x",null,[[]]]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var slow []Message
		for name, list := range members(body) {
			if name != "List" && name != "MessageList" {
				continue
			}
			if !commasInPlace(list) {
				break // the rest of the answer is not read
			}
			slow = nil
			for e := range elements(list) {
				m := Message{Raw: e}
				for name, value := range members(e) {
					switch name {
					case "MsgId":
						m.MsgId, _ = integerOf(value)
					case "MsgSeq":
						m.MsgSeq, _ = integerOf(value)
					}
				}
				slow = append(slow, m)
			}
		}
		same := func(a, b Message) bool {
			return bytes.Equal(a.Raw, b.Raw) && a.MsgId == b.MsgId && a.MsgSeq == b.MsgSeq
		}
		if fast := ReadMessagePage(body).List; !slices.EqualFunc(fast, slow, same) {
			t.Errorf("%s\n got %+v\nwant %+v", body, fast, slow)
		}
	})
}
