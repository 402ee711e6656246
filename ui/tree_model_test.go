package ui

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"backscroll/zim/history"
)

// leaf is a node of a naive tree, which has all of them in memory.
type leaf struct {
	above *leaf
	label string // as it stands before the value
	key   string
	step  string // the filter of jq that leads from above to here
	value any    // as encoding/json decodes it
	text  string // of a scalar
	kids  []*leaf
	open  bool
}

// naive reads a text by the tokens of encoding/json.
func naive(raw string, above *leaf) *leaf {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	return naiveValue(d, above)
}

func naiveValue(d *json.Decoder, above *leaf) *leaf {
	token, err := d.Token()
	if err != nil {
		panic(err)
	}
	l := &leaf{above: above}
	switch v := token.(type) {
	case json.Delim:
		members, list := map[string]any{}, []any{}
		for i := 0; d.More(); i++ {
			label, key, step := strconv.Itoa(i), "", fmt.Sprintf("[%d]", i)
			if v == '{' {
				t, _ := d.Token()
				key, label = t.(string), t.(string)
				quoted, _ := json.Marshal(key)
				if step = "[" + string(quoted) + "]"; key == "" || strings.Contains(key, " ") {
					label = `"` + key + `"`
				}
			}
			kid := naiveValue(d, l)
			kid.label, kid.key, kid.step = label+": ", key, step
			l.kids = append(l.kids, kid)
			members[key] = kid.value
			list = append(list, kid.value)
		}
		_, _ = d.Token()
		if l.value = any(list); v == '{' {
			l.value = members
		}
	case string:
		l.value, l.text = v, v
		decoded, err := base64.StdEncoding.DecodeString(v)
		switch {
		case json.Valid([]byte(v)) && strings.IndexByte("{[", v[0]) >= 0:
			l.kids = []*leaf{naive(v, l)}
			l.kids[0].step = " | fromjson"
		case err == nil && len(v) >= 16 && decoded[0] == '{':
			l.kids = []*leaf{naive(string(decoded), l)}
			l.kids[0].step = " | @base64d | fromjson"
		case err == nil && len(v) >= 16:
			l.kids = []*leaf{{above: l, step: " | @base64d", value: string(decoded), text: string(decoded)}}
		}
	case json.Number:
		l.value, l.text = v, v.String()
	default:
		l.value, l.text = v, fmt.Sprint(v)
		if v == nil {
			l.text = "null"
		}
	}
	return l
}

// each calls f for the node and all in it, in the order of the rows, as far as
// they are unfolded, or all.
func (l *leaf) each(all bool, depth int, f func(l *leaf, depth int)) {
	f(l, depth)
	if l.open || all {
		for _, kid := range l.kids {
			kid.each(all, depth+1, f)
		}
	}
}

func (l *leaf) list(all bool) (list []*leaf) {
	l.each(all, 0, func(l *leaf, _ int) { list = append(list, l) })
	return list
}

// row is how the node looks where there is room for all of it.
func (l *leaf) row(depth int) string {
	handle := "  "
	if len(l.kids) > 0 {
		handle = "▸ "
		if l.open {
			handle = "▾ "
		}
	}
	said := l.text
	switch v := l.value.(type) {
	case map[string]any:
		said = l.container("{}", "key")
	case []any:
		said = l.container("[]", "item")
	case string:
		if !strings.HasSuffix(l.step, "@base64d") {
			said = `"` + strings.NewReplacer("\n", "␤", "\t", `\u{0009}`).Replace(v) + `"`
		}
		if len(l.kids) > 0 {
			said += map[string]string{" | fromjson": " string of JSON", " | @base64d": " base64", " | @base64d | fromjson": " base64 of JSON"}[l.kids[0].step]
		}
	case json.Number:
		if v == "971503777289036701" {
			said += " JS: 971503777289036700"
		}
	}
	return strings.Repeat(" ", 1+2*depth) + handle + l.label + said
}

func (l *leaf) container(brackets, what string) string {
	n := len(l.kids)
	counted := fmt.Sprintf("%d %ss", n, what)
	switch {
	case n == 0:
		return brackets
	case n == 1:
		counted = "1 " + what
	}
	if l.open {
		return counted
	}
	return brackets[:1] + "…" + brackets[1:] + " " + counted
}

// way is the filter of jq for the node.
func (l *leaf) way() string {
	if l.above == nil {
		return ""
	}
	return l.above.way() + l.step
}

// forest is the naive model of a tree: all rows, of which some are on screen.
type forest struct {
	root, selected *leaf
	top, h         int
}

func (f *forest) lines() []*leaf { return f.root.list(false) }

func (f *forest) index() int { return slices.Index(f.lines(), f.selected) }

func (f *forest) clampTop() {
	f.top = max(0, min(f.top, len(f.lines())-max(f.h, 1)))
}

func (f *forest) place(row int) {
	f.top = f.index() - max(0, min(row, max(f.h, 1)-1))
	f.clampTop()
}

