package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backscroll/zim/saved"
)

// TestCaseEndToEnd puts a case together and hands it to a colleague, who has no
// credentials.
func TestCaseEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 40)
	s.begin("--demo --user alice --peer bob")
	s.waitFor("loaded, older: no", "Ring twice")
	s.answer(":", "case refund")
	s.waitFor("case refund: 0 bookmarks")
	s.answer("\\;", "the code of the lock is in it")
	s.waitFor("noted in case refund")
	s.press("L")
	s.waitFor("Calls · ", "QueryPeerMsg")
	s.press("+")
	s.waitFor("1 call put into the case")
	s.escape(s.showsNot("Calls · "))
	s.answer("f", "type:image")
	s.waitFor("type:image, ", " hidden")
	s.press("+")
	s.waitFor("messages collected")
	s.ends()

	file, err := os.Open(filepath.Join(s.home, "refund", saved.CaseName))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := json.NewDecoder(file)
	for n := 0; lines.More(); n++ {
		var line map[string]json.RawMessage
		if err := lines.Decode(&line); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
	}
	page := readFile(t, filepath.Join(s.home, "refund", "case.html"))
	if !strings.Contains(page, "the code of the lock") || !strings.Contains(page, "<summary><b>Query") {
		t.Error("the page lacks the note or the call")
	}

	s.begin("verify refund")
	s.waitFor("ok       case.jsonl", "ok       case.html", "ok       exchanges.json")
	s.wantWhole(0)
	s.begin("open refund")
	s.waitFor("Conversations · case refund", "demo · alice → bob", "1 conversation")
	s.press("Enter")
	s.waitFor("⚑", "the code of the lock is in it", "loaded, older: no")
	s.press("'")
	s.waitFor("Bookmarks · 1 message")
	s.escape(s.showsNot("Bookmarks · "))
	s.ends()
}

// showsNot waits for the screen to be without something.
func (s *screen) showsNot(text string) func() bool {
	return func() bool { return !strings.Contains(s.shows(), text) }
}
