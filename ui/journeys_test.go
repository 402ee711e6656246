package ui

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"backscroll/zim/history"
)

// types sends a line to a prompt that a key opens, and accepts it.
func (p *program) types(key, line string) {
	p.t.Helper()
	p.press(key)
	for _, r := range line {
		p.p.Send(keyOf(p.t, string(r)))
	}
	p.press("enter")
}

// TestKeysAreLiveWhileASearchRuns: each is obeyed at once, however slow the service
// is, and no call is made on the update goroutine.
func TestKeysAreLiveWhileASearchRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 1500, perPage: 100}
		p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 120, 24)
		p.waits()
		p.types("/", "absent")
		for i := range 20 {
			time.Sleep(300 * time.Millisecond)
			key := []string{"k", "j", "b", "space", "g", "G", "D", "T", "?", "esc"}[i%10]
			begun := time.Now()
			var before, after string
			p.model(func(m *Model) { before = m.screen })
			p.press(key)
			p.model(func(m *Model) { after = m.screen })
			if time.Since(begun) != 0 || before == after && i > 1 {
				t.Errorf("key %d, %s: the screen changed: %v, after %v", i, key, before != after, time.Since(begun))
			}
		}
		p.model(func(m *Model) {
			if !m.messages.travels() {
				t.Errorf("the search ended with %d loaded: %q", m.messages.log.Len(), m.screen)
			}
		})
		p.waits()
		p.model(func(m *Model) {
			if m.messages.log.Len() != 1500 || m.messages.travels() {
				t.Errorf("%d loaded", m.messages.log.Len())
			}
		})
		for i, g := range s.goroutines {
			if _, bad := p.updates.Load(g); bad {
				t.Errorf("call %d was made on the update goroutine", i)
			}
		}
		if calls := s.asked(); len(calls) != len(slices.Compact(slices.Sorted(slices.Values(calls)))) {
			t.Errorf("a page was asked for twice: %v", calls)
		}
		p.quits()
	})
}

// TestSwitchingChatsEndsASearch: its late page is dropped, and no other is asked for.
func TestSwitchingChatsEndsASearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 2000, perPage: 100}
		p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 120, 24)
		p.waits()
		p.types("/", "absent")
		time.Sleep(2500 * time.Millisecond)
		p.press("ctrl+k")
		for _, r := range "carol" {
			p.p.Send(keyOf(t, string(r)))
		}
		p.press("enter")
		bob := len(slices.DeleteFunc(s.asked(), func(c string) bool { return !strings.HasPrefix(c, "alice→bob") }))
		p.waits()
		p.waits()
		if n := len(slices.DeleteFunc(s.asked(), func(c string) bool { return !strings.HasPrefix(c, "alice→bob") })); n != bob {
			t.Errorf("%d pages of bob's chat are asked for after it was left", n-bob)
		}
		p.model(func(m *Model) {
			if m.messages.chat.Peer != "carol" || !m.messages.query.IsZero() || m.messages.travels() {
				t.Errorf("chat %v, query %q", m.messages.chat, m.messages.query)
			}
			for i := range m.messages.log.Len() {
				if raw := string(m.messages.log.At(i).Raw); !strings.Contains(raw, "alice→carol") {
					t.Fatalf("another chat's message: %s", raw)
				}
			}
		})
		s.mu.Lock()
		if s.cancelled != 1 {
			t.Errorf("%d calls were cancelled", s.cancelled)
		}
		s.mu.Unlock()
		p.quits()
	})
}

