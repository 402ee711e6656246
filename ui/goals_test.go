package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseGoal(t *testing.T) {
	now := time.Date(2026, 5, 2, 12, 0, 0, 0, shanghai)
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, shanghai)
	for s, want := range map[string]goal{
		"2026-05-01":           {kind: goalTime, at: day, row: -1},
		" 2026-05-01 ":         {kind: goalTime, at: day, row: -1},
		"2026-05-01 14:30":     {kind: goalTime, at: day.Add(14*time.Hour + 30*time.Minute), row: -1},
		"2026-05-01T14:30:05Z": {kind: goalTime, at: time.Date(2026, 5, 1, 14, 30, 5, 0, time.UTC), row: -1},
		"-24h":                 {kind: goalTime, at: now.Add(-24 * time.Hour), row: -1},
		"-7d":                  {kind: goalTime, at: now.AddDate(0, 0, -7), row: -1},
		"seq 120":              {kind: goalSeq, seq: 120, alone: true, row: -1},
		"SEQ  120":             {kind: goalSeq, seq: 120, alone: true, row: -1},
		"id 9007199254740993":  {kind: goalID, id: 9007199254740993, row: -1},
		"75%":                  {kind: goalLoaded, part: 0.75, row: -1},
		"0%":                   {kind: goalLoaded, row: -1},
		"100%":                 {kind: goalLoaded, part: 1, row: -1},
		"12.5%":                {kind: goalLoaded, part: 0.125, row: -1},
	} {
		got, err := parseGoal(s, shanghai, now)
		at := want.at
		if got.at.Equal(at) {
			got.at, want.at = time.Time{}, time.Time{}
		}
		if err != nil || got != want {
			t.Errorf("%q is %+v, %v, want %+v", s, got, err, want)
		}
	}
	for s, told := range map[string]string{
		"seq": "", "seq x": "whole number", "seq 0": "whole number", "seq -5": "whole number", "id 1.5": "whole number",
		"id 99999999999999999999": "whole number", "101%": "0% to 100%", "-1%": "0% to 100%", "x%": "0% to 100%", "NaN%": "0% to 100%",
		"yesterday": "leads nowhere", "2026-13-01": "leads nowhere", "": "leads nowhere", "120": "leads nowhere",
	} {
		if g, err := parseGoal(s, shanghai, now); err == nil || !strings.Contains(err.Error(), told) {
			t.Errorf("%q is %+v, %v, want an error with %q", s, g, err, told)
		}
	}
}

// fourDays is a chat of 400 messages over four days, from 2026-04-01 09:01 on, a
// quarter of an hour apart.
func fourDays(t testing.TB) *archive {
	t.Helper()
	a := newArchive(50)
	for seq := 1; seq <= 400; seq++ {
		a.write(t, aliceAndBob, map[string]any{"MsgTime": began.Add(time.Duration(seq) * 15 * time.Minute).UnixMilli()})
	}
	return a
}

// seqSince is the first message of fourDays that is not before a time.
func seqSince(at time.Time) int64 {
	after := at.Sub(began)
	return max(int64((after+15*time.Minute-1)/(15*time.Minute)), 1)
}

