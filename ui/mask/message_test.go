package mask_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"backscroll/ui/mask"
	"backscroll/zim"
)

func message(raw string) zim.Message { return zim.ReadMessage([]byte(raw)) }

// maskedRaw is a message with each placeholder as its kind.
func maskedRaw(raw string) string {
	return placeholder.ReplaceAllString(string(mask.New(key).Message(message(raw)).Raw), "<$1>")
}

func TestMessages(t *testing.T) {
	for _, c := range [][2]string{
		{`{"Sender":"alice@example.com","MsgType":1,"MsgBody":"call 0170 1234567","MsgId":4111111111111111,"MsgSeq":13812345678,"MsgTime":1714550400000}`,
			`{"Sender":"<email>","MsgType":1,"MsgBody":"call <phone>","MsgId":4111111111111111,"MsgSeq":13812345678,"MsgTime":1714550400000}`},
		{`{"Sender":"491701234567","MsgId":"4111111111111111","MsgSeq":"13812345678","MsgTime":"13812345678"}`,
			`{"Sender":"<phone>","MsgId":"4111111111111111","MsgSeq":"13812345678","MsgTime":"13812345678"}`},
		{`{"MsgType":12,"MsgBody":"%7B%22file_name%22%3A%22bob%40example.com.pdf%22%2C%22file_size%22%3A%2213812345678%22%2C%22download_url%22%3A%22https%3A%2F%2Fexample.com%2Ff.pdf%3Fsign%3D1%22%7D"}`,
			`{"MsgType":12,"MsgBody":"{\"file_name\":\"<email>.pdf\",\"file_size\":\"13812345678\",\"download_url\":\"https://example.com/f.pdf?<query>\"}"}`},
		{`{"MsgType":12,"MsgBody":{"FileName":"%2B49%20170%201234567.pdf","Url":"https:\/\/example.com\/a?b"},"Odd":["bob@example.org",1.0e3]}`,
			`{"MsgType":12,"MsgBody":{"FileName":"<phone>.pdf","Url":"https://example.com/a?<query>"},"Odd":["<email>",1.0e3]}`},
		{`{"MsgType":10,"MsgBody":"{\"multi_msg\":[{\"msg_type\":1,\"callback_content\":\"+49 170 1234567\"},{\"msg_type\":200,\"callback_content\":\"{\\\"tel\\\":5550134567}\"}]}"}`,
			`{"MsgType":10,"MsgBody":"{\"multi_msg\":[{\"msg_type\":1,\"callback_content\":\"<phone>\"},{\"msg_type\":200,\"callback_content\":\"{\\\"tel\\\":\\\"<phone>\\\"}\"}]}"}`},
		{`{"Payload":"{\"from\":\"a\\u0040example.com\"}"}`, `{"Payload":"{\"from\":\"<email>\"}"}`},
		{`{"MsgBody":{"user_id":"bob@example.com","revoke_time":1714550400000}}`, `{"MsgBody":{"user_id":"<email>","revoke_time":1714550400000}}`},
		{`{ "MsgBody" : "hi" , "n":1.50 }`, `{ "MsgBody" : "hi" , "n":1.50 }`},
		// No JSON, as far as it can be read.
		{`{"MsgBody":"alice@example.com`, `{"MsgBody":"<email>"`},
		{"{\"MsgBody\":\"a\nalice@example.com \\x\"}", `{"MsgBody":"a\n<email> \\x"}`},
		{`alice@example.com`, `"<email>"`},
		{`{"a":alice@example.com}`, `{"a":"<email>"}`},
		{``, ``},
	} {
		if got := maskedRaw(c[0]); got != c[1] {
			t.Errorf("%s\n is %s\nnot %s", c[0], got, c[1])
		}
	}
}

