package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// numbered is a history of rows with these MsgSeqs, the newest first; 0 is a row
// without one.
func numbered(t interface{ Fatalf(string, ...any) }, seqs ...int64) *History {
	var list []string
	for _, seq := range seqs {
		if seq == 0 {
			list = append(list, `{"IsEmpty":1}`)
		} else {
			list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d}`, 1<<60+seq, seq))
		}
	}
	var h History
	if _, err := h.Add(zim.ReadMessagePage([]byte(`{"Code":0,"Next":0,"List":[` + strings.Join(list, ",") + `]}`))); err != nil {
		t.Fatalf("%v", err)
	}
	return &h
}

func TestGapAt(t *testing.T) {
	for _, tt := range []struct {
		seqs []int64
		at   int
		want Gap
		bare int
		ok   bool
	}{
		{[]int64{9, 8}, 0, Gap{8, 9}, 0, false},
		{[]int64{9, 7}, 0, Gap{7, 9}, 0, true},
		{[]int64{9, 7}, 1, Gap{}, 0, false}, // the oldest has no neighbour
		{[]int64{9, 0, 7}, 0, Gap{7, 9}, 1, false},
		{[]int64{9, 0, 6}, 0, Gap{6, 9}, 1, true},
		{[]int64{9, 0, 6}, 1, Gap{}, 0, false},
		{[]int64{9, 0, 0}, 0, Gap{}, 0, false},
		{slices.Concat([]int64{999}, make([]int64, 60), []int64{1}), 0, Gap{}, 0, false},
		{[]int64{9}, 7, Gap{}, 0, false},
		{nil, 0, Gap{}, 0, false},
	} {
		g, bare, ok := numbered(t, tt.seqs...).GapAt(tt.at)
		if ok != tt.ok || ok && (g != tt.want || bare != tt.bare) {
			t.Errorf("%v at %d: %v, %d, %v", tt.seqs, tt.at, g, bare, ok)
		}
	}
}

// TestGapsAgree: where every row has a number, the gaps of all places are Gaps.
func TestGapsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seqs := rapid.SliceOfNDistinct(rapid.Int64Range(1, 300), 0, 100, rapid.ID[int64]).Draw(t, "seqs")
		slices.Sort(seqs)
		slices.Reverse(seqs)
		h := numbered(t, seqs...)
		var got []Gap
		for i := range h.Len() {
			if g, _, ok := h.GapAt(i); ok {
				got = append(got, g)
			}
		}
		if want := h.Gaps(); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		most := rapid.IntRange(0, 120).Draw(t, "most")
		gaps, pairs := h.GapsAmong(most)
		if pairs != min(most, max(len(seqs)-1, 0)) || gaps > pairs || most > len(seqs) && gaps != len(got) {
			t.Fatalf("%d of %d, of %d", gaps, pairs, len(seqs))
		}
	})
}

func TestFindByMsgId(t *testing.T) {
	h := numbered(t, 5, 0, 3)
	if m, ok := h.Find(1<<60 + 3); !ok || m.MsgSeq != 3 {
		t.Errorf("found %+v, %v", m, ok)
	}
	for _, id := range []int64{0, 4, 1<<60 + 4} {
		if m, ok := h.Find(id); ok {
			t.Errorf("%d: found %+v", id, m)
		}
	}
}
