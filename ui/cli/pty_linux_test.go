package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// binaryDir is where binary builds to.
var binaryDir string

// binary builds backscroll once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaryDir, "backscroll")
	if out, err := exec.Command("go", "build", "-o", path, "backscroll").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	if where := os.Getenv(panicsIn); where != "" {
		os.Exit(panicking(where))
	}
	dir, err := os.MkdirTemp("", "backscroll-cli-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaryDir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// console is a pseudo-terminal with a program on it.
type console struct {
	t      *testing.T
	master *os.File
	slave  *os.File // kept open, so that its settings can be read at the end
	cmd    *exec.Cmd
	before unix.Termios
	exited chan struct{}

	mu  sync.Mutex
	out bytes.Buffer // what the program wrote
}

// start runs the binary on a new terminal of 120x40.
func start(t *testing.T, env []string, args ...string) *console {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, path, env, args...)
}

func startProgram(t *testing.T, path string, env []string, args ...string) *console {
	t.Helper()
	c := &console{t: t, exited: make(chan struct{})}
	c.master, c.slave = openPTY(t)
	t.Cleanup(func() {
		c.slave.Close()
		c.master.Close()
	})
	c.before = c.settings()
	c.cmd = exec.Command(path, args...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = c.slave, c.slave, c.slave
	c.cmd.Env = append([]string{"TERM=xterm-256color", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, env...)
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(func() {
		c.cmd.Process.Kill()
		<-c.exited
	})
	go c.read()
	return c
}

func (c *console) read() {
	b := make([]byte, 4096)
	for {
		n, err := c.master.Read(b)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.out.Write(b[:n])
		c.mu.Unlock()
	}
}

func (c *console) written() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

func (c *console) settings() unix.Termios {
	c.t.Helper()
	var s *unix.Termios
	control(c.t, c.slave, func(fd int) (err error) {
		s, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	})
	return *s
}

// stop makes every write to the terminal wait, as ctrl+s does.
func (c *console) stop() {
	c.t.Helper()
	control(c.t, c.slave, func(fd int) error { return unix.IoctlSetInt(fd, unix.TCXONC, unix.TCOOFF) })
}

// waitFor polls until done, half a minute at most.
func (c *console) waitFor(what string, done func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("waited in vain for %s; the program wrote %q", what, c.written())
		}
	}
}

func (c *console) waitForText(s string) {
	c.t.Helper()
	c.waitFor(strconv.Quote(s), func() bool { return strings.Contains(c.written(), s) })
}

func (c *console) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// wantCode waits for the end and checks the exit code.
func (c *console) wantCode(code int) {
	c.t.Helper()
	c.waitFor("the end", func() bool {
		select {
		case <-c.exited:
			return true
		default:
			return false
		}
	})
	if got := c.cmd.ProcessState.ExitCode(); got != code {
		c.t.Errorf("exit code %d, want %d (%v)", got, code, c.cmd.ProcessState)
	}
}

// wantEnd is wantCode that checks the settings of the terminal too: they are
// those from before.
func (c *console) wantEnd(code int) {
	c.t.Helper()
	c.wantCode(code)
	if after := c.settings(); after != c.before {
		c.t.Errorf("the terminal's settings were %+v and are %+v", c.before, after)
	}
}

// wantWhole checks that every mode that was turned on is off again.
func (c *console) wantWhole() {
	c.t.Helper()
	const last = "\x1b[?1049l"
	c.waitFor("the main screen", func() bool { return strings.Contains(c.written(), last) })
	time.Sleep(20 * time.Millisecond) // what follows it is on its way
	out := c.written()
	for mode, atRest := range map[string]string{
		"1049": "l", "25": "h", "1000": "l", "1002": "l", "1003": "l", "1006": "l", "1004": "l", "2004": "l", "2026": "l", "2027": "l",
	} {
		other := map[string]string{"h": "l", "l": "h"}[atRest]
		on, off := strings.LastIndex(out, "\x1b[?"+mode+other), strings.LastIndex(out, "\x1b[?"+mode+atRest)
		if on > off {
			c.t.Errorf("mode %s is left at %q", mode, other)
		}
	}
}

func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no pseudo-terminals here: %v", err)
	}
	var number int
	control(t, master, func(fd int) (err error) {
		if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		if err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 120}); err != nil {
			return err
		}
		number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		return err
	})
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, slave
}

// control does what Fd would do, but leaves reads of f interruptible.
func control(t *testing.T, f *os.File, do func(fd int) error) {
	t.Helper()
	conn, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
}
