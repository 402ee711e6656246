package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"backscroll/zim"
	"pgregory.net/rapid"
)

// page makes a page of messages written "id/seq"; an id of 0 is a row without.
func page(next string, messages ...string) *zim.MessagePage {
	var list []string
	for _, m := range messages {
		id, seq, _ := strings.Cut(m, "/")
		list = append(list, fmt.Sprintf(`{"MsgId":%s,"MsgSeq":%s}`, id, seq))
	}
	return zim.ReadMessagePage([]byte(`{"Next":` + next + `,"List":[` + strings.Join(list, ",") + `]}`))
}

func shown(h *History) string {
	var rows []string
	for i := range h.Len() {
		rows = append(rows, fmt.Sprintf("%d/%d", h.At(i).MsgId, h.At(i).MsgSeq))
	}
	return strings.Join(rows, " ")
}

func TestPagesBecomeOneHistory(t *testing.T) {
	tests := map[string]struct {
		pages []*zim.MessagePage
		want  string
		moved map[int]int // of the last page: old index to new
	}{
		"in order":           {[]*zim.MessagePage{page("7", "9/9", "8/8"), page("0", "7/7", "6/6")}, "9/9 8/8 7/7 6/6", map[int]int{0: 0, 1: 1}},
		"an overlap":         {[]*zim.MessagePage{page("7", "9/9", "8/8"), page("0", "8/8", "7/7")}, "9/9 8/8 7/7", map[int]int{1: 1}},
		"out of order":       {[]*zim.MessagePage{page("7", "9/9", "6/6"), page("0", "8/8", "7/7", "5/5")}, "9/9 8/8 7/7 6/6 5/5", map[int]int{0: 0, 1: 3}},
		"rows without ID":    {[]*zim.MessagePage{page("7", "9/9", "0/0", "0/0", "8/8"), page("0", "0/0", "7/7")}, "9/9 0/0 0/0 8/8 0/0 7/7", map[int]int{3: 3}},
		"an ID-less overlap": {[]*zim.MessagePage{page("7", "9/9", "8/8"), page("0", "9/9", "0/0", "8/8")}, "9/9 0/0 8/8", map[int]int{0: 0, 1: 2}},
		"newer at the front": {[]*zim.MessagePage{page("7", "9/9", "0/0"), page("0", "11/11", "10/10")}, "11/11 10/10 9/9 0/0", map[int]int{0: 2, 1: 3}},
		"sticks to neighbour": {[]*zim.MessagePage{page("7", "9/9", "0/0", "5/5"), page("0", "7/7", "0/0")},
			"9/9 0/0 7/7 0/0 5/5", map[int]int{0: 0, 1: 1, 2: 4}},
		"ID-less rows come again": {[]*zim.MessagePage{page("7", "9/9", "8/8", "0/0", "0/0", "7/7", "0/0"), page("0", "8/8", "0/0", "0/0", "7/7", "0/0", "0/0", "6/6")},
			"9/9 8/8 0/0 0/0 7/7 0/0 0/0 6/6", map[int]int{0: 0, 5: 5}},
		"twice on the first page": {[]*zim.MessagePage{page("0", "9/9", "9/9", "0/0", "8/8")}, "9/9 0/0 8/8", nil},
		"twice on a later page":   {[]*zim.MessagePage{page("7", "9/9", "8/8"), page("0", "7/7", "7/7", "0/0", "6/6")}, "9/9 8/8 7/7 0/0 6/6", map[int]int{1: 1}},
		"ID-less rows come first": {[]*zim.MessagePage{page("7", "9/9", "0/0", "8/8"), page("0", "0/0", "8/8", "7/7")}, "9/9 0/0 8/8 7/7", map[int]int{2: 2}},
		"one more comes first":    {[]*zim.MessagePage{page("7", "9/9", "0/0", "8/8"), page("0", "0/0", "0/0", "8/8", "7/7")}, "9/9 0/0 0/0 8/8 7/7", nil},
		"no MsgSeq at all":        {[]*zim.MessagePage{page("7", "9/0", "3/0"), page("0", "8/0", "9/0", "1/0")}, "9/0 3/0 8/0 1/0", map[int]int{0: 0, 1: 1}},
		"empty":                   {[]*zim.MessagePage{page("0")}, "", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var h History
			var last Change
			for _, p := range tt.pages {
				var err error
				if last, err = h.Add(p); err != nil {
					t.Fatal(err)
				}
			}
			if got := shown(&h); got != tt.want {
				t.Errorf("history %s, want %s", got, tt.want)
			}
			for from, to := range tt.moved {
				if got := last.Moved(from); got != to {
					t.Errorf("Moved(%d) = %d, want %d", from, got, to)
				}
			}
			if _, more := h.Next(); more || h.Pages() != len(tt.pages) {
				t.Errorf("more %v after %d pages", more, h.Pages())
			}
		})
	}
}

