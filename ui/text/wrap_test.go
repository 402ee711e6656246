package text

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	rows := []struct {
		in    string
		cells int
		want  []string
	}{
		{"", 10, []string{""}},
		{"hello world", 11, []string{"hello world"}},
		{"hello world", 10, []string{"hello", "world"}},
		{"hello   world", 6, []string{"hello", "world"}},
		{"aaaa bbbb", 4, []string{"aaaa", "bbbb"}},
		{"a b c d", 3, []string{"a b", "c d"}},
		{"ab cdefghij k", 4, []string{"ab", "cdef", "ghij", "k"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"one\n\ntwo\n", 5, []string{"one", "", "two", ""}},
		{"    code here", 9, []string{"    code", "here"}},
		{"    abcdefgh", 6, []string{"    ab", "cdefgh"}},
		{"          a", 5, []string{"a"}},
		{"          ", 5, []string{""}},
		{"abc    ", 5, []string{"abc"}},
		{"abcd ൎ ", 5, []string{"abcd", "ൎ "}}, // the space is part of the letter
		{"漢字漢字", 4, []string{"漢字", "漢字"}},
		{"漢字漢字", 3, []string{"漢", "字", "漢", "字"}},
		{"see 漢字漢字", 7, []string{"see 漢", "字漢字"}},
		{"漢字 abc", 6, []string{"漢字", "abc"}},
		{"漢字abc", 6, []string{"漢字", "abc"}},
		{"漢\u3000字", 4, []string{"漢", "字"}},
		{"a\u00a0b c", 3, []string{"a\u00a0b", "c"}},
		{"नमस्ते दुनिया", 4, []string{"नमस्ते", "दुनि", "या"}},
		{"abc", 0, []string{"a", "b", "c"}},
		{"abc", math.MinInt, []string{"a", "b", "c"}},
		{"a\u200bb\tc", math.MaxInt, []string{"ab    c"}},
		{"a漢b", 1, []string{"a", "漢", "b"}},
	}
	for _, row := range rows {
		var got []string
		for _, l := range Wc.Wrap(CleanBlock(row.in), row.cells) {
			got = append(got, l.String())
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%q in %d is %q, want %q", row.in, row.cells, got, row.want)
		}
	}
}

func TestWrapKeepsCharactersWhole(t *testing.T) {
	family := "👨\u200d👩\u200d👧\u200d👦"
	got := Graphemes.Wrap(CleanBlock(strings.Repeat(family, 3)), 5)
	if want := []Line{{family + family}, {family}}; !slices.Equal(got, want) {
		t.Errorf("wrapped %+q", got)
	}
	// Fifteen consonants are one character, and here as wide as fifteen.
	long := "क" + strings.Repeat("्क", 14)
	if got := Wc.Wrap(CleanBlock("x "+long), 10); len(got) != 3 || Join(got[1:]...).s != long {
		t.Errorf("wrapped %+q", got)
	}
}

// checkWrap checks that no line is too wide and that nothing is lost or added
// but white space.
func checkWrap(t tester, w Widths, b Block, cells int) {
	t.Helper()
	lines := w.Wrap(b, cells)
	var all strings.Builder
	for _, l := range lines {
		_, first := w.next(l.s + " ")
		oneWide := cells <= 1 && first == 2 && first == w.Of(l)
		if w.Of(l) > max(cells, 1) && !oneWide {
			t.Errorf("%+q in %d has %+q of %d cells", b, cells, l, w.Of(l))
		}
		if rendered(w, l.s) != w.Of(l) {
			t.Errorf("%+q is %d cells, the renderer says %d", l, w.Of(l), rendered(w, l.s))
		}
		if !utf8.ValidString(l.s) || strings.Contains(l.s, "\n") {
			t.Errorf("%+q in a line", l)
		}
		all.WriteString(l.s)
	}
	if got, want := withoutWhite(all.String()), withoutWhite(w.fold(b.s)); got != want {
		t.Errorf("%+q in %d is %+q, want %+q", b, cells, got, want)
	}
	if n := strings.Count(b.s, "\n") + 1; len(lines) < n {
		t.Errorf("%+q has %d lines, and %d when wrapped", b, n, len(lines))
	}
}

func withoutWhite(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || isWhiteRune(r) {
			return -1
		}
		return r
	}, s)
}

func TestWrapFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkWrap(t, widths().Draw(t, "w"), CleanBlock(foreign().Draw(t, "s")), rapid.IntRange(-1, 40).Draw(t, "cells"))
	})
}

// TestWrapTwice checks that a wrapped line wraps to itself.
func TestWrapTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, cells := widths().Draw(t, "w"), rapid.IntRange(2, 40).Draw(t, "cells")
		for _, l := range w.Wrap(CleanBlock(foreign().Draw(t, "s")), cells) {
			if got := w.Wrap(Block{s: l.s}, cells); len(got) != 1 || got[0] != l {
				t.Errorf("%+q in %d is %+q", l, cells, got)
			}
		}
	})
}

func TestChop(t *testing.T) {
	rows := []struct {
		in    string
		cells int
		want  []string
	}{
		{"", 10, []string{""}},
		{`{"a": 1}`, 3, []string{`{"a`, `": `, `1}`}},
		{"ab\n\ncd\n", 5, []string{"ab", "", "cd", ""}},
		{"漢字a", 3, []string{"漢", "字a"}},
		{"漢", 1, []string{"漢"}},
		{"abc", -1, []string{"a", "b", "c"}},
	}
	for _, row := range rows {
		var got []string
		for _, l := range Wc.Chop(CleanBlock(row.in), row.cells) {
			got = append(got, l.String())
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%q in %d is %q, want %q", row.in, row.cells, got, row.want)
		}
	}
}

func TestChopFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, cells := widths().Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "cells")
		b := CleanBlock(foreign().Draw(t, "s"))
		var all strings.Builder
		for _, l := range w.Chop(b, cells) {
			all.WriteString(l.s)
			if size, _ := w.next(l.s + " "); w.Of(l) > cells && size < len(l.s) {
				t.Errorf("%+q in %d has %+q of %d cells", b, cells, l, w.Of(l))
			}
		}
		if got, want := all.String(), strings.ReplaceAll(w.fold(b.s), "\n", ""); got != want {
			t.Errorf("%+q in %d is %+q, want %+q", b, cells, got, want)
		}
	})
}
