package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"backscroll/zim/emulator"
)

// openArchive opens the sample chat of 100,000 messages, a thousand pages of which
// twenty come in a second.
func openArchive(t *testing.T, args string) *screen {
	t.Helper()
	s := openScreen(t, 120, 40)
	s.begin("--demo --user alice --peer archive " + args)
	s.waitFor("alice → archive")
	return s
}

// ends quits, and looks at what is left.
func (s *screen) ends() {
	s.t.Helper()
	s.press("Q")
	s.wantWhole(0)
	s.wantNoSecret()
}

// letters types something, without the key that ends it.
func (s *screen) letters(text string) {
	s.t.Helper()
	s.tmux("send-keys", "-l", text)
}

// answer types something into a prompt that a key opens.
func (s *screen) answer(key, text string) {
	s.t.Helper()
	s.press(key)
	s.shell(text)
}

// bar returns the row on which the selection of the focused pane stands, and what
// is written behind it; -1 if there is none.
func (s *screen) bar() (int, string) {
	for i, row := range strings.Split(s.shows(), "\n") {
		if _, rest, ok := strings.Cut(row, "▌"); ok {
			return i, strings.TrimRight(rest, " ╴┃┨━╋")
		}
	}
	return -1, ""
}

// status returns the last row.
func (s *screen) status() string {
	rows := strings.Split(strings.TrimRight(s.shows(), "\n"), "\n")
	return rows[len(rows)-1]
}

// number waits for the last row to have what the pattern says, and returns the
// number in it.
func (s *screen) number(pattern string) (n int) {
	s.t.Helper()
	r := regexp.MustCompile(pattern)
	s.until(pattern+" in the last row", func() bool {
		found := r.FindStringSubmatch(s.status())
		if found == nil {
			return false
		}
		n, _ = strconv.Atoi(found[1])
		return true
	})
	return n
}

// lacks waits for the last row to be without something.
func (s *screen) lacks(text string) func() bool {
	return func() bool { return !strings.Contains(s.status(), text) }
}

// says waits for the last row to have something.
func (s *screen) says(text string) func() bool {
	return func() bool { return strings.Contains(s.status(), text) }
}

// The way back, as the last row tells it while pages are asked for.
const (
	backTo    = `back to 20\d\d-\d\d-\d\d \d\d:\d\d · `
	callsMade = `(\d+) calls?, about \d+ left, \d+ (?:s|min) · esc stops`
)

// TestSearchEndToEnd searches a chat of 100,000: keys are live all the while, esc
// ends it and says how far back it was, and a hit some pages back is gone to.
func TestSearchEndToEnd(t *testing.T) {
	t.Parallel()
	s := openArchive(t, "")
	s.number(`([1-9]\d*) loaded, older: yes`) // the first page: before it there are 0
	s.answer("/", "marzipan")
	begun := s.number(`/marzipan · no hit, ` + backTo + callsMade)
	before, _ := s.bar()
	s.press("k")
	s.until("other row with the selection", func() bool { row, _ := s.bar(); return row >= 0 && row < before })
	row, message := s.bar()
	s.number(`/marzipan · no hit, ` + backTo + callsMade) // it was not over meanwhile
	s.until("five more calls", func() bool { return s.number(callsMade) >= begun+5 })
	if rowNow, now := s.bar(); now != message || rowNow != row {
		t.Errorf("the search moved the selection from %q in row %d to %q in row %d", message, row, now, rowNow)
	}
	s.escape(s.says("search stopped: no hit, back to 20"))

	s.answer("/", "11111")
	s.waitFor("/11111 · 1 of 5, back to 20", "▌   11111 and 11112 go to the same street")
	s.press("n", "n")
	s.waitFor("/11111 · 3 of 5, back to 20", "▌   Refund for 11111")
	s.escape(s.says("search stopped: 3 of 5, back to 20"))
	s.press("N")
	s.waitFor("/11111 2 of 5, back to 20", `▌   [custom 110] {"order":11111,"state":"shipped"}`)
	s.escape(s.lacks("/11111"))
	s.ends()
}

// TestFilterEndToEnd types a filter with completions and a mistake. What it hides
// is counted; where it hides all, the reader is asked after 20 pages.
func TestFilterEndToEnd(t *testing.T) {
	t.Parallel()
	s := openArchive(t, "")
	s.number(`([1-9]\d*) loaded, older: yes`) // the first page: before it there are 0
	s.press("f")
	s.waitFor("filter:", "from:  type:  is:  has:")
	s.letters("from:ar")
	s.press("Tab")
	s.waitFor("filter: from:archive")
	s.shell(" typ:image")
	s.waitFor(" filter: from:archive typ:image", "\n"+strings.Repeat(" ", len(" filter: from:archive "))+"^^^ no field \"typ\": is it type:?")
	for range len(":image") {
		s.press("BSpace")
	}
	s.press("Tab")
	s.waitFor("filter: from:archive type:")
	s.letters("im")
	s.press("Tab")
	s.waitFor("filter: from:archive type:image")
	s.press("Enter")
	s.waitFor("[image 14 KB 320×240] label.jpg")
	if n := s.number(`from:archive type:image, (\d+) hidden · `); n < 90 {
		t.Errorf("%d hidden", n)
	}
	for row := range strings.Lines(s.shows()) {
		_, right, _ := strings.Cut(row, "│")
		if strings.HasPrefix(right, "   alice ") || strings.Contains(right, "[custom") {
			t.Errorf("it is not hidden: %s", row)
		}
	}
	s.press("f", "C-u")
	s.shell("marzipan")
	s.waitFor("the filter hides all ", " loaded · 20", " · k loads more")
	asked := s.number(`marzipan, (\d+) hidden · `)
	if loaded := s.number(` (\d+) loaded, older: yes`); loaded != asked || loaded < 2000 {
		t.Errorf("%d hidden of %d", asked, loaded)
	}
	s.press("k")
	s.until("more pages", func() bool { return s.number(`marzipan, (\d+) hidden · `) > asked })
	s.press("f", "C-u", "Enter")
	s.until("all messages", s.lacks("hidden"))
	s.waitFor("Friday 17 April 2026", "   alice ")
	s.ends()
}

