package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"pgregory.net/rapid"
)

// twoLists answers for the chat of a and b, each with a list of its own, newest
// first, in pages of a size.
type twoLists struct {
	lists   map[string][]string
	size    int
	overlap int // rows of the page before that a page begins with
	calls   int
	before  func(call int) // called before each answer, if set
}

func (l *twoLists) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	l.calls++
	if l.before != nil {
		l.before(l.calls)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	list := l.lists[r.FromUserId]
	from, _ := strconv.Atoi(string(r.Next)) // "" is 0
	to, next := min(from+l.size, len(list)), "0"
	if to < len(list) {
		next = strconv.Itoa(to)
	}
	return zim.ReadMessagePage([]byte(`{"Next":` + next + `,"List":[` + strings.Join(list[max(0, from-l.overlap):to], ",") + `]}`)), nil
}

func (l *twoLists) QueryGroupMsg(context.Context, zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return nil, errors.New("no group")
}

const diffStart = 1_770_000_000_000 // ms

// written makes a row of a word: 7 is the message with ID and second 7, 7d it
// deleted, 7r recalled, 7x with another body, 7u without a time, n a row without
// anything but that it is deleted.
func written(word string) string {
	if word == "n" {
		return `{"IsEmpty":1}`
	}
	digits := strings.TrimRight(word, "drxu")
	id, _ := strconv.Atoi(digits)
	at, empty, body := diffStart+1000*id, 0, "text "+digits
	switch word[len(digits):] {
	case "d":
		empty, body = 1, ""
	case "r":
		empty = 2
	case "x":
		body = "another"
	case "u":
		at = 0
	}
	return fmt.Sprintf(`{"Sender":"a","MsgType":1,"MsgBody":%q,"MsgId":%d,"MsgSeq":%d,"MsgTime":%d,"IsEmpty":%d}`, body, id, id, at, empty)
}

func writtenList(words string) (list []string) {
	for word := range strings.FieldsSeq(words) {
		list = append(list, written(word))
	}
	return list
}

// told writes differences down: kind, side, the IDs of both rows.
func told(list []Difference) string {
	id := func(m *zim.Message) string {
		switch {
		case m == nil:
			return "-"
		case m.MsgId == 0:
			return "n"
		}
		return strconv.FormatInt(m.MsgId, 10)
	}
	var all []string
	for _, f := range list {
		s := f.Kind.String() + [...]string{"", ":a", ":b"}[f.Side] + " " + id(f.A) + "/" + id(f.B)
		if f.ByPlace {
			s += " by place"
		}
		if f.Unsure {
			s += " unsure"
		}
		all = append(all, strings.Join(append([]string{s}, f.Fields...), " "))
	}
	return strings.Join(all, ", ")
}

