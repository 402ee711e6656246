package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"backscroll/zim"
)

// wire reads a row as the service sent it, without zim.
type wire struct {
	Sender  *string
	MsgType zim.MsgType
	SubMsg  int `json:"SubMsgType"`
	MsgBody any
	MsgId   any
	MsgTime int64
	Payload string
	IsEmpty *int
	IsEempy *int
}

// rowsOf returns all rows of a list, newest first.
func rowsOf(t *testing.T, s side, l list) []wire {
	t.Helper()
	var rows []wire
	for _, raw := range page100(l) {
		var m wire
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatalf("%v: %v in %.200s", s, err, raw)
		}
		rows = append(rows, m)
	}
	return rows
}

func page100(l list) []json.RawMessage {
	var rows []json.RawMessage
	for i := l.len() - 1; i >= 0; i-- {
		rows = append(rows, l.at(i).appendTo(nil, testBase))
	}
	return rows
}

// features names what a row shows, for the list of what must be there.
func features(m wire) []string {
	f := []string{"type " + fmt.Sprint(int(m.MsgType))}
	if m.MsgType == zim.TypeTips {
		for _, o := range objects(m.MsgBody)[:1] {
			f = append(f, fmt.Sprintf("tip %v", o["type"]))
		}
	}
	if m.MsgType == zim.TypeRecallNotice {
		o := objects(m.MsgBody)[0]
		f = append(f, fmt.Sprintf("status %v", o["msg_status"]))
		if m.IsEmpty != nil && *m.IsEmpty == recalled {
			f = append(f, "recalled with a notice")
		}
	}
	body, isString := m.MsgBody.(string)
	switch {
	case m.Sender == nil:
		f = append(f, "deleted, bare")
	case m.IsEempy != nil:
		f = append(f, "IsEempy")
	case m.IsEmpty != nil && *m.IsEmpty == deleted && *m.Sender == "":
		f = append(f, "deleted, zeros")
	case m.IsEmpty != nil && *m.IsEmpty == deleted:
		f = append(f, "deleted, header")
	case m.IsEmpty != nil && *m.IsEmpty == recalled && body == "":
		f = append(f, "recalled, header")
	case m.IsEmpty != nil && *m.IsEmpty == recalled && m.MsgType == zim.TypeText:
		f = append(f, "recalled, original")
	}
	if _, ok := m.MsgId.(string); ok {
		f = append(f, "MsgId string")
	}
	if json.Valid([]byte(m.Payload)) {
		f = append(f, "payload JSON")
	}
	if len(body) == 32<<10 {
		f = append(f, "32 KB")
	}
	if m.MsgType == zim.TypeText || !isString && m.MsgBody == nil {
		return f
	}
	return append(f, shape(m, body, isString))
}

// shape names the way the body of a message that is no text is written.
func shape(m wire, body string, isString bool) string {
	kind := fmt.Sprintf("type %d as ", m.MsgType)
	switch {
	case !isString:
		return kind + "object"
	case json.Valid([]byte(body)) && strings.Contains(body, "http%3A"):
		return kind + "values"
	case json.Valid([]byte(body)):
		return kind + "JSON"
	case json.Valid([]byte(unescaped(body))) && strings.Contains(body, "+"):
		return kind + "form"
	case json.Valid([]byte(unescaped(body))):
		return kind + "URL"
	}
	return kind + "something else"
}

func TestEveryKindIsThere(t *testing.T) {
	e := shop()
	count := map[string]int{}
	for s, l := range sides(e.world, "alice") {
		for _, m := range rowsOf(t, s, l) {
			for _, f := range features(m) {
				count[f]++
			}
			for _, o := range objects(m.MsgBody) {
				for key := range o {
					count["key "+key]++
				}
			}
		}
	}
	want := []string{"deleted, bare", "deleted, zeros", "deleted, header", "IsEempy", "recalled, header", "recalled, original",
		"recalled with a notice", "MsgId string", "payload JSON", "32 KB", "type 777 as JSON",
		"type 11 as URL", "type 11 as form", "type 11 as JSON", "type 11 as values", "type 11 as object", "type 11 as something else",
		"type 200 as JSON", "type 200 as object", "type 200 as something else", "type 100 as URL",
		"key multi_msg", "key MultiMsg", "key callback_content", "key Msg", "key Title", "key Summary", "key thumbnail_download_url",
		"key Origin", "key LargeImage", "key Thumbnail", "key Uid", "key MediaDuration", "key media_duration",
		"key video_first_frame_download_url", "key group_notice", "key group_avatar", "key is_all_forbid", "key forbid_expire_time"}
	for _, n := range []int{1, 2, 10, 11, 12, 13, 14, 20, 30, 31, 32, 100, 200, 777} {
		want = append(want, fmt.Sprintf("type %d", n))
	}
	for _, n := range []int{1, 2, 3, 4, 5, 6, 11, 12, 13, 30, 34, 99} {
		want = append(want, fmt.Sprintf("tip %d", n))
	}
	for _, n := range []int{4, 8, 12, 16, 20, 24} {
		want = append(want, fmt.Sprintf("status %d", n))
	}
	for _, f := range want {
		if count[f] == 0 {
			t.Errorf("alice's chats have no %s", f)
		}
	}
}

