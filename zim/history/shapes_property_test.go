package history

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"backscroll/zim"
)

// drawValue returns a JSON value; objects of many names are among them.
func drawValue(t *rapid.T, depth int) string {
	draw := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "value") }
	kinds := 3
	if depth == 0 {
		kinds = 0
	}
	var inside []string
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 1:
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			inside = append(inside, drawValue(t, depth-1))
		}
		return `[` + strings.Join(inside, ",") + `]`
	case 2:
		from := 300 * rapid.IntRange(0, 3).Draw(t, "from")
		value, first := draw(`1`, `"x"`, `{"a":1}`), drawValue(t, depth-1)
		for i := range rapid.SampledFrom([]int{1, 5, 300}).Draw(t, "users") {
			inside = append(inside, fmt.Sprintf(`"u%d":%s`, from+i, cmp.Or(first, value)))
			first = ""
		}
	case 3:
		for _, name := range []string{"a", "b", "c", "d"} {
			if rapid.IntRange(0, 9).Draw(t, "has") > 0 {
				inside = append(inside, fmt.Sprintf("%q:%s", name, drawValue(t, depth-1)))
			}
		}
	default:
		return draw(`1`, `1`, `1`, `"x"`, `null`, `true`, `9007199254740993`, `"{\"a\":1}"`)
	}
	return `{` + strings.Join(inside, ",") + `}`
}

// skeleton is a value without its values, told by another reader of JSON: what two
// bodies must have in common to be of one shape.
func skeleton(text string) string {
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if !json.Valid([]byte(text)) || d.Decode(&v) != nil {
		return "text"
	}
	features := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		is := fmt.Sprintf("%T", v)
		switch v := v.(type) {
		case json.Number:
			is = typeOf([]byte(v)).String()
		case []any:
			for _, e := range v {
				walk(path+"[]", e)
			}
		case map[string]any:
			for name, e := range v {
				walk(path+"."+name, e)
			}
		case string:
			if v != "" && v[0] == '{' && json.Valid([]byte(v)) {
				is = "JSON" + skeleton(v)
			}
		}
		features[path+" "+is] = true
	}
	walk("", v)
	var all []string
	for f := range features {
		all = append(all, f)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// without returns shapes without what depends on the order of messages, and that
// apart: the skeletons of the example and of the deviants with their reasons.
func without(found Shapes, bodies []string) (Shapes, []string) {
	var apart []string
	list := slices.Clone(found.List)
	for i := range list {
		s := &list[i]
		apart = append(apart, "example "+skeleton(bodies[s.Example]))
		for _, d := range s.Deviants {
			apart = append(apart, bodies[d.At]+strings.Join(d.Why, ";"))
		}
		s.Example, s.Deviants = 0, nil
	}
	found.List = list
	slices.Sort(apart)
	return found, apart
}

func TestShapesOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{drawValue(t, 3), drawValue(t, 3), "text"}).Draw(t, "body")
		}), 1, 20).Draw(t, "kinds")
		usual := rapid.SampledFrom([]int{0, -12}).Draw(t, "usual") // whether one kind is
		bodies := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return kinds[max(rapid.IntRange(usual, len(kinds)-1).Draw(t, "which"), 0)]
		}), 1, 40).Draw(t, "bodies")
		subtype := func(body string) int { return len(body) % 2 }
		of := func(bodies []string) Shapes {
			var raws []string
			for _, b := range bodies {
				raws = append(raws, customs(subtype(b), b)...)
			}
			var h History
			rows := make([]row, len(raws))
			for i, raw := range raws {
				rows[i] = h.rows.keep(zim.ReadMessage([]byte(raw)), len(raw))
			}
			h.rows.insert(rows, nil)
			found, err := ShapesOf(t.Context(), h.Snapshot())
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		found := of(bodies)
		messages := 0
		for _, s := range found.List {
			messages += s.Messages
			checkShape(t, s)
			for _, d := range s.Deviants {
				if b := bodies[d.At]; int64(subtype(b)) != s.SubMsgType || skeleton(b) == skeleton(bodies[s.Example]) {
					t.Errorf("%s deviates by %q from %s", b, d.Why, bodies[s.Example])
				}
			}
		}
		if messages != len(bodies) {
			t.Errorf("%d of %d messages are in a shape", messages, len(bodies))
		}
		shuffled := rapid.Permutation(bodies).Draw(t, "shuffled")
		got, gotApart := without(of(shuffled), shuffled)
		want, wantApart := without(found, bodies)
		if !reflect.DeepEqual(got, want) || !slices.Equal(gotApart, wantApart) {
			t.Errorf("in another order:\n%+v\n%q\nnot\n%+v\n%q", got, gotApart, want, wantApart)
		}
	})
}

