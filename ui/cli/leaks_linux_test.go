package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"backscroll/zim/emulator"
)

// faulty is a service with one fault, and what became of the commands that
// asked it.
type faulty struct {
	*service
	fault emulator.FaultName
	log   string

	walk    outcome // messages --all --json
	others  []outcome
	browser *console
}

// ends is what each fault makes of a whole walk: it is survived, or the walk
// ends with a sentence.
var ends = map[emulator.FaultName]string{
	emulator.FaultHTML:     "a proxy answered instead of ZIM",
	emulator.FaultLoop:     "the service repeated a page",
	emulator.FaultEmpty:    "pages in a row with nothing new",
	emulator.FaultBigBody:  "answer over 32 MiB",
	emulator.FaultRedirect: "a redirect was refused",
}

const theWalk = "messages --user alice --peer walter --all --json"

// TestEveryFault runs every command and the browser against a service with each
// fault. Each message is printed once, with its exact ID, or the walk ends with
// a sentence and what it had; and nowhere, whatever went wrong, is there
// anything that opens the app. The one text with a secret in it is that of
// backscroll emulator, whose secret is invented.
func TestEveryFault(t *testing.T) {
	t.Parallel()
	clean := newService(t).run(t, theWalk)
	clean.wantDone(t, "")
	want := ids(clean.messages(t))
	var all []*faulty
	for _, fault := range emulator.FaultNames() {
		if slow := fault == emulator.FaultHang || fault == emulator.FaultDrip; slow && testing.Short() {
			continue // they cost a timeout
		}
		all = append(all, &faulty{service: newService(t, emulator.WithFault(fault)), fault: fault, log: filepath.Join(t.TempDir(), "log")})
	}
	var done sync.WaitGroup // more at a time than tests may be: most of them wait
	for _, f := range all {
		done.Go(func() { f.walk = f.run(t, theWalk+" --log-file "+f.log) })
	}
	done.Wait()
	for _, f := range all {
		done.Go(func() {
			for _, args := range []string{"conversations --user alice --json", "messages --user alice --peer dave", "messages --group team --raw --limit 5 --filter -soup"} {
				f.others = append(f.others, f.run(t, args+" --log-file "+f.log))
			}
		})
		f.browser = start(t, f.environ(), "--user", "alice", "--peer", "walter", "--log-file", f.log)
	}
	done.Wait()
	for _, f := range all {
		t.Run(string(f.fault), func(t *testing.T) {
			f.wantWhole(t, want)
			f.browser.waitForText("Conversations")
			io.WriteString(f.browser.master, "/soup\r:go seq 9\r:filter typ:image\r:find soup\r")
			f.browser.waitForText("Found")
			io.WriteString(f.browser.master, "Q")
			f.browser.wantCode(0)
			seen := f.browser.written() + f.walk.stdout + f.walk.stderr
			for _, o := range f.others {
				seen += o.stdout + o.stderr
			}
			f.wantNoSecret(t, "the output", seen)
			log := readFile(t, f.log)
			if n := strings.Count(log, "\n"); n < 4 {
				t.Errorf("%d lines in the log", n)
			}
			f.wantNoSecret(t, "the log", log)
		})
	}
}

// wantWhole checks the walk against the IDs that there are.
func (f *faulty) wantWhole(t *testing.T, want []string) {
	t.Helper()
	got := ids(f.walk.messages(t))
	sentence, fails := ends[f.fault]
	switch {
	case fails && (f.walk.code != 1 || !strings.Contains(f.walk.stderr, sentence) || !strings.Contains(f.walk.stderr, "stopped after") || !strings.Contains(f.walk.stderr, "\nhint: ")):
		t.Errorf("exit code %d, want 1 and %q:\n%s", f.walk.code, sentence, f.walk.stderr)
	case fails && (len(got) == 0 || len(got) >= len(want)):
		t.Errorf("%d messages", len(got))
	case !fails && f.walk.code != 0:
		t.Errorf("exit code %d: %s", f.walk.code, f.walk.stderr)
	case !fails && len(got) != len(want):
		t.Errorf("%d messages, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if bare := f.fault == emulator.FaultBare && got[i] == ""; got[i] != want[i] && !bare {
			t.Errorf("message %d has the ID %q, want %q", i, got[i], want[i])
		}
	}
	if f.fault == emulator.FaultSkew && !strings.Contains(f.walk.stderr, "clock 25 min slow: set the clock of this machine right") {
		t.Errorf("the clock is not mentioned: %q", f.walk.stderr)
	}
}

// TestNoSecretOnTheScreen looks at what a person sees of failures.
func TestNoSecretOnTheScreen(t *testing.T) {
	t.Parallel()
	for _, fault := range []emulator.FaultName{emulator.FaultRedirect, emulator.FaultHTML} {
		s := newService(t, emulator.WithFault(fault))
		screen := openScreen(t, 120, 40, s.environ()...)
		screen.begin("--user alice --peer walter --rate 20")
		screen.waitFor("Conversations", "r retries")
		screen.press("Q")
		screen.wantWhole(0)
		screen.shell("clear; backscroll messages --user alice --peer walter --all --rate 20; echo code=$?")
		screen.waitFor("hint: ", "code=1")
		s.wantNoSecret(t, string(fault), screen.frames.String()+screen.tmux("capture-pane", "-p", "-S", "-"))
	}
}

// TestNoSecretInACrash looks at the stacks of all goroutines, in the middle of
// a call.
func TestNoSecretInACrash(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithHook(func(string, int) *emulator.Fault { return &emulator.Fault{Delay: time.Minute} }))
	c := startChild(t, append(s.environ(), "GOTRACEBACK=all"), strings.Fields("messages --user alice --peer walter")...)
	for deadline := time.Now().Add(10 * time.Second); s.count() == 0 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	c.signal(syscall.SIGQUIT)
	if _, code := c.end(); code != 2 || !strings.Contains(c.stderr.String(), "goroutine ") {
		t.Fatalf("exit code %d: %s", code, &c.stderr)
	}
	s.wantNoSecret(t, "the crash", c.stderr.String())

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s = newService(t)
	for _, where := range []string{"update", "command", "goroutine"} {
		p := startProgram(t, self, append(s.environ(), panicsIn+"="+where), "--user", "alice", "--peer", "walter")
		p.waitForText("Soup is getting cold.") // the newest message
		io.WriteString(p.master, "!")
		p.wantCode(1)
		s.wantNoSecret(t, "a panic in "+where, p.written())
	}
}