func TestPagesOfTheSameMessagesEnd(t *testing.T) {
	var h History
	var err error
	for i := 0; err == nil && i < 3*maxEmpty; i++ {
		_, err = h.Add(page(fmt.Sprint(i+1), "9/9", "8/8"))
	}
	if !errors.Is(err, ErrEmpty) || h.Pages() != maxEmpty+1 {
		t.Errorf("%v after %d pages", err, h.Pages())
	}
}

func TestNewerMessages(t *testing.T) {
	tests := map[string]struct {
		loaded []string
		newer  [][]string
		want   string
		meets  bool // of the last page
	}{
		"one":                  {[]string{"9/9", "8/8"}, [][]string{{"10/10", "9/9", "8/8"}}, "10/10 9/9 8/8", true},
		"none":                 {[]string{"9/9", "8/8"}, [][]string{{"9/9", "8/8"}}, "9/9 8/8", true},
		"two pages":            {[]string{"9/9"}, [][]string{{"12/12", "11/11"}, {"10/10", "9/9"}}, "12/12 11/11 10/10 9/9", true},
		"not met":              {[]string{"9/9"}, [][]string{{"12/12", "11/11"}}, "12/12 11/11 9/9", false},
		"a nameless head":      {[]string{"0/0", "9/9"}, [][]string{{"10/10", "0/0", "9/9"}}, "10/10 0/0 9/9", true},
		"a new nameless row":   {[]string{"0/0", "9/9"}, [][]string{{"0/0", "0/0", "9/9"}}, "0/0 0/0 9/9", true},
		"nothing was loaded":   {nil, [][]string{{"2/2", "1/1"}}, "2/2 1/1", false},
		"without any MsgSeq":   {[]string{"9/0"}, [][]string{{"11/0", "10/0", "9/0"}}, "11/0 10/0 9/0", true},
		"twice":                {[]string{"9/9"}, [][]string{{"11/11", "11/11", "0/0", "10/10"}, {"10/10", "9/9"}}, "11/11 0/0 10/10 9/9", true},
		"nameless, then older": {[]string{"9/9", "0/0", "7/7"}, [][]string{{"9/9", "0/0", "7/7"}}, "9/9 0/0 7/7", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var h History
			if _, err := h.Add(page("5", tt.loaded...)); err != nil {
				t.Fatal(err)
			}
			var pages []*zim.MessagePage
			for _, rows := range tt.newer {
				pages = append(pages, page("77", rows...))
			}
			if got := h.Meets(pages[len(pages)-1]); got != tt.meets {
				t.Errorf("Meets = %v", got)
			}
			before, oldest := h.Len(), zim.Message{}
			if before > 0 {
				oldest = h.At(before - 1)
			}
			c := h.AddNewer(pages...)
			if got := shown(&h); got != tt.want {
				t.Errorf("history %s, want %s", got, tt.want)
			}
			if next, more := h.Next(); next != "5" || !more {
				t.Errorf("the way to older messages is %q, %v", next, more)
			}
			if before > 0 && &h.At(c.Moved(before - 1)).Raw[0] != &oldest.Raw[0] {
				t.Errorf("the oldest message is not at %d", c.Moved(before-1))
			}
		})
	}
}

func TestGaps(t *testing.T) {
	var h History
	if _, err := h.Add(page("0", "9/9", "8/8", "0/0", "5/5", "4/4", "3/0", "1/1")); err != nil {
		t.Fatal(err)
	}
	if got, want := h.Gaps(), []Gap{{5, 8}, {1, 4}}; !slices.Equal(got, want) {
		t.Errorf("gaps %v, want %v", got, want)
	}
}

func TestDisplaced(t *testing.T) {
	for second, want := range map[string]bool{"5/5": false, "8/8": true, "0/0": false, "9/9": false} {
		var h History
		for _, p := range []*zim.MessagePage{page("7", "9/9", "7/6"), page("0", second)} {
			c, err := h.Add(p)
			if err != nil {
				t.Fatal(err)
			}
			if displaced := want && h.Pages() == 2; c.Displaced() != displaced {
				t.Errorf("%s on page %d: Displaced is %v", second, h.Pages(), c.Displaced())
			}
		}
	}
}

func TestTheServiceLeadsInACircle(t *testing.T) {
	var h History
	for i, next := range []string{"5", "3"} {
		if _, err := h.Add(page(next, fmt.Sprintf("%d/%d", 9-i, 9-i))); err != nil {
			t.Fatal(err)
		}
	}
	c, err := h.Add(page("5", "7/7"))
	if _, more := h.Next(); !errors.Is(err, ErrRepeated) || more || len(c.Fresh) != 1 || h.Len() != 3 {
		t.Errorf("a Next given before: %v, more %v, %d rows", err, more, h.Len())
	}
}

func TestEmptyPages(t *testing.T) {
	var h History
	for i := range maxEmpty - 1 {
		if _, err := h.Add(page(fmt.Sprint(i + 1))); err != nil {
			t.Fatalf("empty page %d: %v", i, err)
		}
	}
	if _, err := h.Add(page("1000", "1/1")); err != nil {
		t.Fatalf("a message ends the run: %v", err)
	}
	var err error
	for i := 0; err == nil && i < 2*maxEmpty; i++ {
		_, err = h.Add(page(fmt.Sprint(2000 + i)))
	}
	if _, more := h.Next(); !errors.Is(err, ErrEmpty) || more || h.Pages() != 2*maxEmpty {
		t.Errorf("%v after %d pages", err, h.Pages())
	}
}

