package zim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// shape is a structured body as a JSON object, and what it says.
type shape struct {
	name    string
	msgType MsgType
	object  string
	want    Content
}

// shapes lists every structure that a body can have.
func shapes() []shape {
	return slices.Concat(mediaShapes(), tipsShapes(), []shape{
		{"combined", TypeCombined, `{"Title":"Chat of alice & bob","Summary":"alice: 1+1=2\nbob: 100% sure"}`,
			&Combined{"Chat of alice & bob", "alice: 1+1=2\nbob: 100% sure"}},
		{"recall notice", TypeRecallNotice, `{"user_id":"a%20b","revoke_time":1777298651009,"msg_type":11,"payload":"{\"k\":\"%41\"}","msg_status":20}`,
			&RecallNotice{"a%20b", 1777298651009, TypeImage, `{"k":"%41"}`, RevokedByOwner}},
		{"recall notice in strings", TypeRecallNotice, `{"user_id":"bob","revoke_time":"1777298651009","msg_type":"1","msg_status":"4"}`,
			&RecallNotice{UserId: "bob", RevokeTime: 1777298651009, MsgType: TypeText, Status: RevokedByUser}},
		{"multi-item of a client", TypeMultiItem,
			`{"multi_msg":[{"msg_type":1,"callback_content":"a+b %41"},` +
				`{"msg_type":12,"callback_content":{"file_name":"bill.pdf","file_size":"7"}},` +
				`{"msg_type":200,"sub_msg_type":110,"callback_content":"{\"order\":1041}"}]}`,
			&MultiItem{Items: []Item{
				item(TypeText, 0, &Text{"a+b %41"}),
				item(TypeFile, 0, &Media{Type: TypeFile, Name: "bill.pdf", Size: 7, Duration: UnknownDuration}),
				item(TypeCustom, 110, &Custom{110, `{"order":1041}`, true}),
			}}},
		{"multi-item of a server", TypeMultiItem,
			`{"MultiMsg":[{"MsgType":11,"Msg":{"Url":"https://media.example.com/1","Origin":{"Width":3,"Height":4}}},` +
				`{"MsgType":200,"SubMsgType":5,"Msg":{"a":1}},{"MsgType":777,"Msg":"?"}]}`,
			&MultiItem{Items: []Item{
				item(TypeImage, 0, &Media{Type: TypeImage, URL: "https://media.example.com/1", Size: -1, Duration: UnknownDuration, Width: 3, Height: 4}),
				item(TypeCustom, 5, &Custom{5, `{"a":1}`, true}),
				item(777, 0, &Undecoded{Type: 777}),
			}}},
		{"no items", TypeMultiItem, `{"multi_msg":null}`, &MultiItem{}},
	})
}

