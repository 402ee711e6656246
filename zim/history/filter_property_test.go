package history

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// expression is a filter as a tree: a term of its own, or a join of others.
type expression struct {
	term string // "" for a join
	or   bool
	not  bool
	of   []expression
}

var exampleTerms = []string{
	"from:bob", "from:alice,erin", "type:text", "is:recalled", "has:media", "has:link", "after:2026-05-04", "on:-1d", "sub:110",
	"seq:3-", "frame", `"blue frame"`, "/refund|frame/", "=or", "is:undecodable", "id:971503777289036702",
}

func drawExpression(t *rapid.T, depth int) expression {
	e := expression{not: rapid.Bool().Draw(t, "not")}
	if depth == 0 || rapid.IntRange(0, 2).Draw(t, "kind") == 0 {
		e.term = rapid.SampledFrom(exampleTerms).Draw(t, "term")
		return e
	}
	e.or = rapid.Bool().Draw(t, "or")
	for range rapid.IntRange(2, 3).Draw(t, "of") {
		e.of = append(e.of, drawExpression(t, depth-1))
	}
	return e
}

// holds is what the tree says of a message, by its terms' answers.
func (e expression) holds(terms map[string]bool) bool {
	is := terms[e.term]
	if e.term == "" {
		is = !e.or
		for _, side := range e.of {
			if side.holds(terms) == e.or {
				is = e.or
			}
		}
	}
	return is != e.not
}

// typed writes the tree as a filter, with the parentheses that it needs inside
// of a conjunction, and now and then some that it does not.
func (e expression) typed(t *rapid.T, inAnd bool) string {
	either := func(options ...string) string { return rapid.SampledFrom(options).Draw(t, "as") }
	s := e.term
	if s == "" {
		join := either(" ", " and ", " AND\t")
		if e.or {
			join = either(" or ", "  OR ")
		}
		var sides []string
		for _, side := range e.of {
			sides = append(sides, side.typed(t, !e.or))
		}
		s = strings.Join(sides, join)
	}
	if e.term == "" && (e.not || inAnd && e.or) || either("", "(") != "" {
		s = either("(", "( ") + s + either(")", " )")
	}
	if e.not {
		s = either("-", "not ", "NOT ", "---") + s
	}
	return s
}

func TestPrecedence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawExpression(t, 3)
		typed := e.typed(t, false)
		f, err := ParseFilter(typed, filterZone, filterNow)
		if err != nil {
			t.Fatalf("%s: %v", typed, err)
		}
		for i, m := range filtered {
			terms := map[string]bool{}
			for _, term := range exampleTerms {
				alone, err := ParseFilter(term, filterZone, filterNow)
				if err != nil {
					t.Fatal(err)
				}
				terms[term] = alone.Match(m)
			}
			if got, want := f.Match(m), e.holds(terms); got != want {
				t.Errorf("%s lets %c through: %v", typed, 'a'+i, got)
			}
		}
	})
}

func FuzzParseFilter(f *testing.F) {
	for _, form := range FilterHelp() {
		f.Add(form.Example)
	}
	for _, term := range exampleTerms {
		f.Add("-(" + term + " or x)and not " + term)
	}
	for _, s := range []string{
		`from:"a \\" b",c`, `"a`, `((a)`, `a)`, "=", `="a b"`, "/(/", "/a b/ or", "http://x", "form:x", "type:imgae", "after:2026-05-01 14:00",
		"seq:5-1", "a\u3000陈:\u00a0", "\xff", "-\xff:", "from:\xff,\"", "--", "()", "on:0000-01-01", "on:9999-12-31", `"/"`, `"/a/"`, "/[" + strings.Repeat("陈", 300) + "/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		root, wrong := parseFilter(s, filterZone, filterNow)
		if wrong != nil {
			checkFilterError(t, s, wrong)
			return
		}
		if root == nil {
			if strings.TrimSpace(s) != "" {
				t.Error("it is not empty")
			}
			return
		}
		checkFilter(t, &Filter{s, root})
	})
}

func checkFilterError(t *testing.T, s string, e *FilterError) {
	if e.Start < 0 || e.Start >= e.End || e.End > len(s) {
		t.Fatalf("%q: bytes %d to %d are wrong", s, e.Start, e.End)
	}
	for _, at := range []int{e.Start, e.End} {
		if utf8.ValidString(s) && at < len(s) && !utf8.RuneStart(s[at]) {
			t.Errorf("%q: byte %d is inside of a character", s, at)
		}
	}
	if e.Problem == "" || e.Advice == "" || len(e.Problem) > 500 {
		t.Errorf("%q: problem %q, advice %q", s, e.Problem, e.Advice)
	}
}

// checkFilter holds a filter to what is true of all.
func checkFilter(t *testing.T, f *Filter) {
	again, err := ParseFilter(f.String(), filterZone, filterNow)
	if err != nil {
		t.Fatalf("%q cannot be read again: %v", f, err)
	}
	turned, err := ParseFilter("-( "+f.String()+" )", filterZone, filterNow)
	if err != nil && len(f.String()) < maxFilter-5 && err.Error() != "nested too deep" {
		t.Errorf("-( %s ) cannot be read: %v", f, err)
	}
	since, bound := f.Since()
	for _, m := range filtered {
		is := f.Match(m)
		if again.Match(m) != is || err == nil && turned.Match(m) == is {
			t.Errorf("%q: a message is let through: %v, again %v, turned round %v", f, is, again.Match(m), err == nil && turned.Match(m))
		}
		if at, _ := m.Time(); is && bound && at.Before(since) {
			t.Errorf("%q lets through what is before %v", f, since)
		}
	}
	for _, q := range f.Words() {
		if q.IsZero() {
			t.Errorf("%q has words that are none", f)
		}
	}
}