func TestLanguages(t *testing.T) {
	e := shop()
	scripts := map[string]*unicode.RangeTable{"chen": unicode.Han, "yuki": unicode.Hiragana, "omar": unicode.Arabic,
		"priya": unicode.Devanagari, "zoe": unicode.So, "lukas": unicode.Latin, "marta": unicode.Latin}
	for id, table := range scripts {
		n := 0
		for _, raw := range page100(e.world.peers["alice"][id].list) {
			var m wire
			if json.Unmarshal(raw, &m) == nil && m.MsgType == zim.TypeText && strings.IndexFunc(asString(m.MsgBody), func(r rune) bool { return unicode.Is(table, r) }) >= 0 {
				n++
			}
		}
		if n < 5 {
			t.Errorf("%s: %d texts in their script, want 5 or more", id, n)
		}
	}
}

func TestSidesDiffer(t *testing.T) {
	e := shop()
	a, b := e.world.peers["alice"]["bob"].list, e.world.peers["bob"]["alice"].list
	gone := func(l list) (seqs []int64) {
		for i := range l.len() {
			if m := l.at(i); m.empty == deleted {
				seqs = append(seqs, m.seq)
			}
		}
		return seqs
	}
	seqs := func(l list) (all []int64) {
		for i := range l.len() {
			all = append(all, l.at(i).seq)
		}
		return all
	}
	sa, sb := seqs(a), seqs(b)
	extra := slices.DeleteFunc(slices.Clone(sb), func(s int64) bool { return slices.Contains(sa, s) })
	if len(extra) != 1 || len(sb) != len(sa)+1 {
		t.Errorf("alice has %d rows, bob %d, of which alice lacks %v: want one, which never reached her", len(sa), len(sb), extra)
	}
	ga, gb := gone(a), gone(b)
	if len(ga) == 0 || len(gb) == 0 || slices.ContainsFunc(ga, func(s int64) bool { return slices.Contains(gb, s) }) {
		t.Errorf("alice deleted %v, bob deleted %v", ga, gb)
	}
	same := e.world.peers["walter"]["alice"].list
	if !slices.EqualFunc(page100(same), page100(e.world.peers["alice"]["walter"].list), func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
		t.Error("walter's chat differs between its sides")
	}
}

func TestSizes(t *testing.T) {
	w := shop().world
	if n := len(w.groups["everyone"].members); n != 40 {
		t.Errorf("everyone has %d members, want 40", n)
	}
	if n := len(w.groups["team"].members); n != 8 {
		t.Errorf("team has %d members, want 8", n)
	}
	if n := w.peers["alice"]["walter"].list.len(); n < 300 {
		t.Errorf("walter's chat has %d messages, want 300 or more", n)
	}
	if n := len(w.peers["warehouse"]); n <= maxConversations {
		t.Errorf("warehouse has %d chats, want more than the service lists", n)
	}
	if n := w.peers["alice"]["bob"].list.len(); n < 50 {
		t.Errorf("bob's chat has %d messages", n)
	}
	for _, g := range w.groups {
		for _, m := range g.members {
			if _, ok := w.users[m.id]; !ok {
				t.Errorf("%s: member %s is not registered", g.name, m.id)
			}
		}
	}
	for id := range w.users {
		if !validID(id) {
			t.Errorf("user %q has an ID that the service refuses", id)
		}
	}
}

func TestArchive(t *testing.T) {
	l := shop().world.peers["archive"]["alice"].list
	if l.len() != 100_000 {
		t.Fatalf("%d messages", l.len())
	}
	var last message
	type kind struct {
		typ   zim.MsgType
		empty int
	}
	kinds := map[kind]int{}
	for i := range l.len() {
		if i/200%10 > 0 { // one stretch of 200 in ten, each after a gap
			continue
		}
		m := l.at(i)
		if m.seq != int64(i+1) || m.time <= last.time || m.id <= last.id && i > 0 {
			t.Fatalf("row %d: seq %d, time %d after %d, id %d after %d", i, m.seq, m.time, last.time, m.id, last.id)
		}
		if h := time.UnixMilli(m.time).In(shopTime).Hour(); h < 9 || h > 18 {
			t.Fatalf("row %d was sent at %d o'clock", i, h)
		}
		kinds[kind{m.kind, m.empty}]++
		last = m
	}
	for _, k := range []kind{{zim.TypeText, kept}, {zim.TypeImage, kept}, {zim.TypeCustom, kept}, {zim.TypeText, deleted}, {zim.TypeText, recalled}} {
		if kinds[k] < 50 {
			t.Errorf("%d of kind %v in %v", kinds[k], k, kinds)
		}
	}
}

func TestWarehouseOrder(t *testing.T) {
	w := shop().world
	for id := range w.peers["warehouse"] {
		l := w.peers["warehouse"][id].list
		for i := 1; i < l.len(); i++ {
			if l.at(i).time <= l.at(i-1).time || l.at(i).id <= l.at(i-1).id {
				t.Errorf("%s: row %d is out of order", id, i)
			}
		}
	}
}

