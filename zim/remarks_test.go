package zim

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// remarkTexts writes remarks down.
func remarkTexts(remarks []Remark) (texts []string) {
	for _, r := range remarks {
		text := r.Kind.String() + " at " + r.Field
		if r.Path != "" {
			text += " " + r.Path
		}
		if r.Value != "" {
			text += " = " + r.Value
		}
		texts = append(texts, text+": "+r.Detail)
	}
	return texts
}

// remarksOf returns the remarks on a message as the wire has it.
func remarksOf(t *testing.T, raw string) []string {
	t.Helper()
	e := ReadMessage([]byte(raw)).Envelope()
	remarks, more := e.Remarks(e.Body())
	if more != 0 {
		t.Errorf("%d more remarks", more)
	}
	return remarkTexts(remarks)
}

const (
	sayNumber    = "JavaScript changes this number at "
	sayTwice     = "the name comes more than once at "
	saySurrogate = "half a character (an unpaired surrogate) at "
	sayNotUTF8   = "not UTF-8 at "
	sayShape     = "media at MsgBody"
	saySize      = "not of the documented type at MsgBody "
	sayTooLong   = "longer than documented at "
)

func TestRemarks(t *testing.T) {
	for name, tt := range map[string]struct {
		raw  string
		want []string
	}{
		"nothing":   {`{"Sender":"alice","MsgType":1,"MsgBody":"hi {a} [b]","MsgId":1,"MsgSeq":12,"MsgTime":1777298651009,"IsEmpty":0,"Payload":"{\"v\":1.50}"}`, nil},
		"no object": {`[971503777289036729]`, nil},
		"numbers of the message": {`{"MsgId":971503777289036729,"MsgSeq":9007199254740993,"MsgTime":9007199254740992,"new":[1,{"a":0.1000000000000000055}],"big":-1e400}`,
			[]string{sayNumber + "MsgId = 971503777289036729: 971503777289036700", sayNumber + "MsgSeq = 9007199254740993: 9007199254740992",
				sayNumber + "new [1].a = 0.1000000000000000055: 0.1", sayNumber + "big = -1e400: -Infinity"}},
		"a number in a string": {`{"MsgId":"971503777289036729"}`, nil},
		"numbers of a body": {`{"MsgType":200,"MsgBody":"{\"order\":{\"ids\":[1,971503777289036729]},\"in\":\"{\\\"id\\\":12345678901234567890}\"}"}`,
			[]string{sayNumber + "MsgBody order.ids[1] = 971503777289036729: 971503777289036700", sayNumber + "MsgBody in.id = 12345678901234567890: 12345678901234567000"}},
		"a body as an object":     {`{"MsgType":200,"MsgBody":{"id":971503777289036729}}`, []string{sayNumber + "MsgBody id = 971503777289036729: 971503777289036700"}},
		"a body that is a number": {`{"MsgType":200,"MsgBody":"971503777289036729"}`, []string{sayNumber + "MsgBody = 971503777289036729: 971503777289036700"}},
		"a text that is a number": {`{"MsgType":1,"MsgBody":"971503777289036729"}`, nil},
		"a text that is JSON":     {`{"MsgType":1,"MsgBody":"[971503777289036729]"}`, []string{sayNumber + "MsgBody [0] = 971503777289036729: 971503777289036700"}},
		"a body encoded twice":    {`{"MsgType":777,"MsgBody":"%257B%2522a%2522%3A1e-400%257D"}`, []string{sayNumber + "MsgBody a = 1e-400: 0"}},
		"a payload":               {`{"Payload":"{\"trace\":18446744073709551616}"}`, []string{sayNumber + "Payload trace = 18446744073709551616: 18446744073709552000"}},
		"a payload in base64":     {`{"Payload":"eyJ0cmFjZSI6MTg0NDY3NDQwNzM3MDk1NTE2MTZ9"}`, []string{sayNumber + "Payload trace = 18446744073709551616: 18446744073709552000"}},
		"a long number":           {`{"n":` + strings.Repeat("1", 150) + `}`, []string{sayNumber + "n = " + strings.Repeat("1", 100) + "…: 1.111111111111111e+149"}},

		"fields twice": {`{"MsgId":1,"Sender":"a","MsgId":2,"MsgId":1}`, []string{sayTwice + "MsgId: 3 times: JSON.parse keeps the last"}},
		"names twice": {`{"MsgType":200,"MsgBody":"{\"a\":{\"b\":1,\"\\u0062\":2,\"c d\":[{\"e\":1},{\"e\":1,\"x\":0,\"e\":2}]},\"z\":1}"}`,
			[]string{sayTwice + `MsgBody a["c d"][1].e: 2 times: JSON.parse keeps the last`, sayTwice + "MsgBody a.b: 2 times: JSON.parse keeps the last"}},

		"half a character": {`{"Sender":"a\ud83d","MsgType":1,"MsgBody":"\ud83d\ude00 \\ud83d \ude00 \uD83D\u0041","Payload":"{\"\\udead\":1}"}`,
			[]string{saySurrogate + `Sender = \ud83d: 1 in this text`, saySurrogate + `MsgBody = \ude00: 2 in this text`, saySurrogate + `Payload ["�"] = \udead: 1 in this text`}},
		"half a character in a body": {`{"MsgType":200,"MsgBody":"{\"a\":\"\\ud83d\"}"}`, []string{saySurrogate + `MsgBody a = \ud83d: 1 in this text`}},
		"bytes that are not UTF-8": {"{\"Sender\":\"�\xffz\",\"MsgType\":1,\"MsgBody\":\"\xed\xa0\x80\"}",
			[]string{sayNotUTF8 + "Sender = \"�\xffz\": byte 4 of the string is 0xff", sayNotUTF8 + "MsgBody = \"\xed\xa0\x80\": byte 1 of the string is 0xed"}},

		"a client's file": {`{"MsgType":12,"MsgBody":"{\"md5\":\"0cc175b9\",\"file_name\":\"a\",\"file_size\":\"5\",\"download_url\":\"https://x\",\"media_duration\":\"\"}"}`,
			[]string{sayShape + ": in the client's structure"}},
		"a server's image": {`{"MsgType":11,"MsgBody":{"Uid":"u","Url":"https://x","FileName":"a","Size":5,"Origin":{"Url":"","Width":3,"Height":4}}}`,
			[]string{sayShape + ": in the server's structure"}},
		"both, no md5": {`{"MsgType":12,"MsgBody":{"file_name":"a","md5":"","Url":"https://x"}}`,
			[]string{sayShape + ": in the client's structure and the server's at once", "no md5 at MsgBody: the file cannot be checked"}},
		"neither": {`{"MsgType":13,"MsgBody":{"colour":"red"}}`, []string{sayShape + ": neither in the client's structure nor in the server's"}},
		"no JSON": {`{"MsgType":13,"MsgBody":"words"}`, nil},
		"sizes": {`{"MsgType":14,"MsgBody":{"md5":"0","file_size":5,"media_duration":65.5,"video_first_frame_width":"720","video_first_frame_height":1280}}`,
			[]string{saySize + "file_size = 5: a number, documented as a string", saySize + "media_duration = 65.5: a number, documented as a string",
				saySize + `video_first_frame_width = "720": a string, documented as a number`, sayShape + ": in the client's structure"}},
		"sizes of nothing": {`{"MsgType":14,"MsgBody":{"Size":"12 KB","MediaDuration":true,"Origin":{"Width":-1,"Height":null},"Thumbnail":{"Width":"9"},"LargeImage":[7]}}`,
			[]string{saySize + `Size = "12 KB": not a number that can be read`, saySize + "MediaDuration = true: not a number that can be read",
				saySize + "Origin.Width = -1: not a number that can be read", saySize + `Thumbnail.Width = "9": a string, documented as a number`, sayShape + ": in the server's structure"}},
		"items": {`{"MsgType":10,"MsgBody":"{\"multi_msg\":[{\"msg_type\":1,\"callback_content\":\"hi\"},{\"msg_type\":12,\"callback_content\":\"{\\\"file_size\\\":5}\"},7,` +
			`{\"msg_type\":11,\"callback_content\":{}},{\"msg_type\":11,\"callback_content\":\"words\"}]}"}`,
			[]string{saySize + "multi_msg[1].callback_content.file_size = 5: a number, documented as a string",
				sayShape + " multi_msg[1].callback_content: in the client's structure", "no md5 at MsgBody multi_msg[1].callback_content: the file cannot be checked",
				sayShape + " multi_msg[3].callback_content: neither in the client's structure nor in the server's"}},
		"items of a server in a string": {`{"MsgType":10,"MsgBody":{"MultiMsg":"[{\"MsgType\":13,\"Msg\":{\"Url\":\"https://x\"}}]"}}`,
			[]string{sayShape + " MultiMsg[0].Msg: in the server's structure"}},

		"long": {`{"MsgType":1,"MsgBody":"` + strings.Repeat("é", maxMsgBody/2) + `x","Payload":"` + strings.Repeat("x", maxPayload+1) + `"}`,
			[]string{sayTooLong + "MsgBody: 32769 bytes, 32768 are documented", sayTooLong + "Payload: 1025 bytes, 1024 are documented"}},
		"as long as documented": {`{"MsgType":1,"MsgBody":"` + strings.Repeat("x", maxMsgBody) + `","Payload":"` + strings.Repeat("x", maxPayload) + `"}`, nil},
		"problems":              {`{"Sender":7,"MsgType":"one","MsgId":1.5,"IsEmpty":{}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := remarksOf(t, tt.raw); !slices.Equal(got, tt.want) {
				t.Errorf("remarks\n%q, want\n%q", got, tt.want)
			}
		})
	}
}

// TestManyRemarks holds the bound, and counts what is beyond it: numbers, and that
// the body is too long.
func TestManyRemarks(t *testing.T) {
	const n = 5000
	e := ReadMessage([]byte(`{"MsgType":200,"MsgBody":[` + strings.Repeat("9007199254740993,", n) + `0]}`)).Envelope()
	remarks, more := e.Remarks(e.Body())
	if len(remarks) != maxRemarks || len(remarks)+more != n+1 || remarks[999].Path != "[999]" {
		t.Errorf("%d remarks and %d more", len(remarks), more)
	}
}

// TestLongPaths has names that are long, and values that stand deep.
func TestLongPaths(t *testing.T) {
	long := strings.Repeat("é", 1<<19)
	deep := strings.Repeat(`{"abcde":`, 9000) + "[" + strings.Repeat("9007199254740993,", 2000) + `"[\"[9007199254740993]\"]"]` + strings.Repeat("}", 9000)
	for _, object := range []string{`{"` + long + `":[` + strings.Repeat("9007199254740993,", 2000) + `0]}`, deep} {
		e := ReadMessage([]byte(`{"MsgType":200,"MsgBody":` + object + `,"Payload":` + quoted(object) + `}`)).Envelope()
		body := e.Body()
		remarks, _ := e.Remarks(body)
		payload, _ := e.PayloadLadder()
		embedded, _ := body.Embedded()
		if len(remarks) != maxRemarks || len(payload) < 2 {
			t.Fatalf("%d remarks, %d steps", len(remarks), len(payload))
		}
		for _, s := range slices.Concat(payload, embedded) {
			remarks = append(remarks, Remark{Path: s.Where})
		}
		for _, r := range remarks {
			if len(r.Path) > maxPath+len("…") || !utf8.ValidString(r.Path) {
				t.Fatalf("a path of %d bytes", len(r.Path))
			}
		}
	}
}

func TestJavaScript(t *testing.T) {
	for _, tt := range []struct {
		sent, shown string
		changed     bool
	}{
		{"0", "0", false}, {"-0", "0", false}, {"0.0e7", "0", false}, {"0e99999999999999999999", "0", false}, {"7", "7", false}, {"-12", "-12", false},
		{"1.10", "1.1", false}, {"1e3", "1000", false}, {"1E+3", "1000", false}, {"0.1", "0.1", false}, {"123456789012345", "123456789012345", false},
		{"9007199254740991", "9007199254740991", false}, {"9007199254740992", "9007199254740992", false}, {"9007199254740993", "9007199254740992", true},
		{"9007199254740994", "9007199254740994", false}, {"-9007199254740993", "-9007199254740992", true},
		{"971503777289036729", "971503777289036700", true}, {"9223372036854775807", "9223372036854776000", true}, {"18446744073709551616", "18446744073709552000", true},
		{"9007199254740993.0", "9007199254740992", true}, {"9.007199254740993e15", "9007199254740992", true},
		{"100000000000000000000", "100000000000000000000", false}, {"1e21", "1e+21", false}, {"1000000000000000000000", "1e+21", false}, {"1234567890123456789012", "1.2345678901234568e+21", true},
		{"0.000001", "0.000001", false}, {"0.0000001", "1e-7", false}, {"0.00000012", "1.2e-7", false},
		{"0.30000000000000004", "0.30000000000000004", false}, {"0.1000000000000000055511151231257827", "0.1", true}, {"3.141592653589793238", "3.141592653589793", true},
		{"1e308", "1e+308", false}, {"1e309", "Infinity", true}, {"-1e400", "-Infinity", true}, {"1e99999999999999999999", "Infinity", true},
		{"5e-324", "5e-324", false}, {"1e-400", "0", true}, {"1e-99999999999999999999", "0", true}, {"4.9e-324", "5e-324", true},
	} {
		if shown, changed := JavaScript([]byte(tt.sent)); shown != tt.shown || changed != tt.changed {
			t.Errorf("%s is shown as %s, changed: %v; want %s, %v", tt.sent, shown, changed, tt.shown, tt.changed)
		}
	}
}

// FuzzJavaScript holds the reading of decimals to exact arithmetic.
func FuzzJavaScript(f *testing.F) {
	for _, s := range []string{"0", "-12.50e3", "971503777289036729", "0.1000000000000000055511151231257827", "1e-7", "123456789e-20"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, number string) {
		sent, ok := exactRat(number)
		if !ok {
			return
		}
		shown, changed := JavaScript([]byte(number))
		got, ok := exactRat(shown)
		if ok && changed == (got.Cmp(sent) == 0) || !ok && !changed {
			t.Errorf("%s is shown as %s, changed: %v", number, shown, changed)
		}
		if again, _ := JavaScript([]byte(shown)); ok && again != shown {
			t.Errorf("%s is shown as %s, that as %s", number, shown, again)
		}
	})
}

// exactRat returns the value of a JSON number that is neither long nor far out.
func exactRat(number string) (*big.Rat, bool) {
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	if len(number) > 60 || len(exponent) > 4 || !json.Valid([]byte(number)) || number[0] != '-' && (number[0] < '0' || number[0] > '9') {
		return nil, false
	}
	return new(big.Rat).SetString(number)
}

// BenchmarkRemarks reviews messages of about 1 MB.
func BenchmarkRemarks(b *testing.B) {
	record := `{"id":971503777289036729,"name":"Bob Lindqvist","tags":["a","b"],"price":12.5,"note":"ring twice, then wait"}`
	bodies := hugeBodies(1 << 20)
	bodies["records"] = quoted(`[` + strings.TrimSuffix(strings.Repeat(record+",", 1<<20/len(record)), ",") + `]`)
	bodies["names"] = func() string {
		var s strings.Builder
		for i := range 1 << 17 {
			fmt.Fprintf(&s, `"%d":1,`, i*7919%(1<<17))
		}
		return quoted("{" + strings.TrimSuffix(s.String(), ",") + "}")
	}()
	bodies["strings of JSON"] = quoted(`[` + strings.Repeat(`"[1]",`, 1<<20/6) + `0]`)
	bodies["texts in texts"] = func() string {
		s := `[]`
		for len(s) < 1<<20 {
			s = `[` + quoted(s) + `]`
		}
		return quoted(s)
	}()
	for name, body := range bodies {
		e := ReadMessage([]byte(`{"MsgType":200,"MsgBody":` + body + `}`)).Envelope()
		decoded := e.Body()
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				e.Remarks(decoded)
			}
		})
	}
}
