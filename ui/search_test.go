package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
)

func TestSearch(t *testing.T) {
	long := strings.Repeat("nothing here ", 400) + "needle"
	special := map[int]map[string]any{
		40: says("Refund me"), 120: says("a refund, please"), 250: says("REFUND"),
		60:  {"Payload": `{"order":"x77"}`},
		70:  {"MsgType": 200, "MsgBody": long},
		80:  {"MsgType": 11, "MsgBody": `{"file_name":"holiday.jpg","file_size":"12"}`},
		90:  {"MsgType": 11, "MsgBody": "%7B%22file_name%22%3A%22b%C3%BCro.png%22%7D"},
		100: {"Sender": "carol", "MsgBody": "hi"},
		110: {"NewField": "zebra"},
	}
	for _, tt := range []struct {
		query string
		hits  []int64 // all, from the newest
		field string  // told of the first, where the rows do not show it
	}{
		{"refund", []int64{250, 120, 40}, ""},
		{"Refund", []int64{40}, ""},
		{"=refund", []int64{120}, ""},
		{"=REFUND", []int64{250}, ""},
		{"/re.und/", []int64{250, 120, 40}, ""},
		{"/R.f/", []int64{40}, ""},
		{"/^message 1$/", []int64{1}, ""},
		{"x77", []int64{60}, "in Payload"},
		{"needle", []int64{70}, "in MsgBody"},
		{"holiday.jpg", []int64{80}, ""},
		{"büro", []int64{90}, ""},
		{"zebra", []int64{110}, "in NewField"},
		{"carol", []int64{100}, "in Sender"},
		{fmt.Sprint(idOf(33)), []int64{33}, "in MsgId"},
		{"nowhere", nil, ""},
	} {
		t.Run(tt.query, func(t *testing.T) {
			term := read(t, newArchive(100).fill(t, aliceAndBob, 300, special), 150, 24)
			m := &term.m.messages
			term.say("/", tt.query)
			if got := m.seqs(m.hits); !slices.Equal(got, tt.hits) {
				t.Fatalf("hits %v, want %v", got, tt.hits)
			}
			if !strings.Contains(term.lastRow(), "back to the start, 2026-04-01 09:01") {
				t.Errorf("it is not told how far back was searched: %q", term.lastRow())
			}
			if m.log.Len() != 300 || m.travels() {
				t.Errorf("%d loaded, still on the way: %v", m.log.Len(), m.travels())
			}
			if len(tt.hits) == 0 {
				if !strings.Contains(term.lastRow(), "no hit") || m.selectedSeq() != 300 {
					t.Errorf("selected %d: %q", m.selectedSeq(), term.lastRow())
				}
				return
			}
			term.press("J") // what was told once is gone
			want := fmt.Sprintf("/%s 1 of %d, ", tt.query, len(tt.hits))
			if got := term.lastRow(); m.selectedSeq() != tt.hits[0] || !strings.Contains(got, want) || !strings.Contains(got, tt.field) {
				t.Errorf("selected %d, told %q, want %q and %q", m.selectedSeq(), got, want, tt.field)
			}
			if tt.field == "" && strings.Contains(term.lastRow(), "· in ") {
				t.Errorf("a field is told, though the row shows the hit: %q", term.lastRow())
			}
		})
	}
}

func TestNextAndPreviousHit(t *testing.T) {
	special := map[int]map[string]any{50: says("needle"), 120: says("needle"), 250: says("needle")}
	term := read(t, newArchive(100).fill(t, aliceAndBob, 300, special), 120, 24)
	m := &term.m.messages
	if term.press("n"); !strings.Contains(term.lastRow(), "nothing is searched for") {
		t.Errorf("n without a search: %q", term.lastRow())
	}
	term.say("/", "needle")
	for _, step := range []struct {
		keys string
		seq  int64
		told string
	}{
		{"J", 250, "1 of 3"}, {"n", 120, "2 of 3"}, {"n", 50, "3 of 3"}, {"n", 50, "no older hit: 3 of 3, back to the start"},
		{"N", 120, "2 of 3"}, {"N", 250, "1 of 3"}, {"N", 250, "no newer hit"},
		{"G n", 250, "1 of 3"}, {"g N", 50, "3 of 3"}, {"k N", 50, "3 of 3"}, {"j j j n", 50, "3 of 3"},
		{"k J", 49, "3 hits"},
	} {
		term.press(step.keys)
		if m.selectedSeq() != step.seq || !strings.Contains(term.lastRow(), step.told) {
			t.Errorf("%s: selected %d, want %d; told %q, want %q", step.keys, m.selectedSeq(), step.seq, term.lastRow(), step.told)
		}
		if !slices.ContainsFunc(m.window(), func(s spot) bool { return s.item == m.selected }) {
			t.Errorf("%s: the selected message is not on screen", step.keys)
		}
	}
}

