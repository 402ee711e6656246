//go:build !unix

package keys

import "io/fs"

func isForeign(fs.FileInfo) bool { return false }
