package emulator

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"backscroll/zim"
)

func TestEncodings(t *testing.T) {
	v := struct {
		Name string `json:"file_name"`
		N    int64  `json:"n"`
	}{"a b+c%é&<.jpg", 1<<53 + 1}
	for e, want := range map[encoding]string{
		asURL:    `"%7B%22file_name%22%3A%22a%20b%2Bc%25%C3%A9%26%3C.jpg%22%2C%22n%22%3A9007199254740993%7D"`,
		asForm:   `"%7B%22file_name%22%3A%22a+b%2Bc%25%C3%A9%26%3C.jpg%22%2C%22n%22%3A9007199254740993%7D"`,
		asJSON:   `"{\"file_name\":\"a b+c%é&<.jpg\",\"n\":9007199254740993}"`,
		asValues: `"{\"file_name\":\"a%20b%2Bc%25%C3%A9%26%3C.jpg\",\"n\":9007199254740993}"`,
		asObject: `{"file_name":"a b+c%é&<.jpg","n":9007199254740993}`,
	} {
		if got := string(marshal(e.encode(v))); got != want {
			t.Errorf("encoding %d: %s, want %s", e, got, want)
		}
	}
}

func TestRows(t *testing.T) {
	words := text("<hi>").withPayload("p")
	const head = `{"Sender":"u","MsgType":1,"SubMsgType":0,`
	const tail = `,"MsgId":9007199254740993,"MsgSeq":3,"Payload":"p","MsgTime":5,`
	for name, c := range map[string]struct {
		part part
		want string
	}{
		"kept":              {words, head + `"MsgBody":"<hi>"` + tail + `"IsEmpty":0}`},
		"deleted, bare":     {words.deletedAs(bare, ""), `{"IsEmpty":1}`},
		"deleted, zeros":    {words.deletedAs(zeros, ""), `{"Sender":"","MsgType":0,"SubMsgType":0,"MsgBody":"","MsgId":0,"MsgSeq":0,"Payload":"","MsgTime":0,"IsEmpty":1}`},
		"deleted, header":   {words.deletedAs(header, ""), head + `"MsgBody":""` + tail + `"IsEmpty":1}`},
		"recalled, header":  {words.recalledAs(header, "u", 4, 0), head + `"MsgBody":""` + tail + `"IsEmpty":2}`},
		"recalled, as sent": {words.recalledAs(original, "u", 4, 0), head + `"MsgBody":"<hi>"` + tail + `"IsEmpty":2}`},
	} {
		m := message{part: c.part, sender: "u", id: 1<<53 + 1, seq: 3, time: 5}
		if got := string(m.appendTo(nil, testBase)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	m := message{part: words.asNotice("boss", 20, 2*time.Second), sender: "u", id: 1, seq: 3, time: 5}
	var got wire
	if err := json.Unmarshal(m.appendTo(nil, testBase), &got); err != nil {
		t.Fatal(err)
	}
	const want = `{"user_id":"boss","revoke_time":2005,"msg_type":1,"payload":"p","msg_status":20}`
	if got.MsgType != zim.TypeRecallNotice || *got.IsEmpty != kept || unescaped(asString(got.MsgBody)) != want {
		t.Errorf("recall notice: type %d, body %s", got.MsgType, unescaped(asString(got.MsgBody)))
	}
}

func TestItemContents(t *testing.T) {
	p := items(text("t"), custom(7, "{}"), plain(zim.TypeImage, asObject.encode(map[string]int{"n": 1})))
	want := `{"multi_msg":[{"msg_type":1,"callback_content":"t"},{"msg_type":200,"sub_msg_type":7,"callback_content":"{}"},{"msg_type":11,"callback_content":{"n":1}}]}`
	if got := unescaped(fmt.Sprint(p.body(""))); got != want {
		t.Errorf("client: %s", got)
	}
	want = `{"MultiMsg":[{"MsgType":200,"SubMsgType":7,"Msg":"{}"}]}`
	if got := unescaped(fmt.Sprint(serverItems(custom(7, "{}")).body(""))); got != want {
		t.Errorf("server: %s", got)
	}
}
