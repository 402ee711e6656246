package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"backscroll/zim/emulator"
)

// TestInspectorEndToEnd looks at a message through each tab.
func TestInspectorEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 150, 40)
	s.begin("--demo --user alice --peer bob --seq 797")
	s.waitFor("Fields", "seq 797", "How the body is decoded", "JSON string", "How the payload is decoded")
	s.press(":")
	s.shell("next-tab") // which gives the inspector the focus
	s.waitFor("of the body", `state: "paid"`)
	s.press("j")
	s.waitFor(".order")
	s.press("v")
	s.waitFor("of the payload")
	s.press("]")
	s.waitFor(`{"Sender":"bob"`)
	s.press("]", "Enter") // over the whole screen no line is broken
	s.waitFor("Action=QueryPeerMsg", "Signature=***", "RequestId", "of this chat, message")
	s.until("the whole screen", func() bool { return !strings.Contains(s.shows(), "│") })
	s.press("/")
	s.shell("content-length")
	s.press("n")
	s.escape(func() bool { return strings.Contains(s.shows(), "│") })
	s.answer(":", "jq type")
	s.waitFor("jq type · 1 result", `"object"`)
	s.press("L")
	s.waitFor("calls of this session", "QueryPeerMsg", "RequestId")
	s.press("g", "Enter")
	s.waitFor("call 1 of", "Signature=***", "HTTP/1.1 200 OK")
	s.escape(func() bool { return strings.Contains(s.shows(), "calls of this session") })
	s.press("m", "m", "w")
	s.waitFor("write to: backscroll-calls-")
	s.press("C-u")
	s.shell("calls.json")
	s.waitFor("written: 2 calls")
	written, err := os.ReadFile(filepath.Join(s.home, "calls.json"))
	if err != nil || strings.Count(string(written), `"Signature=***`)+strings.Count(string(written), `&Signature=***&`) != 2 || strings.Contains(string(written), emulator.ServerSecret) {
		t.Errorf("written: %v\n%s", err, written)
	}
	s.escape(func() bool { return strings.Contains(s.shows(), "jq type") })
	s.press("Q")
	s.wantWhole(0)
	if frames := s.frames.String(); strings.Contains(frames, emulator.ServerSecret) {
		t.Error("the secret was on the screen")
	}
}

// TestShapesEndToEnd tells the shapes of a chat, and opens a message that deviates.
func TestShapesEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 40)
	s.begin("--demo --user alice --peer dave")
	s.waitFor("68 loaded, older: no")
	s.answer(":", "shapes")
	s.waitFor("Shapes · 68 loaded messages of this chat, older: no", "▌▾ payload", "is not JSON", ".client.os")
	s.press("h")
	s.until("folded shape", func() bool { return !strings.Contains(s.shows(), ".client.os") })
	s.press("l")
	s.waitFor("seq 9063", "has .notes")
	for {
		row, said := s.bar()
		if strings.Contains(said, "seq 9063") {
			break
		}
		s.press("j")
		s.until("next line selected", func() bool { now, _ := s.bar(); return now > row })
	}
	s.press("Enter")
	s.waitFor("Fields", "notes\\\":", "▏   This one is longer")
	s.press("Q")
	s.wantWhole(0)
}

// TestCopyEndToEnd copies each format through the terminal, and runs the curl.
func TestCopyEndToEnd(t *testing.T) {
	t.Parallel()
	base := serve(t)
	s := openScreen(t, 120, 30, fmt.Sprintf("BACKSCROLL_APP_ID=%d", emulator.AppID), "BACKSCROLL_SERVER_SECRET="+emulator.ServerSecret)
	s.tmux("set", "-s", "set-clipboard", "on")
	s.begin("--user alice --peer 'bob' --rate 20 --endpoint " + base)
	s.waitFor("alice's side", "older: no", "Ring twice")
	copied := func(key, toast string) string {
		t.Helper()
		const nothing = "nothing copied yet"
		s.tmux("set-buffer", nothing)
		s.press("y")
		s.waitFor("copy y text")
		s.press(key)
		s.waitFor("copied: " + toast)
		var got string
		s.until("copy behind the toast", func() bool { got = s.tmux("show-buffer"); return got != nothing })
		return got
	}
	if got := copied("y", "text"); !strings.HasPrefix(got, "See you on Friday, Bob.") {
		t.Errorf("text: %q", got)
	}
	if got := copied("j", "JSON"); !strings.Contains(got, "\n  \"Sender\": \"alice\"") {
		t.Errorf("JSON: %q", got)
	}
	if got := copied("r", "raw body"); !strings.HasPrefix(got, `"See you on Friday`) {
		t.Errorf("raw body: %q", got)
	}
	id := copied("i", "MsgId")
	if got := copied("s", "MsgSeq"); got != "816" {
		t.Errorf("MsgSeq: %q", got)
	}
	if got := copied("q", "RequestId"); len(got) < 10 {
		t.Errorf("RequestId: %q", got)
	}
	if got := copied("m", "Markdown"); !strings.HasPrefix(got, "> **alice** · 2026-04-29 16:40:00 +08:00\n>\n> See you on Friday, Bob\\.") {
		t.Errorf("Markdown: %q", got)
	}
	if got, want := copied("l", "link"), "backscroll --user=alice --peer=bob --seq=816"; got != want {
		t.Errorf("link: %q, want %q", got, want)
	}
	s.press("y")
	s.waitFor("copy y text")
	s.press("u")
	s.waitFor("not copied: the message has no URL")

	curl := copied("c", "curl")
	if strings.Contains(curl, emulator.ServerSecret) {
		t.Error("the secret was copied")
	}
	for _, tool := range []string{"curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	run := exec.CommandContext(t.Context(), "sh", "-c", curl)
	run.Dir = t.TempDir()
	run.Env = []string{"PATH=" + os.Getenv("PATH"), fmt.Sprintf("BACKSCROLL_APP_ID=%d", emulator.AppID), "BACKSCROLL_SERVER_SECRET=" + emulator.ServerSecret}
	answer, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(answer), `"Code":0`) || !strings.Contains(string(answer), id) {
		t.Errorf("the copied curl: %v\n%.300s", err, answer)
	}
	s.press("Q")
	s.wantWhole(0)
}
