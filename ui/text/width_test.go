package text

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// tester is what the checks need of *testing.T and *rapid.T.
type tester interface {
	Helper()
	Errorf(string, ...any)
}

// rendered is the width that the renderer counts.
func rendered(w Widths, s string) int {
	if w == Graphemes {
		return ansi.StringWidth(s)
	}
	return ansi.StringWidthWc(s)
}

func widths() *rapid.Generator[Widths] { return rapid.SampledFrom([]Widths{Wc, Graphemes}) }

func TestWidthIsTheRenderers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := widths().Draw(t, "w")
		l := CleanLine(foreign().Draw(t, "s"))
		for _, l := range []Line{l, w.Fold(l)} {
			if got, want := w.Of(l), rendered(w, l.String()); got != want {
				t.Errorf("%+q is %d cells, the renderer says %d", l, got, want)
			}
			sum := 0
			for s := l.s; s != ""; {
				size, cells := w.next(s)
				sum += cells
				s = s[size:]
			}
			if sum != w.Of(l) {
				t.Errorf("%+q is %d cells, its characters are %d", l, w.Of(l), sum)
			}
		}
	})
}

func TestWidth(t *testing.T) {
	rows := []struct {
		in                string
		wc, folded, graph int
	}{
		{"", 0, 0, 0},
		{"hello", 5, 5, 5},
		{"漢字", 4, 4, 4},
		{"👨\u200d👩\u200d👧\u200d👦", 8, 8, 2},
		{"❤\ufe0f", 1, 1, 2},
		{"👍🏽", 4, 2, 2},
		{"🇩🇪", 2, 2, 2},
		{"1\ufe0f\u20e3", 1, 1, 2},
		{"नमस्ते", 4, 4, 3},
		{"می\u200cخواهم", 7, 7, 7},
		{"e\u0301", 1, 1, 1},
	}
	for _, row := range rows {
		l := CleanLine(row.in)
		if a, b, c := Wc.Of(l), Wc.Of(Wc.Fold(l)), Graphemes.Of(l); a != row.wc || b != row.folded || c != row.graph {
			t.Errorf("%+q is %d, folded %d, by graphemes %d; want %d, %d, %d", row.in, a, b, c, row.wc, row.folded, row.graph)
		}
	}
}

func TestFold(t *testing.T) {
	rows := []struct{ in, want string }{
		{"👩🏽\u200d❤\ufe0f\u200d👨🏿", "👩❤👨"},
		{"1\ufe0f\u20e3 ☎\ufe0e", "1\u20e3 ☎"},
		{"ශ්\u200dරී", "ශ්\u200dරී"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"র\u200d্য", "র\u200d্য"},
		{"👩\u200dℹ\ufe0f", "👩ℹ"},
	}
	for _, row := range rows {
		l := CleanLine(row.in)
		if got := Wc.Fold(l).String(); got != row.want {
			t.Errorf("%+q folds to %+q, want %+q", row.in, got, row.want)
		}
		if got := Graphemes.Fold(l); got != l {
			t.Errorf("%+q folds to %+q under Graphemes", row.in, got)
		}
	}
}

// disagreeing are the scripts in which, after Fold, the two rules count some
// character differently. Wc counts every consonant of a conjunct and every
// spacing mark, Graphemes counts the character they are in. Beside the Brahmic
// scripts: the sara am of Thai and Lao, the vowels of Miao, runs of
// leading Hangul jamo and the tone marks of Hangul and Han (syllables agree),
// and of "Common" single regional indicators (flags agree), the voiced marks of
// half-width kana, and two Vedic signs. "Unassigned" is newer than the tables of
// the standard library. Every other script agrees.
var disagreeing = []string{
	"Ahom", "Balinese", "Batak", "Bengali", "Bhaiksuki", "Brahmi", "Buginese", "Chakma", "Cham", "Common",
	"Devanagari", "Dives_Akuru", "Dogra", "Grantha", "Gujarati", "Gunjala_Gondi", "Gurmukhi", "Han", "Hangul",
	"Hanunoo", "Javanese", "Kaithi", "Kannada", "Kawi", "Kharoshthi", "Khmer", "Khojki", "Khudawadi", "Lao",
	"Lepcha", "Limbu", "Makasar", "Malayalam", "Marchen", "Masaram_Gondi", "Meetei_Mayek", "Miao", "Modi",
	"Myanmar", "Nandinagari", "Newa", "Oriya", "Rejang", "Saurashtra", "Sharada", "Siddham", "Sinhala",
	"Soyombo", "Sundanese", "Syloti_Nagri", "Tagalog", "Tai_Tham", "Takri", "Tamil", "Telugu", "Thai",
	"Tibetan", "Tirhuta", "Zanabazar_Square", "unassigned",
}

// disagrees reports whether r is one of the characters of which disagreeing
// speaks: alone, on a base, behind itself, or in a conjunct.
func disagrees(r rune) bool {
	if oneCharacter("क्"+string(r)) && !isMark(r) {
		return true
	}
	for _, s := range []string{string(r), "◌" + string(r), string(r) + string(r)} {
		if l := Wc.Fold(CleanLine(s)); Wc.Of(l) != Graphemes.Of(l) {
			return true
		}
	}
	return false
}

