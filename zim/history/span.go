package history

import (
	"time"

	"backscroll/zim"
)

// Span is a time: from Since on, before Until. A zero end is open.
type Span struct{ Since, Until time.Time }

func (s Span) isOpen() bool { return s.Since.IsZero() && s.Until.IsZero() }

// IsPast reports whether a message is older than the span. A message without a
// time is not.
func (s Span) IsPast(m zim.Message) bool {
	if s.Since.IsZero() {
		return false
	}
	at, ok := m.Time()
	return ok && at.Before(s.Since)
}

// Sieve lets the messages of a span through; they come newest first. Times may
// be out of order, so each message is judged by its own. One without a time is
// left out only where a neighbour shows that it is too new or too old. The zero
// value lets all through.
type Sieve struct {
	Span
	begun   bool          // a message before Until was seen
	over    bool          // the last message with a time was older than Since
	waiting []zim.Message // without a time, before any of begun
}

// Take returns what is let through by now.
func (s *Sieve) Take(m zim.Message) []zim.Message {
	if s.isOpen() {
		return []zim.Message{m}
	}
	at, known := m.Time()
	switch {
	case !known && s.over:
		return nil
	case !known && !s.begun && !s.Until.IsZero():
		s.waiting = append(s.waiting, m)
		return nil
	case !known:
		return []zim.Message{m}
	case !s.Until.IsZero() && !at.Before(s.Until):
		s.waiting = nil
		return nil
	}
	s.begun, s.over = true, at.Before(s.Since)
	through := s.Rest()
	if s.over {
		return through
	}
	return append(through, m)
}

// Rest returns what was held back, at the end.
func (s *Sieve) Rest() []zim.Message {
	through := s.waiting
	s.waiting = nil
	return through
}
