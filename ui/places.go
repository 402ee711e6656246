package ui

import (
	"cmp"
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// destination is where the finder can go to.
type destination struct {
	group    bool
	id, name text.Line
	what     text.Line // what is opened
	target   target
	searched [2][]rune // ID and name, folded
}

func newDestination(group bool, id, name, what text.Line, t target) destination {
	return destination{group, id, name, what, t, [2][]rune{folded(id.String()), folded(name.String())}}
}

// placesFrom is what places are made of.
type placesFrom struct {
	user          string
	chat          history.Chat // that is open
	recent        []Recent
	conversations []zim.Conversation
	known         []known // the latest last; of a user or group, the last one holds
}

// placesMsg answers gatherPlaces.
type placesMsg struct {
	finder *finder
	number int
	all    []destination
}

// gatherPlaces makes the places that there are: what was opened lately, the
// conversations, then everybody who is known. Each is there once.
func gatherPlaces(f *finder, from placesFrom, number int) tea.Cmd {
	return func() tea.Msg { return placesMsg{f, number, from.places()} }
}

func (from placesFrom) places() (all []destination) {
	type who struct {
		group bool
		id    string
	}
	names := make(map[who]text.Line, len(from.known))
	for _, k := range from.known {
		names[who{k.group, k.id}] = k.name
	}
	seen := map[target]bool{}
	add := func(p destination) {
		at := p.target
		if at.chat != (history.Chat{}) {
			at.user = "" // the chat says whose it is
		}
		if !seen[at] {
			seen[at] = true
			all = append(all, p)
		}
	}
	chatOf := text.Join(text.Lit("chat of "), idLine(from.user))
	for _, r := range from.recent {
		id, name, what := idLine(r.User), names[who{false, r.User}], text.Lit("conversations")
		switch {
		case r == Recent{User: from.user}, r.target().chat == from.chat && from.chat != history.Chat{}:
			continue // one is there
		case r.Group != "":
			id, name, what = idLine(r.Group), names[who{true, r.Group}], text.Lit("group")
		case r.Peer != "" && r.User == from.user:
			id, name, what = idLine(r.Peer), names[who{false, r.Peer}], chatOf
		case r.Peer != "":
			id, name, what = text.Join(id, text.Lit(" → "), idLine(r.Peer)), names[who{false, r.Peer}], text.Lit("chat")
		}
		add(newDestination(r.Group != "", id, name, text.Join(text.Lit("recent · "), what), r.target()))
	}
	for _, c := range from.conversations {
		switch {
		case c.ConvId == "":
		case c.ConvType == zim.Group:
			add(newDestination(true, idLine(c.ConvId), names[who{true, c.ConvId}], text.Lit("group"), target{chat: history.Chat{Group: c.ConvId}}))
		case c.ConvType == zim.Peer:
			chat := history.Chat{User: from.user, Peer: c.ConvId}
			add(newDestination(false, idLine(c.ConvId), names[who{false, c.ConvId}], chatOf, target{chat: chat}))
		}
	}
	for _, k := range slices.Backward(from.known) {
		w := who{k.group, k.id}
		if k.group {
			add(newDestination(true, idLine(k.id), names[w], text.Lit("group"), target{chat: history.Chat{Group: k.id}}))
		} else {
			add(newDestination(false, idLine(k.id), names[w], text.Lit("conversations"), target{user: k.id}))
		}
	}
	return all
}

// foundMsg answers siftPlaces.
type foundMsg struct {
	finder *finder
	number int
	all    []destination
	list   []int // of the places, the best first
	of     int   // how many fit
}

// maxPlaces is how many places are listed.
const maxPlaces = 500

// siftPlaces returns the places that have all words, letter by letter, the best
// first; without a word, the first of all.
func siftPlaces(ctx context.Context, f *finder, all []destination, typed string, number int) tea.Cmd {
	return func() tea.Msg {
		if ctx.Err() != nil {
			return nil
		}
		list, of := bestPlaces(all, typed)
		return foundMsg{f, number, all, list, of}
	}
}

func bestPlaces(all []destination, typed string) (list []int, of int) {
	words := wordsOf(typed)
	type scored struct{ score, at int }
	var fit []scored
	for i := range all {
		if s := all[i].score(words); s > 0 {
			fit = append(fit, scored{s, i})
		}
	}
	slices.SortFunc(fit, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.at, b.at)) })
	for _, s := range fit[:min(len(fit), maxPlaces)] {
		list = append(list, s.at)
	}
	return list, len(fit)
}

// wordsOf returns the words of what is typed, folded.
func wordsOf(typed string) (words [][]rune) {
	for w := range strings.FieldsSeq(typed) {
		words = append(words, folded(w))
	}
	return words
}

// score says how well a place has the words; 0 if it lacks one.
func (p *destination) score(words [][]rune) int {
	score := 1
	for _, w := range words {
		id, _ := fuzzyScore(p.searched[0], w, nil)
		name, _ := fuzzyScore(p.searched[1], w, nil)
		if id == 0 && name == 0 {
			return 0
		}
		score += max(id, name)
	}
	return score
}

// lit returns the ID or the name with the letters marked that the words have.
func (p *destination) lit(which int, words [][]rune, i ink) row {
	line := [2]text.Line{p.id, p.name}[which]
	marks := map[int]bool{}
	for _, w := range words {
		id, _ := fuzzyScore(p.searched[0], w, nil)
		name, _ := fuzzyScore(p.searched[1], w, nil)
		if (which == 0) != (id >= name) {
			continue
		}
		_, at := fuzzyScore(p.searched[which], w, nil)
		for _, n := range at {
			marks[n] = true
		}
	}
	var r row
	n, from, on := 0, 0, false
	s := line.String()
	cut := func(to int, ink ink) {
		if to > from {
			r = append(r, span{ink, text.CleanLine(s[from:to])})
		}
		from = to
	}
	inkOf := func(on bool) ink {
		if on {
			return marked
		}
		return i
	}
	for at := range s {
		if marks[n] != on {
			cut(at, inkOf(on))
			on = marks[n]
		}
		n++
	}
	cut(len(s), inkOf(on))
	return r
}
