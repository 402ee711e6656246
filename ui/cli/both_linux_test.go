package cli

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"backscroll/zim/emulator"
)

// TestBothSidesEndToEnd lays the two lists of a chat over each other: the differences
// are those that diff --json has, each can be gone to, and enter opens the list that
// has the message. In a chat of 100,000 the way to the next one is told, and stopped.
func TestBothSidesEndToEnd(t *testing.T) {
	t.Parallel()
	var want []string
	for _, d := range newService(t).run(t, "diff --user alice --peer bob --json").differences(t) {
		m := d.User
		if m == nil || d.Kind == "deleted" && *d.Side == "alice" {
			m = d.Peer
		}
		mark := d.Kind + " at " + *d.Side
		if d.Kind == "missing" {
			mark = "only " + map[string]string{"alice": "bob", "bob": "alice"}[*d.Side]
		}
		want = append(want, mark+" · seq "+string(m.MsgSeq))
	}
	if len(want) != 4 {
		t.Fatalf("the command finds %q", want)
	}

	base := serve(t)
	s := openScreen(t, 120, 30, fmt.Sprintf("BACKSCROLL_APP_ID=%d", emulator.AppID), "BACKSCROLL_SERVER_SECRET="+emulator.ServerSecret)
	s.begin("--user alice --peer bob --rate 20 --endpoint " + base)
	s.waitFor("69 loaded, older: no")
	s.press("A")
	s.waitFor("Both sides · alice and bob", "69 and 70 rows read", "69 in both (1 recalled) · 1 only bob · 1 deleted at alice · 2 deleted at bob", "bob's list    the same")
	var found []string
	for _, mark := range want {
		seq := mark[strings.Index(mark, " · "):]
		s.press("n")
		s.until("difference"+seq, s.says(seq))
		_, said := s.bar()
		found = append(found, strings.TrimSuffix(strings.TrimSpace(said[:24]), " by place")+seq)
	}
	if !slices.Equal(found, want) {
		t.Errorf("n leads to %q, not to %q", found, want)
	}
	s.press("n")
	s.until("end of the differences", s.says("no older difference: 4 of 4 differences, back to the start of both lists"))
	s.press("d")
	s.waitFor("differences only", "17 in both", "start of both retained lists")
	s.press("N", "N", "N")
	s.waitFor("▌only bob", "alice's list  no row for it", "A missing message: cleared or deleted without a trace on that side")
	s.press("Enter")
	s.until("bob's list", s.says("bob's side"))
	s.waitFor("▌   (Sent while offline) Does number 12")
	s.press("a")
	s.until("what a finds", s.says("not in alice's list: this is its place by time"))
	s.ends()

	s.begin("--user alice --peer archive --rate 20 --endpoint " + base)
	s.number(`([1-9]\d*) loaded, older: yes`)
	s.press("A")
	s.waitFor("Both sides · alice and archive", "no difference so far")
	s.press("n")
	s.number(`to the next difference · no difference, back to 20.* · ([1-9]\d*) calls · esc stops`)
	s.press("Escape")
	s.until("stop", s.says("stopped: no difference, back to 20"))
	s.ends()
}
