package cli

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"backscroll/ui/export"
	"backscroll/zim/emulator"
)

// TestExportThatIsKilled kills exports with SIGKILL, 50 of them, up to three times
// each: while it starts, between pages, while files are written and placed. Gone on
// with, each has the files of one that ran through.
func TestExportThatIsKilled(t *testing.T) {
	t.Parallel()
	var rows []json.RawMessage
	for n := 1; n <= 450; n++ {
		rows = append(rows, numbered(n))
	}
	service := emulator.WithPeerHistory("u1", "u2", rows...)
	s := newService(t, service)
	through := filepath.Join(t.TempDir(), "x")
	c := s.exports(t, through)
	if _, code := c.end(); code != 0 {
		t.Fatal(c.stderr.String())
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var kills, resumed atomic.Int64
	t.Run("all", func(t *testing.T) {
		for n := range 50 {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				s, random := newService(t, service), rand.New(rand.NewPCG(seed, uint64(n)))
				file := filepath.Join(t.TempDir(), "x")
				for left := 1 + random.IntN(3); s.isOpen(file); left-- {
					c := s.exports(t, file, "--resume")
					if left > 0 {
						s.kill(c, random)
					}
					switch _, code := c.end(); {
					case c.cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled():
						kills.Add(1)
					case code != 0:
						t.Fatalf("exit code %d: %s", code, &c.stderr)
					}
				}
				resumed.Add(int64(wantSameExport(t, file, through)))
			})
		}
	})
	t.Logf("%d killed, gone on with pages %d times", kills.Load(), resumed.Load())
	if kills.Load() < 50 || resumed.Load() < 25 {
		t.Error("too few were killed where it matters")
	}
}

// exports starts an export of the chat of u1 and u2.
func (s *service) exports(t *testing.T, file string, more ...string) *child {
	t.Helper()
	pairs, env := s.env(), []string(nil)
	for i := 0; i < len(pairs); i += 2 {
		env = append(env, pairs[i]+"="+pairs[i+1])
	}
	return startChild(t, env, append([]string{"export", "--user", "u1", "--peer", "u2", "--rate", "20", "--format", "jsonl,csv,html", "-o", file}, more...)...)
}

// isOpen reports whether an export is not done: one may be killed when it is.
func (s *service) isOpen(file string) bool {
	_, done := os.Lstat(file + export.ManifestSuffix)
	_, partial := os.Lstat(file + export.PartialSuffix)
	return done != nil || partial == nil
}

// kill kills a child some time after its start, or after a call.
func (s *service) kill(c *child, random *rand.Rand) {
	after := time.Duration(random.IntN(300)) * time.Millisecond
	if random.IntN(4) > 0 {
		call := s.count() + 1 + random.IntN(5)
		after = time.Duration(random.IntN(40_000)) * time.Microsecond
		for end := time.Now().Add(2 * time.Second); s.count() < call && !c.isOver() && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	time.Sleep(after)
	c.cmd.Process.Kill()
}

// isOver reports whether a child has ended and was not waited for.
func (c *child) isOver() bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// wantSameExport checks that an export has the files of another one, and returns how
// often it went on.
func wantSameExport(t *testing.T, file, through string) (resumed int) {
	t.Helper()
	wantFiles(t, filepath.Dir(file), "x.jsonl", "x.csv", "x.html", "x"+export.ManifestSuffix)
	read := func(name string) *export.Manifest {
		m, err := export.ReadManifest(name + export.ManifestSuffix)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	got, want := read(file), read(through)
	if got.Messages != 450 || got.LookedAt != 450 || got.Pages != 5 || *got.Newest != *want.Newest || got.End != want.End {
		t.Errorf("%+v", got)
	}
	for _, f := range got.Files {
		if differs, err := f.Differs(t.Context(), filepath.Dir(file)); differs != "" || err != nil {
			t.Errorf("%s: %s, %v", f.Name, differs, err)
		}
		// When it began is all that differs.
		second := len("2006-01-02T15:04:05")
		whole := strings.ReplaceAll(readFile(t, filepath.Join(filepath.Dir(through), f.Name)), want.Began[:second], got.Began[:second])
		if readFile(t, filepath.Join(filepath.Dir(file), f.Name)) != whole {
			t.Errorf("%s is not that of an export that ran through", f.Name)
		}
	}
	return got.Resumed
}
