package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// sentNow is the message of a number that is pushed to a chat while it is followed.
func sentNow(n int, text string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"Sender":"bob","MsgType":1,"MsgBody":%q,"MsgId":%d,"MsgSeq":%d,"MsgTime":%d,"IsEmpty":0}`,
		text, sentID(n), 200_000+n, emulator.Epoch.UnixMilli()+int64(n)*1000))
}

func sentID(n int) int64 { return 971503777999000000 + int64(n) }

// TestFollowEndToEnd follows a chat in which messages arrive, one is edited, one
// recalled and one deleted, first at its bottom and then scrolled up.
func TestFollowEndToEnd(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.WithRate(0))
	base, stop, err := e.Serve(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	s := openScreen(t, 120, 40, fmt.Sprintf("BACKSCROLL_APP_ID=%d", emulator.AppID), "BACKSCROLL_SERVER_SECRET="+emulator.ServerSecret)
	s.begin("--user alice --peer bob --rate 20 --endpoint " + base)
	s.waitFor("23 conversations")
	s.number(`([1-9]\d*) loaded`)
	s.press("F")
	s.waitFor("followed: new messages come by themselves")

	e.Push("alice", "bob", sentNow(1, "The bell is loose."), sentNow(2, "And the lamp."), sentNow(3, "Never mind."))
	s.waitFor("new since", "The bell is loose.", "▌   Never mind.")
	e.Edit("alice", "bob", sentID(1), sentNow(1, "The bell is fine."))
	e.Recall("alice", "bob", sentID(2), "bob", zim.RevokedByUser)
	e.Delete("alice", "bob", sentID(3))
	s.waitFor("The bell is fine.", "before: The bell is loose.", "recalled by bob at", "was: “And the lamp.” · as seen by this session", "was: “Never mind.” · as seen by this session")

	s.press("b")
	s.until("older messages", func() bool { return !strings.Contains(s.shows(), "The bell is fine.") })
	_, selected := s.bar()
	e.Push("alice", "bob", sentNow(4, "Are you there?"), sentNow(5, "Hello?"))
	e.Push("alice", "chen", sentNow(6, "A word with chen."))
	s.number(`(2) new · G · F every`)
	if _, now := s.bar(); now != selected || strings.Contains(s.shows(), "Hello?") {
		t.Errorf("the screen moved from %q to %q:\n%s", selected, now, s.shows())
	}
	s.press("G")
	s.waitFor("▌   Hello?", "Are you there?", "new since")
	s.until("nothing new below", s.lacks("new · G"))
	s.press("F")
	s.waitFor("not followed any more")
	s.press("k")
	s.until("no following", s.lacks("F every"))
	s.ends()
}
