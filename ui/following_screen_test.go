package ui

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

// followed is a chat of the sample world that is followed on screens of several sizes,
// and what happens in it: a world takes a while to make.
type followed struct {
	screens []*terminal
	e       *emulator.Emulator
}

func followSample(t *testing.T, sizes ...[2]int) followed {
	e := emulator.New(emulator.WithRate(0))
	c, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"), zim.WithTransport(inProcess{e}))
	if err != nil {
		t.Fatal(err)
	}
	config := sample(t)
	config.Client, config.Chat = c, history.Chat{User: "alice", Peer: "dave"} // no pictures are to be drawn
	f := followed{e: e}
	for _, size := range sizes {
		f.screens = append(f.screens, start(t, config, size[0], size[1]))
	}
	f.press("F")
	return f
}

func (f followed) press(keys string) {
	for _, term := range f.screens {
		term.press(keys)
	}
}

// polls ends the pause before the next call for the newest page, and those before
// it.
func (f followed) polls() {
	for _, term := range f.screens {
		for list := true; list; term.send(followMsg{term.m.following.request.number}) {
			list = term.m.following.list != nil
		}
	}
}

func (f followed) row(n int, body string) json.RawMessage {
	said, _ := json.Marshal(body) // a string cannot fail
	return json.RawMessage(fmt.Sprintf(`{"Sender":"dave","MsgType":1,"MsgBody":%s,"MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`,
		said, 971503777999000000+n, 200_000+n, emulator.Epoch.UnixMilli()+int64(n)*60_000))
}

func (f followed) arrives(bodies ...string) {
	for i, b := range bodies {
		f.e.Push("alice", "dave", f.row(i+1, b))
	}
	f.polls()
}

func TestScreensOfAFollowedChat(t *testing.T) {
	screens := map[string]func(f followed){
		"followed": func(f followed) {},
		"new":      func(f followed) { f.arrives("The bell is loose.", "And the lamp."); f.press("k j") },
		"new-below": func(f followed) {
			f.press("b")
			f.arrives("The bell is loose.", "And the lamp.")
		},
		"changed": func(f followed) {
			f.arrives("The bell is loose.", "And the lamp.", "Never mind.")
			f.e.Edit("alice", "dave", 971503777999000001, f.row(1, "The bell is fine."))
			f.e.Recall("alice", "dave", 971503777999000002, "dave", zim.RevokedByUser)
			f.e.Delete("alice", "dave", 971503777999000003)
			f.polls()
		},
		"versions": func(f followed) {
			f.arrives("The bell is loose.")
			f.e.Edit("alice", "dave", 971503777999000001, f.row(1, "The bell is fine."))
			f.polls()
			f.press("enter")
		},
		"list": func(f followed) {
			f.e.Push("alice", "chen", f.row(9, "Anybody there?"))
			f.polls() // after its answer the list is due
			f.polls()
			f.press("esc")
		},
	}
	for name, happens := range screens {
		sizes := [][2]int{{40, 12}, {80, 24}, {160, 50}}
		f := followSample(t, sizes...)
		happens(f)
		for i, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				golden.RequireEqual(t, f.screens[i].shows()+"\n")
			})
		}
	}
}

// What was written before acts on nothing and fits, as what is written now.
func TestEarlierVersionsFitAndAreClean(t *testing.T) {
	f := followSample(t, [2]int{40, 10}, [2]int{53, 14}, [2]int{80, 24}, [2]int{150, 30})
	hostile := "\x1b[31mred\x1b]0;title\a " + strings.Repeat("宽👩‍👩‍👧", 300) + "\r\n\u202eabc\u009d52;c;\u009c " + strings.Repeat("x", 40_000)
	f.arrives(hostile, "\x1b[2J", strings.Repeat("\n", 500))
	for n, now := range []string{"edited", strings.Repeat("long ", 2000), "e"} {
		f.e.Edit("alice", "dave", 971503777999000001+int64(n), f.row(n+1, now))
	}
	f.polls()
	for n := range 5 {
		for _, term := range f.screens {
			for i, line := range strings.Split(ansi.Strip(term.m.View().Content), "\n") {
				if w := ansi.StringWidthWc(line); w > term.m.width {
					t.Errorf("line %d is %d wide on a screen of %d: %q", i, w, term.m.width, line)
				}
				if strings.ContainsAny(line, "\x1b\a\r\u202e\u009d\u009c") {
					t.Errorf("line %d is not clean: %q", i, line)
				}
			}
		}
		if got := f.screens[3].shows(); n > 0 && n < 4 && !strings.Contains(got, "Before, as seen by this session") {
			t.Errorf("no version before was looked at:\n%s", got)
		}
		if n > 0 {
			f.press("esc k")
		}
		f.press("enter")
	}
}
