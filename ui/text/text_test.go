package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPolicy has the rows of the policy for text from users, each input as it
// is shown in a line; block is given where a block shows it otherwise.
func TestPolicy(t *testing.T) {
	r := strings.Repeat
	rows := []struct{ name, in, line, block string }{
		{name: "plain", in: "hello ~", line: "hello ~"},
		{name: "empty"},
		{name: "invalid UTF-8", in: "a\xffb\xc3", line: "a\ufffdb\ufffd"},
		{name: "surrogate", in: "\xed\xa0\x80", line: "\ufffd\ufffd\ufffd"},
		{name: "replacement itself", in: "\ufffd", line: "\ufffd"},
		{name: "C1", in: "\u0080\u009b31m\u009f\u0085", line: "\ufffd\ufffd31m\ufffd\ufffd"},
		{name: "noncharacters", in: "\ufdd0\uffff\U0010ffff", line: "\ufffd\ufffd\ufffd"},
		{name: "private use", in: "\ue000\U000f0000\U0010fffd", line: "\ufffd\ufffd\ufffd"},
		{name: "C0", in: "\x00\x07\x0b\x1f", line: "␀␇␋␟"},
		{name: "DEL", in: "a\x7f", line: "a␡"},
		{name: "ESC is text", in: "\x1b[31mred\x1b]0;t\x07", line: "␛[31mred␛]0;t␇"},
		{name: "lone CR", in: "abc\rX", line: "abc␍X"},
		{name: "CR CR LF", in: "a\r\r\nb", line: "a␍␤b", block: "a␍\nb"},
		{name: "CRLF", in: "a\r\nb", line: "a␤b", block: "a\nb"},
		{name: "LF", in: "a\n\nb\n", line: "a␤␤b␤", block: "a\n\nb\n"},
		{name: "TAB", in: "a\tb", line: "a    b"},
		{name: "separators", in: "a\u2028b\u2029c", line: "a␤b␤c", block: "a\nb\nc"},
		{name: "bidi", in: "a\u202eb\u202a\u2066\u2069\u200e\u200f\u061c\u206a\u206fc", line: "abc"},
		{name: "format runes", in: "a\u200bb\u2060c\ufeffd\u00ade\u034ff\u2061g\u180eh\u0600i\ufff9j", line: "abcdefghij"},
		{name: "other ignorables", in: "a\u17b4b\u2065c\U000e0001d\U000e0080e", line: "abcde"},
		{name: "other selectors", in: "漢\U000e0100a\ufe00b\ufe0dc\u180bd", line: "漢abcd"},
		{name: "ZWJ between emoji", in: "👩\u200d💻", line: "👩\u200d💻"},
		{name: "ZWJ doubled", in: "👩\u200d\u200d💻", line: "👩\u200d💻"},
		{name: "ZWJ, then bidi", in: "👩\u200d\u202e💻", line: "👩\u200d💻"},
		{name: "ZWJ at an end", in: "\u200da\u200d", line: "a"},
		{name: "ZWJ between Latin letters", in: "pay\u200dpal", line: "paypal"},
		{name: "ZWJ before another kind", in: "👩\u200dx क\u200d👩", line: "👩x क👩"},
		{name: "ZWNJ between emoji", in: "👩\u200c💻", line: "👩💻"},
		{name: "ZWNJ between Persian letters", in: "می\u200cخواهم", line: "می\u200cخواهم"},
		{name: "ZWNJ before a space", in: "می\u200c خ", line: "می خ"},
		{name: "joiner before a mark", in: "র\u200d্য", line: "র\u200d্য"},
		{name: "joiners in an emoji", in: r("👩\u200d", 11) + "👩", line: r("👩\u200d", 9) + "👩👩\u200d👩"},
		{name: "joiners in a word", in: r("ی\u200c", 11) + "ی ی\u200cی", line: r("ی\u200c", 9) + "ییی ی\u200cی"},
		{name: "one selector", in: "❤\ufe0f\ufe0f", line: "❤\ufe0f"},
		{name: "text selector", in: "☎\ufe0e\ufe0f", line: "☎\ufe0e"},
		{name: "selector on a letter", in: "a\ufe0f漢\ufe0f\ufe0f", line: "a漢"},
		{name: "selector at the start", in: "\ufe0fa", line: "a"},
		{name: "selector behind a mark", in: "1\u20e3\ufe0f", line: "1\u20e3"},
		{name: "tag flag", in: "🏴\U000e0067\U000e007f.", line: "🏴\U000e0067\U000e007f."},
		{name: "tags without an end", in: "🏴\U000e0067\U000e0062.", line: "🏴."},
		{name: "tags without a flag", in: "a\U000e0067\U000e007f", line: "a"},
		{name: "nine tags", in: "🏴" + r("\U000e0067", 9) + "\U000e007f", line: "🏴"},
		{name: "eight tags", in: "🏴" + r("\U000e0067", 8) + "\U000e007f", line: "🏴" + r("\U000e0067", 8) + "\U000e007f"},
		{name: "flag without tags", in: "🏴\U000e007f", line: "🏴"},
		{name: "marks", in: "a" + r("\u0301", 20) + "b\u0301", line: "a" + r("\u0301", 8) + "b\u0301"},
		{name: "skin tones are marks", in: "👍" + r("🏽", 20), line: "👍" + r("🏽", 8)},
		{name: "leading mark", in: "\u0301a", line: "◌\u0301a"},
		{name: "leading skin tone", in: "🏽", line: "◌🏽"},
		{name: "leading sara am", in: "ำ", line: "◌ำ"},
		{name: "mark on a new line", in: "a\n\u0301", line: "a␤◌\u0301", block: "a\n◌\u0301"},
		{name: "mark behind bidi", in: "\u202e\u0301", line: "◌\u0301"},
		{name: "Hangul fillers", in: "a\u3164b\uffa0c\u115fd\u1160e", line: "a b c d e"},
		{name: "braille blank", in: "a\u2800⠁", line: "a ⠁"},
		{name: "conjunct without end", in: "क" + r("्क", 40), line: "क" + r("्क", 15) + "्\ufffd" + r("्क", 16) + "्\ufffd" + r("्क", 7)},
		{name: "letter that takes the next cell", in: "aൎ\nb", line: "aൎ◌␤b", block: "aൎ◌\nb"},
		{name: "letter with its next cell", in: "ൎക", line: "ൎക"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if row.block == "" {
				row.block = row.line
			}
			if got := CleanLine(row.in).String(); got != row.line {
				t.Errorf("line %+q, want %+q", got, row.line)
			}
			b := CleanBlock(row.in)
			if b.String() != row.block {
				t.Errorf("block %+q, want %+q", b, row.block)
			}
			if got := b.Line().String(); got != row.line {
				t.Errorf("block as a line %+q, want %+q", got, row.line)
			}
		})
	}
}

