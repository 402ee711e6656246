package ui

import (
	"fmt"
	"maps"
	"slices"
	"sort"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// sifting is a filter and a query that a command applies to what is loaded. Until
// it is done, the pane shows what it showed before.
type sifting struct {
	request
	busy   bool
	filter *history.Filter
	query  history.Query
	upTo   int // messages that the command looks at; later ones are looked at when it is done
}

func (s *sifting) stop() {
	s.request.stop()
	s.busy = false
}

// sift shows what a filter lets through, and marks what a query finds.
func (m *messages) sift(f *history.Filter, q history.Query) tea.Cmd {
	ctx, number := m.sifting.begin(m.ctx)
	m.sifting.busy, m.sifting.filter, m.sifting.query, m.sifting.upTo = true, f, q, m.log.Len()
	return siftMessages(ctx, m.log.Snapshot(), f, q, number)
}

// wanted returns the filter and the query that were asked for last: a command may
// still be busy with them.
func (m *messages) wanted() (*history.Filter, history.Query) {
	if m.sifting.busy {
		return m.sifting.filter, m.sifting.query
	}
	return m.filter, m.query
}

// searches reports whether something is searched for, or will be in a moment.
func (m *messages) searches() bool {
	_, q := m.wanted()
	return !q.IsZero()
}

// resift begins anew where a change moved what the command looks at.
func (m *messages) resift(c history.Change) tea.Cmd {
	if m.sifting.busy && c.Displaced() {
		return m.sift(m.sifting.filter, m.sifting.query)
	}
	return nil
}

// applySifted shows what a command found; the selected message stays on its row,
// or the one next to it if the filter hides it.
func (m *messages) applySifted(msg siftedMsg) tea.Cmd {
	s := &m.sifting
	if msg.number != s.number {
		return nil
	}
	s.stop()
	if msg.err != nil {
		return nil // cancelled
	}
	held := m.hold()
	place, selected := 0, 0
	if m.len() > 0 {
		place, selected = m.place(held.item), m.place(m.selected)
	}
	m.filter, m.query, m.places, m.hits = s.filter, s.query, msg.places, msg.hits
	if m.query.IsZero() {
		m.hits = nil // the search was ended meanwhile
	}
	var came []int
	for p := s.upTo; p < m.log.Len(); p++ {
		switch {
		case m.filter == nil:
			came = append(came, p)
		case m.filter.Match(m.log.At(p)):
			came = append(came, len(m.places))
			m.places = append(m.places, p)
		}
	}
	m.note(came)
	m.forget()
	m.bar.forget(true)
	m.selected, _ = m.item(selected)
	held.item, _ = m.item(place)
	m.selected, held.item = max(min(m.selected, m.len()-1), 0), max(min(held.item, m.len()-1), 0)
	if m.len() > 0 && held.ok {
		m.putBack(held)
	} else {
		m.bottom()
	}
	return m.goOn()
}

// search looks for a query in what is loaded, and goes on into older pages. A
// zero query ends the search.
func (m *messages) search(q history.Query) tea.Cmd {
	m.far, m.leap, m.stepped = !q.IsZero(), !q.IsZero(), false
	m.goal = goal{}
	m.since = m.log.Pages()
	if m.far && m.len() > 0 {
		m.grab(true)
		m.remember()
	}
	f, _ := m.wanted()
	return tea.Batch(m.sift(f, q), m.goOn())
}

// narrow shows what a filter lets through; nil shows all.
func (m *messages) narrow(f *history.Filter) tea.Cmd {
	m.unasked = 0
	_, q := m.wanted()
	return m.sift(f, q)
}

// stopTravel ends a search or a way to a goal that goes on by itself, and reports
// whether there was one.
func (m *messages) stopTravel() bool {
	if !m.travels() {
		return false
	}
	m.say = text.Join(text.Lit("stopped: "), m.lookedBack())
	if m.far {
		m.say = text.Join(text.Lit("search stopped: "), m.foundSoFar())
	}
	m.goal, m.far, m.leap = goal{}, false, false
	if m.edge == edgeLoading {
		m.request.stop()
		m.setEdge(edgeIdle, nil)
	}
	return true
}

// endSearch marks nothing any more.
func (m *messages) endSearch() {
	m.far, m.leap = false, false
	m.query, m.hits = history.Query{}, nil
	if m.sifting.busy {
		m.sifting.query = history.Query{}
	}
	m.keepingLines(m.forget)
	m.bar.forget(false)
}

// followSearch goes to the hit that the reader waits for, and asks for the next
// page while the search goes on. It is false when there is nothing more to do.
func (m *messages) followSearch() (tea.Cmd, bool) {
	if m.sifting.busy {
		return nil, false
	}
	if m.leap && !m.query.IsZero() {
		m.leapTo()
	}
	if !m.far || m.edge == edgeFailed { // r goes on
		return nil, false
	}
	if m.edge == edgeStart {
		m.far = false
		m.say = text.Join(text.Lit("searched: "), m.foundSoFar())
		return nil, false
	}
	return m.fetch(zim.Background), true
}

// leapTo selects the hit that is next to the reader on the way to older ones; if
// there can be none any more, one that is newer.
func (m *messages) leapTo() {
	from := m.selected
	if m.isHit(from) && !m.stepped {
		m.leap = false
		m.show(from)
		return
	}
	hit, ok := m.hitBeyond(from, 1)
	if !ok && m.edge == edgeStart {
		hit, ok = m.hitBeyond(from, -1)
	}
	if ok {
		m.leap = false
		m.show(hit)
	}
}

// nextHit selects the next hit: an older one for step 1, a newer one for -1. Where
// no older one is loaded, the search goes on.
func (m *messages) nextHit(step int) tea.Cmd {
	if m.query.IsZero() {
		m.say = text.Lit("nothing is searched for: / does that")
		return nil
	}
	m.stepped = true
	if m.len() > 0 {
		m.grab(step < 0)
	}
	hit, ok := m.hitBeyond(m.selected, step)
	switch {
	case ok:
		m.remember()
		m.show(hit)
		return m.fetchAhead()
	case step < 0:
		m.say = text.Lit("no newer hit")
		return nil
	case m.edge == edgeStart:
		m.say = text.Join(text.Lit("no older hit: "), m.foundSoFar())
		return nil
	}
	m.far, m.leap, m.since = true, true, m.log.Pages()
	return m.goOn()
}

// show selects an item and brings it on screen: where it stands if it can be seen,
// else a third down.
func (m *messages) show(item int) {
	m.selected = item
	for _, s := range m.window() {
		if s.item == item && s.line >= m.block(item).lead {
			m.reveal()
			return
		}
	}
	m.putBack(held{item: item, row: m.rows() / 3, ok: true})
	m.reveal()
}

// foundSoFar is `41 hits, back to 2026-03-01 10:00`: how many hits there are, and
// always how far back that is known.
func (m *messages) foundSoFar() text.Line {
	hits := "no hit"
	if n := len(m.hits); n > 0 {
		hits = count(n, "hit", "hits")
		if i := m.hitNumber(); i > 0 {
			hits = fmt.Sprintf("%d of %d", i, n)
		}
	}
	return text.Join(text.CleanLine(hits), text.Lit(", "), m.lookedBack())
}

// lookedBack is how far back the pane knows the chat.
func (m *messages) lookedBack() text.Line {
	at, ok := m.log.TimeNear(m.log.Len()-1, -1)
	to := text.Lit("unknown time")
	if ok {
		to = text.CleanLine(at.In(m.look.zone).Format("2006-01-02 15:04"))
	}
	switch {
	case m.log.Len() == 0:
		return text.Lit("nothing is loaded")
	case m.edge == edgeStart && m.err == nil:
		return text.Join(text.Lit("back to the start, "), to)
	}
	return text.Join(text.Lit("back to "), to)
}

// hitNumber returns which hit is selected, counted from the newest, which is 1; 0
// if none is.
func (m *messages) hitNumber() int {
	if !m.isHit(m.selected) {
		return 0
	}
	return sort.SearchInts(m.hits, m.selected) + 1
}

// hitField names the field that has what is searched for, if the rows of the
// selected message do not show it.
func (m *messages) hitField() text.Line {
	if m.len() == 0 || !m.isHit(m.selected) || m.block(m.selected).marked {
		return text.Line{}
	}
	field, _ := m.query.In(m.at(m.selected)) // it is a hit
	return text.Join(text.Lit("in "), text.CleanName(field))
}

// filterText returns the filter as it was typed.
func (m *messages) filterText() string {
	if m.filter == nil {
		return ""
	}
	return m.filter.String()
}

// isOn tells what is looked for, and what the filter hides.
func (m *messages) isOn() (parts []text.Line) {
	if !m.query.IsZero() {
		parts = append(parts, text.Join(m.queryLine(), text.Lit(" "), m.foundSoFar()))
		if field := m.hitField(); !field.Empty() {
			parts = append(parts, field)
		}
	}
	if m.filter != nil {
		parts = append(parts, text.Join(text.CleanLine(m.filter.String()), text.Lit(", "), number(m.hidden()), text.Lit(" hidden")))
	}
	if m.gaps.mode == gapsAuto && m.gaps.areRule() {
		parts = append(parts, text.Lit("gaps not drawn"))
	}
	if m.sifting.busy {
		parts = append(parts, text.Lit("looking …"))
	}
	return parts
}

// queryLine is what is searched for, as after the key.
func (m *messages) queryLine() text.Line {
	return text.Join(text.Lit("/"), text.CleanLine(m.query.String()))
}

// maxSenders is how many of the newest messages are asked who sent them.
const maxSenders = 2000

// senders returns the IDs of those who sent the newest messages, for completion.
func (m *messages) senders() []string {
	seen := map[string]bool{}
	for i := range min(m.log.Len(), maxSenders) {
		seen[string(m.log.At(i).Peek().Sender)] = true
	}
	delete(seen, "")
	return slices.Sorted(maps.Keys(seen))
}
