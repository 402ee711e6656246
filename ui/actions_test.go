package ui

import (
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
)

// before is where each action is tried: keys that lead to a state in which its key
// does something.
var beforeActions = map[string]string{
	"next-hit": "search", "previous-hit": "search", "jump-back": "k g",
	"next": "k k k", "last": "g", "half-page-down": "g", "page-down": "g", "scroll-down": "b",
	"open": "tab j", "list-filter": "tab", "back": "enter", "next-day": "g",
	"full": "enter", "next-tab": "enter", "previous-tab": "enter", "subject": "enter", "fold": "enter ]",
	"unfold": "enter ] h h h", "unfold-all": "enter ] h h h", "depth": "enter ] h h h", "wrap": "enter ] ]",
}

// elsewhere are the actions of panes that are not there then, and what ends all.
var elsewhere = []string{
	"quit", "open-hit", "show-call", "mark-call", "copy-call", "write-calls", "check-again", "open-shape", "open-profile", "open-bookmark", "drop-bookmark",
	"collect-calls", "open-missing", "difference-older", "difference-newer", "differences-only", "open-side", "copy-side",
	"open-row", "copy-row", "filter-sender", "filter-members", "ask-again",
}

// TestEachActionDoesWhatItsKeyDoes: by name and by key, the screens are the same.
func TestEachActionDoesWhatItsKeyDoes(t *testing.T) {
	tried := 0
	for _, a := range actions {
		if a.key == nil || slices.Contains(elsewhere, a.name) {
			continue
		}
		prepared := func() *terminal {
			service := fourDays(t).fill(t, aliceAndCarol, 30, nil).fill(t, aliceAndBob.OtherSide(), 30, nil)
			term := read(t, service, 120, 24)
			term.press("k k")
			if prepare := beforeActions[a.name]; prepare == "search" {
				term.say("/", "message 39")
				term.press("n n")
			} else {
				term.press(prepare)
			}
			return term
		}
		byKey, byName := prepared(), prepared()
		idle := byKey.shows()
		byKey.press(a.key.Keys()[0])
		byName.say(":", a.name)
		if byKey.shows() != byName.shows() || byKey.m.focus != byName.m.focus {
			t.Errorf("%s, by key %s:\n%s\nby name:\n%s", a.name, a.key.Keys()[0], byKey.shows(), byName.shows())
		}
		if byKey.shows() == idle {
			t.Errorf("%s: the key %s does nothing here, so nothing is compared", a.name, a.key.Keys()[0])
		}
		tried++
	}
	if tried < 30 {
		t.Errorf("only %d actions were tried", tried)
	}
}

// TestEachKeyHasAnAction: what can be done by a key can be done by name.
func TestEachKeyHasAnAction(t *testing.T) {
	inPrompts := []string{"accept", "cancel", "next field", "previous field", "complete", "the completion before", "what was typed before", "what was typed after"}
	unnamed := []string{"an action by its name", "back, one step; at the root it asks to quit"}
	named := map[string]bool{}
	for _, a := range actions {
		if a.key != nil {
			named[a.key.Help().Desc] = true
		}
	}
	special := []key.Binding{}
	for _, p := range panes() {
		special = append(special, keys.special(p)...)
	}
	for _, b := range slices.Concat(keys.everywhere(paneMessages), special,
		[]key.Binding{keys.Down, keys.Up, keys.First, keys.Last, keys.HalfDown, keys.HalfUp, keys.PageDown, keys.PageUp, keys.ScrollDown, keys.ScrollUp}) {
		does := b.Help().Desc
		if !named[does] && !slices.Contains(unnamed, does) && !slices.Contains(inPrompts, does) {
			t.Errorf("no action does %q (%s)", does, b.Help().Key)
		}
	}
}

