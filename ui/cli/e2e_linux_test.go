package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"backscroll/keys"
	"backscroll/zim/emulator"
)

// screen is the program as a person has it: the built binary in a shell in tmux.
type screen struct {
	t      *testing.T
	socket string
	home   string
	frames strings.Builder // all that was ever captured
}

// openScreen starts a shell of so many cells, with these variables and no
// others that could reach the program.
func openScreen(t *testing.T, w, h int, env ...string) *screen {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, home: t.TempDir(), socket: fmt.Sprintf("backscroll-%d-%s", os.Getpid(), strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()))}
	if err := os.Symlink(path, filepath.Join(s.home, "backscroll")); err != nil {
		t.Fatal(err)
	}
	s.tmux(append([]string{"-f", "/dev/null", "new-session", "-d", "-c", s.home, "-x", fmt.Sprint(w), "-y", fmt.Sprint(h), "env", "-i",
		"TERM=tmux-256color", "PATH=" + s.home + ":" + os.Getenv("PATH"), "HOME=" + s.home, "LANG=C.UTF-8", "TZ=Asia/Shanghai", "PS1=$ "},
		append(env, "sh")...)...)
	t.Cleanup(func() { s.tmux("kill-server") })
	s.tmux("set", "-s", "escape-time", "0")
	s.waitFor("$")
	return s
}

func (s *screen) tmux(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-u", "-L", s.socket}, args...)...).CombinedOutput()
	if err != nil && args[0] != "kill-server" {
		s.t.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// shows returns what is on the screen.
func (s *screen) shows() string {
	s.t.Helper()
	frame := s.tmux("capture-pane", "-p")
	s.frames.WriteString(frame)
	return frame
}

// waitFor waits until all of this is on the screen.
func (s *screen) waitFor(all ...string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%q on the screen", all), func() bool {
		frame := s.shows()
		for _, want := range all {
			if !strings.Contains(frame, want) {
				return false
			}
		}
		return true
	})
}

func (s *screen) until(what string, done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(45 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("no %s:\n%s", what, s.shows())
		}
	}
}

// press sends keys by their names in tmux.
func (s *screen) press(keys ...string) {
	s.t.Helper()
	s.tmux(append([]string{"send-keys"}, keys...)...)
}

// shell types a line.
func (s *screen) shell(line string) {
	s.t.Helper()
	s.tmux("send-keys", "-l", line)
	s.press("Enter")
}

// begin runs the program, between two looks at the terminal's settings, and
// writes its process ID down.
func (s *screen) begin(args string) {
	s.t.Helper()
	s.shell("clear; stty -g >before; sh -c 'echo $$ >pid; exec backscroll " + args + "'; echo code=$?; stty -g | cmp - before && echo whole")
}

// wantWhole waits for the shell to have its terminal back as it was.
func (s *screen) wantWhole(code int) {
	s.t.Helper()
	s.waitFor(fmt.Sprintf("code=%d", code), "whole")
	if frame := s.shows(); strings.Contains(frame, "Conversations") {
		s.t.Errorf("the alternate screen was not left:\n%s", frame)
	}
	if got := strings.TrimSpace(s.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}")); got != "0 1 0" {
		s.t.Errorf("alternate screen, cursor, mouse: %s", got)
	}
}

// wantNoSecret checks everything that was ever on the screen.
func (s *screen) wantNoSecret() {
	s.t.Helper()
	seen := s.frames.String() + s.tmux("capture-pane", "-p", "-S", "-")
	for _, bad := range []string{emulator.ServerSecret, "Signature"} {
		if strings.Contains(seen, bad) {
			s.t.Errorf("%s was on the screen", bad)
		}
	}
}

// tour lists, opens, scrolls through 300 messages to the start, looks at every
// kind of row, resizes and quits.
func (s *screen) tour() {
	s.t.Helper()
	s.waitFor("23 conversations", "walter", "mallory")
	s.press("/")
	s.shell("walter")
	s.waitFor("1 of 23 conversations")
	s.press("Enter")
	s.waitFor("100 loaded, older: yes")
	for range 400 {
		if strings.Contains(s.shows(), "start of the retained history · 2026-03-25") {
			break
		}
		s.press("C-u")
	}
	s.press("g")
	s.waitFor("start of the retained history · 2026-03-25", "· 2026-03-25 10:02:20 +08:00 ·", "303 loaded, older: no")
	s.tmux("resize-window", "-x", "60", "-y", "20")
	s.waitFor("start of the retained history", "walter")
	if strings.Contains(s.shows(), "│") {
		s.t.Errorf("two panes on 60 columns:\n%s", s.shows())
	}
	s.tmux("resize-window", "-x", "120", "-y", "40")
	s.waitFor("│", "1 of 23 conversations")
	s.escape(func() bool { return !strings.Contains(s.shows(), " · seq ") }) // back to the list
	s.escape(func() bool { return !strings.Contains(s.shows(), "1 of 23") })

	s.press("/")
	s.shell("dave")
	s.press("Enter")
	s.waitFor("alice → dave", "68 loaded, older: no")
	s.wantRows("[image ", "[file ", "[audio 0:", "[video ", "[3 items]", "[forwarded] ", "[custom 110]", "[type 777]",
		"not decodable", "recalled by dave at", "deleted or expired", "+payload", "dave disbanded the group")
	s.press("Enter")
	s.waitFor("Fields  Tree  Raw  HTTP", "type   ", "time   ")
	s.press("?")
	s.waitFor("Inspector", "Everywhere")
	s.press("x")
	s.waitFor("type   ")
	s.escape(func() bool { return !strings.Contains(s.shows(), "type   ") })
	s.press("C-k")
	s.waitFor("Go to", "enter opens")
	s.escape(func() bool { return !strings.Contains(s.shows(), "Go to") })
}

