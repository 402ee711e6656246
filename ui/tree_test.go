package ui

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// treeOf makes the tree of a text in a pane of a size.
func treeOf(raw string, w, h int) *tree {
	t := newTree([]byte(raw), look{styles: newStyles(true)})
	t.resize(w, h)
	return t
}

// picture is what is on screen, without the lines that have nothing.
func picture(pane *tree) string {
	var all strings.Builder
	for _, l := range pane.view(true) {
		if l = strings.TrimRight(ansi.Strip(l), " "); l != "" {
			all.WriteString(l + "\n")
		}
	}
	return all.String()
}

// hunted looks for a text to the end.
func hunted(t *testing.T, pane *tree, query string, step int, here bool) treeHunting {
	t.Helper()
	q, err := history.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	state := huntOn
	for pane.find(q, step, here); state == huntOn; {
		state = pane.seek()
	}
	return state
}

// stack unfolds all.
func stack(t *testing.T, raw string, w, h int) *tree {
	t.Helper()
	pane := treeOf(raw, w, h)
	if _, all := pane.unfoldAll(); !all {
		t.Fatalf("not all of %q was unfolded", raw)
	}
	return pane
}

const oddJSON = `{"Sender":"alice","MsgId":971503777289036701,
"MsgBody":"{\"order\":{\"id\":1041,\"items\":[1,{\"file\":\"\\u202egnp.exe\\n\"}]}}",
"base64":"eyJhIjpbMSwyXX0=","words":"SGVsbG8gd29ybGQsIHRoaXMgaXMgdGV4dA==","url":"eyJ-IjoiPz8_In0",
"odd \"key\"":[],"":{},"cut":"{\"a\":1,\"b\":[1,2","nan":NaN,"escape":"\x","half":"\ud83d",
"long":"lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt",
"deep":[[[0]]],"end":[1 2]}`

const oddJSONPicture = ` ▌ ▾ {
       Sender: "alice"
       MsgId: 971503777289036701 JS: 971503777289036700
     ▾ MsgBody: "{"order":{"id":1041,"items…" string of JSON 72 B
       ▾ 1 key
         ▾ order: 2 keys
             id: 1041
           ▾ items: 2 items
               0: 1
             ▾ 1: 1 key
                 file: "\u{202E}gnp.exe␤"
     ▾ base64: "eyJhIjpbMSwyXX0=" base64 of JSON
       ▾ 1 key
         ▾ a: 2 items
             0: 1
             1: 2
     ▾ words: "SGVsbG8gd29ybGQsIHRoaXMgaXMgdGV4dA==" base64
         Hello world, this is text
     ▾ url: "eyJ-IjoiPz8_In0" base64 of JSON
       ▾ 1 key
           ~: "???"
       "odd "key"": []
       "": {}
     ▾ cut: "{"a":1,"b":[1,2" string of broken JSON
       ▾ {
           a: 1
         ▾ b: [
             0: 1
             1: 2
         the text ends at byte 15: a comma or ] is missing  {"a":…
       nan: NaN no value of JSON
       escape: "\x" no JSON string
       half: "\u{D83D}"
       long: "lorem ipsum dolor sit amet, consectetur adip…" 89 B
     ▾ deep: 1 item
       ▾ 0: 1 item
         ▾ 0: 1 item
             0: 0
     ▾ end: [
         0: 1
     byte 448 of 451: a comma or ] is missing  …[[0]]],"end":[1 2…
`

func TestTreePicture(t *testing.T) {
	pane := stack(t, oddJSON, 66, 60)
	if got := picture(pane); got != oddJSONPicture {
		t.Errorf("the screen is\n%s", got)
	}
}

// TestTreeValues is about bytes that are kept as they came.
func TestTreeValues(t *testing.T) {
	rows := []struct{ raw, find, value string }{
		{`{"id": 9007199254740993 }`, "=9007199254740993", `9007199254740993`},
		{`{"n":1.50e+03,"m":2}`, "=1.50e+03", `1.50e+03`},
		{`{"s":"\u0041\/b"}`, "=A/b", `"\u0041\/b"`},
		{`{"a": [ 1 , 2 ] }`, "=a", `[ 1 , 2 ]`},
		{`{"p":"{\"id\": 9007199254740993}"}`, "=9007199254740993", `9007199254740993`},
		{`{"a":[1,2`, "=a", `[1,2`},
		{`{"a":1} and more`, "=more", `and more`},
		{`{"a":"b" "c"}`, `="c"`, `"c"}`},
	}
	for _, row := range rows {
		pane := treeOf(row.raw, 80, 10)
		if hunted(t, pane, row.find, 1, true) == huntNone || string(pane.value()) != row.value {
			t.Errorf("%s of %s is %s, want %s", row.find, row.raw, pane.value(), row.value)
		}
	}
}

