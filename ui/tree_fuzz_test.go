package ui

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// treeVerbs are what can be done to a tree, by the number of a byte.
var treeVerbs = []func(pane *tree, n int){
	func(pane *tree, n int) { pane.move(1) },
	func(pane *tree, n int) { pane.move(-1) },
	func(pane *tree, n int) { pane.move(n - 8) },
	func(pane *tree, n int) { pane.scroll(n - 8) },
	func(pane *tree, n int) { pane.first() },
	func(pane *tree, n int) { pane.last() },
	func(pane *tree, n int) { pane.fold() },
	func(pane *tree, n int) { pane.unfold() },
	func(pane *tree, n int) { pane.toggle() },
	func(pane *tree, n int) { pane.depth(n%9 + 1) },
	func(pane *tree, n int) { pane.unfoldAll() },
	func(pane *tree, n int) { pane.resize(n*7, n) },
	func(pane *tree, n int) { pane.pick(n) },
	func(pane *tree, n int) { pane.readOn() },
	func(pane *tree, n int) {
		q, _ := history.ParseQuery([]string{"a", "1", "/.$/", "="}[n%4])
		pane.find(q, n%2*2-1, n%3 == 0)
		for range n {
			pane.seek()
		}
	},
}

// FuzzTree does anything to the tree of anything: each row has its width, the
// selection is on screen, and its value is bytes of its text.
func FuzzTree(f *testing.F) {
	everything := []byte("\x0a\x5c\x00\x07\x16\x06\x0e\x7f\x05\x01\x23\x33\x5b\x12\x6e\x08\x08\x04\x0d\x09\x0a")
	for _, raw := range brokenJSON {
		f.Add([]byte(raw), everything)
	}
	f.Add([]byte(oddJSON), everything)
	f.Add([]byte(strings.Repeat("[", 300)+`"{\"a\":\"[1]\"}"`), everything)
	f.Fuzz(func(t *testing.T, raw, verbs []byte) {
		before := bytes.Clone(raw)
		pane := newTree(raw, look{styles: newStyles(true), widths: text.Widths(len(raw) % 2)})
		pane.resize(60, 12)
		for _, v := range verbs[:min(len(verbs), 100)] {
			treeVerbs[int(v&15)%len(treeVerbs)](pane, int(v>>4))
			checkTreeView(t, pane, pane.look.widths)
			if pane.row() < 0 {
				t.Fatalf("%s is not on screen", pane.path())
			}
			if in := pane.selected.last().b.text.raw; !bytes.Contains(in, pane.value()) {
				t.Errorf("%q is not in %q", pane.value(), in)
			}
			if path := pane.path(); path == "" || path[0] != '.' {
				t.Errorf("the path is %q", path)
			}
		}
		if !bytes.Equal(raw, before) {
			t.Error("the bytes were changed")
		}
	})
}

// brokenJSON is JSON, and what nearly is.
var brokenJSON = []string{
	``, ` `, `0`, `-`, `"`, `"\`, `{`, `[`, `[]`, `{}`, `{"`, `{"a`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `[1,]`, `[,]`, `[1 2]`,
	`{"a":[1,{"b":"c"}],"a":null}`, `[1}`, `{"a":1]`, `[[[[1]]]]`, `nul`, `nan`, `01`, `1.`, `.5`, `1e`, `+1`, `0x10`, `[1e5,-0.0E+1]`,
	`"\u12g4"`, `"\ud83d\ude00\ud83d"`, `"\x"`, "\"a\nb\"", "\"\x7f\"", "[\"\xff\"]", "\ufeff{}", `{"":{"":""}}`, `{"\q":1}`,
	`"{\"a\":\"{\\\"b\\\":1}\"}"`, `"eyJhIjpbMSwyXX0="`, `["SGVsbG8gd29ybGQsIHRoaXMgaXMgdGV4dA=="]`, "[1]\x00", "{\"a\":1\x0b}", `true false`,
}

// FuzzTreeComplains compares what a tree takes for JSON with encoding/json: where
// something is wrong, a row says so, and else none does.
func FuzzTreeComplains(f *testing.F) {
	for _, raw := range append(brokenJSON, oddJSON) {
		f.Add([]byte(raw))
	}
	const deep = 5000 // encoding/json takes twice that
	f.Fuzz(func(t *testing.T, raw []byte) {
		if bytes.HasPrefix(raw, []byte(byteOrderMark)) || bytes.Count(raw, []byte("["))+bytes.Count(raw, []byte("{")) > deep {
			return
		}
		pane := newTree(raw, look{styles: newStyles(true)})
		pane.resize(100, 1)
		complains := false
		c := treeCursor{{pane.root, 0}}
		for ok := true; ok; c, ok = c.down() {
			s := c.last()
			complains = complains || slices.ContainsFunc(pane.compose(treeSpot{s, c.depth()}), func(s span) bool {
				return s.ink == alarm && s.text != text.Lit(" string of broken JSON")
			})
			if child, _ := s.b.child(s.i); s.b.kindOf(s.i, child) != '"' {
				if kid := s.b.grow(s.i); kid != nil {
					kid.open = true
				}
			} else if kid := s.b.kid(s.i); kid != nil {
				kid.open = false // its text is another one
			}
		}
		if complains == json.Valid(raw) {
			t.Errorf("%q: a row complains: %v", raw, complains)
		}
	})
}
