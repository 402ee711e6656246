package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
)

// withGap is a chat of 60 messages whose numbers 31-42 are missing from the list. Of
// them the service knows 6: three recalled, one deleted, two that are there.
func withGap(t testing.TB) *archive {
	a := newArchive(100)
	a.fill(t, aliceAndBob, 30, nil)
	for n := range 18 {
		a.write(t, aliceAndBob, map[string]any{"MsgSeq": 43 + n, "MsgId": idOf(43 + n), "MsgBody": fmt.Sprint("message ", 43+n)})
	}
	for _, seq := range []int64{31, 35, 40} {
		a.bySeq[seq] = fmt.Sprintf(`{"MsgType":31,"IsEmpty":2,"MsgSeq":%d,"MsgTime":1775000000000,"MsgBody":{"user_id":"carol","revoke_time":1775000060000,"msg_status":16,"msg_type":1}}`, seq)
	}
	a.bySeq[36] = `{"IsEmpty":1}`
	for _, seq := range []int64{41, 42} {
		a.bySeq[seq] = fmt.Sprintf(`{"Sender":"bob","MsgType":1,"MsgBody":"only by its number %d","MsgId":%d,"MsgSeq":%d,"MsgTime":1775000000000}`, seq, idOf(int(seq)), seq)
	}
	return a
}

// opensGap opens a list of 30 numbers.
func (term *terminal) opensGap() {
	a := &gapAnswer{gap: history.Gap{After: 0, Before: 31}, asked: 30}
	for seq := range int64(30) {
		raw := fmt.Sprintf(`{"Sender":"bob","MsgType":1,"MsgBody":"found","MsgSeq":%d,"MsgId":%d}`, seq+1, idOf(int(seq)))
		a.found = append(a.found, gapFound{message: zim.ReadMessage([]byte(raw))})
	}
	term.press("enter")
	term.m.put(&gapList{of: a})
	term.m.after(nil)
	term.m.draw()
}

func TestAGapIsDrawnAndAskedAbout(t *testing.T) {
	a := withGap(t)
	term := read(t, a, 160, 30)
	term.say("t", "seq 43")
	term.wants("· 12 numbers missing (seq 31-42) · e asks ·")
	asked := len(a.asked())
	term.press("e")
	term.wants("· 12 numbers missing (seq 31-42): 3 recalled, 1 deleted or expired, 2 messages, 6 unknown to the service")
	if calls := a.asked()[asked:]; len(calls) != 1 || calls[0] != "seq [42 41 40 39 38 37 36 35 34 33 32 31] of bob by alice" {
		t.Errorf("asked %q", calls)
	}
	if n := term.m.messages.log.Len(); n != 48 {
		t.Errorf("%d messages are loaded: what was asked for is not of the list", n)
	}
	term.press("e")
	term.wants("Missing numbers · seq 31-42", "▌ seq 42", "only by its number 41", "recalled by carol", "seq 36-39  unknown to the service, or told of without a number, below", "no number  deleted or expired")
	term.press("j enter")
	if term.m.cover != nil || !term.m.inspector.alone || term.m.inspector.message.MsgSeq != 41 {
		t.Errorf("not inspected:\n%s", term.shows())
	}
	term.wants("looked up by", "seq 41")
	term.press("esc k e") // from the message above the gap
	term.wants("Missing numbers")
	term.press("j j j enter")
	term.wants("no answer names a message of these numbers")
	term.press("esc g e")
	term.wants("no number is missing beside this message")
}

// TestGapsOfLongRuns: no key press asks for more than 200 numbers, each call for 20.
func TestGapsOfLongRuns(t *testing.T) {
	a := newArchive(100)
	a.fill(t, aliceAndBob, 30, nil)
	a.write(t, aliceAndBob, map[string]any{"MsgSeq": 1031, "MsgId": idOf(1031)})
	term := read(t, a, 120, 30)
	for press := 1; press <= 5; press++ {
		before := len(a.asked())
		term.press("e")
		if n := len(a.asked()) - before; n != 10 {
			t.Errorf("press %d: %d calls", press, n)
		}
	}
	term.wants("1000 numbers missing (seq 31-1030): 1000 unknown to the service · e lists")
	calls := slices.DeleteFunc(a.asked(), func(call string) bool { return !strings.HasPrefix(call, "seq ") })
	if !strings.HasPrefix(calls[0], "seq [1030 1029 ") || !strings.HasSuffix(calls[49], " 32 31] of bob by alice") {
		t.Errorf("asked %q … %q", calls[0], calls[49])
	}
	term.press("e")
	term.wants("seq 31-1030  unknown to the service")
}

