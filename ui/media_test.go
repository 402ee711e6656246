package ui

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"backscroll/zim/history"
	"backscroll/zim/media"
)

// withMedia opens a sample chat at a message, with its files served to the fetcher.
func withMedia(t *testing.T, peer string, seq int64, w, h int, opened *[]string) *terminal {
	t.Helper()
	c := Config{
		Client: sampleClient(t), Chat: history.Chat{User: "alice", Peer: peer},
		Media: media.NewFetcher(media.WithLoopback(true), media.WithTransport(inProcess{sampleWorld()})),
		Open:  func(url string) error { *opened = append(*opened, url); return nil },
	}
	term := start(t, c, w, h)
	term.run(term.m.messages.goTo(goal{kind: goalSeq, seq: seq}))
	return term
}

func (term *terminal) wants(all ...string) {
	term.t.Helper()
	for _, s := range all {
		if !strings.Contains(term.shows(), s) {
			term.t.Errorf("no %q on\n%s", s, term.shows())
		}
	}
}

func TestOpeningAFileAsks(t *testing.T) {
	var opened []string
	term := withMedia(t, "bob", 791, 100, 20, &opened)
	term.press("o")
	term.wants("open workshop.jpg at 127.0.0.1:8085? y opens")
	if term.press("j"); len(opened) > 0 || term.m.messages.selectedSeq() != 791 {
		t.Errorf("opened %q at seq %d", opened, term.m.messages.selectedSeq())
	}
	term.press("o y")
	term.wants("opened at 127.0.0.1:8085")
	if len(opened) != 1 || opened[0] != "http://127.0.0.1:8085/media/workshop.jpg" {
		t.Errorf("opened %q", opened)
	}
	term.m.openURL = func(string) error { return errors.New("no\x1b[2J display") }
	term.press("enter o y")
	term.wants("not opened: no␛[2J display")
	term.m.media = media.NewFetcher()
	term.press("o y")
	term.wants("not opened: links are not followed to such an address: 127.0.0.1 is a loopback address")
	term.press("esc k o")
	term.wants("the message has no file")
}

func TestSavingAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	term := withMedia(t, "bob", 791, 100, 20, nil)
	term.press("w")
	term.wants("save as: workshop.jpg", "158 KB · from 127.0.0.1:8085")
	term.press("enter")
	term.wants("workshop.jpg · 158 KB · size, MD5, dimensions as declared · in /",
		"▌   saved: workshop.jpg · 158 KB · size, MD5, dimensions as declared") // under the message, too
	info, err := os.Stat("workshop.jpg")
	if err != nil || info.Size() != 157783 || info.Mode().Perm() != 0o600 {
		t.Errorf("saved: %v, %v", info, err)
	}
	if term.press("w enter"); term.m.transfer != nil {
		t.Error("the transfer does not end")
	}
	if _, err := os.Stat("workshop-1.jpg"); err != nil {
		t.Error(err)
	}
	if err := os.Mkdir("photos", 0o700); err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{"photos": "photos/workshop.jpg", "photos/a.jpg": "photos/a.jpg", "b.jpg": "b.jpg"} {
		term.press("w ctrl+u")
		term.write(typed)
		term.press("enter")
		if _, err := os.Stat(want); err != nil {
			t.Errorf("%s: %v", typed, err)
		}
	}
	term.say("w", "nowhere/a.jpg")
	term.wants("not saved: ")
	if term.press("w esc"); term.m.transfer != nil {
		t.Error("esc saves")
	}
}

// differing serves another file, or none.
type differing struct{ status int }

func (d differing) RoundTrip(r *http.Request) (*http.Response, error) {
	body := "<html>gone\x1b[2J</html>"
	return &http.Response{
		StatusCode: d.status, Header: http.Header{"Content-Type": {"text/html"}}, ContentLength: int64(len(body)),
		Body: readCloser{strings.NewReader(body)}, Request: r, Proto: "HTTP/1.1",
	}, nil
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func TestAFileThatIsAnother(t *testing.T) {
	t.Chdir(t.TempDir())
	term := withMedia(t, "bob", 791, 160, 24, nil)
	term.m.media = media.NewFetcher(media.WithTransport(differing{200}))
	term.press("w enter")
	term.wants("size differs: declared 157783, found 21", "MD5 differs: declared fe5bd9c8", "type differs")
	term.say(":", "media")
	term.wants("3 links of this message, 3 checked", "found: 200 text/html · 21 bytes", "size differs", "type differs")
	term.m.media = media.NewFetcher(media.WithTransport(differing{404}))
	term.press("r")
	term.wants("found: 404 text/html", "check 127.0.0.1:8085: the server has no file for it")
	term.press("w enter")
	term.wants("not saved: ")
}

// TestACheckThatIsStopped: what was found stays, and r goes on with the rest.
func TestACheckThatIsStopped(t *testing.T) {
	term := withMedia(t, "bob", 791, 100, 24, nil)
	held := term.held()
	held.say(":", "media")
	term.wants("0 checked · esc stops", "checking · 0 B of 158 KB")
	held.send(keyOf(t, "esc"))
	term.wants("0 checked · r checks", "not checked")
	term.press("r")
	term.wants("3 links of this message, 3 checked", "size, MD5, dimensions as declared")
	if term.press("esc"); term.m.cover != nil {
		t.Error("esc does not close it")
	}
	held.say(":", "media")
	c := term.m.cover.(*mediaCheck)
	if busy := c.busy; busy == nil {
		t.Fatal("nothing is checked")
	} else if held.send(keyOf(t, "Q")); c.busy == nil {
		t.Error("quitting is not the pane's to do")
	}
}

// TestAFileAmongSeveral: with more than one, the reader says which.
func TestAFileAmongSeveral(t *testing.T) {
	t.Chdir(t.TempDir())
	var opened []string
	term := withMedia(t, "bob", 808, 100, 24, &opened)
	term.press("w")
	term.wants("which one? o opens it, w saves it", "item 2 original", "hubs.jpg", "item 3 original", "kettle.jpg", "not checked")
	for l, _ := term.m.cover.(*mediaCheck).current(); l.FileName != "kettle.jpg"; l, _ = term.m.cover.(*mediaCheck).current() {
		term.press("j")
	}
	term.press("w")
	term.wants("save as: kettle.jpg")
	term.press("enter o y")
	if _, err := os.Stat("kettle.jpg"); err != nil || len(opened) != 1 || !strings.HasSuffix(opened[0], "/kettle.jpg") {
		t.Errorf("%v, opened %q", err, opened)
	}
	for w := minWidth; w < 130; w += 7 {
		term.send(tea.WindowSizeMsg{Width: w, Height: 11})
		for range 8 {
			for i, l := range strings.Split(term.m.View().Content, "\n") {
				if n := cellsOf(l); n > w {
					t.Fatalf("%d wide: line %d has %d cells", w, i, n)
				}
			}
			if !strings.Contains(term.shows(), "▌") {
				t.Errorf("%d wide: the selected link is not on screen:\n%s", w, term.shows())
			}
			term.press("k")
		}
	}
}

// TestStoppingAFile: esc ends the saving, and what comes later is not told.
func TestStoppingAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	term := withMedia(t, "bob", 791, 100, 20, nil)
	held := term.held()
	held.say("w", "a.jpg")
	term.wants("saving workshop.jpg · 0 B of 158 KB · esc stops")
	running := term.m.transfer
	held.say("w", "b.jpg")
	term.wants("another file is being saved")
	if held.send(keyOf(t, "esc")); term.m.transfer != nil {
		t.Error("esc does not stop it")
	}
	term.wants("stopped: nothing was saved")
	held.send(fetchedMsg{transfer: running, err: fmt.Errorf("late")})
	if strings.Contains(term.shows(), "late") {
		t.Errorf("told too late:\n%s", term.shows())
	}
}
