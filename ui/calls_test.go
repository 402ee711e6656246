package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

// logged opens the log of a session that looked at a chat.
func logged(t *testing.T, w, h int) *terminal {
	t.Helper()
	log := &Exchanges{}
	term := start(t, Config{Client: noted(t, log), Calls: log, User: "alice", Chat: history.Chat{User: "alice", Peer: "bob"}}, w, h)
	log.Note(zim.Exchange{
		Action: "QueryPeerMsg", Method: "POST", URL: "https://zim.example.com/?Action=QueryPeerMsg&Signature=***",
		Request: []byte(`{"Limit":100,"Next":9007199254740993}`), Status: 502, Proto: "HTTP/1.1", Attempt: 3,
		Start: emulator.Epoch, Duration: 1234 * time.Millisecond, Answer: []byte("not kept"), Err: errors.New("a proxy answered: \x1b[2Jbye \u009d陈晓"),
	})
	term.press("L")
	return term
}

func TestCallsOnScreens(t *testing.T) {
	term := logged(t, 120, 24)
	for _, s := range []string{"calls of this session", "QueryConversationList", "QueryPeerMsg", "1234   3  HTTP 502", "RequestId"} {
		if !strings.Contains(term.shows(), s) {
			t.Errorf("no %q on\n%s", s, term.shows())
		}
	}
	term.press("enter")
	for _, s := range []string{"Request", "Signature=***", "9007199254740993", "HTTP/1.1 502 Bad Gateway", "1234 ms, attempt 3", "8 bytes", "failed", "␛[2Jbye"} {
		if !strings.Contains(term.shows(), s) {
			t.Errorf("no %q on\n%s", s, term.shows())
		}
	}
	if term.press("esc"); !strings.Contains(term.shows(), "of this session") {
		t.Errorf("esc does not lead to the list:\n%s", term.shows())
	}
	if term.press("esc"); term.m.cover != nil || term.m.focus != paneMessages {
		t.Errorf("esc does not lead to the messages: focus %d", term.m.focus)
	}
	for w := range 140 {
		for _, keys := range []string{"", "enter"} {
			term := logged(t, max(w, minWidth), 12)
			term.press(keys)
			for i, l := range strings.Split(term.m.View().Content, "\n") {
				if n := cellsOf(l); n > max(w, minWidth) {
					t.Fatalf("%d wide: line %d has %d cells", w, i, n)
				}
			}
		}
	}
}

// TestTheLogFollows: new calls come on screen as long as the last one is selected,
// and the selection stays where it is otherwise.
func TestTheLogFollows(t *testing.T) {
	term := logged(t, 120, 12)
	c := term.m.cover.(*calls)
	note := func(n int) {
		for i := range n {
			c.log.Note(zim.Exchange{Action: fmt.Sprint("Query", i), Attempt: 1})
		}
		term.send(trafficMsg{})
	}
	if note(30); !strings.Contains(term.shows(), "Query29") {
		t.Errorf("the latest is not on screen:\n%s", term.shows())
	}
	term.press("k")
	if note(5); !strings.Contains(term.shows(), "▌ 00:00:00.000 Query28") || c.selected != 30+c.first() {
		t.Errorf("selected %d:\n%s", c.selected, term.shows())
	}
	term.press("g m")
	note(maxExchanges)
	term.press("g")
	from, to := c.log.span()
	if from == 0 || c.selected != from || !strings.Contains(term.shows(), fmt.Sprintf("the last %d of %d calls", to-from, to)) {
		t.Errorf("from %d to %d, selected %d:\n%s", from, to, c.selected, term.shows())
	}
	if term.press("w"); term.m.prompt.kind == promptNone {
		t.Error("the selected one cannot be written once the marked one is forgotten")
	}
}

// first is the number of the call after those that opened the chat and logged.
func (c *calls) first() int {
	for n := 0; ; n++ {
		if x, ok := c.log.at(n); !ok || x.Action == "Query0" {
			return n - 2
		}
	}
}

