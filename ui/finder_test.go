package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// TestTheFuzzyOrder: what a reader means comes first.
func TestTheFuzzyOrder(t *testing.T) {
	for typed, want := range map[string][]string{
		"bob":  {"bob", "bobby", "big.bob", "kebob", "b-o-b", "bxoxb"},
		"wk":   {"wk", "work kit", "walkie", "w0000k"},
		"陈晓":   {"陈晓", "陈大晓"},
		"ÄRGE": {"ärger", "ä r g e"},
	} {
		word := folded(typed)
		for i := range want[1:] {
			before, _ := fuzzyScore(folded(want[i]), word, nil)
			after, _ := fuzzyScore(folded(want[i+1]), word, nil)
			if before < after || after == 0 {
				t.Errorf("%s: %q has %d, %q %d", typed, want[i], before, want[i+1], after)
			}
		}
	}
	for in, typed := range map[string]string{"bob": "bobs", "abc": "cb", "": "a", "a": ""} {
		if score, at := fuzzyScore(folded(in), folded(typed), nil); score != 0 || len(at) != 0 {
			t.Errorf("%q in %q: %d %v", typed, in, score, at)
		}
	}
}

// TestMarkedLettersAreTheTyped: the marked letters are those of the word, each once;
// and a text has a word exactly if it has its letters in their order.
func TestMarkedLettersAreTheTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("abcABC -_.陈äß\u0301")), 0, 24, -1).Draw(t, "in"))
		word := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("abcABC-陈ä")), 1, 6, -1).Draw(t, "word"))
		text, typed := folded(string(in)), folded(string(word))
		score, at := fuzzyScore(text, typed, nil)
		n := 0
		for _, r := range text {
			if n < len(typed) && r == typed[n] {
				n++
			}
		}
		if has := n == len(typed); has != (score > 0) {
			t.Fatalf("%q in %q: score %d", string(word), string(in), score)
		}
		if score == 0 {
			return
		}
		var letters []rune
		seen := map[int]bool{}
		for i := range text {
			for _, a := range at {
				if a == i && !seen[i] {
					seen[i] = true
					letters = append(letters, text[i])
				}
			}
		}
		if string(letters) != string(typed) || len(at) != len(typed) {
			t.Fatalf("%q in %q marks %v", string(word), string(in), at)
		}
	})
}

// TestMarksLoseNoText: with its letters marked, a name is still the name.
func TestMarksLoseNoText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := text.CleanName(rapid.StringN(0, 20, -1).Draw(t, "id"))
		p := newDestination(false, id, text.Line{}, text.Line{}, target{})
		var said strings.Builder
		for _, s := range p.lit(0, wordsOf(rapid.StringN(0, 4, -1).Draw(t, "typed")), plain) {
			said.WriteString(s.text.String())
		}
		if got, want := strings.Map(visible, said.String()), strings.Map(visible, id.String()); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

// visible drops what a cut may add or take: a mark that begins a span of its own
// gets a base.
func visible(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

func TestScreensOfTheFinder(t *testing.T) {
	screens := map[string]string{"letters": "wk", "name": "lind", "unknown": "nobody else", "group": "evrne"}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 50}} {
		for name, typed := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				term := start(t, sample(t), size[0], size[1])
				term.press("ctrl+k")
				term.write(typed)
				checkFrame(t, term.m, size[0], size[1])
				golden.RequireEqual(t, term.shows()+"\n")
			})
		}
	}
}

