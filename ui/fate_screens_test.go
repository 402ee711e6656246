package ui

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"backscroll/zim/history"
)

// TestScreensOfWhatBecame of a message, of numbers that are missing, and of what
// nobody is told.
func TestScreensOfWhatBecame(t *testing.T) {
	bob, walter := history.Chat{User: "alice", Peer: "bob"}, history.Chat{User: "alice", Peer: "walter"}
	screens := map[string]struct {
		chat    history.Chat
		prepare func(term *terminal)
	}{
		"recalled": {bob, func(term *terminal) { term.say("t", "seq 795"); term.press("enter") }},
		"deleted": {bob, func(term *terminal) {
			term.say(":", "retention 30")
			term.press("a a")
			term.say("t", "seq 800")
			term.press("enter")
		}},
		"gap":     {bob, func(term *terminal) { term.say("t", "seq 811"); term.press("e") }},
		"missing": {bob, func(term *terminal) { term.say("t", "seq 811"); term.press("e e") }},
		"retention": {walter, func(term *terminal) {
			term.say(":", "retention 30")
			term.say("t", "2026-03-31")
		}},
		"limits": {bob, func(term *terminal) { term.say(":", "limits") }},
	}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 50}} {
		for name, screen := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				config := sample(t)
				config.Chat = screen.chat
				term := start(t, config, size[0], size[1])
				screen.prepare(term)
				checkFrame(t, term.m, size[0], size[1])
				golden.RequireEqual(t, term.shows()+"\n")
			})
		}
	}
}
