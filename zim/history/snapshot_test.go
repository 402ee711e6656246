package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// TestIndices: a search through a snapshot, or through some of it, finds what a
// search through a plain list finds.
func TestIndices(t *testing.T) {
	var h History
	h.rows.insert(slices.Repeat([]row{h.rows.keep(zim.Message{Raw: []byte("x")}, 1)}, 5000), nil)
	for i := range h.Len() {
		h.rows.at(i).seq = int64(i)
	}
	whole := h.Snapshot()
	rapid.Check(t, func(t *rapid.T) {
		s, n := whole, rapid.IntRange(0, h.Len()).Draw(t, "messages")
		if rapid.Bool().Draw(t, "some") {
			step := rapid.IntRange(1, 9).Draw(t, "step")
			var some []int
			for i := 0; i < n; i += step {
				some = append(some, i)
			}
			s = whole.Of(some)
		}
		divisor := rapid.Int64Range(1, 3000).Draw(t, "divisor")
		find := func(_ context.Context, list []zim.Message) (found []int, err error) {
			for i, m := range list {
				if m.MsgSeq%divisor == 0 {
					found = append(found, i)
				}
			}
			clear(list) // what is found does not depend on it any more
			return found, nil
		}
		var plain []zim.Message
		for i := range s.Len() {
			plain = append(plain, s.At(i))
		}
		want, _ := find(t.Context(), plain)
		if got, err := s.Indices(t.Context(), find); err != nil || !slices.Equal(got, want) {
			t.Fatalf("found %v (%v), want %v", got, err, want)
		}
	})
	failed := errors.New("failed")
	fails := func(context.Context, []zim.Message) ([]int, error) { return []int{1}, failed }
	if got, err := whole.Indices(t.Context(), fails); got != nil || err != failed {
		t.Errorf("found %v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	q, err := ParseQuery("x")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := whole.Indices(ctx, q.Find); got != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: found %v, %v", got, err)
	}
}

// TestSnapshotsOfAGrowingHistory: what comes later stands in the same slabs.
func TestSnapshotsOfAGrowingHistory(t *testing.T) {
	said := strings.Repeat("x", 3000)
	var h History
	var wait sync.WaitGroup
	for n := range 300 {
		body := fmt.Sprintf(`{"Next":%d,"List":[{"MsgId":%d,"MsgSeq":%d,"MsgBody":"%s"}]}`, n+1, n+1, 1000-n, said)
		if n == 100 {
			said = "short"
		}
		if _, err := h.Add(zim.ReadMessagePage([]byte(body))); err != nil {
			t.Fatal(err)
		}
		if n%20 > 0 {
			continue
		}
		s := h.Snapshot()
		wait.Go(func() {
			for i := range s.Len() {
				if m := s.At(i); m.MsgId != int64(i+1) || zim.ReadMessage(m.Raw).MsgId != m.MsgId {
					t.Errorf("message %d of %d is %s", i, s.Len(), m.Raw)
				}
			}
		})
	}
	wait.Wait()
}
