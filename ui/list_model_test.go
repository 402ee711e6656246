package ui

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"backscroll/zim"
	"backscroll/zim/history"
)

// reader is a naive model of the list of messages beside the real one: all that
// the filter shows is laid out into lines, from the oldest to the newest, and the
// screen is so many of them from an index on.
type reader struct {
	t       *rapid.T
	h       *heldTerminal
	m       *messages
	service *archive
	broken  bool // every call fails

	filter, query string // that are on; while the pane still looks, those before

	plain messages // the pane as it is, with nothing laid out before
	lines []listLine
	top   int // of lines: the first on screen
}

// listLine is a line of the list. item is that of the pane, its len the top edge.
type listLine struct {
	item, line int
	lead       int // lines of the day and of the header that come before the text
}

// body reports whether the line is of a message's text.
func (l listLine) body(m *messages) bool { return l.item < m.len() && l.line >= l.lead }

// kept is the line that must not leave its row.
type kept struct {
	message zim.Message
	line    int // from the first line of the text
	row     int
	ok      bool
}

// fruits are the messages of the model's chat.
var fruits = []map[string]any{
	{"MsgBody": "apple"}, {"MsgBody": "Apple pie and pears", "Sender": "bob"}, {"MsgBody": "plum"},
	{"MsgBody": strings.Repeat("a long tale of plums ", 15) + "apple", "Sender": "carol"},
	{"MsgBody": strings.Repeat("苹果 apple ", 20), "Sender": "bob"},
	{"MsgBody": "one\n\ntwo\nthree apples\nfour", "Sender": "bob"}, {"MsgBody": "नमस्ते 👨‍👩‍👧 क्षि"},
	{"MsgType": 11, "MsgBody": `{"file_name":"apple.png","file_size":"1234"}`},
	{"MsgType": 200, "SubMsgType": 110, "MsgBody": `{"fruit":"` + strings.Repeat("pear", 60) + `","then":"apple"}`},
	{"MsgBody": "see below", "Payload": `{"hidden":"apple"}`},
	{"Sender": "bob", "MsgType": nil, "MsgBody": nil, "IsEmpty": 2},
	{"Sender": nil, "MsgType": nil, "MsgBody": nil, "IsEmpty": 1, "MsgId": nil, "MsgSeq": nil, "MsgTime": nil},
	{"MsgTime": nil, "MsgBody": "apple of no time", "Sender": "dave"},
}

func newReader(t testing.TB, rt *rapid.T) *reader {
	s := newArchive(rapid.IntRange(5, 30).Draw(rt, "page"))
	at := began
	n := rapid.IntRange(1, 90).Draw(rt, "messages")
	for i, kind := range rapid.SliceOfN(rapid.IntRange(0, len(fruits)-1), n, n).Draw(rt, "kinds") {
		at = at.Add([]time.Duration{time.Minute, 2 * time.Minute, 40 * time.Minute, 30 * time.Hour}[(kind+i)%4])
		fields := map[string]any{"MsgTime": at.UnixMilli()}
		for name, value := range fruits[kind] {
			fields[name] = value
		}
		s.write(t, aliceAndBob, fields)
	}
	s.unread[aliceAndBob] = rapid.IntRange(0, min(40, n-1)).Draw(rt, "unread")
	s.bySeq[3] = "" // no message of seq 3 comes alone, to be inspected
	r := &reader{t: rt, service: s}
	s.refuse = func(string) error {
		if r.broken {
			return errNoRoute
		}
		return nil
	}
	config := Config{Client: s, Chat: aliceAndBob, Zones: []*time.Location{shanghai, time.UTC}}
	term := start(t, config, rapid.IntRange(40, 110).Draw(rt, "w"), rapid.IntRange(10, 24).Draw(rt, "h"))
	r.h, r.m = &heldTerminal{terminal: term}, &term.m.messages
	r.look()
	r.top = r.index()
	return r
}

// look lays all that is shown out anew.
func (r *reader) look() {
	if !r.m.sifting.busy {
		f, _ := history.ParseFilter(r.filter, shanghai, time.Time{})
		q, _ := history.ParseQuery(r.query)
		if f.String() != r.m.filterText() || q.String() != r.m.query.String() {
			r.t.Fatalf("filter %q and query %q are on, not %q and %q", r.m.filterText(), r.m.query, f, q)
		}
	}
	r.plain = *r.m
	plain := &r.plain
	plain.blocks, plain.lines, plain.edgeMemo = map[int]*block{}, 0, nil
	plain.recalls.asked = maps.Clone(plain.recalls.asked)
	plain.sifted = sifted{log: r.m.log, filter: r.m.filter, query: r.m.query}
	for place := range r.m.log.Len() {
		if r.m.filter != nil && r.m.filter.Match(r.m.log.At(place)) {
			plain.places = append(plain.places, place)
		}
	}
	for item := range plain.len() {
		if _, found := plain.query.In(plain.at(item)); found {
			plain.hits = append(plain.hits, item)
		}
	}
	if !slices.Equal(plain.places, r.m.places) {
		r.t.Fatalf("the filter shows %v of %d, and should show %v", r.m.places, r.m.log.Len(), plain.places)
	}
	if !slices.Equal(plain.hits, r.m.hits) {
		r.t.Fatalf("the hits are %v, and should be %v", r.m.hits, plain.hits)
	}
	r.lines = nil
	for item := plain.len(); item >= 0; item-- {
		for line := range plain.height(item) {
			l := listLine{item: item, line: line}
			if item < plain.len() {
				l.lead = plain.block(item).lead
			}
			r.lines = append(r.lines, l)
		}
		if plain.len() == 0 {
			break // item 0 is the edge
		}
	}
}