func TestWriteCalls(t *testing.T) {
	t.Chdir(t.TempDir())
	term := logged(t, 120, 24)
	term.press("w")
	name := term.m.prompt.input.Value()
	if !strings.HasPrefix(name, "backscroll-calls-20") || !strings.HasSuffix(name, ".json") {
		t.Errorf("the name is %q", name)
	}
	if term.press("enter"); !strings.Contains(term.shows(), "written: 1 call, without signatures") {
		t.Errorf("told\n%s", term.lastRow())
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	var records []callRecord
	if err := json.Unmarshal(b, &records); err != nil || len(records) != 1 {
		t.Fatalf("%v: %s", err, b)
	}
	if r := records[0]; r.Status != 502 || r.Attempt != 3 || r.DurationMs != 1234 || !strings.Contains(r.Error, "陈晓") || string(r.Request) == "" {
		t.Errorf("written: %+v", r)
	}
	for _, bad := range []string{"not kept", emulator.ServerSecret, "\x1b", "\u009d", "陈"} {
		if strings.Contains(string(b), bad) {
			t.Errorf("%q was written", bad)
		}
	}
	if !strings.Contains(string(b), `"Next": 9007199254740993`) {
		t.Errorf("a number was changed: %s", b)
	}
	if term.press("w enter"); !strings.Contains(term.lastRow(), "is there already") {
		t.Errorf("told %q", term.lastRow())
	}
	term.press("g m m")
	term.say(":", "write-calls two.json")
	if b, err = os.ReadFile("two.json"); err != nil || json.Unmarshal(b, &records) != nil || len(records) != 2 {
		t.Errorf("%v: %s", err, b)
	}
	if records[0].RequestId == "" || !strings.Contains(records[0].URL, "Signature=***") || strings.Contains(string(b), "see you on Friday") {
		t.Errorf("written: %s", b)
	}
	term.say(":", "write-calls "+filepath.Join("none", "three.json"))
	if !strings.Contains(term.lastRow(), "not written") {
		t.Errorf("told %q", term.lastRow())
	}
}

func TestCopiesOfACall(t *testing.T) {
	term := logged(t, 120, 24)
	term.press("k y")
	if row := term.lastRow(); row != "copy q RequestId  c curl" {
		t.Errorf("the menu is %q", row)
	}
	if term.press("q"); !strings.Contains(term.lastRow(), "copied: RequestId") {
		t.Errorf("told %q", term.lastRow())
	}
	if term.press("y c"); !strings.Contains(term.lastRow(), "copied: curl") {
		t.Errorf("told %q", term.lastRow())
	}
	term.press("G y q")
	if !strings.Contains(term.lastRow(), "not copied: the call has none") {
		t.Errorf("told %q", term.lastRow())
	}
}

// TestActionsOverACover: what belongs to a pane under it shows that pane again.
func TestActionsOverACover(t *testing.T) {
	term := logged(t, 120, 24)
	if term.say(":", "mark-call"); len(term.m.cover.(*calls).marked) != 1 {
		t.Error("nothing is marked")
	}
	if term.say(":", "filter from:bob"); term.m.cover != nil || !strings.Contains(term.shows(), "from:bob") {
		t.Errorf("the filter:\n%s", term.shows())
	}
	if term.say(":", "mark-call"); !strings.Contains(term.lastRow(), "mark-call: only in Calls") {
		t.Errorf("told %q", term.lastRow())
	}
	term.press("L tab B")
	if _, ok := term.m.cover.(*calls); !ok || term.m.focus != paneCalls {
		t.Errorf("focus %d", term.m.focus)
	}
	if term.say(":", "inspect"); term.m.cover != nil || !term.m.inspector.open {
		t.Errorf("inspect:\n%s", term.shows())
	}
}

// TestPackedHeaders: they come out as they went in.
func TestPackedHeaders(t *testing.T) {
	h := http.Header{"Date": {"today"}, "X-Many": {"one", "two: three", ""}, "X-Odd": {"caf\u00e9 \xff"}}
	if got := unpacked(packed(h)); !reflect.DeepEqual(got, h) {
		t.Errorf("%q, want %q", got, h)
	}
	if got := unpacked(packed(nil)); len(got) > 0 {
		t.Errorf("of none: %q", got)
	}
}