// TestWhereTheFinderLeads: to what is known, and to any ID.
func TestWhereTheFinderLeads(t *testing.T) {
	for _, tt := range []struct {
		typed, keys, user string
		chat              history.Chat
	}{
		{"lind", "enter", "alice", history.Chat{User: "alice", Peer: "bob"}},
		{"bob", "enter", "alice", history.Chat{User: "alice", Peer: "bob"}},
		{"bob", "down enter", "bob", history.Chat{}},
		{"evrne", "enter", "alice", history.Chat{Group: "everyone"}},
		{"nobody", "enter", "alice", history.Chat{User: "alice", Peer: "nobody"}},
		{"ben", "up up enter", "ben", history.Chat{}},
		{"wide open", "up enter", "alice", history.Chat{Group: "wide open"}},
		{"wide open", "up up up enter", "alice", history.Chat{User: "alice", Peer: "wide open"}},
		{"bob", "esc", "alice", history.Chat{}},
	} {
		term := start(t, sample(t), 120, 30)
		term.press("ctrl+k")
		term.write(tt.typed)
		term.press(tt.keys)
		if m := term.m; m.finder != nil || m.conversations.user != tt.user || m.messages.chat != tt.chat {
			t.Errorf("%s, %s: %v of %q:\n%s", tt.typed, tt.keys, m.messages.chat, m.conversations.user, term.shows())
		}
	}
}

// TestTheFormIsAKeyAway: user and peer that are both unknown can be asked for at
// once, and esc goes back.
func TestTheFormIsAKeyAway(t *testing.T) {
	term := start(t, sample(t), 120, 30)
	term.press("ctrl+k")
	term.write("ben")
	term.press("tab")
	if o := term.m.opener; o == nil || o.fields[fieldPeer].Value() != "ben" || o.fields[fieldUser].Value() != "alice" {
		t.Fatalf("screen:\n%s", term.shows())
	}
	if term.press("esc"); term.m.opener != nil || term.m.finder == nil || term.m.finder.value() != "ben" {
		t.Errorf("screen:\n%s", term.shows())
	}
	term.press("tab shift+tab ctrl+u")
	term.write("bob")
	term.press("enter")
	if m := term.m; m.finder != nil || m.opener != nil || m.conversations.user != "bob" || m.messages.chat != (history.Chat{User: "bob", Peer: "ben"}) {
		t.Errorf("%v of %q", m.messages.chat, m.conversations.user)
	}
	term.press("ctrl+k")
	term.send(tea.PasteMsg{Content: "every\x1b[31mone"})
	if got := term.shows(); !strings.Contains(got, "> every") {
		t.Errorf("screen:\n%s", got)
	}
}

// TestEachPlaceIsThereOnce, those that were opened lately first.
func TestEachPlaceIsThereOnce(t *testing.T) {
	from := placesFrom{
		user: "u", chat: history.Chat{User: "u", Peer: "open"},
		recent:        []Recent{{User: "u"}, {User: "u", Peer: "open"}, {User: "u", Peer: "late"}, {Group: "g"}, {User: "v", Peer: "w"}, {User: "v"}},
		conversations: []zim.Conversation{{ConvId: "open"}, {ConvId: "late"}, {ConvId: "g", ConvType: zim.Group}, {ConvId: "h", ConvType: zim.Group}, {ConvId: ""}, {ConvId: "x", ConvType: 9}},
		known:         []known{{id: "late"}, {id: "v"}, {id: "w", name: text.Lit("old")}, {group: true, id: "g", name: text.Lit("The G")}, {group: true, id: "i"}, {id: "w", name: text.Lit("Wanda")}},
	}
	var got []string
	for _, p := range from.places() {
		got = append(got, fmt.Sprintf("%s|%s|%s", p.id, p.name, p.what))
	}
	want := "late||recent · chat of u, g|The G|recent · group, v → w|Wanda|recent · chat, v||recent · conversations, open||chat of u, h||group, " +
		"w|Wanda|conversations, i||group, late||conversations"
	if strings.Join(got, ", ") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, ", "), want)
	}
}

