package saved

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// plainObject stands for what other programs read of a message.
func plainObject(zim.Message) []byte { return []byte(`{}`) }

// TestCaseComesBack: whatever a case holds is read as it was written, every byte of
// a message, whatever is in it.
func TestCaseComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chat := rapid.Custom(func(t *rapid.T) CaseChat {
			c := CaseChat{App: rapid.SampledFrom([]string{"", "shop"}).Draw(t, "app")}
			if rapid.Bool().Draw(t, "group") {
				c.Group = rapid.String().Draw(t, "group ID")
			} else {
				c.User, c.Peer = rapid.String().Draw(t, "user"), rapid.String().Draw(t, "peer")
			}
			return c
		})
		entry := rapid.Custom(func(t *rapid.T) Entry {
			raw := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "bytes")
			if rapid.Bool().Draw(t, "a message") {
				raw = fmt.Appendf(nil, `{"MsgId":%d,"MsgBody":%q}`, rapid.Int64().Draw(t, "id"), raw)
			}
			return Entry{chat.Draw(t, "chat"), zim.ReadMessage(raw), rapid.String().Draw(t, "note"), rapid.Bool().Draw(t, "marked")}
		})
		c := Case{Name: rapid.String().Draw(t, "name"), Entries: rapid.SliceOfN(entry, 0, 8).Draw(t, "entries")}
		for range rapid.IntRange(0, 2).Draw(t, "calls") {
			c.Calls = append(c.Calls, json.RawMessage(`{"Action":"QueryPeerMsg"}`))
		}
		b, err := c.Encode(plainObject)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeCase(b)
		if err != nil || back.Name != c.Name || len(back.Entries) != len(c.Entries) || len(back.Calls) != len(c.Calls) {
			t.Fatalf("%v: %+v became %+v", err, c, back)
		}
		for i, e := range back.Entries {
			want := c.Entries[i]
			if !bytes.Equal(e.Message.Raw, want.Message.Raw) || e.Chat != want.Chat || e.Note != want.Note || e.Bookmark != want.Bookmark {
				t.Fatalf("entry %d: %+v became %+v", i, want, e)
			}
		}
	})
}

// caseOf is a case with the messages of a few chats.
func caseOf(t *testing.T) []byte {
	t.Helper()
	c := Case{Name: "refund"}
	for n := 1; n <= 250; n++ {
		c.Entries = append(c.Entries, Entry{Chat: CaseChat{User: "alice", Peer: "bob"}, Message: zim.ReadMessage([]byte(line(n)))})
	}
	c.Entries = append(c.Entries,
		Entry{Chat: CaseChat{User: "bob", Peer: "alice"}, Message: zim.ReadMessage([]byte(line(250))), Note: "his side", Bookmark: true},
		Entry{Chat: CaseChat{App: "shop", Group: "team"}, Message: zim.ReadMessage([]byte(line(9)))})
	b, err := c.Encode(plainObject)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpenCase(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, CaseName)
	if err := os.WriteFile(name, caseOf(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{dir, name} {
		f, err := Open(what)
		if err != nil {
			t.Fatal(err)
		}
		list, err := f.QueryConversationList(t.Context(), zim.QueryConversationListRequest{FromUserId: "refund"})
		if err != nil || f.Kind() != CaseFile || f.Case().Name != "refund" {
			t.Fatalf("%v, a %v", err, f.Kind())
		}
		var titles []string
		for _, c := range list.List {
			titles = append(titles, c.ConvId)
		}
		if want := []string{"shop · team", "alice → bob", "bob → alice"}; !slices.Equal(titles, want) {
			t.Errorf("%q, want %q", titles, want)
		}
		var got []string
		for next := zim.Next(""); ; {
			p, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{FromUserId: "refund", ToUserId: "alice → bob", Limit: 100, Next: next})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range p.List {
				got = append(got, string(m.Raw))
			}
			if next = p.Next; next.End() {
				break
			}
		}
		if len(got) != 250 || got[0] != line(250) || got[249] != line(1) {
			t.Errorf("%d messages, from %s", len(got), got[0])
		}
		if p, err := f.QueryGroupMsg(t.Context(), zim.QueryGroupMsgRequest{GroupId: "shop · team"}); err != nil || len(p.List) != 1 {
			t.Errorf("%v, %v", p, err)
		}
		if _, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{ToUserId: "alice → bob", Next: "251"}); err == nil {
			t.Error("a page that there is not was found")
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestCasesThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		`{"Case":2,"Name":"x"}`: "newer form",
		`{"Case":`:              "none of a case",
		`{"Case":0}`:            "none of a case",
	} {
		if _, err := New(strings.NewReader(text), int64(len(text))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	f := of(t, `{"Case":1,"Name":"x"}`+"\nbroken\n\n[1]\n")
	if entries := f.Case().Entries; len(entries) != 2 || string(entries[0].Message.Raw) != "broken" || string(entries[1].Message.Raw) != "[1]" {
		t.Errorf("%+v", f.Case())
	}
	f = of(t, `{"Case":1,"Name":"x"}`+"\n"+`{"Chat":{"Group":"g"},"Raw":"kept","Call":null}`+"\n"+`{"Call":5}`+"\n"+`{"Call":{}}`+"\n")
	if c := f.Case(); len(c.Calls) != 1 || len(c.Entries) != 2 || string(c.Entries[0].Message.Raw) != "kept" || string(c.Entries[1].Message.Raw) != `{"Call":5}` {
		t.Errorf("what is no call: %+v", c)
	}
}
