package history

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// TestRowsAgainstANaiveList puts rows before, between and behind others. Every
// row is where a plain list has it, with its bytes, and is found by its MsgId;
// what was read before stays as it was.
func TestRowsAgainstANaiveList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r rows
		var want []zim.Message
		type past struct {
			rows rows
			want []zim.Message
		}
		var before []past
		id := int64(0)
		for range rapid.IntRange(1, 6).Draw(t, "insertions") {
			n := rapid.SampledFrom([]int{0, 1, 3, 100, partLen - 1, partLen, partLen + 1, 700}).Draw(t, "rows")
			var at []int
			switch rapid.SampledFrom([]string{"behind", "before", "between", "everywhere"}).Draw(t, "where") {
			case "before":
				if len(want) > 0 {
					at = make([]int, n)
				}
			case "between":
				if len(want) > 0 {
					at = slices.Repeat([]int{rapid.IntRange(0, len(want)-1).Draw(t, "at")}, n)
				}
			case "everywhere":
				if len(want) > 0 {
					at = rapid.SliceOfN(rapid.IntRange(0, len(want)-1), 0, n).Draw(t, "at")
					slices.Sort(at)
				}
			}
			var list []row
			var fresh []zim.Message
			for range n {
				m := zim.Message{Raw: []byte(fmt.Sprintf("%d", id*7919)), MsgSeq: id + 1, MsgTime: -id}
				if id++; id%5 != 0 {
					m.MsgId = id << 32
				}
				list, fresh = append(list, r.keep(m, 0)), append(fresh, m)
			}
			before = append(before, past{r.snapshot(), want})
			r.insert(list, at)
			want = inserted(want, fresh, at)
		}
		for i, p := range append(before, past{r, want}) {
			if p.rows.n != len(p.want) {
				t.Fatalf("%d rows after %d insertions, want %d", p.rows.n, i, len(p.want))
			}
			for at, m := range p.want {
				if got := p.rows.message(*p.rows.at(at)); !bytes.Equal(got.Raw, m.Raw) || got.MsgId != m.MsgId || got.MsgSeq != m.MsgSeq || got.MsgTime != m.MsgTime {
					t.Fatalf("row %d after %d insertions is %v, want %v", at, i, got, m)
				}
			}
		}
		for i, m := range want {
			if at, known := r.find(m.MsgId); known != (m.MsgId != 0) || known && at != i {
				t.Fatalf("MsgId %d is found at %d, %v; it is at %d", m.MsgId, at, known, i)
			}
			if _, known := r.find(m.MsgId + 1); known {
				t.Fatalf("MsgId %d is known", m.MsgId+1)
			}
		}
	})
}

// inserted is the plain list: each message before the old row of its index, those
// without one behind all.
func inserted(old, fresh []zim.Message, at []int) (list []zim.Message) {
	for i, m := range old {
		for len(at) > 0 && at[0] == i {
			list, fresh, at = append(list, fresh[0]), fresh[1:], at[1:]
		}
		list = append(list, m)
	}
	return append(list, fresh...)
}

// TestSlabs: messages keep their bytes, whatever their size, and what is set aside
// for them is little more.
func TestSlabs(t *testing.T) {
	tests := map[string][]int{ // sizes of messages
		"none":          {0, 0, 0},
		"small":         slices.Repeat([]int{1, 300, 17}, 4000),
		"of a slab":     {wholeSlab - 1, 0, 0, 0, wholeSlab, 1, slabSize, 2, slabSize + 1, 3, wholeSlab - 1},
		"large":         {5, 1 << 20, 5, 3 << 20, 5},
		"many of 32 KB": slices.Repeat([]int{33_000}, 300),
	}
	for name, sizes := range tests {
		t.Run(name, func(t *testing.T) {
			var r rows
			var list []row
			var want int64
			for i, n := range sizes {
				raw := slices.Repeat([]byte{byte(i)}, n)
				list = append(list, r.keep(zim.Message{Raw: raw}, 40<<10))
				want += int64(n)
				clear(raw) // it is a copy
			}
			for i, n := range sizes {
				if got := r.message(list[i]).Raw; len(got) != n || cap(got) != n || slices.ContainsFunc(got, func(b byte) bool { return b != byte(i) }) {
					t.Fatalf("message %d has %d bytes of %d, or others", i, len(got), n)
				}
			}
			room := int64(0)
			for _, s := range r.slabs {
				room += int64(cap(s))
			}
			if most := want + want/4 + 64<<10; r.bytes != want || room > most {
				t.Errorf("%d bytes are kept, want %d; they take %d, want %d at most", r.bytes, want, room, most)
			}
			r.strip()
			if got := r.message(list[len(list)-1]).Raw; got != nil || r.bytes != 0 {
				t.Errorf("%d bytes are left, and %d", len(got), r.bytes)
			}
		})
	}
}