func TestGoTo(t *testing.T) {
	midnight := func(day int) time.Time { return time.Date(2026, 4, day, 0, 0, 0, 0, shanghai) }
	for _, tt := range []struct {
		goal  string
		seq   int64
		told  string
		calls int // pages that are asked for, beyond those of the first screen; -1: any
	}{
		{"2026-04-03", seqSince(midnight(3)), "", -1},
		{"2026-04-03 17:05", seqSince(midnight(3).Add(17*time.Hour + 5*time.Minute)), "", -1},
		{"2026-04-03T00:00:00Z", seqSince(midnight(3).Add(8 * time.Hour)), "", -1},
		{"-24h", seqSince(midnight(4).Add(12 * time.Hour)), "", -1},
		{"2026-04-01", 1, "the retained history starts here", 7},
		{"2020-01-01", 1, "the retained history starts here", 7},
		{"2026-06-01", 400, "nothing is as new as that: this is the newest message", 0},
		{"seq 120", 120, "", -1},
		{"seq 400", 400, "", 0},
		{"seq 5000", 400, "seq 5000 is not in this list: this is the nearest, ", 1}, // it was asked for alone
		{fmt.Sprintf("id %d", idOf(120)), 120, "", -1},
		{"id 5", 400, "id 5 is not in this list, back to the start, 2026-04-01 09:15", 7},
		{"100%", 400, "", 0},
		{"0%", 351, "", -1}, // of the page that is loaded
		{"50%", 376, "", 0},
	} {
		t.Run(tt.goal, func(t *testing.T) {
			a := fourDays(t)
			c := Config{Client: a, Chat: aliceAndBob, Zones: []*time.Location{shanghai}, Now: func() time.Time { return midnight(5).Add(12 * time.Hour) }}
			term := start(t, c, 120, 12)
			m := &term.m.messages
			before := len(a.asked())
			if m.log.Len() != 50 {
				t.Fatalf("%d loaded at first", m.log.Len())
			}
			term.say("t", tt.goal)
			if m.selectedSeq() != tt.seq || !strings.Contains(term.lastRow(), tt.told) || m.goal.on() {
				t.Errorf("selected %d, want %d; told %q, want %q", m.selectedSeq(), tt.seq, term.lastRow(), tt.told)
			}
			if n := len(a.asked()) - before; tt.calls >= 0 && n != tt.calls {
				t.Errorf("%d calls: %v", n, a.asked()[before:])
			}
			if tt.told == "" && strings.Contains(term.lastRow(), "not") {
				t.Errorf("told %q", term.lastRow())
			}
			if !slices.ContainsFunc(m.window(), func(s spot) bool { return s.item == m.selected && s.line >= m.block(s.item).lead }) {
				t.Error("what is selected is not on screen")
			}
		})
	}
}

// TestADateIsOfTheZoneThatIsShown: the same words lead elsewhere in another zone.
func TestADateIsOfTheZoneThatIsShown(t *testing.T) {
	for i, zone := range []*time.Location{shanghai, time.UTC, time.FixedZone("", -9*3600)} {
		a := fourDays(t)
		term := start(t, Config{Client: a, Chat: aliceAndBob, Zones: []*time.Location{shanghai, time.UTC, time.FixedZone("", -9*3600)}}, 120, 30)
		term.press(strings.Repeat("T ", i))
		term.say("t", "2026-04-03")
		if got, want := term.m.messages.selectedSeq(), seqSince(time.Date(2026, 4, 3, 0, 0, 0, 0, zone)); got != want {
			t.Errorf("in %v 2026-04-03 begins with %d, not %d", zone, got, want)
		}
		if !strings.Contains(term.shows(), "Friday 3 April 2026") {
			t.Errorf("in %v:\n%s", zone, term.shows())
		}
	}
}

func TestAWayToAGoalIsToldAndCanBeStopped(t *testing.T) {
	a := fourDays(t)
	term := start(t, Config{Client: a, Chat: aliceAndBob, Zones: []*time.Location{shanghai}}, 120, 12)
	m := &term.m.messages
	held := term.held()
	held.say("t", "2026-04-01 10:00")
	for m.log.Len() < 200 {
		got := held.lastRow()
		if !strings.Contains(got, "to 2026-04-01 10:00 · back to 2026-04-0") || !strings.Contains(got, " left · esc stops") || m.selectedSeq() != 400 {
			t.Fatalf("%d loaded, %d is selected: %q", m.log.Len(), m.selectedSeq(), got)
		}
		held.answer()
	}
	if got := held.lastRow(); !strings.Contains(got, "back to 2026-04-03 11:15 · 3 calls, about 2 left") {
		t.Errorf("%q", got)
	}
	held.send(keyOf(t, "esc"))
	if got := held.lastRow(); !strings.Contains(got, "stopped: back to 2026-04-03 11:15") {
		t.Errorf("after esc: %q", got)
	}
	held.finish()
	if m.travels() || m.selectedSeq() != 400 || m.log.Len() > 250 {
		t.Errorf("after esc: %d loaded, %d selected, on the way: %v", m.log.Len(), m.selectedSeq(), m.travels())
	}
	held.say("t", "seq 60")
	held.send(keyOf(t, "k"))
	if held.finish(); m.selectedSeq() != 60 {
		t.Errorf("selected %d", m.selectedSeq())
	}
}

