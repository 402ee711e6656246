package cli

import "testing"

func TestGarbagePercent(t *testing.T) {
	const mib = 1 << 20
	for _, tt := range []struct {
		inUse uint64
		want  int
	}{
		{0, 100}, {1, 100}, {1 * mib, 100}, {2 * mib, 50}, {4 * mib, 25}, {40 * mib, 2}, {400 * mib, 2}, {1 << 40, 2}, {1<<64 - 1, 2},
	} {
		if got := garbagePercent(tt.inUse); got != tt.want {
			t.Errorf("%d bytes in use: %d %%, want %d", tt.inUse, got, tt.want)
		}
	}
}
