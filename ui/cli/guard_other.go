//go:build !linux

package cli

// guard keeps the memory of this process out of a core where that is in its own
// hands.
func guard() { leaveNoCore() }