// unharmed is text that people write; every word of it must come through.
var unharmed = []string{
	"👨\u200d👩\u200d👧\u200d👦", "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏿", "🧑🏻\u200d🤝\u200d🧑🏾", "🏳\ufe0f\u200d🌈", "🏴\u200d☠\ufe0f", // joined
	"👍🏽", "☝🏿", "🤷🏼\u200d♀\ufe0f", // skin tones
	"🇩🇪🇫🇷", "🇻🇳", // flags
	"🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", // Scotland
	"1\ufe0f\u20e3#\ufe0f\u20e3*\ufe0f\u20e3", "❤\ufe0f⚠\ufe0f©\ufe0f", "☎\ufe0e",
	"नमस्ते", "क्ष ज्ञ त्र", "विद्यार्थियों", "क्\u200dष र्\u200cक", // Hindi
	"வணக்கம்", "ஸ்ரீ", "விளையாட்டுக்காரர்களுக்கு", // Tamil
	"สวัสดี", "น้ำ ที่ กำลัง", // Thai
	"می\u200cخواهم", "کتاب\u200cهای", "سلام", // Persian
	"السلام عليكم", "مُحَمَّدٌ", // Arabic
	"שלום", "בְּרֵאשִׁית", // Hebrew
	"Việt Nam", "Vie\u0323\u0302t Nam", // Vietnamese, composed and not
	"漢字", "中文，測試。", "かな", "か\u3099", "ﾊﾞﾋﾟ", "한국어", "각", // CJK
	"ශ්\u200dරී ලංකා", "ක්\u200dෂ", // Sinhala
	"বাংলা র\u200d্যাব", "ગુજરાતી", "ਪੰਜਾਬੀ", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "ଓଡ଼ିଆ",
	"ភាសាខ្មែរ", "မြန်မာ", "ລາວ ນ້ຳ", "བོད་ཡིག", "አማርኛ", "ქართული", "Ελληνικά", "Русский", "Қазақ",
	"naïve façade Åß", "“quoted” – dash — … €5 ½ x² →", "a\u00a0b\u202fc\u3000d",
}

func TestUnharmed(t *testing.T) {
	for _, s := range unharmed {
		for _, in := range []string{s, "x" + s + "x", s + " " + s, s + s} {
			if got := CleanLine(in).String(); got != in {
				t.Errorf("line %+q became %+q", in, got)
			}
			if got := CleanBlock(in).String(); got != in {
				t.Errorf("block %+q became %+q", in, got)
			}
		}
	}
}