// differences runs a Diff to its end or first error.
func differences(ctx context.Context, d *Diff) (all []Difference, err error) {
	for !d.Done() {
		found, err := d.Step(ctx)
		all = append(all, found...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func TestDiff(t *testing.T) {
	tests := map[string]struct {
		a, b    string
		options DiffOptions
		want    string
		both    int
	}{
		"the same":                       {a: "5 4 3", b: "5 4 3", both: 3},
		"nothing at all":                 {},
		"missing in one":                 {a: "5 4 3", b: "5 3", want: "missing:b 4/-", both: 2},
		"missing in each":                {a: "6 4 3", b: "6 5 3", want: "missing:a -/5, missing:b 4/-", both: 2},
		"missing at the top":             {a: "5 4", b: "4", want: "missing:b 5/-", both: 1},
		"deleted with its ID":            {a: "5 4d 3", b: "5 4 3", want: "deleted:a 4/4", both: 3},
		"deleted in both":                {a: "5 4d 3", b: "5 4d 3", both: 3},
		"recalled in one":                {a: "5 4 3", b: "5 4r 3", want: "recalled:b 4/4", both: 3},
		"recalled in both":               {a: "5 4r 3", b: "5 4r 3", both: 3},
		"recalled here, deleted there":   {a: "5 4r 3", b: "5 4d 3", want: "deleted:b 4/4", both: 3},
		"another body":                   {a: "5 4 3", b: "5 4x 3", want: "changed 4/4 MsgBody", both: 3},
		"another time":                   {a: "5 4 3", b: "5 4u 3", want: "changed 4/4 MsgTime", both: 3},
		"without an ID, by place":        {a: "5 4 3", b: "5 n 3", want: "deleted:b 4/n by place", both: 3},
		"at the top, by place":           {a: "n 3", b: "4 3", want: "deleted:a n/4 by place", both: 2},
		"without an ID in both":          {a: "5 n n 3", b: "5 n n 3", both: 4},
		"two places":                     {a: "6 5 n 3", b: "6 n 4 3", want: "deleted:b 5/n by place, deleted:a n/4 by place", both: 4},
		"which of two":                   {a: "6 5 4 3", b: "6 n 3", want: "unmatched:b -/n, missing:b 5/- unsure, missing:b 4/- unsure", both: 2},
		"a row without an ID too many":   {a: "5 n 3", b: "5 3", want: "unmatched:a n/-", both: 2},
		"two messages in one place":      {a: "5 4 3", b: "5 40 3", want: "missing:a -/40, missing:b 4/-", both: 2},
		"retained for longer":            {a: "5 4 3 2", b: "5 4", want: "beyond:b 3/-, beyond:b 2/-", both: 2},
		"retained for longer, a gap":     {a: "5 3 2", b: "5 4", want: "missing:a -/4, beyond:b 3/-, beyond:b 2/-", both: 1},
		"cleared":                        {a: "5 4", b: "", want: "beyond:b 5/-, beyond:b 4/-"},
		"the oldest are expired":         {a: "5 4 3", b: "5 n n", want: "deleted:b 4/n by place, deleted:b 3/n by place", both: 3},
		"more are expired than are left": {a: "5 4", b: "5 n n", want: "unmatched:b -/n, unmatched:b -/n, missing:b 4/- unsure", both: 1},
		"expired beyond the start":       {a: "5 n n", b: "5", want: "beyond:b n/-, beyond:b n/-", both: 1},
		"out of order":                   {a: "5 3 4 2", b: "5 4 3 2", both: 4},
		"out of order, one missing":      {a: "6 3 5 4 2", b: "6 5 3 2", want: "missing:b 4/-", both: 4},
		"without times":                  {a: "5u 4u 3u", b: "5u 3u", want: "missing:b 4/-", both: 2},
		"no ID in common":                {a: "5 4", b: "50 40", want: "missing:a -/50, missing:a -/40, beyond:b 5/-, beyond:b 4/-"},
		"a range": {a: "9 8 6 5 4 2", b: "9 7 6 5 4 3",
			options: DiffOptions{Since: time.UnixMilli(diffStart + 4000), Until: time.UnixMilli(diffStart + 8000)},
			want:    "missing:a -/7", both: 3},
		"a range, beyond": {a: "9 8 7 6", b: "9 8", options: DiffOptions{Since: time.UnixMilli(diffStart + 7000)}, want: "beyond:b 7/-", both: 2},
	}
	for name, tt := range tests {
		for _, size := range []int{1, 2, 100} {
			t.Run(fmt.Sprint(name, " ", size), func(t *testing.T) {
				l := &twoLists{lists: map[string][]string{"a": writtenList(tt.a), "b": writtenList(tt.b)}, size: size}
				d := NewDiff(l, Chat{User: "a", Peer: "b"}, tt.options)
				found, err := differences(t.Context(), d)
				if got := told(found); got != tt.want || err != nil || d.Counts().Both != tt.both {
					t.Errorf("%s, %v, %d in both; want %s, %d", got, err, d.Counts().Both, tt.want, tt.both)
				}
			})
		}
	}
}

// TestDiffOfRows: what one row says and the other does not.
func TestDiffOfRows(t *testing.T) {
	tests := []struct{ a, b, want string }{
		{`"MsgBody":"x"`, `"MsgBody":"\u0078"`, ""},
		{`"MsgBody":{"n":9007199254740993}`, `"MsgBody":"{\"n\":9007199254740993}"`, ""},
		{`"MsgBody":{"n":9007199254740993}`, `"MsgBody":{"n":9007199254740992}`, "changed 4/4 MsgBody"},
		{`"Payload":""`, `"Payload":null`, ""},
		{`"Payload":""`, `"SubMsgType":0`, ""},
		{`"Payload":"x"`, `"Sender":"b"`, "changed 4/4 Payload Sender"},
		{`"Mention":["a"]`, `"Mention":[]`, "changed 4/4 Mention"},
		{`"MsgSeq":1`, `"MsgSeq":2`, ""},
		{`"MsgType":31,"MsgBody":"who"`, `"IsEmpty":2`, ""},
		{`"MsgType":31,"MsgBody":"who"`, `"MsgType":1`, "recalled:a 4/4"},
		{`"IsEempy":1`, `"IsEmpty":0`, "deleted:a 4/4"},
	}
	for _, tt := range tests {
		l := &twoLists{lists: map[string][]string{"a": {`{"MsgId":4,` + tt.a + `}`}, "b": {`{"MsgId":"4",` + tt.b + `}`}}, size: 100}
		d := NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{})
		found, err := differences(t.Context(), d)
		if got := told(found); got != tt.want || err != nil {
			t.Errorf("%s and %s: %s, %v; want %s", tt.a, tt.b, got, err, tt.want)
		}
		if n := d.Counts().Renumbered; (n == 1) != strings.HasPrefix(tt.a, `"MsgSeq`) {
			t.Errorf("%s and %s: %d have another number", tt.a, tt.b, n)
		}
	}
}

// TestDiffOfRowsWithoutAnID: a row is not matched by its place against what it says.
func TestDiffOfRowsWithoutAnID(t *testing.T) {
	const at, later = `"MsgTime":1770000004000`, `"MsgTime":1770000004001`
	tests := []struct{ a, b, want string }{
		{`"IsEmpty":1,` + at, `"MsgId":4,` + at, "deleted:a n/4 by place"},
		{`"IsEmpty":2`, `"MsgId":4,` + at, "recalled:a n/4 by place"},
		{`"IsEmpty":1,` + at, `"MsgId":4,` + later, "missing:a -/4 unsure, unmatched:a n/-"},
		{`"MsgBody":"x"`, `"MsgId":4,` + at, "unmatched:a n/-, missing:a -/4 unsure"},
		{`"MsgId":4,` + at, `"MsgBody":"x"`, "unmatched:b -/n, missing:b 4/- unsure"},
	}
	for _, tt := range tests {
		list := func(row string) []string { return []string{written("5"), "{" + row + "}", written("3")} }
		l := &twoLists{lists: map[string][]string{"a": list(tt.a), "b": list(tt.b)}, size: 100}
		found, err := differences(t.Context(), NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{}))
		if got := told(found); got != tt.want || err != nil {
			t.Errorf("%s and %s: %s, %v; want %s", tt.a, tt.b, got, err, tt.want)
		}
	}
}

// TestDiffOfPagesThatOverlap: a row that comes again is not another one.
func TestDiffOfPagesThatOverlap(t *testing.T) {
	a, b := writtenList("9 n 8 n n 7 6 5 4 3 2 1"), writtenList("9 n 8 n n 7 6d 5 4 2 1")
	for size := 4; size < 12; size++ {
		for _, overlap := range []int{0, 3} {
			l := &twoLists{lists: map[string][]string{"a": a, "b": b}, size: size, overlap: overlap}
			d := NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{})
			found, err := differences(t.Context(), d)
			if got := told(found); got != "deleted:b 6/6, missing:b 3/-" || err != nil || d.Counts().Both != 11 {
				t.Errorf("pages of %d, %d again: %s, %v, %d in both", size, overlap, got, err, d.Counts().Both)
			}
		}
	}
}

