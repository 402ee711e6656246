package text

import (
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

const (
	zwnj           = '\u200c'
	zwj            = '\u200d'
	textSelector   = '\ufe0e'
	emojiSelector  = '\ufe0f'
	replacement    = '\ufffd'
	dottedCircle   = '◌'
	blackFlag      = '\U0001f3f4'
	cancelTag      = '\U000e007f'
	newlinePicture = "␤"
)

// class is what the doors do with a rune.
type class uint8

const (
	base     class = iota // shown as it is
	control               // C0 and DEL: shown as a picture, a tab, a newline
	broken                // shown as U+FFFD
	dropped               // not shown
	space                 // shown as a space
	newline               // U+2028, U+2029
	mark                  // shown on the base before it
	joiner                // ZWJ, ZWNJ: kept where it has work to do
	selector              // U+FE0E, U+FE0F: kept behind an emoji
)

// classOf sorts runes. Tags count as dropped: a flag takes its tags with it
// before they are sorted.
func classOf(r rune) class {
	switch {
	case r < ' ', r == 0x7f:
		return control
	case isPlain(r):
		return base
	case r >= 0x900 && r <= 0xeff && r != 0xe33 && r != 0xeb3, // Indic, Thai, Lao
		r >= 0x1f300 && r <= 0x1faff && !isTone(r): // emoji
		// These ranges have nothing but letters, signs and marks.
		if unicode.Is(unicode.M, r) {
			return mark
		}
		return base
	}
	return rareClass(r)
}

// rareClass is classOf without the short cuts, for what is not ASCII.
func rareClass(r rune) class {
	switch {
	case r < 0xa0:
		return broken
	case r == zwj, r == zwnj:
		return joiner
	case r == textSelector, r == emojiSelector:
		return selector
	case r == '\u2028', r == '\u2029':
		return newline
	case isFiller(r):
		return space
	case unicode.In(r, unicode.Co, unicode.Noncharacter_Code_Point):
		return broken
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return dropped
	case isMark(r):
		return mark
	}
	return base
}

// isPlain reports whether r is of the common characters of which two in a row
// are two characters. It saves asking the segmenter.
func isPlain(r rune) bool {
	switch {
	case r < 0x300:
		return r >= ' ' && r < 0x7f || r >= 0xae || r >= 0xa0 && r < 0xad && r != '©'
	case r < 0x1e00:
		return r >= 0x370 && r < 0x483 || r >= 0x48a && r < 0x530 || // Greek, Cyrillic
			r >= 0x5d0 && r <= 0x5ea || // Hebrew
			r >= 0x620 && r <= 0x64a || r >= 0x671 && r <= 0x6d3 // Arabic
	case r < 0x3000:
		return r < 0x2000 || r >= 0x2010 && r <= 0x2027 || r >= 0x2500 && r < 0x2590
	}
	return r >= 0x3041 && r <= 0x3096 || r >= 0x30a1 && r <= 0x30fa || // kana
		r >= 0x3400 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3 || // Han, Hangul
		r >= 0xff01 && r <= 0xff9d
}

// plainCells is the width of a plain rune where ambiguous ones are narrow.
func plainCells(r rune) int {
	if r < 0x3000 || r > 0xff60 {
		return 1
	}
	return 2
}

// isFiller reports whether r is a letter or symbol that looks like a space.
func isFiller(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800:
		return true
	}
	return false
}

// isTag reports whether r is a letter or digit of a tag flag.
func isTag(r rune) bool { return r >= 0xe0020 && r < cancelTag }

// isTone reports whether r is a skin tone.
func isTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// isMark reports whether r stands on the character before it: combining marks,
// skin tones, and what the segmenter attaches though unicode.M does not hold it
// (Thai sara am, voiced marks of half-width kana, marks newer than our tables).
func isMark(r rune) bool {
	return unicode.Is(unicode.M, r) || oneCharacter("a"+string(r))
}

// isEmoji reports whether a selector may follow r.
func isEmoji(r rune) bool {
	return r >= '0' && r <= '9' || r == '#' || r == '*' ||
		r >= 0xa9 && oneCharacter(string(r)+string(zwj)+"❤")
}

// endsOpen reports whether the last rune of a line would swallow whatever is
// drawn to the right of it, as some letters of Brahmic scripts do.
func endsOpen(r rune) bool {
	return r >= 0x600 && !isPlain(r) && oneCharacter(string(r)+"a")
}

// joining are the scripts in which a joiner changes how letters are written:
// the cursive ones, and those with a virama.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati,
	unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam,
	unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Mongolian, unicode.Syriac,
	unicode.Nko, unicode.Mandaic, unicode.Phags_Pa, unicode.Balinese, unicode.Javanese,
	unicode.Sundanese, unicode.Meetei_Mayek, unicode.Chakma, unicode.Grantha, unicode.Tirhuta,
	unicode.Adlam, unicode.Hanifi_Rohingya,
}

// joins reports whether r is a letter or mark of a joining script.
func joins(r rune) bool {
	return r >= 0x600 && unicode.In(r, joining...) && unicode.In(r, unicode.L, unicode.M)
}

// oneCharacter reports whether s is a single grapheme cluster.
func oneCharacter[T string | []byte](s T) bool {
	first, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return len(first) == len(s)
}
