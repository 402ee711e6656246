package cli

import (
	"time"

	"backscroll/zim/history"
)

// parseSpan reads --since and --until as history.ParseTime does.
func parseSpan(since, until string, zone *time.Location, now time.Time) (s history.Span, err error) {
	if s.Since, err = parseTime("--since", since, zone, now); err != nil {
		return s, err
	}
	if s.Until, err = parseTime("--until", until, zone, now); err != nil {
		return s, err
	}
	if !s.Since.IsZero() && !s.Until.IsZero() && !s.Since.Before(s.Until) {
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
