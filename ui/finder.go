package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// finder is the question where to go: to one of the places that the session knows,
// found by some letters of ID or name, or to any ID. opener.go asks for user, peer
// and group apart.
type finder struct {
	user   string // whose conversations are listed
	input  textinput.Model
	ctx    context.Context
	cancel context.CancelFunc

	places   []destination // that were gathered last
	gathered bool
	gathers  int           // how often they were: an answer to an earlier time is dropped
	all      []destination // of which found is
	found    []int         // the best first
	keeps    bool          // the selection stays with its place
	fit      int           // how many fit; not all of them are in found
	typed    []destination // what the typed ID can be
	number   int           // of what was typed: an answer to less is dropped
	stop     context.CancelFunc
	busy     bool
	goes     bool // enter was pressed: go once the answer is there
	selected int  // of found, then of typed
}

// showFinder asks where to go.
func (m *Model) showFinder() tea.Cmd {
	f := &finder{user: m.conversations.user, input: newInput(), stop: func() {}}
	f.ctx, f.cancel = context.WithCancel(m.ctx)
	f.input.Focus()
	m.finder = f
	return m.gather()
}

// gather brings the places of the finder up to date.
func (m *Model) gather() tea.Cmd {
	if m.finder == nil {
		return nil
	}
	m.finder.gathers++
	return gatherPlaces(m.finder, placesFrom{
		user: m.finder.user, chat: m.messages.chat, recent: slices.Clone(m.recents.list),
		conversations: slices.Clone(m.conversations.all), known: m.names.known,
	}, m.finder.gathers)
}

// closeFinder ends the question.
func (m *Model) closeFinder() {
	if m.finder != nil {
		m.finder.cancel()
		m.finder = nil
	}
}

// applyPlaces hands the finder what was gathered or found for it.
func (m *Model) applyPlaces(msg tea.Msg) tea.Cmd {
	f := m.finder
	switch msg := msg.(type) {
	case placesMsg:
		if f != nil && msg.finder == f && msg.number == f.gathers {
			f.places, f.keeps, f.gathered = msg.all, f.gathered, true
			return f.sift()
		}
	case foundMsg:
		if f == nil || msg.finder != f || msg.number != f.number {
			return nil
		}
		if f.apply(msg); f.goes {
			return m.goToPlace()
		}
	}
	return nil
}

// apply shows what was found.
func (f *finder) apply(msg foundMsg) {
	var before target
	if f.keeps && f.selected < f.len() {
		before = f.at(f.selected).target
	}
	typed := f.selected - len(f.found)
	f.all, f.found, f.fit, f.busy = msg.all, msg.list, msg.of, false
	switch {
	case f.keeps && typed >= 0 && len(f.typed) > 0:
		f.selected = len(f.found) + typed
	case f.keeps:
		f.selected = max(slices.IndexFunc(f.found, func(i int) bool { return f.all[i].target == before }), 0)
	}
	f.selected = min(f.selected, max(f.len()-1, 0))
}

// sift looks for what is typed, in place of what was typed before.
func (f *finder) sift() tea.Cmd {
	f.stop()
	var ctx context.Context
	ctx, f.stop = context.WithCancel(f.ctx)
	f.number++
	f.busy = true
	return siftPlaces(ctx, f, f.places, f.input.Value(), f.number)
}

// handleFinderKey edits what is typed, or goes.
func (m *Model) handleFinderKey(k tea.KeyPressMsg) tea.Cmd {
	f := m.finder
	f.goes = false
	switch {
	case key.Matches(k, keys.Cancel):
		m.closeFinder()
	case key.Matches(k, keys.Accept):
		if f.busy || !f.gathered {
			f.goes = true // what is on screen answers to something else
			return nil
		}
		return m.goToPlace()
	case key.Matches(k, keys.Complete):
		m.opener = newOpener(f.user)
		m.opener.fields[m.opener.focused].SetValue(f.value())
	case key.Matches(k, keys.Newer):
		f.move(1)
	case key.Matches(k, keys.Older):
		f.move(-1)
	default:
		return f.update(k)
	}
	return nil
}