// TestSearchFromWhereTheReaderIs: the first hit is the next older one; only if
// there is none up to the start, the next newer one.
func TestSearchFromWhereTheReaderIs(t *testing.T) {
	special := map[int]map[string]any{10: says("needle"), 120: says("needle"), 250: says("needle"), 280: says("needle")}
	for from, want := range map[int]int64{300: 280, 280: 280, 279: 250, 200: 120, 120: 120, 119: 10, 10: 10, 5: 10} {
		term := read(t, newArchive(50).fill(t, aliceAndBob, 300, special), 120, 24)
		term.say("t", fmt.Sprint("seq ", from))
		term.say("/", "needle")
		if got := term.m.messages.selectedSeq(); got != want {
			t.Errorf("from %d the search leads to %d, not %d", from, got, want)
		}
		if int64(from) == want {
			continue // no jump
		}
		if term.press("ctrl+o"); term.m.messages.selectedSeq() != int64(from) {
			t.Errorf("ctrl+o leads from the hit to %d, not back to %d", term.m.messages.selectedSeq(), from)
		}
	}
}

// searching starts a search for something that only message 50 of 500 has, and
// answers so far that two of the five pages are loaded.
func searching(t *testing.T, w, h int) (*heldTerminal, *archive) {
	t.Helper()
	a := newArchive(100).fill(t, aliceAndBob, 500, map[int]map[string]any{50: says("needle")})
	held := read(t, a, w, h).held()
	m := &held.m.messages
	held.say("/", "needle")
	for m.log.Len() < 200 {
		if held.waiting == nil {
			t.Fatalf("the search does not go on behind %d", m.log.Len())
		}
		held.answer()
	}
	return held, a
}

func TestASearchGoesOnByItself(t *testing.T) {
	held, a := searching(t, 120, 24)
	m := &held.m.messages
	before := bodies(m)
	for loaded := 200; loaded < 500; loaded = m.log.Len() {
		calls := fmt.Sprintf("%d call", loaded/100-1)
		if got := held.lastRow(); !strings.Contains(got, "/needle · no hit, back to 2026-04-01 ") || !strings.Contains(got, calls) ||
			!strings.Contains(got, fmt.Sprintf("about %d left", (500-loaded)/100)) || !strings.Contains(got, "esc stops") {
			t.Errorf("%d loaded: %q", loaded, got)
		}
		if m.selectedSeq() != 500 {
			t.Fatalf("with %d loaded, %d is selected", loaded, m.selectedSeq())
		}
		sameRows(t, "searching", before, bodies(m))
		for m.log.Len() == loaded {
			held.answer()
		}
	}
	held.finish()
	if m.selectedSeq() != 50 || m.travels() || !strings.Contains(held.lastRow(), "searched: 1 of 1, back to the start, ") {
		t.Errorf("selected %d: %q", m.selectedSeq(), held.lastRow())
	}
	if pages := len(a.asked()); pages != 1+5 { // the list of conversations, too
		t.Errorf("%d calls: %v", pages, a.asked())
	}
}

// TestWhoMovesIsNotMoved: a key that moves keeps the reader's place when a hit
// comes; n goes there.
func TestWhoMovesIsNotMoved(t *testing.T) {
	for _, key := range []string{"k", "K", "ctrl+u", "G", "b"} {
		held, _ := searching(t, 120, 24)
		m := &held.m.messages
		held.send(keyOf(t, key))
		selected, before := m.selectedSeq(), bodies(m)
		held.finish()
		if m.selectedSeq() != selected || len(m.hits) != 1 {
			t.Errorf("%s: from %d the reader was moved to %d, hits %v", key, selected, m.selectedSeq(), m.hits)
		}
		sameRows(t, key, before, bodies(m))
		if held.press("n"); m.selectedSeq() != 50 {
			t.Errorf("%s, n: selected %d", key, m.selectedSeq())
		}
	}
}

