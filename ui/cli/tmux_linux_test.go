package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A shell in tmux starts the browser, which a signal ends: the prompt is back,
// and stty -g says what it said before.
func TestShellAfterASignal(t *testing.T) {
	t.Parallel()
	tmux, err := exec.LookPath("tmux")
	if err != nil {
		t.Skip("tmux is not installed")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for s, code := range map[syscall.Signal]int{syscall.SIGHUP: 129, syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			socket := filepath.Join(dir, "tmux")
			run := func(args ...string) string {
				cmd := exec.Command(tmux, append([]string{"-S", socket, "-f", os.DevNull}, args...)...)
				cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8"}
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("tmux %q: %v: %s", args, err, out)
				}
				return string(out)
			}
			waitFor := func(what string) string {
				for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
					screen := run("capture-pane", "-p")
					if strings.Contains(screen, what) {
						return screen
					}
					if time.Now().After(deadline) {
						t.Fatalf("waited in vain for %q:\n%s", what, screen)
					}
				}
			}
			run("new-session", "-d", "-x", "120", "-y", "40", "sh")
			t.Cleanup(func() { run("kill-server") })
			run("send-keys", "PS1='READY> '", "Enter")
			waitFor("\nREADY>")
			pid := filepath.Join(dir, "pid")
			run("send-keys", `stty -g >`+dir+`/before; sh -c 'echo $$ >`+pid+`; exec `+path+` --demo'; echo "code=$?"; stty -g >`+dir+`/after; echo "done."`, "Enter")
			waitFor(" conversations")
			number, err := strconv.Atoi(strings.TrimSpace(read(t, pid)))
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(number, s); err != nil {
				t.Fatal(err)
			}
			screen := waitFor("done.\nREADY>")
			if want := "code=" + strconv.Itoa(code) + "\n"; !strings.Contains(screen, want) || strings.Contains(screen, "Conversations") {
				t.Errorf("the shell does not show %q, or the browser is left on screen:\n%s", want, screen)
			}
			if before, after := read(t, filepath.Join(dir, "before")), read(t, filepath.Join(dir, "after")); before != after || before == "" {
				t.Errorf("stty -g said %q and says %q", before, after)
			}
			if flags := run("display-message", "-p", "#{mouse_any_flag}#{alternate_on}#{cursor_flag}"); flags != "001\n" {
				t.Errorf("mouse, alternate screen and cursor are %q, want off, off and on", flags)
			}
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
