package cli

import "testing"

func TestGarbagePercent(t *testing.T) {
	const mib = 1 << 20
	for _, tt := range []struct {
		inUse uint64
		want  int
	}{
		{0, 100}, {1, 100}, {mib / 2, 100}, {2 * mib, 25}, {4 * mib, 12}, {40 * mib, 1}, {400 * mib, 1}, {1 << 40, 1}, {1<<64 - 1, 1},
	} {
		if got := garbagePercent(tt.inUse); got != tt.want {
			t.Errorf("%d bytes in use: %d %%, want %d", tt.inUse, got, tt.want)
		}
	}
}
