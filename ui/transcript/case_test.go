package transcript_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

const hostileNote = "=1+1 **bold** <b>\x1b[2J\u202e\nnext"

// TestNotes: a note stands at its message in every format, and acts on nobody.
func TestNotes(t *testing.T) {
	list := []zim.Message{
		zim.ReadMessage([]byte(`{"Sender":"bob","MsgType":1,"MsgBody":"first","MsgId":1}`)),
		zim.ReadMessage([]byte(`{"Sender":"bob","MsgType":1,"MsgBody":"second","MsgId":2,"Note":"the wire's"}`)),
	}
	head := headOf(history.Chat{User: "alice", Peer: "bob"})
	head.Note = func(m zim.Message) string {
		if m.MsgId == 2 {
			return hostileNote
		}
		return ""
	}
	for _, f := range transcript.Formats() {
		var b bytes.Buffer
		w, err := transcript.New(f, &b, head)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			if err := w.Write(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		wantInert(t, f, b.String(), 2)
		switch f {
		case transcript.JSONL:
			var second struct{ Note, Note_ string }
			lines := strings.Split(b.String(), "\n")
			if err := json.Unmarshal([]byte(lines[1]), &second); err != nil || second.Note != "the wire's" || second.Note_ != hostileNote || strings.Contains(lines[0], "Note") {
				t.Errorf("%v: %+v in %s", err, second, b.String())
			}
		case transcript.CSV:
			if rows := readCSV(t, b.String()); rows[0][9] != "Note" || rows[1][9] != "" || !strings.HasPrefix(rows[2][9], "'=1+1 **bold**") {
				t.Errorf("%q", rows)
			}
		default:
			s := strings.ReplaceAll(b.String(), "&#43;", "+")
			if first, note := strings.Index(s, "second"), strings.LastIndex(s, "1+1"); note < first || strings.Count(s, "1+1") != 1 {
				t.Errorf("%s:\n%s", f, b.String())
			}
		}
	}
}

func TestCase(t *testing.T) {
	const calls = `{"Time":"2026-04-28T14:01:00+08:00","Action":"QueryPeerMsg","Code":660600001,"Status":200,"DurationMs":12,"RequestId":"<7>","Error":"</pre>"}`
	dave := history.Chat{User: "alice", Peer: "dave"}
	sections := []transcript.Section{
		{Title: "shop · alice → dave", Messages: sampleChat(t, dave)[:12], Note: func(m zim.Message) string {
			if m.MsgSeq%4 == 0 {
				return hostileNote
			}
			return ""
		}},
		{Title: "<team>\x1b]0;x\a", Messages: sampleChat(t, history.Chat{Group: "team"})[:2]},
	}
	var b bytes.Buffer
	err := transcript.WriteCase(&b, "refund <1041>", headOf(history.Chat{}), sections, []json.RawMessage{[]byte(calls), []byte(`broken <i>`)})
	if err != nil {
		t.Fatal(err)
	}
	wantInert(t, transcript.HTML, b.String(), 14)
	golden.RequireEqual(t, b.String())
}
