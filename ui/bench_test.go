package ui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// BenchmarkKey is our share of a key press, Update and View, with so many
// messages loaded: it must not grow with them. The keys go back and forth in the
// middle of the history.
func BenchmarkKey(b *testing.B) {
	keys := map[string][2]string{"line": {"k", "j"}, "page": {"b", "space"}}
	for name, pair := range keys {
		for _, loaded := range []int{1_000, 10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/loaded=%d", name, loaded), func(b *testing.B) {
				term := start(b, Config{Client: &slowService{perChat: loaded, perPage: loaded}, User: "alice", Chat: aliceAndBob}, 160, 50)
				m := &term.m.messages
				m.selected = loaded / 2
				m.reveal()
				var back, forth tea.Msg = keyOf(b, pair[0]), keyOf(b, pair[1])
				n := 0
				for b.Loop() {
					msg := back
					if n++; n/20%2 == 1 {
						msg = forth
					}
					term.m.Update(msg)
					term.m.View()
				}
				if m.log.Len() != loaded {
					b.Fatalf("%d loaded", m.log.Len())
				}
			})
		}
	}
}

// BenchmarkFirstPage is the work between a page's answer and its frame.
func BenchmarkFirstPage(b *testing.B) {
	s := &slowService{perChat: 100, perPage: 100}
	page, err := s.page(b.Context(), "alice→bob", "")
	if err != nil {
		b.Fatal(err)
	}
	term := start(b, Config{Client: s, User: "alice", Chat: aliceAndBob}, 160, 50)
	for b.Loop() {
		term.m.messages.begin(aliceAndBob, "alice", goal{})
		term.m.Update(messagesMsg{number: term.m.messages.request.number, page: page})
	}
}

// BenchmarkResize lays the screen out anew with 100,000 messages loaded.
func BenchmarkResize(b *testing.B) {
	term := start(b, Config{Client: &slowService{perChat: 100_000, perPage: 100_000}, User: "alice", Chat: aliceAndBob}, 160, 50)
	n := 0
	for b.Loop() {
		n++
		term.m.Update(tea.WindowSizeMsg{Width: 100 + n%2*60, Height: 50})
	}
}
