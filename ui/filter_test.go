package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"backscroll/zim/history"
)

// bySenders is a chat of so many messages by turns of three senders: a third, the
// MsgSeqs that leave 1, is bob's.
func bySenders(t testing.TB, perPage, n int) *archive {
	t.Helper()
	a := newArchive(perPage)
	for seq := 1; seq <= n; seq++ {
		a.write(t, aliceAndBob, map[string]any{"Sender": []string{"alice", "bob", "carol"}[seq%3]})
	}
	return a
}

func TestAFilterCountsWhatItHides(t *testing.T) {
	for _, tt := range []struct {
		filter string
		shown  func(seq int64) bool
	}{
		{"from:bob", func(seq int64) bool { return seq%3 == 1 }},
		{"-from:bob", func(seq int64) bool { return seq%3 != 1 }},
		{"from:bob,carol", func(seq int64) bool { return seq%3 != 0 }},
		{"from:bob before:2026-04-01T10:00:00+08:00", func(seq int64) bool { return seq%3 == 1 && seq < 60 }},
		{"after:2026-04-01T10:00:00+08:00", func(seq int64) bool { return seq >= 60 }},
		{`"message 7" or message`, func(int64) bool { return true }},
	} {
		term := read(t, bySenders(t, 100, 100), 120, 24)
		m := &term.m.messages
		term.say("f", tt.filter)
		var want []int64
		for seq := int64(100); seq > 0; seq-- {
			if tt.shown(seq) {
				want = append(want, seq)
			}
		}
		var got []int64
		for item := range m.len() {
			got = append(got, m.at(item).MsgSeq)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s shows %v, want %v", tt.filter, got, want)
		}
		told := fmt.Sprintf("%s, %d hidden", tt.filter, 100-len(want))
		if !strings.Contains(term.lastRow(), told) {
			t.Errorf("the status line is %q, without %q", term.lastRow(), told)
		}
		term.press("f")
		if got := term.m.prompt.input.Value(); got != tt.filter {
			t.Errorf("f shows %q, not the filter that is on", got)
		}
		if term.say("esc f", ""); m.filter != nil || m.len() != 100 || strings.Contains(term.lastRow(), "hidden") {
			t.Errorf("an empty filter leaves %d of 100 messages: %q", m.len(), term.lastRow())
		}
	}
}

func TestAFilterKeepsTheSelectedMessageOnItsRow(t *testing.T) {
	term := read(t, bySenders(t, 100, 200), 80, 24)
	m := &term.m.messages
	term.say("t", "seq 100") // bob's
	row := m.hold().row
	for _, filter := range []string{"from:bob", "from:bob,carol", ""} {
		if term.say("f", filter); m.selectedSeq() != 100 || m.hold().row != row {
			t.Errorf("%q: message %d on row %d, and not 100 on row %d", filter, m.selectedSeq(), m.hold().row, row)
		}
	}
	if term.say("f", "from:carol"); m.selectedSeq() != 98 || m.hold().row != row {
		t.Errorf("hidden: message %d on row %d, and not the next older one on row %d", m.selectedSeq(), m.hold().row, row)
	}
}

