package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var completers = []string{"alice", "Alan", "bob", "chen li", "a:(b", "x)", "", "陈", "say,\"so\\", "@RBT#1"}

func TestCompleteFilter(t *testing.T) {
	const everyField = "from: type: is: has: after: before: on: sub: seq: id:"
	for _, test := range []struct{ typed, want string }{ // | is the cursor; want begins with what is replaced
		{"|", " " + everyField},
		{"x |", " " + everyField},
		{"(|", " " + everyField},
		{"-|", " " + everyField},
		{"not |x", " " + everyField},
		{"f|", "f from:"},
		{"x -F|oo", "F from:"},
		{"o|", "o on:"},
		{"s|", "s sub: seq:"},
		{"from|", "from from:"},
		{"fromm|", "fromm"},
		{"(is:deleted) or s|", "s sub: seq:"},
		{`"f|`, `"f`},
		{`"x" f|`, "f from:"},
		{"a) |", " " + everyField},
		{"a)|", ""},

		{"type:|", " text image file audio video custom multi-item combined tips recall-notice system command barrage"},
		{"TYPE:I|", "I image"},
		{"type:image,|", " text file audio video custom multi-item combined tips recall-notice system command barrage"},
		{"type:image,multi|", "multi multi-item"},
		{"is:r|", "r recalled"},
		{"has:|", " payload media link"},
		{"has:payload| x", "payload payload"},
		{"has:payload |", " " + everyField},

		{"from:|", ` alice Alan bob "chen li" "a:(b" "x)" 陈 "say,\"so\\" @RBT#1`},
		{"from:A|", `A alice Alan "a:(b"`},
		{"(from:bob,c|", `c "chen li"`},
		{`from:"chen |`, `"chen  "chen li"`},
		{`from:"A|`, `"A alice Alan "a:(b"`},
		{`from:"bob"|`, ""},
		{"from:zoe|", "zoe"},
		{"from:bob,bob|", "bob"},

		{"after:2|", "2"},
		{"sub:|", ""},
		{"form:b|", ""},
		{"from:,b|", ""},
		{`from:"bob"b f|`, ""},
		{"http://f|", "http://f"},
		{"陈f|", "陈f"},
	} {
		typed, after, _ := strings.Cut(test.typed, "|")
		start, options := CompleteFilter(typed+after, len(typed), completers)
		got := typed[start:]
		if len(options) > 0 {
			got += " " + strings.Join(options, " ")
		}
		if got != test.want {
			t.Errorf("%s becomes %q, want %q", test.typed, got, test.want)
		}
	}
}

func TestCompletionIsBounded(t *testing.T) {
	var many []string
	for i := range 2000 {
		many = append(many, fmt.Sprintf("user_%04d", i))
	}
	if _, options := CompleteFilter("from:USER_1", 11, many); len(options) != maxOptions || options[0] != "user_1000" || options[49] != "user_1049" {
		t.Errorf("%d options: %v", len(options), options)
	}
	for _, at := range []int{-1, 3, 99} { // a cursor that is nowhere
		if start, _ := CompleteFilter("x ", at, nil); start < 0 || start > 2 {
			t.Errorf("cursor %d: start %d", at, start)
		}
	}
}

// FuzzCompleteFilter shows that no option spoils what could become a filter.
func FuzzCompleteFilter(f *testing.F) {
	for _, s := range []string{"", "f", "(x -(fr", "from:a", `from:"c`, "from:bob,", "type:text,i", "x or is:", "not has:p", `"f`, "/f", "seq:1-", `from:"bob"`, "a)", "--s", "="} {
		f.Add(s)
	}
	var endings []string
	for _, last := range []string{"", "x", "text", "recalled", "payload", "-1d", "1"} {
		for n := range 4 {
			endings = append(endings, last+strings.Repeat(")", n))
		}
	}
	becomes := func(s string) bool {
		return slices.ContainsFunc(endings, func(end string) bool {
			_, wrong := parseFilter(s+end, filterZone, filterNow)
			return wrong == nil
		})
	}
	f.Fuzz(func(t *testing.T, s string) {
		start, options := CompleteFilter(s, len(s), completers)
		if start < 0 || start > len(s) || len(options) > maxOptions {
			t.Fatalf("%q: from %d, %d options", s, start, len(options))
		}
		if !becomes(s[:start]) {
			return
		}
		for _, option := range options {
			if !becomes(s[:start] + option) {
				t.Errorf("%q becomes %q, which is no filter", s, s[:start]+option)
			}
		}
	})
}