func TestCleanBlockLimit(t *testing.T) {
	fill := func(n int) string { return strings.Repeat("x", n) }
	rows := []struct {
		name, in string
		out      int // bytes
		rest     int
	}{
		{"exact", fill(limit), limit, 0},
		{"one over", fill(limit + 1), limit, 1},
		{"far over", fill(limit * 3), limit, limit * 2},
		{"a rune across", fill(limit-1) + "漢字", limit - 1, 6},
		{"a character across", fill(limit-9) + "👩\u200d💻", limit - 9, 11},
		{"a mark across", fill(limit-1) + "e\u0301z", limit - 1, 4},
		{"a flag across", fill(limit-4) + "🇩🇪", limit - 4, 8},
		{"a joiner before the cut", fill(limit-5) + "ی\u200cی", limit - 3, 5},
		{"wide characters", strings.Repeat("漢", limit), limit - 1, 2*limit + 1},
		{"pictures", strings.Repeat("\x1b", limit), limit - 1, limit - limit/3},
		{"tabs", strings.Repeat("\t", limit), limit, limit - limit/4},
		{"newlines", fill(limit) + "\n\n", limit, 2},
		{"dropped runes", strings.Repeat("\u202e", limit) + "a", 1, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			b := CleanBlock(row.in)
			if len(b.String()) != row.out || b.Rest() != row.rest {
				t.Errorf("%d bytes laid out, %d left; want %d and %d", len(b.String()), b.Rest(), row.out, row.rest)
			}
			if again := CleanBlock(b.String()); again.String() != b.String() || again.Rest() != 0 {
				t.Errorf("cleaned again it has %d bytes, %d left", len(again.String()), again.Rest())
			}
		})
	}
}

func TestCleanName(t *testing.T) {
	rows := []struct{ in, want string }{
		{"Alice Moreau", "Alice Moreau"},
		{"", ""}, {"   ", ""}, {"\u3164\u3164", ""}, {"\u2800", ""}, {"\u200b\u202e\u00a0", ""}, {"\u3000", ""},
		{strings.Repeat("n", 64), strings.Repeat("n", 64)},
		{strings.Repeat("n", 65), strings.Repeat("n", 63) + "…"},
		{strings.Repeat("漢", 40), strings.Repeat("漢", 31) + "…"},
		{"👩\u200d💻", "👩\u200d💻"},
		{"a\nb", "a␤b"},
	}
	for _, row := range rows {
		if got := CleanName(row.in).String(); got != row.want {
			t.Errorf("CleanName(%+q) is %+q, want %+q", row.in, got, row.want)
		}
		if CleanName(row.in).Empty() != (row.want == "") {
			t.Errorf("CleanName(%+q).Empty() is %t", row.in, row.want != "")
		}
	}
}

func TestHidden(t *testing.T) {
	got := Hidden("a\u202eb\u200b\u2066\u202e\u061c\U000e0067\u3164\ufe0f\xff\x1b")
	if want := []rune{0x202e, 0x200b, 0x2066, 0x61c, 0xe0067, 0x3164, 0xfe0f}; !slices.Equal(got, want) {
		t.Errorf("hidden %U, want %U", got, want)
	}
	if got := Hidden("سلام hello ✓"); got != nil {
		t.Errorf("hidden %U", got)
	}
}

func TestRevealBlock(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ntext":           "plain\ntext",
		"a\u202eb\u200bc\u3164": `a\u{202E}b\u{200B}c\u{3164}`,
		"\x1b[2J\tx":            `\u{001B}[2J\u{0009}x`,
		"a\xffb\ufffd":          `a\x{FF}b` + "\ufffd",
		"👨\u200d👩":              `👨\u{200D}👩`,
		"\u009d52\u009c":        `\u{009D}52\u{009C}`,
		"नमस्ते":                "नमस्ते",
		"\U000e0041":            `\u{E0041}`,
	} {
		if got := RevealBlock(in).String(); got != want {
			t.Errorf("%+q is revealed as %q, want %q", in, got, want)
		}
	}
	big := RevealBlock(strings.Repeat("\u202e", 40_000))
	if len(big.String()) > limit || big.Rest() == 0 {
		t.Errorf("%d bytes are laid out, %d left", len(big.String()), big.Rest())
	}
}

func TestBlank(t *testing.T) {
	for in, want := range map[string]bool{"": true, " \n\t": true, "\u3164\u200b": true, "a": false, "␛": false, "\x00": false} {
		if got := CleanBlock(in).Blank(); got != want {
			t.Errorf("%+q is blank: %v", in, got)
		}
	}
}

func TestJoin(t *testing.T) {
	if got := Join(); !got.Empty() {
		t.Errorf("nothing joined is %q", got)
	}
	if got, want := Join(Lit("a "), CleanLine("b\tc"), Line{}, Lit("│")), "a b    c│"; got.String() != want {
		t.Errorf("joined %q, want %q", got, want)
	}
}

// TestNoAllocation pins what the doors cost for the text that is most common.
func TestNoAllocation(t *testing.T) {
	s := strings.Repeat("plain text, two lines\n", 10)
	if n := testing.AllocsPerRun(10, func() { CleanBlock(s); CleanLine(s[:20]); Wc.Of(Line{s}); Wc.Fold(Line{s}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func ExampleCleanLine() {
	fmt.Println(CleanLine("Alice \x1b[31m\u202egpj.exe"))
	// Output: Alice ␛[31mgpj.exe
}
