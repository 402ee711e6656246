package ui

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// goalKind says what a goal is known by. The zero value is no goal.
type goalKind uint8

const (
	goalNone   goalKind = iota
	goalTime            // the first message at a time or after it
	goalNear            // the message nearest to a time; given up after maxGoalPages
	goalSeq             // the message of a MsgSeq
	goalID              // the message of a MsgId
	goalSame            // the message of a MsgId in the other side's list, or its place by time
	goalDay             // the first message of the day that has the last message before a time
	goalLoaded          // a part of what is loaded, from its oldest message on
)

// maxGoalPages is how far the way to a moment that nobody named may be.
const maxGoalPages = 20

// goal is a place in a chat to go to: pages are asked for until one has it.
type goal struct {
	kind  goalKind
	at    time.Time
	seq   int64
	id    int64
	part  float64     // of goalLoaded, 0 to 1
	gone  zim.IsEmpty // for goalSame: what became of it in the list it was seen in
	row   int         // of the screen, where it should stand; negative for a third down
	since int         // the pages that were loaded when it was set
	alone bool        // for goalSeq: show the message in the inspector before it is reached
}

func (g goal) on() bool { return g.kind != goalNone }

// parseGoal reads where to go: a date, a date and a time, -24h, seq 120, id 97…,
// 75%. Dates are of the zone.
func parseGoal(s string, zone *time.Location, now time.Time) (goal, error) {
	s = strings.TrimSpace(s)
	word, number, two := strings.Cut(s, " ")
	if two && (strings.EqualFold(word, "seq") || strings.EqualFold(word, "id")) {
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		switch {
		case err != nil || n <= 0:
			return goal{}, fmt.Errorf("%s needs a whole number", strings.ToLower(word))
		case strings.EqualFold(word, "seq"):
			return goal{kind: goalSeq, seq: n, alone: true, row: -1}, nil
		}
		return goal{kind: goalID, id: n, row: -1}, nil
	}
	if percent, ok := strings.CutSuffix(s, "%"); ok {
		if p, err := strconv.ParseFloat(percent, 64); err == nil && p >= 0 && p <= 100 {
			return goal{kind: goalLoaded, part: p / 100, row: -1}, nil
		}
		return goal{}, fmt.Errorf("a part of what is loaded is 0%% to 100%%")
	}
	at, err := history.ParseTime(s, zone, now)
	if err != nil {
		return goal{}, errors.New("leads nowhere: a date, a date and a time, -24h, seq 120, id 97…, or 75% of what is loaded")
	}
	return goal{kind: goalTime, at: at, row: -1}, nil
}

// name is what is told of a goal on the way to it.
func (g goal) name(zone *time.Location) text.Line {
	switch g.kind {
	case goalSeq:
		return text.CleanLine("seq " + strconv.FormatInt(g.seq, 10))
	case goalID:
		return text.CleanLine("id " + strconv.FormatInt(g.id, 10))
	case goalSame:
		return text.Lit("the same message")
	case goalDay:
		return text.CleanLine("the day before " + g.at.In(zone).Format(time.DateOnly))
	}
	return text.CleanLine(g.at.In(zone).Format("2006-01-02 15:04"))
}

// goTo goes to a goal: at once if it is loaded, else page by page.
func (m *messages) goTo(g goal) tea.Cmd {
	m.remember()
	return m.head(g)
}

// head is goTo that does not note where the reader was.
func (m *messages) head(g goal) tea.Cmd {
	m.far, m.leap = false, false
	g.since = m.log.Pages()
	m.goal = g
	return tea.Batch(m.goOn(), m.lookUpAlone(g))
}

// travels reports whether pages are asked for on the way to somewhere.
func (m *messages) travels() bool { return m.goal.on() || m.far }

// goOn takes the next step to where the pane is led: to a goal, on with a search,
// or no further than the screen is filled.
func (m *messages) goOn() tea.Cmd {
	if m.goal.on() && m.log.Len() > 0 {
		if cmd, going := m.approach(); going {
			return cmd
		}
	}
	if cmd, going := m.followSearch(); going {
		return cmd
	}
	return m.fetchAhead()
}

