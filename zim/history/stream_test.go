package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// streamedSeqs is what came of a stream: the MsgSeqs, newest first, and the error.
func streamedSeqs(s *Stream) (seqs []int64, err error) {
	for batch, e := range s.Batches() {
		if e != nil {
			err = e
			continue
		}
		for _, m := range batch.List {
			seqs = append(seqs, m.MsgSeq)
		}
	}
	return seqs, err
}

// pagesOf cuts rows into pages; each begins with the last so many of that before.
func pagesOf(rows []zim.Message, size, overlap int) map[zim.Next]*zim.MessagePage {
	pages := map[zim.Next]*zim.MessagePage{}
	next := zim.Next("")
	for i := 0; ; i += size {
		p := &zim.MessagePage{List: rows[max(i-overlap, 0):min(i+size, len(rows))], RequestId: fmt.Sprint(i)}
		pages[next] = p
		if next = zim.Next(fmt.Sprint(i + size)); i+size >= len(rows) {
			return pages
		}
		p.Next = next
	}
}

// TestStreamIsInOrder: pages may overlap, rows in them be out of order, and some
// have no MsgId: each message comes once, at its place.
func TestStreamIsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 900).Draw(t, "messages")
		var rows []zim.Message
		var want []int64
		for seq := int64(n); seq > 0; seq-- {
			m := zim.Message{MsgSeq: seq, MsgId: seq}
			if rapid.IntRange(0, 9).Draw(t, "bare") == 0 {
				m.MsgId = 0
			}
			rows, want = append(rows, m), append(want, seq)
		}
		overlap := rapid.IntRange(0, 5).Draw(t, "overlap")
		if overlap > 0 { // what begins an overlap is known by its ID
			for i := zim.MaxMessages - overlap; i < n; i += zim.MaxMessages {
				rows[i].MsgId = rows[i].MsgSeq
			}
		} else if n > 30 {
			i := rapid.IntRange(0, n-20).Draw(t, "moved")
			m := rows[i]
			rows = slices.Insert(slices.Delete(rows, i, i+1), i+19, m)
		}
		c := &service{pages: pagesOf(rows, zim.MaxMessages, overlap)}
		s := Chat{Group: "g"}.Stream(t.Context(), c, WalkOptions{})
		got, err := streamedSeqs(s)
		if err != nil || s.End() != EndStart || !slices.Equal(got, want) {
			t.Fatalf("%v, ended %d: %d messages, want %d", err, s.End(), len(got), len(want))
		}
	})
}

// TestStreamOfBareRows: rows without an ID stand once between those that have one.
func TestStreamOfBareRows(t *testing.T) {
	a, b, c, bare := zim.Message{MsgSeq: 3, MsgId: 3}, zim.Message{MsgSeq: 2, MsgId: 2}, zim.Message{MsgSeq: 1, MsgId: 1}, zim.Message{}
	client := &service{pages: map[zim.Next]*zim.MessagePage{
		"": {List: []zim.Message{a, bare, b, bare}, Next: "1"}, "1": {List: []zim.Message{a, bare, b, bare, c}},
	}}
	got, err := streamedSeqs(Chat{Group: "g"}.Stream(t.Context(), client, WalkOptions{}))
	if want := []int64{3, 0, 2, 0, 1}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

// TestStreamEnds: in every way there is.
func TestStreamEnds(t *testing.T) {
	rows := make([]zim.Message, 1000)
	for i := range rows {
		rows[i] = zim.Message{MsgSeq: int64(1000 - i), MsgId: int64(1000 - i), MsgTime: 1777636800000 - int64(i)*1000}
	}
	circle, empties, down := pagesOf(rows, 100, 0), pagesOf(rows, 100, 0), pagesOf(rows, 100, 0)
	circle["900"] = &zim.MessagePage{List: rows[900:], Next: "300"}
	for i := range 80 {
		empties[zim.Next(fmt.Sprint(900+i))] = &zim.MessagePage{Next: zim.Next(fmt.Sprint(901 + i))}
	}
	delete(down, "500")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	old := func(m zim.Message) bool { return m.MsgSeq <= 700 }
	for name, test := range map[string]struct {
		ctx     context.Context
		pages   map[zim.Next]*zim.MessagePage
		options WalkOptions
		err     error
		end     End
		asked   int
	}{
		"a circle":    {t.Context(), circle, WalkOptions{}, ErrRepeated, EndFailed, 24},
		"empty pages": {t.Context(), empties, WalkOptions{}, ErrEmpty, EndFailed, 59},
		"a failure":   {t.Context(), down, WalkOptions{}, errDown, EndFailed, 6},
		"old enough":  {t.Context(), pagesOf(rows, 100, 0), WalkOptions{Until: old}, nil, EndStopped, 4},
		"two pages":   {t.Context(), pagesOf(rows, 100, 0), WalkOptions{Pages: 2}, nil, EndStopped, 2},
		"cancelled":   {cancelled, circle, WalkOptions{}, context.Canceled, EndCancelled, 1},
	} {
		c := &service{pages: test.pages}
		s := Chat{Group: "g"}.Stream(test.ctx, c, test.options)
		_, err := streamedSeqs(s)
		if !errors.Is(err, test.err) || s.End() != test.end || len(c.asked) > test.asked {
			t.Errorf("%s: %v, ended %d after %d pages; want %v, %d, %d at most", name, err, s.End(), len(c.asked), test.err, test.end, test.asked)
		}
	}
}