// TestEnterWaitsForWhatWasTyped: letters and enter that come faster than the places
// are found open what was typed, not what was on screen.
func TestEnterWaitsForWhatWasTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, Config{Client: &slowService{perChat: 20, perPage: 20}, User: "alice"}, 120, 24)
		time.Sleep(time.Second)
		synctest.Wait()
		p.p.Send(keyOf(t, "ctrl+k"))
		for _, r := range "caro" {
			p.p.Send(keyOf(t, string(r)))
		}
		p.p.Send(keyOf(t, "enter"))
		time.Sleep(time.Second)
		synctest.Wait()
		p.model(func(m *Model) {
			if m.finder != nil || m.messages.chat != (history.Chat{User: "alice", Peer: "carol"}) {
				t.Errorf("chat %v:\n%s", m.messages.chat, m.View().Content)
			}
		})
		p.quits()
	})
}

// TestALateFindIsDropped: an answer to fewer letters, or to a question that was
// closed, changes nothing; names that come leave the selection where it is.
func TestALateFindIsDropped(t *testing.T) {
	term := start(t, sample(t), 120, 30)
	term.press("ctrl+k")
	term.write("o")
	f := term.m.finder
	late := foundMsg{finder: f, number: f.number, all: f.all, list: []int{0}, of: 1}
	term.write("m")
	shown := term.shows()
	if term.send(late); term.shows() != shown {
		t.Errorf("a late answer is shown:\n%s", term.shows())
	}
	term.press("down down")
	before := f.at(f.selected).target
	term.m.names.learn(known{id: "omomom", name: text.Lit("om om")})
	term.run(term.m.gather())
	if at := f.at(f.selected).target; at != before {
		t.Errorf("the selection went from %v to %v", before, at)
	}
	term.press("esc ctrl+k")
	if term.send(late); term.m.finder == f || len(term.m.finder.found) < 20 {
		t.Error("an answer to a closed question was taken")
	}
}

func TestTheFinderAtAnySize(t *testing.T) {
	config := sample(t)
	config.Chat = history.Chat{User: "alice", Peer: "mallory"}
	term := start(t, config, 80, 24)
	term.press("ctrl+k")
	for _, typed := range []string{"", "m", "ma", "𝐱"} {
		term.write(typed)
		for _, w := range []int{0, 1, 39, 40, 41, 79, 80, 170} {
			for _, h := range []int{0, 1, 9, 10, 11, 24} {
				term.send(tea.WindowSizeMsg{Width: w, Height: h})
				term.press("up")
				checkFrame(t, term.m, w, h)
			}
		}
	}
}

// crowded is a model that has listed 1,000 conversations and knows 10,000 names.
func crowded(b testing.TB) *terminal {
	var list []string
	for i := range 1000 {
		list = append(list, fmt.Sprintf("peer-%d-%x/%d", i, rand.Uint32(), 1700000000000+i))
	}
	s := &listService{pages: map[zim.Next]string{"": listPage("0", list...)}}
	term := start(b, Config{Client: s, User: "alice"}, 160, 50)
	for i := range 10_000 {
		term.m.names.learn(known{id: fmt.Sprintf("user-%d-%x", i, rand.Uint32()), name: text.CleanName(fmt.Sprintf("Somebody %x Nr %d", rand.Uint32(), i))})
	}
	return term
}

// BenchmarkFinderKey is a key in the finder among 11,000 places, without the search,
// which is a command: see BenchmarkFinderSearch.
func BenchmarkFinderKey(b *testing.B) {
	term := crowded(b)
	term.press("ctrl+k")
	term.write("so")
	keys := []tea.KeyPressMsg{keyOf(b, "1"), keyOf(b, "backspace")}
	for i := 0; b.Loop(); i++ {
		term.m.Update(keys[i%2])
	}
}

// BenchmarkFinderOpens is ctrl+k.
func BenchmarkFinderOpens(b *testing.B) {
	term := crowded(b)
	k, esc := keyOf(b, "ctrl+k"), keyOf(b, "esc")
	for b.Loop() {
		term.m.Update(k)
		term.m.Update(esc)
	}
}

func BenchmarkFinderSearch(b *testing.B) {
	term := crowded(b)
	term.press("ctrl+k")
	for _, typed := range []string{"s", "so7", "somebody 12"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				bestPlaces(term.m.finder.places, typed)
			}
		})
	}
}
