package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backscroll/keys"
	"backscroll/zim/emulator"
)

// TestPeopleEndToEnd goes to a group by letters of it, looks at who is in it, at one
// of them, and at what that one said; the next session knows where it was.
func TestPeopleEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 40, keys.EnvAppID+"="+"1041200", keys.EnvServerSecret+"="+emulator.ServerSecret, keys.EnvEndpoint+"="+serve(t))
	s.begin("")
	s.waitFor("Go to", "a user's ID or a group's, known or not")
	s.letters("alice")
	s.waitFor("> alice", "conversations of this user")
	s.press("Enter")
	s.waitFor("Conversations · alice", "23 conversations")
	s.press("C-k")
	s.waitFor("Go to")
	s.letters("evrne")
	s.waitFor("▌* everyone  Kettle & Chain: everyone")
	s.press("Enter")
	s.number(`([1-9]\d*) loaded`)
	s.press("U")
	s.waitFor("Group · everyone", "Closed on Friday and Monday.", "owner    ben  Ben Okafor", "Members  40")
	s.press("G")
	s.waitFor("Left, or never a member: 2 senders", "▌ left     mallory")
	s.press("u")
	s.waitFor("User · mallory", "not known to the service, or logged out", "Groups  0")
	s.press("Escape")
	s.until("messages without the pane", func() bool { return !strings.Contains(s.shows(), "User · mallory") })
	s.press("U")
	s.waitFor("Members  40")
	s.press("/")
	s.letters("broom")
	s.waitFor("1 of 40 with broom", "▌ manager  tilde  Tilde Sørensen  as Tilde of the broom")
	s.press("Enter", "Enter")
	s.until("her messages only", s.says("from:tilde, "))
	s.press("Q")
	s.wantWhole(0)

	path := filepath.Join(s.home, ".local", "state", "backscroll", "recent.json")
	b, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(b), "Kettle") || !strings.Contains(string(b), `"Group": "everyone"`) {
		t.Errorf("%s, %v", b, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s.begin("")
	s.waitFor("Go to", "▌* everyone", "recent · group", "alice", "recent · conversations")
	s.press("Escape")
	s.until("no question", func() bool { return !strings.Contains(s.shows(), "Go to") })
	s.press("Q")
	s.wantWhole(0)
	s.wantNoSecret()
}
