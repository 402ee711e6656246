package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/zim"
	"backscroll/zim/history"
)

// fiveChats has hits for "needle" in three of five chats, the newest first: a group
// that says it once, erin twice, bob at the beginning of a long chat. Dave was
// silent since before 2026.
func fiveChats(t testing.TB) *archive {
	t.Helper()
	a := newArchive(100)
	at := func(days int, body string) map[string]any {
		return map[string]any{"MsgBody": body, "MsgTime": began.AddDate(0, 0, days).UnixMilli()}
	}
	group, erin, dave := history.Chat{Group: "team"}, history.Chat{User: "alice", Peer: "erin"}, history.Chat{User: "alice", Peer: "dave"}
	a.write(t, group, at(1, "hay"), at(50, "a Needle in the group"), at(51, "hay"))
	a.write(t, erin, at(2, "needle, the older"), at(3, "hay"), at(40, "hay and hay and a needle"), at(41, "hay"))
	a.write(t, aliceAndCarol, at(30, "hay"))
	a.fill(t, aliceAndBob, 350, map[int]map[string]any{20: says("bob's needle")})
	a.write(t, dave, at(-200, "an old needle"))
	return a
}

// entries is the rows of the pane of findings: between its title and its footer.
func (s *findings) entries() (rows []string) {
	for i := range s.len() {
		for _, r := range s.finding(i) {
			var row strings.Builder
			for _, piece := range r {
				row.WriteString(piece.text.String())
			}
			rows = append(rows, strings.Join(strings.Fields(row.String()), " "))
		}
	}
	return rows
}

