package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"backscroll/zim"
	"backscroll/zim/history"
)

var aliceAndCarol = history.Chat{User: "alice", Peer: "carol"}

// twoChats has bob's 300 messages, and carol's older 120.
func twoChats(t testing.TB) *archive {
	t.Helper()
	return newArchive(50).fill(t, aliceAndBob, 300, nil).fill(t, aliceAndCarol, 120, nil)
}

// opens goes to a chat that the opener names.
func (term *terminal) opens(c history.Chat) {
	term.t.Helper()
	term.press("ctrl+k ctrl+u")
	term.write(c.Peer)
	term.press("enter")
	if term.m.messages.chat != c {
		term.t.Fatalf("the chat is %v, not %v", term.m.messages.chat, c)
	}
}

// TestAChatIsFoundAsItWasLeft: the same message on the same row, after one call
// that asks for what is new.
func TestAChatIsFoundAsItWasLeft(t *testing.T) {
	a := newArchive(50).fill(t, aliceAndBob, 200, nil).fill(t, aliceAndCarol, 60, nil)
	rapid.Check(t, func(rt *rapid.T) {
		term := read(t, a, 120, 24)
		m := &term.m.messages
		for range rapid.IntRange(0, 10).Draw(rt, "steps") {
			switch key := rapid.SampledFrom([]string{"k", "b", "K", "J", "j", "g", "filter", "search"}).Draw(rt, "key"); key {
			case "filter":
				term.say("f", "-9")
			case "search":
				term.say("/", "message 1")
			default:
				term.press(key)
			}
		}
		was, shown, lines := term.at(), m.isOn(), bodies(m)
		term.opens(aliceAndCarol)
		if m.filter != nil || !m.query.IsZero() || m.log.Len() > 60 {
			rt.Fatalf("the other chat is shown with filter %q, query %q, %d messages", m.filterText(), m.query, m.log.Len())
		}
		for range rapid.IntRange(0, 5).Draw(rt, "steps there") {
			term.press(rapid.SampledFrom([]string{"k", "g", "D", "D"}).Draw(rt, "key there"))
		}
		if m.look.dense {
			term.press("D")
		}
		calls, loaded := len(a.asked()), len(m.visits)
		term.opens(aliceAndBob)
		if term.at() != was {
			rt.Fatalf("left at %+v, found at %+v", was, term.at())
		}
		for row, line := range bodies(m) {
			if lines[row] != line {
				rt.Fatalf("row %d was %q and is %q", row, lines[row], line)
			}
		}
		if got := fmt.Sprint(m.isOn()); got != fmt.Sprint(shown) {
			rt.Fatalf("on is %v, and was %v", got, shown)
		}
		if asked := a.asked()[calls:]; len(asked) < 1 || asked[0] != "bob " || len(asked) > 2 {
			rt.Fatalf("asked %v with %d chats kept", asked, loaded)
		}
	})
}

// TestAChatIsFoundAtAnotherSize: the message keeps its row as far as there is one.
func TestAChatIsFoundAtAnotherSize(t *testing.T) {
	term := read(t, twoChats(t), 120, 30)
	m := &term.m.messages
	term.say("t", "seq 200")
	row := m.hold().row
	for _, size := range []tea.WindowSizeMsg{{Width: 60, Height: 40}, {Width: 160, Height: 20}, {Width: 100, Height: 50}} {
		term.opens(aliceAndCarol)
		term.send(size)
		term.opens(aliceAndBob)
		if got := term.at(); got != (place{aliceAndBob, 200, row}) {
			t.Errorf("%v: found at %+v, not on row %d", size, got, row)
		}
	}
	term.opens(aliceAndCarol)
	term.send(tea.WindowSizeMsg{Width: 60, Height: 10})
	term.opens(aliceAndBob)
	if h := m.hold(); h.item != m.selected || m.selectedSeq() != 200 {
		t.Errorf("at 60x10 message %d is selected, and not on screen", m.selectedSeq())
	}
}

// TestWhatIsNewSinceIsTold, and shown where it moves nothing.
func TestWhatIsNewSinceIsTold(t *testing.T) {
	for _, keys := range []string{"k k k", "g", "G", "b K"} {
		a := twoChats(t)
		a.unread[aliceAndBob] = 60
		term := read(t, a, 120, 24)
		m := &term.m.messages
		term.press(keys)
		was := term.at()
		term.opens(aliceAndCarol)
		a.unread[aliceAndBob] = 0
		term.opens(aliceAndBob)
		if got := term.lastRow(); !strings.Contains(got, "60 new messages since you left · G shows them") {
			t.Errorf("%s: told %q", keys, got)
		}
		if term.at() != was || m.log.At(0).MsgSeq != 300 {
			t.Errorf("%s: left at %+v, found at %+v; the newest is %d", keys, was, term.at(), m.log.At(0).MsgSeq)
		}
		if gaps := m.log.Gaps(); len(gaps) > 0 {
			t.Errorf("%s: gaps %v", keys, gaps)
		}
		if term.press("G"); m.selectedSeq() != 300 {
			t.Errorf("%s: G shows %d", keys, m.selectedSeq())
		}
	}
	a := twoChats(t)
	term := read(t, a, 120, 24)
	term.opens(aliceAndCarol)
	term.opens(aliceAndBob)
	if got := term.lastRow(); strings.Contains(got, "new") {
		t.Errorf("with nothing new: %q", got)
	}
	term.opens(aliceAndCarol)
	a.refuse = only("bob")
	term.opens(aliceAndBob)
	if got := term.lastRow(); !strings.Contains(got, "not reloaded: no route to host") || term.m.messages.log.Len() == 0 {
		t.Errorf("with no way to ask: %q", got)
	}
}