// encodings lists every way in which an object can stand in MsgBody, and the
// ladder that leads out of it.
var encodings = []struct {
	name   string
	encode func(object string) string
	ladder []string
}{
	{"object", func(o string) string { return o }, []string{stepJSON}},
	{"string", quoted, []string{stepString, stepJSON}},
	{"spaced string", func(o string) string { return quoted(" " + o + "\n") }, []string{stepString, stepJSON}},
	{"string in a string", func(o string) string { return quoted(quoted(o)) }, []string{stepString, stepString, stepJSON}},
	{"component-encoded", func(o string) string { return quoted(url.PathEscape(o)) }, []string{stepString, stepURL, stepJSON}},
	{"form-encoded", func(o string) string { return quoted(url.QueryEscape(o)) }, []string{stepString, stepURL, stepJSON}},
	{"encoded as a whole URL", func(o string) string { return quoted(encodeURI(o)) }, []string{stepString, stepURL, stepJSON}},
	{"form-encoded twice", func(o string) string { return quoted(url.QueryEscape(url.QueryEscape(o))) }, []string{stepString, stepURL, stepURL, stepJSON}},
	{"encoded twice", func(o string) string { return quoted(encodeURI(url.PathEscape(o))) }, []string{stepString, stepURL, stepURL, stepJSON}},
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// encodeURI escapes what JavaScript's function of that name does: punctuation
// that means something in a URL stays.
func encodeURI(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < 0x80 && (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte(";,/?:@&=+$-_.!~*'()#", c) >= 0) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// The names of what was done to values inside the JSON.
var (
	stepEmbedded  = rungNames[rungEmbedded]
	stepURLItems  = rungNames[rungURLItems]
	stepURLValues = rungNames[rungURLValues]
)

func bodyOf(t MsgType, subMsgType int64, msgBody string) Body {
	return Envelope{MsgType: t, SubMsgType: subMsgType, MsgBody: []byte(msgBody)}.Body()
}

// withoutValues leaves out the steps that are about single values of the JSON.
func withoutValues(ladder []string) []string {
	return slices.DeleteFunc(slices.Clone(ladder), func(s string) bool { return s == stepURLValues || s == stepEmbedded })
}

func TestEveryShapeInEveryEncoding(t *testing.T) {
	for _, s := range shapes() {
		for _, enc := range encodings {
			t.Run(s.name+"/"+enc.name, func(t *testing.T) {
				body := bodyOf(s.msgType, 0, enc.encode(s.object))
				if !reflect.DeepEqual(withoutRaw(body.Content), s.want) {
					t.Errorf("content %s, want %s", show(body.Content), show(s.want))
				}
				if got := withoutValues(body.LadderNames()); !slices.Equal(got, enc.ladder) {
					t.Errorf("ladder %q, want %q", got, enc.ladder)
				}
				if string(body.JSON) != s.object {
					t.Errorf("JSON %s, want %s", body.JSON, s.object)
				}
			})
		}
	}
}

// show prints a content with what its pointers point to.
func show(c Content) string {
	b, err := json.Marshal(c)
	if err != nil {
		return err.Error()
	}
	return reflect.TypeOf(c).String() + string(b)
}

// bodySample is a body that is best written down as it is on the wire.
type bodySample struct {
	name    string
	msgType MsgType
	isEmpty IsEmpty
	msgBody string
	want    Content
	ladder  []string
	raw     string
}

var bodySamples = []bodySample{
	{"text", TypeText, 0, `"1+1 = 100%25 \u00e9\n%7B%22a%22%3A1%7D"`, &Text{"1+1 = 100%25 é\n%7B%22a%22%3A1%7D"}, []string{stepString}, "1+1 = 100%25 é\n%7B%22a%22%3A1%7D"},
	{"text that is all encoded", TypeText, 0, `"%E4%BD%A0+%2B"`, &Text{"%E4%BD%A0+%2B"}, []string{stepString}, "%E4%BD%A0+%2B"},
	{"text without a body", TypeText, 0, ``, &Text{}, nil, ""},
	{"text null", TypeText, 0, `null`, &Text{}, nil, ""},
	{"text as an object", TypeText, 0, `{"a":1}`, &Text{`{"a":1}`}, []string{stepJSON}, `{"a":1}`},
	{"text as a number", TypeText, 0, `9007199254740993`, &Text{"9007199254740993"}, []string{stepJSON}, "9007199254740993"},
	{"text with a bad escape", TypeText, 0, `"a\x"`, &Undecoded{TypeText, "not JSON: invalid character 'x' in string escape code at byte 4 of 5"}, nil, `"a\x"`},
	{"custom JSON", TypeCustom, 0, `"{\"a\":\"%41+\"}"`, &Custom{110, `{"a":"%41+"}`, true}, []string{stepString, stepJSON}, `{"a":"%41+"}`},
	{"custom as an object", TypeCustom, 0, `{"a":1}`, &Custom{110, `{"a":1}`, true}, []string{stepJSON}, `{"a":1}`},
	{"custom text", TypeCustom, 0, `"%7B%22a%22%3A1%7D"`, &Custom{110, "%7B%22a%22%3A1%7D", false}, []string{stepString}, "%7B%22a%22%3A1%7D"},
	{"custom without a body", TypeCustom, 0, ``, &Custom{SubMsgType: 110}, nil, ""},
	{"text with a raw newline", TypeText, 0, "\"a\nb\"", &Text{"a\nb"}, []string{stepString}, "a\nb"},
	{"unknown type", 777, 0, `"anything %41"`, &Undecoded{Type: 777}, []string{stepString}, "anything %41"},
	{"unknown type of JSON", 777, 0, `"%7B%22a%22%3A1%7D"`, &Undecoded{Type: 777}, []string{stepString, stepURL, stepJSON}, "%7B%22a%22%3A1%7D"},
	{"system", TypeSystem, 0, `{"a":1}`, &Undecoded{Type: TypeSystem}, []string{stepJSON}, `{"a":1}`},
	{"deleted", 0, Deleted, ``, &Undecoded{}, nil, ""},
	{"image without a body", TypeImage, 0, ``, &Undecoded{TypeImage, "no body"}, nil, ""},
	{"image null", TypeImage, 0, `null`, &Undecoded{TypeImage, "no body"}, nil, ""},
	{"image with an empty body", TypeImage, 0, `" "`, &Undecoded{TypeImage, "no body"}, []string{stepString}, " "},
	{"image of nothing known", TypeImage, 0, `{"colour":"red"}`, &Undecoded{TypeImage, noKnownField}, []string{stepJSON}, `{"colour":"red"}`},
	{"tips of nothing known", TypeTips, 0, `{}`, &Undecoded{TypeTips, noKnownField}, []string{stepJSON}, `{}`},
	{"combined of nothing known", TypeCombined, 0, `{}`, &Undecoded{TypeCombined, noKnownField}, []string{stepJSON}, `{}`},
	{"multi-item of nothing known", TypeMultiItem, 0, `{}`, &Undecoded{TypeMultiItem, noKnownField}, []string{stepJSON}, `{}`},
	{"notice of nothing known", TypeRecallNotice, 0, `{}`, &Undecoded{TypeRecallNotice, noKnownField}, []string{stepJSON}, `{}`},
	{"image as an array", TypeImage, 0, `"[1]"`, &Undecoded{TypeImage, "the JSON is an array, not an object"}, []string{stepString, stepJSON}, "[1]"},
	{"file as a number", TypeFile, 0, `12`, &Undecoded{TypeFile, "the JSON is a number, not an object"}, []string{stepJSON}, "12"},
	{"audio as a boolean", TypeAudio, 0, `true`, &Undecoded{TypeAudio, "the JSON is a boolean, not an object"}, []string{stepJSON}, "true"},
	{"video as text null", TypeVideo, 0, `"null"`, &Undecoded{TypeVideo, "the JSON is null, not an object"}, []string{stepString, stepJSON}, "null"},
	{"file as words", TypeFile, 0, `"bill.pdf"`, &Undecoded{TypeFile, "not JSON: invalid character 'b' looking for beginning of value at byte 1 of 8"}, []string{stepString}, "bill.pdf"},
	{"file cut short", TypeFile, 0, `"{\"file_name\":\"a%20b"`, &Undecoded{TypeFile, "not JSON: unexpected end of JSON input at byte 19 of 19"}, []string{stepString}, `{"file_name":"a%20b`},
	{"file cut in an escape", TypeFile, 0, `"%7B%22file_name%2"`, &Undecoded{TypeFile, `not URL-encoded as it seemed: invalid URL escape "%2"`}, []string{stepString}, "%7B%22file_name%2"},
	{"recalled, its original", TypeText, Revoked, `"hello"`, &Text{"hello"}, []string{stepString}, "hello"},
	{"recalled, nothing", TypeImage, Revoked, ``, &Undecoded{TypeImage, "no body"}, nil, ""},
	{"recalled, a notice under its old type", TypeText, Revoked, `"%7B%22user_id%22%3A%22bob%22%2C%22revoke_time%22%3A1%2C%22msg_status%22%3A16%7D"`,
		&RecallNotice{UserId: "bob", RevokeTime: 1, Status: RevokedByManager}, []string{stepString, stepURL, stepJSON}, "%7B%22user_id%22%3A%22bob%22%2C%22revoke_time%22%3A1%2C%22msg_status%22%3A16%7D"},
	{"recalled, its original of JSON", TypeCustom, Revoked, `"{\"user_id\":\"bob\",\"user_id\":\"eve\"}"`, &Custom{110, `{"user_id":"bob","user_id":"eve"}`, true}, []string{stepString, stepJSON}, `{"user_id":"bob","user_id":"eve"}`},
	{"a notice in a row that is there", TypeText, Present, `{"user_id":"bob","revoke_time":1}`, &Text{`{"user_id":"bob","revoke_time":1}`}, []string{stepJSON}, `{"user_id":"bob","revoke_time":1}`},
	{"combined, values encoded", TypeCombined, 0, `{"Title":"%E4%BD%A0%2B1","Summary":"50%25 off"}`, &Combined{"你+1", "50%25 off"}, []string{stepJSON, stepURLValues}, `{"Title":"%E4%BD%A0%2B1","Summary":"50%25 off"}`},
	{"items in strings", TypeMultiItem, 0, `"{\"multi_msg\":[{\"msg_type\":12,\"callback_content\":\"{\\\"file_name\\\":\\\"a.b\\\"}\"},{\"msg_type\":12,\"callback_content\":\"%7B%22file_name%22%3A%22a+b%2541%22%7D\"}]}"`,
		&MultiItem{Items: []Item{
			item(TypeFile, 0, &Media{Type: TypeFile, Name: "a.b", Size: -1, Duration: UnknownDuration}),
			item(TypeFile, 0, &Media{Type: TypeFile, Name: "a b%41", Size: -1, Duration: UnknownDuration}),
		}}, []string{stepString, stepJSON, stepEmbedded, stepURLItems}, `{"multi_msg":[{"msg_type":12,"callback_content":"{\"file_name\":\"a.b\"}"},{"msg_type":12,"callback_content":"%7B%22file_name%22%3A%22a+b%2541%22%7D"}]}`},
	{"an item with encoded values", TypeMultiItem, 0, `{"multi_msg":[{"msg_type":12,"callback_content":{"file_name":"%41"}}]}`,
		&MultiItem{Items: []Item{item(TypeFile, 0, &Media{Type: TypeFile, Name: "A", Size: -1, Duration: UnknownDuration})}},
		[]string{stepJSON, stepURLValues}, `{"multi_msg":[{"msg_type":12,"callback_content":{"file_name":"%41"}}]}`},
	{"file wrapped too often", TypeFile, 0, `"%252525252525252525252541"`, &Undecoded{TypeFile, "not JSON: invalid character '%' looking for beginning of value at byte 1 of 11"},
		append([]string{stepString}, slices.Repeat([]string{stepURL}, maxSteps-1)...), "%252525252525252525252541"},
	{"the list in a string", TypeMultiItem, 0, `{"MultiMsg":"[{\"MsgType\":1,\"Msg\":\"hi\"}]"}`, &MultiItem{Items: []Item{item(TypeText, 0, &Text{"hi"})}}, []string{stepJSON, stepEmbedded}, `{"MultiMsg":"[{\"MsgType\":1,\"Msg\":\"hi\"}]"}`},
	{"the list is none", TypeMultiItem, 0, `{"multi_msg":{"msg_type":1}}`, &Undecoded{TypeMultiItem, "multi_msg is not an array"}, []string{stepJSON}, `{"multi_msg":{"msg_type":1}}`},
	{"the list is broken", TypeMultiItem, 0, `{"multi_msg":"[{} {}]"}`, &Undecoded{TypeMultiItem, "multi_msg is not an array"}, []string{stepJSON, stepEmbedded}, `{"multi_msg":"[{} {}]"}`},
	{"odd items", TypeMultiItem, 0, `{"multi_msg":[7,{},{"msg_type":10,"callback_content":{"multi_msg":[]}},{"msg_type":13}]}`,
		&MultiItem{Items: []Item{
			item(0, 0, &Undecoded{0, "the item is not an object"}),
			item(0, 0, &Undecoded{}),
			item(TypeMultiItem, 0, &Undecoded{TypeMultiItem, "a multi-item message inside of another"}),
			item(TypeAudio, 0, &Undecoded{TypeAudio, "no body"}),
		}}, []string{stepJSON}, `{"multi_msg":[7,{},{"msg_type":10,"callback_content":{"multi_msg":[]}},{"msg_type":13}]}`},
}

func TestBodySamples(t *testing.T) {
	for _, s := range bodySamples {
		t.Run(s.name, func(t *testing.T) {
			body := Envelope{MsgType: s.msgType, SubMsgType: 110, IsEmpty: s.isEmpty, MsgBody: []byte(s.msgBody)}.Body()
			if !reflect.DeepEqual(withoutRaw(body.Content), s.want) {
				t.Errorf("content %s, want %s", show(body.Content), show(s.want))
			}
			if !slices.Equal(body.LadderNames(), s.ladder) {
				t.Errorf("ladder %q, want %q", body.LadderNames(), s.ladder)
			}
			if body.Raw != s.raw {
				t.Errorf("raw %q, want %q", body.Raw, s.raw)
			}
		})
	}
}

// item is an Item as far as the tables compare it: its Raw depends on how the
// message was encoded.
func item(t MsgType, subMsgType int64, c Content) Item {
	return Item{MsgType: t, SubMsgType: subMsgType, Content: c}
}

func withoutRaw(c Content) Content {
	if m, ok := c.(*MultiItem); ok {
		for i := range m.Items {
			m.Items[i].Raw = ""
		}
	}
	return c
}

func TestItemsKeepTheirText(t *testing.T) {
	body := bodyOf(TypeMultiItem, 0, `"{\"multi_msg\":[{\"msg_type\":777,\"callback_content\":\"a %41\"},{\"msg_type\":11,\"callback_content\":{\"a\":9007199254740993}},5]}"`)
	var got []string
	for _, i := range body.Content.(*MultiItem).Items {
		got = append(got, i.Raw)
	}
	if want := []string{"a %41", `{"a":9007199254740993}`, "5"}; !slices.Equal(got, want) {
		t.Errorf("items %q, want %q", got, want)
	}
}

func TestBodyOfAnEnvelope(t *testing.T) {
	message := ReadMessage([]byte(`{"MsgType":"200","SubMsgType":"7","MsgBody":"{}","MsgId":9007199254740993}`))
	want := &Custom{7, "{}", true}
	if got := message.Envelope().Body().Content; !reflect.DeepEqual(got, want) {
		t.Errorf("content %s, want %s", show(got), show(want))
	}
}

func TestMoreItemsThanDocumented(t *testing.T) {
	items := func(n int) string {
		return `{"multi_msg":[` + strings.TrimSuffix(strings.Repeat(`{"msg_type":1,"callback_content":"x"},`, n), ",") + `]}`
	}
	for _, c := range []struct{ sent, kept, more int }{{20, 20, 0}, {21, 21, 0}, {1000, 1000, 0}, {1003, 1000, 3}} {
		m, ok := bodyOf(TypeMultiItem, 0, items(c.sent)).Content.(*MultiItem)
		if !ok || len(m.Items) != c.kept || m.More != c.more {
			t.Errorf("%d items sent: want %d and %d more", c.sent, c.kept, c.more)
		}
	}
}

// A step that is quadratic in the size of a body would hold this test until it
// times out.
func TestHugeBodies(t *testing.T) {
	for name, body := range hugeBodies(256 << 10) {
		t.Run(name, func(t *testing.T) {
			for _, msgType := range []MsgType{TypeFile, TypeMultiItem, TypeTips, TypeCustom, 777} {
				checkContent(t, msgType, bodyOf(msgType, 0, body).Content)
			}
		})
	}
}

func BenchmarkHugeBodies(b *testing.B) {
	for name, body := range hugeBodies(4 << 20) {
		for _, msgType := range []MsgType{TypeFile, TypeMultiItem, TypeTips} {
			b.Run(name+"/"+msgType.String(), func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					bodyOf(msgType, 0, body)
				}
			})
		}
	}
}

