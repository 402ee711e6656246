package ui

import (
	"strings"
	"testing"
	"time"

	"backscroll/zim/history"
)

// thirtyDays is a chat of a message every 12 hours, the last one now: 45 days of
// them, of which a few are gone. Where at is set, a deleted row keeps its time.
func thirtyDays(t testing.TB, at bool) (*archive, Config) {
	now := time.Date(2026, 5, 20, 12, 0, 0, 0, shanghai)
	a := newArchive(100)
	for n := range 90 {
		m := map[string]any{"MsgTime": now.Add(-time.Duration(89-n) * 12 * time.Hour).UnixMilli()}
		if n%10 == 9 {
			m["IsEmpty"], m["MsgBody"] = 1, ""
			if !at {
				m["MsgTime"], m["MsgId"] = nil, nil
			}
		}
		a.write(t, aliceAndBob, m)
	}
	return a, Config{Client: a, User: "alice", Chat: aliceAndBob, Zones: []*time.Location{shanghai, time.UTC}, Now: func() time.Time { return now }}
}

func TestRetention(t *testing.T) {
	for _, timed := range []bool{true, false} {
		_, c := thirtyDays(t, timed)
		term := start(t, c, 120, 400)
		if s := term.shows(); strings.Contains(s, "expires in") || strings.Contains(s, "of retention") || strings.Contains(s, "younger") || strings.Contains(s, "older than") {
			t.Errorf("marks without a term:\n%s", s)
		}
		term.say(":", "retention 30")
		term.wants("messages are kept for 30 days: since 2026-04-20")
		term.press("j")
		term.wants("─ Monday 20 April 2026 ─", "Tuesday 21 April 2026 · expires in 12 h", "Wednesday 22 April 2026 · expires in 36 h", "Thursday 23 April 2026 · expires in 2 days",
			"─ ↑ past the 30 days of retention ─", "deleted: younger than the 30 days that messages are kept", "deleted or expired: older than the 30 days that messages are kept")
		s := term.shows()
		line := strings.Index(s, "↑ past")
		younger := map[bool]int{true: 7, false: 6}[timed] // one without a time stands at the line: it can be either
		if strings.Index(s, "deleted: younger") < line || strings.Count(s, "deleted: younger") != younger {
			t.Errorf("timed %v: what is younger stands above the line, or there are not %d:\n%s", timed, younger, s)
		}
		if strings.LastIndex(s, "expired: older") > line || strings.Count(s, "expired: older") != 2 || strings.Count(s, "↑ past") != 1 || strings.Contains(s, "24 April 2026 · expires") {
			t.Errorf("timed %v: what is older stands below the line:\n%s", timed, s)
		}
		if term.press("g"); strings.Contains(term.shows(), "kept since") {
			t.Errorf("messages are older than they are kept:\n%s", term.shows())
		}
		term.say(":", "retention 100")
		term.press("g")
		term.wants("start of the retained history · 2026-04-06 · kept since 2026-02-09")
		term.say(":", "retention off")
		term.press("j")
		if s := term.shows(); strings.Contains(s, "expires in") || strings.Contains(s, "younger") {
			t.Errorf("marks after off:\n%s", s)
		}
	}
}

// TestAnAgeThatIsNotKnown: a row without a time beside the line can be either.
func TestAnAgeThatIsNotKnown(t *testing.T) {
	now := time.Date(2026, 5, 20, 12, 0, 0, 0, shanghai)
	bare := map[string]any{"MsgTime": nil, "MsgId": nil, "MsgSeq": nil, "MsgBody": nil, "IsEmpty": 1}
	a := newArchive(100)
	a.write(t, aliceAndBob, bare,
		map[string]any{"MsgTime": now.Add(-31 * 24 * time.Hour).UnixMilli()}, bare,
		map[string]any{"MsgTime": now.Add(-29 * 24 * time.Hour).UnixMilli()}, bare)
	term := start(t, Config{Client: a, Chat: aliceAndBob, Zones: []*time.Location{shanghai}, Now: func() time.Time { return now }, KeptDays: 30}, 120, 30)
	s := term.shows()
	older, either, younger := strings.Index(s, "deleted or expired: older"), strings.Index(s, "deleted or expired\n"), strings.Index(s, "deleted: younger")
	if either < 0 {
		either = strings.Index(s, "deleted or expired  ")
	}
	if older < 0 || either < older || younger < either {
		t.Errorf("%d, %d, %d:\n%s", older, either, younger, s)
	}
	term.press("enter")
	term.wants("expired       no: it is younger than the 30 days")
}

func TestRetentionThatIsNone(t *testing.T) {
	_, c := thirtyDays(t, true)
	for _, words := range []string{"retention 0", "retention -3", "retention soon", "retention 99999999999999999999", "retention"} {
		term := start(t, c, 120, 24)
		term.say(":", words)
		term.wants("retention: say for how many days the app keeps messages")
	}
	term := start(t, c, 120, 24)
	term.say(":", "retention 1")
	term.say(":", "retention")
	term.wants("messages are kept for 1 day")
	term.say(":", "limits")
	term.wants("messages are kept for 1 day, as you said")
}

func TestLimits(t *testing.T) {
	for w := minWidth; w < 130; w += 7 {
		term := start(t, Config{Client: sampleClient(t), Chat: history.Chat{User: "alice", Peer: "bob"}}, w, 12)
		term.say(":", "limits")
		seen := ""
		for range 300 {
			s := term.shows()
			seen += s
			for i, l := range strings.Split(s, "\n") {
				if n := cellsOf(l); n > w {
					t.Fatalf("%d wide: line %d has %d cells", w, i, n)
				}
			}
			if term.press("j"); term.shows() == s {
				break
			}
		}
		for _, l := range apiLimits {
			if !strings.Contains(seen, strings.Fields(l.what)[0]) {
				t.Errorf("%d wide: %q is not shown", w, l.what)
			}
		}
		if term.press("esc"); term.m.cover != nil {
			t.Error("esc does not close it")
		}
	}
	term := start(t, sample(t), 80, 24)
	term.press("? G")
	if !strings.Contains(term.shows(), ":limits") {
		term.press("b")
	}
	term.wants(":limits", "what this API never tells")
}
