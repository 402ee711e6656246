package ui

import (
	"fmt"
	"image/color"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// sample is the demo as the goldens show it, at a fixed moment.
func sample(t testing.TB) Config {
	return Config{
		Client: sampleClient(t), Place: "demo", User: "alice",
		Zones: []*time.Location{shanghai, time.UTC},
		Now:   func() time.Time { return time.Date(2026, 4, 29, 18, 0, 0, 0, shanghai) },
	}
}

func TestScreens(t *testing.T) {
	screens := map[string]string{
		"list":      "",
		"chat":      "enter",
		"top":       "enter g",
		"inspector": "enter k k enter",
		"help":      "enter ?",
		"goto":      "ctrl+k",
		"filter":    "/ m a",
		"other":     "enter a",
		"quit":      "q",
	}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 50}} {
		for name, keys := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				term := start(t, sample(t), size[0], size[1])
				term.press(keys)
				if lines := strings.Split(term.m.View().Content, "\n"); len(lines) > size[1] {
					t.Fatalf("%d lines on a screen of %d", len(lines), size[1])
				}
				golden.RequireEqual(t, term.shows()+"\n")
			})
		}
	}
}

// TestScreensOfWhatIsLookedFor are those of a search, a filter, a goal and the like.
func TestScreensOfWhatIsLookedFor(t *testing.T) {
	screens := map[string]func(term *terminal){
		"search":       func(term *terminal) { term.say("/", "frame"); term.press("n") },
		"typing":       func(term *terminal) { term.press("/"); term.write("the") },
		"hidden-hit":   func(term *terminal) { term.say("/", "checkout"); term.press("J") },
		"filter":       func(term *terminal) { term.say("f", "type:image,file or has:payload") },
		"filter-error": func(term *terminal) { term.say("f", "from:bob type:picture") },
		"filter-none":  func(term *terminal) { term.say("f", "from:nobody") },
		"completion":   func(term *terminal) { term.press("f"); term.write("type:"); term.press("tab tab") },
		"action":       func(term *terminal) { term.press(":"); term.write("next") },
		"findings":     func(term *terminal) { term.say(":", "find frame after:2026-01-01") },
		"density":      func(term *terminal) { term.press("D") },
		"on-the-way": func(term *terminal) {
			term.opens(history.Chat{User: "alice", Peer: "walter"})
			held := term.held()
			for held.say("t", "2020-01-01"); held.m.messages.log.Len() < 200; {
				held.answer()
			}
		},
		"alone": func(term *terminal) {
			term.opens(history.Chat{User: "alice", Peer: "walter"})
			held := term.held()
			for held.say("t", "seq 2212"); !held.m.inspector.open; {
				held.answer()
			}
		},
	}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 50}} {
		for name, prepare := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				config := sample(t)
				config.Chat = history.Chat{User: "alice", Peer: "bob"}
				term := start(t, config, size[0], size[1])
				prepare(term)
				checkFrame(t, term.m, size[0], size[1])
				golden.RequireEqual(t, term.shows()+"\n")
			})
		}
	}
}

// TestNoLineIsWiderThanItsPane sweeps all sizes, in every state, over the chats
// that are hard to draw.
func TestNoLineIsWiderThanItsPane(t *testing.T) {
	t.Parallel()
	columns := []int{0, 1, 39, 40, 41, 60, 79, 80, 81, 110, 139, 140, 141, 170} // the shapes' edges, and between
	heights := []int{0, 1, 9, 10, 11, 24, 60}
	for _, chat := range []history.Chat{{User: "alice", Peer: "mallory"}, {User: "alice", Peer: "zoe"}, {User: "alice", Peer: "dave"}} {
		for _, widths := range []text.Widths{text.Wc, text.Graphemes} {
			config := sample(t)
			config.Chat = chat
			term := start(t, config, 80, 24)
			if widths == text.Graphemes {
				term.send(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeSet})
			}
			for _, w := range columns {
				for _, h := range heights {
					term.send(tea.WindowSizeMsg{Width: w, Height: h})
					for _, keys := range []string{"", "g", "enter", "esc", "?", "x", "ctrl+k", "esc", "tab"} {
						term.press(keys)
						checkFrame(t, term.m, w, h)
					}
				}
			}
		}
	}
}

