package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

var _ cover = (*shapes)(nil)

// shapesWith shows the shapes of one of alice's chats, as far as it is loaded.
func shapesWith(t testing.TB, peer string, w, h int) *shapes {
	t.Helper()
	config := sample(t)
	config.Chat = history.Chat{User: "alice", Peer: peer}
	m := start(t, config, 160, 50).m
	return shown(t, m.look, m.messages.log.Snapshot(), w, h)
}

func shown(t testing.TB, l look, all history.Snapshot, w, h int) *shapes {
	t.Helper()
	s, cmd := newShapes(t.Context(), l, all, fmt.Sprintf("%d loaded messages of this chat, older: yes", all.Len()))
	s.resize(w, h)
	s.apply(cmd().(shapesMsg))
	return s
}

// loaded is a history of custom messages with these bodies, the newest first; the
// SubMsgType is the first byte of each.
func loaded(t testing.TB, bodies ...string) history.Snapshot {
	t.Helper()
	var list []string
	for i, body := range bodies {
		text, err := json.Marshal(body[1:])
		if err != nil {
			t.Fatal(err)
		}
		seq := len(bodies) - i
		list = append(list, fmt.Sprintf(`{"Sender":"bob","MsgType":200,"SubMsgType":%d,"MsgBody":%s,"MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`,
			body[0], text, idOf(seq), seq, began.UnixMilli()))
	}
	var h history.History
	if _, err := h.Add(zim.ReadMessagePage([]byte(`{"Code":0,"Next":0,"List":[` + strings.Join(list, ",") + `]}`))); err != nil {
		t.Fatal(err)
	}
	return h.Snapshot()
}

// paid is twelve messages of shape 110, of which two deviate, and one of shape 7.
func paid(t testing.TB) history.Snapshot {
	bodies := []string{"\x07hello"}
	for i := range 12 {
		body := fmt.Sprintf(`n{"order":{"id":%d},"state":"paid","items":[{"sku":"a"}]}`, i)
		switch i {
		case 3:
			body = "npaid"
		case 5:
			body = `n{"order":{"id":"5"},"items":[{"sku":"a"}]}`
		}
		bodies = append(bodies, body)
	}
	return loaded(t, bodies...)
}

func (s *shapes) press(t testing.TB, names string) (cmd tea.Cmd) {
	t.Helper()
	for name := range strings.FieldsSeq(names) {
		cmd = s.handleKey(keyOf(t, name))
	}
	return cmd
}