// TestActionsFromTheOtherPanes: an action that belongs to a pane does it there.
func TestActionsFromTheOtherPanes(t *testing.T) {
	term := read(t, fourDays(t).fill(t, aliceAndCarol, 30, nil), 120, 24)
	m := &term.m.messages
	term.press("tab")
	if term.m.focus != paneConversations {
		t.Fatalf("focus %d", term.m.focus)
	}
	if term.say(":", "search message 39"); m.query.String() != "message 39" || term.m.focus != paneMessages {
		t.Errorf("query %q, focus %d", m.query, term.m.focus)
	}
	term.press("tab")
	if term.say(":", "inspect"); !term.m.inspector.open {
		t.Error("the message is not inspected")
	}
	if term.say(":", "open"); term.m.focus != paneMessages && term.m.focus != paneConversations {
		t.Errorf("focus %d", term.m.focus)
	}
	term.press("esc esc")
	term.say(":", "list-filter caro")
	if n := len(term.m.conversations.shown); n != 1 {
		t.Errorf("%d conversations are listed", n)
	}
}

func TestWordsAfterAnAction(t *testing.T) {
	term := read(t, bySenders(t, 50, 400), 120, 24)
	m := &term.m.messages
	for _, tt := range []struct {
		line string
		done func() bool
	}{
		{"go seq 77", func() bool { return m.selectedSeq() == 77 }},
		{"go 2026-04-01", nil},
		{"filter from:bob", func() bool { return m.filterText() == "from:bob" }},
		{"search  /message 1$/ ", func() bool { return m.query.String() == "/message 1$/" }},
		{"filter", func() bool { return term.m.prompt.kind == promptFilter && term.m.prompt.input.Value() == "from:bob" }},
	} {
		term.say(":", tt.line)
		if tt.done != nil && !tt.done() {
			t.Errorf(":%s is not done:\n%s", tt.line, term.shows())
		}
	}
}

func TestActionsThatAreRefused(t *testing.T) {
	for line, told := range map[string]string{
		"nonsense": "no such action: tab lists them", "zone": "no such action: tab lists them", "ne": "several actions begin so: tab lists them", "first 5": "first takes nothing more",
		"find": "find needs something to look for", "find from:": "find: ", "go nowhere": "go: leads nowhere", "filter nosuch:1": "nosuch",
		"search /(/": "search: ",
	} {
		term := read(t, fourDays(t), 160, 24)
		before := term.at()
		term.say(":", line)
		if got := term.shows(); !strings.Contains(got, told) {
			t.Errorf(":%s is told as\n%s\nwithout %q", line, got, told)
		}
		if term.at() != before || term.m.messages.filter != nil || term.m.findings != nil || !term.m.messages.query.IsZero() {
			t.Errorf(":%s does something", line)
		}
	}
}

func TestCompletionOfActions(t *testing.T) {
	for _, tt := range []struct{ typed, keys, want string }{
		{"sea", "tab", "search"}, {"ne", "tab", "next-hit"}, {"ne", "tab tab", "next-day"}, {"ne", "shift+tab", "next-tab"},
		{"ne", "tab tab shift+tab", "next-hit"}, {"filter fr", "tab", "filter from:"}, {"find from:al", "tab", "find from:alice"}, {"go 5", "tab", "go 5"},
	} {
		term := read(t, fourDays(t), 120, 24)
		term.press(":")
		term.write(tt.typed)
		term.press(tt.keys)
		if got := strings.TrimSpace(term.m.prompt.input.Value()); got != tt.want {
			t.Errorf("%q, %s: %q, want %q", tt.typed, tt.keys, got, tt.want)
		}
	}
}

// TestTheLineShowsTheKeyOfAnAction, and what may follow its name.
func TestTheLineShowsTheKeyOfAnAction(t *testing.T) {
	for typed, want := range map[string]string{
		"next-hit": "next hit, older · key n", "go": "75% · key t", "find": "a filter with words in it", "find x": "search all conversations", "dens": "key D",
	} {
		term := read(t, fourDays(t), 120, 24)
		term.press(":")
		term.write(typed)
		if line, _ := term.promptRows(); !strings.HasSuffix(line, want) && !strings.Contains(line, want) {
			t.Errorf("%q shows %q, without %q", typed, line, want)
		}
	}
}
