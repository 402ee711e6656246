package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"backscroll/zim"
)

func always([]byte) bool { return true }

// toldBy returns all that a message says, as "field: text".
func toldBy(raw string) (told []string) {
	for field, text := range texts(zim.ReadMessage([]byte(raw)), always) {
		told = append(told, field+": "+text)
	}
	return told
}

// jsonOf returns a value as JSON, with no more escapes than it needs.
func jsonOf(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// messageOf returns a message with a raw body, and with more members after it.
func messageOf(t zim.MsgType, msgBody, more string) string {
	return fmt.Sprintf(`{"Sender":"","MsgType":%d,"SubMsgType":110,"MsgBody":%s%s}`, t, msgBody, more)
}

func TestTexts(t *testing.T) {
	for _, tt := range []struct {
		name, raw string
		want      []string
	}{
		{"all of a message", `{"Sender":"alice","MsgType":1,"MsgBody":"a \u0041 %41+\"","MsgId":9007199254740993,"MsgSeq":"12","Payload":"p","MsgTime":1777298651009,"IsEmpty":0}`,
			[]string{`MsgBody: a A %41+"`, "Payload: p", "Sender: alice", "MsgId: 9007199254740993", "MsgSeq: 12"}},
		{"numbers in odd ways", `{"Sender":7,"MsgId":1e3,"MsgSeq":-1}`, []string{"Sender: 7", "MsgId: 1000", "MsgSeq: -1"}},
		{"nothing but IsEmpty", `{"IsEmpty":1}`, nil},
		{"deleted, with the rest of it", `{"IsEmpty":1,"Sender":"bob","MsgId":0,"MsgSeq":8}`, []string{"Sender: bob", "MsgSeq: 8"}},
		{"text in an object", messageOf(zim.TypeText, `{"a":"x"}`, ""), []string{`MsgBody: {"a":"x"}`}},
		{"custom, not JSON", messageOf(zim.TypeCustom, `"cmd=go&x=%41"`, ""), []string{"MsgBody: cmd=go&x=%41"}},
		{"custom, JSON without escapes", messageOf(zim.TypeCustom, `"{\"order\":1041}"`, ""), []string{`MsgBody: {"order":1041}`}},
		{"custom, JSON with white space", messageOf(zim.TypeCustom, `" { \"order\" : [ 1, 2 ] }"`, ""),
			[]string{`MsgBody:  { "order" : [ 1, 2 ] }`, `MsgBody: {"order":[1,2]}`}},
		{"custom, JSON with escapes", messageOf(zim.TypeCustom, jsonOf(`{"a\u0062":"\u0041\n","n":-1.5e3,"t":true}`), ""),
			[]string{`MsgBody: {"a\u0062":"\u0041\n","n":-1.5e3,"t":true}`, "MsgBody: ab", "MsgBody: A\n", "MsgBody: n", "MsgBody: -1.5e3", "MsgBody: t"}},
		{"custom, JSON in JSON", messageOf(zim.TypeCustom, jsonOf(`{"data":"{\"name\":\"\\u00e9\"}"}`), ""),
			[]string{`MsgBody: {"data":"{\"name\":\"\\u00e9\"}"}`, "MsgBody: data", `MsgBody: {"name":"\u00e9"}`, "MsgBody: name", "MsgBody: é"}},
		{"custom, values URL-encoded", messageOf(zim.TypeCustom, jsonOf(`{"q":"a%20b"}`), ""),
			[]string{`MsgBody: {"q":"a%20b"}`, "MsgBody: q", "MsgBody: a%20b", "MsgBody: a b"}},
		{"file of a client", messageOf(zim.TypeFile, jsonOf(`{"md5":"41cf","file_name":"bill 7.pdf","file_size":"17665531","download_url":"https://media.example.com/a%20b"}`), ""),
			[]string{"MsgBody: bill 7.pdf", "MsgBody: https://media.example.com/a%20b", "MsgBody: 41cf"}},
		{"image of a server, two links", messageOf(zim.TypeImage, `{"Uid":"u7","Url":"https://a.example.com","Size":5,"Origin":{"Url":"https://b.example.com","Width":3},"Thumbnail":{"Url":"https://c.example.com"}}`, ""),
			[]string{"MsgBody: https://a.example.com", "MsgBody: u7", "MsgBody: https://c.example.com", "MsgBody: https://b.example.com"}},
		{"media with more than is documented", messageOf(zim.TypeAudio, `{"file_name":"v.m4a","media_duration":"31","lang":"sv","meta":{"file_name":"inner","n":[5,"x"]},"file_size":"big"}`, ""),
			[]string{"MsgBody: v.m4a", "MsgBody: lang", "MsgBody: sv", "MsgBody: meta", "MsgBody: file_name", "MsgBody: inner", "MsgBody: n", "MsgBody: 5", "MsgBody: x", "MsgBody: big"}},
		{"media that cannot be decoded", messageOf(zim.TypeVideo, `"{\"file_na"`, ""), []string{`MsgBody: {"file_na`}},
		{"media without a known field", messageOf(zim.TypeVideo, jsonOf(`{"x":"\u0041"}`), ""), []string{`MsgBody: {"x":"\u0041"}`, "MsgBody: x", "MsgBody: A"}},
		{"multi-item", messageOf(zim.TypeMultiItem, jsonOf(`{"multi_msg":[`+
			`{"msg_type":1,"callback_content":"a+b %41"},`+
			`{"msg_type":12,"callback_content":"{\"file_name\":\"a%20b.pdf\",\"file_size\":\"7\",\"lang\":\"sv\"}"},`+
			`{"msg_type":200,"sub_msg_type":3,"callback_content":{"order":1041}},`+
			`{"msg_type":777,"callback_content":"odd"}],"extra":"e"}`), ""),
			[]string{"MsgBody: a+b %41", "MsgBody: a b.pdf", `MsgBody: {"order":1041}`, "MsgBody: lang", "MsgBody: sv", "MsgBody: order", "MsgBody: 1041", "MsgBody: odd", "MsgBody: extra", "MsgBody: e"}},
		{"combined", messageOf(zim.TypeCombined, `{"Title":"Chat","Summary":"bob: 100% sure"}`, ""), []string{"MsgBody: Chat", "MsgBody: bob: 100% sure"}},
		{"recall notice", messageOf(zim.TypeRecallNotice, `{"user_id":"bob","revoke_time":1777298651009,"payload":"{\"k\":\"\\u0041\"}","msg_status":4}`, ""),
			[]string{"MsgBody: bob", `MsgBody: {"k":"\u0041"}`, "MsgBody: k", "MsgBody: A"}},
		{"tips", messageOf(zim.TypeTips, `{"type":4,"op_user_info":{"user_id":"alice","role":1,"group_member_name":"Alice"},"target_users":[{"user_id":"bob","group_member_nickname":"B"}],"group_name":"Workshop"}`, ""),
			[]string{"MsgBody: Alice", "MsgBody: alice", "MsgBody: B", "MsgBody: bob", "MsgBody: Workshop"}},
		{"an unknown type", messageOf(777, `"{\"a\":\"x\"}"`, ""), []string{`MsgBody: {"a":"x"}`}},
		{"an unknown type, URL-encoded", messageOf(777, `"%7B%22a%22%3A%22x%22%7D"`, ""), []string{`MsgBody: {"a":"x"}`}},
		{"members beyond the documented", messageOf(zim.TypeText, `"t"`, `,"ReplyTo":9715,"Ext":{"a":"\u0041"},"Seen":true,"Tag":"x"`),
			[]string{"MsgBody: t", "ReplyTo: 9715", "Ext: a", "Ext: A", "Tag: x"}},
		{"no object", `"n\u0041"`, []string{`MsgBody: "n\u0041"`, "MsgBody: nA"}},
		{"cut short", `{"Sender":"eve","MsgBody`, []string{"Sender: eve", `MsgBody: {"Sender":"eve","MsgBody`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := toldBy(tt.raw); !slices.Equal(got, tt.want) {
				t.Errorf("of %s:\n got %q\nwant %q", tt.raw, got, tt.want)
			}
		})
	}
}

// TestTextsOfAnEncoding: however a structured body travels, it says the same.
func TestTextsOfAnEncoding(t *testing.T) {
	for msgType, object := range structuredBodies("Ärende + 7", "https://media.example.com/a%20b/ö") {
		want := toldBy(messageOf(msgType, object, ""))
		if len(want) < 2 {
			t.Fatalf("%v says only %q", msgType, want)
		}
		for _, enc := range bodyEncodings {
			if got := toldBy(messageOf(msgType, enc.encode(object), "")); !slices.Equal(got, want) {
				t.Errorf("%v, %s:\n got %q\nwant %q", msgType, enc.name, got, want)
			}
		}
	}
}

// structuredBodies returns a body of each structured type that says a text, twice
// where there is a place for it.
func structuredBodies(s, link string) map[zim.MsgType]string {
	object := func(form string, v ...any) string {
		for i := range v {
			v[i] = jsonOf(v[i])
		}
		return fmt.Sprintf(form, v...)
	}
	return map[zim.MsgType]string{
		zim.TypeFile:         object(`{"md5":%s,"file_name":%s,"file_size":"7","download_url":%s,"note":%s}`, s, s, link, s),
		zim.TypeImage:        object(`{"Uid":%s,"Url":%s,"FileName":%s,"Origin":{"Url":%s,"Width":3},"Thumbnail":{"Url":%s}}`, s, link, s, link+"/o", link+"/t"),
		zim.TypeMultiItem:    object(`{"multi_msg":[{"msg_type":1,"callback_content":%s},{"msg_type":11,"callback_content":{"file_name":%s}},{"msg_type":777,"callback_content":%s}]}`, s, s, s),
		zim.TypeCombined:     object(`{"Title":%s,"Summary":%s}`, s, s+s),
		zim.TypeRecallNotice: object(`{"user_id":%s,"msg_type":1,"msg_status":4,"payload":%s}`, s, s),
		zim.TypeTips:         object(`{"type":4,"op_user_info":{"user_id":%s,"role":1,"group_member_name":%s},"group_name":%s}`, s, s, s),
	}
}

// bodyEncodings lists ways in which an object can stand in MsgBody.
var bodyEncodings = []struct {
	name   string
	encode func(object string) string
}{
	{"object", func(o string) string { return o }},
	{"string", func(o string) string { return jsonOf(o) }},
	{"string in a string", func(o string) string { return jsonOf(jsonOf(o)) }},
	{"escaped", func(o string) string { return escaped(o, notASCII) }},
	{"escaped here and there", func(o string) string { return escaped(o, someOf) }},
	{"escaped twice", func(o string) string { return escaped(escaped(o, every), notASCII) }},
	{"component-encoded", func(o string) string { return jsonOf(url.PathEscape(o)) }},
	{"form-encoded", func(o string) string { return jsonOf(url.QueryEscape(o)) }},
	{"URL-encoded in lower case", func(o string) string { return jsonOf(percentAll(o, "%%%02x", false)) }},
	{"URL-encoded to the last letter", func(o string) string { return jsonOf(percentAll(o, "%%%02X", true)) }},
	{"URL-encoded twice", func(o string) string { return jsonOf(url.PathEscape(percentAll(o, "%%%02X", true))) }},
	{"URL-encoded, its percent signs escaped", func(o string) string { return escaped(percentAll(o, "%%%02x", true), percents) }},
	{"URL-encoded and escaped", func(o string) string { return escaped(percentAll(o, "%%%02x", true), every) }},
	{"escaped and URL-encoded", func(o string) string { return jsonOf(url.PathEscape(escaped(o, every))) }},
}

// Which characters stand as \u escapes.
var (
	notASCII = func(_ int, r rune) bool { return r >= 0x80 }
	every    = func(int, rune) bool { return true }
	someOf   = func(i int, _ rune) bool { return i%3 == 1 }
	percents = func(_ int, r rune) bool { return r == '%' }
)

// escaped returns a JSON string in which some characters stand as \u escapes,
// besides those that must.
func escaped(s string, which func(i int, r rune) bool) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		form := []string{`\u%04x`, `\u%04X`}[i%2]
		switch must := r < ' ' || r == '"' || r == '\\'; {
		case !must && !which(i, r):
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, form+form, high, low)
		default:
			fmt.Fprintf(&b, form, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// percentAll URL-encodes every byte, or all but letters and digits.
func percentAll(s, form string, letters bool) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if isAlnum(rune(c)) && !letters {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, form, c)
		}
	}
	return b.String()
}
