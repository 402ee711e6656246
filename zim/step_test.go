package zim

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// stepTexts writes steps down: where, which, the bytes before and after.
func stepTexts(steps []Step) (texts []string) {
	for _, s := range steps {
		text := fmt.Sprintf("%s %d→%d", s.Name, s.In, s.Out)
		if s.Where != "" {
			text = s.Where + ": " + text
		}
		if s.URL != 0 {
			text += " " + strings.Split(s.URL.String(), ":")[0]
		}
		if f := s.Failed; f != nil {
			text += fmt.Sprintf(" fails at %d in %q", f.Offset, f.Around)
		}
		texts = append(texts, text)
	}
	return texts
}

func TestLadders(t *testing.T) {
	inBase64 := base64.StdEncoding.EncodeToString([]byte(`{"a":{"b":1}}`))
	tests := map[string]struct {
		msgType MsgType
		msgBody string
		ladder  []string
		inside  []string // what Embedded adds
	}{
		"text":             {TypeText, `"100%25 \u00e9"`, []string{"JSON string 15→9"}, nil},
		"text of JSON":     {TypeText, `"{\"a\":1}"`, []string{"JSON string 11→7"}, []string{"JSON 7→7"}},
		"text of words":    {TypeText, `"{\"a\":"`, []string{"JSON string 9→5"}, nil},
		"text as a number": {TypeText, `12`, []string{"JSON 2→2"}, nil},
		"a bad escape":     {TypeText, `"a\x"`, []string{`JSON string 5→0 fails at 3 in "\"a\\x\""`}, nil},
		"no body":          {TypeImage, ``, nil, nil},
		"an empty body":    {TypeImage, `" "`, []string{"JSON string 3→1"}, nil},
		"file, plain":      {TypeFile, `{"file_name":"a.b"}`, []string{"JSON 19→19"}, nil},
		"file, percent": {TypeFile, `"%7B%22file_name%22%3A%22a%20b%22%7D"`,
			[]string{"JSON string 37→35", "URL-decoded 35→19 percent signs only", "JSON 19→19"}, nil},
		"file, form": {TypeFile, quoted(url.QueryEscape(` {"file_name":"a b"}`)),
			[]string{"JSON string 36→34", "URL-decoded 34→20 a form", "JSON 20→19"}, nil},
		"file, mixed": {TypeFile, `"%7B%22file_name%22:%22a+b%20c%22%7D"`,
			[]string{"JSON string 37→35", "URL-decoded 35→21 mixed", "JSON 21→21"}, nil},
		"file, twice": {TypeFile, quoted(quoted(`{"file_name":"a"}`)), []string{"JSON string 35→23", "JSON string 23→17", "JSON 17→17"}, nil},
		"a value": {TypeFile, `{"file_name":"a+b%2Fc","md5":"%41"}`,
			[]string{"JSON 35→35", "file_name: JSON string 9→7", "file_name: URL-decoded 7→5 a form"}, nil},
		"values inside": {TypeImage, `{"Origin":{"Url":"https%3A%2F%2Fmedia.example.com"}}`,
			[]string{"JSON 52→52", "Origin.Url: JSON string 33→31", "Origin.Url: URL-decoded 31→25 percent signs only"}, nil},
		"members of a group": {TypeTips, `{"type":6,"target_users":[{},{"group_member_name":"%41"}]}`,
			[]string{"JSON 58→58", "target_users[1].group_member_name: JSON string 5→3", "target_users[1].group_member_name: URL-decoded 3→1 percent signs only"}, nil},
		"not JSON": {TypeFile, `"bill of sale, in words.pdf"`,
			[]string{"JSON string 28→26", `JSON 26→0 fails at 0 in "bill of sale, in"`}, nil},
		"cut short": {TypeFile, `"\t{\"file_name\":\"a long name of a file.pdf"`,
			[]string{"JSON string 46→40", `JSON 40→0 fails at 40 in "me of a file.pdf"`}, nil},
		"broken in the middle": {TypeFile, `"{\"file_name\":\"a long name\" \"md5\":\"0cc175b9c0f1\"}"`,
			[]string{"JSON string 58→48", `JSON 48→0 fails at 27 in "\":\"a long name\" \"md5\":\"0cc175b9c"`}, nil},
		"cut in an escape": {TypeFile, `"%7B%22file_name%2"`,
			[]string{"JSON string 19→17", `URL-decoded 17→0 fails at 15 in "%7B%22file_name%2"`}, nil},
		"an array": {TypeFile, `"[1]"`, []string{"JSON string 5→3", "JSON 3→3"}, nil},
		"custom JSON": {TypeCustom, `"{\"order\":\"{\\\"id\\\":[1]}\",\"a b\":[1,\"eyJhIjp7ImIiOjF9fQ\"]}"`,
			[]string{"JSON string 69→55", "JSON 55→55"},
			[]string{"order: JSON string 14→10", `order: JSON 10→10`, `["a b"][1]: JSON string 20→18`, `["a b"][1]: base64 18→13`, `["a b"][1]: JSON 13→13`}},
		"custom, meant as JSON": {TypeCustom, `"{\"a\":01}"`, []string{"JSON string 12→8", `JSON 8→0 fails at 6 in "{\"a\":01}"`}, nil},
		"custom, words":         {TypeCustom, `"[smile] {name}"`, []string{"JSON string 16→14"}, nil},
		"custom in base64":      {TypeCustom, quoted(inBase64), []string{"JSON string 22→20"}, []string{"base64 20→13", "JSON 13→13"}},
		"custom, base64 of base64": {TypeCustom, quoted(base64.URLEncoding.EncodeToString([]byte(inBase64))), []string{"JSON string 30→28"},
			[]string{"base64 28→20", "base64 20→13", "JSON 13→13"}},
		"custom, URL-encoded": {TypeCustom, `"%7B%22a%22%3A1%7D"`, []string{"JSON string 19→17"}, []string{"URL-decoded 17→7 percent signs only", "JSON 7→7"}},
		"text in base64": {TypeCustom, `{"note":"SGVsbG8gVGVzdA==","word":"Instantiated","id":"550e8400-e29b-41d4-a716-446655440000"}`,
			[]string{"JSON 93→93"}, []string{"note: JSON string 18→16", "note: base64 16→10"}},
		"broken inside": {TypeCustom, `{"order":"{\"id\":[1,]}","smile":"[smile]"}`, []string{"JSON 43→43"},
			[]string{"order: JSON string 15→11", `order: JSON 11→0 fails at 9 in "{\"id\":[1,]}"`}},
		"items": {TypeMultiItem, `{"multi_msg":[{"msg_type":1,"callback_content":"hi"},{"msg_type":200,"callback_content":{"a":"[1]"}},` +
			`{"msg_type":12,"callback_content":"{\"file_name\":\"%41\"}"},{"msg_type":12,"callback_content":"%7B%22file_name%22%3A%22%2541%22%7D"},{"msg_type":12,"callback_content":"a.pdf"}]}`,
			[]string{"JSON 279→279",
				"multi_msg[2].callback_content: JSON string 25→19", "multi_msg[2].callback_content: JSON 19→19",
				"multi_msg[2].callback_content.file_name: JSON string 5→3", "multi_msg[2].callback_content.file_name: URL-decoded 3→1 percent signs only",
				"multi_msg[3].callback_content: JSON string 37→35", "multi_msg[3].callback_content: URL-decoded 35→19 percent signs only", "multi_msg[3].callback_content: JSON 19→19",
				"multi_msg[4].callback_content: JSON string 7→5", `multi_msg[4].callback_content: JSON 5→0 fails at 0 in "a.pdf"`},
			[]string{"multi_msg[1].callback_content.a: JSON string 5→3", "multi_msg[1].callback_content.a: JSON 3→3"}},
		"the list in a string": {TypeMultiItem, `{"MultiMsg":" [{\"MsgType\":1,\"Msg\":\"hi\"}]"}`,
			[]string{"JSON 48→48", "MultiMsg: JSON string 35→27", "MultiMsg: JSON 27→26"}, nil},
		"the list is broken": {TypeMultiItem, `{"multi_msg":"[{} {}]"}`,
			[]string{"JSON 23→23", "multi_msg: JSON string 9→7", `multi_msg: JSON 7→0 fails at 4 in "[{} {}]"`}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body := bodyOf(tt.msgType, 0, tt.msgBody)
			if got := stepTexts(body.Ladder); !slices.Equal(got, tt.ladder) {
				t.Errorf("ladder\n%q, want\n%q", got, tt.ladder)
			}
			inside, more := body.Embedded()
			if got := stepTexts(inside); !slices.Equal(got, tt.inside) || more != 0 {
				t.Errorf("embedded\n%q, want\n%q", got, tt.inside)
			}
		})
	}
}

