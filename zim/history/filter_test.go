package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
)

var (
	filterZone = time.FixedZone("", 8*60*60)
	filterNow  = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
)

// filtered is a history of messages a, b, c … in which every field of a filter
// has something to find and something to leave. The times are 20:00 in the zone,
// of the day that the MsgSeq names.
var filtered = func() (list []zim.Message) {
	const day1 = 1777636800000 // 2026-05-01T12:00:00Z
	for i, fields := range []string{
		/* a */ `"Sender":"bob","MsgType":1,"MsgBody":"Is the blue frame still there?"`,
		/* b */ `"Sender":"alice","MsgType":1,"MsgBody":"Refund paid: https://shop.example.com/r/1041"`,
		/* c */ `"Sender":"bob","MsgType":11,"MsgBody":"%7B%22file_name%22%3A%22frame.jpg%22%2C%22download_url%22%3A%22https%3A%2F%2Fmedia.example.com%2F1%22%7D"`,
		/* d */ `"Sender":"chen li","MsgType":12,"MsgBody":"{\"file_name\":\"invoice.pdf\"}","Payload":"{\"see\":\"http:\\/\\/a.example\"}"`,
		/* e */ `"Sender":"alice","MsgType":200,"SubMsgType":110,"MsgBody":"{\"order\":1041,\"state\":\"paid\"}"`,
		/* f */ `"Sender":"bob","MsgType":10,"MsgBody":{"multi_msg":[{"msg_type":1,"callback_content":"two, HTTPS://b.example"},{"msg_type":11,"callback_content":{"file_name":"b.png"}},{"msg_type":200,"sub_msg_type":7,"callback_content":"x"}]}`,
		/* g */ `"Sender":"bob","MsgType":1,"MsgBody":"","IsEmpty":2`,
		/* h */ `"Sender":"dave","MsgType":31,"MsgBody":"{\"user_id\":\"dave\",\"revoke_time\":1777636800000,\"msg_status\":20}"`,
		/* i */ ``,
		/* j */ `"Sender":"Bob","MsgType":13,"MsgBody":"broken {","Payload":"x"`,
		/* k */ `"Sender":"a:(b)","MsgType":777,"MsgBody":"?","SubMsgType":110`,
		/* l */ `"Sender":"@RBT#1)","MsgType":14,"MsgBody":{"Url":"https://media.example.com/2","FileName":"or.mp4"},"MsgTime":"soon"`,
		/* m */ `"Sender":"erin","MsgType":11,"MsgBody":"","IsEmpty":1`,
		/* n */ `"Sender":"bob","MsgType":10,"MsgBody":{"multi_msg":[{"msg_type":14,"callback_content":"?"}]},"Payload":""`,
		/* o */ `"Sender":"bob","MsgType":100,"MsgBody":"{\"Title\":\"a \\\"quoted\\\" =word /path/ :)\",\"Summary\":\"5:1\"}"`,
	} {
		m := fmt.Sprintf(`{%s,"MsgId":9715037772890367%02d,"MsgSeq":%d,"MsgTime":%d}`, fields, i, i+1, day1+int64(i)*24*60*60*1000)
		switch {
		case fields == "":
			m = `{"IsEmpty":1}`
		case strings.Contains(fields, "MsgTime"):
			m = fmt.Sprintf(`{%s,"MsgId":9715037772890367%02d,"MsgSeq":%d}`, fields, i, i+1)
		}
		list = append(list, zim.ReadMessage([]byte(m)))
	}
	return list
}()

func mustFilter(t testing.TB, s string) *Filter {
	t.Helper()
	f, err := ParseFilter(s, filterZone, filterNow)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return f
}

// letThrough returns the letters of the messages that a filter lets through.
func letThrough(t testing.TB, f *Filter) string {
	t.Helper()
	picked, err := f.Pick(t.Context(), filtered)
	if err != nil || !slices.IsSorted(picked) {
		t.Fatalf("%s: %v, %v", f, picked, err)
	}
	var letters strings.Builder
	for i, m := range filtered {
		_, is := slices.BinarySearch(picked, i)
		if is != f.Match(m) {
			t.Errorf("%s: Match of %c is %v, Pick differs", f, 'a'+i, !is)
		}
		if is {
			letters.WriteByte('a' + byte(i))
		}
	}
	return letters.String()
}

