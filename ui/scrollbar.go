package ui

import (
	"slices"
	"time"

	"backscroll/ui/text"
)

// scrollbar is the last column of the messages: where the screen is in what is
// loaded, where hits are, and where days begin. It counts in messages, not in
// lines, so it needs no heights; what it has looked at, it does not look at again.
type scrollbar struct {
	days   []int     // the first items of days, the newest first
	looked int       // items
	day    time.Time // the beginning of the day of the oldest item that was looked at

	ticks []tick // for each row of the column, made of these:
	items int
	hits  int

	pieces [len(barPieces)][2]string // what a row can look like, in the styles of
	styles *styles
}

// tick is what stands beside a row of the column.
type tick uint8

const (
	tickNone tick = iota
	tickDay
	tickHit
)

// forget makes the ticks anew, and if the items are not what they were, the days.
func (s *scrollbar) forget(days bool) {
	s.ticks = nil
	if days {
		s.days, s.looked, s.day = nil, 0, time.Time{}
	}
}

// barRow returns the row of the column that stands for an item.
func (m *messages) barRow(item int) int { return (m.len() - 1 - item) * m.rows() / m.len() }

// lookForDays notes where days begin in the items that were not looked at yet.
func (m *messages) lookForDays() {
	s := &m.bar
	dayBegins := int64(1<<63 - 1)
	if s.looked > 0 && !s.day.IsZero() {
		dayBegins = s.day.UnixMilli()
	}
	for item := s.looked; item < m.len(); item++ {
		msg := m.at(item)
		if msg.MsgTime >= dayBegins {
			continue
		}
		if at, ok := msg.Time(); ok {
			if !s.day.IsZero() {
				s.days = append(s.days, item-1)
			}
			s.day = dayBegin(at, m.look.zone)
			dayBegins = s.day.UnixMilli()
		}
	}
	s.looked = m.len()
}

// maxTicks is the share of the rows that may have a tick for a day: where there
// would be more, months or years have one.
const maxTicks = 3

// calendars are the units of time that may have ticks, the smallest first.
var calendars = [...]func(time.Time) int{
	func(t time.Time) int { return t.Year()*400 + t.YearDay() },
	func(t time.Time) int { return t.Year()*12 + int(t.Month()) },
	time.Time.Year,
}

// makeTicks notes beside each row what it stands for.
func (m *messages) makeTicks() {
	s := &m.bar
	if s.ticks != nil && s.items == m.len() && s.hits == len(m.hits) {
		return
	}
	m.lookForDays()
	s.ticks, s.items, s.hits = make([]tick, m.rows()), m.len(), len(m.hits)
	for _, unit := range calendars {
		var begins []int
		for _, item := range s.days {
			at, _ := m.dayOf(item)
			older, _ := m.at(item + 1).Time() // it has one: by that the day was seen
			if unit(at.In(m.look.zone)) != unit(older.In(m.look.zone)) {
				begins = append(begins, item)
			}
		}
		if len(begins) <= m.rows()/maxTicks {
			for _, item := range begins {
				s.ticks[m.barRow(item)] = tickDay
			}
			break
		}
	}
	for _, hit := range m.hits {
		s.ticks[m.barRow(hit)] = tickHit
	}
}

// barPieces are what a row of the column can look like: by tick, beside the screen
// (1) or not (0).
var barPieces = [...][2]span{
	tickNone: {{plain, text.Lit(" ")}, {dim, text.Lit("┃")}},
	tickDay:  {{dim, text.Lit("╴")}, {dim, text.Lit("┨")}},
	tickHit:  {{accent, text.Lit("━")}, {accent, text.Lit("╋")}},
}

// column draws the scrollbar, a piece for each row of the pane. Where all that is
// loaded is on screen there is none.
func (m *messages) column(window []spot) []string {
	column := make([]string, len(window))
	first, last := m.len(), 0
	for _, s := range window {
		if s.item >= 0 && s.item < m.len() {
			first, last = min(first, s.item), max(last, s.item)
		}
	}
	none := m.len() == 0 || first > last || first == 0 && last == m.len()-1 && len(m.hits) == 0
	if none {
		return slices.Repeat([]string{" "}, len(window))
	}
	m.makeTicks()
	top, bottom := m.barRow(last), m.barRow(first)
	m.bar.dress(m.look)
	for row := range column {
		beside := 0
		if row >= top && row <= bottom {
			beside = 1
		}
		column[row] = m.bar.pieces[m.bar.ticks[row]][beside]
	}
	return column
}

// dress draws the pieces in the styles of a look, once for each.
func (s *scrollbar) dress(l look) {
	if s.styles == l.styles {
		return
	}
	s.styles = l.styles
	for t, pair := range barPieces {
		for beside, piece := range pair {
			s.pieces[t][beside] = row{piece}.render(l.styles, l.widths, barCells, false)
		}
	}
}

// clickBar shows the messages that a row of the column stands for.
func (m *messages) clickBar(y int) {
	if m.len() == 0 || m.rows() == 0 || y < 1 {
		return
	}
	m.remember()
	above := ((y-1)*m.len() + m.rows() - 1) / m.rows() // the first whose barRow is not above y-1
	m.selected = max(0, min(m.len()-1-above, m.len()-1))
	m.putBack(held{item: m.selected, row: y - 1, ok: true})
	m.reveal()
}