// TestDiffAsksNoFurther than the range goes.
func TestDiffAsksNoFurther(t *testing.T) {
	list := writtenList("9 8 7 6 5 4 3 2 1")
	l := &twoLists{lists: map[string][]string{"a": list, "b": list}, size: 1}
	d := NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{Since: time.UnixMilli(diffStart + 8000)})
	if found, err := differences(t.Context(), d); len(found) > 0 || err != nil || d.Counts().Both != 2 || l.calls != 6 {
		t.Errorf("%s, %v, %d in both after %d calls", told(found), err, d.Counts().Both, l.calls)
	}
}

// TestArrivalsAreNoDifference: the second list is asked after the first.
func TestArrivalsAreNoDifference(t *testing.T) {
	l := &twoLists{lists: map[string][]string{"a": writtenList("5 4"), "b": writtenList("6 5 4")}, size: 100}
	l.before = func(call int) {
		if call == 2 {
			l.lists["a"] = writtenList("8 7 5 4")
			l.lists["b"] = writtenList("8 7 6 5 4")
		}
	}
	d := NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{})
	found, err := differences(t.Context(), d)
	if got := told(found); got != "missing:a -/6" || err != nil {
		t.Errorf("%s, %v", got, err)
	}
}

func TestDiffGoesOnAfterAnError(t *testing.T) {
	l := &twoLists{lists: map[string][]string{"a": writtenList("5 4 3 2"), "b": writtenList("5 3 2 1")}, size: 1}
	var want string
	for stop := range 9 {
		l.calls = 0
		ctx, cancel := context.WithCancel(t.Context())
		l.before = func(call int) {
			if call == stop {
				cancel()
			}
		}
		d := NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{})
		found, err := differences(ctx, d)
		if (err != nil) != (stop > 0) {
			t.Fatalf("stopped at %d: %v", stop, err)
		}
		more, err := differences(t.Context(), d)
		cancel()
		got := told(append(found, more...))
		if stop == 0 {
			want = got
		}
		if got != want || err != nil || want != "missing:b 4/-, beyond:a -/1" {
			t.Errorf("stopped at %d: %s, %v; want %s", stop, got, err, want)
		}
	}
}