func TestTreeBreaks(t *testing.T) {
	rows := []struct {
		raw, want string
	}{
		{``, "the text ends at byte 0: a value is missing"},
		{`  `, "the text ends at byte 2: a value is missing"},
		{`{`, "the text ends at byte 1: a key is missing"},
		{`{"a`, "the text ends at byte 3: the key is not closed"},
		{`{"a"`, "the text ends at byte 4: a colon is missing"},
		{`{"a":`, "the text ends at byte 5: a value is missing"},
		{`{"a":1`, "the text ends at byte 6: a comma or } is missing"},
		{`{"a":1,}`, "byte 7 of 8: a key is missing"},
		{`{a:1}`, "byte 1 of 5: a key is missing"},
		{`{"a" 1}`, "byte 5 of 7: a colon is missing"},
		{`{"a":}`, "byte 5 of 6: a value is missing"},
		{`{"a":1 "b":2}`, "byte 7 of 13: a comma or } is missing"},
		{`[1,`, "the text ends at byte 3: a value is missing"},
		{`[1,]`, "byte 3 of 4: a value is missing"},
		{`[1}`, "byte 2 of 3: a comma or ] is missing"},
		{`["a`, "the text ends at byte 3: the string is not closed"},
		{`["a\"`, "the text ends at byte 5: the string is not closed"},
		{`["a\`, "the text ends at byte 4: the string is not closed"},
		{`{"a":[[{"b":1]]]}`, "byte 13 of 17: a comma or } is missing"},
		{`{} {}`, "byte 3 of 5: there is more after the value"},
		{`]`, "byte 0 of 1: a value is missing"},
		{`hello world`, "byte 6 of 11: there is more after the value"},
		{"\ufeff{}x", "byte 5 of 6: there is more after the value"},
	}
	for _, row := range rows {
		for _, levels := range []int{1, 2, 9} { // wherever it is folded
			pane := treeOf(row.raw, 120, 20)
			pane.depth(levels)
			pane.last()
			lines := strings.Split(strings.TrimSpace(picture(pane)), "\n")
			if !strings.Contains(lines[len(lines)-1], row.want) {
				t.Errorf("%q, %d levels: %q, want %q", row.raw, levels, lines, row.want)
			}
			if at := pane.value(); !strings.HasSuffix(row.raw, string(at)) {
				t.Errorf("%q: the rest is %q", row.raw, at)
			}
		}
	}
}

// TestTreeHolds is about what is taken for a text in a string.
func TestTreeHolds(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString
	rows := []struct {
		s    string
		want holding
	}{
		{"", holdsText}, {" ", holdsText}, {"hello", holdsText}, {"12345678901234567890", holdsText},
		{"[photo]", holdsText}, {"[1] see above", holdsText}, {"{name}", holdsText}, {"(:", holdsText}, {"{", holdsText},
		{"[]", holdsJSON}, {"{}", holdsJSON}, {` {"a":1} `, holdsJSON}, {"[1, 2.5e3]", holdsJSON}, {`[["a"]]`, holdsJSON},
		{`{"a":1`, holdsBroken}, {`{"a":1} and more`, holdsBroken}, {`{"a":NaN}`, holdsBroken}, {`[[{"a":1}}`, holdsBroken},
		{`{"a"}`, holdsText}, {`[NaN]`, holdsText},
		{`"hello"`, holdsText}, {`"{\"a\":1}"`, holdsJSON}, {`"[1]" he said`, holdsText},
		{b64([]byte(`{"a":1}`)), holdsBase64JSON}, {strings.TrimRight(b64([]byte(`{"a":12}`)), "="), holdsBase64JSON},
		{base64.URLEncoding.EncodeToString([]byte(`{"~":"???"}`)), holdsBase64JSON}, {b64([]byte(`{"a":1,`)), holdsBase64JSON},
		{b64([]byte("a text of words")), holdsBase64}, {b64([]byte("日本語のテキスト")), holdsBase64}, {b64([]byte("short")), holdsText}, {b64([]byte("eight ok")), holdsBase64}, {b64([]byte("%%$$##!!..,,;;::")), holdsText},
		{b64([]byte("nine bytes")), holdsBase64}, {strings.TrimRight(b64([]byte("nine bytes")), "="), holdsText},
		{b64([]byte("binary\x00\x01\x02 and so on")), holdsText}, {b64([]byte("\xff\xfe no UTF-8 at all")), holdsText},
		{"d41d8cd98f00b204e9800998ecf8427e", holdsText}, {"getElementByIdAndTagName", holdsText},
		{"123e4567-e89b-12d3-a456-426614174000", holdsText}, {"thequickbrownfox", holdsText}, {"user_1234567890", holdsText},
		{strings.Repeat("=", 20), holdsText}, {"https://media.example.com/a", holdsText},
		{"[" + strings.Repeat(`"words",`, peeked) + "1]", holdsJSON}, {"[" + strings.Repeat(`12345,`, peeked) + "1", holdsJSON},
		{"[" + strings.Repeat(`true,`, peeked) + "1]", holdsJSON}, {strings.Repeat("words ", peeked), holdsText},
		{b64([]byte(strings.Repeat("日本語のテキスト。", peeked))), holdsBase64}, {b64([]byte(`["` + strings.Repeat("日本", peeked) + `"]`)), holdsBase64JSON},
	}
	for _, row := range rows {
		raw, err := json.Marshal(row.s)
		if err != nil {
			t.Fatal(err)
		}
		if got := (&treeText{raw: raw}).holds(0); got != row.want {
			t.Errorf("%.60q holds %d, want %d", row.s, got, row.want)
		}
	}
}

// TestTreeFind is about what is found besides what the model has.
func TestTreeFind(t *testing.T) {
	broken := `{"a":"x","b":"{\"c\":\"y\",\"d\" lost}","e" gone}`
	far := strings.Repeat("filler ", 100_000) + "needle" + strings.Repeat(" filler", 100_000)
	large := `{"text":"` + far + `","b":"` + base64.StdEncoding.EncodeToString([]byte(far)) + `"}`
	deep := strings.Repeat("[", 12_000) + `"bottom"` + strings.Repeat("]", 12_000)
	rows := []struct {
		raw, query string
		state      treeHunting
		path       string
	}{
		{broken, "lost", huntFound, ".b | fromjson"}, {broken, "gone", huntFound, "."}, {broken, "y", huntFound, ".b | fromjson | .c"},
		{broken, "/^[xy]$/", huntFound, ".a"}, {large, "needle", huntFound, ".text"}, {large, "=filler needle filler", huntFound, ".text"},
		{large, "nothing", huntNone, "."}, {`[1,"ﬀ","\u00c5ngström"]`, "ångstr", huntFound, ".[2]"}, {deep, "bottom", huntNone, "."},
		{`["\ud83d\ude00 \u0061\u0070ple"]`, "😀 apple", huntFound, ".[0]"},
	}
	for _, row := range rows {
		pane := treeOf(row.raw, 100, 10)
		if state := hunted(t, pane, row.query, 1, true); state != row.state || pane.path() != row.path {
			t.Errorf("%q in %.40q: %d at %s", row.query, row.raw, state, pane.path())
		}
		if row.state != huntNone && len(row.query) > 1 && row.query[0] >= 'a' && !strings.Contains(strings.ToLower(picture(pane)), row.query) {
			t.Errorf("%q in %.40q is not on screen:\n%s", row.query, row.raw, picture(pane))
		}
	}
	pane := treeOf(large, 60, 10)
	hunted(t, pane, "needle", 1, true)
	if hunted(t, pane, "needle", 1, false) != huntFound || pane.path() != ".b | @base64d" {
		t.Errorf("the second needle is at %s", pane.path())
	}
	pane.find(history.Query{}, 1, true)
	if pane.finding() || pane.seek() != huntNone {
		t.Error("nothing is looked for")
	}
	pane.find(mustQuery(t, "needle"), 1, true)
	pane.stopFinding()
	if pane.finding() {
		t.Error("the search goes on")
	}
}

func mustQuery(t *testing.T, s string) history.Query {
	t.Helper()
	q, err := history.ParseQuery(s)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestTreeWidths sweeps all sizes: each row has its width.
func TestTreeWidths(t *testing.T) {
	raw := strings.Replace(oddJSON, "lorem", "漢字 👩‍💻 नमस्ते ❤️", 1)
	pane := treeOf(raw, 80, 10)
	pane.find(mustQuery(t, "e"), 1, true)
	pane.unfoldAll()
	for _, widths := range []text.Widths{text.Wc, text.Graphemes} {
		pane.restyle(look{styles: newStyles(false), widths: widths})
		for w := range 140 {
			pane.resize(w, 50)
			checkTreeView(t, pane, widths)
		}
		for h := range 60 {
			pane.resize(60, h)
			checkTreeView(t, pane, widths)
		}
	}
}

// checkTreeView reports what is wrong with the lines of a view.
func checkTreeView(t *testing.T, pane *tree, widths text.Widths) {
	t.Helper()
	lines := pane.view(true)
	if len(lines) != max(pane.h, 0) {
		t.Errorf("%d lines, want %d", len(lines), pane.h)
	}
	for _, l := range lines {
		width := ansi.StringWidthWc(l)
		if widths == text.Graphemes {
			width = ansi.StringWidth(l)
		}
		if width != max(pane.w, 0) {
			t.Errorf("%d cells, want %d: %q", width, pane.w, l)
		}
	}
}

// known counts the nodes of which a tree knows.
func (b *treeBranch) known() int {
	n := b.n
	for _, kid := range b.kids {
		n += kid.known()
	}
	return n
}

// TestTreeReadsWhatIsVisible counts nodes and rows of large texts.
func TestTreeReadsWhatIsVisible(t *testing.T) {
	const w, h, more = 100, 40, 8
	for name, raw := range largeBodies(4 << 20) {
		pane := treeOf(string(raw), w, h)
		pane.view(true)
		if n := pane.root.known(); n > h+more {
			t.Errorf("%s: %d nodes are known when it opens", name, n)
		}
		pane.move(3 * h)
		pane.view(true)
		if n := pane.root.known(); n > 5*h+more {
			t.Errorf("%s: %d nodes are known three pages on", name, n)
		}
		if len(pane.drawn) > 2*h {
			t.Errorf("%s: %d rows were drawn", name, len(pane.drawn))
		}
	}
	million := treeOf("["+strings.Repeat("7,", 999_999)+"7]", w, h)
	if n := million.root.known(); n > h+more {
		t.Errorf("%d elements are known", n)
	}
	for million.last(); million.reading(); {
		million.readOn()
	}
	if path := million.path(); path != ".[999999]" {
		t.Errorf("the last is %s", path)
	}
	if n := len(million.root.kids[0].marks); n > 1_000_000/markEvery+1 {
		t.Errorf("%d marks", n)
	}
	million.move(-500_000)
	if got := string(million.value()) + million.path(); got != "7.[499999]" {
		t.Errorf("in the middle is %s", got)
	}
}

// TestTreeReadsOn is about a folded node that takes many steps to pass over.
func TestTreeReadsOn(t *testing.T) {
	raw := largeBodies(8 << 20)["folded"]
	pane := treeOf(string(raw), 60, 10)
	if !pane.reading() || !strings.Contains(picture(pane), "reading · ") || strings.Contains(picture(pane), "b: 1") {
		t.Errorf("it says\n%s", picture(pane))
	}
	pane.move(5)
	if pane.path() != ".a" {
		t.Errorf("selected is %s", pane.path())
	}
	steps := 0
	for ; pane.reading(); steps++ {
		pane.readOn()
	}
	if want := "   ▾ 2 keys\n ▌   ▸ a: {…}\n       b: 1\n"; steps < 4 || picture(pane) != want {
		t.Errorf("after %d steps\n%s", steps, picture(pane))
	}
	if hunted(t, pane, "=b", 1, false) != huntFound || pane.path() != ".b" {
		t.Errorf("found %s", pane.path())
	}
}
