package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"backscroll/zim"
)

const testBase = "http://127.0.0.1:8085"

// side is one list of the world, and the call that asks for it.
type side struct{ action, ids string }

func peerSide(from, to string) side {
	return side{"QueryPeerMsg", fmt.Sprintf(`"FromUserId":%q,"ToUserId":%q`, from, to)}
}

func groupSide(id string) side { return side{"QueryGroupMsg", fmt.Sprintf(`"GroupId":%q`, id)} }

// sides returns every list that user sees but the archive, with its rows.
func sides(w *world, user string) map[side]list {
	all := map[side]list{}
	for to, c := range w.peers[user] {
		if to != "archive" {
			all[peerSide(user, to)] = c.list
		}
	}
	for id, g := range w.groups {
		all[groupSide(id)] = g.list
	}
	return all
}

// walk asks for page after page, and returns the rows and the tokens.
func walk(t *testing.T, e *Emulator, s side, limit, withEmpty, most int) (rows []json.RawMessage, tokens []int64) {
	t.Helper()
	var next int64
	for {
		r := ask(t, e, s.action, fmt.Sprintf(`{%s,"Limit":%d,"WithEmptyMsg":%d,"Next":%d}`, s.ids, limit, withEmpty, next))
		if r.Code != zim.Success {
			t.Fatalf("%v: code %d %s", s, r.Code, r.Message)
		}
		rows = append(rows, r.List...)
		if next = r.Next; next == 0 || len(rows) >= most {
			return rows, tokens
		}
		if len(r.List) != limit {
			t.Fatalf("%v: a page of %d that is not the last, want %d", s, len(r.List), limit)
		}
		tokens = append(tokens, next)
	}
}

func TestWalkingIsTheWorldOnce(t *testing.T) {
	e := shop()
	for s, l := range sides(e.world, "alice") {
		for _, withEmpty := range []int{0, 1} {
			var want []json.RawMessage
			for i := l.len() - 1; i >= 0; i-- {
				if m := l.at(i); withEmpty == 1 || m.empty == kept {
					want = append(want, m.appendTo(nil, testBase))
				}
			}
			for _, limit := range []int{1, 3, 10, 100} {
				if limit < 10 && len(want) > 100 {
					continue
				}
				got, _ := walk(t, e, s, limit, withEmpty, 1e6)
				if !slices.EqualFunc(got, want, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
					t.Errorf("%v by %d, WithEmptyMsg %d: %d rows are not the %d of the world", s, limit, withEmpty, len(got), len(want))
				}
			}
		}
	}
}

