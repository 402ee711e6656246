package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"backscroll/zim/history"
)

// place is where a reader is: a message of a chat, and the row it stands on.
type place struct {
	chat history.Chat
	seq  int64
	row  int
}

func (term *terminal) at() place {
	m := &term.m.messages
	return place{m.chat, m.selectedSeq(), m.hold().row}
}

// jumpsBack presses ctrl+o through places, the last one first, until there is none.
func (term *terminal) jumpsBack(places []place) {
	term.t.Helper()
	for i, want := range slices.Backward(places) {
		if term.press("ctrl+o"); term.at() != want {
			term.t.Errorf("jump %d leads back to %+v, want %+v", i, term.at(), want)
		}
	}
	if term.press("ctrl+o"); !strings.Contains(term.lastRow(), "there was no jump") {
		term.t.Errorf("told %q", term.lastRow())
	}
}

// TestTheFirstOfADayThatIsHalfLoaded: { leads to where the day begins, and not to
// the day before, though the oldest message that is loaded is selected.
func TestTheFirstOfADayThatIsHalfLoaded(t *testing.T) {
	term := start(t, Config{Client: fourDays(t), Chat: aliceAndBob, Zones: []*time.Location{shanghai}}, 120, 12)
	m := &term.m.messages
	held := term.held()
	held.send(keyOf(t, "g"))
	if m.selectedSeq() != 351 {
		t.Fatalf("selected %d", m.selectedSeq())
	}
	held.send(keyOf(t, "{"))
	held.finish()
	if want := seqSince(time.Date(2026, 4, 5, 0, 0, 0, 0, shanghai)); m.selectedSeq() != want {
		t.Errorf("{ leads to %d, not to %d", m.selectedSeq(), want)
	}
}

// TestASeqThatIsMissing is looked for as far as it could be, and no further.
func TestASeqThatIsMissing(t *testing.T) {
	a := newArchive(50)
	for i := 1; i <= 400; i++ {
		a.write(t, aliceAndBob, map[string]any{"MsgSeq": 2 * i})
	}
	term := start(t, Config{Client: a, Chat: aliceAndBob, Zones: []*time.Location{shanghai}}, 120, 12)
	m := &term.m.messages
	term.say("t", "seq 601")
	if got := term.lastRow(); !strings.Contains(got, "seq 601 is not in this list: this is the nearest, back to ") || m.selectedSeq() != 600 && m.selectedSeq() != 602 {
		t.Errorf("selected %d: %q", m.selectedSeq(), got)
	}
	if m.log.Len() > 200 {
		t.Errorf("%d loaded", m.log.Len())
	}
}

// TestJumpsAreTakenBack: ctrl+o leads to the message one jumped from, on the row it
// stood on.
func TestJumpsAreTakenBack(t *testing.T) {
	term := read(t, fourDays(t), 120, 24)
	var places []place
	for _, jump := range []struct{ before, key, words string }{
		{"k k k", "t", fmt.Sprint("id ", idOf(50))}, {"k j J J", "g", ""}, {"j", "G", ""}, {"k", "{", ""}, {"k", ":", "go 2026-04-03"}, {"k", "/", "message 77"},
		{"k", "}", ""},
	} {
		term.press(jump.before)
		places = append(places, term.at())
		if jump.words == "" {
			term.press(jump.key)
		} else {
			term.say(jump.key, jump.words)
		}
		if term.at() == places[len(places)-1] {
			t.Fatalf("%s %s leads nowhere", jump.key, jump.words)
		}
	}
	term.jumpsBack(places)
}

// TestJumpsAreTakenBackAcrossChats: into the chat one jumped from, and no further
// than one was there.
func TestJumpsAreTakenBackAcrossChats(t *testing.T) {
	carol := history.Chat{User: "alice", Peer: "carol"}
	a := fourDays(t).fill(t, carol, 200, map[int]map[string]any{20: says("needle")})
	for _, found := range []bool{false, true} {
		term := read(t, a, 120, 24)
		term.press("k k")
		places := []place{term.at()}
		term.say("t", "2026-04-02")
		term.press("k")
		if found {
			places = append(places, term.at())
			term.say(":", "find needle")
			term.press("enter")
		} else {
			term.press("tab j enter")
		}
		if m := &term.m.messages; m.chat != carol {
			t.Fatalf("the chat is %v", m.chat)
		}
		term.jumpsBack(places)
	}
	a.fill(t, aliceAndBob.OtherSide(), 400, nil)
	term := read(t, a, 120, 24)
	term.press("k k a")
	term.jumpsBack([]place{{aliceAndBob, 398, 19}})
}

// TestJumpsAreBounded makes more of them than are remembered.
func TestJumpsAreBounded(t *testing.T) {
	term := read(t, fourDays(t), 120, 24)
	for i := range maxJumps + 50 {
		term.press([]string{"g", "G"}[i%2])
	}
	if n := len(term.m.messages.jumps); n != maxJumps {
		t.Errorf("%d jumps are remembered", n)
	}
}
