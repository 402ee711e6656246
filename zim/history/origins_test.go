package history

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// TestPageOf loads pages that overlap, are out of order and have rows without an
// ID. Every message is said to be of the page, and at the position, that its bytes
// are from: each copy that the service gave has a mark of its own.
func TestPageOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h History
		var pages []*zim.MessagePage
		of := map[string]Origin{} // by mark
		draw := func(next int) *zim.MessagePage {
			n := rapid.IntRange(0, 6).Draw(t, "messages")
			var list []string
			for pos := range n {
				id := rapid.IntRange(0, 12).Draw(t, "id") // 0 is none
				mark := fmt.Sprintf(`"mark":"%d/%d"`, len(pages), pos)
				list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,%s}`, id, id, mark))
				of[mark] = Origin{RequestId: fmt.Sprint(7000 + len(pages)), Page: len(pages), Pos: pos, Of: n}
			}
			p := zim.ReadMessagePage([]byte(fmt.Sprintf(`{"RequestId":"%d","Next":%d,"List":[%s]}`, 7000+len(pages), next, strings.Join(list, ","))))
			pages = append(pages, p)
			return p
		}
		var shots []Snapshot
		for next := range rapid.IntRange(1, 5).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "newer") {
				first := draw(1)
				h.AddNewer(first, draw(2))
			} else {
				h.Add(draw(next + 3))
			}
			shots = append(shots, h.Snapshot())
		}
		for _, s := range append(shots, h.Snapshot()) {
			for i := range s.Len() {
				m := s.At(i)
				raw := string(m.Raw)
				want := of[raw[strings.Index(raw, `"mark"`):len(raw)-1]]
				if got, ok := h.PageOf(m); !ok || got != want {
					t.Fatalf("%s is of %+v, %v, want %+v", raw, got, ok, want)
				}
			}
		}
		for i := range h.Len() {
			at, ok := h.PageAt(i)
			if of, known := h.PageOf(h.At(i)); !ok || !known || at != of {
				t.Fatalf("message %d is of %+v, %v, and of %+v, %v", i, at, ok, of, known)
			}
		}
		for _, p := range pages {
			for _, m := range p.List {
				if o, ok := h.PageOf(m); ok {
					t.Fatalf("a message that is not the history's is of %+v", o)
				}
			}
		}
	})
}

func TestPageOfNothing(t *testing.T) {
	var h History
	m := zim.ReadMessage([]byte(`{"MsgId":5}`))
	for _, m := range []zim.Message{{}, m, {MsgId: 5}} {
		if o, ok := h.PageOf(m); ok {
			t.Errorf("%+v is of %+v", m, o)
		}
	}
	h.Add(page("7", "9/9", "5/5", "0/0"))
	for i := range h.Len() {
		own := h.At(i)
		if _, ok := h.PageOf(own); !ok {
			t.Errorf("%s is of no page", own.Raw)
		}
		own.Raw = bytes.Clone(own.Raw)
		if o, ok := h.PageOf(own); ok {
			t.Errorf("a copy of %s is of %+v", own.Raw, o)
		}
	}
	v := visit{walk: Walk{history: h}}
	kept := h.At(0)
	v.strip()
	if o, ok := v.walk.history.PageOf(v.walk.history.At(0)); ok {
		t.Errorf("a message without bytes is of %+v", o)
	}
	if o, ok := v.walk.history.PageAt(0); ok {
		t.Errorf("message 0 without bytes is of %+v", o)
	}
	if o, ok := v.walk.history.PageOf(kept); ok {
		t.Errorf("a message whose bytes went is of %+v", o)
	}
	if _, err := v.walk.history.Add(page("6", "4/4")); err != nil {
		t.Fatal(err)
	}
	if o, ok := v.walk.history.PageOf(v.walk.history.At(3)); !ok || o.Page != 1 || o.Pos != 0 {
		t.Errorf("after others went: %+v, %v", o, ok)
	}
}

// TestPageOfALongPage has more messages than a page may have, one of them larger
// than a slab.
func TestPageOfALongPage(t *testing.T) {
	var list []string
	for i := range 300 {
		list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgBody":"%s"}`, 1000-i, 1000-i, strings.Repeat("x", i%7*100)))
	}
	list[99] = fmt.Sprintf(`{"MsgId":901,"MsgSeq":901,"MsgBody":"%s"}`, strings.Repeat("x", slabSize))
	var h History
	h.Add(page("7", "2000/2000"))
	h.Add(zim.ReadMessagePage([]byte(`{"RequestId":"1","Next":0,"List":[` + strings.Join(list, ",") + `]}`)))
	for i := 1; i < h.Len(); i++ {
		want := Origin{RequestId: "1", Page: 1, Pos: i - 1, Of: 300}
		if i-1 >= 254 {
			want.Pos = -1
		}
		if got, ok := h.PageOf(h.At(i)); !ok || got != want {
			t.Fatalf("message %d is of %+v, %v, want %+v", i, got, ok, want)
		}
	}
}

// BenchmarkPageOf asks for the page of a message in a history of n messages, with
// and without a MsgId.
func BenchmarkPageOf(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		var h History
		for seq := n; seq > 0; seq -= zim.MaxMessages {
			var list []string
			for i := range zim.MaxMessages {
				list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d}`, (seq-i)*min(i, 1), seq-i))
			}
			h.Add(zim.ReadMessagePage([]byte(fmt.Sprintf(`{"RequestId":"%d","Next":%d,"List":[%s]}`, seq, seq, strings.Join(list, ",")))))
		}
		for name, i := range map[string]int{"named": n/2 + 1, "nameless": n - zim.MaxMessages} {
			m := h.At(i)
			b.Run(fmt.Sprintf("%s-%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if _, ok := h.PageOf(m); !ok {
						b.Fatal("no page")
					}
				}
			})
		}
	}
}