// TestAFailureIsKeptWithItsChat: r retries there.
func TestAFailureIsKeptWithItsChat(t *testing.T) {
	a := twoChats(t)
	a.refuse = only("bob 2")
	term := read(t, a, 120, 24)
	m := &term.m.messages
	term.press("g")
	if m.edge != edgeFailed {
		t.Fatalf("edge %d", m.edge)
	}
	term.opens(aliceAndCarol)
	if m.edge == edgeFailed || m.err != nil {
		t.Errorf("carol's chat has the edge %d, %v", m.edge, m.err)
	}
	a.refuse = nil
	term.opens(aliceAndBob)
	if got := term.shows(); m.edge != edgeFailed || !strings.Contains(got, "r retries") {
		t.Errorf("edge %d:\n%s", m.edge, got)
	}
	if term.press("r"); m.edge == edgeFailed || m.log.Len() < 100 {
		t.Errorf("after r: edge %d, %d loaded", m.edge, m.log.Len())
	}
}

// TestASearchStopsWithItsChat: nothing is asked for a chat that was left.
func TestASearchStopsWithItsChat(t *testing.T) {
	a := newArchive(10).fill(t, aliceAndBob, 900, nil).fill(t, aliceAndCarol, 20, nil)
	term := read(t, a, 120, 24)
	m := &term.m.messages
	held := term.held()
	held.say("/", "absent")
	for range 20 {
		held.answer()
	}
	term.opens(aliceAndCarol)
	if held.finish(); m.travels() || m.log.Len() != 20 || m.chat != aliceAndCarol {
		t.Errorf("carol's chat: %d loaded, on the way: %v", m.log.Len(), m.travels())
	}
	calls := len(a.asked())
	term.opens(aliceAndBob)
	if m.travels() || m.query.String() != "absent" || len(a.asked()) > calls+2 {
		t.Errorf("back in bob's chat: on the way: %v, query %q, %v", m.travels(), m.query, a.asked()[calls:])
	}
	term.press("j")
	if got := term.lastRow(); !strings.Contains(got, "/absent no hit, back to 2026-04-01 ") {
		t.Errorf("told %q", got)
	}
	if term.press("n"); m.log.Len() != 900 {
		t.Errorf("n goes on to %d", m.log.Len())
	}
}

// TestKeptChatsAreBounded by number and by bytes; the one left last is kept if it
// is not too large by itself.
func TestKeptChatsAreBounded(t *testing.T) {
	log := func(bytes int) *history.History {
		var h history.History
		raw := fmt.Sprintf(`{"Code":0,"Next":0,"List":[{"MsgId":1,"MsgType":1,"MsgBody":"%s"}]}`, strings.Repeat("x", bytes))
		if _, err := h.Add(zim.ReadMessagePage([]byte(raw))); err != nil {
			t.Fatal(err)
		}
		return &h
	}
	chat := func(i int) history.Chat { return history.Chat{Group: fmt.Sprint("g", i)} }
	var v visits
	small := log(10)
	for i := range 3 * maxVisits {
		v.keep(visit{chat: chat(i), sifted: sifted{log: small}})
	}
	_, old := v.take(chat(2*maxVisits - 1))
	_, recent := v.take(chat(2 * maxVisits))
	if old || !recent || len(v) != maxVisits-1 {
		t.Errorf("%d chats are kept; the one before the limit: %v, the one after it: %v", len(v), old, recent)
	}

	v = nil
	large := log(visitBytes / 4)
	for i := range 10 {
		v.keep(visit{chat: chat(i), sifted: sifted{log: large}})
		room := 0
		for _, kept := range v {
			room += int(kept.sifted.log.Bytes())
		}
		if room > visitBytes || len(v) != min(i+1, 3) || v[len(v)-1].chat != chat(i) {
			t.Errorf("after %d chats %d are kept, with %d bytes", i+1, len(v), room)
		}
	}
	v.keep(visit{chat: chat(99), sifted: sifted{log: log(visitBytes)}})
	if len(v) != 0 {
		t.Errorf("%d chats are kept behind one that is too large", len(v))
	}
}

// TestManyChatsAreOpenedAnew: one that is not kept any more is loaded as if it had
// never been open.
func TestManyChatsAreOpenedAnew(t *testing.T) {
	a := newArchive(50)
	for i := range maxVisits + 3 {
		a.fill(t, history.Chat{User: "alice", Peer: fmt.Sprintf("peer%02d", i)}, 60, nil)
	}
	term := start(t, Config{Client: a, User: "alice", Zones: []*time.Location{shanghai}}, 120, 24)
	peer := func(i int) history.Chat { return history.Chat{User: "alice", Peer: fmt.Sprintf("peer%02d", i)} }
	for i := range maxVisits + 3 {
		term.opens(peer(i))
		term.press("k k")
	}
	if term.opens(peer(0)); term.m.messages.selectedSeq() != 60 {
		t.Errorf("a chat that was not kept begins at %d", term.m.messages.selectedSeq())
	}
	if term.opens(peer(maxVisits)); term.m.messages.selectedSeq() != 58 {
		t.Errorf("a chat that was kept begins at %d", term.m.messages.selectedSeq())
	}
}
