//go:build unix

package keys

import (
	"os/exec"
	"syscall"
)

// ownGroup has a command killed with all that it started.
func ownGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