// TestAWayThatFailsGoesOnWithR: the goal is not forgotten.
func TestAWayThatFailsGoesOnWithR(t *testing.T) {
	a := fourDays(t)
	term := start(t, Config{Client: a, Chat: aliceAndBob, Zones: []*time.Location{shanghai}}, 120, 12)
	m := &term.m.messages
	a.refuse = only("bob 2")
	term.say("t", "seq 30")
	if m.edge != edgeFailed || !strings.Contains(term.lastRow(), "no route to host") {
		t.Fatalf("edge %d: %q", m.edge, term.lastRow())
	}
	a.refuse = nil
	if term.press("r"); m.selectedSeq() != 30 {
		t.Errorf("selected %d of %d", m.selectedSeq(), m.log.Len())
	}
}

func TestAGoalThatTheFilterHides(t *testing.T) {
	term := read(t, bySenders(t, 50, 400), 120, 24)
	m := &term.m.messages
	term.say("f", "from:bob")
	for goal, want := range map[string]int64{"seq 100": 100, "seq 99": 97, "seq 1": 1} {
		term.say("t", goal)
		hidden := strings.Contains(term.lastRow(), "the filter hides it")
		if m.selectedSeq() != want || hidden != (want == 97) {
			t.Errorf("%s: selected %d, told %q", goal, m.selectedSeq(), term.lastRow())
		}
	}
	term.say("f", "from:nobody")
	if term.say("t", "seq 100"); !strings.Contains(term.lastRow(), "the filter hides all that is loaded") {
		t.Errorf("told %q", term.lastRow())
	}
}

// TestASeqIsShownAloneAtOnce: before the list is loaded down to it.
func TestASeqIsShownAloneAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		shows        []string
	}{
		{"a message", `{"Sender":"bob","MsgType":1,"MsgBody":"the first of all","MsgSeq":7,"MsgId":77,"MsgTime":1775000000000}`, []string{"the first of all", "looked up by its number", "seq 7"}},
		{"recalled", `{"MsgType":31,"IsEmpty":2,"MsgSeq":7,"MsgBody":{"user_id":"carol","revoke_time":1700000000000,"msg_status":16}}`, []string{"recalled", "looked up by its number", "carol"}},
		{"deleted", `{"IsEmpty":1}`, []string{"deleted or expired", "looked up by its number"}},
		{"missing", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := fourDays(t)
			a.bySeq[7] = tt.answer
			term := start(t, Config{Client: a, Chat: aliceAndBob, Zones: []*time.Location{shanghai}}, 160, 40)
			m := &term.m.messages
			held := term.held()
			held.say("t", "seq 7")
			for !slices.Contains(a.asked(), "seq [7] of bob by alice") {
				held.answer()
			}
			if m.log.Len() >= 350 || term.m.inspector.open != (tt.answer != "") {
				t.Errorf("%d loaded, the inspector is open: %v", m.log.Len(), term.m.inspector.open)
			}
			for _, want := range tt.shows {
				if got := term.shows(); !strings.Contains(got, want) {
					t.Errorf("%q is not shown:\n%s", want, got)
				}
			}
			held.finish()
			if m.selectedSeq() != 7 {
				t.Errorf("the list leads to %d", m.selectedSeq())
			}
			if term.m.inspector.open && !term.m.inspector.shows(m.at(m.selected)) {
				t.Error("the inspector does not show what is selected in the end")
			}
		})
	}
	a := fourDays(t)
	a.refuse = only("seq [")
	term := start(t, Config{Client: a, Chat: aliceAndBob}, 120, 24)
	if term.say("t", "seq 7"); !strings.Contains(term.lastRow(), "not looked up by its number: no route to host") || term.m.messages.selectedSeq() != 7 {
		t.Errorf("selected %d: %q", term.m.messages.selectedSeq(), term.lastRow())
	}
	if term.say("t", "seq 300"); len(slices.DeleteFunc(a.asked(), func(s string) bool { return !strings.HasPrefix(s, "seq") })) != 1 {
		t.Errorf("a message that is loaded is asked for: %v", a.asked())
	}
}