func TestMessageKeepsItsNumbers(t *testing.T) {
	m := message(`{"MsgId":9712345678901234567,"MsgSeq":812,"MsgTime":1714550400000,"MsgBody":"a@example.com"}`)
	got := mask.New(key).Message(m)
	if got.MsgId != m.MsgId || got.MsgSeq != m.MsgSeq || got.MsgTime != m.MsgTime || got.Same(m) {
		t.Errorf("%+v became %+v", m, got)
	}
	plain := message(`{"MsgId":1,"MsgBody":"hi"}`)
	if got := mask.New(key).Message(plain); !got.Same(plain) {
		t.Error("a message with nothing to mask is a copy")
	}
}

// wrappings are ways in which a text comes.
var wrappings = map[string]func(string) string{
	"as it is":       func(s string) string { return s },
	"in a sentence":  func(s string) string { return "please note: " + s + " or so" },
	"JSON":           func(s string) string { return string(marshal(map[string]any{"a": []any{1, s}, "b": nil})) },
	"a name in JSON": func(s string) string { return string(marshal(map[string]any{s: 1})) },
	"a JSON string":  func(s string) string { return string(marshal(s)) },
	"URL-encoded":    url.QueryEscape,
	"percent signs":  url.PathEscape,
	"base64":         func(s string) string { return base64.StdEncoding.EncodeToString(marshal([]string{s})) },
	"URL-safe":       func(s string) string { return base64.RawURLEncoding.EncodeToString(marshal([]string{s})) },
}

func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// secrets are generators of what is masked.
var secrets = []*rapid.Generator[string]{
	rapid.StringMatching(`\+49 1[567][0-9] [0-9]{7}`), rapid.StringMatching(`\+33 [67]( [0-9]{2}){4}`), rapid.StringMatching(`\+1 \([2-9][0-9]{2}\) 555-[0-9]{4}`),
	rapid.StringMatching(`01[567][1-9] [0-9]{7}`), rapid.StringMatching(`[2-9][0-9]{2}-555-[0-9]{4}`), rapid.StringMatching(`\+86 13[0-9] [0-9]{4} [0-9]{4}`),
	rapid.StringMatching(`[a-z]{3,8}\.[a-z0-9]{2,6}@[a-z]{3,8}\.example\.com`),
	rapid.SampledFrom([]string{"4111 1111 1111 1111", "5555555555554444", "3782 822463 10005", "6011-1111-1111-1117"}),
	rapid.Map(rapid.StringMatching(`[a-z]{4,8}=[A-Za-z0-9]{8,20}`), func(s string) string { return "https://media.example.com/a.jpg?" + s }),
}

