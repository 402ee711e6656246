package history

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
)

func mustQuery(t interface{ Fatalf(string, ...any) }, typed string) Query {
	q, err := ParseQuery(typed)
	if err != nil {
		t.Fatalf("ParseQuery(%q): %v", typed, err)
	}
	return q
}

// marked returns s with its ranges in angle brackets.
func marked(q Query, s string) string {
	var b strings.Builder
	from := 0
	for _, r := range q.Ranges(s) {
		b.WriteString(s[from:r[0]] + "‹" + s[r[0]:r[1]] + "›")
		from = r[1]
	}
	return b.String() + s[from:]
}

func TestQuery(t *testing.T) {
	for _, tt := range []struct{ typed, text, want string }{
		{"frame", "Frame by FRAME, reframed", "‹Frame› by ‹FRAME›, re‹frame›d"},
		{"Frame", "Frame by FRAME, reframed", "‹Frame› by FRAME, reframed"},
		{"aa", "aaaaa", "‹aa›‹aa›a"},
		{" ", "a b", "a‹ ›b"},
		{"пятница", "Пятница, ПЯТНИЦА", "‹Пятница›, ‹ПЯТНИЦА›"},
		{"Пятница", "пятница, Пятница", "пятница, ‹Пятница›"},
		{"ⱥb", "Ⱥb ȺB ⱥB", "‹Ⱥb› ‹ȺB› ‹ⱥB›"}, // three bytes in lower case, two in upper
		{"σίσυφος", "ΣΊΣΥΦΟΣ", "‹ΣΊΣΥΦΟΣ›"},
		{"ß", "ẞ ss", "‹ẞ› ss"},
		{"k", "K k \u212A", "‹K› ‹k› \u212A"},
		{"\u017F", "s S \u017F", "s S ‹\u017F›"},
		{"车架", "蓝色的车架", "蓝色的‹车架›"},
		{"🙂", "ok 🙂", "ok ‹🙂›"},
		{"\xff", "a\uFFFDb", "a‹\uFFFD›b"},
		{"=frame", "Frame frame", "Frame ‹frame›"},
		{"=/a/", "/a/ a", "‹/a/› a"},
		{"==", "a=b", "a‹=›b"},
		{"/", "a/b", "a‹/›b"},
		{"//", "http://x", "http:‹//›x"},
		{"/usr", "in /usr/", "in ‹/usr›/"},
		{"/a.c/", "ABC abc", "‹ABC› ‹abc›"},
		{"/A.c/", "ABC Abc", "ABC ‹Abc›"},
		{`/\Sx\D/`, "ax1 aX ", "ax1 ‹aX ›"},
		{"/x*/", "axxb", "a‹xx›b"},
		{`/\bis\b/`, "this is", "this ‹is›"},
		{"/^a|b$/", "aab b", "‹a›ab ‹b›"},
		{"/k/", "k K \u212A", "‹k› ‹K› ‹\u212A›"}, // Go's own folding
	} {
		q := mustQuery(t, tt.typed)
		if got := marked(q, tt.text); got != tt.want {
			t.Errorf("%q marks %q, want %q", tt.typed, got, tt.want)
		}
		if q.String() != tt.typed || q.IsZero() {
			t.Errorf("%q is %q, zero: %v", tt.typed, q, q.IsZero())
		}
	}
	for _, typed := range []string{"", "="} {
		q := mustQuery(t, typed)
		if _, found := q.In(zim.ReadMessage([]byte(`{"Sender":"a"}`))); !q.IsZero() || found || q.Ranges("a") != nil {
			t.Errorf("%q finds something", typed)
		}
	}
}

func TestQueryErrors(t *testing.T) {
	for typed, want := range map[string]string{
		"/a(b/":                     "( is not closed",
		"/a)/":                      ") closes nothing",
		"/x[a/":                     "[ is not closed: [a",
		"/*a/":                      "* has nothing before it to repeat",
		"/a**/":                     "** repeats a repetition",
		"/a{2000}/":                 "{2000} repeats too often, or the wrong way round",
		`/a\/`:                      `\ at the end means nothing`,
		`/\y/`:                      `\y means nothing`,
		"/(?=a)/":                   "(?= is not known to Go's regular expressions",
		"/[z-a]/":                   "invalid character class range: z-a",
		"/\xff/":                    "invalid UTF-8: \xff",
		strings.Repeat("a", 4097):   "longer than 4096 bytes",
		"/" + nest("a", 1001) + "/": "too large for a regular expression",
	} {
		q, err := ParseQuery(typed)
		wrong, ok := errors.AsType[*QueryError](err)
		if !ok || wrong.Problem != want || err.Error() != want {
			t.Errorf("%.40q: %v, want %q", typed, err, want)
		}
		if !q.IsZero() {
			t.Errorf("%.40q: not zero after an error", typed)
		}
	}
}

