//go:build unix

package cli

import "golang.org/x/sys/unix"

// leaveNoCore holds for every process started from here, too.
func leaveNoCore() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) // less is never refused
}