// checkShape holds a shape to what is true of all.
func checkShape(t interface{ Errorf(string, ...any) }, s Shape) {
	looked := s.Messages - s.Large
	have := map[string]int{}
	for i, f := range s.Fields {
		sum := 0
		for _, of := range f.Types {
			if sum += of.Messages; of.Messages < 1 || of.Messages > f.Messages {
				t.Errorf("%s has type %s in %d of %d", f.Path, of.Type, of.Messages, f.Messages)
			}
		}
		if _, twice := have[f.Path]; twice || sum < f.Messages || f.Messages > looked || i > 0 && f.Messages > s.Fields[i-1].Messages {
			t.Errorf("%s: %d of %d messages, %d by type, twice %v", f.Path, f.Messages, looked, sum, twice)
		}
		have[f.Path] = f.Messages
	}
	if have["."] != looked {
		t.Errorf("%d of %d messages have a value", have["."], looked)
	}
	if s.Least > s.Median || s.Median > s.Most {
		t.Errorf("sizes %d, %d, %d", s.Least, s.Median, s.Most)
	}
	deviate := len(s.Deviants) + s.MoreDeviants
	if 2*deviate > looked || s.Varied && deviate > 0 {
		t.Errorf("%d of %d deviate, varied %v", deviate, looked, s.Varied)
	}
	for i, d := range s.Deviants {
		if len(d.Why) == 0 || d.At == s.Example || i > 0 && d.At <= s.Deviants[i-1].At {
			t.Errorf("deviant %+v, example %d", d, s.Example)
		}
	}
}

func FuzzShapes(f *testing.F) {
	for _, s := range []string{`{"a":[{"b":1},"x"]}`, `[[[[[]]]]]`, `{"\ud800":"{\"\":0}"}`, `"\"{}\""`, "{\"\xff\":1,\"\xfe\":2}", `{"a":1,"a":{}}`, "", "x", "\u00a0{}"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, s := range shapesOf(t, slices.Concat(customs(1, a, b, a, a, a, a), []string{a, `{"MsgType":200,"MsgBody":` + b + `}`})...).List {
			checkShape(t, s)
		}
	})
}

// BenchmarkShapes goes through 100,000 messages: as chats have them, and all custom
// ones with a field that is not the same in any two.
func BenchmarkShapes(b *testing.B) {
	list, _ := benchHistory()
	mixed, all := make([]string, len(list)), make([]string, len(list))
	for i, m := range list {
		mixed[i] = string(m.Raw)
		all[i] = fmt.Sprintf(`{"Sender":"user_7","MsgType":200,"SubMsgType":%d,"MsgBody":"{\"order\":%d,\"state\":\"paid\",\"items\":[{\"sku\":\"HER-54-G\",\"qty\":1},{\"sku\":\"BELL-2\",\"qty\":2}],\"note\":\"ring twice\",\"seen\":{\"u%d\":true}}","MsgId":%d,"MsgSeq":%d,"Payload":"{\"trace\":\"39be4e649ef1\",\"v\":1}"}`, 110+i%3, i, i, m.MsgId, m.MsgSeq)
	}
	for name, raws := range map[string][]string{"mixed": mixed, "custom": all} {
		snapshot := snapshotOf(b, raws...)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if found, err := ShapesOf(b.Context(), snapshot); err != nil || len(found.List) < 2 {
					b.Fatal(found, err)
				}
			}
		})
	}
}