func TestFilter(t *testing.T) {
	const all = "abcdefghijklmno"
	for _, test := range []struct{ filter, want string }{
		{"", all},
		{" \t\u3000", all},

		{"from:bob", "acfgno"},
		{"FROM:bob,alice", "abcefgno"},
		{`from:"chen li"`, "d"},
		{`from:"chen li",erin`, "dm"},
		{"from:BOB", ""},
		{"from:a:(b)", "k"},
		{"(from:a:(b))", "k"},
		{`from:"@RBT#1)"`, "l"},

		{"type:text", "abfg"}, // g was one; f has one
		{"type:image,FILE", "cdfm"},
		{"type:video", "ln"},
		{"type:recall-notice", "h"},
		{"type:multi-item", "fn"},
		{"type:777", "k"},
		{"type:10", "fn"},
		{"type:0", "i"},

		{"is:recalled", "gh"},
		{"is:deleted", "im"},
		{"is:Recalled,deleted", "ghim"},
		{"is:undecodable", "jln"},

		{"has:payload", "dj"},
		{"has:media", "cdfjlmn"},
		{"has:link", "bdf"},
		{"has:link has:media", "df"},

		{"before:2026-05-02", "a"},
		{"before:2026-05-02 and 14:00", ""},
		{`before:2026-05-02 "14:00"`, ""},
		{`before:"2026-05-02" 14:00`, ""},
		{"before:-1d 5:1", ""},
		{"before:2026-05-02T20:00", "a"}, // exclusive
		{"after:2026-05-14T20:00", "no"}, // inclusive
		{`after:"2026-05-14 20:00:01"`, "o"},
		{"after:-36h", "bcdefghjkmno"},
		{"after:-1d", "bcdefghjkmno"},
		{"on:2026-05-01", "a"},
		{"on:2026-05-01T23:00:00Z", "b"}, // the day in the zone
		{"on:-1d", "b"},
		{"on:2026-05-01 or on:2026-05-02", "ab"},
		{"after:2026-05-02 before:2026-05-04", "bc"},
		{"after:2026-05-04 before:2026-05-02", ""}, // no error
		{"before:2100-01-01 or after:2000-01-01", "abcdefghjkmno"},
		{"-before:2026-05-03", "cdefghijklmno"}, // those without a time are not before

		{"sub:110", "e"}, // k is not custom
		{"sub:7,110", "ef"},
		{"seq:3", "c"},
		{"seq:3-5,12", "cdel"},
		{"seq:13-", "mno"},
		{"seq:-2", "ab"},
		{"seq:0-", "abcdefghjklmno"},
		{"seq:0", ""},
		{"id:971503777289036700", "a"},
		{"id:0", ""},

		{"frame", "ac"},
		{"Frame", ""},
		{"FRAME", ""},
		{"refund", "b"},
		{"Refund", "b"},
		{`"blue frame"`, "a"},
		{`"blue  frame"`, ""},
		{"=Refund", "b"},
		{"=refund", ""},
		{`="blue frame"`, "a"},
		{`="Blue frame"`, ""},
		{"/blue|refund/", "ab"},
		{"/blue frame/", "a"},
		{"/(blue|x) f/", "a"},
		{"(/blue|refund/)", "ab"},
		{"(/(blue|refund)/ or sub:110)", "abe"},
		{`"a \"quoted\" "`, "o"},
		{`"=word"`, "o"},
		{`"/PATH/"`, ""},
		{`"/path/"`, "o"},
		{"/path", "o"},
		{"5:1", "o"},
		{`":)"`, "o"},
		{`"or"`, "elo"},
		{"-or", "abcdfghijkmn"}, // a word behind -
		{"https://shop.example.com", "b"},
		{"order paid", "e"},
		{"陈", ""},

		{"from:bob type:text", "afg"},
		{"from:bob and type:text", "afg"},
		{"from:bob AND NOT type:text", "cno"},
		{"from:bob -type:text", "cno"},
		{"from:alice or from:erin", "bem"},
		{"from:alice type:text or from:bob type:image", "bcf"}, // and binds closer
		{"from:alice (type:text or from:bob) -type:image", "b"},
		{"-(from:bob or from:alice)", "dhijklm"},
		{"not from:bob from:alice", "be"},
		{"not(from:bob)", "bdehijklm"},
		{"(from:erin)or(from:dave)", "hm"},
		{"--from:bob", "acfgno"},
		{"not not -from:alice", "acdfghijklmno"},
		{"(((from:erin)))", "m"},
		{"(from:bob)(type:text)", "afg"},
		{"from:bob or\u00a0from:erin", "acfgmno"},
		{strings.Repeat("(", 50) + "from:erin" + strings.Repeat(")", 50), "m"},
		{strings.Repeat("-", 50) + "from:erin", "m"},
	} {
		f := mustFilter(t, test.filter)
		if got := letThrough(t, f); got != test.want {
			t.Errorf("%s lets %q through, want %q", test.filter, got, test.want)
		}
		if f != nil && f.String() != test.filter {
			t.Errorf("%q became %q", test.filter, f)
		}
	}
}

func TestNilFilter(t *testing.T) {
	f := mustFilter(t, "  ")
	if f != nil || f.String() != "" || f.Words() != nil || !f.Match(zim.Message{}) {
		t.Errorf("a filter of nothing is %+v", f)
	}
	if _, ok := f.Since(); ok {
		t.Error("it has a time")
	}
	if picked, err := f.Pick(t.Context(), nil); len(picked) != 0 || err != nil {
		t.Errorf("it picks %v, %v", picked, err)
	}
}

