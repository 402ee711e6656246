package ui

import (
	"fmt"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"backscroll/zim/history"
)

// The steps that the naive model of the list takes beside the real one.

func (r *reader) press(keys ...string) {
	for _, k := range keys {
		r.h.send(keyOf(r.h.t, k))
	}
}

// scrolls presses a key that moves the screen by so many lines.
func (r *reader) scrolls(key string, by int) {
	r.press(key)
	r.look()
	r.scrolled(r.top + by)
	r.agrees(key)
}

// moves presses j or k.
func (r *reader) moves(key string) {
	before, top, selected := r.onScreen(), r.top, r.m.selected
	tall := func(item int) bool {
		n := 0
		for _, l := range r.lines {
			if l.item == item {
				n++
			}
		}
		return n >= r.m.rows()
	}
	r.goes(key, func() { r.press(key) })
	away := r.m.len() > 0 && !slices.ContainsFunc(before, func(l listLine) bool { return l.item == selected })
	by := r.m.selected - selected
	if key == "j" {
		by = -by
	}
	switch {
	case away && r.top != top:
		r.t.Fatalf("%s scrolls to a selection that was scrolled away", key)
	case !away && by != 0 && by != 1:
		r.t.Fatalf("%s moves the selection from %d to %d", key, selected, r.m.selected)
	case !away && by == 0 && r.m.len() > 0 && r.m.selected != 0 && r.m.selected != r.m.len()-1 && !tall(selected):
		r.t.Fatalf("%s stays at message %d", key, selected)
	}
}

// answer lets one of the commands that are under way end.
func (r *reader) answer() {
	if len(r.h.waiting) == 0 {
		return
	}
	i := 0
	if len(r.h.waiting) > 1 && rapid.Bool().Draw(r.t, "the last one") {
		i = len(r.h.waiting) - 1
	}
	cmd := r.h.waiting[i]
	r.h.waiting = slices.Delete(r.h.waiting, i, i+1)
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		r.h.waiting = append(r.h.waiting, slices.DeleteFunc([]tea.Cmd(msg), func(c tea.Cmd) bool { return c == nil })...)
	default:
		r.keeps(fmt.Sprintf("%T", msg), func() { r.h.send(msg) })
	}
}

func (r *reader) answerAll() {
	for len(r.h.waiting) > 0 {
		r.answer()
	}
}

// types opens a prompt and types into it.
func (r *reader) types(key, line string) {
	r.keeps(key, func() {
		r.press(key, "ctrl+u")
		for _, letter := range line {
			r.h.send(tea.KeyPressMsg{Code: letter, Text: string(letter)})
		}
	})
}

// filters sets a filter.
func (r *reader) filters() {
	filter := rapid.SampledFrom([]string{"", "from:bob", "apple", "is:recalled", "-apple", "from:nobody"}).Draw(r.t, "filter")
	r.types("f", filter)
	r.keeps("filter", func() { r.press("enter"); r.filter = filter })
}

// searches types a query. While one types, hits are marked and nothing moves.
func (r *reader) searches() {
	query := rapid.SampledFrom([]string{"", "apple", "pe", "/a.*(le|ear)/", "=Apple", "hidden"}).Draw(r.t, "query")
	r.press("/")
	for i := range query {
		r.keeps("typing a query", func() { r.h.send(tea.KeyPressMsg{Code: rune(query[i]), Text: query[i : i+1]}) })
		r.query = query[:i+1]
		if _, err := history.ParseQuery(r.query); err != nil {
			r.query = query[:i]
		}
	}
	if rapid.IntRange(0, 3).Draw(r.t, "cancelled") == 3 {
		before := r.h.m.prompt.before.String()
		r.keeps("a search, cancelled", func() { r.press("esc"); r.query = before })
		return
	}
	r.goes("search", func() { r.press("enter"); r.query = query })
}

// clicks on a row: its message is selected, if it has one, and nothing moves.
func (r *reader) clicks(row int) {
	want, item := r.m.selected, r.m.len()
	if row >= r.missing() && row-r.missing() < len(r.onScreen()) {
		item = r.onScreen()[row-r.missing()].item
	}
	switch {
	case item == r.m.selected:
		return // it would be inspected
	case item < r.m.len():
		want = item
	}
	r.h.send(tea.MouseClickMsg{X: 10, Y: 1 + row, Button: tea.MouseLeft})
	r.look()
	if r.m.selected != want {
		r.t.Fatalf("a click on row %d selects message %d, not %d", row, r.m.selected, want)
	}
	r.agrees("click")
}

func TestTheListIsThatOfANaiveModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newReader(t, rt)
		rows := func() int { return r.m.rows() }
		elsewhere := func(key string) func() { return func() { r.goes(key, func() { r.press(key) }) } }
		reload := func() {
			r.service.unread[aliceAndBob] -= rapid.IntRange(0, min(r.service.unread[aliceAndBob], 10)).Draw(rt, "came")
			r.keeps("r", func() { r.press("r") })
		}
		steps := map[string]func(){
			"answer": r.answer, "answer, again": r.answer, "answer all": r.answerAll, "answer all, again": r.answerAll,
			"J": func() { r.scrolls("J", 1) }, "K": func() { r.scrolls("K", -1) },
			"ctrl+d": func() { r.scrolls("ctrl+d", rows()/2) }, "ctrl+u": func() { r.scrolls("ctrl+u", -(rows() / 2)) },
			"space": func() { r.scrolls("space", rows()-1) }, "b": func() { r.scrolls("b", 1-rows()) },
			"G": func() { r.scrolls("G", len(r.lines)) }, "g": func() { r.scrolls("g", -len(r.lines)) },
			"j": func() { r.moves("j") }, "k": func() { r.moves("k") },
			"T": func() { r.keeps("T", func() { r.press("T") }) },
			"D": func() { r.keeps("D", func() { r.press("D") }) },
			"resize": func() {
				size := tea.WindowSizeMsg{Width: rapid.IntRange(40, 110).Draw(rt, "w"), Height: rapid.IntRange(10, 24).Draw(rt, "h")}
				r.keeps("resize", func() { r.h.send(size) })
			},
			"wheel": func() {
				r.h.send(tea.MouseWheelMsg{X: 10, Y: 5, Button: tea.MouseWheelUp})
				r.look()
				r.scrolled(r.top - wheelLines)
				r.agrees("wheel")
			},
			"filter": r.filters, "search": r.searches, "search, again": r.searches,
			"esc": func() {
				r.keeps("esc", func() {
					if !r.m.travels() {
						r.query = ""
					}
					r.press("esc")
				})
			},
			"n": elsewhere("n"), "N": elsewhere("N"), "{": elsewhere("{"), "}": elsewhere("}"), "ctrl+o": elsewhere("ctrl+o"),
			"r": reload, "r, again": reload,
			"t": func() {
				r.types("t", rapid.SampledFrom([]string{"seq 3", "50%", "2026-04-05", "id 7"}).Draw(rt, "goal"))
				r.goes("t", func() { r.press("enter") })
			},
			"click":  func() { r.clicks(rapid.IntRange(0, rows()-1).Draw(rt, "row")) },
			"breaks": func() { r.broken = !r.broken },
		}
		names := make([]string, 0, len(steps))
		for name := range steps {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, first := range []func(){r.filters, r.searches} {
			if rapid.Bool().Draw(rt, "to begin with") {
				first()
				r.answerAll()
			}
		}
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			steps[rapid.SampledFrom(names).Draw(rt, "step")]()
		}
	})
}