func TestEscStopsASearchThenEndsIt(t *testing.T) {
	for _, stop := range []string{"esc", "ctrl+c", "q"} {
		held, a := searching(t, 120, 24)
		m := &held.m.messages
		held.send(keyOf(t, stop))
		if got := held.lastRow(); !strings.Contains(got, "search stopped: no hit, back to 2026-04-01 14:01") {
			t.Errorf("%s: %q", stop, got)
		}
		held.finish()
		if m.travels() || m.query.IsZero() || m.log.Len() != 200 || m.selectedSeq() != 500 {
			t.Errorf("%s: %d loaded, on the way: %v, query %q", stop, m.log.Len(), m.travels(), m.query)
		}
		calls := len(a.asked())
		held.press("j J")
		if n := len(a.asked()); n > calls+1 {
			t.Errorf("%s: the search goes on: %v", stop, a.asked())
		}
		held.press("n") // goes on
		if m.selectedSeq() != 50 {
			t.Errorf("%s, then n: selected %d of %d", stop, m.selectedSeq(), m.log.Len())
		}
		held.press("J esc")
		if !m.query.IsZero() || len(m.hits) > 0 || strings.Contains(held.shows(), "needle 1 of 1") {
			t.Errorf("%s, then esc again: query %q, hits %v:\n%s", stop, m.query, m.hits, held.shows())
		}
	}
}

// TestNoHitIsNeverToldAlone: whatever the width and the stage of a search, a row
// that tells of no hit tells how far back it was looked for.
func TestNoHitIsNeverToldAlone(t *testing.T) {
	for _, w := range []int{40, 60, 80, 100, 160} {
		a := newArchive(100).fill(t, aliceAndBob, 500, nil)
		held := read(t, a, w, 12).held()
		told := 0
		check := func(when string) {
			for row := range strings.SplitSeq(held.shows(), "\n") {
				if strings.Contains(row, "no hit") {
					told++
					if !strings.Contains(row, "back to ") {
						t.Errorf("%d columns, %s: %q", w, when, row)
					}
				}
			}
		}
		held.send(keyOf(t, "/"))
		for _, r := range "absent" {
			held.send(keyOf(t, string(r)))
			check("typing")
			held.finish()
			check("typed")
		}
		held.send(keyOf(t, "enter"))
		for i := 0; held.waiting != nil; i++ {
			check("searching")
			held.answer()
			if i == 4 {
				held.send(keyOf(t, "j"))
				check("j")
			}
		}
		check("done")
		for _, key := range strings.Fields("j n N k n") {
			held.press(key)
			check(key)
		}
		if told < 8 {
			t.Errorf("%d columns: no hit is told only %d times", w, told)
		}
	}
}

func TestASearchThatFailsGoesOnWithR(t *testing.T) {
	held, a := searching(t, 120, 24)
	m := &held.m.messages
	a.refuse = only("bob 2")
	held.finish()
	if m.edge != edgeFailed || m.log.Len() != 300 {
		t.Fatalf("edge %d, %d loaded", m.edge, m.log.Len())
	}
	if got := held.lastRow(); !strings.Contains(got, "no route to host") {
		t.Errorf("the failure is told as %q", got)
	}
	held.press("j")
	if got := held.lastRow(); !strings.Contains(got, "/needle no hit, back to 2026-04-01 12:21") || !strings.Contains(got, "older: failed") {
		t.Errorf("afterwards %q", got)
	}
	a.refuse = nil
	held.press("r")
	if m.log.Len() != 500 || len(m.hits) != 1 || m.travels() {
		t.Errorf("after r: %d loaded, hits %v", m.log.Len(), m.hits)
	}
}

// TestTypingMarksAndEscRestores: while a query is typed, what it finds is marked
// and counted, and nothing moves.
func TestTypingMarksAndEscRestores(t *testing.T) {
	special := map[int]map[string]any{95: says("an old pear"), 97: says("an apple"), 98: says("a pear")}
	term := read(t, newArchive(100).fill(t, aliceAndBob, 100, special), 80, 24)
	m := &term.m.messages
	marks := func() int { return strings.Count(term.m.View().Content, term.m.look.styles.on[marked]) }
	none := marks()
	before := bodies(m)
	term.press("/")
	for typed, want := range map[string]int{"pea": 2, "p": 3} {
		term.press("ctrl+u")
		term.write(typed)
		if len(m.hits) != want || marks()-none < want || !strings.Contains(term.shows(), fmt.Sprintf("%d hits, back to the start", want)) {
			t.Errorf("%q: hits %v, %d marks:\n%s", typed, m.hits, marks()-none, term.shows())
		}
	}
	if m.selectedSeq() != 100 {
		t.Errorf("typing selects %d", m.selectedSeq())
	}
	if term.press("esc"); !m.query.IsZero() || m.hits != nil || marks() != none {
		t.Errorf("esc leaves query %q, hits %v, %d marks", m.query, m.hits, marks())
	}
	sameRows(t, "esc", before, bodies(m))

	term.say("/", "apple")
	if m.selectedSeq() != 97 {
		t.Errorf("selected %d", m.selectedSeq())
	}
	term.press("/")
	term.write("pear")
	if term.press("esc"); m.query.String() != "apple" || !slices.Equal(m.seqs(m.hits), []int64{97}) {
		t.Errorf("esc leaves query %q, hits %v", m.query, m.seqs(m.hits))
	}
	term.say("/", "") // empty ends it
	if !m.query.IsZero() || marks() != none {
		t.Errorf("query %q, %d marks", m.query, marks()-none)
	}
}

