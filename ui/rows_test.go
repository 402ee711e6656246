package ui

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
)

// message makes a message of fields in the wire's spelling; a body that is no
// string goes in as it is.
func message(t testing.TB, fields map[string]any) zim.Envelope {
	t.Helper()
	raw, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return zim.ReadMessage(raw).Envelope()
}

func composed(c composer, e zim.Envelope) string {
	var lines []string
	for _, r := range c.body(e, ownNotice) {
		var b strings.Builder
		for _, s := range r {
			b.WriteString(s.text.String())
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return strings.Join(lines, "\n")
}

const link = "https://media.example.com/x"

func TestRows(t *testing.T) {
	const image = `{"md5":"d41d8cd98f00b204e9800998ecf8427e","file_name":"holiday.jpg","file_size":"1234567","download_url":"` + link + `","origin_image_width":4032,"origin_image_height":3024}`
	revoked := `{"user_id":"bob","revoke_time":1777442700000,"msg_type":1,"msg_status":20}`
	tips := func(body string) map[string]any { return map[string]any{"MsgType": 32, "MsgBody": body} }
	tests := []struct {
		name   string
		fields map[string]any
		want   string
	}{
		{"text", map[string]any{"MsgType": 1, "MsgBody": "hello"}, "hello"},
		{"text, empty", map[string]any{"MsgType": 1, "MsgBody": ""}, "(no text)"},
		{"text, wrapped", map[string]any{"MsgType": 1, "MsgBody": strings.Repeat("word ", 20)}, strings.TrimRight(strings.Repeat("word ", 12), " ") + "\n" + strings.TrimRight(strings.Repeat("word ", 8), " ")},
		{"image", map[string]any{"MsgType": 11, "MsgBody": url.PathEscape(image)}, "[image 1.2 MB 4032×3024] holiday.jpg · media.example.com"},
		{"image, sent by a server", map[string]any{"MsgType": 11, "MsgBody": `{"FileName":"a.png","Size":999,"Origin":{"Url":"` + link + `","Width":4,"Height":3}}`}, "[image 999 B 4×3] a.png · media.example.com"},
		{"file", map[string]any{"MsgType": 12, "MsgBody": `{"file_name":"invoice.pdf","file_size":"240000","download_url":"` + link + `"}`}, "[file 240 KB] invoice.pdf · media.example.com"},
		{"file, without a name", map[string]any{"MsgType": 12, "MsgBody": `{"file_size":"1"}`}, "[file 1 B] (no name)"},
		{"audio", map[string]any{"MsgType": 13, "MsgBody": `{"file_name":"voice.m4a","file_size":"96000","media_duration":"31","download_url":"` + link + `"}`}, "[audio 0:31 96 KB] voice.m4a · media.example.com"},
		{"video", map[string]any{"MsgType": 14, "MsgBody": `{"file_name":"clip.mp4","file_size":8400000,"media_duration":65,"download_url":"` + link + `","video_first_frame_width":720,"video_first_frame_height":1280}`}, "[video 1:05 8.4 MB 720×1280] clip.mp4 · media.example.com"},
		{"video, long", map[string]any{"MsgType": 14, "MsgBody": `{"file_name":"a","media_duration":"3723"}`}, "[video 1:02:03] a"},
		{"multi-item", map[string]any{"MsgType": 10, "MsgBody": `{"multi_msg":[{"msg_type":1,"callback_content":"two things"},{"msg_type":12,"callback_content":{"file_name":"a.txt","file_size":"5"}},{"msg_type":200,"sub_msg_type":7,"callback_content":"{\"a\": 1}"}]}`},
			"[3 items]\n  two things\n  [file 5 B] a.txt\n  [custom 7] {\"a\":1}"},
		{"multi-item, one", map[string]any{"MsgType": 10, "MsgBody": `{"MultiMsg":[{"MsgType":1,"Msg":"one"}]}`}, "[1 item]\n  one"},
		{"combined", map[string]any{"MsgType": 100, "MsgBody": `{"Title":"Alice and Bob","Summary":"Alice: hi\nBob: ho"}`}, "[forwarded] Alice and Bob\nAlice: hi\nBob: ho"},
		{"custom", map[string]any{"MsgType": 200, "SubMsgType": 110, "MsgBody": `{ "id": 9007199254740993,  "big": 1e400 }`}, `[custom 110] {"id":9007199254740993,"big":1e400}`},
		{"custom, three rows", map[string]any{"MsgType": 200, "MsgBody": strings.Repeat("x", 400)},
			"[custom 0] " + strings.Repeat("x", 49) + "\n" + strings.Repeat("x", 60) + "\n" + strings.Repeat("x", 59) + "…"},
		{"unknown", map[string]any{"MsgType": 777, "MsgBody": `{"a":1}`}, `[type 777] {"a":1}`},
		{"system", map[string]any{"MsgType": 30, "MsgBody": "down at 5"}, "[system] down at 5"},
		{"not decodable", map[string]any{"MsgType": 11, "MsgBody": "%7Bbroken"}, "[image, not decodable: "},
		{"payload", map[string]any{"MsgType": 1, "MsgBody": "hello", "Payload": "{}"}, "hello +payload"},
		{"payload, wrapped", map[string]any{"MsgType": 1, "MsgBody": strings.Repeat("y", 60), "Payload": "{}"}, strings.Repeat("y", 51) + " +payload\n" + strings.Repeat("y", 9)},
		{"deleted", map[string]any{"IsEmpty": 1}, "deleted or expired"},
		{"recalled", map[string]any{"IsEmpty": 2, "MsgType": 1, "MsgBody": "secret"}, "recalled"},
		{"recalled, by whom", map[string]any{"IsEmpty": 2, "MsgType": 31, "MsgBody": revoked}, "recalled by bob at 14:05, as group owner"},
		{"recall notice", map[string]any{"MsgType": 31, "MsgBody": revoked}, "recalled by bob at 14:05, as group owner"},
		{"hostile", map[string]any{"MsgType": 1, "MsgBody": "a\x1b[2Jb\u202ec\u009d52;c;x\u009c"}, "a␛[2Jbc\ufffd52;c;x\ufffd"},
		{"hostile host", map[string]any{"MsgType": 12, "MsgBody": `{"file_name":"a\u202efdp.exe","download_url":"https://еvil.example/"}`}, "[file] afdp.exe · xn--vil-qdd.example"},

		{"tips, created", tips(`{"type":1,"op_user_info":{"user_id":"dave"}}`), "dave created the group"},
		{"tips, disbanded", tips(`{"type":2,"op_user_info":{"user_id":"dave"}}`), "dave disbanded the group"},
		{"tips, joined", tips(`{"type":3,"op_user_info":{"user_id":"dave"}}`), "dave joined the group"},
		{"tips, invited", tips(`{"type":4,"op_user_info":{"user_id":"dave"},"target_users":[{"user_id":"a"},{"user_id":"b"},{"user_id":"c"}]}`), "dave invited a, b and c to the group"},
		{"tips, many", tips(`{"type":4,"op_user_info":{"user_id":"d"},"target_users":[{"user_id":"1"},{"user_id":"2"},{"user_id":"3"},{"user_id":"4"},{"user_id":"5"},{"user_id":"6"},{"user_id":"7"}]}`), "d invited 1, 2, 3, 4 and 3 others to the group"},
		{"tips, left", tips(`{"type":5,"op_user_info":{"user_id":"dave"}}`), "dave left the group"},
		{"tips, kicked out", tips(`{"type":6,"op_user_info":{"user_id":"dave"},"target_users":[{"user_id":"mallory"}]}`), "dave removed mallory from the group"},
		{"tips, owner", tips(`{"type":11,"op_user_info":{"user_id":"a"},"target_users":[{"user_id":"b","role":1}]}`), "a made b the owner of the group"},
		{"tips, role", tips(`{"type":12,"op_user_info":{"user_id":"a"},"target_users":[{"user_id":"b"}],"role":2}`), "a gave b the role manager"},
		{"tips, muted", tips(`{"type":13,"op_user_info":{"user_id":"a"},"target_users":[{"user_id":"b"}]}`), "a muted b"},
		{"tips, data", tips(`{"type":30,"op_user_info":{"user_id":"a"},"group_data_flag":7,"group_name":"Shop","group_notice":"Hi"}`), "a changed the group's name to “Shop”, the notice to “Hi” and\nthe avatar"},
		{"tips, group muted", tips(`{"type":34,"op_user_info":{"user_id":"a"},"forbid":{"is_all_forbid":true}}`), "a muted the whole group"},
		{"tips, roles muted", tips(`{"type":34,"op_user_info":{"user_id":"a"},"forbid":{"is_all_forbid":false,"forbid_role_list":[2,3]}}`), "a muted the managers and members"},
		{"tips, mute lifted", tips(`{"type":34,"op_user_info":{"user_id":"a"},"forbid":{"is_all_forbid":false}}`), "a lifted the mute of the group"},
		{"tips, unknown", tips(`{"type":99,"op_user_info":{"user_id":"a"}}`), "group event 99 by a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := composed(composer{text.Wc, shanghai, 60}, message(t, tt.fields))
			if strings.HasSuffix(tt.want, ": ") {
				got = got[:min(len(got), len(tt.want))]
			}
			if got != tt.want {
				t.Errorf("rows\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// FuzzRows lays any bytes out as a message: there is always a row, and none is
// wider than its pane when it is drawn.
func FuzzRows(f *testing.F) {
	for _, raw := range []string{
		`{"MsgType":1,"MsgBody":"नमस्ते 👨‍👩‍👧‍👦 \u001b[31m"}`, `{"IsEmpty":1}`, `{"IsEmpty":2,"Payload":"p"}`, `null`, `{`,
		`{"MsgType":10,"MsgBody":"{\"multi_msg\":[{\"msg_type\":1,\"callback_content\":\"a\"}]}"}`,
		`{"MsgType":200,"SubMsgType":-5,"MsgBody":{"a":[1,2,3]},"Payload":5}`, `{"MsgType":32,"MsgBody":"%7B%22type%22%3A4%7D"}`,
	} {
		f.Add([]byte(raw), 40)
	}
	st := newStyles(true)
	f.Fuzz(func(t *testing.T, raw []byte, cells int) {
		e := zim.ReadMessage(raw).Envelope()
		cells = cells&255 + 1
		for _, w := range []text.Widths{text.Wc, text.Graphemes} {
			rows := composer{w, time.UTC, cells}.body(e, ownNotice)
			if len(rows) == 0 {
				t.Fatal("no row")
			}
			for _, r := range rows {
				drawn := r.render(st, w, cells, true)
				if n := w.Of(text.CleanLine(sgr.ReplaceAllString(drawn, ""))); n != cells || strings.Contains(drawn, "\n") {
					t.Fatalf("%d cells of %d: %q", n, cells, drawn)
				}
			}
		}
	})
}

func TestSummary(t *testing.T) {
	for want, fields := range map[string]map[string]any{
		"one␤two":                          {"MsgType": 1, "MsgBody": "one\ntwo"},
		"[2 items]␤a␤b":                    {"MsgType": 10, "MsgBody": `{"MultiMsg":[{"MsgType":1,"Msg":"a"},{"MsgType":1,"Msg":"b"}]}`},
		"hello␤you +payload":               {"MsgType": 1, "MsgBody": "hello\nyou", "Payload": "{}"},
		"deleted or expired":               {"IsEmpty": 1},
		"a␛[2J":                            {"MsgType": 1, "MsgBody": "a\x1b[2J"},
		"recalled by bob, by the user":     {"IsEmpty": 2, "MsgBody": `{"user_id":"bob","revoke_time":0,"msg_status":4}`},
		strings.Repeat("word ", 999) + "x": {"MsgType": 1, "MsgBody": strings.Repeat("word ", 999) + "x"},
	} {
		if got := Summary(message(t, fields), time.UTC).String(); got != want {
			t.Errorf("summary %q, want %q", got, want)
		}
	}
}

func TestTimesOfTheList(t *testing.T) {
	now := time.Date(2026, 4, 29, 18, 0, 0, 0, shanghai)
	c := conversations{look: look{zone: shanghai, now: func() time.Time { return now }}}
	for at, want := range map[time.Time]string{
		now.Add(-time.Hour):          "17:00",
		now.Add(-19 * time.Hour):     "Tue",
		now.Add(-5 * 24 * time.Hour): "Fri",
		now.Add(-7 * 24 * time.Hour): "22 Apr",
		now.AddDate(-1, 0, 0):        "2025-04-29",
		now.Add(30 * time.Hour):      "1 May",
		time.UnixMilli(0):            "unknown time",
	} {
		if got := c.look.ago(at.UnixMilli()).String(); got != want {
			t.Errorf("%v is %q, want %q", at, got, want)
		}
	}
}

func TestDayLinesAndHeaders(t *testing.T) {
	at := time.Date(2026, 4, 28, 23, 50, 0, 0, shanghai).UnixMilli()
	minute := int64(60_000)
	rows := []struct {
		sender string
		ms     int64
	}{ // oldest first
		{"a", at}, {"a", at + 5*minute}, {"a", at + 12*minute}, {"b", at + 13*minute}, {"b", at + 40*minute}, {"", 0}, {"", 0}, {"b", at + 41*minute},
	}
	var list []string
	for i := len(rows) - 1; i >= 0; i-- {
		list = append(list, fmt.Sprintf(`{"Sender":%q,"MsgType":1,"MsgBody":"m%d","MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`, rows[i].sender, i, i+1, i+1, rows[i].ms))
	}
	term := start(t, Config{Client: &slowService{}, Chat: aliceAndBob, Zones: []*time.Location{shanghai}}, 60, 40)
	m := &term.m.messages
	term.m.messages.open(aliceAndBob, "", goal{})
	term.send(messagesMsg{number: m.request.number, page: zim.ReadMessagePage([]byte(`{"Code":0,"Next":0,"List":[` + strings.Join(list, ",") + `]}`))})
	var got []string
	for _, l := range m.shown() {
		if l = strings.Join(strings.Fields(strings.Trim(l, " ▌─")), " "); l != "" {
			got = append(got, l)
		}
	}
	want := []string{
		"start of the retained history · 2026-04-28", "Tuesday 28 April 2026", "a 23:50", "m0", "m1",
		"Wednesday 29 April 2026", "a 00:02", "m2", "b 00:03", "m3", "b 00:30", "m4",
		"(no sender) unknown time", "m5", "m6", "b 00:31", "m7",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