// checkFrame measures the frame by the rule that the renderer will use.
func checkFrame(t *testing.T, m *Model, w, h int) {
	t.Helper()
	measure := ansi.StringWidthWc
	if m.look.widths == text.Graphemes {
		measure = ansi.StringWidth
	}
	lines := strings.Split(m.View().Content, "\n")
	if len(lines) > max(h, 1) {
		t.Fatalf("%dx%d: %d lines", w, h, len(lines))
	}
	for i, l := range lines {
		if n := measure(l); n > w {
			t.Fatalf("%dx%d: line %d has %d cells: %q", w, h, i, n, ansi.Strip(l))
		}
	}
	for p, lines := range map[pane][]string{
		paneConversations: m.conversations.view(false), paneMessages: m.messages.view(false), paneInspector: m.inspector.view(false),
	} {
		r := m.layout.of(p)
		if r.w == 0 {
			continue
		}
		if len(lines) != r.h {
			t.Fatalf("%dx%d: pane %d has %d lines, its place %d", w, h, p, len(lines), r.h)
		}
		for i, l := range lines {
			if n := measure(l); n != r.w {
				t.Fatalf("%dx%d: line %d of pane %d has %d cells, its place %d: %q", w, h, i, p, n, r.w, ansi.Strip(l))
			}
		}
	}
}

func TestLayoutAtEverySize(t *testing.T) {
	for w := range 200 {
		for h := range 70 {
			for _, focus := range []pane{paneConversations, paneMessages, paneInspector} {
				for on := range 4 {
					checkLayout(t, w, h, arrange(w, h, on&1 != 0, on&2 != 0, focus), focus, on)
				}
			}
		}
	}
}

func checkLayout(t *testing.T, w, h int, l layout, focus pane, on int) {
	t.Helper()
	if l.tooSmall != (w < 40 || h < 10) {
		t.Fatalf("%dx%d: too small is %v", w, h, l.tooSmall)
	}
	if l.tooSmall {
		return
	}
	covered := 0
	for _, r := range []rect{l.conversations, l.messages, l.inspector, l.status} {
		if r.x < 0 || r.y < 0 || r.w < 0 || r.h < 0 || r.x+r.w > w || r.y+r.h > h || (r.w == 0) != (r.h == 0) {
			t.Fatalf("%dx%d: %+v", w, h, l)
		}
		covered += r.w * r.h
	}
	if covered > w*h {
		t.Fatalf("%dx%d: panes overlap: %+v", w, h, l)
	}
	if l.of(focus).w == 0 && (w < wideWidth || focus == paneMessages || focus == paneConversations && on&1 != 0 || focus == paneInspector && on&2 != 0) {
		t.Fatalf("%dx%d: the focused pane %d is not shown: %+v", w, h, focus, l)
	}
	for p := range 3 {
		r := l.of(pane(p))
		for _, corner := range [][2]int{{r.x, r.y}, {r.x + r.w - 1, r.y + r.h - 1}} {
			if at, ok := l.at(corner[0], corner[1]); r.w > 0 && (!ok || at != pane(p)) {
				t.Fatalf("%dx%d: a click at %v hits pane %d, not %d", w, h, corner, at, p)
			}
		}
	}
}

// sgr is all that may stand between the letters of a frame.
var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestForeignTextDoesNotActOnTheTerminal(t *testing.T) {
	t.Parallel()
	config := sample(t)
	config.Chat = history.Chat{User: "alice", Peer: "mallory"}
	for _, value := range []ansi.ModeSetting{ansi.ModeNotRecognized, ansi.ModeSet} {
		term := start(t, config, 150, 30)
		term.send(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: value})
		seen := 0
		for range 400 {
			term.press("enter")
			for range 4 {
				for _, r := range sgr.ReplaceAllString(term.m.View().Content, "") {
					if r != '\n' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r)) {
						t.Fatalf("%U on screen at message %d", r, term.m.messages.selected)
					}
				}
				term.press("pgdown")
			}
			term.press("esc")
			if seen++; term.m.messages.selected == term.m.messages.log.Len()-1 {
				break
			}
			term.press("k")
		}
		if seen < 50 {
			t.Errorf("only %d messages seen", seen)
		}
	}
}