func TestPayloadLadders(t *testing.T) {
	for _, tt := range []struct {
		payload string // the raw value
		want    []string
	}{
		{``, nil},
		{`null`, nil},
		{`""`, []string{"JSON string 2→0"}},
		{`"hello"`, []string{"JSON string 7→5"}},
		{`"971503777289036729"`, []string{"JSON string 20→18"}},
		{`"[smile]"`, []string{"JSON string 9→7"}},
		{`"{\"trace\":\"39be\",\"v\":1}"`, []string{"JSON string 30→22", "JSON 22→22"}},
		{`"{\"trace\":}"`, []string{"JSON string 14→10", `JSON 10→0 fails at 9 in "{\"trace\":}"`}},
		{`{"a":"{\"b\":\"[1]\"}"}`, []string{"JSON 23→23", "a: JSON string 17→11", "a: JSON 11→11", "a.b: JSON string 5→3", "a.b: JSON 3→3"}},
		{`"eyJhIjoxfQ=="`, []string{"JSON string 14→12", "base64 12→7", "JSON 7→7"}},
		{`"a\x"`, []string{`JSON string 5→0 fails at 3 in "\"a\\x\""`}},
		{`7`, []string{"JSON 1→1"}},
		{`01`, []string{`JSON 2→0 fails at 1 in "01"`}},
	} {
		e := ReadMessage([]byte(`{"Payload":` + orNull(tt.payload) + `,"payload":"[]"}`)).Envelope()
		got, more := e.PayloadLadder()
		if texts := stepTexts(got); !slices.Equal(texts, tt.want) || more != 0 {
			t.Errorf("%s: %q, want %q", tt.payload, texts, tt.want)
		}
	}
	if got, _ := ReadMessage([]byte(`{"Payload":"[1]","Payload":null}`)).Envelope().PayloadLadder(); len(got) != 2 {
		t.Errorf("of two payloads: %q", stepTexts(got))
	}
}

