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
)

// followed is the chat of the sample world that is followed, and what happens in it.
type followed struct {
	*terminal
	e *emulator.Emulator
}

func followSample(t *testing.T, w, h int) followed {
	e := emulator.New(emulator.WithRate(0))
	c, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"), zim.WithTransport(inProcess{e}))
	if err != nil {
		t.Fatal(err)
	}
	config := sample(t)
	config.Client = c
	f := followed{start(t, config, w, h), e}
	f.press("enter F")
	return f
}

// polls ends the pause before the next call for the newest page, and those before
// it.
func (f followed) polls() {
	for list := true; list; f.send(followMsg{f.m.following.request.number}) {
		list = f.m.following.list != nil
	}
}

func (f followed) row(n int, body string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"Sender":"bob","MsgType":1,"MsgBody":%q,"MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`,
		body, 971503777999000000+n, 200_000+n, emulator.Epoch.UnixMilli()+int64(n)*60_000))
}

func (f followed) arrives(bodies ...string) {
	for i, b := range bodies {
		f.e.Push("alice", "bob", f.row(i+1, b))
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
			f.e.Edit("alice", "bob", 971503777999000001, f.row(1, "The bell is fine."))
			f.e.Recall("alice", "bob", 971503777999000002, "bob", zim.RevokedByUser)
			f.e.Delete("alice", "bob", 971503777999000003)
			f.polls()
		},
		"versions": func(f followed) {
			f.arrives("The bell is loose.")
			f.e.Edit("alice", "bob", 971503777999000001, f.row(1, "The bell is fine."))
			f.polls()
			f.press("enter")
		},
		"list": func(f followed) {
			f.e.Push("alice", "chen", f.row(9, "Anybody there?"))
			f.m.following.listed = f.m.look.now().Add(-listPace)
			f.polls() // after its answer the list is due
			f.polls()
			f.press("esc")
		},
	}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 50}} {
		for name, happens := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				f := followSample(t, size[0], size[1])
				happens(f)
				golden.RequireEqual(t, f.shows()+"\n")
			})
		}
	}
}

// What was written before acts on nothing and fits, as what is written now.
func TestEarlierVersionsFitAndAreClean(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {53, 14}, {80, 24}, {150, 30}} {
		f := followSample(t, size[0], size[1])
		hostile := "\x1b[31mred\x1b]0;title\a " + strings.Repeat("宽👩‍👩‍👧", 300) + "\r\n\u202eabc\u009d52;c;\u009c " + strings.Repeat("x", 40_000)
		f.arrives(hostile, "\x1b[2J", strings.Repeat("\n", 500))
		for n, now := range []string{"edited", strings.Repeat("long ", 2000), "e"} {
			f.e.Edit("alice", "bob", 971503777999000001+int64(n), f.row(n+1, now))
		}
		f.polls()
		for range 4 {
			content := f.m.View().Content
			for i, line := range strings.Split(ansi.Strip(content), "\n") {
				if w := ansi.StringWidthWc(line); w > size[0] {
					t.Errorf("%v: line %d is %d wide: %q", size, i, w, line)
				}
				if strings.ContainsAny(line, "\x1b\a\r\u202e\u009d\u009c") {
					t.Errorf("%v: line %d is not clean: %q", size, i, line)
				}
			}
			f.press("k enter")
		}
	}
}
