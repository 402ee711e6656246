package transcript_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"backscroll/ui"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

// box answers as the emulator does, under an address that does not change.
type box struct{ http.Handler }

func (b box) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w.Result(), nil
}

// sampleChat returns a chat of the emulator, the oldest message first.
func sampleChat(t *testing.T, chat history.Chat) []zim.Message {
	t.Helper()
	client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0),
		zim.WithEndpoint("http://127.0.0.1:8085"), zim.WithTransport(box{emulator.New(emulator.WithRate(0))}))
	if err != nil {
		t.Fatal(err)
	}
	var all []zim.Message
	for batch, err := range chat.Stream(t.Context(), client, history.WalkOptions{}).Batches() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, batch.List...)
	}
	slices.Reverse(all)
	return all
}

func headOf(chat history.Chat) transcript.Head {
	return transcript.Head{
		Chat: chat, Zone: time.FixedZone("+08:00", 8*60*60), At: emulator.Epoch, Version: "backscroll v1.2.3",
		Asked: []transcript.Asked{{Name: "Filter", Value: "from:<b> \u202e*x*"}}, Say: ui.Rows,
	}
}

// written is what a writer makes of messages.
func written(t testing.TB, f transcript.Format, chat history.Chat, messages ...zim.Message) string {
	t.Helper()
	var b bytes.Buffer
	w, err := transcript.New(f, &b, headOf(chat))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if err := w.Write(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	for _, peer := range []string{"dave", "mallory"} {
		chat := history.Chat{User: "alice", Peer: peer}
		messages := sampleChat(t, chat)
		if len(messages) < 60 {
			t.Fatalf("%s: %d messages", peer, len(messages))
		}
		for _, f := range transcript.Formats() {
			t.Run(peer+"."+string(f), func(t *testing.T) {
				s := written(t, f, chat, messages...)
				wantInert(t, f, s, len(messages))
				golden.RequireEqual(t, s)
			})
		}
	}
}

// TestNoMessages: an empty chat is written down as one.
func TestNoMessages(t *testing.T) {
	for _, f := range transcript.Formats() {
		s := written(t, f, history.Chat{Group: "<team>"})
		wantInert(t, f, s, 0)
		if (s == "") != (f == transcript.JSONL) {
			t.Errorf("%s: %q", f, s)
		}
	}
}

// TestAWholeText: a file has all of a text, of which a screen shows 64 KiB.
func TestAWholeText(t *testing.T) {
	long := strings.Repeat("0123456789abcde\n", 20_000) + "the end"
	m := zim.ReadMessage(fmt.Appendf(nil, `{"Sender":"u","MsgType":1,"MsgBody":%q}`, long))
	for _, f := range transcript.Formats() {
		s := written(t, f, history.Chat{Group: "g"}, m)
		if n := strings.Count(s, "0123456789abcde"); n < 20_000 || !strings.Contains(s, "the end") {
			t.Errorf("%s: %d lines of 20000", f, n)
		}
	}
}

// TestSpreadsheets: what a field is to a spreadsheet, and that it can be undone.
func TestSpreadsheets(t *testing.T) {
	for said, want := range map[string]string{
		"plain":            "plain",
		"=1+1":             "'=1+1",
		"+1":               "'+1",
		"-1":               "'-1",
		"@SUM(A1)":         "'@SUM(A1)",
		"＝1":               "'＝1",
		"  =1":             "'  =1",
		"\n=1":             "'\n=1",
		"\t=1":             "'    =1",
		"'quoted":          "''quoted",
		"1234567890123456": "'1234567890123456",
		"12":               "12",
		`a "b", c`:         `a "b", c`,
	} {
		m := zim.ReadMessage(fmt.Appendf(nil, `{"Sender":"007","MsgId":9007199254740993,"MsgType":1,"MsgBody":%q}`, said))
		rows := readCSV(t, written(t, transcript.CSV, history.Chat{Group: "g"}, m))
		if got := rows[1]; got[5] != want || got[2] != "'9007199254740993" || got[3] != "'007" {
			t.Errorf("%q: %q", said, got)
		}
	}
}

func readCSV(t testing.TB, s string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("%v in %q", err, s)
	}
	return rows
}

// TestLossless: the bytes of every message can be had back.
func TestLossless(t *testing.T) {
	for _, raw := range []string{
		`{"Sender": "a",  "MsgId": 9007199254740993}`, `{"Raw":1,"Raw_":2}`, "{\"Payload\":\"\xff\"}", `[1, 2]`, "{\"a\":\"\u2028\u202e\"}", `"\ud83d"`,
	} {
		line := written(t, transcript.JSONL, history.Chat{Group: "g"}, zim.ReadMessage([]byte(raw)))
		if got := rawOf(t, line); got != raw {
			t.Errorf("%q became %q in %s", raw, got, line)
		}
	}
}

// rawOf returns the message that a line was made of.
func rawOf(t testing.TB, line string) string {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(line), &members); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	var s string
	for _, name := range []string{"Raw__", "Raw_", "Raw"} {
		if raw, found := members[name]; found && json.Unmarshal(raw, &s) == nil {
			return s
		}
	}
	var b []byte
	if err := json.Unmarshal(members["RawBase64"], &b); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	return string(b)
}

// TestErrorsOfTheFile: whatever fails is told, at the end at the latest.
func TestErrorsOfTheFile(t *testing.T) {
	full := errors.New("disk full")
	for _, f := range transcript.Formats() {
		w, err := transcript.New(f, failing{full}, headOf(history.Chat{Group: "g"}))
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(zim.ReadMessage([]byte(`{}`)))
		if end := w.Close(); !errors.Is(end, full) {
			t.Errorf("%s: %v, then %v", f, err, end)
		}
	}
	if _, err := transcript.New("pdf", io.Discard, headOf(history.Chat{})); err == nil {
		t.Error("there is no format pdf")
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
