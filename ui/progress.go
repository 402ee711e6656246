package ui

import (
	"fmt"
	"math"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
)

// How far the pane is on its way to a goal or through older pages, and what may be
// left of it.

// progress tells how far the pane is on its way, in lines of which the longest
// comes first; none if it is not on its way.
func (m *messages) progress() []text.Line {
	esc := text.Lit("esc stops")
	var what, where, made text.Line
	switch g := m.goal; {
	case m.gaps.busy:
		return m.askingLine()
	case m.edge == edgeFailed:
		return nil
	case g.on() && m.log.Len() > 0:
		what, where = text.Join(text.Lit("to "), g.name(m.look.zone)), m.lookedBack()
		made = m.way(g.since)
		if left, known := m.pagesToGoal(); known {
			made = text.Join(made, m.remaining(left))
		}
	case m.far:
		what, where = m.queryLine(), m.foundSoFar()
		made = m.way(m.since)
		if left, known := m.pagesToStart(); known {
			made = text.Join(made, m.remaining(left))
		}
	default:
		return nil
	}
	return []text.Line{dotted(what, where, made, esc), dotted(where, made, esc), dotted(where, esc), where}
}

// pagesToGoal estimates the pages that are left on the way to the goal.
func (m *messages) pagesToGoal() (int, bool) {
	g := m.goal
	if g.kind != goalSeq && g.kind != goalID {
		return m.pagesTo(g.at)
	}
	left, known := m.pagesToStart()
	if oldest := m.seqNear(m.log.Len()-1, -1); g.kind == goalSeq && oldest > g.seq {
		left = int(math.Ceil(float64(left) * float64(oldest-g.seq) / float64(oldest)))
	}
	return left, known
}

// way is how many calls were made since so many pages were loaded.
func (m *messages) way(since int) text.Line {
	return text.CleanLine(count(m.log.Pages()-since, "call", "calls"))
}

// remaining is about how many calls are left, and how long they take at least.
func (m *messages) remaining(left int) text.Line {
	said := text.CleanLine(fmt.Sprintf(", about %d left", left))
	if limit := m.client.Traffic().Limit; limit > 0 {
		said = text.Join(said, text.CleanLine(", "+roughly(time.Duration(float64(left)/limit*float64(time.Second)))))
	}
	return said
}

// roughly writes a time to wait: 40 s, 3 min, 2 h.
func roughly(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 90*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.0f h", d.Hours())
}

// pagesToStart estimates the pages that are left: MsgSeq begins at 1 in every
// chat that was seen, and is as dense as in what is loaded. That is not published,
// and messages may have expired: it is an upper bound at best.
func (m *messages) pagesToStart() (int, bool) {
	oldest, newest := m.seqNear(m.log.Len()-1, -1), m.seqNear(0, 1)
	if oldest <= 0 || newest <= oldest {
		return 0, false
	}
	density := math.Min(float64(m.log.Len())/float64(newest-oldest+1), 1)
	return int(math.Ceil(float64(oldest-1) * density / zim.MaxMessages)), true
}

// seqNear returns the MsgSeq of the first message from a place on that has one.
func (m *messages) seqNear(place, step int) int64 {
	for ; place >= 0 && place < m.log.Len(); place += step {
		if seq := m.log.At(place).MsgSeq; seq != 0 {
			return seq
		}
	}
	return 0
}

// pagesTo estimates the pages to a time, by how much time the last ones covered.
func (m *messages) pagesTo(at time.Time) (int, bool) {
	const last = 5 * zim.MaxMessages
	n := m.log.Len()
	oldest, ok := m.log.TimeNear(n-1, -1)
	before, also := m.log.TimeNear(max(n-last, 0), 1)
	covered := before.Sub(oldest)
	if !ok || !also || covered <= 0 || !oldest.After(at) {
		return 0, false
	}
	pages := float64(min(n, last)) / zim.MaxMessages * float64(oldest.Sub(at)) / float64(covered)
	left := int(math.Ceil(math.Min(pages, 1e6)))
	if most, known := m.pagesToStart(); known {
		left = min(left, most)
	}
	return left, true
}