// approach asks for the next page on the way to the goal, or selects what it leads
// to. It is false when the goal is reached or given up.
func (m *messages) approach() (tea.Cmd, bool) {
	g := m.goal
	place, sure := m.sought(g)
	far := g.kind == goalNear && m.log.Pages()-g.since >= maxGoalPages
	switch {
	case sure, far, m.edge == edgeStart:
	case m.edge == edgeFailed: // r goes on
		return nil, true
	default:
		return m.fetch(zim.Foreground), true
	}
	m.goal = goal{}
	if g.kind == goalDay {
		m.toDayOf(place)
	} else {
		m.land(place, g)
	}
	return nil, false
}

// sought returns the place in the history that a goal leads to, and whether no
// older message can be a better one.
func (m *messages) sought(g goal) (place int, sure bool) {
	switch g.kind {
	case goalLoaded:
		if m.len() == 0 {
			return 0, true
		}
		return m.place(int((1 - g.part) * float64(max(m.len()-1, 0)))), true
	case goalSeq:
		return nearestSeq(m.log, g.seq)
	case goalID:
		if i, ok := m.log.Index(g.id); ok {
			return i, true
		}
		return m.log.Len() - 1, false
	case goalSame:
		return m.sameMessage(g)
	case goalNear:
		return nearest(m.log, g.at)
	case goalDay:
		return m.dayBefore(g.at)
	}
	return firstSince(m.log, g.at)
}

// nearestSeq returns the message of a MsgSeq, or the one next to where it would
// stand.
func nearestSeq(all *history.History, seq int64) (place int, sure bool) {
	least := int64(0)
	for i := range all.Len() {
		n := all.At(i).MsgSeq
		switch gap := max(n-seq, seq-n); {
		case n == 0:
			continue
		case n == seq:
			return i, true
		case least == 0 || gap < least:
			place, least = i, gap
		}
		sure = sure || n < seq
	}
	return place, sure
}

// nearest returns the message whose time is nearest to another one.
func nearest(all *history.History, at time.Time) (place int, sure bool) {
	least := time.Duration(1<<63 - 1)
	for i := range all.Len() {
		t, ok := all.At(i).Time()
		if !ok {
			continue
		}
		if gap := t.Sub(at).Abs(); gap < least {
			place, least = i, gap
		}
		sure = sure || !t.After(at)
	}
	return place, sure
}

// firstSince returns the oldest message that is not before a time, or the newest
// of all if each of them is; sure says that an older one is before it.
func firstSince(all *history.History, at time.Time) (place int, sure bool) {
	ms := at.UnixMilli()
	for i := range all.Len() {
		msg := all.At(i)
		switch _, ok := msg.Time(); {
		case !ok:
		case msg.MsgTime >= ms:
			place = i
		default:
			sure = true
		}
	}
	return place, sure
}

// land selects what a goal led to, or the nearest that the filter shows.
func (m *messages) land(place int, g goal) {
	item, shown := m.item(place)
	if m.len() == 0 {
		m.say = text.Lit("the filter hides all that is loaded")
		return
	}
	item = min(item, m.len()-1)
	found := m.log.At(place)
	switch {
	case g.kind == goalSeq && found.MsgSeq != g.seq:
		m.say = text.Join(g.name(m.look.zone), text.Lit(" is not in this list: this is the nearest, "), m.lookedBack())
	case g.kind == goalID && found.MsgId != g.id:
		m.say = text.Join(g.name(m.look.zone), text.Lit(" is not in this list, "), m.lookedBack())
		return
	case g.kind == goalTime && found.MsgTime < g.at.UnixMilli():
		m.say = text.Lit("nothing is as new as that: this is the newest message")
	case g.kind == goalTime && m.edge == edgeStart && place == m.log.Len()-1:
		m.say = text.Lit("the retained history starts here")
	case !shown:
		m.say = text.Lit("the filter hides it: this is the nearest that it shows")
	}
	if g.kind == goalSame {
		m.sayOfSame(place, g)
	}
	m.selected = item
	if g.row >= 0 { // where it stood
		m.putBack(held{item: item, row: g.row, ok: true})
		return
	}
	m.putBack(held{item: item, row: m.rows() / 3, ok: true})
	m.reveal()
}

// dayBegin returns the beginning of the day of a time.
func dayBegin(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return history.StartOfDay(y, m, d, zone)
}