// TestGoToEndToEnd goes to days and numbers that are not loaded, back again, and
// to one so far away that esc ends the way.
func TestGoToEndToEnd(t *testing.T) {
	t.Parallel()
	s := openArchive(t, "")
	s.number(`([1-9]\d*) loaded, older: yes`) // the first page: before it there are 0
	s.press("t")
	s.waitFor("go to:", "seq 120")
	s.shell("2026-04-06")
	s.waitFor("· 2026-04-06 09:0", "──── Monday 6 April 2026 ────")
	s.answer("t", "seq 99500")
	s.waitFor("· seq 99500")
	s.press("{", "{")
	s.waitFor("· 2026-04-04 09:0", "──── Saturday 4 April 2026 ────")
	s.press("}")
	s.waitFor("· 2026-04-05 09:0", "──── Sunday 5 April 2026 ────")
	s.press("C-o", "C-o", "C-o", "C-o")
	s.waitFor("· 2026-04-06 09:0")

	s.answer("t", "2025-01-01 12:00")
	begun := s.number(`to 2025-01-01 12:00 · ` + backTo + callsMade)
	s.until("two more calls", func() bool { return s.number(callsMade) >= begun+2 })
	s.escape(s.says("stopped: back to 20"))
	s.press("C-o")
	s.waitFor("· seq 100000")
	s.ends()
}

// TestBeginningEndToEnd starts at a place of a chat: one that is pages away, and one
// that is shown in the inspector long before it could be reached.
func TestBeginningEndToEnd(t *testing.T) {
	t.Parallel()
	s := openArchive(t, "--seq 99000")
	s.waitFor("· seq 99000", "▌   Order 11099 is packed: 3× bell, 3× bell.")
	s.ends()
	s.begin("--demo --user alice --peer archive --at 2026-04-10T07:00:00+02:00")
	s.waitFor("· 2026-04-10 13:15", "▌   Order 11177 left at noon.")
	s.ends()
	s.begin("--demo --user alice --peer archive --seq 10")
	s.waitFor("to seq 10 · back to 20", "esc stops", "looked up by its number", "MsgSeq        10\n")
	s.escape(s.says("stopped: back to 20"))
	s.ends()
}

// TestFindEndToEnd searches all of a user's conversations but those that are too
// old, opens a hit at its place, and goes back to the hits and to the list.
func TestFindEndToEnd(t *testing.T) {
	t.Parallel()
	base := serve(t)
	s := openScreen(t, 120, 40, fmt.Sprintf("BACKSCROLL_APP_ID=%d", emulator.AppID), "BACKSCROLL_SERVER_SECRET="+emulator.ServerSecret)
	s.begin("--user alice --rate 20 --endpoint " + base)
	s.waitFor("23 conversations")
	s.answer(":", "find soup after:2026-04-20")
	s.waitFor("Found · soup", "▌ Soup is getting cold.", "21 of 23 searched", "done, ")
	s.press("j", "Enter")
	s.waitFor("alice → walter", "Wednesday 22 April 2026", "▌   Tell him there is soup.", "▏ Tell him there is soup.", "/soup ")
	s.escape(s.lacks("/soup"))
	s.escape(s.lacks("seq 2466"))
	s.waitFor("▌ Tell him there is soup.")
	s.escape(func() bool { return strings.Contains(s.shows(), "23 conversations") })

	s.answer(":", "find marzipan")
	s.until("search of the archive", func() bool {
		return regexp.MustCompile(`archive, back to 20\d\d-\d\d-\d\d`).MatchString(s.shows())
	})
	s.escape(func() bool { return strings.Contains(s.shows(), "stopped · r goes on") })
	s.waitFor("no hit yet", "21 of 23 searched")
	s.ends()
}

// TestActionsEndToEnd does by name what keys do.
func TestActionsEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 40)
	s.begin("--demo --user alice --peer walter")
	s.waitFor("100 loaded, older: yes")
	s.press(":")
	s.letters("den")
	s.waitFor(":den", "key D")
	s.press("Tab", "Enter")
	s.waitFor("seq 2512 · id ")
	s.answer(":", "density")
	s.until("the short rows", func() bool { return !strings.Contains(s.shows(), "seq 2512 · id ") })
	s.answer(":", "go 2026-04-01")
	s.waitFor("Wednesday 1 April 2026", "· 2026-04-01 ")
	s.answer(":", "filter from:walter soup")
	s.number(`from:walter soup, (\d+) hidden`)
	s.answer(":", "nonsense")
	s.waitFor("no such action: tab lists them")
	s.escape(func() bool { return !strings.Contains(s.shows(), "no such action") })
	s.answer(":", "time-zone")
	s.waitFor("times in UTC")
	s.answer(":", "quit")
	s.wantWhole(0)
	s.wantNoSecret()
}
