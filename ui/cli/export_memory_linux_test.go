package cli

import (
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"backscroll/keys"
	"backscroll/zim"
	"backscroll/zim/emulator"
)

// TestExportsMemory holds an export of 100,000 messages to what one of 1,000 takes:
// the most that is in use after a collection, while pages come and when the files
// are written.
func TestExportsMemory(t *testing.T) {
	few, many := exportPeak(t, 1_000), exportPeak(t, 100_000)
	t.Logf("1,000 messages: %d KB; 100,000: %d KB", few>>10, many>>10)
	if many > few+1<<20 {
		t.Errorf("100,000 messages take %d KB, 1,000 take %d", many>>10, few>>10)
	}
}

// exportPeak exports so many messages as three formats, and returns the most bytes
// that were in use beyond those before.
func exportPeak(t *testing.T, messages int) (peak int64) {
	t.Helper()
	inUse := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before, calls := inUse(), 0
	note := func() { peak = max(peak, inUse()-before) }
	a := &archive{messages: messages}
	service := asked(func(r *http.Request) (*http.Response, error) {
		if calls++; calls%max(messages/1000, 1) == 0 {
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
	f := &exportFlags{chat: chatFlags{user: "alice", peer: "bob"}, output: filepath.Join(t.TempDir(), "x"), formats: "jsonl,csv,txt"}
	j, err := f.parse(p, keys.Config{})
	if err != nil {
		t.Fatal(err)
	}
	j.Client = client
	m, err := j.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m.Messages != messages {
		t.Errorf("%d messages, want %d", m.Messages, messages)
	}
	return peak
}

// asked is a service that is a function.
type asked func(*http.Request) (*http.Response, error)

func (a asked) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }
