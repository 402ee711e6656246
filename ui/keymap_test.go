package ui

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// bindings returns all that can be pressed in a pane.
func bindings(p pane) []key.Binding {
	return slices.Concat(keys.special(p), keys.moving(p), keys.everywhere(p))
}

// keyTable returns every key and what it does, each once: the README's table.
func keyTable() [][2]string {
	moving := []key.Binding{keys.Down, keys.Up, keys.First, keys.Last, keys.HalfDown, keys.HalfUp, keys.PageDown, keys.PageUp, keys.ScrollDown, keys.ScrollUp}
	var all [][2]string
	for _, b := range slices.Concat(keys.special(paneConversations), keys.special(paneMessages), moving, keys.everywhere(paneMessages)) {
		row := [2]string{b.Help().Key, b.Help().Desc}
		if !slices.Contains(all, row) {
			all = append(all, row)
		}
	}
	return all
}

// TestTheHelpIsWhole: each binding of the map is in some pane's help, but for
// those of a question, which stand on its own screen.
func TestTheHelpIsWhole(t *testing.T) {
	shown := map[string]bool{}
	for _, p := range panes() {
		for _, b := range bindings(p) {
			shown[b.Help().Key] = true
		}
	}
	v := reflect.ValueOf(keys)
	for i := range v.NumField() {
		name, b := v.Type().Field(i).Name, v.Field(i).Interface().(key.Binding)
		if slices.Contains([]string{"Accept", "Cancel", "NextField", "PrevField", "Complete", "CompleteBack", "Older", "Newer"}, name) {
			continue
		}
		if !shown[b.Help().Key] {
			t.Errorf("%s is in no help", name)
		}
	}
}

// TestNoKeyMeansTwoThings: within a pane every key has one binding, and none
// needs Alt.
func TestNoKeyMeansTwoThings(t *testing.T) {
	for _, p := range panes() {
		seen := map[string]string{}
		for _, b := range bindings(p) {
			for _, k := range b.Keys() {
				if other := seen[k]; other != "" || strings.Contains(k, "alt") {
					t.Errorf("pane %d: %s is %q and %q", p, k, other, b.Help().Desc)
				}
				seen[k] = b.Help().Desc
			}
		}
	}
}

// TestEveryKeyOfTheHelpDoesSomething presses each key where it should change
// the screen.
func TestEveryKeyOfTheHelpDoesSomething(t *testing.T) {
	for _, p := range panes() {
		t.Run(strings.ReplaceAll(paneTitles[p].String(), " ", "-"), func(t *testing.T) {
			t.Parallel()
			config := sample(t)
			config.Calls, config.Profiles = &Exchanges{}, &twoApps{}
			config.Client = noted(t, config.Calls)
			for _, b := range bindings(p) {
				for _, k := range b.Keys() {
					if p == paneFindings && k == "r" {
						continue // only where a search was stopped or failed: see findings_test.go
					}
					if !does(t, config, p, k) {
						t.Errorf("%s (%s) does nothing", k, b.Help().Desc)
					}
				}
			}
		})
	}
}

func does(t *testing.T, config Config, p pane, k string) bool {
	for _, before := range []string{"", "G", "g", "j j j j j j j j", "G k k k k k k k k k k k k k k"} {
		term := start(t, config, 100, 14)
		switch p {
		case paneMessages:
			term.press("enter")
		case paneFindings:
			term.say(":", "find a after:2026-04-29") // not through years of an archive
		case paneCalls:
			if term.press("L"); k == "z" {
				term.press("enter")
			}
		case paneBookmarks:
			term.press("enter m k m '")
		case paneProfiles:
			term.press("P")
		case paneGap:
			term.opensGap()
		case paneLimits:
			term.say(":", "limits")
		case paneUser:
			term.run(term.m.showUser("bob"))
			if k == "U" {
				term.press("G")
			}
		case paneGroup:
			term.run(term.m.showGroup("everyone"))
			if k == "u" {
				term.press("G")
			}
		case paneShapes:
			term.say(":", "shapes")
		case paneBoth:
			if term.press("enter A"); k == "N" {
				term.press("n n")
			}
		case paneMedia:
			term.run(term.m.messages.goTo(goal{kind: goalSeq, seq: 791}))
			term.say(":", "media")
		case paneInspector:
			term.press("enter enter")
			switch k {
			case "h", "left": // something is unfolded only in the tree
				term.press("] l")
			case "n", "N":
				term.press("/ e enter")
			case "l", "right", "E", "1", "2", "3", "4", "5", "6", "7", "8", "9":
				term.press("] v v h h h h h h")
			}
		}
		term.press(before)
		if k == "esc" && p == paneConversations {
			term.press("/ b enter") // there is a step back from a filter only
		}
		frame, number := term.m.View(), term.m.messages.request.number+term.m.conversations.request.number
		_, cmd := term.m.Update(keyOf(t, k))
		if cmd != nil {
			if _, quit := cmd().(tea.QuitMsg); quit {
				return true
			}
		}
		after := term.m.View()
		asked := term.m.messages.request.number + term.m.conversations.request.number
		if after.Content != frame.Content || after.MouseMode != frame.MouseMode || asked != number {
			return true
		}
	}
	return false
}

func TestTheHelpScrollsAndCloses(t *testing.T) {
	term := start(t, sample(t), 60, 12)
	term.press("?")
	top := term.shows()
	term.press("j j")
	if term.shows() == top {
		t.Error("the help does not scroll on a small screen")
	}
	term.press("G")
	if !strings.Contains(term.shows(), "other key closes this page") {
		t.Errorf("the end of the help cannot be reached:\n%s", term.shows())
	}
	if term.press("x"); term.m.help != nil {
		t.Error("another key does not close the help")
	}
}
