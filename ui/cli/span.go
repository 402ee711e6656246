package cli

import (
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
)

// span is the time of --since and --until: from since on, before until. A zero
// end is open.
type span struct{ since, until time.Time }

// parseSpan reads the two flags as history.ParseTime does.
func parseSpan(since, until string, zone *time.Location, now time.Time) (s span, err error) {
	if s.since, err = parseTime("--since", since, zone, now); err != nil {
		return s, err
	}
	if s.until, err = parseTime("--until", until, zone, now); err != nil {
		return s, err
	}
	if !s.since.IsZero() && !s.until.IsZero() && !s.since.Before(s.until) {
		return s, misuse("--until", "is not after --since", "--since is the earlier end, and --until is not part of what is written")
	}
	return s, nil
}

func parseTime(flag, s string, zone *time.Location, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	at, err := history.ParseTime(s, zone, now)
	if err != nil {
		return time.Time{}, misuse(flag, err.Error(), "give "+history.TimeForms)
	}
	return at, nil
}

func (s span) isOpen() bool { return s.since.IsZero() && s.until.IsZero() }

// isPast reports whether a message is older than the span. A message without a
// time is not.
func (s span) isPast(m zim.Message) bool {
	if s.since.IsZero() {
		return false
	}
	at, ok := m.Time()
	return ok && at.Before(s.since)
}

// sieve lets the messages of a span through; they come newest first. Times may
// be out of order, so each message is judged by its own. One without a time is
// left out only where a neighbour shows that it is too new or too old.
type sieve struct {
	span
	begun   bool          // a message before until was seen
	over    bool          // the last message with a time was older than since
	waiting []zim.Message // without a time, before any of begun
}

// take returns what is let through by now.
func (s *sieve) take(m zim.Message) []zim.Message {
	if s.isOpen() {
		return []zim.Message{m}
	}
	at, known := m.Time()
	switch {
	case !known && s.over:
		return nil
	case !known && !s.begun && !s.until.IsZero():
		s.waiting = append(s.waiting, m)
		return nil
	case !known:
		return []zim.Message{m}
	case !s.until.IsZero() && !at.Before(s.until):
		s.waiting = nil
		return nil
	}
	s.begun, s.over = true, at.Before(s.since)
	through := s.rest()
	if s.over {
		return through
	}
	return append(through, m)
}

// rest returns what was held back, at the end.
func (s *sieve) rest() []zim.Message {
	through := s.waiting
	s.waiting = nil
	return through
}
