package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

// archived is the variable that makes TestMemory the child: a browser on a chat of
// so many messages.
const archived = "BACKSCROLL_TEST_ARCHIVED"

// TestMemory holds what the browser takes at its peak: the program itself, and 1.25
// x the bytes of the pages. The program itself is what it takes beyond its pages
// with 1,000 messages, when all of its bounded caches are full; with one page it
// takes hardly less. The browser runs in a process of its own, without the race
// detector, which takes a multiple. The least of a few runs counts: on a busy
// machine the collector comes late.
func TestMemory(t *testing.T) {
	if n := os.Getenv(archived); n != "" {
		browseArchive(t, n)
		return
	}
	path := filepath.Join(t.TempDir(), "cli.test")
	if out, err := exec.Command("go", "test", "-c", "-o", path, "backscroll/ui/cli").CombinedOutput(); err != nil {
		t.Fatalf("go test -c: %v: %s", err, out)
	}
	page, raw := leastPeak(t, path, zim.MaxMessages, 3, 0)
	few, fewRaw := leastPeak(t, path, 1_000, 3, 0)
	itself := few - fewRaw
	t.Logf("one page: %d KB; the program itself: %d KB", page>>10, itself>>10)
	if most := page - raw + 4<<20; itself > most {
		t.Errorf("with 1,000 messages the program itself takes %d KB, want %d at most", itself>>10, most>>10)
	}
	for _, n := range []int{100_000, 1_000_000} {
		peak, raw := leastPeak(t, path, n, 15, itself)
		t.Logf("%d messages: %d KB at the peak, %d KB of pages, %.3f x beside the program", n, peak>>10, raw>>10, float64(peak-itself)/float64(raw))
		if peak > itself+raw*5/4 {
			t.Errorf("%d messages take %d KB at the peak, want %d at most", n, peak>>10, (itself+raw*5/4)>>10)
		}
	}
}

// leastPeak runs the browser on a chat of n messages, so often at most, until one
// run is within the budget beside what the program itself takes. It returns the
// least of the peaks, and the bytes of the pages.
func leastPeak(t *testing.T, path string, n, times int, itself int64) (least, raw int64) {
	t.Helper()
	least = math.MaxInt64
	for range times {
		var peak int64
		// Where it may, it goes before the tests of other packages: they keep the collector waiting.
		c := exec.Command("nice", "-n", "-15", path, "-test.run", "^TestMemory$")
		c.Env = append(os.Environ(), fmt.Sprintf("%s=%d", archived, n))
		out, err := c.Output() // nice complains elsewhere, if it may not
		if err != nil {
			t.Fatalf("%d messages: %v: %s", n, err, out)
		}
		if _, err := fmt.Sscanf(string(out), "peak %d raw %d\n", &peak, &raw); err != nil {
			t.Fatalf("%d messages: %v in %q", n, err, out)
		}
		if each := raw / int64(n); each < 390 || each > 400 {
			t.Fatalf("a message has %d bytes", each)
		}
		if least = min(least, peak); least <= itself+raw*5/4 {
			break
		}
	}
	return least, raw
}

// browseArchive loads a whole chat in the product's own process, reads up and
// down in it, and prints what that took.
func browseArchive(t *testing.T, messages string) {
	a := &archive{}
	if _, err := fmt.Sscan(messages, &a.messages); err != nil {
		t.Fatal(err)
	}
	calls := &ui.Exchanges{}
	client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithTransport(a), zim.WithObserver(calls.Note))
	if err != nil {
		t.Fatal(err)
	}
	m := newMachine().with(keys.EnvAppID, "7", keys.EnvServerSecret, canary)
	var stdout, stderr strings.Builder
	p := m.process(&stdout, &stderr, "--user", "alice", "--peer", "bob")
	scholar := newScholar(a)
	p.Screen = func(ctx context.Context, _ tea.Model, opts ...tea.ProgramOption) error {
		scholar.Model = ui.New(ctx, ui.Config{Client: client, Calls: calls, Chat: history.Chat{User: "alice", Peer: "bob"}})
		_, err := tea.NewProgram(scholar, append(opts, tea.WithInput(nil), tea.WithOutput(io.Discard),
			tea.WithoutSignalHandler(), tea.WithFPS(120), tea.WithWindowSize(160, 50))...).Run()
		return err
	}
	if code := run(t.Context(), p); code != 0 || !scholar.done {
		t.Fatalf("exit code %d, read to the end: %v; %s%s", code, scholar.done, &stdout, &stderr)
	}
	fmt.Printf("peak %d raw %d\n", peakMemory(t), a.raw)
}

// peakMemory returns the most that the process had in memory, in bytes.
func peakMemory(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kB int64
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kB); err == nil {
			return kB << 10
		}
	}
	t.Fatalf("no VmHWM in %s", status)
	return 0
}

// scholar goes to the oldest message again and again until all are loaded, then
// reads in them, with a filter and a search at last.
type scholar struct {
	tea.Model
	archive *archive
	loaded  int    // messages, when g was pressed last
	steps   []step // what is left to do once all are loaded
	done    bool
}

// step is keys to press, and what the screen says when all of it is done.
type step struct{ keys, until string }

