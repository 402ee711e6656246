package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
)

// snapshotOf puts messages into a history, the newest first.
func snapshotOf(t testing.TB, raws ...string) Snapshot {
	t.Helper()
	var h History
	rows := make([]row, len(raws))
	for i, raw := range raws {
		rows[i] = h.rows.keep(zim.ReadMessage([]byte(raw)), len(raw))
	}
	h.rows.insert(rows, nil)
	return h.Snapshot()
}

// customs are custom messages of one SubMsgType with these bodies.
func customs(subMsgType int, bodies ...string) (raws []string) {
	for _, body := range bodies {
		text, _ := json.Marshal(body) // a string can always be
		raws = append(raws, fmt.Sprintf(`{"MsgType":200,"SubMsgType":%d,"MsgBody":%s}`, subMsgType, text))
	}
	return raws
}

func shapesOf(t testing.TB, raws ...string) Shapes {
	t.Helper()
	found, err := ShapesOf(t.Context(), snapshotOf(t, raws...))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// shapeOf returns the one shape of some bodies.
func shapeOf(t testing.TB, bodies ...string) Shape {
	t.Helper()
	found := shapesOf(t, customs(110, bodies...)...)
	if len(found.List) != 1 || found.List[0].Messages != len(bodies) || found.List[0].SubMsgType != 110 {
		t.Fatalf("shapes %+v of %d bodies", found, len(bodies))
	}
	return found.List[0]
}

// table writes the fields as a reader sees them.
func (s Shape) table() (lines []string) {
	for _, f := range s.Fields {
		var types []string
		for _, t := range f.Types {
			types = append(types, fmt.Sprintf("%s %d", t.Type, t.Messages))
		}
		lines = append(lines, fmt.Sprintf("%s: %d: %s", f.Path, f.Messages, strings.Join(types, ", ")))
	}
	return lines
}

func TestFieldsOfAShape(t *testing.T) {
	for name, c := range map[string]struct{ bodies, want []string }{
		"types": {
			[]string{`{"a":1,"b":"x","c":true,"d":null,"e":{},"f":[],"g":9007199254740993,"h":"{\"i\":1}"}`},
			[]string{".: 1: object 1", ".a: 1: number 1", ".b: 1: string 1", ".c: 1: boolean 1", ".d: 1: null 1", ".e: 1: object 1",
				".f: 1: array 1", ".g: 1: integer beyond 2^53 1", ".h: 1: string of JSON 1", ".h | fromjson: 1: object 1", ".h | fromjson | .i: 1: number 1"},
		},
		"counts": {
			[]string{`{"a":1}`, `{"a":"1"}`, `{"a":2,"b":0}`, `hello`},
			[]string{".: 4: object 3, text 1", ".a: 3: number 2, string 1", ".b: 1: number 1"},
		},
		"arrays share a path": {
			[]string{`{"items":[{"sku":"x"},{"sku":7},[["deep"]]]}`, ` [1, "2", 3] `},
			[]string{".: 2: array 1, object 1", ".[]: 1: number 1, string 1", ".items: 1: array 1", ".items[]: 1: array 1, object 1",
				".items[].sku: 1: number 1, string 1", ".items[][]: 1: array 1", ".items[][][]: 1: string 1"},
		},
		"names that jq quotes": {
			[]string{`{"":1,"a b":{"1":2},"\u0065":3,"<中>":4,"*":5}`},
			[]string{".: 1: object 1", `.["*"]: 1: number 1`, `.["<中>"]: 1: number 1`, `.["a b"]: 1: object 1`, `.["a b"]["1"]: 1: number 1`, `.[""]: 1: number 1`, ".e: 1: number 1"},
		},
		"integers": {
			[]string{`[9007199254740992]`, `[-9007199254740993]`, `[9007199254740992.5]`, `[1e400]`, `[123456789012345678901234567890]`, `[-0]`},
			[]string{".: 6: array 6", ".[]: 6: number 4, integer beyond 2^53 2"},
		},
		"a name that comes twice": {[]string{`{"a":1,"a":"x"}`}, []string{".: 1: object 1", ".a: 1: number 1, string 1"}},
		"JSON in JSON in a body":  {[]string{`"[\"{\\\"a\\\":1}\"]"`}, []string{".: 1: string of JSON 1", ". | fromjson: 1: array 1", ". | fromjson | .[]: 1: string of JSON 1", ". | fromjson | .[] | fromjson: 1: object 1", ". | fromjson | .[] | fromjson | .a: 1: number 1"}},
		"no JSON":                 {[]string{`x`, ``, `{"a":`, `{"a":1} `}, []string{".: 4: text 3, object 1", ".a: 1: number 1"}},
		"plain values":            {[]string{`1`, `true`, `null`, `"x"`}, []string{".: 4: null 1, boolean 1, number 1, string 1"}},
	} {
		got := shapeOf(t, c.bodies...).table()
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	in := shapeOf(t, `{"b":1,"a":1,"c":1}`, `{"b":1,"c":2}`).table()
	if want := []string{".: 2: object 2", ".b: 2: number 2", ".c: 2: number 2", ".a: 1: number 1"}; !slices.Equal(in, want) {
		t.Errorf("in this order: %v", in)
	}
}

// times repeats a body.
func times(n int, body string) []string { return slices.Repeat([]string{body}, n) }

func TestDeviants(t *testing.T) {
	const usual = `{"id":7,"note":"x","order":{"id":1,"sum":"2.50"},"items":[{"sku":"a"}]}`
	for name, c := range map[string]struct {
		norm []string // newer than the one that may deviate
		body string
		why  []string
	}{
		"lacks":              {times(11, usual), `{"id":7,"note":"x","items":[{"sku":"a"}]}`, []string{"lacks .order: 11 of 11 others have it"}},
		"lacks it inside":    {times(11, usual), `{"id":7,"note":"x","order":{"id":1},"items":[{"sku":"a"}]}`, []string{"lacks .order.sum: 11 of 11 others have it"}},
		"lacks in elements":  {times(4, usual), `{"id":7,"note":"x","order":{"id":1,"sum":"1"},"items":[{}]}`, []string{"lacks .items[].sku: 4 of 4 others have it"}},
		"an empty array":     {times(11, usual), `{"id":7,"note":"x","order":{"id":1,"sum":"2.50"},"items":[]}`, nil},
		"has":                {times(11, usual), `{"id":7,"note":"x","new":{"a":1},"order":{"id":1,"sum":"1"},"items":[{"sku":"a"}]}`, []string{"has .new: 0 of 11 others have it"}},
		"another type":       {times(11, usual), `{"id":"7","note":"x","order":{"id":1,"sum":"1"},"items":[{"sku":"a"}]}`, []string{".id is a string: 11 of 11 others have a number"}},
		"null":               {times(11, usual), `{"id":7,"note":"x","order":null,"items":[{"sku":"a"}]}`, []string{".order is null: 11 of 11 others have an object"}},
		"beyond 2^53":        {times(11, usual), `{"id":9007199254740993,"note":"x","order":{"id":1,"sum":"1"},"items":[{"sku":"a"}]}`, []string{".id is an integer beyond 2^53: 11 of 11 others have a number"}},
		"in an array":        {times(11, usual), `{"id":7,"note":"x","order":{"id":1,"sum":"1"},"items":[{"sku":"a"},"a"]}`, []string{".items[] is a string: 11 of 11 others have an object"}},
		"not JSON":           {times(11, usual), `paid`, []string{"is not JSON: 11 of 11 others are"}},
		"is JSON":            {times(11, `paid`), usual, []string{"is JSON: 0 of 11 others are"}},
		"a number of texts":  {times(11, `paid`), `42`, []string{"is JSON: 0 of 11 others are"}},
		"an array":           {times(11, usual), `[]`, []string{". is an array: 11 of 11 others have an object"}},
		"several":            {times(11, usual), `{"x":1}`, []string{"has .x: 0 of 11 others have it", "lacks .id: 11 of 11 others have it", "lacks .items: 11 of 11 others have it", "lacks .note: 11 of 11 others have it", "lacks .order: 11 of 11 others have it"}},
		"too many":           {times(11, usual), `{"x":1,"y":1}`, []string{"has .x: 0 of 11 others have it", "has .y: 0 of 11 others have it", "lacks .id: 11 of 11 others have it", "lacks .items: 11 of 11 others have it", "lacks .note: 11 of 11 others have it", "and 1 more"}},
		"as most":            {times(11, usual), usual, nil},
		"a tenth is rare":    {slices.Concat(times(10, `{"a":1}`), times(1, `{"a":1,"b":1}`)), `{"a":1,"b":1}`, []string{"has .b: 1 of 11 others have it"}},
		"a fifth is not":     {slices.Concat(times(8, `{"a":1}`), times(2, `{"a":1,"b":1}`)), `{"a":1,"b":1}`, nil},
		"nine in ten lacks":  {slices.Concat(times(9, `{"a":1,"b":1}`), times(1, `{"a":1}`)), `{"a":1}`, []string{"lacks .b: 9 of 10 others have it"}},
		"eight in ten not":   {slices.Concat(times(8, `{"a":1,"b":1}`), times(2, `{"a":1}`)), `{"a":1}`, nil},
		"few and a field":    {times(3, usual), `{}`, nil},
		"few and a type":     {times(2, usual), `{"id":"7"}`, []string{".id is a string: 2 of 2 others have a number"}},
		"few and a text":     {times(2, usual), `x`, []string{"is not JSON: 2 of 2 others are"}},
		"one against one":    {times(1, `{"a":1}`), `{"a":"x"}`, nil},
		"half is JSON":       {times(1, `{"a":1}`), `x`, nil},
		"the inner JSON":     {times(9, `{"card":"{\"title\":\"x\"}"}`), `{"card":"{\"title\":7}"}`, []string{".card | fromjson | .title is a number: 9 of 9 others have a string"}},
		"broken inner JSON":  {times(9, `{"card":"{\"title\":\"x\"}"}`), `{"card":"{\"title\":"}`, []string{".card is a string: 9 of 9 others have a string of JSON"}},
		"types of few of it": {slices.Concat(times(6, `{"a":1}`), times(3, `{"a":1,"b":1}`)), `{"a":1,"b":"x"}`, []string{".b is a string: 3 of 3 others have a number"}},
	} {
		s := shapeOf(t, append(slices.Clone(c.norm), c.body)...)
		var why []string
		for _, d := range s.Deviants {
			if d.At == len(c.norm) {
				why = d.Why
			}
		}
		if !slices.Equal(why, c.why) {
			t.Errorf("%s: deviates by %q, want %q", name, why, c.why)
		}
		if s.Varied || s.Example != 0 {
			t.Errorf("%s: example %d, varied %v", name, s.Example, s.Varied)
		}
	}
}

// TestWithoutANorm: where more than half would deviate, none does.
func TestWithoutANorm(t *testing.T) {
	var bodies []string
	for i := range 20 {
		bodies = append(bodies, fmt.Sprintf(`{"kind":%d,"field%d":%d}`, i, i, i))
	}
	s := shapeOf(t, bodies...)
	if !s.Varied || len(s.Deviants) != 0 || s.Example < 0 {
		t.Errorf("varied %v, %d deviants, example %d", s.Varied, len(s.Deviants), s.Example)
	}
}

func TestWhatIsInAShape(t *testing.T) {
	big := `{"a":"` + strings.Repeat("x", MaxShaped) + `"}`
	raws := slices.Concat(
		customs(110, `{"a":1}`, `{"a":22}`, `{"a":333}`, big),
		customs(-3, `x`),
		[]string{
			`{"MsgType":200,"SubMsgType":7,"MsgBody":{"a":{"b":1}}}`,                                                     // an object in place of a string
			`{"MsgType":200,"SubMsgType":7,"MsgBody":"\ud83d{bad"}`,                                                      // not JSON
			`{"MsgType":200,"SubMsgType":8,"IsEmpty":1}`,                                                                 // gone
			`{"MsgType":200,"SubMsgType":8,"IsEmpty":2,"MsgBody":"{\"user_id\":\"bob\",\"revoke_time\":1777298651009}"}`, // a notice
			`{"MsgType":200,"SubMsgType":9,"IsEmpty":2,"MsgBody":"{\"a\":1}"}`,                                           // recalled, with its original
			`{"MsgType":1,"MsgBody":"{\"a\":1}","Payload":"{\"trace\":\"x\"}"}`,                                          // a text
			`{"MsgType":1,"MsgBody":"hello","Payload":""}`,
			`{"MsgType":200,"SubMsgType":9,"MsgBody":"{\"a\":1}","Payload":"{\"trace\":\"y\"}"}`,
			`{"IsEmpty":1}`, `no message`,
		})
	found := shapesOf(t, raws...)
	var got []string
	for _, s := range found.List {
		name := fmt.Sprint("custom ", s.SubMsgType)
		if s.Payload {
			name = "payload"
		}
		got = append(got, fmt.Sprintf("%s: %d, %d/%d/%d B, %d large, example %d, %s", name, s.Messages, s.Least, s.Median, s.Most, s.Large, s.Example, strings.Join(s.table(), "; ")))
	}
	want := []string{
		fmt.Sprintf("custom 110: 4, 7/8/%d B, 1 large, example 0, .: 3: object 3; .a: 3: number 3", len(big)),
		"custom 7: 2, 7/7/13 B, 0 large, example 5, .: 2: text 1, object 1; .a: 1: object 1; .a.b: 1: number 1",
		"custom 9: 2, 7/7/7 B, 0 large, example 9, .: 2: object 2; .a: 2: number 2",
		"payload: 2, 13/13/13 B, 0 large, example 10, .: 2: object 2; .trace: 2: string 2",
		"custom -3: 1, 1/1/1 B, 0 large, example 4, .: 1: text 1",
	}
	if !slices.Equal(got, want) || found.Gone != 2 || found.Messages != len(raws) {
		t.Errorf("%d gone of %d:\n%s\nwant\n%s", found.Gone, found.Messages, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if none := shapesOf(t, `{"MsgType":1}`); len(none.List) != 0 || none.Messages != 1 {
		t.Errorf("of a text: %+v", none)
	}
	if all := shapeOf(t, big); all.Large != 1 || all.Example != -1 || len(all.Fields) != 0 {
		t.Errorf("of a large one: %d large, example %d", all.Large, all.Example)
	}
}

func TestMapsDoNotExplode(t *testing.T) {
	var users, mixed, one, optional []string
	var names, fields []string
	for i := range 200 {
		users = append(users, fmt.Sprintf(`{"kind":"x","seen":{"u%d":{"at":%d},"u%d":{"at":1,"by":2}}}`, 3*i, i, 3*i+1))
		mixed = append(mixed, fmt.Sprintf(`{"kind":"x","u%d":9007199254740993,"u%d":7,"all":1}`, 3*i, 3*i+1))
	}
	for i := range 2 * maxMembers {
		names = append(names, fmt.Sprintf(`"u%d":%d`, i, i))
	}
	one = append(one, `{"votes":{`+strings.Join(names, ",")+`},"last":1}`)
	for i := range 30 {
		value := []string{`1`, `"x"`, `true`}[i%3]
		fields = append(fields, fmt.Sprintf(`"field%02d":%s`, i, value))
	}
	for _, f := range fields {
		optional = append(optional, `{`+f+`}`)
	}
	for name, c := range map[string]struct {
		bodies []string
		want   []string
	}{
		"users of messages": {users, []string{".: 200: object 200", ".kind: 200: string 200", ".seen: 200: object 200", ".seen.*: 200: object 200", ".seen.*.at: 200: number 200", ".seen.*.by: 200: number 200"}},
		"beside fields":     {mixed, []string{".: 200: object 200", ".*: 200: number 200, integer beyond 2^53 200", ".all: 200: number 200", ".kind: 200: string 200"}},
		"of one message":    {one, []string{".: 1: object 1", ".last: 1: number 1", ".votes: 1: object 1", ".votes.*: 1: number 1"}},
	} {
		s := shapeOf(t, c.bodies...)
		if got := s.table(); !slices.Equal(got, c.want) || len(s.Deviants) > 0 {
			t.Errorf("%s: %d deviants,\n%s\nwant\n%s", name, len(s.Deviants), strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	flat := `{"m":{"a":{` + strings.Join(names, ",") + `}}}` // a map
	wide := `{"m":{` + strings.ReplaceAll(strings.Join(names, ","), ":", `:{"a":1,"b":`) + `}}`
	wide = strings.ReplaceAll(wide, ",\"u", "},\"u")
	wide = strings.TrimSuffix(wide, "}}") + "}}}"
	for _, bodies := range [][]string{{flat, wide}, {wide, flat}} {
		want := []string{".: 2: object 2", ".m: 2: object 2", ".m.*: 2: object 2", ".m.*.*: 2: number 2"}
		if got := shapeOf(t, bodies...).table(); !slices.Equal(got, want) {
			t.Errorf("maps in maps: %v, want %v", got, want)
		}
	}
	if s := shapeOf(t, optional...); len(s.Fields) != 1+len(optional) {
		t.Errorf("optional fields of several types are taken for a map: %v", s.table())
	}
}

func TestBoundsOfShapes(t *testing.T) {
	var wide []string // 60 objects of 60 names
	for i := range 60 {
		var inner []string
		for j := range 60 {
			inner = append(inner, fmt.Sprintf(`"b%02d":%d`, j, j))
		}
		wide = append(wide, fmt.Sprintf(`"a%02d":{%s}`, i, strings.Join(inner, ",")))
	}
	if s := shapeOf(t, `{`+strings.Join(wide, ",")+`}`); len(s.Fields) != MaxShapeFields || s.MoreFields != 1+60+3600-MaxShapeFields || s.Crowded {
		t.Errorf("%d fields and %d more, crowded %v", len(s.Fields), s.MoreFields, s.Crowded)
	}
	var crowd []string
	for i := range 400 {
		crowd = append(crowd, fmt.Sprintf(`"c%03d":{%s}`, i, strings.Join(wide[:2], ",")))
	}
	if s := shapeOf(t, `{`+strings.Join(crowd, ",")+`}`); !s.Crowded || len(s.Fields)+s.MoreFields != maxNodes {
		t.Errorf("%d fields and %d more, crowded %v", len(s.Fields), s.MoreFields, s.Crowded)
	}
	for depth, deep := range map[int]int{MaxShapeDepth: 0, MaxShapeDepth + 1: 1, 5000: 1} {
		s := shapeOf(t, strings.Repeat(`{"a":`, depth)+`7`+strings.Repeat(`}`, depth))
		if last := s.Fields[len(s.Fields)-1].Path; s.Deep != deep || len(s.Fields) != MaxShapeDepth+1 || last != strings.Repeat(".a", MaxShapeDepth) {
			t.Errorf("%d deep: %d fields to %s, %d too deep", depth, len(s.Fields), last, s.Deep)
		}
	}
	bodies := append(times(20*MaxDeviants, `{"a":1}`), times(MaxDeviants+7, `{}`)...)
	if s := shapeOf(t, bodies...); len(s.Deviants) != MaxDeviants || s.MoreDeviants != 7 || s.Deviants[0].At != 20*MaxDeviants {
		t.Errorf("%d deviants and %d more", len(s.Deviants), s.MoreDeviants)
	}
	long := strings.Repeat("n", 1<<16)
	if s := shapeOf(t, `{"`+long+`1":1,"`+long+`2":1,"`+strings.Repeat("中", 100)+`":1}`); len(s.Fields) != 3 || len(s.Fields[1].Path)+len(s.Fields[2].Path) > 300 {
		t.Errorf("long names: %d fields", len(s.Fields))
	}
}

func TestShapesAreCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found, err := ShapesOf(ctx, snapshotOf(t, customs(1, `{}`)...))
	if !errors.Is(err, context.Canceled) || !reflect.DeepEqual(found, Shapes{}) {
		t.Errorf("%+v, %v", found, err)
	}
}
