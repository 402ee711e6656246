package transcript

import (
	"testing"
	"time"
)

// TestZoneName: "Local" tells nobody elsewhere anything.
func TestZoneName(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{"Local": "UTC+05:30", "": "UTC+05:30", "Asia/Kolkata": "Asia/Kolkata"} {
		if got := ZoneName(time.FixedZone(name, 5*3600+1800), at); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
