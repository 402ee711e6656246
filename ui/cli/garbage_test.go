package cli

import "testing"

func TestGarbagePercent(t *testing.T) {
	const mib = 1 << 20
	for _, tt := range []struct {
		inUse uint64
		want  int
	}{
		{0, 100}, {1, 100}, {2 * mib, 100}, {4 * mib, 50}, {40 * mib, 5}, {400 * mib, 3}, {1 << 40, 3}, {1<<64 - 1, 3},
	} {
		if got := garbagePercent(tt.inUse); got != tt.want {
			t.Errorf("%d bytes in use: %d %%, want %d", tt.inUse, got, tt.want)
		}
	}
}