// TestAFilterLoadsUntilTheScreenIsFull: but no more than it must, and at most 20
// pages without asking.
func TestAFilterLoadsUntilTheScreenIsFull(t *testing.T) {
	a := bySenders(t, 10, 900)
	term := read(t, a, 80, 24)
	m := &term.m.messages
	term.say("f", "from:bob")
	if n := m.len(); n < 23 || n > 120 || m.log.Len() > 400 {
		t.Errorf("%d of %d messages are shown", n, m.log.Len())
	}

	a = bySenders(t, 10, 900)
	term = read(t, a, 160, 24)
	m = &term.m.messages
	calls := len(a.asked())
	term.say("f", "from:nobody")
	if n := len(a.asked()) - calls; n != maxUnasked {
		t.Errorf("%d pages were asked for unasked", n)
	}
	loaded := m.log.Len()
	told := fmt.Sprintf("the filter hides all %d loaded · 2026-04-01 · k loads more", loaded)
	if got := term.shows(); !strings.Contains(got, told) || !strings.Contains(got, fmt.Sprintf("from:nobody, %d hidden", loaded)) {
		t.Errorf("want %q:\n%s", told, got)
	}
	for _, key := range []string{"j", "J", "G", "enter", "T"} {
		if term.press(key); len(a.asked())-calls != maxUnasked {
			t.Errorf("%s asks for more: %d pages", key, len(a.asked())-calls)
		}
	}
	term.press("k")
	if n := len(a.asked()) - calls; n != 2*maxUnasked {
		t.Errorf("after k %d pages", n)
	}
	term.press("k k k k")
	if got := term.shows(); m.edge != edgeStart || !strings.Contains(got, "the filter hides all 900 messages, back to the start of the retained history · 2026-04-01") {
		t.Errorf("at the start:\n%s", got)
	}
	if term.say("f", "from:bob"); m.len() != 300 {
		t.Errorf("%d of 300 shown", m.len())
	}
}

// TestARareFilterAsksUnderItsFewMessages: some are shown, but they fill no screen.
func TestARareFilterAsksUnderItsFewMessages(t *testing.T) {
	a := newArchive(10).fill(t, aliceAndBob, 600, map[int]map[string]any{598: says("needle"), 20: says("needle")})
	term := read(t, a, 160, 24)
	m := &term.m.messages
	term.say("f", "needle")
	if got := term.shows(); m.len() != 1 || !strings.Contains(got, "20 pages had little that the filter shows") || !strings.Contains(got, "k loads more") {
		t.Fatalf("%d shown:\n%s", m.len(), got)
	}
	for range 3 {
		term.press("k")
	}
	if m.len() != 2 || m.edge != edgeStart {
		t.Errorf("%d shown, edge %d", m.len(), m.edge)
	}
}

// TestTheWayOutOfAFilterIsOnScreen: what to press, and how far back all is hidden,
// is not cut off where the pane is narrow.
func TestTheWayOutOfAFilterIsOnScreen(t *testing.T) {
	for _, w := range []int{40, 60, 80, 160} {
		term := read(t, bySenders(t, 10, 300), w, 24)
		term.say("f", "from:nobody")
		words := func() string {
			var said []string
			for _, l := range term.m.messages.shown() {
				said = append(said, strings.Fields(l)...)
			}
			return strings.Join(said, " ")
		}
		if got := words(); !strings.Contains(got, "k loads more") {
			t.Errorf("%d columns: %q", w, got)
		}
		term.press("k k")
		if got := words(); !strings.Contains(got, "the filter hides all 300 messages, back to the start of the retained history · 2026-04-01") {
			t.Errorf("%d columns: %q", w, got)
		}
	}
}

// underlined returns what of the prompt's line stands above the carets under it.
func underlined(t *testing.T, term *terminal) string {
	t.Helper()
	rows := strings.Split(term.shows(), "\n")
	line, hint := rows[len(rows)-2], rows[len(rows)-1]
	from := strings.Index(hint, "^")
	if from < 0 {
		t.Fatalf("no caret in %q under %q", hint, line)
	}
	to := from + len(hint[from:]) - len(strings.TrimLeft(hint[from:], "^"))
	left, right := ansi.StringWidthWc(hint[:from]), ansi.StringWidthWc(hint[:to])
	var above strings.Builder
	for i, r := range line {
		if at := ansi.StringWidthWc(line[:i]); at >= left && at < right {
			above.WriteRune(r)
		}
	}
	return above.String()
}