// TestManySteps holds the bound on steps, and the names in spite of it.
func TestManySteps(t *testing.T) {
	const n = 3000
	body := bodyOf(TypeMultiItem, 0, `{"multi_msg":[`+strings.Repeat(`{"msg_type":12,"callback_content":{"file_name":"%41","file_name":"%42"}},`, 999)+
		`{"msg_type":12,"callback_content":"%7B%22file_name%22:1%7D"}]}`)
	if got, want := len(body.Ladder)+body.MoreSteps, 1+999*4+3; got != want || len(body.Ladder) > maxNoted+3 {
		t.Errorf("%d steps and %d more, want %d", len(body.Ladder), body.MoreSteps, want)
	}
	if got, want := body.LadderNames(), []string{stepJSON, stepURLValues, stepURLItems, stepEmbedded}; !slices.Equal(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
	inside, more := bodyOf(TypeCustom, 0, `[`+strings.Repeat(`"[]",`, n)+`0]`).Embedded()
	if len(inside) != maxNoted || len(inside)+more != 2*n {
		t.Errorf("%d steps and %d more, want %d", len(inside), more, 2*n)
	}
}

// TestDeepTexts has texts in strings of texts, deeper than they are followed.
func TestDeepTexts(t *testing.T) {
	text := `[]`
	for range 12 {
		text = `{"a":` + quoted(text) + `}`
	}
	inside, _ := bodyOf(TypeCustom, 0, quoted(text)).Embedded()
	deepest := inside[len(inside)-1].Where
	if want := strings.TrimSuffix(strings.Repeat("a.", maxNested), "."); deepest != want {
		t.Errorf("the deepest is %s, want %s", deepest, want)
	}
}

// checkSteps holds steps to each other: what came out of one went into the next of
// the same value, and a failed one is its last. A member that is there twice begins
// anew, with its string.
func checkSteps(t *testing.T, steps []Step) {
	t.Helper()
	for i, s := range steps {
		f := s.Failed
		if s.Name == "" || s.In <= 0 || s.Out < 0 || f == nil && (s.URL != 0) != (s.Name == stepURL) {
			t.Errorf("step %+v", s)
		}
		if f != nil && (s.Out != 0 || f.Reason == "" || f.Offset < -1 || f.Offset > s.In || len(f.Around) > 2*AroundBytes) {
			t.Errorf("failure %+v of %+v", f, s)
		}
		if i == 0 || steps[i-1].Where != s.Where || s.Name == stepString {
			continue
		}
		if last := steps[i-1]; last.Failed != nil || last.Out != s.In {
			t.Errorf("%q follow one another", stepTexts(steps[i-1:i+1]))
		}
	}
}

// TestAroundIsWhatCame looks at the bytes that a failure keeps.
func TestAroundIsWhatCame(t *testing.T) {
	for n := range 40 {
		text := `{"a":"` + strings.Repeat("é", n) + `" "b":"` + strings.Repeat("x", 40-n) + `"}`
		step := bodyOf(TypeFile, 0, quoted(text)).Ladder[1]
		f := step.Failed
		if f == nil || text[f.Offset-2:f.Offset+1] != `" "` {
			t.Fatalf("%s: %+v", text, f)
		}
		at := min(f.Offset, AroundBytes)
		if !bytes.Equal(f.Around[:at], []byte(text[f.Offset-at:f.Offset])) || !strings.HasPrefix(text[f.Offset:], string(f.Around[at:])) {
			t.Errorf("%s: offset %d, around %q", text, f.Offset, f.Around)
		}
	}
}
