package history

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// underlined shows an error as somebody sees it who typed the filter.
func underlined(s string, e *FilterError) string {
	before, wrong := utf8.RuneCountInString(s[:e.Start]), utf8.RuneCountInString(s[e.Start:e.End])
	return fmt.Sprintf("%s\n%s%s %s", s, strings.Repeat(" ", before), strings.Repeat("^", wrong), e.Problem)
}

func TestFilterErrors(t *testing.T) {
	for _, test := range []struct{ want, advice string }{ // the advice holds this
		{`
form:bob
^^^^ no field "form"`, "is it from:?"},
		{`
refund or typ:image
          ^^^ no field "typ"`, "is it type:?"},
		{`
C:\pictures
^ no field "C"`, "from: type: is: has: after: before: on: sub: seq: id:; to look for a word with a colon, put it in quotes"},
		{`
type:imgae
     ^^^^^ type: does not know "imgae"`, "is it image?"},
		{`
type:image,,file
          ^ a value is missing beside the comma`, "type:image,file"},
		{`
type:,image
     ^ a value is missing beside the comma`, "without spaces"},
		{`
from:bob, alice
        ^ a value is missing beside the comma`, "without spaces"},
		{`
from: bob
^^^^^ from: without a value`, "right behind the colon"},
		{`
(from:)
 ^^^^^ from: without a value`, "from:bob,alice"},
		{`
陈晓 is:recaled or
      ^^^^^^^ is: does not know "recaled"`, "is it recalled? it knows recalled, deleted, undecodable"},
		{`
has:payload,x
            ^ has: does not know "x"`, "it knows payload, media, link"},
		{`
after:yesterday
      ^^^^^^^^^ "yesterday" is no time`, "or -24h for a day ago"},
		{`
before:2026-02-30
       ^^^^^^^^^^ "2026-02-30" is no time`, "2026-05-01"},
		{`
on:-99999999w
   ^^^^^^^^^^ "-99999999w" is no time`, ""},
		{`
after:2026-05-01 14:00 from:bob
      ^^^^^^^^^^^^^^^^ a time with a space needs quotes`, `after:"2026-05-01 14:00"`},
		{`
on:2026-05-01,2026-05-02
             ^^^^^^^^^^^ one time only`, "on:… or on:…"},
		{`
sub:1e2
    ^^^ "1e2" is no number`, "digits"},
		{`
id:99999999999999999999
   ^^^^^^^^^^^^^^^^^^^^ "99999999999999999999" is no number`, ""},
		{`
seq:-
    ^ "-" is no range of numbers`, "100-200"},
		{`
seq:1-2-3
    ^^^^^ "1-2-3" is no range of numbers`, ""},
		{`
seq:200-100
    ^^^^^^^ the range ends before it begins`, "100-200"},
		{`
"blue frame
^^^^^^^^^^^ the quote is not closed`, `add "`},
		{`
from:bob,"alice
         ^^^^^^ the quote is not closed`, `add "`},
		{`
"a\"
^^^^ the quote is not closed`, `\"`},
		{`
-""
 ^^ nothing in the quotes`, ""},
		{`
"blue"frame
      ^^^^^ no space after the quote`, ""},
		{`
from:"bob"alice,x
          ^^^^^^^ no space after the quote`, ""},
		{`
from:bo"b
       ^ a quote inside of a value`, "round the whole value"},
		{`
refund (blue or (frame)
       ^ ( is not closed`, ""},
		{`
refund (
       ^ ( is not closed`, ""},
		{`
refund () blue
       ^^ nothing in the parentheses`, `"()"`},
		{`
refund)
      ^ ) closes nothing`, `":)"`},
		{`
)
^ ) closes nothing`, ""},
		{`
(refund) :)
          ^ ) closes nothing`, ""},
		{`
refund or
       ^^ nothing after "or"`, "in quotes"},
		{`
(refund and ) blue
        ^^^ nothing after "and"`, ""},
		{`
or refund
^^ nothing before "or"`, "in quotes"},
		{`
a OR and b
     ^^^ nothing before "and"`, ""},
		{`
a not
  ^^^ nothing after "not"`, ""},
		{`
a - b
  ^ nothing after -`, `"-"`},
		{`
/(/
^^^ ( is not closed`, "in quotes"},
		{`
=
^ nothing to look for`, `"="`},
		{"\n" + strings.Repeat("(", 51) + "a\n" + strings.Repeat(" ", 50) + "^ nested too deep", "50"},
		{"\n" + strings.Repeat("-", 51) + "a\n" + strings.Repeat(" ", 50) + "^ nested too deep", "50"},
		{"\n" + strings.Repeat("a", 4095) + "é\n" + strings.Repeat(" ", 4095) + "^ the filter is too long", "4096"},
	} {
		want := test.want[1:]
		typed, _, _ := strings.Cut(want, "\n")
		root, wrong := parseFilter(typed, filterZone, filterNow)
		if wrong == nil {
			t.Errorf("%s\nis let pass: %v", want, root)
			continue
		}
		if got := underlined(typed, wrong); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if wrong.Advice == "" || !strings.Contains(wrong.Advice, test.advice) {
			t.Errorf("%s\nadvises %q, want %q", want, wrong.Advice, test.advice)
		}
	}
}

// Who searches for what a field's name and a colon only look like is not stopped.
func TestWordsWithColons(t *testing.T) {
	for _, s := range []string{"http://a.example", "12:30", "a1:b", "_a:b", ":", "::", ":(", "陈:", "-5:1", `"from:bob"`, "=from:bob", "/from:/"} {
		mustFilter(t, s)
	}
}
