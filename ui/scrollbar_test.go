package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// drawnBar is the scrollbar as it is seen, a rune for each row.
func (m *messages) drawnBar() string {
	var bar []rune
	for _, l := range m.view(true)[1:] {
		cells := []rune(ansi.Strip(l))
		bar = append(bar, cells[len(cells)-1])
	}
	return string(bar)
}

// thumb returns the rows of the bar that stand beside the screen.
func thumb(bar string) (rows []int) {
	for row, piece := range []rune(bar) {
		if strings.ContainsRune("┃┨╋", piece) {
			rows = append(rows, row)
		}
	}
	return rows
}

// ticks returns the rows of the bar that have a tick.
func ticks(bar, pieces string) (rows []int) {
	for row, piece := range []rune(bar) {
		if strings.ContainsRune(pieces, piece) {
			rows = append(rows, row)
		}
	}
	return rows
}

const (
	dayTicks = "╴┨"
	hitTicks = "━╋"
)

// mixed is a chat of which every tenth message is as high as a screen, or, if it is
// not, no message is.
func mixed(t testing.TB, n int, high bool) *archive {
	t.Helper()
	special := map[int]map[string]any{}
	for seq := 1; seq <= n; seq++ {
		body := "needle"
		if seq%10 != 0 {
			body = "hay"
		}
		if seq%10 == 5 && high {
			body = strings.Repeat("a long tale of hay ", 60)
		}
		special[seq] = says(body)
	}
	return newArchive(100).fill(t, aliceAndBob, n, special)
}

// TestTheThumbIsWhereTheScreenIs in what is loaded: by message, not by height.
func TestTheThumbIsWhereTheScreenIs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(40, 300).Draw(rt, "messages")
		term := read(t, mixed(t, n, true), 80, rapid.IntRange(10, 40).Draw(rt, "h"))
		m := &term.m.messages
		for range rapid.IntRange(0, 15).Draw(rt, "steps") {
			term.press(rapid.SampledFrom([]string{"k", "b", "K", "g", "G", "space", "T"}).Draw(rt, "key"))
		}
		oldest, newest := -1, -1
		for _, s := range m.window() {
			if s.item >= 0 && s.item < m.len() {
				if newest = s.item; oldest < 0 {
					oldest = s.item
				}
			}
		}
		var want []int
		for row := range m.rows() {
			// The messages above this row's share, and those up to its end.
			above, upTo := float64(row)/float64(m.rows()), float64(row+1)/float64(m.rows())
			first, last := float64(m.len()-1-oldest)/float64(m.len()), float64(m.len()-1-newest)/float64(m.len())
			if upTo > first && above <= last {
				want = append(want, row)
			}
		}
		if got := thumb(m.drawnBar()); !slices.Equal(got, want) {
			rt.Fatalf("messages %d to %d of %d are on screen, and the thumb stands at %v of %d rows, not at %v", oldest, newest, m.len(), got, m.rows(), want)
		}
	})
}

func TestTheThumbAtTheEnds(t *testing.T) {
	term := read(t, mixed(t, 1000, true), 80, 24)
	m := &term.m.messages
	term.say("t", "seq 1")
	term.press("esc g")
	if got := thumb(m.drawnBar()); len(got) == 0 || got[0] != 0 {
		t.Errorf("at the top the thumb stands at %v", got)
	}
	term.press("G")
	if got := thumb(m.drawnBar()); len(got) == 0 || got[len(got)-1] != m.rows()-1 {
		t.Errorf("at the bottom the thumb stands at %v", got)
	}
	small := read(t, mixed(t, 5, false), 80, 24)
	if got := small.m.messages.drawnBar(); strings.TrimSpace(got) != "" {
		t.Errorf("where all is on screen the bar is %q", got)
	}
}

// TestTicksForHits stand at the same rows whatever the heights of the messages.
func TestTicksForHits(t *testing.T) {
	var rows [2][]int
	for i, high := range []bool{false, true} {
		term := read(t, mixed(t, 100, high), 80, 24)
		m := &term.m.messages
		if got := ticks(m.drawnBar(), hitTicks); len(got) > 0 {
			t.Errorf("without a search there are ticks at %v", got)
		}
		term.say("/", "needle")
		rows[i] = ticks(m.drawnBar(), hitTicks)
		for _, hit := range m.hits {
			if want := (m.len() - 1 - hit) * m.rows() / m.len(); !slices.Contains(rows[i], want) {
				t.Errorf("hit %d has no tick at row %d: %v", hit, want, rows[i])
			}
		}
		if len(rows[i]) != 10 {
			t.Errorf("%d ticks for 10 hits", len(rows[i]))
		}
		term.say("/", "")
		if got := ticks(m.drawnBar(), hitTicks); len(got) > 0 {
			t.Errorf("after the search there are ticks at %v", got)
		}
	}
	if !slices.Equal(rows[0], rows[1]) {
		t.Errorf("ticks at %v among low messages, at %v among high ones", rows[0], rows[1])
	}
}