// dayAfter returns the beginning of the day after that of a time.
func (m *messages) dayAfter(at time.Time) time.Time {
	y, mo, d := at.In(m.look.zone).Date()
	return history.StartOfDay(y, mo, d+1, m.look.zone)
}

// dayBefore returns the newest message before a time; it is sure once one is
// loaded that is older than its day, so that the first of that day is known.
func (m *messages) dayBefore(at time.Time) (place int, sure bool) {
	day := time.Time{}
	place = m.log.Len() - 1
	for i := range m.log.Len() {
		t, ok := m.log.At(i).Time()
		switch {
		case !ok:
		case day.IsZero() && t.Before(at):
			place, day = i, dayBegin(t, m.look.zone)
		case !day.IsZero() && t.Before(day):
			return place, true
		}
	}
	return place, false
}

// toDayOf selects the first message that is shown of the day of another one.
func (m *messages) toDayOf(place int) {
	at, ok := m.log.TimeNear(place, 1)
	if !ok {
		at, ok = m.log.TimeNear(place, -1)
	}
	if !ok {
		return
	}
	first, _ := firstSince(m.log, dayBegin(at, m.look.zone))
	item, shown := m.item(first)
	if !shown {
		item-- // the next newer one, which may be of that day
	}
	m.selected = max(min(item, m.len()-1), 0)
	m.top = spot{m.selected, 0} // its day line first
	m.clamp()
}

// previousDay selects the first message of the day, or of the day before if it is
// selected already.
func (m *messages) previousDay() tea.Cmd {
	if m.len() == 0 {
		return m.fetchAhead()
	}
	m.grab(false)
	at, ok := m.dayOf(m.selected)
	if !ok {
		return nil
	}
	day := dayBegin(at, m.look.zone)
	first, sure := firstSince(m.log, day)
	item, _ := m.item(first)
	if item == m.selected && sure {
		return m.goTo(goal{kind: goalDay, at: day})
	}
	if !sure && m.edge != edgeStart {
		return m.goTo(goal{kind: goalDay, at: m.dayAfter(at)})
	}
	m.remember()
	m.toDayOf(m.place(m.selected))
	return m.fetchAhead()
}

// nextDay selects the first message of the day after; if there is none, the
// newest.
func (m *messages) nextDay() {
	if m.len() == 0 {
		return
	}
	m.grab(true)
	m.remember()
	at, ok := m.dayOf(m.selected)
	if !ok {
		m.bottom()
		return
	}
	next := m.dayAfter(at)
	first, _ := firstSince(m.log, next)
	if t, ok := m.log.At(first).Time(); !ok || t.Before(next) || m.place(m.selected) <= first {
		m.bottom()
		return
	}
	m.toDayOf(first)
}

// jump is where the reader was before a jump: a message, and the row of the screen
// it stood on.
type jump struct {
	chat history.Chat
	goal goal
}

// maxJumps is how many are remembered.
const maxJumps = 100

// here returns where the selected message is.
func (m *messages) here() (jump, bool) {
	if m.len() == 0 {
		return jump{}, false
	}
	selected := m.at(m.selected)
	g := goal{kind: goalID, id: selected.MsgId, row: m.hold().row}
	switch {
	case g.id != 0:
	case selected.MsgSeq != 0:
		g.kind, g.seq = goalSeq, selected.MsgSeq
	default:
		at, ok := m.dayOf(m.selected)
		g.kind, g.at = goalNear, at
		return jump{m.chat, g}, ok
	}
	return jump{m.chat, g}, true
}

// remember notes where the reader is before a jump.
func (m *messages) remember() {
	here, ok := m.here()
	if n := len(m.jumps); !ok || n > 0 && m.jumps[n-1].same(here) {
		return
	}
	if len(m.jumps) >= maxJumps {
		m.jumps = m.jumps[1:]
	}
	m.jumps = append(m.jumps, here)
}

// same reports whether two jumps lead to the same message.
func (j jump) same(k jump) bool {
	j.goal.row = k.goal.row
	return j == k
}

// lastJump returns where the reader jumped from, and forgets it.
func (m *messages) lastJump() (from jump, ok bool) {
	for len(m.jumps) > 0 {
		last := len(m.jumps) - 1
		from, m.jumps = m.jumps[last], m.jumps[:last]
		if here, ok := m.here(); !ok || !here.same(from) {
			return from, true
		}
	}
	return jump{}, false
}
