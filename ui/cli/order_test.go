package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// numbered is a message whose MsgId and MsgSeq are n, a second after n-1.
func numbered(n int) json.RawMessage {
	return fmt.Appendf(nil, `{"Sender":"u1","MsgType":1,"MsgBody":"m","MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`, n, n, 1777636800000+1000*n)
}

// TestOrderOfArrivals has two messages arrive during a walk: as they come they
// are last, but the oldest first are in the order of the chat.
func TestOrderOfArrivals(t *testing.T) {
	t.Parallel()
	run := func(from, to int) (ids []string) {
		step := 1
		if to < from {
			step = -1
		}
		for n := from; n != to+step; n += step {
			ids = append(ids, fmt.Sprint(n))
		}
		return ids
	}
	var rows []json.RawMessage
	for n := 1; n <= 150; n++ {
		rows = append(rows, numbered(n))
	}
	since := " --since 2026-05-01T12:01:00Z" // message 60
	for args, want := range map[string][]string{
		"--all":                                       append(run(150, 1), "152", "151"),
		"--all --oldest-first":                        run(1, 152),
		"--oldest-first --limit 151":                  run(2, 152),
		"--oldest-first --limit 120":                  run(31, 150), // reached before the arrivals were looked for
		"--all --oldest-first" + since:                run(60, 152),
		"--all --oldest-first --since 2020-01-01":     run(1, 152),
		"--oldest-first --until 2026-05-01T12:00:10Z": run(1, 9),
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			s := newService(t, emulator.WithPeerHistory("u1", "u2", rows...))
			s.before = func(e *emulator.Emulator, call int) {
				if call == 2 {
					e.Push("u1", "u2", numbered(151), numbered(152))
				}
			}
			o := s.run(t, "messages --user u1 --peer u2 --json "+args)
			o.wantDone(t, "")
			if got := ids(o.messages(t)); !slices.Equal(got, want) {
				t.Errorf("%d messages, from %.3q to %q; want %d, from %.3q", len(got), got, got[max(0, len(got)-3):], len(want), want)
			}
		})
	}
}

// TestFailedLastLook has only the look for arrivals fail.
func TestFailedLastLook(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithHook(func(action string, n int) *emulator.Fault {
		if n > 4 {
			return &emulator.Fault{Code: zim.NotInPlan}
		}
		return nil
	}))
	o := s.run(t, "messages --user alice --peer walter --all --json --oldest-first")
	const want = "backscroll: read messages: reached the start; the last look for new messages failed: QueryPeerMsg"
	if n := len(o.messages(t)); o.code != 1 || n != 303 || !strings.HasPrefix(o.stderr, want) {
		t.Errorf("exit code %d, %d messages, %s", o.code, n, o.stderr)
	}
}

// TestACircleIsNotTheStart: it ends a history too.
func TestACircleIsNotTheStart(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithFault(emulator.FaultLoop))
	o := s.run(t, "messages --user alice --peer walter --all --json")
	if o.code != 1 || !strings.HasPrefix(o.stderr, "backscroll: read messages: stopped after ") {
		t.Errorf("exit code %d, %s", o.code, o.stderr)
	}
}

// TestWhatCameInstead: a proxy's page names the proxy.
func TestWhatCameInstead(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithHook(func(string, int) *emulator.Fault {
		return &emulator.Fault{Status: 403, Body: "<h1>Example Company</h1>\n\x1b[2Jask the guest network"}
	}))
	for _, args := range []string{"messages --user alice --peer walter", "conversations --user alice"} {
		s.run(t, args).wantFailure(t, 1, "a proxy answered instead of ZIM (HTTP 403); it began: <h1>Example Company</h1>␤␛[2Jask the guest network")
	}
}
