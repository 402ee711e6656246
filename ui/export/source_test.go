package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
)

// sides is a service with the two lists of a chat, which fails when it is told to.
type sides struct {
	lists map[string]*archive // by the user whose list it is
	calls int
	fails int
}

func (s *sides) QueryPeerMsg(ctx context.Context, q zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	if s.calls++; s.calls == s.fails {
		return nil, errCut
	}
	return s.lists[q.FromUserId].QueryGroupMsg(ctx, zim.QueryGroupMsgRequest{Next: q.Next})
}

func (s *sides) QueryGroupMsg(context.Context, zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return nil, errors.New("another chat")
}

// TestOnlyOnResumes stops a comparison at each of its calls, with a Next that is
// good afterwards and with one that is not, and goes on.
func TestOnlyOnResumes(t *testing.T) {
	t.Parallel()
	for _, forgets := range []forgetting{never, refuses} {
		for _, id := range []string{"a", "b"} {
			var want string
			for stop := 0; ; stop++ {
				s := &sides{fails: stop, lists: map[string]*archive{
					"a": {size: 4, forgets: forgets, rows: without(30, 28, 11)},
					"b": {size: 4, forgets: forgets, rows: without(30, 30, 19, 5)},
				}}
				dir := t.TempDir()
				job := func() *Job {
					j := (&archive{now: time.UnixMilli(1777636800000)}).job(dir)
					j.Client, j.Chat, j.Source, j.Resume = s, history.Chat{User: "a", Peer: "b"}, OnlyOn(id), true
					return j
				}
				_, err := job().Run(t.Context())
				if err != nil {
					if !errors.Is(err, errCut) {
						t.Fatal(err)
					}
					s.lists["a"].process++
					s.lists["b"].process++
					if _, err = job().Run(t.Context()); err != nil {
						t.Fatalf("stopped at call %d: %v", stop, err)
					}
				}
				b, err := os.ReadFile(filepath.Join(dir, "x.jsonl"))
				if err != nil {
					t.Fatal(err)
				}
				if stop == 0 {
					want = string(b)
					only := map[string][]int{"a": {5, 19, 30}, "b": {11, 28}}[id]
					if strings.Count(want, "\n") != len(only) {
						t.Fatalf("only on %s: %s", id, want)
					}
					for _, seq := range only {
						if !strings.Contains(want, fmt.Sprintf(`"MsgSeq":%d,`, seq)) {
							t.Errorf("only on %s: %d is missing of %s", id, seq, want)
						}
					}
				}
				if string(b) != want {
					t.Errorf("only on %s, stopped at call %d, forgets %d: %s\nwant %s", id, stop, forgets, b, want)
				}
				if stop > s.calls {
					break
				}
			}
		}
	}
}

// without is the messages from n down to 1, without some.
func without(n int, missing ...int) (rows []string) {
	for seq := n; seq > 0; seq-- {
		if !slices.Contains(missing, seq) {
			rows = append(rows, row(seq, "whole"))
		}
	}
	return rows
}

// TestThese writes messages that are there already, and asks nobody.
func TestThese(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := (&archive{now: time.UnixMilli(1777636800000)}).job(dir)
	j.Client = nil
	j.Source = These([]zim.Message{zim.ReadMessage([]byte(row(2, "whole"))), zim.ReadMessage([]byte(row(1, "whole")))})
	m, err := j.Run(t.Context())
	if err != nil || m.Messages != 2 || m.LookedAt != 2 || m.Pages != 0 || m.End != endGiven || m.Newest != nil {
		t.Fatalf("%+v, %v", m, err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "x.jsonl"))
	if first, second, _ := strings.Cut(string(b), "\n"); err != nil || !strings.Contains(first, `"MsgSeq":1`) || !strings.Contains(second, `"MsgSeq":2`) {
		t.Errorf("%s, %v", b, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	j = (&archive{now: time.UnixMilli(1777636800000)}).job(t.TempDir())
	j.Client, j.Source = nil, These(nil)
	if _, err := j.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
	if left, err := os.ReadDir(filepath.Dir(j.Output)); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
