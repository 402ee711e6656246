package ui

import (
	"bytes"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"backscroll/zim/history"
)

// What may be counted exactly is held here: allocations, and bytes that go to the
// terminal. Times are benchmarks.

// TestAllocationsOfARow: a message that comes on screen is laid out and drawn with
// at most 30 allocations a row.
func TestAllocationsOfARow(t *testing.T) {
	term := start(t, Config{Client: &slowService{perChat: 2000, perPage: 2000, odd: true}, Chat: aliceAndBob}, 160, 50)
	m := &term.m.messages
	item, rows := 0, 0
	allocations := testing.AllocsPerRun(1000, func() {
		item++
		m.drop(item)
		b := m.block(item)
		for line := range b.rows {
			m.line(spot{item, line}, true)
		}
		rows += len(b.rows)
	})
	if each := allocations * 1001 / float64(rows); each > 30 {
		t.Errorf("%.1f allocations a row", each)
	}
}

// TestAllocationsOfAKey: a key allocates the same whatever is loaded, also with a
// search and a filter on.
func TestAllocationsOfAKey(t *testing.T) {
	for _, on := range []string{"", "/ 7 enter", "f 7 enter"} {
		var least, most float64
		for _, loaded := range []int{1_000, 100_000} {
			term := start(t, Config{Client: &slowService{perChat: loaded, perPage: loaded}, Chat: aliceAndBob}, 160, 50)
			term.press(on)
			m := &term.m.messages
			if m.selected = m.len() / 2; m.len() < 100 {
				t.Fatalf("%q shows %d of %d", on, m.len(), loaded)
			}
			m.reveal()
			up, down := keyOf(t, "k"), keyOf(t, "j")
			for range 60 { // what comes on screen is laid out now
				term.m.Update(up)
			}
			key := down
			n := testing.AllocsPerRun(100, func() {
				term.m.Update(key)
				if key = up; m.hold().row > 40 {
					key = down
				}
			})
			if least == 0 {
				least = n
			}
			most = n
		}
		if most > 260 || most > least*1.1+5 {
			t.Errorf("%q: a key allocates %.0f times with 1,000 messages loaded, %.0f with 100,000", on, least, most)
		}
	}
}

// written counts what goes to the terminal.
type written struct {
	mu sync.Mutex
	bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Buffer.Write(p)
}

func (w *written) take() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.Len()
	w.Reset()
	return n
}

// TestBytesOfAKey: a line and a page write no more to the terminal than the lines
// that changed.
func TestBytesOfAKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out written
		m := New(t.Context(), Config{Client: sampleClient(t), Chat: history.Chat{User: "alice", Peer: "archive"}, Zones: []*time.Location{time.UTC}})
		p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(&out), tea.WithoutSignalHandler(),
			tea.WithWindowSize(160, 50), tea.WithFPS(120), tea.WithColorProfile(colorprofile.TrueColor))
		done := make(chan error, 1)
		go func() {
			_, err := p.Run()
			done <- err
		}()
		time.Sleep(time.Second)
		synctest.Wait()
		press := func(k string) int {
			out.take()
			p.Send(keyOf(t, k))
			time.Sleep(time.Second)
			synctest.Wait()
			return out.take()
		}
		for k, most := range map[string]int{"k": 1_200, "b": 5_000} {
			press("G")
			press("b")
			press("b")
			press("g") // the first row: each key scrolls
			if n := press(k); n == 0 || n > most {
				t.Errorf("%s writes %d bytes", k, n)
			} else {
				t.Logf("%s writes %d bytes", k, n)
			}
		}
		p.Quit()
		<-done
	})
}
