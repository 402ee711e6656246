package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
)

func TestSpanTimes(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*60*60)
	midnight := time.Date(2026, 4, 30, 16, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		since, until string
		want         span
	}{
		{"", "", span{}},
		{"2026-05-01", "", span{since: midnight}},
		{"-24h", "-1h", span{since: noon.Add(-24 * time.Hour), until: noon.Add(-time.Hour)}},
		{"", "2026-05-01 14:00:00 +02:00", span{until: noon}}, // as the tables print it
		{"-1d12h", "", span{since: noon.Add(-36 * time.Hour)}},
	} {
		got, err := parseSpan(test.since, test.until, zone, noon)
		if err != nil || !got.since.Equal(test.want.since) || !got.until.Equal(test.want.until) {
			t.Errorf("%q to %q is %v, %v; want %v", test.since, test.until, got, err, test.want)
		}
	}
	for _, s := range []string{"24h", "-24", "2026-05-01 12", "today"} {
		for _, span := range [][2]string{{s, ""}, {"", s}} {
			if got, err := parseSpan(span[0], span[1], zone, noon); err == nil {
				t.Errorf("%q is %v", span, got)
			}
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