// index finds the pane's first line.
func (r *reader) index() int {
	return slices.IndexFunc(r.lines, func(l listLine) bool { return l.item == r.m.top.item && l.line == r.m.top.line })
}

// onScreen is the lines that can be seen.
func (r *reader) onScreen() []listLine {
	return r.lines[r.top:min(r.top+r.m.rows(), len(r.lines))]
}

// missing is how many rows above the lines are empty.
func (r *reader) missing() int {
	if r.m.len() == 0 {
		return 0
	}
	return r.m.rows() - len(r.onScreen())
}

// hold says which line must keep its row: the first that is seen of the selected
// message, else the first of all.
func (r *reader) hold() (k kept) {
	for row, l := range r.onScreen() {
		if !l.body(r.m) || k.ok && l.item != r.m.selected {
			continue
		}
		k = kept{r.m.at(l.item), l.line - l.lead, row + r.missing(), true}
		if l.item == r.m.selected {
			return k
		}
	}
	return k
}

// scrolled sets the first line, as far as there are lines.
func (r *reader) scrolled(top int) { r.top = max(0, min(top, len(r.lines)-r.m.rows())) }

// putBack scrolls so that a line that was held is on its row again.
func (r *reader) putBack(k kept) {
	item := r.itemOf(k.message)
	first, last := -1, 0
	for i, l := range r.lines {
		if l.item == item && l.body(r.m) {
			last = i
			if first < 0 {
				first = i
			}
		}
	}
	r.scrolled(min(first+k.line, last) - min(k.row, r.m.rows()-1))
}

// itemOf returns the item of a message, or of what takes its place where it is
// hidden: the next older one that is shown, or else the oldest.
func (r *reader) itemOf(m zim.Message) int {
	at := 0
	for at < r.m.log.Len() && !m.Same(r.m.log.At(at)) {
		at++
	}
	for item := range r.m.len() {
		if r.m.place(item) >= at {
			return item
		}
	}
	return r.m.len() - 1
}

// agrees compares the pane with the model.
func (r *reader) agrees(after string) {
	r.t.Helper()
	m := r.m
	if n := m.len(); m.selected < 0 || n > 0 && m.selected >= n || n == 0 && m.selected != 0 {
		r.t.Fatalf("%s: %d of %d messages is selected", after, m.selected, n)
	}
	if got := r.index(); got != r.top {
		r.t.Fatalf("%s: the screen begins at line %d of %d, not %d", after, got, len(r.lines), r.top)
	}
	shown := m.view(true)
	for i, want := range r.onScreen() {
		if got, drawn := shown[1+i+r.missing()], r.plain.line(spot{want.item, want.line}, true); !strings.HasPrefix(got, drawn) {
			r.t.Fatalf("%s: row %d is %q, not %q", after, i, got, drawn)
		}
	}
	for _, l := range shown {
		if n := ansi.StringWidthWc(l); n != m.w {
			r.t.Fatalf("%s: %d cells of %d: %q", after, n, m.w, ansi.Strip(l))
		}
	}
}

// keeps does something after which the selected message must be the same, or the
// one that takes its place, and stand on its row.
func (r *reader) keeps(what string, do func()) {
	r.t.Helper()
	m := r.m
	before, selected, free := r.hold(), zim.Message{}, m.leap || m.goal.on()
	atBottom := m.catching && !m.quiet && m.selected == 0 && r.top+m.rows() >= len(r.lines)
	newest, loaded := zim.Message{}, m.log.Len()
	if m.len() > 0 {
		selected, newest = m.at(m.selected), m.log.At(0)
	}
	do()
	r.look()
	switch {
	case free && !(m.leap || m.goal.on()), !before.ok: // the reader was led somewhere
		r.top = r.index()
	case m.len() == 0:
		r.scrolled(len(r.lines))
	case atBottom && m.log.Len() > loaded && !m.log.At(0).Same(newest):
		r.scrolled(len(r.lines))
		if m.selected != 0 {
			r.t.Fatalf("%s: at the bottom the newest message is not selected", what)
		}
	default:
		r.putBack(before)
		if want := r.itemOf(selected); m.selected != want {
			r.t.Fatalf("%s: message %d is selected, not %d", what, m.selected, want)
		}
	}
	r.agrees(what)
}

// goes does something that leads elsewhere: the message that is then selected must
// be on screen.
func (r *reader) goes(what string, do func()) {
	r.t.Helper()
	visible := func(l listLine) bool { return l.item == r.m.selected }
	had := r.m.len() == 0 || slices.ContainsFunc(r.onScreen(), visible)
	top := r.top
	do()
	r.look()
	r.top = r.index()
	r.agrees(what)
	if r.m.len() > 0 && !slices.ContainsFunc(r.onScreen(), visible) && (had || top != r.top) {
		r.t.Fatalf("%s: message %d is selected and cannot be seen", what, r.m.selected)
	}
}
