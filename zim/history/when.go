package history

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// TimeLayout is how a whole time is written, on the screen and in tables.
const TimeLayout = "2006-01-02 15:04:05 -07:00"

// TimeForms shows the ways to write a time that ParseTime reads, for an error's
// advice.
const TimeForms = "2026-05-01T14:00:00+08:00, 2026-05-01, or -24h for a day ago"

// ErrTime is the error of ParseTime.
var ErrTime = errors.New("is no time")

// timeLayouts are the ways to write a time besides a date: RFC 3339, what the
// tables print, and both cut short; without an offset it is meant in the zone.
var timeLayouts = []string{
	time.RFC3339, TimeLayout,
	"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04",
}

// ParseTime reads a time as somebody types it: RFC 3339, TimeLayout, either cut
// short to seconds, minutes or the date, or how long before now it was: -24h,
// -1h30m, -7d, -2w, -1d12h. A time without an offset is meant in the zone, and a
// date is where that day begins there. A day ago is the same hour on the
// calendar, whatever the clocks were set to in between. What is over 292 years ago
// is refused. The error is ErrTime.
func ParseTime(s string, zone *time.Location, now time.Time) (time.Time, error) {
	if ago, ok := strings.CutPrefix(s, "-"); ok {
		return parseAgo(ago, now.In(zone))
	}
	if at, err := time.Parse(time.DateOnly, s); err == nil {
		return StartOfDay(at.Year(), at.Month(), at.Day(), zone), nil
	}
	for _, layout := range timeLayouts {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, ErrTime
}

// parseAgo reads how long before now a time was: whole weeks and days first,
// then what Go reads as a duration.
func parseAgo(s string, now time.Time) (time.Time, error) {
	const maxDays = 106751 // as many as a time.Duration holds
	days, rest := 0, s
	for _, unit := range []struct {
		name string
		days int
	}{{"w", 7}, {"d", 1}} {
		digits, after, ok := strings.Cut(rest, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 32)
		if err != nil || n > maxDays {
			return time.Time{}, ErrTime
		}
		days, rest = days+int(n)*unit.days, after
	}
	if days > maxDays || rest == "0" { // a bare 0 is a duration to Go
		return time.Time{}, ErrTime
	}
	at := now.AddDate(0, 0, -days)
	if rest == "" && s != "" {
		return at, nil
	}
	ago, err := time.ParseDuration("-" + rest)
	if err != nil || ago < math.MinInt64+time.Duration(days)*24*time.Hour {
		return time.Time{}, ErrTime
	}
	return at.Add(ago), nil
}

// StartOfDay returns the first instant of a day in the zone. It is not always
// midnight: some zones set their clocks forward at that hour.
func StartOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	given := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	if given.Before(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)) { // there is no such midnight
		if _, change := at.ZoneBounds(); !change.IsZero() {
			return change
		}
	}
	return at
}