func nest(s string, times int) string {
	return strings.Repeat("(", times) + s + strings.Repeat(")", times)
}

func TestSmartCaseOfRegexps(t *testing.T) {
	for expr, want := range map[string]bool{
		`abc`: false, `aBc`: true, `Ä`: true, `日本`: false,
		`\S\D\W\B\A`: false, `\SX`: true,
		`\pL\PN`: false, `\p{Lu}\P{Greek}`: false, `\pLX`: true, `\p{Lu}X`: true,
		`\x4A\x{1F600}`: false, `\x4aX`: true, `\x{4a}X`: true,
		`\QAB\E`: true, `\Qab\Ec`: false, `\Qab`: false, `\QA`: true, `\Qa\EB`: true,
		`[a-z]`: false, `[A-Z]`: true, `[^\S]`: false, `[]A]`: true, `[]a]`: false, `[^]a]`: false, `[[:alpha:]x]`: false, `[[:alpha:]X]`: true,
		`[(?P<]a`: true, `[(?p<]a`: false, `[(?P<X]a`: true, `[[:alpha:]](?P<Name>a)`: false,
		`(?P<Name>a)`: false, `(?<Name>a)`: false, `(?P<name>A)`: true,
		`(?U)a`: false, `(?U:A)`: true, `(?s-U:a)`: false,
	} {
		if _, err := regexp.Compile(expr); err != nil {
			t.Fatal(err)
		}
		if got := upperInRegexp(expr); got != want {
			t.Errorf("%s has an upper-case letter: %v, want %v", expr, got, want)
		}
	}
}

func TestIn(t *testing.T) {
	const (
		text   = `{"Sender":"alice","MsgType":1,"MsgBody":"Two frames, caf\u00e9","MsgId":915037856700012345,"MsgSeq":812,"Payload":"{\"trace\":\"39be\\u0034\"}","MsgTime":1641189212345,"IsEmpty":0,"ReplyTo":{"id":"bob\u0040x"}}`
		file   = `{"Sender":"bob","MsgType":12,"MsgBody":"%7B%22file_name%22%3A%22R%C3%A9sum%C3%A9%201.pdf%22%2C%22file_size%22%3A%22176%22%7D","MsgId":1e18,"MsgSeq":"0813"}`
		custom = `{"Sender":"dave","MsgType":200,"MsgBody":"{\"to\": \"\\u5f20\"}"}`
	)
	for _, tt := range []struct{ raw, typed, field string }{
		{text, "two FRAMES", ""}, {text, "two frames", "MsgBody"}, {text, "Two", "MsgBody"}, {text, "é", "MsgBody"}, {text, "É", ""},
		{text, `/f\w+s, c/`, "MsgBody"}, {text, "/café|tea/", "MsgBody"}, {text, "u00e9", ""}, {text, "=caf", "MsgBody"}, {text, "=Caf", ""},
		{text, "alice", "Sender"}, {text, "39be4", "Payload"}, {text, `":"39`, "Payload"}, {text, "bob@x", "ReplyTo"},
		{text, "915037856700012345", "MsgId"}, {text, "012345", "MsgId"}, {text, "12345", ""}, {text, "812", "MsgSeq"}, {text, "81", ""},
		{text, `/\d{18}/`, "MsgId"}, {text, `/^8\d+$/`, "MsgSeq"}, {text, "1641189212345", ""},
		{text, "MsgBody", ""}, {text, "isempty", ""}, {text, "replyto", ""}, {text, `","`, ""},
		{file, "résumé 1", "MsgBody"}, {file, ".pdf", "MsgBody"}, {file, "c3", ""}, {file, "22file", ""}, {file, "file_name", ""}, {file, "%", ""}, {file, "176", ""},
		{file, "1000000000000000000", "MsgId"}, {file, "813", "MsgSeq"}, {file, "000000", "MsgId"},
		{custom, "张", "MsgBody"}, {custom, `"to":"`, "MsgBody"}, {custom, `"to": "`, "MsgBody"}, {custom, "to", "MsgBody"},
	} {
		m := zim.ReadMessage([]byte(tt.raw))
		if field, found := mustQuery(t, tt.typed).In(m); field != tt.field || found != (tt.field != "") {
			t.Errorf("%q is in %q, %v, want %q, in %s", tt.typed, field, found, tt.field, tt.raw)
		}
	}
}