// TestDiffOfALongGap: one list lacks thousands of messages in its middle; what
// waits stays bounded.
func TestDiffOfALongGap(t *testing.T) {
	var a, b []string
	for id := 30_000; id > 0; id-- {
		a = append(a, written(strconv.Itoa(id)))
		if id > 29_950 || id <= 60 {
			b = append(b, written(strconv.Itoa(id)))
		}
	}
	l := &twoLists{lists: map[string][]string{"a": a, "b": b}, size: 100}
	d := NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{})
	found, most := 0, 0
	for !d.Done() {
		list, err := d.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if f.Kind != DiffMissing || f.Side != SideB || f.Unsure || f.A.MsgId != int64(29_950-found) {
				t.Fatalf("difference %d: %s", found, told([]Difference{f}))
			}
			found++
		}
		most = max(most, len(d.a.queue)+len(d.b.queue))
	}
	if found != 29_890 || d.Counts().Both != 110 || most > 2*maxWaiting {
		t.Errorf("%d differences, %d in both; up to %d rows waited", found, d.Counts().Both, most)
	}
}

func TestAListThatLeadsInACircle(t *testing.T) {
	s := &service{pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9"), "7": page("7", "8/8")}}
	if _, err := differences(t.Context(), NewDiff(s, Chat{User: "a", Peer: "b"}, DiffOptions{})); !errors.Is(err, ErrRepeated) {
		t.Error(err)
	}
}

// TestDiffFindsExactlyWhatWasDone makes two lists of one: messages are taken out,
// deleted, recalled and changed on one side or both. Rows without an ID are only
// used where no message is taken out, or there could be no telling.
func TestDiffFindsExactlyWhatWasDone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 450).Draw(t, "messages")
		bare := rapid.Bool().Draw(t, "bare")
		calm := rapid.IntRange(0, 20).Draw(t, "calm")
		var a, b []string
		var want []string
		for id := n; id > 0; id-- {
			word := strconv.Itoa(id)
			wa, wb := word, word
			kind := 0
			if id > 1 && id < n {
				kind = rapid.IntRange(-calm, 7).Draw(t, "kind")
			}
			switch gone := map[bool]string{true: "n", false: word + "d"}[bare]; kind {
			case 1:
				wa = gone
				want = append(want, "deleted:a "+strings.TrimSuffix(gone, "d")+"/"+word)
			case 2:
				wb = gone
				want = append(want, "deleted:b "+word+"/"+strings.TrimSuffix(gone, "d"))
			case 3:
				wa, wb = gone, gone
			case 4:
				wb = word + "r"
				want = append(want, "recalled:b "+word+"/"+word)
			case 5:
				wa = word + "x"
				want = append(want, "changed "+word+"/"+word+" MsgBody")
			case 6, 7:
				if bare {
					break
				}
				if kind == 6 {
					wa = ""
					want = append(want, "missing:a -/"+word)
				} else {
					wb = ""
					want = append(want, "missing:b "+word+"/-")
				}
			}
			if wa != "" {
				a = append(a, written(wa))
			}
			if wb != "" {
				b = append(b, written(wb))
			}
		}
		l := &twoLists{lists: map[string][]string{"a": a, "b": b}, size: rapid.IntRange(1, 100).Draw(t, "page")}
		found, err := differences(context.Background(), NewDiff(l, Chat{User: "a", Peer: "b"}, DiffOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.ReplaceAll(told(found), " by place", ""), ", ")
		if got := slices.DeleteFunc(got, func(s string) bool { return s == "" }); !slices.Equal(got, want) {
			t.Fatalf("found %q\nwant %q", got, want)
		}
	})
}