func TestOrder(t *testing.T) {
	e := shop()
	ids := map[int64]int{}
	for s, l := range sides(e.world, "alice") {
		for i := range l.len() {
			m := l.at(i)
			ids[m.id]++
			if m.id <= 1<<53 {
				t.Errorf("%v: MsgId %d is not beyond 2^53", s, m.id)
			}
			if m.time > Epoch.UnixMilli() || i > 0 && m.time <= l.at(i-1).time || i > 0 && m.seq <= l.at(i-1).seq {
				t.Errorf("%v: row %d at %d, seq %d, is out of order", s, i, m.time, m.seq)
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("MsgId %d is given %d times", id, n)
		}
	}
}

func TestTokens(t *testing.T) {
	const safe = 1 << 53
	for _, large := range []bool{false, true} {
		opts := []Option{WithClock(still), WithRate(0)}
		if large {
			opts = append(opts, WithLargeNext())
		}
		_, tokens := walk(t, New(opts...), peerSide("alice", "archive"), 100, 1, 8_000)
		ups, downs := 0, 0
		seen := map[int64]bool{}
		steps := map[int64]bool{}
		for i, n := range tokens {
			if n <= 0 || (n >= safe) != large {
				t.Errorf("large %v: token %d", large, n)
			}
			if seen[n] {
				t.Errorf("token %d is given twice", n)
			}
			seen[n] = true
			if i > 0 {
				steps[n-tokens[i-1]] = true
				if n > tokens[i-1] {
					ups++
				} else {
					downs++
				}
			}
		}
		if ups < 20 || downs < 20 || len(steps) != len(tokens)-1 {
			t.Errorf("large %v: %d tokens go up %d times and down %d, in %d steps: they follow an order", large, len(tokens), ups, downs, len(steps))
		}
	}
}

func TestForeignTokens(t *testing.T) {
	e := shop()
	tokenOf := func(e *Emulator, action, ids string) int64 {
		r := ask(t, e, action, fmt.Sprintf(`{%s,"Limit":1}`, ids))
		if r.Next == 0 {
			t.Fatalf("%s %s has no second page", action, ids)
		}
		return r.Next
	}
	const bob, bobs, team = `"FromUserId":"alice","ToUserId":"bob"`, `"FromUserId":"bob","ToUserId":"alice"`, `"GroupId":"team"`
	own := tokenOf(e, "QueryPeerMsg", bob)
	if own != tokenOf(e, "QueryPeerMsg", bob) {
		t.Error("the same page has two tokens")
	}
	for name, next := range map[string]int64{
		"other side": tokenOf(e, "QueryPeerMsg", bobs), "group": tokenOf(e, "QueryGroupMsg", team),
		"list": tokenOf(e, "QueryConversationList", `"FromUserId":"alice"`), "seed": tokenOf(New(WithSeed(2), WithClock(still)), "QueryPeerMsg", bob),
		"large": tokenOf(New(WithLargeNext(), WithClock(still)), "QueryPeerMsg", bob),
		"one":   1, "less": own - 1, "more": own + 1, "negative": -own, "ten": 10,
	} {
		if r := ask(t, e, "QueryPeerMsg", fmt.Sprintf(`{%s,"Next":%d}`, bob, next)); r.Code != zim.BadParameter || r.List != nil {
			t.Errorf("token of %s: code %d", name, r.Code)
		}
	}
	if r := ask(t, e, "QueryPeerMsg", fmt.Sprintf(`{%s,"Next":%d}`, bob, own)); r.Code != zim.Success {
		t.Errorf("own token: code %d", r.Code)
	}
}

// One position in ten fits the archive: only the checksum tells that a token is
// another list's.
func TestChecksum(t *testing.T) {
	e := shop()
	own, foreign := e.sealer("peer", "alice", "archive"), e.sealer("peer", "archive", "alice")
	for pos := 1; pos <= 500; pos++ {
		if got, err := own.position(foreign.seal(pos), 0, archiveSize); err == nil {
			t.Errorf("the token of row %d of the other side opens row %d", pos, got)
		}
	}
}

func TestSealing(t *testing.T) {
	for _, half := range []uint{26, 31} {
		s := sealer{key: 42, half: half}
		for pos := 1; pos < 1<<positionBits; pos = pos*3/2 + 1 {
			got, err := s.position(s.seal(pos), 0, 1<<positionBits)
			if err != nil || got != pos {
				t.Errorf("position %d came back as %d, %v", pos, got, err)
			}
			if _, err := s.position(s.seal(pos), 0, pos-1); err == nil {
				t.Errorf("position %d fits a list of %d rows", pos, pos-1)
			}
		}
	}
}

func TestEmptyChat(t *testing.T) {
	e := shop()
	for _, ids := range []string{`"FromUserId":"alice","ToUserId":"newbie"`, `"FromUserId":"rider01","ToUserId":"rider02"`} {
		w := post(e, sign("QueryPeerMsg"), "{"+ids+"}")
		if r := decode(t, w.Body.Bytes()); r.Code != zim.Success || r.Next != 0 || r.List == nil || len(r.List) != 0 {
			t.Errorf("%s: %s", ids, w.Body)
		}
	}
}

func TestOwnHistories(t *testing.T) {
	odd := json.RawMessage("{ \"MsgId\" : 9007199254740993,\n\"MsgTime\":\"17\", \"x\": <&> }")
	e := New(WithClock(still), WithRate(0),
		WithPeerHistory("u 1", "alice", json.RawMessage(`{"MsgId":1,"MsgTime":5,"IsEmpty":1}`), json.RawMessage(`{"IsEempy":2}`), odd),
		WithGroupHistory("g1", []string{"u 1", "u2"}, json.RawMessage(`{"MsgId":2,"MsgTime":7}`)), WithUser("u3", "Three"))
	w := post(e, sign("QueryPeerMsg"), `{"FromUserId":"u 1","ToUserId":"alice"}`)
	if want := append([]byte(`"Next":0,"List":[`), odd...); !bytes.HasSuffix(w.Body.Bytes(), append(want, "]}"...)) {
		t.Errorf("not sent as it was given: %s", w.Body)
	}
	w = post(e, sign("QueryPeerMsg"), `{"FromUserId":"u 1","ToUserId":"alice","WithEmptyMsg":1,"Limit":2}`)
	if !bytes.HasSuffix(w.Body.Bytes(), []byte(`,{"IsEempy":2}]}`)) {
		t.Errorf("newest first: %s", w.Body)
	}
	if r := ask(t, e, "QueryConversationList", `{"FromUserId":"u 1"}`); len(r.List) != 2 {
		t.Errorf("u 1 has %d conversations, want 2", len(r.List))
	}
	if r := ask(t, e, "QueryConversationList", `{"FromUserId":"u3"}`); r.Code != zim.Success {
		t.Errorf("u3: code %d", r.Code)
	}
}

// BenchmarkPage shows that a page costs the same wherever it is.
func BenchmarkPage(b *testing.B) {
	e := shop()
	s := e.sealer("peer", "alice", "archive")
	for _, pos := range []int{archiveSize, archiveSize / 2, 101} {
		body := fmt.Sprintf(`{"FromUserId":"alice","ToUserId":"archive","Limit":100,"WithEmptyMsg":1,"Next":%d}`, s.seal(pos))
		b.Run(fmt.Sprint(pos), func(b *testing.B) {
			for b.Loop() {
				if r := ask(b, e, "QueryPeerMsg", body); len(r.List) != 100 {
					b.Fatalf("code %d, %d rows", r.Code, len(r.List))
				}
			}
		})
	}
}
