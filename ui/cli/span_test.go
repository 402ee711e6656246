package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
)

func TestTimes(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*60*60)
	for s, want := range map[string]time.Time{
		"":                           {},
		"2026-05-01T14:00:00+02:00":  noon,
		"2026-05-01T12:00:00Z":       noon,
		"2026-05-01T12:00:00.000Z":   noon,
		"2026-05-01":                 time.Date(2026, 4, 30, 16, 0, 0, 0, time.UTC),
		"2026-05-01T20:00":           noon, // in the zone
		"2026-05-01 20:00:00":        noon,
		"2026-05-01 20:00":           noon,
		"2026-05-01 14:00:00 +02:00": noon, // as the tables print it
		"-24h":                       noon.Add(-24 * time.Hour),
		"-1h30m":                     noon.Add(-90 * time.Minute),
	} {
		got, err := parseTime("--since", s, zone, noon)
		if err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"24h", "+24h", "-", "-24", "2026-5-1", "2026-05-01 12", "today", "1777636800"} {
		if got, err := parseTime("--since", s, zone, noon); err == nil {
			t.Errorf("%q is %v", s, got)
		}
	}
}

// The letters are messages of that many minutes after midnight, a to z; a dot
// has no time.
func TestSieve(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	at := func(letter byte) time.Time { return midnight.Add(time.Duration(letter-'a') * time.Minute) }
	tests := []struct{ since, until, from, want string }{
		{"", "", "z.m.a", "z.m.a"},
		{"f", "", "zgfea", "zgf"},
		{"", "f", "zgfea", "ea"},
		{"c", "f", "zgfedcba", "edc"},
		{"f", "", ".z.f.e.", ".z.f."},
		{"", "f", ".z.f.e.a.", ".e.a."},
		{"", "f", ".z..", ".."},
		{"", "f", "...", "..."},
		{"c", "f", "..", ".."},
		{"c", "f", ".e..b..", ".e.."},
		{"c", "f", ".b.", "."},
		{"c", "f", "ezddbd", "eddd"}, // times out of order
		{"c", "", "db.d.", "dd."},
		{"c", "f", "", ""},
	}
	for _, test := range tests {
		var s sieve
		if test.since != "" {
			s.since = at(test.since[0])
		}
		if test.until != "" {
			s.until = at(test.until[0])
		}
		var got strings.Builder
		through := func(list []zim.Message) {
			for _, m := range list {
				if ms := m.MsgTime; ms != 0 {
					got.WriteByte('a' + byte(time.UnixMilli(ms).Sub(midnight).Minutes()))
				} else {
					got.WriteByte('.')
				}
			}
		}
		for _, letter := range []byte(test.from) {
			raw := `{}`
			if letter != '.' {
				raw = fmt.Sprintf(`{"MsgTime":%d}`, at(letter).UnixMilli())
			}
			m := zim.ReadMessage([]byte(raw))
			if past := s.isPast(m); past != (test.since != "" && letter != '.' && letter < test.since[0]) {
				t.Errorf("%q from %s: %c is past: %v", test.from, test.since, letter, past)
			}
			through(s.take(m))
		}
		through(s.rest())
		if got.String() != test.want {
			t.Errorf("%q from %q until %q: %q, want %q", test.from, test.since, test.until, &got, test.want)
		}
	}
}
