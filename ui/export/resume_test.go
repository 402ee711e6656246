package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

var errCut = errors.New("the network went away")

// archive is a service with one chat, which fails when it is told to and may forget
// what a Next of an earlier process was.
type archive struct {
	rows    []string // newest first
	size    int      // of a page
	process int
	forgets forgetting
	calls   int
	fails   int // the call that fails; 0 is none
	now     time.Time
}

// forgetting is what becomes of a Next when a process ends.
type forgetting int

const (
	never forgetting = iota
	refuses
	beginsAgain
	hasNoMore
)

func (a *archive) QueryPeerMsg(context.Context, zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	return nil, errors.New("another chat")
}

// A Next is the process that it was given to and how many rows are left.
func (a *archive) QueryGroupMsg(ctx context.Context, q zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	if a.calls++; a.calls == a.fails {
		return nil, errCut
	}
	left, process := len(a.rows), a.process
	if q.Next != "" {
		if _, err := fmt.Sscanf(string(q.Next), "%d.%d", &process, &left); err != nil {
			return nil, err
		}
	}
	if process != a.process {
		switch a.forgets {
		case refuses:
			return nil, &zim.Error{Action: "QueryGroupMsg", Code: zim.BadParameter}
		case beginsAgain:
			left = len(a.rows)
		case hasNoMore:
			left = 0
		}
	}
	from := len(a.rows) - left
	rows := a.rows[from:min(from+a.size, len(a.rows))]
	page := &zim.MessagePage{RequestId: fmt.Sprint(a.calls)}
	if left -= len(rows); left > 0 {
		page.Next = zim.Next(fmt.Sprintf("%d.%d", a.process, left))
	}
	for _, row := range rows {
		page.List = append(page.List, zim.ReadMessage([]byte(row)))
	}
	return page, nil
}

// row is a message; one without an ID is a deleted one, which may have nothing else.
func row(seq int, kind string) string {
	switch kind {
	case "bare":
		return `{"IsEmpty":1}`
	case "deleted":
		return fmt.Sprintf(`{"MsgSeq":%d,"IsEmpty":1}`, seq)
	case "unnumbered":
		return fmt.Sprintf(`{"MsgId":%d,"MsgType":1,"MsgBody":"%d","MsgTime":%d}`, 9e17+seq, seq, 1777636800000+1000*seq)
	}
	return fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgType":1,"MsgBody":"%d","MsgTime":%d,"Sender":"u%d"}`, 9e17+seq, seq, seq, 1777636800000+1000*seq, seq%3)
}

// job exports the archive into a folder.
func (a *archive) job(dir string) *Job {
	return &Job{
		Client: a, Chat: history.Chat{Group: "g"}, Output: filepath.Join(dir, "x"),
		Targets: []Target{{filepath.Join(dir, "x.jsonl"), transcript.JSONL}, {filepath.Join(dir, "x.html"), transcript.HTML}},
		Zone:    time.UTC, Now: func() time.Time { return a.now },
		Version: "backscroll test", AppId: 7, Endpoint: "https://example.com",
		Say: func(e zim.Envelope, _ *time.Location) []text.Line { return []text.Line{text.CleanLine(e.Sender)} },
	}
}

// listed returns the names of what is in a folder.
func listed(t *rapid.T, dir string) (names []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func contents(t *rapid.T, name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestResume stops a job at any calls, has messages arrive and Nexts be forgotten
// meanwhile, and goes on: the files are those of a job that was never stopped, and
// so is the manifest, but for the RequestIds, the end and how often it went on.
func TestResume(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "backscroll")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		a := &archive{now: time.UnixMilli(1777636800000), size: rapid.IntRange(1, 7).Draw(t, "size")}
		a.forgets = rapid.SampledFrom([]forgetting{never, refuses, beginsAgain, hasNoMore}).Draw(t, "forgets")
		kinds := rapid.SampledFrom([][]string{{"whole"}, {"whole", "whole", "bare"}, {"whole", "deleted", "bare"}, {"unnumbered"}}).Draw(t, "kinds")
		if a.forgets == beginsAgain && kinds[0] == "unnumbered" {
			kinds = kinds[:0:0]
			kinds = append(kinds, "whole") // else nothing tells
		}
		rows := rapid.IntRange(1, 60).Draw(t, "rows")
		for seq := rows; seq > 0; seq-- {
			a.rows = append(a.rows, row(seq, rapid.SampledFrom(kinds).Draw(t, "kind")))
		}
		a.rows[0] = row(rows, kinds[0]) // if no row had an ID or a number, nothing would tell
		original := slices.Clone(a.rows)
		stopped, whole := filepath.Join(dir, "stopped"), filepath.Join(dir, "whole")
		if err := cmp.Or(os.Mkdir(stopped, 0o700), os.Mkdir(whole, 0o700)); err != nil {
			t.Fatal(err)
		}
		var got *Manifest
		for stops := rapid.IntRange(0, 4).Draw(t, "stops"); ; stops-- {
			a.process++
			a.now = a.now.Add(time.Second)
			a.fails = 0
			if stops > 0 {
				a.fails = a.calls + rapid.IntRange(1, 30).Draw(t, "fails")
			}
			j := a.job(stopped)
			j.Resume = true
			if got, err = j.Run(t.Context()); err == nil {
				break
			}
			if !errors.Is(err, errCut) {
				t.Fatal(err)
			}
			kept := listed(t, stopped)
			if len(kept) == 0 { // not a page was had: the next begins
				original = slices.Clone(a.rows)
				continue
			}
			if !slices.Equal(kept, []string{"x.partial"}) {
				t.Fatalf("there is %q", kept)
			}
			if rapid.Bool().Draw(t, "arrives") {
				rows++
				a.rows = slices.Insert(a.rows, 0, row(rows, kinds[0]))
			}
		}
		a.rows, a.fails = original, 0
		if a.now, err = time.Parse(time.RFC3339Nano, got.Began); err != nil {
			t.Fatal(err)
		}
		want, err := a.job(whole).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if names := listed(t, stopped); !slices.Equal(names, []string{"x.html", "x.jsonl", "x.manifest.json"}) {
			t.Fatalf("there is %q", names)
		}
		for _, name := range []string{"x.jsonl", "x.html"} {
			if got, want := contents(t, filepath.Join(stopped, name)), contents(t, filepath.Join(whole, name)); got != want {
				t.Fatalf("%s\nwant\n%s", got, want)
			}
		}
		// A page may be cut, and then there are more.
		got.RequestIds, got.Ended, got.Resumed, got.Pages = want.RequestIds, want.Ended, 0, want.Pages
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nwant\n%+v", got, want)
		}
	})
}