// TestNothingIsLost walks invented conversations whose pages overlap and whose
// rows sometimes have no ID.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "messages")
		nameless := 0
		var all []string
		for seq := n; seq > 0; seq-- {
			if rapid.IntRange(0, 5).Draw(t, "nameless") == 0 {
				all = append(all, "0/0")
				nameless++
			} else {
				all = append(all, fmt.Sprintf("%d/%d", 1_000_000+seq, seq))
			}
		}
		var h History
		for from := 0; ; {
			to := min(len(all), from+rapid.IntRange(1, 9).Draw(t, "size"))
			next := "0"
			if to < len(all) {
				next = fmt.Sprint(to)
			}
			before := make([]zim.Message, h.Len())
			for i := range before {
				before[i] = h.At(i)
			}
			rows := slices.Clone(all[from:to])
			if back := from - rapid.IntRange(1, 5).Draw(t, "overlap"); back >= 0 && all[back] != "0/0" && rapid.Bool().Draw(t, "overlaps") {
				rows = slices.Concat(all[back:from], rows) // beginning with a row that can be known again
			}
			c, err := h.Add(page(next, rows...))
			if err != nil {
				t.Fatal(err)
			}
			for i, m := range before {
				if got := h.At(c.Moved(i)); got.MsgId != m.MsgId || &got.Raw[0] != &m.Raw[0] {
					t.Fatalf("message %d is not at %d", i, c.Moved(i))
				}
			}
			if from = to; to >= len(all) {
				break
			}
		}
		if got, want := shown(&h), strings.Join(all, " "); got != want {
			t.Fatalf("history %s\nwant %s", got, want)
		}
	})
}

// BenchmarkAdd is hostile: one page whose messages all come in the wrong order,
// and another one of the same messages again. The time for a message must not
// grow with their number.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var rows []string
			for i := range n {
				rows = append(rows, fmt.Sprintf("%d/%d", i+1, i+1))
			}
			wrong, again := page("7", rows...), page("8", rows...)
			for b.Loop() {
				var h History
				if _, err := h.Add(wrong); err != nil {
					b.Fatal(err)
				}
				if c, err := h.Add(again); err != nil || len(c.Fresh) != 0 {
					b.Fatal(err, len(c.Fresh))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/message")
		})
	}
}

type recorder struct{ asked []any }

func (r *recorder) QueryPeerMsg(_ context.Context, q zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	r.asked = append(r.asked, q)
	return &zim.MessagePage{}, nil
}

func (r *recorder) QueryGroupMsg(_ context.Context, q zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	r.asked = append(r.asked, q)
	return &zim.MessagePage{}, nil
}

func TestChatAsksForItsPages(t *testing.T) {
	var r recorder
	peer := Chat{User: "a", Peer: "b"}
	for _, c := range []Chat{peer, peer.OtherSide(), {Group: "g"}, Chat{Group: "g"}.OtherSide()} {
		if _, err := c.Page(t.Context(), &r, "7"); err != nil {
			t.Fatal(err)
		}
	}
	want := []any{
		zim.QueryPeerMsgRequest{FromUserId: "a", ToUserId: "b", Limit: 100, Next: "7", WithEmptyMsg: 1},
		zim.QueryPeerMsgRequest{FromUserId: "b", ToUserId: "a", Limit: 100, Next: "7", WithEmptyMsg: 1},
		zim.QueryGroupMsgRequest{GroupId: "g", Limit: 100, Next: "7", WithEmptyMsg: 1},
		zim.QueryGroupMsgRequest{GroupId: "g", Limit: 100, Next: "7", WithEmptyMsg: 1},
	}
	if !slices.Equal(r.asked, want) {
		t.Errorf("asked %+v", r.asked)
	}
}

// TestSnapshotsStayAsTheyWere: another goroutine reads them while pages come.
func TestSnapshotsStayAsTheyWere(t *testing.T) {
	var h History
	var wait sync.WaitGroup
	newest := page("1", "30/30", "29/29", "28/28", "20/20")
	for i, p := range []*zim.MessagePage{page("7", "19/19", "16/16"), page("6", "15/15", "10/10"), page("5", "18/18", "17/17"), newest, page("0", "20/20", "14/14", "9/9")} {
		if p == newest {
			h.AddNewer(p)
		} else if _, err := h.Add(p); err != nil {
			t.Fatal(err)
		}
		s, want := h.Snapshot(), shown(&h)
		wait.Go(func() {
			for range 100 {
				var rows []string
				for i := range s.Len() {
					rows = append(rows, fmt.Sprintf("%d/%d", s.At(i).MsgId, zim.ReadMessage(s.At(i).Raw).MsgSeq))
				}
				if got := strings.Join(rows, " "); got != want {
					t.Errorf("after page %d it was %s, now it is %s", i, want, got)
				}
			}
		})
	}
	wait.Wait()
}
