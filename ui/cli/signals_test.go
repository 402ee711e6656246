package cli

import (
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestWatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		send   []os.Signal
		work   time.Duration // until stop is called
		code   int           // of giveUp; 0 for not called
		after  time.Duration
		reason os.Signal // of the context's end
	}{
		{name: "no signal", work: time.Hour},
		{name: "ends in time", send: []os.Signal{syscall.SIGTERM}, work: patience - 1, reason: syscall.SIGTERM},
		{name: "hangs after SIGTERM", send: []os.Signal{syscall.SIGTERM}, work: time.Hour, code: 143, after: patience, reason: syscall.SIGTERM},
		{name: "hangs after SIGHUP", send: []os.Signal{syscall.SIGHUP}, work: time.Hour, code: 129, after: patience, reason: syscall.SIGHUP},
		{name: "two signals", send: []os.Signal{syscall.SIGINT, syscall.SIGTERM}, work: time.Hour, code: 130, reason: syscall.SIGINT},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var code int
				var after time.Duration
				start := time.Now()
				signals := make(chan os.Signal, 2)
				ctx, stop := Process{}.watch(t.Context(), signals, func(c int) { code, after = c, time.Since(start) })
				for _, s := range test.send {
					signals <- s
				}
				time.Sleep(test.work)
				synctest.Wait()
				s, was := wasStopped(ctx)
				if was != (test.reason != nil) || was && s.by != test.reason {
					t.Errorf("the context ended by %v", s)
				}
				stop()
				synctest.Wait()
				if code != test.code || after != test.after {
					t.Errorf("gave up with %d after %v, want %d after %v", code, after, test.code, test.after)
				}
			})
		})
	}
}

// A question that nobody answers ends with a signal, without a word.
func TestStoppedWhileWaiting(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"auth login", "auth login --app-id 7", "auth login --app-id 7 --secret-stdin", "--app-id 7 --secret-stdin"} {
		synctest.Test(t, func(t *testing.T) {
			m := newMachine()
			m.piped = strings.Contains(args, "stdin")
			var stdout, stderr strings.Builder
			p := m.process(&stdout, &stderr, strings.Fields(args)...)
			silence, end := io.Pipe()
			defer end.Close()
			p.Stdin = silence
			p.ReadPassword = func() ([]byte, error) { _, err := silence.Read(make([]byte, 1)); return nil, err }
			signals := make(chan os.Signal, 1)
			ctx, stop := p.watch(t.Context(), signals, func(int) { t.Error("gave up") })
			defer stop()
			time.AfterFunc(time.Second, func() { signals <- syscall.SIGTERM })
			if code := run(ctx, p); code != 143 || strings.Contains(stderr.String(), "backscroll:") {
				t.Errorf("%q: exit code %d, %q", args, code, &stderr)
			}
		})
	}
}