// TestNothingOfTheWireIsFound looks for all that stands in messages around what
// they say.
func TestNothingOfTheWireIsFound(t *testing.T) {
	const s, link = "Привет, завтра", "Ссылка"
	words := strings.Fields(`{ } [ ] : " \ % \u 22 3A 3a 7B D0 d1 u04 041f 25 7 true`)
	words = slices.AppendSeq(slices.AppendSeq(words, maps.Keys(bodyNames)), maps.Keys(envelopeNames))
	for msgType, object := range structuredBodies(s, link) {
		for _, enc := range bodyEncodings {
			raw := messageOf(msgType, enc.encode(object), `,"MsgId":3,"MsgSeq":4,"MsgTime":1777298651009,"IsEmpty":0`)
			for _, word := range words {
				if field, found := mustQuery(t, "="+word).In(zim.ReadMessage([]byte(raw))); found {
					t.Errorf("%q is found in %s of %v, %s", word, field, msgType, enc.name)
				}
			}
		}
	}
}

func TestQueryFindStops(t *testing.T) {
	list, _ := benchHistory()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, typed := range []string{"zeppelin", "frame"} {
		if found, err := mustQuery(t, typed).Find(ctx, list); found != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%q: %d hits, %v", typed, len(found), err)
		}
	}
}

// TestWhatMustBeDecoded: what can have the query is not passed over, and what
// cannot mostly is.
func TestWhatMustBeDecoded(t *testing.T) {
	for _, tt := range []struct {
		typed, raw string
		want       bool
	}{
		{"frame", `the FRAME`, true}, {"frame", `the fram`, false}, {"Frame", `the FRAME`, false},
		{"=a fr.me!", `me`, false}, {"=a fr.me!", `fr`, true}, // the rarer of its runs
		{"frame", `\u0066rame`, true}, {"frame", `fr\\u0041me`, true}, {"frame", `\u00e9 \u003c \n %3C %2F`, false},
		{"frame", `fr%61me`, true}, {"frame", `fr%2561me`, true}, {"frame", `fr%5Cu0061me`, true}, {"frame", `fr\u002561me`, true}, {"frame", `fr\u005cu0061me`, true},
		{"frame", `%2522 %252520 %5C%22 %E4%BD%A0 %zz %`, false},
		{"车架", `蓝色的车架`, true}, {"车架", `的车`, false},
		{"车架", `\u8f66\u67B6`, true}, {"车架", `\\u8f66\\u67b6`, true}, {"车架", `车\u67b6`, true}, {"车架", `\u8f66架`, true}, {"车架", `\u8f66\u8f66`, false},
		{"车架", `%E8%BD%A6%E6%9E%B6`, true}, {"车架", `%25e8%25bd%25a6%25e6%259e%25b6`, true}, {"车架", `%E8%BD%A6%E8%BD%A6`, false}, {"车架", `%5Cu8f66`, true},
		{"🙂", `\ud83d\ude42`, true}, {"🙂", `\ud83d\ude43`, false}, {"🙂", `\ud83d`, false}, {"🙂", `%F0%9F%99%82`, true},
		{"ⱥ", `Ⱥ`, true}, {"ⱥ", `\u023a`, true}, {"ⱥ", `%C8%BA`, true}, {"Ⱥ", `ⱥ`, false},
		{"!?", `x`, true}, {"\uFFFD", `x`, true}, // nothing to look for
		{"/ab|cd/", `cd`, true}, {"/ab|cd/", `ac`, false}, {"/a(bc)+d?/", `bc`, true}, {"/a(bc)*d?/", `x`, false}, {"/(ab){2}/", `x`, false}, {"/(bc)?/", `x`, true}, {"/ab|c?/", `x`, true},
		{"/sky/", `\u017fKY`, true}, {"/ski/", "s\u212Ai", true},
	} {
		if got := mustQuery(t, tt.typed).mayBeIn(zim.Message{Raw: []byte(tt.raw)}); got != tt.want {
			t.Errorf("%q may be in %s: %v, want %v", tt.typed, tt.raw, got, tt.want)
		}
	}
}

func TestRangesAreBounded(t *testing.T) {
	text := strings.Repeat("ab ", 5000)
	for _, typed := range []string{"a", "=a", "/a/", "/a*/"} {
		got := mustQuery(t, typed).Ranges(text)
		if len(got) != 1000 || got[999] != [2]int{2997, 2998} {
			t.Errorf("%q: %d ranges to %v", typed, len(got), got[len(got)-1])
		}
	}
}

// TestAQueryPassesOverWithoutAllocating: what is passed over costs no memory.
func TestAQueryPassesOverWithoutAllocating(t *testing.T) {
	list, _ := benchHistory()
	for _, typed := range []string{"zeppelin", "Zeppelin", "пятьдесят", "没有", "31415926535", "/zep+elin/"} {
		q := mustQuery(t, typed)
		if n := testing.AllocsPerRun(5, func() {
			for _, m := range list[:len(benchKinds)] {
				if _, found := q.In(m); found {
					t.Errorf("%q is found", typed)
				}
			}
		}); n > 0 {
			t.Errorf("%q: %v allocations", typed, n)
		}
	}
}
