package cli

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"backscroll/keys"
	"backscroll/zim"
	"backscroll/zim/emulator"
)

// exportsArchive is the variable that makes TestExportsMemory the child: an export of
// a chat of so many messages, as that format.
const exportsArchive = "BACKSCROLL_TEST_EXPORTED"

// TestExportsMemory holds an export of 1,000,000 messages to what one of 1,000 takes:
// the most that is in use after a collection, while pages come and when the files are
// written. Each runs in a process of its own without the race detector. Of what the
// process has the least of a few runs counts: on a busy machine the collector comes
// late.
func TestExportsMemory(t *testing.T) {
	if what := os.Getenv(exportsArchive); what != "" {
		exportArchive(t, what)
		return
	}
	path := filepath.Join(t.TempDir(), "cli.test")
	if out, err := exec.Command("go", "test", "-c", "-o", path, "backscroll/ui/cli").CombinedOutput(); err != nil {
		t.Fatalf("go test -c: %v: %s", err, out)
	}
	for format, most := range map[string]int{"txt": 1_000_000, "jsonl,json,csv,md,html": 30_000} {
		few, fewPeak := exportPeak(t, path, format, 1_000)
		many, manyPeak := exportPeak(t, path, format, most)
		for again := 0; again < 4 && manyPeak > fewPeak+collected; again++ {
			_, peak := exportPeak(t, path, format, most)
			manyPeak = min(manyPeak, peak)
		}
		t.Logf("%s: 1,000 messages: %d KB, process %d KB; %d: %d KB, process %d KB", format, few>>10, fewPeak>>10, most, many>>10, manyPeak>>10)
		if many > few+1<<20 {
			t.Errorf("%s: %d messages take %d KB, 1,000 take %d", format, most, many>>10, few>>10)
		}
		if manyPeak > fewPeak+collected {
			t.Errorf("%s: the process takes %d KB for %d messages, %d for 1,000", format, manyPeak>>10, most, fewPeak>>10)
		}
	}
}

// collected is how much more a process has that ran for long: what the collector
// leaves for later.
const collected = 24 << 20

// exportPeak runs an export, and returns the most bytes that were in use, and that the
// process had.
func exportPeak(t *testing.T, path, format string, messages int) (live, peak int64) {
	t.Helper()
	c := exec.Command("nice", "-n", "-15", path, "-test.run", "^TestExportsMemory$")
	c.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", exportsArchive, messages, format))
	out, err := c.Output() // nice complains elsewhere, if it may not
	if err != nil {
		t.Fatalf("%d messages: %v: %s", messages, err, out)
	}
	if _, err := fmt.Sscanf(string(out), "live %d peak %d\n", &live, &peak); err != nil {
		t.Fatalf("%d messages: %v in %q", messages, err, out)
	}
	return live, peak
}

// exportArchive exports a chat as the command does, and prints what that took.
func exportArchive(t *testing.T, what string) {
	a, formats := &archive{}, ""
	if _, err := fmt.Sscan(what, &a.messages, &formats); err != nil {
		t.Fatal(err)
	}
	var live int64
	note := func() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		live = max(live, int64(m.HeapAlloc))
	}
	calls := 0
	service := asked(func(r *http.Request) (*http.Response, error) {
		if calls++; calls%(max(a.messages/zim.MaxMessages/100, 1)) == 0 {
			note()
		}
		return a.RoundTrip(r)
	})
	client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithTransport(service))
	if err != nil {
		t.Fatal(err)
	}
	p := newMachine().process(&strings.Builder{}, &strings.Builder{})
	p.Now = func() time.Time { // asked once more when all is written
		note()
		return emulator.Epoch
	}
	f := &exportFlags{chat: chatFlags{user: "alice", peer: "bob"}, output: filepath.Join(t.TempDir(), "x"), formats: formats}
	j, err := f.parse(p, keys.Config{})
	if err != nil {
		t.Fatal(err)
	}
	j.Client = client
	m, err := j.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m.Messages != a.messages || m.Pages != a.messages/zim.MaxMessages {
		t.Errorf("%d messages in %d pages", m.Messages, m.Pages)
	}
	fmt.Printf("live %d peak %d\n", live, peakMemory(t))
}

// asked is a service that is a function.
type asked func(*http.Request) (*http.Response, error)

func (a asked) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }
