package history

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // Cairo, Apia and Berlin on every machine
)

func inZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestParseTime(t *testing.T) {
	zone := time.FixedZone("", 8*60*60)
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for s, want := range map[string]time.Time{
		"2026-05-01T14:00:00+02:00":  noon,
		"2026-05-01T12:00:00Z":       noon,
		"2026-05-01T12:00:00.000Z":   noon,
		"2026-05-01":                 time.Date(2026, 4, 30, 16, 0, 0, 0, time.UTC),
		"2026-05-01T20:00":           noon, // in the zone
		"2026-05-01T20:00:00":        noon,
		"2026-05-01 20:00:00":        noon,
		"2026-05-01 20:00":           noon,
		"2026-05-01 14:00:00 +02:00": noon, // as the tables print it
		"-24h":                       noon.Add(-day),
		"-1h30m":                     noon.Add(-90 * time.Minute),
		"-0.5h":                      noon.Add(-30 * time.Minute),
		"-7d":                        noon.Add(-7 * day),
		"-0d":                        noon,
		"-2w":                        noon.Add(-14 * day),
		"-1w1d":                      noon.Add(-8 * day),
		"-1d12h":                     noon.Add(-36 * time.Hour),
		"-106751d":                   noon.Add(-106751 * day),
		"-106751d23h47m16s":          noon.Add(-106751*day - 23*time.Hour - 47*time.Minute - 16*time.Second),
	} {
		if got, err := ParseTime(s, zone, noon); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{
		"", "24h", "+24h", "-", "-24", "-0", "2026-5-1", "2026-05-01 12", "2026-02-30", "today", "1777636800",
		"--1h", "-+1h", "-d", "-w", "-1d0", "-1.5d", "-1h1d", "-1d1w", "-1d1d", "-1d -1h", "-1d-1h", "-1D",
		"-106752d", "-106751d23h47m17s", "-15251w", "-15250w2d", "-4294967296d", "-18446744073709551616d", "-99999999999999999999h",
	} {
		if got, err := ParseTime(s, zone, noon); !errors.Is(err, ErrTime) {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
}

// A day begins where the calendar says, and a day ago is the same hour, also
// where the clocks were changed.
func TestDaysOfZonesThatChangeTheirClocks(t *testing.T) {
	now := time.Date(2026, 3, 29, 10, 30, 0, 0, time.UTC) // 12:30 in Berlin, on the day that begins summer time
	tests := []struct{ zone, typed, want string }{
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-30", "2026-03-30T00:00:00+02:00"},
		{"Europe/Berlin", "-1d", "2026-03-28T12:30:00+01:00"},
		{"Europe/Berlin", "-24h", "2026-03-28T11:30:00+01:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"}, // has no midnight
		{"Africa/Cairo", "2026-04-25", "2026-04-25T00:00:00+03:00"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"}, // has two: the first
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},   // was left out
	}
	for _, test := range tests {
		got, err := ParseTime(test.typed, inZone(t, test.zone), now)
		if err != nil || got.Format(time.RFC3339) != test.want {
			t.Errorf("%s in %s is %s, %v; want %s", test.typed, test.zone, got.Format(time.RFC3339), err, test.want)
		}
	}
}