func TestThemesDifferAndSendersKeepTheirHue(t *testing.T) {
	term := start(t, sample(t), 120, 30)
	term.press("enter")
	dark, words := term.m.View().Content, term.shows()
	term.send(tea.BackgroundColorMsg{Color: color.White})
	if light := term.m.View().Content; light == dark || term.shows() != words {
		t.Error("a light terminal must change the colours and nothing else")
	}
	hues := map[ink]int{}
	for i := range 400 {
		hues[senderInk(fmt.Sprint("user_", i))]++
	}
	for hue, n := range hues {
		if len(hues) != senderInks || hue < sender || int(hue) >= inks || n < 20 {
			t.Errorf("hue %d of %d is that of %d of 400 senders", hue, len(hues), n)
		}
	}
	if got := senderInk("alice"); got != sender+7 {
		t.Errorf("alice has hue %d: a sender's hue must not change", got-sender)
	}
}

func TestNarrowScreensShowOnePane(t *testing.T) {
	term := start(t, sample(t), 60, 20)
	list := term.shows()
	term.press("enter")
	chat := term.shows()
	term.press("esc")
	if back := term.shows(); !strings.HasPrefix(list, " Conversations") || strings.Contains(chat, "Conversations") || !strings.Contains(chat, "bob") || !strings.HasPrefix(back, " Conversations") {
		t.Errorf("list:\n%s\nchat:\n%s\nback:\n%s", list, chat, back)
	}
	term.send(tea.WindowSizeMsg{Width: 39, Height: 9})
	if got := term.shows(); got != "39x9, needs 40x10" {
		t.Errorf("%q", got)
	}
}

func TestEscNeverQuitsAndQAsks(t *testing.T) {
	term := start(t, sample(t), 120, 30)
	term.press("enter enter")
	quits := func(key string) bool {
		_, cmd := term.m.Update(keyOf(t, key))
		if cmd == nil {
			return false
		}
		_, ok := cmd().(tea.QuitMsg)
		return ok
	}
	for range 6 {
		if quits("esc") {
			t.Fatal("esc quits")
		}
	}
	if term.m.focus != paneConversations {
		t.Errorf("esc leads to pane %d", term.m.focus)
	}
	if quits("q") || !strings.Contains(term.shows(), "quit backscroll?") {
		t.Error("q at the root does not ask")
	}
	if quits("n") || strings.Contains(term.shows(), "quit backscroll?") {
		t.Error("another key than y does not stay")
	}
	term.press("q")
	if !quits("y") || !quits("Q") || !quits("ctrl+c") {
		t.Error("y, Q and ctrl+c do not quit")
	}
}

func TestTheMouse(t *testing.T) {
	term := start(t, sample(t), 120, 30)
	click := func(x, y int) { term.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	wheel := func(x, y int, b tea.MouseButton) { term.send(tea.MouseWheelMsg{X: x, Y: y, Button: b}) }
	click(5, 3)
	if got := term.m.messages.chat.Peer; got != "chen" || term.m.focus != paneMessages {
		t.Fatalf("a click on the third conversation opens %q", got)
	}
	selected := term.m.messages.selected
	wheel(60, 10, tea.MouseWheelUp)
	wheel(60, 10, tea.MouseWheelUp)
	if m := term.m.messages; m.window()[len(m.window())-1] == m.end() || m.selected != selected {
		t.Error("the wheel does not scroll the messages, or moves the selection")
	}
	top := term.m.messages.top
	wheel(5, 10, tea.MouseWheelDown)
	if term.m.messages.top != top {
		t.Error("the wheel over the list scrolls the messages")
	}
	row := 0
	for y, s := range term.m.messages.window() {
		if s.item >= 0 && s.item != term.m.messages.selected {
			row = y
		}
	}
	want := term.m.messages.window()[row].item
	click(60, row+1)
	if term.m.messages.selected != want || term.m.inspector.open {
		t.Errorf("a click selects message %d, want %d", term.m.messages.selected, want)
	}
	if click(60, row+1); !term.m.inspector.open {
		t.Error("a click on the selected message does not inspect it")
	}
	click(500, 500)
	click(-1, -1)
	term.press("f2")
	if term.m.View().MouseMode != tea.MouseModeNone || !strings.Contains(term.shows(), "mouse off") {
		t.Error("F2 does not turn the mouse off")
	}
}
