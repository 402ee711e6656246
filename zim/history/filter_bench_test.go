package history

import (
	"testing"
	"time"
)

// BenchmarkPick filters 100,000 messages and reports ms for each filter.
func BenchmarkPick(b *testing.B) {
	list, _ := benchHistory()
	for _, test := range []struct{ name, typed string }{
		{"none", ""},
		{"time", "after:2022-01-03T05:54:00Z"},
		{"seq", "seq:5000-6000"},
		{"from", "from:user_7,user_8"},
		{"type", "type:image,file"},
		{"is", "is:recalled,deleted"},
		{"has-payload", "has:payload"},
		{"has-link", "has:link"},
		{"undecodable", "is:undecodable"},
		{"word-rare", "derailleur"},
		{"word-common", "frame"},
		{"regexp", `/[dw]\w+lle?ur/`},
		{"from-and-word", "frame from:user_1"},
		{"combination", `(from:user_1 or type:image) after:-30d -has:payload "blue frame"`},
	} {
		b.Run(test.name, func(b *testing.B) {
			f, err := ParseFilter(test.typed, time.UTC, time.Date(2022, 1, 4, 0, 0, 0, 0, time.UTC))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			picked := 0
			for b.Loop() {
				indices, err := f.Pick(b.Context(), list)
				if err != nil {
					b.Fatal(err)
				}
				picked = len(indices)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms")
			b.ReportMetric(float64(picked), "picked")
		})
	}
}