// TestTicksForDays: one where each day begins, but for the first; where there would
// be too many, months or years have them.
func TestTicksForDays(t *testing.T) {
	for _, tt := range []struct {
		name string
		gap  time.Duration
		n    int
		unit func(time.Time) int
	}{
		{"days", 2 * time.Hour, 60, time.Time.YearDay},
		{"months", 20 * time.Hour, 170, func(at time.Time) int { return at.Year()*12 + int(at.Month()) }},
		{"years", 30 * 24 * time.Hour, 60, time.Time.Year},
		{"one day", time.Minute, 100, time.Time.Year},
	} {
		for _, zone := range []string{"", "T"} {
			a := newArchive(100)
			for i := range tt.n {
				a.write(t, aliceAndBob, map[string]any{"MsgTime": began.Add(time.Duration(i) * tt.gap).UnixMilli()})
			}
			term := read(t, a, 80, 24)
			term.press("g g g g " + zone)
			m := &term.m.messages
			if m.edge != edgeStart {
				t.Fatalf("%s: %d of %d loaded", tt.name, m.log.Len(), tt.n)
			}
			var want []int
			for item := m.len() - 2; item >= 0; item-- {
				at, _ := m.at(item).Time()
				before, _ := m.at(item + 1).Time()
				if tt.unit(at.In(m.look.zone)) != tt.unit(before.In(m.look.zone)) {
					want = append(want, (m.len()-1-item)*m.rows()/m.len())
				}
			}
			want = slices.Compact(want)
			if got := ticks(m.drawnBar(), dayTicks); !slices.Equal(got, want) {
				t.Errorf("%s, %s: ticks at %v, want %v", tt.name, m.look.zone, got, want)
			}
		}
	}
}

// TestDaysOfPagesThatArrive are looked for in what is new only, and the ticks are
// those of a bar made at once.
func TestDaysOfPagesThatArrive(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := newArchive(rapid.IntRange(5, 40).Draw(rt, "page"))
		at := began
		n := rapid.IntRange(30, 150).Draw(rt, "messages")
		for range n {
			at = at.Add(rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 9 * time.Hour, 300 * time.Hour}).Draw(rt, "gap"))
			fields := map[string]any{"MsgTime": at.UnixMilli()}
			if rapid.IntRange(0, 9).Draw(rt, "timeless") == 9 {
				fields["MsgTime"] = nil
			}
			a.write(t, aliceAndBob, fields)
		}
		a.unread[aliceAndBob] = rapid.IntRange(0, 10).Draw(rt, "unread")
		term := read(t, a, 80, 24)
		m := &term.m.messages
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			switch key := rapid.SampledFrom([]string{"g", "b", "r", "T", "filter", "size", "search"}).Draw(rt, "key"); key {
			case "r":
				a.unread[aliceAndBob] /= 2
				term.press("r")
			case "filter":
				term.say("f", rapid.SampledFrom([]string{"", "-7", "message 1"}).Draw(rt, "filter"))
			case "search":
				term.say("/", rapid.SampledFrom([]string{"", "9"}).Draw(rt, "query"))
			case "size":
				term.send(tea.WindowSizeMsg{Width: 80, Height: rapid.IntRange(10, 40).Draw(rt, "h")})
			default:
				term.press(key)
			}
			got := m.drawnBar()
			m.bar.forget(true)
			if want := m.drawnBar(); got != want {
				rt.Fatalf("the bar is %q, and made anew %q", got, want)
			}
		}
	})
}

// TestAClickOnTheScrollbar shows the messages that its row stands for.
func TestAClickOnTheScrollbar(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		term := read(t, mixed(t, rapid.IntRange(30, 200).Draw(rt, "messages"), rapid.Bool().Draw(rt, "high")), 80, rapid.IntRange(10, 40).Draw(rt, "h"))
		m := &term.m.messages
		term.press(strings.Repeat("b ", rapid.IntRange(0, 5).Draw(rt, "pages")))
		was, before, loaded := term.at(), len(m.jumps), m.len()
		row := rapid.IntRange(0, m.rows()-1).Draw(rt, "row")
		first, last := -1, -1 // the messages of the row's share
		for item := range loaded {
			if (loaded-1-item)*m.rows()/loaded == row {
				if last = item; first < 0 {
					first = item
				}
			}
		}
		term.send(tea.MouseClickMsg{X: 79, Y: 1 + row, Button: tea.MouseLeft})
		if first >= 0 && (m.selected < first || m.selected > last) {
			rt.Fatalf("a click on row %d of %d selects message %d of %d, not one from %d to %d", row, m.rows(), m.selected, loaded, first, last)
		}
		if !slices.ContainsFunc(m.window(), func(s spot) bool { return s.item == m.selected }) {
			rt.Fatalf("message %d is not on screen", m.selected)
		}
		if bar := m.drawnBar(); m.len() == loaded && strings.TrimSpace(bar) != "" && !slices.Contains(thumb(bar), (m.len()-1-m.selected)*m.rows()/m.len()) {
			rt.Fatalf("the thumb is at %v", thumb(bar))
		}
		if len(m.jumps) > before && m.selectedSeq() != was.seq {
			term.press("ctrl+o")
			if term.at() != was {
				rt.Fatalf("ctrl+o leads to %+v, not back to %+v", term.at(), was)
			}
		}
	})
}