func (f *forest) move(k int) {
	at, row := f.index(), f.index()-f.top
	to := max(0, min(at+k, len(f.lines())-1))
	switch {
	case k == 1 || k == -1:
		row += to - at
	case to != at+k && k > 0:
		row = f.h
	case to != at+k:
		row = 0
	}
	f.selected = f.lines()[to]
	f.place(row)
}

func (f *forest) scroll(k int) {
	f.top += k
	f.clampTop()
	last := min(f.top+max(f.h, 1), len(f.lines())) - 1
	f.selected = f.lines()[max(f.top, min(f.index(), last))]
}

func (f *forest) fold() {
	row := f.index() - f.top
	if f.selected.open {
		f.selected.open = false
		f.place(row)
	} else if f.selected.above != nil {
		row -= f.index()
		f.selected = f.selected.above
		f.place(row + f.index())
	}
}

func (f *forest) unfold() bool {
	l := f.selected
	if l.open {
		f.move(1)
		return true
	}
	if l.open = len(l.kids) > 0; !l.open {
		return false
	}
	if _, text := l.value.(string); text {
		_, more := l.kids[0].value.(string)
		l.kids[0].open = !more && len(l.kids[0].kids) > 0
	}
	f.clampTop()
	return true
}

func (f *forest) depth(levels int) {
	row := f.index() - f.top
	f.root.each(true, 0, func(l *leaf, depth int) {
		hidden := false
		for up := l.above; up != nil; up = up.above {
			hidden = hidden || !up.open
		}
		if !hidden {
			l.open = depth < levels && len(l.kids) > 0
		}
	})
	for up := f.selected.above; up != nil; up = up.above {
		if !up.open {
			f.selected = up
		}
	}
	f.place(row)
}

// find returns whether there is a hit, and whether it is beyond the end.
func (f *forest) find(word string, step int, here bool) (found, around bool) {
	all := f.root.list(true)
	at := slices.Index(all, f.selected)
	hit := func(l *leaf) bool {
		inside := len(l.kids) > 0 && strings.HasSuffix(l.kids[0].step, "fromjson") && !strings.Contains(l.kids[0].step, "base64")
		return strings.Contains(strings.ToLower(l.key), word) || !inside && strings.Contains(strings.ToLower(l.text), word)
	}
	to := at
	for n := range len(all) + 1 {
		i := at + n*step
		if n == 0 && !(here && step > 0) {
			continue
		}
		around = i < 0 || i >= len(all) || n == len(all)
		to = (i + len(all)) % len(all)
		if found = hit(all[to]); found {
			break
		}
	}
	if !found {
		return false, false
	}
	f.selected = all[to]
	first := f.lines()[f.top]
	for up := f.selected.above; up != nil; up = up.above {
		up.open = true
	}
	f.top = slices.Index(f.lines(), first) // rows that come to be above leave the screen as it is
	f.clampTop()
	if row := f.index() - f.top; row < 0 || row >= max(f.h, 1) {
		f.place(max(f.h, 1) / 3)
	}
	return true, around
}