func TestRulesAgree(t *testing.T) {
	found := map[string]bool{}
	for r := rune(0xa0); r < 0x20000; r++ { // behind it there are Han, tags and private use
		if !isPlain(r) && rareClass(r) != broken && disagrees(r) {
			found[scriptOf(r)] = true
		}
	}
	if names := slices.Sorted(maps.Keys(found)); !slices.Equal(names, disagreeing) {
		t.Errorf("the rules disagree in\n%q, want\n%q", names, disagreeing)
	}
}

func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "unassigned"
}

// TestRulesAgreeOnTexts is the same for whole texts without those characters.
func TestRulesAgreeOnTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Map(func(r rune) rune {
			if disagrees(r) {
				return -1
			}
			return r
		}, foreign().Draw(t, "s"))
		if l := Wc.Fold(CleanLine(s)); Wc.Of(l) != Graphemes.Of(l) {
			t.Errorf("%+q is %d cells, by graphemes %d", l, Wc.Of(l), Graphemes.Of(l))
		}
	})
}

// checkCut checks Cut, Fit and FitRight.
func checkCut(t tester, w Widths, l Line, cells int) {
	t.Helper()
	cut, fit, right := w.Cut(l, cells), w.Fit(l, cells), w.FitRight(l, cells)
	folded := w.Fold(l)
	switch width := w.Of(folded); {
	case w.Of(cut) > max(cells, 0):
		t.Errorf("%+q cut to %d is %d cells", l, cells, w.Of(cut))
	case width <= cells && cut != folded:
		t.Errorf("%+q fits into %d, and was cut to %+q", l, cells, cut)
	case width > cells && cells > 0 && !strings.HasSuffix(cut.s, ellipsis):
		t.Errorf("%+q cut to %d is %+q, without …", l, cells, cut)
	case width > cells && !strings.HasPrefix(folded.s, strings.TrimSuffix(cut.s, ellipsis)):
		t.Errorf("%+q cut to %d is %+q", l, cells, cut)
	}
	if want := min(max(cells, 0), maxPad); w.Of(fit) != want || w.Of(right) != want {
		t.Errorf("%+q fitted to %d is %d and %d cells", l, cells, w.Of(fit), w.Of(right))
	}
	if w.Fold(cut) != cut {
		t.Errorf("%+q, cut, folds to %+q", cut, w.Fold(cut))
	}
	if strings.TrimRight(fit.s, " ") != strings.TrimRight(cut.s, " ") || strings.TrimLeft(right.s, " ") != strings.TrimLeft(cut.s, " ") {
		t.Errorf("%+q fitted to %d is %+q and %+q, cut %+q", l, cells, fit, right, cut)
	}
	if !utf8.ValidString(cut.s) {
		t.Errorf("invalid UTF-8 in %+q", cut)
	}
}

func TestCutFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkCut(t, widths().Draw(t, "w"), CleanLine(foreign().Draw(t, "s")), rapid.IntRange(-2, 60).Draw(t, "cells"))
	})
}

// TestBorderStands puts foreign text between borders, as panes do: where they
// stand must not depend on it, by either rule.
func TestBorderStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, cells := widths().Draw(t, "w"), rapid.IntRange(2, 30).Draw(t, "cells")
		lines := w.Wrap(CleanBlock(foreign().Draw(t, "body")), cells)
		lines = append(lines, CleanLine(foreign().Draw(t, "name")))
		for _, l := range lines {
			border := Lit("│")
			row := Join(border, w.Fit(l, cells), border, w.FitRight(l, cells), border)
			if got := rendered(w, row.s); got != 2*cells+3 {
				t.Errorf("%+q makes a row of %d cells, want %d", l, got, 2*cells+3)
			}
		}
	})
}

func TestCut(t *testing.T) {
	rows := []struct {
		in    string
		cells int
		want  string
	}{
		{"hello", 5, "hello"}, {"hello", 4, "hel…"}, {"hello", 1, "…"}, {"hello", 0, ""}, {"hello", -1, ""}, {"", 3, ""},
		{"漢字漢字", 8, "漢字漢字"}, {"漢字漢字", 7, "漢字漢…"}, {"漢字漢字", 6, "漢字…"}, {"漢", 1, "…"},
		{"hello", math.MaxInt, "hello"}, {"hello", math.MinInt, ""},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	}
	for _, row := range rows {
		for _, w := range []Widths{Wc, Graphemes, 200} {
			if got := w.Cut(CleanLine(row.in), row.cells).String(); got != row.want {
				t.Errorf("%q cut to %d is %q, want %q", row.in, row.cells, got, row.want)
			}
		}
	}
	if got := Wc.Fit(CleanLine("漢"), 5).String() + Wc.FitRight(CleanLine("1.2"), 5).String(); got != "漢     1.2" {
		t.Errorf("fitted %q", got)
	}
	if got := Wc.Fit(CleanLine("a"), math.MaxInt); len(got.s) != maxPad+1 {
		t.Errorf("fitted to the widest it is %d bytes", len(got.s))
	}
	if got := Wc.FitRight(CleanLine("a"), math.MinInt); got.s != "" {
		t.Errorf("fitted to the narrowest it is %q", got)
	}
}
