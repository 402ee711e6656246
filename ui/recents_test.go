package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim/history"
)

// shelf keeps what was opened in memory.
type shelf struct {
	mu    sync.Mutex
	list  []Recent
	saves int
	load  error
	save  error
}

func (s *shelf) Load() ([]Recent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list), s.load
}

func (s *shelf) Save(list []Recent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saves++; s.save != nil {
		return s.save
	}
	s.list = slices.Clone(list)
	return nil
}

func TestWhatIsOpenedIsKept(t *testing.T) {
	kept := &shelf{list: []Recent{{User: "early"}}}
	config := sample(t)
	config.Recents = kept
	term := start(t, config, 120, 30)
	term.press("ctrl+k")
	term.write("bob")
	term.press("enter a") // the other side is not another chat
	term.press("ctrl+k")
	term.write("everyone")
	term.press("enter")
	want := []Recent{{Group: "everyone"}, {User: "alice", Peer: "bob"}, {User: "alice"}, {User: "early"}}
	if !slices.Equal(kept.list, want) || !slices.Equal(term.m.recents.list, want) {
		t.Errorf("kept %v, shown %v, want %v", kept.list, term.m.recents.list, want)
	}
	kept.list = append([]Recent{{User: "meanwhile"}}, kept.list...) // another session
	term.press("ctrl+k")
	term.write("team")
	term.press("enter")
	if want := append([]Recent{{Group: "team"}, {User: "meanwhile"}}, want...); !slices.Equal(kept.list, want) {
		t.Errorf("kept %v, want %v", kept.list, want)
	}
	term.press("ctrl+k")
	if got := term.rowWith("early"); !strings.HasSuffix(got, "recent · conversations") {
		t.Errorf("row %q", got)
	}
	term.press("esc")
	if term.say(":", "forget-recents"); len(kept.list) != 0 || len(term.m.recents.list) != 0 || !strings.Contains(term.lastRow(), "is forgotten") {
		t.Errorf("kept %v after it was forgotten: %q", kept.list, term.lastRow())
	}
}

func TestABrokenShelfIsTold(t *testing.T) {
	kept := &shelf{load: errors.New("it is broken\x1b[31m")}
	config := sample(t)
	config.Recents = kept
	term := start(t, config, 120, 30)
	if got := term.lastRow(); !strings.Contains(got, "what was opened lately is not known: it is broken␛[31m") {
		t.Errorf("last row %q", got)
	}
	if term.press("j enter"); kept.saves == 0 || len(kept.list) == 0 {
		t.Errorf("it is not replaced: %d saves", kept.saves)
	}
	kept.save = errors.New("no room")
	term.press("ctrl+k")
	term.write("everyone")
	if term.press("enter"); !strings.Contains(term.lastRow(), "is not remembered: no room") {
		t.Errorf("last row %q", term.lastRow())
	}
	n := kept.saves
	term.press("ctrl+k")
	term.write("vip")
	if term.press("enter"); kept.saves != n || strings.Contains(term.lastRow(), "no room") {
		t.Errorf("%d saves after one failed: %q", kept.saves-n, term.lastRow())
	}
}

// TestAStartBeginsWithTheLatest: it is selected, though it came after the question.
func TestAStartBeginsWithTheLatest(t *testing.T) {
	config := sample(t)
	config.User, config.Recents = "", &shelf{list: []Recent{{Group: "everyone"}, {User: "alice"}}}
	term := start(t, config, 100, 20)
	if got := term.rowWith("▌"); !strings.Contains(got, "everyone") {
		t.Errorf("screen:\n%s", term.shows())
	}
	if term.press("enter"); term.m.messages.chat.Group != "everyone" {
		t.Errorf("chat %v", term.m.messages.chat)
	}
}

func TestOfflineNothingIsNoted(t *testing.T) {
	kept := &shelf{}
	config := sample(t)
	config.Offline, config.User, config.Chat, config.Recents = true, "", history.Chat{Peer: "f"}, kept
	start(t, config, 100, 20)
	if kept.saves != 0 || len(kept.list) != 0 {
		t.Errorf("kept %v", kept.list)
	}
}

func TestMergeRecents(t *testing.T) {
	one := rapid.Custom(func(t *rapid.T) Recent {
		id := rapid.SampledFrom([]string{"", "a", "b", "c"})
		return Recent{User: id.Draw(t, "user"), Peer: id.Draw(t, "peer"), Group: fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "group"))}
	})
	rapid.Check(t, func(t *rapid.T) {
		first, then := rapid.SliceOf(one).Draw(t, "first"), rapid.SliceOf(one).Draw(t, "then")
		got := MergeRecents(first, then)
		ids := 0
		for i, r := range got {
			if ids += r.ids(); slices.Contains(got[:i], r) {
				t.Fatalf("%v is there twice", r)
			}
		}
		if ids > MaxRecent || len(first) > 0 && got[0] != first[0] {
			t.Fatalf("%d IDs, first %v", ids, got)
		}
		if again := MergeRecents(got, nil); !slices.Equal(again, got) {
			t.Fatalf("%v became %v", got, again)
		}
	})
}