// TestABrokenQueryIsNotAccepted: it is told what is wrong, and what was searched
// for stays.
func TestABrokenQueryIsNotAccepted(t *testing.T) {
	term := read(t, newArchive(100).fill(t, aliceAndBob, 50, nil), 80, 24)
	term.say("/", "message 7")
	term.say("/", "/(/")
	if got := term.shows(); term.m.prompt.kind != promptSearch || !strings.Contains(got, "^^^") {
		t.Errorf("the prompt does not say what is wrong:\n%s", got)
	}
	if term.press("esc"); term.m.messages.query.String() != "message 7" {
		t.Errorf("query %q", term.m.messages.query)
	}
}

func TestASearchWithAFilterOn(t *testing.T) {
	special := map[int]map[string]any{}
	for seq := 1; seq <= 300; seq++ {
		special[seq] = map[string]any{"Sender": []string{"alice", "bob", "carol"}[seq%3]}
	}
	term := read(t, newArchive(100).fill(t, aliceAndBob, 300, special), 160, 24)
	m := &term.m.messages
	term.say("f", "from:bob")
	term.say("/", "message 1") // 1, 10-19, 100-199: a third is bob's
	want := []int64{}
	for seq := int64(300); seq > 0; seq-- {
		if seq%3 == 1 && strings.HasPrefix(fmt.Sprint(seq), "1") {
			want = append(want, seq)
		}
	}
	if got := m.seqs(m.hits); !slices.Equal(got, want) {
		t.Errorf("hits %v, want %v", got, want)
	}
	if term.press("J"); !strings.Contains(term.lastRow(), fmt.Sprintf("1 of %d", len(want))) || !strings.Contains(term.lastRow(), "from:bob, 200 hidden") {
		t.Errorf("told %q", term.lastRow())
	}
	term.say("f", "")
	if m.filter != nil || m.query.String() != "message 1" || len(m.hits) != 111 {
		t.Errorf("without the filter %d hits of %q", len(m.hits), m.query)
	}
}

// TestHitsAreCountedInWhatArrives: in newer messages, which move the number of the
// selected hit.
func TestHitsAreCountedInWhatArrives(t *testing.T) {
	special := map[int]map[string]any{50: says("needle"), 90: says("needle"), 102: says("a needle"), 105: says("needle")}
	a := newArchive(30).fill(t, aliceAndBob, 110, special)
	a.unread[aliceAndBob] = 10
	term := read(t, a, 120, 24)
	m := &term.m.messages
	term.say("/", "needle")
	if term.press("n J"); m.selectedSeq() != 50 || !strings.Contains(term.lastRow(), "2 of 2") {
		t.Fatalf("selected %d: %q", m.selectedSeq(), term.lastRow())
	}
	a.unread[aliceAndBob] = 0
	term.press("r")
	if !strings.Contains(term.lastRow(), "10 new messages") {
		t.Errorf("told %q", term.lastRow())
	}
	if term.press("J"); m.selectedSeq() != 50 || !strings.Contains(term.lastRow(), "4 of 4") {
		t.Errorf("selected %d: %q", m.selectedSeq(), term.lastRow())
	}
	if got := m.seqs(m.hits); !slices.Equal(got, []int64{105, 102, 90, 50}) {
		t.Errorf("hits %v", got)
	}
}

// TestTheEstimateTellsTheTime: with a rate known, how long the rest takes at least.
func TestTheEstimateTellsTheTime(t *testing.T) {
	a := newArchive(100).fill(t, aliceAndBob, 1200, nil)
	a.traffic = zim.Traffic{Limit: 0.05}
	held := read(t, a, 120, 24).held()
	held.say("/", "absent")
	for held.m.messages.log.Len() < 200 {
		held.answer()
	}
	if got := held.lastRow(); !strings.Contains(got, "about 10 left, 3 min") {
		t.Errorf("%q", got)
	}
}
