//go:build unix

package keys

import (
	"io/fs"
	"os"
	"syscall"
)

// isForeign reports whether a file belongs to neither this user nor root: its
// owner could write into it.
func isForeign(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid != 0 && stat.Uid != uint32(os.Geteuid())
}
