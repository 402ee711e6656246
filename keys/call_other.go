//go:build !unix

package keys

import "os/exec"

// ownGroup does nothing: the library starts no process here.
func ownGroup(*exec.Cmd) {}