// someJSON draws a JSON text: with blanks, keys that stand twice, escapes, and
// JSON and base64 in its strings.
func someJSON(t *rapid.T, depth int) string {
	blank := rapid.SampledFrom([]string{"", "", " ", "\n\t"})
	quoted := func(s string) string {
		b, _ := json.Marshal(s)
		if rapid.Bool().Draw(t, "escaped") {
			return strings.NewReplacer("o", `\u006f`, "ø", `\u00f8`, "/", `\/`).Replace(string(b))
		}
		return string(b)
	}
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth <= 0 {
		kind %= 4
	}
	var parts []string
	switch kind {
	case 0, 1:
		return rapid.SampledFrom([]string{"0", "-1.5", "1e3", "971503777289036701", "true", "false", "null", "{}", "[ ]"}).Draw(t, "word")
	case 2, 3:
		return quoted(rapid.SampledFrom([]string{"", "apple", "an Apple / pear", "ørsted", "苹果", "one two", "[photo]"}).Draw(t, "text"))
	case 4, 5, 6:
		for range rapid.IntRange(0, 5).Draw(t, "members") {
			key := rapid.SampledFrom([]string{"id", "order", "apple", "odd key", "ørsted", "", "9"}).Draw(t, "key")
			parts = append(parts, quoted(key)+blank.Draw(t, "blank")+":"+blank.Draw(t, "blank")+someJSON(t, depth-1))
		}
		return "{" + strings.Join(parts, ","+blank.Draw(t, "blank")) + "}"
	case 7:
		for range rapid.IntRange(0, 6).Draw(t, "elements") {
			parts = append(parts, someJSON(t, depth-1)+blank.Draw(t, "blank"))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case 8:
		return quoted("[" + someJSON(t, depth-1) + "]")
	}
	words := "some words, some apples: " + rapid.SampledFrom([]string{"a", "ab", "abc"}).Draw(t, "words")
	if rapid.Bool().Draw(t, "JSON") {
		words = `{"order":` + someJSON(t, depth-1) + "}"
	}
	return quoted(base64.StdEncoding.EncodeToString([]byte(words)))
}

// TestTreeAgainstModel does the same to a tree and to one that has all in memory.
func TestTreeAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := " " + someJSON(t, 4)
		pane := newTree([]byte(raw), look{styles: newStyles(true)})
		f := &forest{root: naive(raw, nil)}
		f.selected = f.root
		levels := 1
		if len(raw) <= smallTree {
			levels = smallDepth
		}
		f.depth(levels)
		resize := func(t *rapid.T) {
			row := f.index() - f.top
			f.h = rapid.IntRange(0, 12).Draw(t, "h")
			pane.resize(4000, f.h) // nothing is cut
			f.place(row)
		}
		resize(t)
		steps := rapid.SampledFrom([]int{1, -1, 1, -1, 4, -4, 30, -30})
		t.Repeat(map[string]func(*rapid.T){
			"resize": resize,
			"move":   func(t *rapid.T) { k := steps.Draw(t, "k"); pane.move(k); f.move(k) },
			"scroll": func(t *rapid.T) { k := steps.Draw(t, "k"); pane.scroll(k); f.scroll(k) },
			"first":  func(t *rapid.T) { pane.first(); f.selected = f.root; f.place(0) },
			"last":   func(t *rapid.T) { pane.last(); f.selected = f.lines()[len(f.lines())-1]; f.place(f.h) },
			"fold":   func(t *rapid.T) { pane.fold(); f.fold() },
			"toggle": func(t *rapid.T) {
				if pane.toggle(); f.selected.open {
					f.fold()
				} else {
					f.unfold()
				}
			},
			"unfold": func(t *rapid.T) {
				if got, want := pane.unfold(), f.unfold(); got != want {
					t.Fatalf("unfolding %s says %v", pane.path(), got)
				}
			},
			"depth": func(t *rapid.T) { n := rapid.IntRange(1, 9).Draw(t, "n"); pane.depth(n); f.depth(n) },
			"unfoldAll": func(t *rapid.T) {
				if _, all := pane.unfoldAll(); !all {
					t.Fatal("not all was unfolded")
				}
				f.depth(1000)
			},
			"pick": func(t *rapid.T) {
				row := rapid.IntRange(0, 11).Draw(t, "row")
				there := row < max(f.h, 1) && f.top+row < len(f.lines())
				if pane.pick(row) != there {
					t.Fatalf("row %d of %d: %v", row, len(f.lines()), !there)
				}
				if there {
					f.selected = f.lines()[f.top+row]
				}
			},
			"find": func(t *rapid.T) {
				word := rapid.SampledFrom([]string{"apple", "971", "order", "果", "nowhere", "apples: a"}).Draw(t, "word")
				step := rapid.SampledFrom([]int{1, -1}).Draw(t, "step")
				here := rapid.Bool().Draw(t, "here")
				q, _ := history.ParseQuery(word)
				state := huntOn
				for pane.find(q, step, here); state == huntOn; {
					state = pane.seek()
				}
				found, around := f.find(word, step, here)
				want := huntNone
				switch {
				case found && around:
					want = huntAround
				case found:
					want = huntFound
				}
				if state != want {
					t.Fatalf("%q, step %d, here %v: %d, want %d", word, step, here, state, want)
				}
			},
			"": func(t *rapid.T) { compareTree(t, pane, f, raw) },
		})
	})
}

func compareTree(t *rapid.T, pane *tree, f *forest, raw string) {
	if got, want := pane.path(), f.selected.way(); !samePath(got, want) {
		t.Fatalf("selected is %s, want %s", got, want)
	}
	var got, want []string
	for _, l := range pane.view(true) {
		got = append(got, strings.TrimRight(ansi.Strip(l), " "))
	}
	n := 0
	f.root.each(false, 0, func(l *leaf, depth int) {
		if n++; n <= f.top || n > f.top+f.h {
			return
		}
		bar := " "
		if l == f.selected {
			bar = "▌"
		}
		want = append(want, strings.TrimRight(" "+bar+l.row(depth), " "))
	})
	for len(want) < f.h {
		want = append(want, "")
	}
	if !slices.Equal(got, want) {
		t.Fatalf("the screen of %s is\n%s\nand should be\n%s", raw, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, want := valueOf(f.selected, pane.value()), f.selected.value; !reflect.DeepEqual(got, want) {
		t.Fatalf("the value of %s is %v, want %v", pane.path(), got, want)
	}
	if !f.selected.unique() {
		return
	}
	if value := follow(t, raw, pane.path()); !reflect.DeepEqual(value, f.selected.value) {
		t.Fatalf("jq gives %v for %s, want %v", value, pane.path(), f.selected.value)
	}
}

func valueOf(l *leaf, raw []byte) any {
	if l.step == " | @base64d" {
		return string(raw)
	}
	return decoded(raw)
}

// unique reports whether no later key is the same as one on the way to the node.
func (l *leaf) unique() bool {
	for ; l.above != nil; l = l.above {
		kids := l.above.kids
		for _, later := range kids[slices.Index(kids, l)+1:] {
			if later.step == l.step {
				return false
			}
		}
	}
	return true
}