// The dates are those of a filter; the oldest that can pass is 2026-05-DD.
func TestFilterSince(t *testing.T) {
	for filter, want := range map[string]string{
		"refund":                  "",
		"after:2026-05-03":        "03",
		"on:2026-05-03":           "03",
		"before:2026-05-03":       "",
		"-before:2026-05-03":      "",
		"-after:2026-05-03":       "",
		"--after:2026-05-03":      "",
		"refund after:2026-05-03": "03",
		"after:2026-05-03 or bob": "",
		"(after:2026-05-03) -bob": "03",
		"after:2026-05-03 on:-0d": "03",
		"on:-1d after:2026-05-01": "02",
		"after:2026-05-03 or on:-1d or (after:2026-05-04 x)": "02",
		"(after:2026-05-03 or on:-1d) after:2026-05-01":      "02",
	} {
		at, ok := mustFilter(t, filter).Since()
		if got := at.Format("02"); ok != (want != "") || ok && (got != want || !at.Equal(StartOfDay(2026, 5, at.Day(), filterZone))) {
			t.Errorf("%s: %v, %v; want %q", filter, at, ok, want)
		}
	}
}

func TestFilterWords(t *testing.T) {
	for filter, want := range map[string]string{
		"from:bob": "", "blue frame": "blue|frame", `"blue frame"`: "blue frame", "-blue frame": "frame",
		"after:-1d (blue or =Red) -(green or -/ye+/)": "blue|=Red|/ye+/",
		"/a/ or from:bob b":                           "/a/|b",
		`"=a" "/b/"`:                                  "/=a/|//b//",
	} {
		var got []string
		for _, q := range mustFilter(t, filter).Words() {
			got = append(got, q.String())
		}
		if got := strings.Join(got, "|"); got != want {
			t.Errorf("%s marks %q, want %q", filter, got, want)
		}
	}
}

// countdown is a context that is cancelled when it was asked so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestPickCanBeCancelled(t *testing.T) {
	list := slices.Repeat(filtered[:1], 10*checkEvery)
	for _, f := range []*Filter{nil, mustFilter(t, "from:bob")} {
		ctx := &countdown{t.Context(), 3}
		if picked, err := f.Pick(ctx, list); !errors.Is(err, context.Canceled) || picked != nil || ctx.left < -2 {
			t.Errorf("%q: %d picked, %v, asked on for %d times", f, len(picked), err, -ctx.left)
		}
	}
}

func TestHelpIsTrue(t *testing.T) {
	for _, form := range FilterHelp() {
		mustFilter(t, form.Example)
		if form.Does == "" || form.Name != "" && !strings.HasPrefix(form.Example, form.Name+":") {
			t.Errorf("%+v", form)
		}
	}
	for n := range zim.MsgType(1000) {
		if !strings.HasPrefix(n.String(), "type ") && !slices.Contains(namedTypes, n) {
			t.Errorf("the type %s cannot be named", n)
		}
	}
}

func TestLinks(t *testing.T) {
	for body, want := range map[string]bool{
		`"see http://a"`: true, `"HttpS://a"`: true, `"(https:\/\/a"`: true, `"{\"a\":\"http:\\/\\/b\"}"`: true,
		`"\u0068ttp://a"`: true, `"http\u003a//a"`: true, `"http:/\u002fa"`: true, `"a: b http://"`: true,
		`"http:/a"`: false, `"http:// "`: true, `"http:\\\\a"`: false, `"ftp://a"`: false, `"://"`: false, `"http"`: false, `"http:"`: false, `"httpss://a"`: false, `""`: false,
	} {
		for _, message := range []string{`{"MsgType":1,"MsgBody":%s}`, `{"MsgType":200,"MsgBody":%s}`, `{"MsgType":12,"Payload":%s}`, `{"MsgType":777,"MsgBody":%s}`,
			`{"MsgType":10,"MsgBody":{"multi_msg":[{"msg_type":1,"callback_content":%s}]}}`, `{"MsgType":100,"MsgBody":{"Summary":%s}}`,
			`{"MsgType":32,"MsgBody":{"type":30,"group_notice":%s}}`, `{"MsgType":31,"MsgBody":{"payload":%s}}`, `{"MsgType":10,"MsgBody":{},"Payload":%s}`} {
			if got := mustFilter(t, "has:link").Match(zim.ReadMessage(fmt.Appendf(nil, message, body))); got != want {
				t.Errorf("%s in %s: %v", body, message, got)
			}
		}
	}
	encoded := zim.ReadMessage([]byte(`{"MsgType":100,"MsgBody":"%7B%22Title%22%3A%22https%3A%2F%2Fa%22%7D"}`))
	if !mustFilter(t, "has:link").Match(encoded) {
		t.Error("a link that is URL-encoded is not seen")
	}
}
