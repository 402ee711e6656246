package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"backscroll/ui/text"
)

// promptRows returns the two rows of an open prompt.
func (term *terminal) promptRows() (line, hint string) {
	rows := strings.Split(term.shows(), "\n")
	return rows[len(rows)-2], rows[len(rows)-1]
}

func TestWhatWasTypedBeforeComesBack(t *testing.T) {
	term := read(t, fourDays(t), 120, 24)
	value := func() string { return term.m.prompt.input.Value() }
	for _, query := range []string{"one", "two", "three", "two"} {
		term.say("/", query)
	}
	term.say("f", "from:alice")
	term.press("/")
	for _, step := range []struct{ keys, want string }{
		{"up", "two"}, {"up", "three"}, {"up", "one"}, {"up", "one"}, {"down", "three"}, {"ctrl+n", "two"}, {"down", ""}, {"down", ""},
		{"ctrl+p", "two"}, {"backspace", "tw"}, {"up", "two"}, {"up x", "threex"},
	} {
		if term.press(step.keys); value() != step.want {
			t.Errorf("%s shows %q, want %q", step.keys, value(), step.want)
		}
	}
	if term.press("esc"); term.m.messages.query.String() != "two" {
		t.Errorf("after esc the query is %q", term.m.messages.query)
	}
	if term.press("f up"); value() != "from:alice" {
		t.Errorf("the filters remember %q", value())
	}
	if term.press("esc t up"); value() != "" {
		t.Errorf("the goals remember %q", value())
	}
	term.press("esc")
	for i := range maxPast + 20 {
		term.say("t", fmt.Sprint("seq ", i+1))
	}
	if n := len(term.m.past[promptGoTo]); n != maxPast {
		t.Errorf("%d goals are remembered", n)
	}
	if term.press("t up"); value() != fmt.Sprint("seq ", maxPast+20) {
		t.Errorf("the last goal is %q", value())
	}
}

// TestALineThatIsRecalledIsSearchedAtOnce: hits are marked as if it were typed.
func TestALineThatIsRecalledIsSearchedAtOnce(t *testing.T) {
	term := read(t, fourDays(t), 120, 24)
	term.say("/", "message 39")
	term.say("/", "")
	want := 0
	log := term.m.messages.log
	for i := range log.Len() {
		if strings.Contains(string(log.At(i).Raw), "message 39") {
			want++
		}
	}
	if term.press("/ up"); len(term.m.messages.hits) != want || want < 10 {
		t.Errorf("%d hits, want %d", len(term.m.messages.hits), want)
	}
}

func TestPasteGoesIntoThePrompt(t *testing.T) {
	for _, tt := range []struct{ pasted, value string }{
		{"refund", "refund"}, {"two\nlines\tand a tab", "two lines and a tab"}, {"苹果 👨‍👩‍👧", "苹果 👨‍👩‍👧"}, {"a\x1b[2Jb", ""},
		{strings.Repeat("x", 3*maxPrompt), strings.Repeat("x", maxPrompt)},
	} {
		term := read(t, fourDays(t), 80, 24)
		term.press("/")
		term.send(tea.PasteMsg{Content: tt.pasted})
		if got := term.m.prompt.input.Value(); tt.value != "" && got != tt.value {
			t.Errorf("%.40q becomes %.60q", tt.pasted, got)
		}
		for _, r := range sgr.ReplaceAllString(term.m.View().Content, "") {
			if r < ' ' && r != '\n' || r == 0x7f {
				t.Errorf("%.40q brings %U on screen", tt.pasted, r)
			}
		}
		if len(term.m.messages.hits) > 0 {
			t.Errorf("%.40q has hits", tt.pasted)
		}
		term.press("esc")
		if term.send(tea.PasteMsg{Content: "from:bob"}); term.m.prompt.kind != promptNone || term.m.messages.filter != nil {
			t.Error("a paste without a prompt does something")
		}
	}
}

// TestAnyPromptFitsItsScreen types anything into each prompt: its rows are never
// wider than the screen, the cursor is in sight, and what stands before it.
func TestAnyPromptFitsItsScreen(t *testing.T) {
	a := fourDays(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := rapid.SampledFrom([]int{40, 41, 60, 80, 160}).Draw(rt, "w")
		term := read(t, a, w, 12)
		if rapid.Bool().Draw(rt, "graphemes") {
			term.send(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeSet})
		}
		term.press("tab")
		term.m.focus = paneMessages
		term.press(rapid.SampledFrom([]string{"/", "f", "t", ":"}).Draw(rt, "prompt"))
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			switch key := rapid.SampledFrom([]string{"type", "type", "left", "tab", "shift+tab", "ctrl+a", "backspace", "up"}).Draw(rt, "key"); key {
			case "type":
				term.send(tea.PasteMsg{Content: rapid.OneOf(rapid.SampledFrom([]string{"from:", "苹果", "(", `"`, " or ", "seq 1", "fi", "👨‍👩‍👧", "क्षि"}),
					rapid.StringN(0, 60, -1)).Draw(rt, "text")})
			case "left":
				term.send(tea.KeyPressMsg{Code: tea.KeyLeft})
			default:
				term.press(key)
			}
			if term.m.prompt.kind == promptNone {
				return // backspace on an empty line closes it
			}
			content := term.m.View().Content
			rows := strings.Split(content, "\n")
			measure := ansi.StringWidthWc
			if term.m.look.widths == text.Graphemes {
				measure = ansi.StringWidth
			}
			for _, row := range rows {
				if n := measure(row); n > w {
					rt.Fatalf("%d cells of %d: %q", n, w, row)
				}
			}
			if len(rows) != 12 || !strings.Contains(rows[10], term.m.look.styles.on[cursor]) {
				rt.Fatalf("%d rows; the prompt is %q", len(rows), rows[10])
			}
		}
	})
}

func TestAnEmptyPromptExplainsItself(t *testing.T) {
	for key, want := range map[string]string{"/": "/regex/", "f": "from:", "t": "2026-05-01", ":": "search"} {
		for _, w := range []int{40, 80} {
			term := read(t, fourDays(t), w, 24)
			term.press(key)
			if _, hint := term.promptRows(); !strings.Contains(hint, want) {
				t.Errorf("%s, %d columns: %q", key, w, hint)
			}
			if term.press("backspace"); term.m.prompt.kind != promptNone {
				t.Errorf("%s: backspace does not close an empty prompt", key)
			}
		}
	}
}

// TestAPromptKeepsEverythingUnderIt: opening and closing it changes nothing, a
// click closes it, and keys do nothing else while it is open.
func TestAPromptKeepsEverythingUnderIt(t *testing.T) {
	for _, key := range []string{"/", "f", "t", ":"} {
		term := read(t, fourDays(t), 120, 24)
		term.press("k k")
		before := term.shows()
		term.press(key)
		term.write("jkGgq?")
		if term.m.help != nil || term.m.messages.selected != 2 {
			t.Errorf("%s: what is typed does something", key)
		}
		if term.press("esc"); term.shows() != before {
			t.Errorf("%s: before\n%s\nafter\n%s", key, before, term.shows())
		}
		term.press(key)
		if term.send(tea.MouseClickMsg{X: 60, Y: 3, Button: tea.MouseLeft}); term.m.prompt.kind != promptNone {
			t.Errorf("%s: a click does not close the prompt", key)
		}
	}
}