func TestWorldDependsOnSeedOnly(t *testing.T) {
	calls := [][2]string{
		{"QueryConversationList", `{"FromUserId":"alice","Limit":5}`},
		{"QueryPeerMsg", `{"FromUserId":"alice","ToUserId":"walter","Limit":100}`},
		{"QueryPeerMsg", `{"FromUserId":"archive","ToUserId":"alice","Limit":100}`},
		{"QueryPeerMsg", `{"FromUserId":"warehouse","ToUserId":"shop0077","Limit":3}`},
		{"QueryGroupMsg", `{"GroupId":"team","Limit":20}`},
	}
	answers := func(seed uint64) (all []string) {
		e := New(WithSeed(seed), WithClock(still))
		for _, c := range calls {
			all = append(all, post(e, sign(c[0]), c[1]).Body.String())
		}
		return all
	}
	first, again, other := answers(7), answers(7), answers(8)
	for i := range calls {
		if first[i] != again[i] {
			t.Errorf("%v: two answers with one seed", calls[i])
		}
		if first[i] == other[i] {
			t.Errorf("%v: the seed changes nothing", calls[i])
		}
	}
}

// Times that have no seconds of their own get some from the seed; no choice of
// them may turn a script round.
func TestScriptsPlayWithAnySeed(t *testing.T) {
	for seed := range uint64(30) {
		w := sample(seed)
		last := w.conversations("alice")
		if c := last[len(last)-1]; c.ConvId != "bob" || c.UpdateTime != Epoch.UnixMilli() {
			t.Errorf("seed %d: the newest is %+v", seed, c)
		}
	}
}

func TestMalloryAttacks(t *testing.T) {
	var all strings.Builder
	for _, raw := range page100(shop().world.peers["alice"]["mallory"].list) {
		var m wire
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatalf("%v in %.200s", err, raw)
		}
		all.WriteString(asString(m.MsgBody) + m.Payload)
		for _, o := range objects(m.MsgBody) {
			for _, key := range slices.Sorted(maps.Keys(o)) {
				all.WriteString(asString(o[key]) + " ")
			}
		}
	}
	for _, attack := range []string{"\x1b[" + strings.Repeat("1;", 33), "\x1b]0;", "\x1b]52;", "\u009d52;", "\u009b", "\x1bP", "\x1b]8;;",
		"\a", "\r", "\b", "\x00", "\x7f", "\u202e", "\u2067", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u2028", "\t",
		strings.Repeat("\u0301", 3000), "\U000e0069", "\u3164", "\ue000", "invoice\u202efdp.exe", "../../", "CON.txt",
		"javascript:", "file:///", "169.254.169.254", "user:password@", "=HYPERLINK", "<script>", "$(touch x)", strings.Repeat("[", 5000)} {
		if !strings.Contains(all.String(), attack) {
			t.Errorf("mallory does not try %.30q", attack)
		}
	}
}

// TestEveryRungIsThere: alice's chats have a message for each step of a decoding,
// where it fails too, and for each remark.
func TestEveryRungIsThere(t *testing.T) {
	count := map[string]int{}
	note := func(what string, steps []zim.Step, _ int) {
		for _, s := range steps {
			kind := s.Name
			if s.URL != 0 {
				kind += ", " + s.URL.String()
			}
			if s.Failed != nil {
				kind += ", failed"
			}
			count[what+": "+kind]++
			if s.Where != "" {
				count[what+": "+s.Name+" inside"]++
			}
		}
	}
	for _, l := range sides(shop().world, "alice") {
		if l.len() > 10_000 {
			continue // the archive says the same again and again
		}
		for _, raw := range page100(l) {
			e := zim.ReadMessage(raw).Envelope()
			body := e.Body()
			embedded, more := body.Embedded()
			note("body", body.Ladder, body.MoreSteps)
			note("strings", embedded, more)
			steps, more := e.PayloadLadder()
			note("payload", steps, more)
			remarks, _ := e.Remarks(body)
			for _, r := range remarks {
				count["remark: "+r.Kind.String()]++
			}
		}
	}
	// A string of the wire itself never fails here: its page would be no JSON.
	want := []string{"body: JSON string", "body: JSON string inside",
		"body: URL-decoded, " + zim.URLForm.String(), "body: URL-decoded, " + zim.URLMixed.String(), "body: URL-decoded, failed", "body: URL-decoded inside",
		"strings: JSON", "strings: JSON, failed", "strings: base64", "payload: base64"}
	for _, what := range []string{"body", "payload"} {
		want = append(want, what+": JSON", what+": JSON, failed", what+": URL-decoded, "+zim.URLPercent.String())
	}
	for k := range zim.RemarkTooLong + 1 {
		want = append(want, "remark: "+k.String())
	}
	for _, kind := range want {
		if count[kind] == 0 {
			t.Errorf("alice's chats have no %s; there are %v", kind, count)
		}
	}
}
