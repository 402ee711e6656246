package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"backscroll/keys"
)

// notRoot is a user who is not root, for whom alone there is something to hide.
const notRoot = 65534

// asUser has a command run by somebody who is not root.
func asUser(c *exec.Cmd) {
	if os.Getuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: notRoot, Gid: notRoot}}
	}
}

// looked is what a process of the same user gets of a file of /proc/PID.
func looked(t *testing.T, pid int, name string) (seen string, refused bool) {
	t.Helper()
	c := exec.Command("head", "-c", "4096", fmt.Sprintf("/proc/%d/%s", pid, name))
	c.Dir = "/"
	asUser(c)
	out, err := c.CombinedOutput()
	return string(out), err != nil && strings.Contains(string(out), "Permission denied")
}

// TestMemoryIsNobodyElses looks at a running backscroll as another process of its
// user does, and at a process that does nothing of the kind, to see that there is
// something to look at.
func TestMemoryIsNobodyElses(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	shared := filepath.Join(shareable(t), "backscroll")
	if err := os.Link(path, shared); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"emulator", "--listen", "127.0.0.1:0"}, {keys.CallArg}} {
		c := exec.Command(shared, args...)
		pid, ready := startWithSecret(t, c)
		if args[0] == "emulator" {
			ready() // its first line says that it has begun
		} else {
			for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); { // it says nothing
				if _, refused := looked(t, pid, "environ"); refused {
					break
				}
			}
		}
		for _, name := range []string{"environ", "mem", "maps", "auxv"} {
			if seen, refused := looked(t, pid, name); !refused || strings.Contains(seen, canary) {
				t.Errorf("%s: %s can be read: %d bytes", args[0], name, len(seen))
			}
		}
		limits, _ := looked(t, pid, "limits")
		if !regexp.MustCompile(`(?m)^Max core file size +0 +0 +bytes`).MatchString(limits) {
			t.Errorf("%s: it leaves cores:\n%s", args[0], limits)
		}
	}
	c := exec.Command("cat")
	pid, _ := startWithSecret(t, c)
	if seen, refused := looked(t, pid, "environ"); refused || !strings.Contains(seen, canary) {
		t.Errorf("a process without a guard shows nothing either: %q", seen)
	}
}

// TestBrowserIsGuarded: the same holds with the browser on the screen.
func TestBrowserIsGuarded(t *testing.T) {
	t.Parallel()
	c := start(t, []string{keys.EnvServerSecret + "=" + canary}, "--demo")
	c.waitForText("Conversations")
	limits := readFile(t, fmt.Sprintf("/proc/%d/limits", c.cmd.Process.Pid))
	if !regexp.MustCompile(`(?m)^Max core file size +0 +0 +bytes`).MatchString(limits) {
		t.Errorf("it leaves cores:\n%s", limits)
	}
}

// shareable returns a folder that every user can look into.
func shareable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(binaryDir, "shared")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{binaryDir, dir} {
		if err := os.Chmod(d, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// startWithSecret starts a command of another user with the canary in its
// environment, and ends it with the test. ready waits for a line of it.
func startWithSecret(t *testing.T, c *exec.Cmd) (pid int, ready func()) {
	t.Helper()
	asUser(c)
	c.Dir = "/"
	c.Env = []string{"PATH=" + os.Getenv("PATH"), keys.EnvServerSecret + "=" + canary}
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		c.Process.Kill()
		c.Wait()
	})
	return c.Process.Pid, func() {
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
	}
}