func newScholar(a *archive) *scholar {
	up, fifth := strings.Repeat("b", 300), a.messages/len(archivedKinds)
	return &scholar{archive: a, steps: []step{
		{"", "start of the retained history"},
		{"G" + up + "g" + strings.Repeat(" ", 100) + strings.Repeat("k", 200) + "Gg", " loaded"},
		{"f-type:custom\r", fmt.Sprint(fifth, " hidden")},
		{"G/invoice\r", fmt.Sprint("of ", fifth)},
		{"nnnnnGNNN" + up + "g{{{}}}", " hidden"},
	}}
}

func (s *scholar) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := s.Model.Update(msg)
	switch {
	case s.loaded < s.archive.messages:
		if next := s.loaded + zim.MaxMessages; s.shows(fmt.Sprint(next, " loaded")) {
			s.loaded = next
			cmd = tea.Batch(cmd, s.press('g'))
		}
	case len(s.steps) > 0 && s.shows(s.steps[0].until):
		if s.steps = s.steps[1:]; len(s.steps) == 0 {
			s.done = true
			return s, tea.Quit
		}
		cmds := []tea.Cmd{cmd}
		for _, k := range s.steps[0].keys {
			cmds = append(cmds, s.press(k))
			time.Sleep(time.Millisecond) // the pace of a key that is held
		}
		cmd = tea.Batch(append(cmds, func() tea.Msg { return nil })...)
	}
	return s, cmd
}

func (s *scholar) shows(what string) bool { return strings.Contains(s.View().Content, what) }

func (s *scholar) press(k rune) tea.Cmd {
	key := tea.KeyPressMsg{Code: k, Text: string(k)}
	if k == '\r' {
		key = tea.KeyPressMsg{Code: tea.KeyEnter}
	}
	_, cmd := s.Model.Update(key)
	s.View()
	return cmd
}

// archive is a service with a chat of so many messages, made up as they are asked
// for. It answers one call at a time.
type archive struct {
	messages int

	mu     sync.Mutex
	raw    int64  // bytes of all pages
	answer []byte // the last page
}

// RoundTrip answers a call. The client reads each answer into a buffer of its own.
func (a *archive) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := []byte(`{"Code":0}`)
	if r.URL.Query().Get("Action") == "QueryPeerMsg" {
		var asked struct{ Next int }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			return nil, err
		}
		answer = a.page(asked.Next)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
		ContentLength: int64(len(answer)), Body: io.NopCloser(bytes.NewReader(answer)),
	}, nil
}

// page returns the page from a MsgSeq on, 0 for the newest. It is good until the
// next one is asked for.
func (a *archive) page(newest int) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	if newest == 0 {
		newest = a.messages
	}
	oldest := max(newest-zim.MaxMessages, 0)
	b := fmt.Appendf(a.answer[:0], `{"Code":0,"Message":"success","RequestId":"343649807833778782","Next":%d,"List":[`, oldest)
	for seq := newest; seq > oldest; seq-- {
		if seq < newest {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"Sender":"user_%[1]d","MsgType":%[2]s,"MsgId":97150378567%07[3]d,"MsgSeq":%[3]d,"MsgTime":16411%08[3]d,"IsEmpty":0}`,
			seq/3%20, archivedKinds[seq%len(archivedKinds)], seq)
	}
	a.answer = append(b, "]}"...)
	a.raw += int64(len(a.answer))
	return a.answer
}

// archivedKinds are messages as chats have them, 395 bytes on average.
var archivedKinds = []string{
	`1,"MsgBody":"Is the blue frame in 54 still there? I would come by on Friday after work, if you keep it for me until then. If not, the green one would do as well, though I would rather have a look at it first. Is there a place to leave the old one? It has been in the rain and is hardly worth much.","Payload":""`,
	`12,"MsgBody":"%7B%22md5%22%3A%2241cf8000eb8ffaacb6f6f66270492b96%22%2C%22file_name%22%3A%22invoice_23995.pdf%22%2C%22file_size%22%3A%2217665531%22%2C%22download_url%22%3A%22https%3A%2F%2Fstorage.example.com%2Fzim%2Fcbfe2177%2F8972bb49e8f2cef2278fbe41a3cbf618.pdf%22%7D","Payload":""`,
	`1,"MsgBody":"蓝色的车架还在吗？我想周五下班以后过来看一下，可以帮我留到那时候吗？谢谢你，周五见！","Payload":"{\"trace\":\"39be4e649ef1\",\"v\":1}"`,
	`11,"MsgBody":"%7B%22md5%22%3A%22f4fac406eb28b5696fd81f798f67c425%22%2C%22file_name%22%3A%22frame_10929.png%22%2C%22file_size%22%3A%2237261460%22%2C%22download_url%22%3A%22https%3A%2F%2Fstorage.example.com%2Fzim%2F6849fa6b%2Fed5c7026bfabca1dff64626067068f92.png%22%2C%22origin_image_width%22%3A3906%2C%22origin_image_height%22%3A2599%2C%22large_image_download_url%22%3A%22https%3A%2F%2Fstorage.example.com%2Fzim%2F6849fa6b%2Fed5c7026bfabca1dff64626067068f92_l.png%22%7D","Payload":""`,
	`200,"SubMsgType":110,"MsgBody":"{\"order\":1041,\"state\":\"paid\",\"items\":[{\"sku\":\"HER-54-G\",\"qty\":1},{\"sku\":\"BELL-2\",\"qty\":2}],\"note\":\"ring twice\"}","Payload":""`,
}