// TestWhereNoGapIsDrawn: where a filter hides neighbours, where rows without a
// number fill it, where gaps are the rule, and where nobody wants them.
func TestWhereNoGapIsDrawn(t *testing.T) {
	none := func(what string, term *terminal) {
		t.Helper()
		if strings.Contains(term.shows(), "missing") {
			t.Errorf("%s:\n%s", what, term.shows())
		}
	}
	term := read(t, withGap(t), 120, 30)
	term.wants("12 numbers missing")
	term.say("f", "message")
	none("a filter", term)
	term.press("e")
	term.wants("a filter hides neighbours")
	term.say("f", "")
	term.say(":", "gaps")
	term.press("k")
	none(":gaps", term)
	term.press("e")
	term.wants(":gaps on draws them")
	term.say(":", "gaps maybe")
	term.wants("say auto, on or off")
	term.say(":", "gaps auto")
	term.wants("12 numbers missing")

	bare := map[string]any{"MsgSeq": nil, "MsgId": nil, "MsgBody": nil, "MsgTime": nil, "IsEmpty": 1}
	a := newArchive(100)
	a.fill(t, aliceAndBob, 20, map[int]map[string]any{9: bare, 10: bare})
	none("rows without a number", read(t, a, 120, 30))
	a = newArchive(100)
	a.fill(t, aliceAndBob, 20, map[int]map[string]any{9: bare, 10: {"MsgSeq": nil, "IsEmpty": 1, "MsgId": nil}, 8: bare})
	a.write(t, aliceAndBob, bare, map[string]any{"MsgSeq": 25})
	term = read(t, a, 120, 30)
	term.wants("3 of 4 numbers missing (seq 21-24)")
	term.press("k e") // from a row without a number
	term.wants("4 unknown to the service")

	a = newArchive(100)
	for n := range 200 {
		a.write(t, aliceAndBob, map[string]any{"MsgSeq": 2*n + 1, "MsgId": idOf(2 * n)})
	}
	term = read(t, a, 120, 30)
	none("gaps are the rule", term)
	term.wants("gaps not drawn")
	term.say(":", "limits")
	term.wants("numbers are missing between 99 of the 99 newest pairs of neighbours", "that is how this app numbers")
	term.press("esc")
	term.say(":", "gaps on")
	term.press("k")
	term.wants("1 number missing (seq 398)")
}

// TestGapsAreAskedInTurn: each call waits for the one before, its progress is shown,
// esc stops it, and what was said stays. An answer that comes late is dropped.
func TestGapsAreAskedInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive(100)
		a.wait = time.Second
		a.fill(t, aliceAndBob, 30, nil)
		a.write(t, aliceAndBob, map[string]any{"MsgSeq": 331, "MsgId": idOf(331)})
		p := run(t, Config{Client: a, Chat: aliceAndBob}, 120, 24)
		p.waits()
		before := len(a.asked())
		p.press("e", "e", "e")
		time.Sleep(3500 * time.Millisecond)
		p.press("j")
		p.model(func(m *Model) {
			if s := (&terminal{t, m}).shows(); !strings.Contains(s, "asking, 60 of 300 so far · esc stops") || !strings.Contains(s, "60 of 300 numbers · esc stops") {
				t.Errorf("no progress:\n%s", s)
			}
		})
		p.press("esc")
		p.waits()
		if n := len(a.asked()) - before; n != 4 {
			t.Errorf("%d calls", n)
		}
		p.model(func(m *Model) {
			if s := (&terminal{t, m}).shows(); !strings.Contains(s, "60 unknown to the service, 240 not asked for · e asks on") {
				t.Errorf("what was said is gone:\n%s", s)
			}
		})
		a.refuse = only("seq [2")
		p.press("e")
		p.waits()
		p.model(func(m *Model) {
			if s := (&terminal{t, m}).shows(); !strings.Contains(s, "60 unknown") || !strings.Contains(s, "asking failed, e asks again") {
				t.Errorf("no error:\n%s", s)
			}
		})
		a.refuse = nil
		p.press("e")
		time.Sleep(1500 * time.Millisecond)
		p.press("a")
		p.waits()
		p.model(func(m *Model) {
			if m.messages.gaps.busy || m.messages.chat.User != "bob" {
				t.Error("it is asked on in another chat")
			}
		})
		p.quits()
	})
}

// TestGapsStayWithTheirChat: what was said of a gap is there again when one returns.
func TestGapsStayWithTheirChat(t *testing.T) {
	a := withGap(t).fill(t, aliceAndCarol, 20, nil)
	term := read(t, a, 120, 30)
	term.say("t", "seq 43")
	term.press("e")
	term.opens(aliceAndCarol)
	if strings.Contains(term.shows(), "missing") {
		t.Errorf("a gap of another chat:\n%s", term.shows())
	}
	term.opens(aliceAndBob)
	term.wants("3 recalled", "e lists")
}

func TestEveryLineOfTheGapsFits(t *testing.T) {
	for w := minWidth; w < 130; w += 3 {
		for _, keys := range []string{"", "e", "e e", "e e enter"} {
			term := read(t, withGap(t), w, 14)
			term.say("t", "seq 43")
			term.press(keys)
			for i, l := range strings.Split(term.m.View().Content, "\n") {
				if n := cellsOf(l); n > w {
					t.Fatalf("%d wide, %q: line %d has %d cells", w, keys, i, n)
				}
			}
		}
	}
}