// shows returns the pane as a person reads it.
func (s *shapes) shows() string {
	lines := strings.Split(ansi.Strip(strings.Join(s.view(), "\n")), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// bar returns the line that has the selection's bar, its columns one blank apart.
func (s *shapes) bar() string {
	for l := range strings.SplitSeq(s.shows(), "\n") {
		if after, ok := strings.CutPrefix(l, "▌"); ok {
			return strings.Join(strings.Fields(after), " ")
		}
	}
	return ""
}

func TestShapesScreens(t *testing.T) {
	for name, c := range map[string]struct {
		peer, keys string
		w, h       int
	}{
		"dave-160x50":     {"dave", "", 160, 50},
		"dave-80x24":      {"dave", "", 80, 24},
		"dave-40x12":      {"dave", "ctrl+d ctrl+d", 40, 12},
		"dave-end-80x24":  {"dave", "G k", 80, 24},
		"dave-fold-80x24": {"dave", "h G k k h", 80, 24},
		"bob-80x24":       {"bob", "", 80, 24},
		"mallory-160x50":  {"mallory", "", 160, 50},
		"walter-80x24":    {"walter", "", 80, 24},
	} {
		t.Run(name, func(t *testing.T) {
			s := shapesWith(t, c.peer, c.w, c.h)
			s.press(t, c.keys)
			golden.RequireEqual(t, s.shows()+"\n")
		})
	}
}

func TestKeysOfShapes(t *testing.T) {
	s := shown(t, look{styles: newStyles(true), zone: shanghai}, paid(t), 100, 12)
	for _, c := range []struct{ keys, bar string }{
		{"", "▾ custom 110 · 12 messages · 4 B … 56 B, median 55 B · 2 deviate"},
		{"j", ". object 11, text 1 12 of 12"},
		{"k k", "▾ custom 110 · 12 messages · 4 B … 56 B, median 55 B · 2 deviate"},
		{"G", "example hello"},
		{"k k", "▾ custom 7 · 1 message · 5 B"},
		{"k", "lacks .state: 10 of 11 others have it"}, // not the gap
		{"j", "▾ custom 7 · 1 message · 5 B"},
		{"enter", "▸ custom 7 · 1 message · 5 B"},
		{"j", "▸ custom 7 · 1 message · 5 B"},
		{"enter j", ". text 1 of 1"},
		{"h", "▸ custom 7 · 1 message · 5 B"},
		{"h", "▸ custom 7 · 1 message · 5 B"},
		{"g ctrl+d ctrl+d h", "▸ custom 110 · 12 messages · 4 B … 56 B, median 55 B · 2 deviate"},
		{"j", "▸ custom 7 · 1 message · 5 B"},
		{"l j", ". text 1 of 1"},
		{"g l space b", "▾ custom 110 · 12 messages · 4 B … 56 B, median 55 B · 2 deviate"},
		{"J", ""}, // scrolled away
		{"j", ". object 11, text 1 12 of 12"},
	} {
		s.press(t, c.keys)
		if s.bar() != c.bar {
			t.Errorf("after %q the bar is on %q, want %q:\n%s", c.keys, s.bar(), c.bar, s.shows())
		}
	}
}

// TestOpeningFromShapes: enter and a second click open an example and what deviates,
// and nothing else.
func TestOpeningFromShapes(t *testing.T) {
	s := shown(t, look{styles: newStyles(true), zone: shanghai}, paid(t), 100, 60)
	opened := map[string]int64{}
	for i, l := range s.lines {
		s.selected = i
		var seqs []int64
		for _, open := range []func() tea.Cmd{func() tea.Cmd { return s.press(t, "enter") }, func() tea.Cmd { return s.click(3, i+1) }} {
			if l.kind == shapeHead || l.kind == shapeGap {
				continue
			}
			if cmd := open(); cmd != nil {
				seqs = append(seqs, cmd().(openMessageMsg).message.MsgSeq)
			}
		}
		if len(seqs) == 2 && seqs[0] == seqs[1] {
			opened[s.bar()] = seqs[0]
		} else if len(seqs) > 0 {
			t.Errorf("line %d opens %v", i, seqs)
		}
	}
	want := map[string]int64{
		`example {"order":{"id":0},"state":"paid","items":[{"sku":"a"}]}`: 12,
		"example hello": 13,
		"2026-04-01 09:00 bob seq 9 is not JSON: 11 of 11 others are":                     9,
		"2026-04-01 09:00 bob seq 7 .order.id is a string: 10 of 10 others have a number": 7,
		"lacks .state: 10 of 11 others have it":                                           7,
	}
	if fmt.Sprint(opened) != fmt.Sprint(want) {
		t.Errorf("opened\n%v\nwant\n%v", opened, want)
	}
	s.selected = 0
	if cmd := s.click(0, 3); cmd != nil || s.selected != 2 {
		t.Errorf("a click selects line %d, %v", s.selected, cmd)
	}
	for _, y := range []int{-1, 0, 59, 60, 1000} {
		if cmd := s.click(0, y); cmd != nil || s.selected != 2 {
			t.Errorf("a click at row %d selects line %d", y, s.selected)
		}
	}
}

func TestEveryLineOfShapesFits(t *testing.T) {
	for _, peer := range []string{"dave", "mallory", "zoe"} {
		for _, widths := range []text.Widths{text.Wc, text.Graphemes} {
			s := shapesWith(t, peer, 80, 24)
			l := s.look
			l.widths = widths
			s.restyle(l)
			measure := ansi.StringWidthWc
			if widths == text.Graphemes {
				measure = ansi.StringWidth
			}
			for _, w := range []int{0, 1, 7, 40, 57, 79, 80, 200} {
				for _, h := range []int{0, 1, 2, 12, 200} {
					s.resize(w, h)
					s.press(t, "G k")
					lines := s.view()
					if len(lines) != h {
						t.Fatalf("%dx%d: %d lines", w, h, len(lines))
					}
					for i, l := range lines {
						if n := measure(l); n != w {
							t.Fatalf("%s %dx%d: line %d has %d cells: %q", peer, w, h, i, n, ansi.Strip(l))
						}
						for _, r := range sgr.ReplaceAllString(l, "") {
							if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) {
								t.Fatalf("%U on screen: %q", r, l)
							}
						}
					}
				}
			}
		}
	}
}

// TestForeignWordsInShapes: names of fields are written by others, and stand in
// paths and in reasons.
func TestForeignWordsInShapes(t *testing.T) {
	var bodies []string
	for range 12 {
		bodies = append(bodies, "n{\"a\u009b31m\u202e\":\"\\u001b[31m\u009b\"}")
	}
	bodies[4] = `n{"x\u001b[31m\u009b":1}`
	s := shown(t, look{styles: newStyles(true), zone: shanghai}, loaded(t, bodies...), 100, 30)
	got := s.shows()
	for _, want := range []string{`[31m\u{009B}"}`, `.["a\u{009B}31m\u{202E}"]`, `has .["x\u001b[31m\u{009B}"]: 0 of 11`, `lacks .["a\u{009B}31m\u{202E}"]: 11 of 11`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q on\n%s", want, got)
		}
	}
}

