package ui

import (
	"strings"
	"testing"

	"backscroll/zim/history"
)

// TestOffline: of a file nothing is looked up, and what it cannot do says why.
func TestOffline(t *testing.T) {
	t.Parallel()
	s := &slowService{perChat: 150, perPage: 100, recalled: true, named: true}
	term := start(t, Config{Client: s, Offline: true, Place: "file", Chat: history.Chat{Peer: "a\x1b[2J.jsonl"}, Remark: "made up"}, 120, 24)
	for _, want := range []string{"file · a␛[2J.jsonl · ", "made up", "loaded, older: "} {
		if !strings.Contains(term.shows(), want) {
			t.Errorf("lacks %q:\n%s", want, term.shows())
		}
	}
	if strings.Contains(term.shows(), "│") {
		t.Errorf("there is a list:\n%s", term.shows())
	}
	for keys, want := range map[string]string{
		"a": "a file holds one list only", "ctrl+k": "a file holds one list only", "B": "a file holds one list only",
		"r": "there is nothing new in a file", "y l": "not copied: a file does not say", "y c": "not copied: a file does not hold",
	} {
		if term.press(keys); !strings.Contains(term.shows(), want) {
			t.Errorf("%s: lacks %q:\n%s", keys, want, term.shows())
		}
	}
	term.press(":")
	term.write("find it")
	if term.press("enter"); !strings.Contains(term.shows(), "a file holds one list only") {
		t.Errorf(":find:\n%s", term.shows())
	}
	term.press("g g g")
	if !strings.Contains(term.shows(), "start of the file") {
		t.Errorf("its start:\n%s", term.shows())
	}
	term.press("enter [")
	if !strings.Contains(term.shows(), "a file does not hold the exchange") {
		t.Errorf("the HTTP tab:\n%s", term.shows())
	}
	if len(s.lookups) > 0 {
		t.Errorf("it was looked up: %q", s.lookups)
	}
}

func TestOfflineFailure(t *testing.T) {
	t.Parallel()
	s := &slowService{perChat: 10, perPage: 100, lastFail: 1}
	term := start(t, Config{Client: s, Offline: true, Chat: history.Chat{Peer: "x"}, Inspect: true}, 80, 24)
	if !strings.Contains(term.shows(), "no route to host") || term.m.inspector.open {
		t.Errorf("no error:\n%s", term.shows())
	}
	if term.press("r"); !term.m.inspector.open || term.m.messages.log.Len() != 10 {
		t.Errorf("r does not read again:\n%s", term.shows())
	}
}

func TestOfflineConversations(t *testing.T) {
	t.Parallel()
	s := &slowService{named: true}
	term := start(t, Config{Client: s, Offline: true, User: "c.jsonl"}, 120, 24)
	if !strings.Contains(term.shows(), "Conversations · c.jsonl") || !strings.Contains(term.shows(), "2 conversations") {
		t.Errorf("no list:\n%s", term.shows())
	}
	if term.press("enter"); !strings.Contains(term.shows(), "it has no messages") || len(s.lookups) > 0 || len(s.calls) != 1 {
		t.Errorf("%q, %q:\n%s", s.calls, s.lookups, term.shows())
	}
}

func TestOfflineInspects(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{42, 12}, {80, 24}, {160, 50}} {
		for tree, want := range map[bool]string{true: "▾ ", false: "type  "} {
			s := &slowService{perChat: 1, perPage: 100}
			term := start(t, Config{Client: s, Offline: true, Chat: history.Chat{Peer: "x"}, Inspect: true, Tree: tree}, size[0], size[1])
			if !term.m.inspector.open || !strings.Contains(term.shows(), want) {
				t.Errorf("%v: the inspector does not show %q:\n%s", size, want, term.shows())
			}
			if term.press("esc"); term.m.inspector.open {
				t.Errorf("%v: it does not close", size)
			}
		}
	}
}