// update hands a key or a paste to the line.
func (f *finder) update(msg tea.Msg) tea.Cmd {
	before := f.input.Value()
	f.input, _ = f.input.Update(msg) // its commands are not wanted: see opener.update
	if f.input.Value() == before {
		return nil
	}
	f.selected, f.keeps = 0, false
	f.guess()
	return f.sift()
}

func (f *finder) value() string { return strings.TrimSpace(f.input.Value()) }

// guess tells what the typed ID can be, known or not.
func (f *finder) guess() {
	f.typed = nil
	id := f.value()
	if id == "" {
		return
	}
	shown := idLine(id)
	add := func(group bool, what text.Line, t target) {
		f.typed = append(f.typed, newDestination(group, shown, text.Line{}, what, t))
	}
	if f.user != "" && id != f.user {
		add(false, text.Join(text.Lit("chat of "), idLine(f.user), text.Lit(" with this user")), target{chat: history.Chat{User: f.user, Peer: id}})
	}
	add(false, text.Lit("conversations of this user"), target{user: id})
	add(true, text.Lit("the group with this ID"), target{chat: history.Chat{Group: id}})
}

func (f *finder) len() int { return len(f.found) + len(f.typed) }

// move selects the next place or the previous one; behind the last is the first.
func (f *finder) move(k int) {
	if n := f.len(); n > 0 {
		f.selected = (f.selected + k + n) % n
	}
}

// at returns what is listed.
func (f *finder) at(i int) *destination {
	if i < len(f.found) {
		return &f.all[f.found[i]]
	}
	return &f.typed[i-len(f.found)]
}

// goToPlace goes to what is selected.
func (m *Model) goToPlace() tea.Cmd {
	f := m.finder
	if f.selected >= f.len() {
		return nil
	}
	t := f.at(f.selected).target
	m.closeFinder()
	return m.goTo(t)
}

// lines draws the question, in so many rows at most.
func (f *finder) lines(w text.Widths, width, height int) []row {
	const indent = barColumn + 3 // that of the IDs
	cells := width - indent - rightMargin
	rows := []row{
		append(row{space(indent)}, apart(w, cells, row{{accent, text.Lit("Go to")}}, row{{dim, f.counted()}})...),
		append(row{space(indent), {accent, text.Lit("> ")}}, typed(f.input, true, w, cells-2)...),
		{},
	}
	const last = 2 // a blank row and the hint
	room := max(height-len(rows)-last, 1)
	pinned := min(len(f.typed), max(room-1, 0)) // what is typed can always be seen
	room -= pinned
	from := max(0, min(f.selected-room+1, len(f.found)-room))
	words := wordsOf(f.input.Value())
	for i := from; i < min(from+room, len(f.found)); i++ {
		rows = append(rows, f.row(w, width, i, words))
	}
	for i := len(f.found); i < len(f.found)+pinned; i++ {
		rows = append(rows, f.row(w, width, i, nil))
	}
	if f.len() == 0 {
		rows = append(rows, row{space(indent), {dim, text.Lit("a user's ID or a group's, known or not")}})
	}
	hint := fitting(w, cells, text.Lit("enter opens · ↑ ↓ choose · tab asks for user, peer and group apart · esc cancels"),
		text.Lit("enter opens · tab by fields · esc cancels"), text.Lit("enter opens"))
	return append(rows, row{}, row{space(indent), {dim, hint}})
}

// counted says how many places fit.
func (f *finder) counted() text.Line {
	switch {
	case !f.gathered:
		return text.Lit("looking …")
	case f.value() == "":
		return text.CleanLine(count(len(f.places), "place", "places"))
	}
	return text.CleanLine(fmt.Sprintf("%d of %d", f.fit, len(f.places)))
}

// row is a place, the letters marked by which it was found.
func (f *finder) row(w text.Widths, width, i int, words [][]rune) row {
	p := f.at(i)
	bar, mark := space(1), text.Lit("  ")
	if i == f.selected {
		bar = selectionBar(true)
	}
	if p.group {
		mark = text.Lit("* ")
	}
	left := append(row{bar, {dim, mark}}, p.lit(0, words, bold)...)
	left = append(append(left, space(2)), p.lit(1, words, plain)...)
	return append(row{space(barColumn)}, apart(w, width-barColumn-rightMargin, left, row{{dim, p.what}})...)
}
