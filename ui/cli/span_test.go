package cli

import (
	"testing"
	"time"

	"backscroll/zim/history"
)

func TestSpanTimes(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*60*60)
	midnight := time.Date(2026, 4, 30, 16, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		since, until string
		want         history.Span
	}{
		{"", "", history.Span{}},
		{"2026-05-01", "", history.Span{Since: midnight}},
		{"-24h", "-1h", history.Span{Since: noon.Add(-24 * time.Hour), Until: noon.Add(-time.Hour)}},
		{"", "2026-05-01 14:00:00 +02:00", history.Span{Until: noon}}, // as the tables print it
		{"-1d12h", "", history.Span{Since: noon.Add(-36 * time.Hour)}},
	} {
		got, err := parseSpan(test.since, test.until, zone, noon)
		if err != nil || !got.Since.Equal(test.want.Since) || !got.Until.Equal(test.want.Until) {
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