// TestShapesDrawWhatIsOnScreen, of a thousand shapes, and of an example of a
// megabyte no more than a line has.
func TestShapesDrawWhatIsOnScreen(t *testing.T) {
	var bodies []string
	for i := range 120 {
		bodies = append(bodies, fmt.Sprintf(`%c{"a":1,"b":%d}`, i, i))
	}
	bodies[0] = "\x00{\"a\":\"" + strings.Repeat("中", 300_000) + `"}`
	s := shown(t, look{styles: newStyles(true), zone: shanghai}, loaded(t, bodies...), 80, 24)
	s.view()
	if n := len(s.drawn); n > 23 || len(s.lines) < 4*120 || len(s.columns) > 6 {
		t.Errorf("%d of %d lines were drawn, the columns of %d shapes", n, len(s.lines), len(s.columns))
	}
	for i := range s.lines {
		for _, piece := range s.line(i) {
			if n := len(piece.text.String()); n > exampleBytes+3 {
				t.Errorf("line %d has %d bytes", i, n)
			}
		}
	}
	s.press(t, "G")
	before := len(s.drawn)
	s.press(t, "k")
	if s.view(); len(s.drawn) != before {
		t.Error("what was drawn is drawn again")
	}
}

func TestShapesSayHowFarTheyAre(t *testing.T) {
	l := look{styles: newStyles(true), zone: shanghai}
	all := paid(t)
	s, cmd := newShapes(t.Context(), l, all, "13 loaded messages")
	s.resize(80, 10)
	s.press(t, "j l h enter G space")
	if got := s.shows(); !strings.Contains(got, "Shapes · 13 loaded messages") || !strings.Contains(got, "looking through 13 messages …") || s.click(0, 2) != nil {
		t.Errorf("before the answer:\n%s", got)
	}
	other, _ := newShapes(t.Context(), l, all, "")
	answer := cmd().(shapesMsg)
	if other.apply(answer); other.done {
		t.Error("the answer to another pane is shown")
	}
	if s.apply(answer); !s.done || !strings.Contains(s.shows(), "▾ custom 110") {
		t.Errorf("after the answer:\n%s", s.shows())
	}
	s, cmd = newShapes(t.Context(), l, all, "13 loaded messages")
	s.resize(80, 10)
	if s.close(); s.back() {
		t.Error("there is a step back")
	}
	if msg := cmd().(shapesMsg); msg.err == nil {
		t.Error("it goes on when nobody waits for it")
	}
	s.apply(shapesMsg{all: s.all, err: errors.New("\x1b[31mbroken")})
	if got := s.shows(); !strings.Contains(got, "not looked through to the end: ␛[31mbroken") {
		t.Errorf("an error:\n%s", got)
	}
	if got := shown(t, l, history.Snapshot{}, 80, 10).shows(); !strings.Contains(got, "None of 0 messages is a custom message or has a payload.") {
		t.Errorf("without messages:\n%s", got)
	}
}

// TestShapesInTheProgram: a message that deviates is opened at its place.
func TestShapesInTheProgram(t *testing.T) {
	c := Config{Client: sampleClient(t), Chat: history.Chat{User: "alice", Peer: "dave"}}
	term := start(t, c, 120, 30)
	term.say(":", "shapes")
	term.wants("Shapes", "loaded messages of this chat, older: no", "payload · ")
	for !strings.Contains(term.shows(), "▌   example") {
		before := term.shows()
		if term.press("j"); term.shows() == before {
			t.Fatalf("no example:\n%s", before)
		}
	}
	s := term.m.cover.(*shapes)
	want := s.all.At(s.found.List[s.lines[s.selected].shape].Example).MsgSeq
	term.press("enter")
	if m := term.m; m.cover != nil || !m.inspector.open || m.inspector.message.MsgSeq != want || m.messages.selectedSeq() != want {
		t.Errorf("seq %d selected, %d inspected, want %d", m.messages.selectedSeq(), m.inspector.message.MsgSeq, want)
	}
	empty := start(t, Config{Client: sampleClient(t), User: "alice"}, 120, 30)
	empty.say(":", "shapes")
	empty.wants("no messages are loaded")
}