// escape presses the key and waits for what it does: the next key could make
// one of both.
func (s *screen) escape(done func() bool) {
	s.t.Helper()
	s.press("Escape")
	s.until("effect of Escape", done)
}

// wantRows walks up until every one of these was on the screen.
func (s *screen) wantRows(all ...string) {
	s.t.Helper()
	missing := all
	for range 60 {
		frame := s.shows()
		var still []string
		for _, want := range missing {
			if !strings.Contains(frame, want) {
				still = append(still, want)
			}
		}
		if missing = still; len(missing) == 0 {
			return
		}
		s.press("b")
		for end := time.Now().Add(time.Second); s.shows() == frame && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
	}
	s.t.Errorf("never on the screen: %q\n%s", missing, s.shows())
}

func TestDemoEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 40)
	s.begin("--demo")
	s.tour()
	s.press("Q")
	s.wantWhole(0)
	s.wantNoSecret()
}

func TestEndpointEndToEnd(t *testing.T) {
	t.Parallel()
	base := serve(t)
	s := openScreen(t, 120, 40, fmt.Sprintf("BACKSCROLL_APP_ID=%d", emulator.AppID), "BACKSCROLL_SERVER_SECRET="+emulator.ServerSecret)
	s.begin("--user alice --rate 20 --endpoint " + base)
	s.tour()
	s.press("Q")
	s.wantWhole(0)
	s.wantNoSecret()
}

func TestSignalsGiveTheShellItsTerminalBack(t *testing.T) {
	t.Parallel()
	for signal, code := range map[syscall.Signal]int{syscall.SIGHUP: 129, syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			s := openScreen(t, 120, 40)
			s.begin("--demo")
			s.waitFor("23 conversations")
			pid, err := os.ReadFile(filepath.Join(s.home, "pid"))
			if err != nil {
				t.Fatal(err)
			}
			number, err := strconv.Atoi(strings.TrimSpace(string(pid)))
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(number, signal); err != nil {
				t.Fatal(err)
			}
			s.wantWhole(code)
		})
	}
}

// serve starts the service for a program in another process.
func serve(t *testing.T) string {
	t.Helper()
	base, stop, err := emulator.New(emulator.WithRate(0)).Serve(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return base
}

// TestKeyringEndToEnd signs in to a real Secret Service, on a bus of its own,
// and browses with what it kept.
func TestKeyringEndToEnd(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon", "secret-tool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	base := serve(t)
	runtime := t.TempDir()
	if err := os.Chmod(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	s := openScreen(t, 120, 40, "XDG_RUNTIME_DIR="+runtime)
	s.shell("dbus-run-session -- sh")
	s.shell(`printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; echo un''locked`)
	s.waitFor("unlocked")
	s.begin("--user alice") // the first use: a form
	s.waitFor("Sign in", "never shown", "ctrl+d opens the demo instead")
	s.letters(fmt.Sprint(emulator.AppID))
	s.press("Tab")
	s.letters(strings.Repeat("0", 32))
	s.press("Tab", "C-u")
	s.letters(base)
	s.press("Enter")
	s.waitFor("wrong secret: it is not the ServerSecret of this AppId")
	s.press("Up", "C-u")
	s.letters(emulator.ServerSecret)
	s.press("Enter")
	s.waitFor("the service knows this app", "session only")
	s.press("k")
	s.waitFor("Conversations · alice", "default · alice")
	s.press("P")
	s.waitFor("Profiles · 1 app", "✓ default")
	s.escape(func() bool { return !strings.Contains(s.shows(), "Profiles") })
	s.press("Q")
	s.wantWhole(0)
	s.shell("clear; backscroll auth logout --profile default; echo code=$?")
	s.waitFor("code=0")

	if err := os.WriteFile(filepath.Join(s.home, "secret"), []byte(emulator.ServerSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.shell(fmt.Sprintf("clear; backscroll auth login --profile shop --app-id %d --endpoint %s --secret-stdin <secret; echo code=$?", emulator.AppID, base))
	s.waitFor("code=0")
	s.shell("clear; secret-tool lookup service " + keys.Service + " username shop | wc -l; backscroll auth list")
	s.waitFor("shop", fmt.Sprint(emulator.AppID), base)
	s.begin("--user alice --peer bob")
	s.waitFor("shop · ", "alice's side", "older: no")
	s.press("Q")
	s.wantWhole(0)
	s.shell("clear; backscroll --user alice --endpoint http://127.0.0.1:1; echo code=$?")
	s.waitFor("hint: ", "code=1")
	s.shell("clear; backscroll auth logout --profile shop; backscroll auth list; echo code=$?")
	s.waitFor("code=")
	s.wantNoSecret()
	s.shell("exit") // ends the bus, and with it the keyring
	s.shell("clear; echo o''ver")
	s.waitFor("over")
}
