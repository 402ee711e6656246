package ui

import (
	"fmt"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// Retention: how long messages are kept depends on the app's plan, and no call tells
// it. Once the reader has said it, the pane marks what expires next, draws the line
// where it ends, and says of what is gone whether it can have expired.

const (
	maxRetention = 36500 // days; as in the configuration
	// nearExpiry is the part of the term in which a day is marked.
	nearExpiry = 10
	// maxAgeless is how many rows without a time are looked past for an age.
	maxAgeless = 200
)

// term is how long messages are kept; 0 is not known.
func (l look) term() time.Duration { return time.Duration(l.keptDays) * 24 * time.Hour }

// kept is the end of a sentence about the term.
func (l look) kept() string {
	return "the " + count(l.keptDays, "day", "days") + " that messages are kept"
}

// setRetention takes the term in days, or off.
func (m *Model) setRetention(words string) tea.Cmd {
	days, err := strconv.Atoi(words)
	switch {
	case words == "" && m.look.keptDays > 0:
		m.notice = text.CleanLine("messages are kept for " + count(m.look.keptDays, "day", "days") + ": :retention off forgets that")
		return nil
	case words == "off":
		days = 0
	case err != nil || days < 1 || days > maxRetention:
		m.notice = text.CleanLine(fmt.Sprintf("retention: say for how many days the app keeps messages, 1 to %d, or off", maxRetention))
		return nil
	}
	m.look.keptDays = days
	m.restyle()
	m.notice = text.Lit("how long messages are kept is not known any more")
	if days > 0 {
		m.notice = text.CleanLine("messages are kept for " + count(days, "day", "days") + ": since " + m.look.cutoff().In(m.look.zone).Format(time.DateOnly))
	}
	return nil
}

// cutoff is the time before which messages have expired.
func (l look) cutoff() time.Time { return l.now().Add(-l.term()) }

// keptSince ends what is said of the start of the history, unless messages are
// there that are older than they are kept.
func (m *messages) keptSince() text.Line {
	cutoff := m.look.cutoff()
	oldest, ok := m.timeNear(m.log.Len()-1, -1)
	if m.look.keptDays == 0 || !ok || oldest.Before(cutoff) {
		return text.Line{}
	}
	return text.CleanLine(" · kept since " + cutoff.In(m.look.zone).Format(time.DateOnly))
}

// expiry is what a day line adds about the messages of that time, if they expire
// next or should have.
func (l look) expiry(sent time.Time) string {
	if l.keptDays == 0 {
		return ""
	}
	left := sent.Sub(l.cutoff())
	switch {
	case left < 0 || left > l.term()/nearExpiry:
		return ""
	case left < time.Hour:
		return " · expires within the hour"
	case left < 48*time.Hour:
		return " · expires in " + strconv.Itoa(int(left/time.Hour)) + " h"
	}
	return " · expires in " + strconv.Itoa(int(left/(24*time.Hour))) + " days"
}

// termRow is the line between a message that is as young as messages are kept and an
// older one that is not.
func (m *messages) termRow(item int) (rows []row) {
	if m.look.keptDays == 0 || item+1 >= m.len() {
		return nil
	}
	at, timed := m.dayOf(item)
	before, also := m.dayOf(item + 1)
	cutoff := m.look.cutoff()
	if !timed || !also || at.Before(cutoff) || !before.Before(cutoff) {
		return nil
	}
	return []row{m.ruled(span{dim, text.CleanLine(" ↑ past the " + count(m.look.keptDays, "day", "days") + " of retention ")})}
}

// age is whether a message can have expired.
type age uint8

const (
	ageUnknown age = iota
	ageYounger     // than the term: it cannot
	ageOlder       // it can
)

// deletedRow says of a row that is deleted or expired which of both it can be.
func (m *messages) deletedRow(c composer, item int) []row {
	said := "deleted or expired"
	switch m.ageAt(m.place(item)) {
	case ageYounger:
		said = "deleted: younger than " + m.look.kept()
	case ageOlder:
		said += ": older than " + m.look.kept()
	}
	return c.sentence(text.CleanLine(said))
}

// canExpire says for the inspector whether a message that is gone can have expired;
// nothing where that is not known.
func (m *messages) canExpire(msg zim.Message) string {
	if m.look.keptDays == 0 {
		return ""
	}
	a := ageUnknown
	if m.len() > 0 && m.at(m.selected).Same(msg) {
		a = m.ageAt(m.place(m.selected))
	} else if at, ok := msg.Time(); ok {
		a = m.look.ageOf(at, at)
	}
	switch a {
	case ageYounger:
		return "no: it is younger than " + m.look.kept()
	case ageOlder:
		return "possible: it is older than " + m.look.kept()
	}
	return "not known: neither its time nor its neighbours' tell its age"
}

// ageAt judges the row of a place by its time, or by those of its neighbours.
func (m *messages) ageAt(place int) age {
	oldest, ok := m.timeNear(place, 1)
	if !ok {
		oldest = time.Time{}
	}
	newest, ok := m.timeNear(place, -1)
	if !ok {
		newest = m.look.now()
	}
	return m.look.ageOf(oldest, newest)
}

// ageOf judges what was sent between two times.
func (l look) ageOf(from, to time.Time) age {
	switch cutoff := l.cutoff(); {
	case !from.Before(cutoff):
		return ageYounger
	case to.Before(cutoff):
		return ageOlder
	}
	return ageUnknown
}

// timeNear is the time of the row of a place, or of the next one that has one,
// towards older ones for step 1, towards newer ones for -1.
func (m *messages) timeNear(place, step int) (time.Time, bool) {
	for n := 0; n <= maxAgeless && place >= 0 && place < m.log.Len(); n, place = n+1, place+step {
		if at, ok := m.log.At(place).Time(); ok {
			return at, true
		}
	}
	return time.Time{}, false
}
