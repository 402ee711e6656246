package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
)

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
		var s history.Sieve
		if test.since != "" {
			s.Since = at(test.since[0])
		}
		if test.until != "" {
			s.Until = at(test.until[0])
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
			if past := s.IsPast(m); past != (test.since != "" && letter != '.' && letter < test.since[0]) {
				t.Errorf("%q from %s: %c is past: %v", test.from, test.since, letter, past)
			}
			through(s.Take(m))
		}
		through(s.Rest())
		if got.String() != test.want {
			t.Errorf("%q from %q until %q: %q, want %q", test.from, test.since, test.until, &got, test.want)
		}
	}
}
