package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// hostile are the pieces of which attacks, and accidents, are made.
var hostile = append([]string{
	" ", "  ", "\n", "\r\n", "\r", "\t", "\x1b", "\x1b[" + strings.Repeat("1;", 40) + "m", "\x1b]8;;http://x\x1b\\",
	"\u009d52;c;\u009c", "\u0085", "\x00", "\x7f", "\xff", "\xe2\x80", "\u2028", "\u2029",
	"\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u034f",
	"\u200c", "\u200d", "\u200d\u200d", "\ufe0e", "\ufe0f", "\ufe00", "\U000e0067", "\U000e007f", "🏴", "\U000e0100",
	"\u0301", "\u20e3", strings.Repeat("\u0300", 20), "\u093f", "्", "क", "र", "ำ", "ﾞ", "ﾊ",
	"\u3164", "\u115f", "\u2800", "\ue000", "\ufdd0", "\U0010ffff", "ᄀ", "ᅡ", "ᆨ", "가", "ൎ", "\u0600",
	"🏽", "👩", "❤", "🇩", "🇪", "1", "a", "é", "漢", "，", "\u3000", "\u00a0", "ම", "ی", "ര", "\u1031", "\u102c", "◌", "…", "␤",
}, unharmed...)

// foreign draws any text, much of it hostile.
func foreign() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom(hostile),
		rapid.SampledFrom(hostile),
		rapid.StringMatching(`[a-z]{1,12}`),
		rapid.Map(rapid.Int32Range(0, unicode.MaxRune), func(r rune) string { return string(r) }),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 4), func(b []byte) string { return string(b) }),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 24), func(p []string) string { return strings.Join(p, "") })
}

// checkClean reports what is wrong with a cleaned string.
func checkClean(t tester, s string, newlines bool) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("invalid UTF-8 in %+q", s)
	}
	for line := range strings.SplitSeq(s, "\n") {
		if first, _ := utf8.DecodeRuneInString(line); line != "" && isMark(first) {
			t.Errorf("a line begins with a mark: %+q", line)
		}
		if last, _ := utf8.DecodeLastRuneInString(line); endsOpen(last) || last == zwj || last == zwnj {
			t.Errorf("a line ends open: %+q", line)
		}
	}
	for _, r := range s {
		switch {
		case r == '\n' && newlines, r == zwj, r == zwnj, isTag(r), r == cancelTag:
		case r < ' ', r >= 0x7f && r < 0xa0, isBidi(r), isFiller(r), unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co,
			unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point, unicode.Other_Default_Ignorable_Code_Point):
			t.Errorf("%U got through in %+q", r, s)
		}
	}
	for rest := s; rest != ""; {
		first, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		if n := utf8.RuneCountInString(first); n > maxRunes+1 {
			t.Errorf("a character of %d runes: %+q", n, first)
		}
		rest = rest[len(first):]
	}
}

func TestNothingUnprintableGetsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := foreign().Draw(t, "s")
		checkClean(t, CleanLine(s).String(), false)
		checkClean(t, CleanBlock(s).String(), true)
		checkClean(t, CleanBlock(s).Line().String(), false)
		checkClean(t, CleanName(s).String(), false)
	})
}

func TestCleaningTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := foreign().Draw(t, "s")
		if l := CleanLine(s); CleanLine(l.String()) != l {
			t.Errorf("%+q became %+q", l, CleanLine(l.String()))
		}
		if b := CleanBlock(s); CleanBlock(b.String()) != b {
			t.Errorf("%+q became %+q", b, CleanBlock(b.String()))
		}
		if l := CleanName(s); CleanName(l.String()) != l {
			t.Errorf("%+q became %+q", l, CleanName(l.String()))
		}
		if b := CleanBlock(s); b.Rest() == 0 && b.Line() != CleanLine(s) {
			t.Errorf("as a line %+q, as a block %+q", CleanLine(s), b.Line())
		}
	})
}

// TestEveryRune sorts every rune there is, and sends most through the door.
func TestEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if c := rareClass(r); r >= 0xa0 && classOf(r) != c {
			t.Fatalf("%U is of class %d, by the short cut %d", r, c, classOf(r))
		}
		if (r >= 0x3400 && r < 0xf900 || r >= 0x12000 && r < 0x1b000 || r >= 0x20000) && r%61 != 0 {
			continue // blocks of characters that are alike
		}
		s := "a" + string(r) + "b"
		l := CleanLine(s)
		checkClean(t, l.String(), false)
		if CleanLine(l.String()) != l {
			t.Errorf("%U: %+q became %+q", r, l, CleanLine(l.String()))
		}
		if t.Failed() {
			return
		}
	}
}

// TestPlainStandsAlone checks the short cuts: two plain runes are two characters,
// and they have the width that plainCells gives.
func TestPlainStandsAlone(t *testing.T) {
	var plain []rune
	for r := range rune(0x10000) {
		if isPlain(r) {
			plain = append(plain, r)
		}
	}
	for i, r := range plain {
		if n := plainCells(r); n != ansi.StringWidth(string(r)) || n != ansi.StringWidthWc(string(r)) {
			t.Errorf("%U is not %d cells", r, n)
		}
		for _, p := range []string{"a" + string(r), string(r) + "a", string(plain[(i*7919+13)%len(plain)]) + string(r), "가" + string(r)} {
			if oneCharacter(p) {
				t.Errorf("%+q is one character", p)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 10)
	}
	f.Add("\x1b]52;c;Y2FsYw==\x07 "+strings.Join(hostile, ""), 3)
	f.Fuzz(func(t *testing.T, s string, cells int) {
		l, b := CleanLine(s), CleanBlock(s)
		checkClean(t, l.String(), false)
		checkClean(t, b.String(), true)
		if CleanLine(l.String()) != l || CleanBlock(b.String()) != (Block{s: b.s}) {
			t.Errorf("cleaning %+q twice changes it", s)
		}
		for _, w := range []Widths{Wc, Graphemes} {
			checkWrap(t, w, b, cells%200)
			checkCut(t, w, l, cells%200)
		}
	})
}

// isBidi reports whether r changes the direction in which text is read.
func isBidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c || r >= 0x206a && r <= 0x206f
}