func TestAnErrorStandsUnderTheWordThatIsWrong(t *testing.T) {
	long := strings.Repeat("apples and pears ", 8)
	for _, tt := range []struct {
		filter, under, told string
	}{
		{"from:bob nosuch:1 has:payload", "nosuch", "nosuch"},
		{"苹果 nosuch:1", "nosuch", "nosuch"},
		{"苹果🍎👨‍👩‍👧 type:苹果", "苹果", ""},
		{"apple before:someday", "someday", ""},
		{"(from:bob or apple", "(", ""},
		{"has:nothing", "nothing", ""},
		{long + "nosuch:1", "nosuch", ""},
		{long + "苹果 type:nosuch and", "nosuch", ""},
	} {
		for _, w := range []int{40, 80, 160} {
			term := read(t, bySenders(t, 100, 50), w, 24)
			term.say("f", tt.filter)
			if term.m.prompt.kind != promptFilter || term.m.messages.filter != nil {
				t.Fatalf("%q is accepted", tt.filter)
			}
			if got := underlined(t, term); got != tt.under {
				t.Errorf("%q, %d columns: the carets stand under %q, not %q:\n%s", tt.filter, w, got, tt.under, term.shows())
			}
			rows := strings.Split(term.shows(), "\n")
			hint := strings.Fields(strings.Trim(rows[len(rows)-1], " ^"))
			if len(hint) < 3 || w > 100 && !strings.Contains(strings.Join(hint, " "), tt.told) {
				t.Errorf("%q, %d columns: told %q", tt.filter, w, hint)
			}
		}
	}
}

// TestAnErrorBeforeTheCursorIsScrolledAway: where the wrong word has left the row,
// the carets stand at its edge, and the word is still told.
func TestAnErrorBeforeWhatIsShown(t *testing.T) {
	term := read(t, bySenders(t, 100, 50), 40, 24)
	term.say("f", "nosuch:1 "+strings.Repeat("apples and pears ", 8))
	rows := strings.Split(term.shows(), "\n")
	if hint := rows[len(rows)-1]; !strings.Contains(hint, "^") || !strings.Contains(hint, "nosuch") {
		t.Errorf("told %q", hint)
	}
}

func TestCompletionOfAFilter(t *testing.T) {
	for _, tt := range []struct{ typed, keys, want string }{
		{"fr", "tab", "from:"},
		{"from:b", "tab", "from:bob"},
		{"from:", "tab tab", "from:bob"},
		{"from:", "tab tab shift+tab", "from:alice"},
		{"from:", "shift+tab", "from:carol"},
		{"from:bob,c", "tab", "from:bob,carol"},
		{"apple type:im", "tab", "apple type:image"},
		{"nonsense", "tab", "nonsense"},
	} {
		term := read(t, bySenders(t, 100, 50), 120, 24)
		term.press("f")
		term.write(tt.typed)
		term.press(tt.keys)
		if got := strings.TrimSpace(term.m.prompt.input.Value()); got != tt.want {
			t.Errorf("%q, %s: %q, want %q", tt.typed, tt.keys, got, tt.want)
		}
	}
	term := read(t, bySenders(t, 100, 50), 120, 24)
	term.press("f")
	term.write("from:")
	rows := strings.Split(term.shows(), "\n")
	for _, sender := range []string{"alice", "bob", "carol"} {
		if hint := rows[len(rows)-1]; !strings.Contains(hint, sender) {
			t.Errorf("%s is not offered: %q", sender, hint)
		}
	}
	if term.press("tab enter"); term.m.messages.filterText() != "from:alice" {
		t.Errorf("filter %q", term.m.messages.filterText())
	}
}

// TestTheFormsOfAFilterThatTheHelpShows are all accepted as they stand there.
func TestTheFormsOfAFilterThatTheHelpShows(t *testing.T) {
	term := read(t, bySenders(t, 100, 50), 120, 24)
	for _, f := range history.FilterHelp() {
		if term.say("f", f.Example); term.m.prompt.kind != promptNone {
			t.Errorf("%s is not accepted: %s", f.Example, term.m.prompt.problem)
		}
		if got := term.m.messages.filterText(); got != f.Example {
			t.Errorf("%s: the filter is %q", f.Example, got)
		}
	}
}
