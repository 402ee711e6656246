package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// hiding serves the sample chats, but pages lack the messages of some numbers: only
// who asks for them by their number is told.
func hiding(t *testing.T, from, to int64) string {
	t.Helper()
	service := emulator.New(emulator.WithRate(0))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		service.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if r.URL.Query().Get("Action") == "QueryPeerMsg" {
			var fields map[string]json.RawMessage
			var list, kept []json.RawMessage
			if err := json.Unmarshal(body, &fields); err != nil {
				t.Error(err)
			}
			if err := json.Unmarshal(fields["List"], &list); err != nil {
				t.Error(err)
			}
			for _, raw := range list {
				if seq := zim.ReadMessage(raw).MsgSeq; seq < from || seq > to {
					kept = append(kept, raw)
				}
			}
			fields["List"], _ = json.Marshal(kept)
			body, _ = json.Marshal(fields)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(answer.Code)
		w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestWhatBecameOfAMessageEndToEnd asks about a gap, looks at what was recalled in
// it, says how long messages are kept, and reads what cannot be known.
func TestWhatBecameOfAMessageEndToEnd(t *testing.T) {
	t.Parallel()
	base := hiding(t, 795, 800)
	s := openScreen(t, 150, 40, fmt.Sprintf("BACKSCROLL_APP_ID=%d", emulator.AppID), "BACKSCROLL_SERVER_SECRET="+emulator.ServerSecret)
	s.begin("--user alice --peer bob --rate 20 --endpoint " + base)
	s.waitFor("63 loaded, older: no", "1 number missing (seq 810) · e asks")
	s.answer("t", "seq 801")
	s.waitFor("· seq 801", "6 numbers missing (seq 795-800) · e asks")
	s.press("e")
	s.waitFor("1 recalled, 1 deleted or expired, 4 messages · e lists")
	s.press("e")
	s.waitFor("Missing numbers · seq 795-800", "▌ seq 800  told of without a number, below", "In chalk! I am honoured.", "no number  deleted or expired", "recalled by bob at 14:04, by the user")
	for _, seq := range []string{"▌ seq 799", "▌ seq 798", "▌ seq 797", "▌ seq 796", "▌ seq 795"} {
		s.press("j")
		s.waitFor(seq)
	}
	s.press("Enter")
	s.waitFor("looked up", "What became of it", "recalled by   bob · Bob Lindqvist", "by the user (msg_status 4)", "after sending 50 s", "what it was   text (1)", "its text      not known")
	s.escape(func() bool { return !strings.Contains(s.shows(), "What became of it") })
	s.answer(":", "retention 30")
	s.waitFor("messages are kept for 30 days: since ")
	s.press("G")
	s.waitFor("· seq 816")
	s.answer(":", "limits")
	s.waitFor("Limits · what this API never tells", "messages are kept for 30 days, as you said", "Read or not, delivered or not")
	s.escape(func() bool { return !strings.Contains(s.shows(), "Limits") })
	s.press("Q")
	s.wantWhole(0)
	s.wantNoSecret()
}