// hugeBodies returns hostile bodies of about size bytes.
func hugeBodies(size int) map[string]string {
	return map[string]string{
		"percent signs":    quoted(strings.Repeat("%25", size/3)),
		"brackets":         strings.Repeat("[", size),
		"nested objects":   `{"op_user_info":` + strings.Repeat(`{"a":`, size/6) + "1" + strings.Repeat("}", size/6) + "}",
		"backslashes":      quoted(strings.Repeat(`\`, size/2)),
		"fields":           `{` + strings.Repeat(`"file_name":"%41",`, size/18) + `"md5":""}`,
		"targets":          `{"target_users":[` + strings.Repeat(`{},`, size/3) + `{}]}`,
		"items":            `{"multi_msg":[` + strings.Repeat(`{},`, size/3) + `{}]}`,
		"a number":         `{"file_size":` + strings.Repeat("9", size) + `,"media_duration":` + strings.Repeat("9", size) + `}`,
		"an encoded value": `{"file_name":"` + strings.Repeat("%41", size/3) + `"}`,
	}
}

// The bytes of a message are shared by whoever reads it.
func TestBodyChangesNoBytes(t *testing.T) {
	for _, s := range shapes() {
		for _, enc := range encodings {
			raw := []byte(enc.encode(s.object))
			before := bytes.Clone(raw)
			Envelope{MsgType: s.msgType, MsgBody: raw}.Body()
			if !bytes.Equal(raw, before) {
				t.Errorf("%s, %s: bytes changed to %s", s.name, enc.name, raw)
			}
		}
	}
}

func TestRevokeStatusNames(t *testing.T) {
	for status, want := range map[RevokeStatus]string{
		RevokedByUser: "by the user", RevokedBySystem: "by the system", RevokedByServer: "through the server API",
		RevokedByManager: "by a group manager", RevokedByOwner: "as group owner", RevokedByAudit: "for failing the audit",
		0: "status 0", 28: "status 28",
	} {
		if got := status.String(); got != want {
			t.Errorf("status %d is %q, want %q", int64(status), got, want)
		}
	}
	if at, ok := (&RecallNotice{RevokeTime: 1777298651009}).Time(); !ok || at.UnixMilli() != 1777298651009 {
		t.Errorf("time %v, %v", at, ok)
	}
	if at, ok := new(RecallNotice).Time(); ok {
		t.Errorf("a missing time is %v", at)
	}
}