// TestDiffNeverPairsTwoMessages: whatever was done, two rows that have an ID are
// only matched by it, and each row is told of once at most.
func TestDiffNeverPairsTwoMessages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "6", "7", "8", "3d", "5r", "2u", "n", "n"}), 0, 40)
		a, b := writtenList(strings.Join(words.Draw(t, "a"), " ")), writtenList(strings.Join(words.Draw(t, "b"), " "))
		d := NewDiff(&twoLists{lists: map[string][]string{"a": a, "b": b}, size: rapid.IntRange(1, 50).Draw(t, "page")}, Chat{User: "a", Peer: "b"}, DiffOptions{})
		found, err := differences(context.Background(), d)
		if err != nil && !errors.Is(err, ErrEmpty) {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.A != nil && f.B != nil && f.A.MsgId != f.B.MsgId && (f.A.MsgId != 0 && f.B.MsgId != 0 || !f.ByPlace) {
				t.Fatalf("%s", told([]Difference{f}))
			}
			if f.A == nil && f.B == nil {
				t.Fatalf("%s is about nothing", f.Kind)
			}
		}
		if rows := d.a.rows + d.b.rows; 2*d.counts.Both > rows {
			t.Fatalf("%d in both of %d rows", d.counts.Both, rows)
		}
	})
}

// TestDiffOfTheSampleChats: the sides of bob's chat differ in four messages, those
// of dave's, with every trace of a message that is gone, in none.
func TestDiffOfTheSampleChats(t *testing.T) {
	world := handled{emulator.New(emulator.WithRate(0))}
	client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"), zim.WithTransport(world))
	if err != nil {
		t.Fatal(err)
	}
	for peer, want := range map[string][]string{
		"bob":    {"missing:a -", "deleted:a Ben says", "deleted:b I would have paid 650. by place", "deleted:b Between us"},
		"dave":   nil,
		"walter": nil,
	} {
		d := NewDiff(client, Chat{User: "alice", Peer: peer}, DiffOptions{})
		found, err := differences(t.Context(), d)
		if err != nil || len(found) != len(want) || d.Counts().Both < 50 {
			t.Fatalf("%s: %s, %v, %d in both; want %q", peer, told(found), err, d.Counts().Both, want)
		}
		for i, f := range found {
			s := f.Kind.String() + [...]string{"", ":a", ":b"}[f.Side]
			kind, words, _ := strings.Cut(want[i], " ")
			words, byPlace := strings.CutSuffix(words, " by place")
			other := f.B
			if f.Side == SideB {
				other = f.A
			}
			if said := string(other.Raw); s != kind || words != "-" && !strings.Contains(said, words) || byPlace != f.ByPlace {
				t.Errorf("%s: %s %s, want %s", peer, s, said, want[i])
			}
		}
	}
}
