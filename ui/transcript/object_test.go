package transcript

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"backscroll/zim"
)

func TestObject(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*60*60)
	tests := map[string]struct{ raw, want string }{
		"the fields of the wire, then ours": {
			`{"Sender": "bob", "MsgType": 1, "MsgBody": "hi <b> & 1", "MsgId": 9007199254740993, "MsgSeq": 4, "MsgTime": 1777636800123}`,
			`{"Sender":"bob","MsgType":1,"MsgBody":"hi <b> & 1","MsgId":"9007199254740993","MsgSeq":4,"MsgTime":1777636800123,"Body":{"Text":"hi <b> & 1"},"Time":"2026-05-01T20:00:00.123+08:00"}`},
		"unknown fields and numbers of any size": {
			`{"New":{"a":[1e400, 0.10000000000000000001, 123456789012345678901234567890]},"MsgType":1}`,
			`{"New":{"a":[1e400,0.10000000000000000001,123456789012345678901234567890]},"MsgType":1,"Body":null,"Time":null}`},
		"an ID in a string":         {`{"MsgId":"9007199254740993"}`, `{"MsgId":"9007199254740993","Body":null,"Time":null}`},
		"an ID with an exponent":    {`{"MsgId":1e3}`, `{"MsgId":"1000","Body":null,"Time":null}`},
		"an ID beyond 64 bits":      {`{"MsgId":92233720368547758080}`, `{"MsgId":"92233720368547758080","Body":null,"Time":null}`},
		"an ID that is null":        {`{"MsgId":null}`, `{"MsgId":null,"Body":null,"Time":null}`},
		"an ID of 0":                {`{"MsgId":0}`, `{"MsgId":"0","Body":null,"Time":null}`},
		"a Next":                    {`{"Next":9223372036854775807}`, `{"Next":"9223372036854775807","Body":null,"Time":null}`},
		"nothing":                   {`{}`, `{"Body":null,"Time":null}`},
		"no object":                 {`null`, `{"Raw":null,"Body":null,"Time":null}`},
		"an array":                  {`[1, 2]`, `{"Raw":[1,2],"Body":null,"Time":null}`},
		"a Time of the wire":        {`{"Time":5,"Body":"x"}`, `{"Time":5,"Body":"x"}`},
		"a time in seconds":         {`{"MsgTime":1777636800}`, `{"MsgTime":1777636800,"Body":null,"Time":null}`},
		"what is no JSON":           {`{"Payload":01,"MsgTime":tru}`, `{"Payload":"01","MsgTime":"tru","Body":null,"Time":null}`},
		"a name that must be shown": {"{\"a\u202e\u009b\":1}", `{"a\u202e\u009b":1,"Body":null,"Time":null}`},
		"a newline in a string":     {"{\"Payload\":\"a\nb\"}", `{"Payload":"a\u000ab","Body":null,"Time":null}`},
		"bytes that are no text":    {"{\"Payload\":\"a\xffb\"}", `{"Payload":"a` + "\ufffd" + `b","Body":null,"Time":null}`},
		"a deleted row":             {`{"IsEmpty":1,"MsgType":0,"MsgBody":""}`, `{"IsEmpty":1,"MsgType":0,"MsgBody":"","Body":null,"Time":null}`},
	}
	for name, test := range tests {
		if got := string(Object(zim.ReadMessage([]byte(test.raw)), zone)); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

func TestBodyJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ message, want string }{
		"text":         {`"MsgType":1,"MsgBody":"a\u009bb"`, `{"Text":"a\u009bb"}`},
		"custom":       {`"MsgType":200,"SubMsgType":110,"MsgBody":"{\"id\": 9007199254740993, \"p\": 480.00}"`, `{"Text":"{\"id\": 9007199254740993, \"p\": 480.00}","JSON":{"id":9007199254740993,"p":480.00}}`},
		"custom text":  {`"MsgType":200,"MsgBody":"x{"`, `{"Text":"x{"}`},
		"image":        {`"MsgType":11,"MsgBody":"%7B%22file_name%22%3A%22a.jpg%22%2C%22file_size%22%3A%229007199254740993%22%2C%22origin_image_width%22%3A4%2C%22thumbnail_download_url%22%3A%22https%3A%2F%2Fm.example%2Ft%22%7D"`, `{"FileName":"a.jpg","Size":9007199254740993,"Width":4,"Thumbnail":{"Url":"https://m.example/t"}}`},
		"video":        {`"MsgType":14,"MsgBody":{"Uid":"u","Url":"https://m.example/v","MediaDuration":"65.5","Thumbnail":{"Url":"f","Width":3,"Height":2}}`, `{"Url":"https://m.example/v","Uid":"u","MediaDuration":65.500,"Width":3,"Height":2,"Thumbnail":{"Url":"f","Width":3,"Height":2}}`},
		"several":      {`"MsgType":10,"MsgBody":{"multi_msg":[{"msg_type":1,"callback_content":"hi"},{"msg_type":200,"sub_msg_type":3,"callback_content":"5"},{"msg_type":9}]}`, `{"MultiMsg":[{"MsgType":1,"Msg":{"Text":"hi"}},{"MsgType":200,"SubMsgType":3,"Msg":{"Text":"5","JSON":5}},{"MsgType":9,"Msg":{"Raw":""}}]}`},
		"forwarded":    {`"MsgType":100,"MsgBody":{"Title":"t","Summary":"s"}`, `{"Title":"t","Summary":"s"}`},
		"tips":         {`"MsgType":32,"MsgBody":{"type":6,"op_user_info":{"user_id":"dave","role":1},"target_users":[{"user_id":"mallory"}]}`, `{"Type":6,"Event":"kicked out","OpUserInfo":{"UserId":"dave","Role":1},"TargetUsers":[{"UserId":"mallory"}]}`},
		"group muted":  {`"MsgType":32,"MsgBody":{"type":34,"forbid":{"is_all_forbid":true}}`, `{"Type":34,"Event":"group muted","Forbid":{"IsAllForbid":true}}`},
		"recalled":     {`"IsEmpty":2,"MsgType":1,"MsgBody":{"user_id":"bob","revoke_time":1777636800000,"msg_type":1,"msg_status":20}`, `{"UserId":"bob","RevokeTime":1777636800000,"MsgType":1,"MsgStatus":20,"Recalled":"as group owner"}`},
		"unknown type": {`"MsgType":777,"MsgBody":"{\"a\": 1}"`, `{"Raw":"{\"a\": 1}","JSON":{"a":1}}`},
		"broken":       {`"MsgType":11,"MsgBody":"%7B%22a"`, `{"Raw":"%7B%22a","Reason":`},
	}
	for name, test := range tests {
		line := Object(zim.ReadMessage([]byte("{"+test.message+"}")), time.UTC)
		if !json.Valid(line) {
			t.Errorf("%s is no JSON: %s", name, line)
		}
		_, got, _ := strings.Cut(string(line), `"Body":`)
		if got = strings.TrimSuffix(got, `,"Time":null}`); got != test.want && (name != "broken" || !strings.HasPrefix(got, test.want)) {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// TestCompactMeansTheSame: of any JSON, whatever is in its strings.
func TestCompactMeansTheSame(t *testing.T) {
	t.Parallel()
	text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune("\"\\ \n\t\x1b\x7f\u0085\u009d\u202e\u2028\u200d\ufeff\U000e0041🚲é"))))
	rapid.Check(t, func(t *rapid.T) {
		value := map[string]any{text.Draw(t, "name"): []any{text.Draw(t, "a"), text.Draw(t, "b"), nil, true}}
		raw, err := json.MarshalIndent(value, " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		for _, visible := range []bool{false, true} {
			line := Compact(nil, raw, visible)
			var got map[string]any
			if err := json.Unmarshal(line, &got); err != nil || !reflect.DeepEqual(got, value) {
				t.Fatalf("%s became %s: %v", raw, line, err)
			}
			if bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' || visible && !unicode.IsGraphic(r) }) {
				t.Fatalf("%q can act on a terminal", line)
			}
			if again := Compact(nil, line, visible); !bytes.Equal(again, line) {
				t.Fatalf("%s is %s the second time", line, again)
			}
		}
	})
}

func TestCompactOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOf(rapid.Byte()).Draw(t, "raw")
		line := Compact(nil, raw, true)
		if !utf8.Valid(line) || bytes.ContainsFunc(line, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			t.Fatalf("%q became %q", raw, line)
		}
		if line := Object(zim.ReadMessage(raw), time.UTC); !json.Valid(line) || bytes.ContainsRune(line, '\n') {
			t.Fatalf("%q became %q", raw, line)
		}
	})
}

// Half a character is valid JSON, and jq refuses all that follows it.
func TestHalfACharacter(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`"\ud83d\ude00"`:        `"\ud83d\ude00"`,
		`"\ud83d"`:              `"\ufffd"`,
		`"\ude00x"`:             `"\ufffdx"`,
		`"\ud83d\ud83d\ude00"`:  `"\ufffd\ud83d\ude00"`,
		`"\\ud83d"`:             `"\\ud83d"`,
		`"\\\ud83d"`:            `"\\\ufffd"`,
		`{"\uDE00":"\u0041\n"}`: `{"\ufffd":"\u0041\n"}`,
	} {
		if got := string(paired([]byte(raw))); got != want {
			t.Errorf("%s is written as %s, want %s", raw, got, want)
		}
	}
}

func TestTooDeepForReaders(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)
	if shallow([]byte(deep)) != nil || shallow([]byte(deep[1:len(deep)-1])) == nil || shallow([]byte(`"`+deep+`"`)) == nil {
		t.Error("the depth is counted wrongly")
	}
	line := string(Object(zim.ReadMessage([]byte(`{"MsgType":200,"MsgBody":`+strconv.Quote(deep)+`,"X":`+deep+`}`)), time.UTC))
	if !json.Valid([]byte(line)) || strings.Contains(line, `:[[`) || strings.Count(line, deep) != 3 {
		t.Errorf("written as %s", line)
	}
}
