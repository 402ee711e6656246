package history

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// rowsOf writes down the rows of a side that a comparison told of, in its order.
func rowsOf(list []Difference, side Side) (rows []string) {
	for _, f := range list {
		m := f.A
		if side == SideB {
			m = f.B
		}
		if m != nil {
			rows = append(rows, string(m.Raw))
		}
	}
	return rows
}

// TestADiffThatTellsWhatAgrees tells of each row of both lists once, and of the same
// differences as one that does not, with the same counts. An overlay gives it all
// back.
func TestADiffThatTellsWhatAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "3d", "5r", "2u", "7x", "n", "n"}), 0, 60)
		list := func(side string) (rows []string) {
			seen := map[string]bool{}
			for _, word := range words.Draw(t, side) {
				if digits := strings.TrimRight(word, "drux"); !seen[digits] || word == "n" {
					seen[digits] = true
					rows = append(rows, written(word))
				}
			}
			return rows
		}
		a, b := list("a"), list("b")
		size := rapid.IntRange(1, 50).Draw(t, "page")
		compare := func(agreed bool) ([]Difference, DiffCounts) {
			d := NewDiff(&twoLists{lists: map[string][]string{"a": a, "b": b}, size: size}, Chat{User: "a", Peer: "b"}, DiffOptions{Agreed: agreed})
			found, err := differences(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			return found, d.Counts()
		}
		few, counts := compare(false)
		all, same := compare(true)
		differ := slices.DeleteFunc(slices.Clone(all), func(f Difference) bool { return f.Kind == DiffNone })
		if told(differ) != told(few) || !reflect.DeepEqual(counts, same) {
			t.Fatalf("%s with what agrees, %s without; %+v, %+v", told(differ), told(few), same, counts)
		}
		for side, want := range map[Side][]string{SideA: a, SideB: b} {
			got := slices.Sorted(slices.Values(rowsOf(all, side)))
			if want := slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
				t.Fatalf("rows %q, want %q", got, want)
			}
		}
		checkOverlay(t, all)
	})
}

// checkOverlay adds what was found in parts, and looks at all of it.
func checkOverlay(t *rapid.T, all []Difference) {
	var o Overlay
	for part := range slices.Chunk(all, 7) {
		o.Add(part)
	}
	var differ []int
	for i, want := range all {
		got := o.At(i)
		if want.Kind == DiffNone { // kept once
			kept := want.A
			if kept.MsgId == 0 && want.B.MsgId != 0 {
				kept = want.B
			}
			want.A, want.B = kept, kept
		} else {
			differ = append(differ, i)
		}
		if !reflect.DeepEqual(got, want) || o.Kind(i) != want.Kind {
			t.Fatalf("%d is %+v, want %+v", i, got, want)
		}
		for _, m := range []*zim.Message{want.A, want.B} {
			if m == nil || m.MsgId == 0 {
				continue
			}
			at, ok := o.Index(m.MsgId)
			has := func(m2 *zim.Message) bool { return m2 != nil && m2.MsgId == m.MsgId }
			if !ok || at > i || !has(o.At(at).A) && !has(o.At(at).B) {
				t.Fatalf("message %d stands at %d, %v", m.MsgId, at, ok)
			}
		}
		timed := func(m *zim.Message) bool { return m != nil && m.MsgTime == o.Time(i) }
		if !timed(want.A) && !timed(want.B) {
			t.Fatalf("the time of %d is %d", i, o.Time(i))
		}
	}
	if o.Len() != len(all) || o.Differences() != len(differ) || o.Agreed() != len(all)-len(differ) {
		t.Fatalf("%d, %d and %d", o.Len(), o.Differences(), o.Agreed())
	}
	if _, ok := o.Index(0); ok {
		t.Fatal("a message without an ID is found by it")
	}
	i, older := -1, 0
	for next, ok := o.Beyond(i, 1); ok; next, ok = o.Beyond(i, 1) {
		if back, ok := o.Beyond(next, -1); next != differ[older] || o.Number(next) != older+1 || ok != (older > 0) || ok && back != i {
			t.Fatalf("difference %d is at %d, number %d, before it %d", older, next, o.Number(next), back)
		}
		i = next
		older++
	}
	if older != len(differ) {
		t.Fatalf("%d differences are passed, of %d", older, len(differ))
	}
}

// TestAnOverlayTakesWhatAHistoryTakes, and little more: what both lists have is kept
// once, and no page is.
func TestAnOverlayTakesWhatAHistoryTakes(t *testing.T) {
	const n, most = 20_000, 44 + 8 + 20
	var list []string
	for id := n; id > 0; id-- {
		list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgTime":%d,"MsgType":1,"Sender":"a","MsgBody":"%s"}`, id, id, diffStart+id, strings.Repeat("x", 300)))
	}
	other := slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.Contains(s, "00,") })
	d := NewDiff(&twoLists{lists: map[string][]string{"a": list, "b": other}, size: 100}, Chat{User: "a", Peer: "b"}, DiffOptions{Agreed: true})
	before := inUse()
	o := &Overlay{}
	for !d.Done() {
		found, err := d.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o.Add(found)
	}
	took, raw := inUse()-before, int64(0)
	for i := range o.Len() {
		raw += int64(len(o.At(i).A.Raw))
	}
	t.Logf("%d messages of %d bytes take %.1f bytes more each", o.Len(), raw/n, float64(took-raw)/n)
	if o.Len() != n || o.Differences() == 0 || took-raw > most*n+slabSize {
		t.Errorf("%d messages, %d differences, %d bytes besides the messages", o.Len(), o.Differences(), took-raw)
	}
	runtime.KeepAlive(o)
}
