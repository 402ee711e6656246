package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// What may be garbage before the collector starts: so many bytes, and in a large
// heap a share of it.
const (
	garbage      = 512 << 10
	garbageShare = 1 // percent
)

// boundGarbage keeps garbage from growing with what is in use. By default it may
// be as much again: a chat of 400 MB would take 800. Messages are bytes without
// pointers, which the collector does not look at, so a collection takes about as
// long with a million of them as with none.
//
// The bound is set anew after each collection. As long as little is in use it is
// Go's own, so that starting costs nothing.
func boundGarbage() { watchGarbage(100) }

// watchGarbage sets the bound, which is at so many percent, after the next
// collection and all that follow.
func watchGarbage(percent int) {
	type sentinel struct{ _ *int } // nothing refers to it: it goes with the next collection
	runtime.AddCleanup(&sentinel{}, func(percent int) {
		if p := garbagePercent(inUse()); p != percent {
			debug.SetGCPercent(p)
			percent = p
		}
		watchGarbage(percent)
	}, percent)
}

// garbagePercent returns how much garbage there may be, in percent of what is in use.
func garbagePercent(inUse uint64) int {
	return int(min(max(100*garbage/max(inUse, 1), garbageShare), 100))
}

// inUse returns how many bytes the last collection left.
func inUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}
