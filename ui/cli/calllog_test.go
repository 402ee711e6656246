package cli

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"backscroll/zim"
)

// TestLogIsItsOwners: a file that all could read is closed to others, and what
// it held stays.
func TestLogIsItsOwners(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := openLog(name)
	if err != nil {
		t.Fatal(err)
	}
	l.call(zim.Exchange{Action: "QueryPeerMsg"})
	if err := l.close(); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("the file's mode is %v, %v", info.Mode(), err)
	}
	if log := readFile(t, name); !strings.HasPrefix(log, "before\n") || strings.Count(log, "\n") != 2 {
		t.Errorf("the log is\n%s", log)
	}
}

// TestLogIsClosedWhileCallsEnd: the race detector watches. All lines from before
// are there, each is whole, and none that comes too late is a failure.
func TestLogIsClosedWhileCallsEnd(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "log")
	l, err := openLog(name)
	if err != nil {
		t.Fatal(err)
	}
	l.call(zim.Exchange{Action: "QueryPeerMsg"})
	var calls sync.WaitGroup
	for range 4 {
		calls.Go(func() {
			for range 50 {
				l.call(zim.Exchange{Action: "QueryGroupMsg"})
			}
		})
	}
	if err := l.close(); err != nil {
		t.Error(err)
	}
	calls.Wait()
	l.call(zim.Exchange{Action: "late"})
	if l.failed != nil {
		t.Errorf("failed: %v", l.failed)
	}
	log := readFile(t, name)
	if !strings.Contains(log, "action=QueryPeerMsg") || strings.Contains(log, "late") || !strings.HasSuffix(log, "\n") {
		t.Errorf("the log is\n%s", log)
	}
}