// TestDayKeys walks over days of random length by { and }, beside a plain list.
func TestDayKeys(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := newArchive(rapid.IntRange(5, 40).Draw(rt, "page"))
		at := began
		var times []time.Time
		for range rapid.IntRange(1, 120).Draw(rt, "messages") {
			at = at.Add(rapid.SampledFrom([]time.Duration{0, time.Minute, 3 * time.Hour, 26 * time.Hour, 100 * time.Hour}).Draw(rt, "gap"))
			times = append(times, at)
			a.write(t, aliceAndBob, map[string]any{"MsgTime": at.UnixMilli()})
		}
		zones := []*time.Location{shanghai, time.UTC}
		term := start(t, Config{Client: a, Chat: aliceAndBob, Zones: zones}, 80, rapid.IntRange(10, 30).Draw(rt, "h"))
		m := &term.m.messages
		firstOf := func(seq int64) int64 {
			for seq > 1 && sameDay(times[seq-2], times[seq-1], m.look.zone) {
				seq--
			}
			return seq
		}
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			from := m.selectedSeq()
			want := from
			switch key := rapid.SampledFrom([]string{"{", "{", "}", "k", "T", "b"}).Draw(rt, "key"); key {
			default:
				term.press(key)
				continue
			case "{":
				if want = firstOf(from); want == from && from > 1 {
					want = firstOf(from - 1)
				}
				term.press(key)
			case "}":
				for want = from; firstOf(want) == firstOf(from) && want < int64(len(times)); want++ {
				}
				term.press(key)
			}
			if m.selectedSeq() != want {
				rt.Fatalf("from %d (%v) to %d (%v), want %d (%v)", from, times[from-1], m.selectedSeq(), times[m.selectedSeq()-1], want, times[want-1])
			}
			if !slices.ContainsFunc(m.window(), func(s spot) bool { return s.item == m.selected }) {
				rt.Fatalf("message %d is not on screen", m.selectedSeq())
			}
		}
	})
}

func TestStartingAtAPlace(t *testing.T) {
	at := time.Date(2026, 4, 2, 12, 1, 0, 0, shanghai)
	for name, tt := range map[string]struct {
		config Config
		want   int64
	}{
		"seq": {Config{Seq: 33}, 33}, "at": {Config{At: at}, seqSince(at)}, "an old time": {Config{At: at.AddDate(-1, 0, 0)}, 1},
		"both": {Config{Seq: 390, At: at}, 390},
	} {
		a := fourDays(t)
		tt.config.Client, tt.config.Chat, tt.config.Zones = a, aliceAndBob, []*time.Location{shanghai}
		term := start(t, tt.config, 120, 24)
		if got := term.m.messages.selectedSeq(); got != tt.want {
			t.Errorf("%s: started at %d, not %d", name, got, tt.want)
		}
		if term.press("J"); !strings.Contains(term.lastRow(), fmt.Sprintf("seq %d", tt.want)) {
			t.Errorf("%s: %q", name, term.lastRow())
		}
	}
}
