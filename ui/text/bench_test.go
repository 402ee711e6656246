package text

import (
	"strings"
	"testing"
)

// samples are 200 runes each, but for the last: a message at the limit.
var samples = []struct{ name, s string }{
	{"ascii", strings.Repeat("the quick brown fox ", 10)},
	{"latin", strings.Repeat("Zwölf Boxkämpfer ja ", 10)},
	{"cyrillic", strings.Repeat("Съешь ещё этих булок", 10)},
	{"han", strings.Repeat("敏捷的棕色狐狸跳過了懶狗，然後回家睡覺", 11)},
	{"hindi", strings.Repeat("नमस्ते दुनिया क्षमा ", 10)},
	{"emoji", strings.Repeat("ok 👍🏽 👩\u200d💻 🇩🇪 fine \u2764\ufe0f ", 9)},
	{"escapes", strings.Repeat("\x1b[31mred\x1b[0m plain\t", 11)},
	{"64KiB", strings.Repeat("the quick brown fox ", limit/20)},
}

func BenchmarkCleanBlock(b *testing.B) {
	for _, s := range samples {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				CleanBlock(s.s)
			}
		})
	}
}

func BenchmarkOf(b *testing.B) { bothWidths(b, func(w Widths, l Block) { w.Of(Line{l.s}) }) }

func BenchmarkWrap(b *testing.B) { bothWidths(b, func(w Widths, l Block) { w.Wrap(l, 60) }) }

func bothWidths(b *testing.B, do func(Widths, Block)) {
	for _, s := range samples {
		block := CleanBlock(s.s)
		for w, name := range []string{"wc", "graphemes"} {
			b.Run(s.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					do(Widths(w), block)
				}
			})
		}
	}
}