func TestFindSearchesAllConversations(t *testing.T) {
	a := fiveChats(t)
	term := read(t, a, 160, 40)
	term.say(":", "find needle after:2026-01-01")
	s := term.m.findings
	if s == nil || term.m.focus != paneFindings || !s.done {
		t.Fatalf("no search is done:\n%s", term.shows())
	}
	var found []string
	for _, hit := range s.hits {
		found = append(found, fmt.Sprintf("%s%s %d", hit.Chat.Peer, hit.Chat.Group, hit.MsgSeq))
	}
	if want := []string{"team 2", "erin 3", "erin 1", "bob 20"}; !slices.Equal(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
	for _, want := range []string{
		"Found · needle after:2026-01-01", "* team", "a Needle in the group", "hay and hay and a needle", "4 hits", "4 of 5 searched · 1 older", "done, 8 calls",
	} {
		if !strings.Contains(term.shows(), want) {
			t.Errorf("%q is not shown:\n%s", want, term.shows())
		}
	}
	if calls := a.asked(); slices.ContainsFunc(calls, func(c string) bool { return strings.HasPrefix(c, "dave") }) {
		t.Errorf("a chat that is older than the range is asked for: %v", calls)
	}
}

// TestAHitIsOpenedAtItsPlace, in a chat of any kind, with the words marked.
func TestAHitIsOpenedAtItsPlace(t *testing.T) {
	for i, want := range []struct {
		chat history.Chat
		seq  int64
		hits int
	}{
		{history.Chat{Group: "team"}, 2, 1}, {history.Chat{User: "alice", Peer: "erin"}, 3, 2}, {history.Chat{User: "alice", Peer: "erin"}, 1, 2}, {aliceAndBob, 20, 1},
	} {
		for _, byClick := range []bool{false, true} {
			term := read(t, fiveChats(t), 120, 30)
			m := &term.m.messages
			term.say(":", "find needle after:2026-01-01")
			if byClick {
				term.send(tea.MouseClickMsg{X: 4, Y: 1 + i*rowsOfAFinding, Button: tea.MouseLeft})
			} else {
				term.press(strings.Repeat("j ", i) + "enter")
			}
			if m.chat != want.chat || m.selectedSeq() != want.seq || term.m.focus != paneMessages {
				t.Errorf("hit %d opens %v at %d, focus %d", i, m.chat, m.selectedSeq(), term.m.focus)
			}
			if m.query.String() != "needle" || len(m.hits) != want.hits || !m.isHit(m.selected) {
				t.Errorf("hit %d: query %q, hits %v", i, m.query, m.hits)
			}
			if !slices.ContainsFunc(m.window(), func(s spot) bool { return s.item == m.selected && s.line >= m.block(s.item).lead }) {
				t.Errorf("hit %d is not on screen", i)
			}
			if term.press("tab"); term.m.focus == paneFindings || term.m.findings == nil {
				continue
			}
			for range 3 { // over the inspector, if there is one
				if term.m.focus != paneFindings {
					term.press("tab")
				}
			}
			if term.m.focus != paneFindings {
				t.Errorf("tab leads to pane %d, not to what was found", term.m.focus)
			}
		}
	}
}

// TestWhatWasSearchedIsNotAskedForAgain: a chat that the search loaded is shown from
// what it loaded.
func TestWhatWasSearchedIsNotAskedForAgain(t *testing.T) {
	a := fiveChats(t)
	term := read(t, a, 120, 30)
	term.opens(aliceAndCarol)
	term.m.messages.visits = nil // bob's chat is not kept by itself
	term.say(":", "find needle after:2026-01-01")
	calls := len(a.asked())
	term.press("G enter")
	if asked := a.asked()[calls:]; len(asked) > 1 {
		t.Errorf("bob's chat is asked for again: %v", asked)
	}
	if term.at().chat != aliceAndBob || term.m.messages.selectedSeq() != 20 {
		t.Errorf("at %+v", term.at())
	}
}

// finding starts a search with nothing answered, and goes on until so many calls of
// it were made.
func finding(t *testing.T, a *archive, calls int) *heldTerminal {
	t.Helper()
	held := read(t, a, 160, 40).held()
	held.say(":", "find needle")
	for held.m.findings.progress.Calls < calls {
		if held.waiting == nil {
			t.Fatalf("the search ends after %d calls", held.m.findings.progress.Calls)
		}
		held.answer()
	}
	return held
}

func TestAFindIsToldStoppedAndGoesOn(t *testing.T) {
	held := finding(t, fiveChats(t), 3)
	s := held.m.findings
	if got := held.shows(); !strings.Contains(got, "3 hits") || !strings.Contains(got, "2 of 5 searched") || !strings.Contains(got, "3 calls · esc stops") {
		t.Errorf("on the way:\n%s", got)
	}
	for _, key := range []string{"j", "j", "k", "T", "?", "?"} {
		held.send(keyOf(t, key))
	}
	if s.selected != 1 {
		t.Errorf("selected %d: keys are not live", s.selected)
	}
	held.send(keyOf(t, "esc"))
	held.finish()
	if got := held.shows(); !s.stopped || s.done || !strings.Contains(got, "stopped · r goes on") || s.progress.Calls > 4 {
		t.Errorf("after esc %d calls:\n%s", s.progress.Calls, got)
	}
	held.press("r")
	if !s.done || len(s.hits) != 5 {
		t.Errorf("after r: done %v, %d hits", s.done, len(s.hits))
	}
	if held.press("esc"); held.m.findings != nil || held.m.focus != paneConversations {
		t.Errorf("esc leaves the findings open, focus %d", held.m.focus)
	}
	if !strings.Contains(held.shows(), "Conversations · alice") {
		t.Errorf("the conversations are not back:\n%s", held.shows())
	}
}

// TestAFindThatFails is retried with r, and what fails again is left out and told.
func TestAFindThatFails(t *testing.T) {
	a := fiveChats(t)
	term := read(t, a, 160, 40)
	a.refuse = only("carol")
	term.say(":", "find needle")
	s := term.m.findings
	if got := term.shows(); s.done || !strings.Contains(got, "no route to host") || !strings.Contains(got, "r retries") {
		t.Fatalf("after a failure:\n%s", got)
	}
	term.press("r")
	if got := term.shows(); s.done || !strings.Contains(got, "r goes on without it") {
		t.Fatalf("after the same failure:\n%s", got)
	}
	term.press("r")
	if got := term.shows(); !s.done || len(s.hits) != 5 || !strings.Contains(got, "1 not to their end") || !strings.Contains(got, "carol not searched to its end") {
		t.Errorf("without it: done %v, %d hits:\n%s", s.done, len(s.hits), got)
	}
	a.refuse = nil
	if term.press("G enter"); term.m.messages.chat != aliceAndCarol {
		t.Errorf("what could not be searched opens %v", term.m.messages.chat)
	}

	term = read(t, a, 160, 40)
	a.refuse = only("carol")
	term.say(":", "find needle")
	a.refuse = nil
	if term.press("r"); !term.m.findings.done || len(term.m.findings.missed) > 0 {
		t.Errorf("after a retry that succeeds: done %v, missed %v", term.m.findings.done, term.m.findings.missed)
	}
}

// TestARefusedConversationIsAMiss: the service says no to one, and the search goes
// on by itself.
func TestARefusedConversationIsAMiss(t *testing.T) {
	a := fiveChats(t)
	a.refuse = func(call string) error {
		if strings.HasPrefix(call, "erin") {
			return &zim.Error{Action: "QueryPeerMsg", Code: zim.BadParameter}
		}
		return nil
	}
	term := read(t, a, 160, 40)
	term.say(":", "find needle")
	if s := term.m.findings; !s.done || len(s.hits) != 3 || len(s.missed) != 1 {
		t.Errorf("%d hits, missed %v:\n%s", len(s.hits), s.missed, term.shows())
	}
}

func TestTheEntriesOfAFind(t *testing.T) {
	a := newArchive(100)
	a.write(t, aliceAndBob,
		map[string]any{"MsgBody": "see below", "Payload": `{"id":"needle"}`},
		says(strings.Repeat("hay ", 300)+"a needle at the end"),
		map[string]any{"MsgType": 11, "MsgBody": `{"file_name":"needle.png","file_size":"12"}`},
		says("two\nlines, and a needle"))
	term := read(t, a, 100, 30)
	term.say(":", "find needle")
	got := term.m.findings.entries()
	want := []string{"bob 1 Apr", "two␤lines, and a needle", "bob 1 Apr", "[image 12 B] needle.png", "bob 1 Apr", "needle at the end", "bob 1 Apr", "in Payload · see below +payload"}
	if len(got) > 5 {
		before, shown, found := strings.Cut(got[5], "needle") // of the long text what is near
		if got[5] = "needle" + shown; !found || !strings.HasPrefix(before, "…") || len(before) < 5 {
			t.Errorf("the excerpt begins with %q", before)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("entries\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for y, l := range strings.Split(term.m.View().Content, "\n") {
		if marks := strings.Count(l, "\x1b[7"); y > 0 && y%2 == 0 && y < 7 && marks == 0 {
			t.Errorf("row %d has no mark: %q", y, l)
		}
	}
}

// TestFindingsAtEverySize: nothing is wider than its place, and the selected entry
// can be seen.
func TestFindingsAtEverySize(t *testing.T) {
	term := read(t, fiveChats(t), 160, 40)
	term.say(":", "find needle")
	for _, w := range []int{40, 41, 79, 80, 139, 140, 170} {
		for _, h := range []int{10, 11, 12, 13, 24, 60} {
			term.send(tea.WindowSizeMsg{Width: w, Height: h})
			for _, key := range []string{"", "j", "G", "k", "g"} {
				term.press(key)
				checkFrame(t, term.m, w, h)
				s := term.m.findings
				pane := s.view(true)
				if len(pane) != term.m.layout.conversations.h {
					t.Fatalf("%dx%d: %d lines of %d", w, h, len(pane), term.m.layout.conversations.h)
				}
				if !strings.Contains(strings.Join(pane, "\n"), "▌") {
					t.Fatalf("%dx%d, %s: hit %d is selected and not on screen", w, h, key, s.selected)
				}
			}
		}
	}
	term.send(tea.WindowSizeMsg{Width: 60, Height: 20})
	term.press("g enter")
	if got := term.shows(); strings.Contains(got, "Found") || !strings.Contains(got, "* team") {
		t.Errorf("on a narrow screen enter shows\n%s", got)
	}
	if term.press("esc esc"); term.m.focus != paneFindings || !strings.Contains(term.shows(), "Found · needle") {
		t.Errorf("esc leads to\n%s", term.shows())
	}
}

func TestFindNeedsAUserAndWords(t *testing.T) {
	term := start(t, Config{Client: fiveChats(t), Chat: aliceAndBob, Zones: []*time.Location{shanghai}}, 120, 24)
	if term.say(":", "find needle"); term.m.findings != nil || !strings.Contains(term.lastRow(), "whose conversations? ctrl+k names a user") {
		t.Errorf("without a user: %q", term.lastRow())
	}
}

// TestANewFindReplacesTheOldOne, and what is under way for it is dropped.
func TestANewFindReplacesTheOldOne(t *testing.T) {
	held := finding(t, fiveChats(t), 2)
	first := held.m.findings
	held.say(":", "find group")
	if held.m.findings == first || first.ctx.Err() == nil {
		t.Fatal("the old search goes on")
	}
	held.send(findingsMsg{finder: first.finder, found: history.Found{Hits: make([]history.Hit, 5), Done: true}})
	held.finish()
	s := held.m.findings
	if !s.done || len(s.hits) != 1 || first.done || s.hits[0].MsgSeq != 2 {
		t.Errorf("the new search is done: %v, with %d hits; the old one: %v", s.done, len(s.hits), first.done)
	}
}