// TestNothingIsLeft: whatever is masked, wrapped in whatever way, is nowhere in the
// masked message, in no wrapping; the message is JSON, and masking it again changes
// nothing.
func TestNothingIsLeft(t *testing.T) {
	var names []string
	for name := range wrappings {
		names = append(names, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.OneOf(secrets...).Draw(t, "secret")
		text, encoded := secret, false
		for range rapid.IntRange(1, 3).Draw(t, "depth") {
			name := rapid.SampledFrom(names).Draw(t, "wrapping")
			if encoded && name == "in a sentence" {
				continue // what is encoded is so from end to end
			}
			text = wrappings[name](text)
			encoded = encoded || strings.Contains(name, "64") || strings.Contains(name, "URL") || strings.Contains(name, "percent")
		}
		raw := fmt.Appendf(nil, `{"Sender":"bob","MsgType":%d,"MsgBody":%s,"MsgId":9712345678901234567}`, rapid.SampledFrom([]int{1, 11, 200, 777}).Draw(t, "type"), marshal(text))
		m := mask.New(key)
		got := m.Message(zim.ReadMessage(raw))
		if !json.Valid(got.Raw) {
			t.Fatalf("%s became %s", raw, got.Raw)
		}
		part := secret
		if _, query, ok := strings.Cut(secret, "?"); ok {
			part = query
		}
		for _, wrap := range wrappings {
			wrapped := wrap(part)
			if strings.Contains(string(got.Raw), wrapped) {
				t.Fatalf("%q of %s is left in %s", wrapped, raw, got.Raw)
			}
		}
		if !placeholder.Match(got.Raw) {
			t.Fatalf("%s has no placeholder", got.Raw)
		}
		if again := m.Message(got); string(again.Raw) != string(got.Raw) {
			t.Fatalf("%s\nbecame %s\nthen   %s", raw, got.Raw, again.Raw)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"+49 170 1234567 or alice@example.com", "https://a:b@example.com/?c=d#e", `{"phone":491701234567,"a":"%7B%7D"}`, "4111 1111 1111 1111",
		"0170 1234567 2024-05-01", "（０３０）１２３４５６", "a (at) b.de", "\xff@\xfe", "%2B49%20170%201234567", "[phone-BCDFGHJKLM] 0170 [", `"\ud800@a.bc"`, "06 12 34 56 78 20 22", "mailto:a@b.cd?x",
		"eyJhIjoiYWxpY2VAZXhhbXBsZS5jb20ifQ==", "+((49)) 1234567", "@@", "a@b@c.de", "?[query-BCDFGHJKLM]a=b", "x/?y=[query-BCDFGHJKLM]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := mask.New(key)
		once := m.Text(s)
		if again := m.Text(once); again != once {
			t.Errorf("%q became %q, then %q", s, once, again)
		}
		if json.Valid([]byte(s)) && !json.Valid([]byte(once)) && zim.IsJSON(s) {
			t.Errorf("%q became %q, which is no JSON", s, once)
		}
	})
}

func FuzzMessage(f *testing.F) {
	for _, s := range []string{`{"MsgBody":"{\"a\":\"alice@example.com\"}","phone":12345678}`, `{"a":[{"tel":1234567},1234567]}`, `{"MsgBody":"a`, `{"a"}`, `]`, `{"a":"\ud800"}`, "{\"\xff@b.cd\":1}", `{"x":"\"a@b.cd\""}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := mask.New(key)
		once := m.Message(zim.ReadMessage(raw))
		if json.Valid(raw) && !json.Valid(once.Raw) {
			t.Errorf("%q became %q, which is no JSON", raw, once.Raw)
		}
		if again := m.Message(once); string(again.Raw) != string(once.Raw) {
			t.Errorf("%q became %q, then %q", raw, once.Raw, again.Raw)
		}
	})
}

func BenchmarkMessage(b *testing.B) {
	msg := message(`{"Sender":"alice","MsgType":1,"MsgBody":"Yes, two of them, from 2024-05-01 on. Shall I keep one? Call 0170 1234567 or write to alice@example.com","MsgId":9712345678901234567,"MsgSeq":812,"MsgTime":1714550400000,"IsEmpty":0,"Payload":""}`)
	m := mask.New(key)
	b.SetBytes(int64(len(msg.Raw)))
	for b.Loop() {
		m.Message(msg)
	}
}

// TestPieces: a long text is masked wherever a value stands in it.
func TestPieces(t *testing.T) {
	for _, between := range []string{" ", "\n", "x "} {
		s := strings.Repeat("+49 170 1234567"+between+"anna@example.com"+between, 2_200)
		got := mask.New(key).Text(s)
		if strings.Contains(got, "123") || strings.Contains(got, "anna") || mask.New(key).Text(got) != got {
			t.Errorf("%q between: something is left", between)
		}
	}
}

// TestLongTexts: what somebody writes to keep a reader busy takes no longer than
// its length.
func TestLongTexts(t *testing.T) {
	for _, piece := range []string{"1 ", "01 ", "0170-", "a@", "a.", "@a.", "%25", "&#", "(at)", "?a=", "https://", "{\"a\":", "[", "\"", "\\u", "+", "00 ", "(0)", "4111 "} {
		s := strings.Repeat(piece, 70_000/len(piece))
		mask.New(key).Text(s)
	}
}
