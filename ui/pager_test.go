package ui

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

func pagerOf(parts []part, w, h int) *pager {
	p := &pager{made: map[int][]row{}}
	p.resize(w, h, text.Graphemes)
	p.show(parts, false)
	return p
}

// plainRows returns the rows as text.
func plainRows(rows []row) (lines []string) {
	for _, r := range rows {
		var b strings.Builder
		for _, s := range r {
			b.WriteString(s.text.String())
		}
		lines = append(lines, b.String())
	}
	return lines
}

// TestThePagerIsAWindow compares the pager with all rows laid out at once, over
// random texts, sizes and moves.
func TestThePagerIsAWindow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var parts []part
		for range rapid.IntRange(1, 6).Draw(rt, "texts") {
			s := strings.Repeat(rapid.SampledFrom([]string{"word ", "line\n", "陈晓", `{"a":1}`, "x"}).Draw(rt, "piece"), rapid.IntRange(1, 3000).Draw(rt, "times"))
			parts = append(parts, parted(s, part{indent: rapid.IntRange(0, 5).Draw(rt, "indent")}, false)...)
		}
		w, h := rapid.IntRange(8, 90).Draw(rt, "w"), rapid.IntRange(1, 30).Draw(rt, "h")
		p := pagerOf(parts, w, h)
		var all []row
		for i := range parts {
			all = append(all, p.lay(parts[i])...)
		}
		want := plainRows(all)
		at := 0
		for range rapid.IntRange(1, 20).Draw(rt, "moves") {
			switch k := rapid.IntRange(-60, 60).Draw(rt, "k"); {
			case k == 60:
				p.last()
				at = len(want)
			case k == -60:
				p.scroll(-1 << 20)
				at = 0
			default:
				p.scroll(k)
				at += k
			}
			at = max(0, min(at, len(want)-h))
			got := plainRows(p.window())
			if end := min(at+h, len(want)); strings.Join(got, "\n") != strings.Join(want[at:end], "\n") {
				rt.Fatalf("at row %d of %d:\n%s\nwant\n%s", at, len(want), strings.Join(got, "\n"), strings.Join(want[at:end], "\n"))
			}
		}
		for _, r := range all {
			if n := r.width(text.Graphemes); n > w {
				rt.Fatalf("a row of %d cells in %d", n, w)
			}
		}
	})
}

// TestThePagerLaysOutWhatIsVisible: a text of 4 MiB opens by its first parts, and
// goes to its end by its last ones.
func TestThePagerLaysOutWhatIsVisible(t *testing.T) {
	text := strings.Repeat(`{"order":1041,"state":"paid"},`, 4<<20/30)
	p := pagerOf(parted(text, part{}, false), 80, 40)
	p.window()
	p.last()
	p.window()
	if p.laid > 8 {
		t.Errorf("%d of %d parts were laid out", p.laid, len(p.parts))
	}
}

func TestThePagerFinds(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "line %05d\n", i)
	}
	p := pagerOf(parted(b.String(), part{}, false), 40, 10)
	q, err := history.ParseQuery("line 1234")
	if err != nil {
		t.Fatal(err)
	}
	p.mark(q)
	for _, want := range []string{"line 12340", "line 12341", "line 12342"} {
		step := 1
		if want == "line 12340" {
			step = 0
		}
		if !p.find(step) || plainRows(p.window())[0] != want {
			t.Errorf("found %q, want %q", plainRows(p.window())[0], want)
		}
	}
	if !p.find(-1) || plainRows(p.window())[0] != "line 12341" {
		t.Errorf("back is %q", plainRows(p.window())[0])
	}
	if p.laid > 16 {
		t.Errorf("%d of %d parts were laid out", p.laid, len(p.parts))
	}
	if q, _ = history.ParseQuery("nowhere"); true {
		p.mark(q)
	}
	if p.find(1) {
		t.Error("found what is not there")
	}
}

func TestThePagerWithoutWrapping(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	p := pagerOf(parted(long+"\nshort", part{}, true), 40, 5)
	p.wrap(false)
	if got := plainRows(p.window()); len(got) != 2 || !strings.HasPrefix(got[0], "0123456789") || got[1] != "short" {
		t.Errorf("%q", got)
	}
	p.handleKey(keyOf(t, "l"))
	p.handleKey(keyOf(t, "l"))
	p.handleKey(keyOf(t, "h"))
	p.handleKey(keyOf(t, "l"))
	if p.shift != 2*shiftBy || !strings.HasPrefix(plainRows(p.window())[0], "0123") {
		t.Errorf("shifted by %d: %q", p.shift, plainRows(p.window())[0])
	}
}