// TestQuittingWhileSomethingRuns: the bubble ends only if no goroutine is left.
func TestQuittingWhileSomethingRuns(t *testing.T) {
	for name, begin := range map[string]func(p *program){
		"a search":   func(p *program) { p.types("/", "absent") },
		"a goal":     func(p *program) { p.types("t", "2001-01-01") },
		"a seq":      func(p *program) { p.types("t", "seq 5") },
		"a find":     func(p *program) { p.types(":", "find absent") },
		"a filter":   func(p *program) { p.types("f", "from:nobody") },
		"a day":      func(p *program) { p.press("{") },
		"a reload":   func(p *program) { p.press("r") },
		"two at one": func(p *program) { p.types("f", "from:bob"); p.types("/", "/a(b|c)+$/"); p.types(":", "find x") },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &slowService{wait: time.Second, perChat: 5000, perPage: 100}
			p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 120, 24)
			p.waits()
			begin(p)
			time.Sleep(1500 * time.Millisecond)
			synctest.Wait()
			begun := time.Now()
			p.press("Q")
			if err := <-p.done; err != nil || time.Since(begun) > 100*time.Millisecond {
				t.Errorf("%s: %v after %v", name, err, time.Since(begun))
			}
			calls := len(s.asked())
			p.waits()
			if n := len(s.asked()); n != calls {
				t.Errorf("%s: %d calls after the end", name, n-calls)
			}
		})
	}
}

// TestCtrlCStopsTheJobFirst, then it quits.
func TestCtrlCStopsTheJobFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 5000, perPage: 100}
		p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 120, 24)
		p.waits()
		p.types(":", "find absent")
		p.types(":", "search absent")
		time.Sleep(1500 * time.Millisecond)
		for i, want := range []struct{ travels, finds bool }{{false, true}, {false, false}} {
			p.press("ctrl+c")
			p.model(func(m *Model) {
				if finds := m.findings.busy && !m.findings.stopped; m.messages.travels() != want.travels || finds != want.finds {
					t.Errorf("after %d: the search goes on: %v, the find: %v", i+1, m.messages.travels(), finds)
				}
			})
		}
		p.press("ctrl+c")
		if err := <-p.done; err != nil {
			t.Error(err)
		}
		p.waits()
	})
}

// TestASearchSurvivesAFailureAndARetry: r goes on where it was.
func TestASearchSurvivesAFailureAndARetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive(100).fill(t, aliceAndBob, 1000, map[int]map[string]any{7: says("needle")})
		var broken atomic.Bool
		a.wait, a.refuse = time.Second, func(string) error {
			if broken.Load() {
				return errNoRoute
			}
			return nil
		}
		p := run(t, Config{Client: a, User: "alice", Chat: aliceAndBob}, 120, 24)
		p.waits()
		p.types("/", "needle")
		time.Sleep(2500 * time.Millisecond)
		broken.Store(true)
		p.waits()
		p.model(func(m *Model) {
			if m.messages.edge != edgeFailed || m.messages.selectedSeq() != 1000 || !strings.Contains(m.screen, "no route to host") {
				t.Errorf("edge %d, %d selected", m.messages.edge, m.messages.selectedSeq())
			}
		})
		broken.Store(false)
		p.press("r")
		p.waits()
		p.model(func(m *Model) {
			if m.messages.selectedSeq() != 7 || m.messages.travels() {
				t.Errorf("%d selected of %d", m.messages.selectedSeq(), m.messages.log.Len())
			}
		})
		p.quits()
	})
}

// TestStartingAtASeqOverASlowService: it is inspected long before the list is there,
// and what the reader does meanwhile is not undone.
func TestStartingAtASeqOverASlowService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive(100).fill(t, aliceAndBob, 2000, nil)
		a.wait = time.Second
		p := run(t, Config{Client: a, Chat: history.Chat{User: "alice", Peer: "bob"}, Seq: 10}, 160, 40)
		time.Sleep(1200 * time.Millisecond)
		synctest.Wait()
		p.model(func(m *Model) {
			if !m.inspector.open || m.inspector.message.MsgSeq != 10 || m.messages.log.Len() > 200 {
				t.Errorf("inspected: %v, seq %d, %d loaded", m.inspector.open, m.inspector.message.MsgSeq, m.messages.log.Len())
			}
			if got := m.screen; !strings.Contains(got, "to seq 10") {
				t.Errorf("the way is not told:\n%s", got)
			}
		})
		p.waits()
		p.model(func(m *Model) {
			if got := fmt.Sprint(m.messages.selectedSeq(), m.inspector.message.MsgSeq); got != "10 10" {
				t.Errorf("selected and inspected: %s", got)
			}
		})
		p.quits()
	})
}
