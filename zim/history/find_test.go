package history

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"pgregory.net/rapid"
)

// desk gives a list and chats that a test wrote down, and notes each call, as
// "list 7", "bob", "bob 7", "*team". A page that is not there is errDown.
type desk struct {
	list  map[zim.Next]*zim.ConversationPage
	chats map[string]map[zim.Next]*zim.MessagePage // by peer, or "*" and group
	asked []string
	fail  func(call string) error // before each answer, if there is one
}

func (d *desk) note(ctx context.Context, name string, next zim.Next) error {
	call := strings.TrimSpace(name + " " + string(next))
	d.asked = append(d.asked, call)
	if d.fail != nil {
		if err := d.fail(call); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (d *desk) QueryConversationList(ctx context.Context, r zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	if err := d.note(ctx, "list", r.Next); err != nil {
		return nil, err
	}
	if p, ok := d.list[r.Next]; ok && r.FromUserId == "alice" && r.Limit == zim.MaxConversations {
		return p, nil
	}
	return nil, errDown
}

func (d *desk) page(ctx context.Context, name string, next zim.Next) (*zim.MessagePage, error) {
	if err := d.note(ctx, name, next); err != nil {
		return nil, err
	}
	if p, ok := d.chats[name][next]; ok {
		return p, nil
	}
	return nil, errDown
}

func (d *desk) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	if r.FromUserId != "alice" || r.WithEmptyMsg != 1 {
		return nil, fmt.Errorf("asked in a wrong way: %+v", r)
	}
	return d.page(ctx, r.ToUserId, r.Next)
}

func (d *desk) QueryGroupMsg(ctx context.Context, r zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return d.page(ctx, "*"+r.GroupId, r.Next)
}

// start is the time that tests count minutes from.
var start = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

func minute(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }

// said makes a page of messages with the ID and MsgSeq given, each sent in the
// minute of that number; a negative number is a message without a time.
func said(next string, ids ...int) *zim.MessagePage {
	var list []string
	for _, id := range ids {
		at := minute(id).UnixMilli()
		if id < 0 {
			id, at = -id, 0
		}
		list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%[1]d,"MsgTime":%d,"MsgBody":"line %[1]d"}`, id, at))
	}
	return zim.ReadMessagePage([]byte(`{"Next":` + next + `,"List":[` + strings.Join(list, ",") + `]}`))
}

// talk makes a conversation of the list, changed last in a minute; a group's name
// begins with "*".
func talk(name string, last int) string {
	if group, ok := strings.CutPrefix(name, "*"); ok {
		return fmt.Sprintf(`{"ConvId":%q,"ConvType":2,"UpdateTime":%d}`, group, minute(last).UnixMilli())
	}
	return fmt.Sprintf(`{"ConvId":%q,"UpdateTime":%d}`, name, minute(last).UnixMilli())
}

type (
	lists = map[zim.Next]*zim.ConversationPage
	pages = map[zim.Next]*zim.MessagePage
)

// finder returns a Finder of alice's for messages of an odd ID from a minute on;
// a negative one is no bound.
func finder(d FinderClient, from int) *Finder {
	f := NewFinder(d, "alice", nil)
	f.match = func(m zim.Message) bool { return m.MsgId%2 == 1 && (from < 0 || !minute(from).After(timeOf(m))) }
	if from >= 0 {
		f.since = minute(from)
	}
	return f
}

func timeOf(m zim.Message) time.Time {
	at, _ := m.Time()
	return at
}

// outcome is all that a search brought.
type outcome struct {
	hits   []string // "bob 9", "*team 3"
	missed []string // "bob: why"
	last   Progress
	errs   []error
}

func (o *outcome) add(found Found, err error) {
	o.last = found.Progress
	if err != nil {
		o.errs = append(o.errs, err)
	}
	for _, h := range found.Hits {
		o.hits = append(o.hits, fmt.Sprintf("%s %d", nameOf(h.Chat), h.MsgId))
	}
	for _, m := range found.Missed {
		o.missed = append(o.missed, fmt.Sprintf("%v %s: %v", m.Name.ConvType, m.Name.ConvId, m.Err))
	}
}

func nameOf(c Chat) string {
	if c.IsGroup() {
		return "*" + c.Group
	}
	return c.Peer
}

// searched steps until it is done, and fails where a Step makes no call or
// two, or the sums of its progress are wrong. A failed Step is tried again.
func searched(t interface{ Fatalf(string, ...any) }, f *Finder, d *desk) (o outcome) {
	for range 10_000 {
		calls := len(d.asked)
		found, err := f.Step(context.Background())
		o.add(found, err)
		p := found.Progress
		if len(d.asked) != calls+1 || p.Calls != len(d.asked) {
			t.Fatalf("a Step made %d calls; %d of %d are told", len(d.asked)-calls, p.Calls, len(d.asked))
		}
		if p.Listed != p.Searched+p.Skipped+p.Missing+p.Left || found.Done != (p.ListDone && p.Left == 0) {
			t.Fatalf("the progress does not add up: %+v, done %v", p, found.Done)
		}
		if found.Done {
			return o
		}
	}
	t.Fatalf("the search does not end")
	return o
}

func refusal(code zim.Code) error { return &zim.Error{Action: "QueryPeerMsg", Code: code} }

func TestFind(t *testing.T) {
	two := lists{"": listPage("7", talk("old", 5), talk("*team", 20)), "7": listPage("0", talk("bob", 30))}
	one := lists{"": listPage("0", talk("bob", 30))}
	tests := map[string]struct {
		list   lists
		chats  map[string]pages
		from   int
		fail   func(call string) error
		hits   string
		asked  string
		missed string
		errs   int
		want   Progress // its Listed, Searched, Skipped, Missing, Messages
	}{
		"newest conversation first, to the start": {list: two, from: -1,
			chats: map[string]pages{"old": {"": said("0", 5)}, "*team": {"": said("0", 20, 19, 18, 17)}, "bob": {"": said("9", 30, 29), "9": said("0", 28, 27)}},
			hits:  "bob 29, bob 27, *team 19, *team 17, old 5", asked: "list, list 7, bob, bob 9, *team, old",
			want: Progress{Listed: 3, Searched: 3, Messages: 9}},
		"older ones are skipped": {list: two, from: 20,
			chats: map[string]pages{"*team": {"": said("0", 20, 19)}, "bob": {"": said("9", 29), "9": said("0", 27)}},
			hits:  "bob 29, bob 27", asked: "list, list 7, bob, bob 9, *team",
			want: Progress{Listed: 3, Searched: 2, Skipped: 1, Messages: 4}},
		"all are skipped": {list: two, from: 31, asked: "list, list 7", want: Progress{Listed: 3, Skipped: 3}},
		"no conversation": {list: lists{"": listPage("0")}, from: -1, asked: "list"},
		"to where the range begins": {list: one, from: 25,
			chats: map[string]pages{"bob": {"": said("9", 29, 3), "9": said("8", -27, -26), "8": said("7", 24, -23, 22)}},
			hits:  "bob 29", asked: "list, bob, bob 9, bob 8", want: Progress{Listed: 1, Searched: 1, Messages: 7}},
		"no known UpdateTime": {list: lists{"": listPage("0", `{"ConvId":"a"}`, `{"ConvId":"b","UpdateTime":1700000000}`)}, from: 25,
			chats: map[string]pages{"a": {"": said("0", 27)}, "b": {"": said("0", 29)}},
			hits:  "b 29, a 27", asked: "list, b, a", want: Progress{Listed: 2, Searched: 2, Messages: 2}},
		"not to be asked for": {list: lists{"": listPage("0", `{"ConvId":"room","ConvType":7}`, `{"ConvId":"","UpdateTime":1}`, talk("bob", 3))}, from: -1,
			chats: map[string]pages{"bob": {"": said("0", 3)}}, hits: "bob 3", asked: "list, bob",
			missed: "one-on-one : " + ErrNoID.Error() + ", type 7 room: " + ErrKind.Error(), want: Progress{Listed: 3, Searched: 1, Missing: 2, Messages: 1}},
		"one that is gone": {list: two, from: -1, fail: failing("*team", 1, refusal(zim.GroupUnknown)),
			chats: map[string]pages{"bob": {"": said("0", 29)}, "old": {"": said("0", 5)}},
			hits:  "bob 29, old 5", asked: "list, list 7, bob, *team, old", missed: "group team: " + refusal(zim.GroupUnknown).Error(),
			want: Progress{Listed: 3, Searched: 2, Missing: 1, Messages: 2}},
		"one that goes meanwhile": {list: one, from: -1, fail: failing("bob 9", 1, refusal(zim.PeerUnknown)),
			chats: map[string]pages{"bob": {"": said("9", 29)}}, hits: "bob 29", asked: "list, bob, bob 9",
			missed: "one-on-one bob: " + refusal(zim.PeerUnknown).Error(), want: Progress{Listed: 1, Missing: 1, Messages: 1}},
		"calls that fail": {list: two, from: -1, errs: 4,
			fail:  inTurn(errDown, nil, refusal(zim.UserUnknown), nil, refusal(zim.RateLimited), errDown, nil, nil, nil),
			chats: map[string]pages{"bob": {"": said("0", 29)}, "*team": {"": said("0", 19)}, "old": {"": said("0", 5)}},
			hits:  "bob 29, *team 19, old 5", asked: "list, list, list 7, list 7, bob, bob, bob, *team, old",
			want: Progress{Listed: 3, Searched: 3, Messages: 3}},
		"a repeated page": {list: two, from: -1,
			chats: map[string]pages{"bob": {"": said("9", 29), "9": said("9", 27)}, "*team": {"": said("0", 19)}, "old": {"": said("0", 5)}},
			hits:  "bob 29, bob 27, *team 19, old 5", asked: "list, list 7, bob, bob 9, *team, old",
			missed: "one-on-one bob: " + ErrRepeated.Error(), want: Progress{Listed: 3, Searched: 2, Missing: 1, Messages: 4}},
		"a repeated page before the range": {list: one, from: 25, chats: map[string]pages{"bob": {"": said("9", 29), "9": said("9", 21)}},
			hits: "bob 29", asked: "list, bob, bob 9", want: Progress{Listed: 1, Searched: 1, Messages: 2}},
		"an overlap": {list: one, from: -1, chats: map[string]pages{"bob": {"": said("9", 29, 27), "9": said("0", 27, 25)}},
			hits: "bob 29, bob 27, bob 25", asked: "list, bob, bob 9", want: Progress{Listed: 1, Searched: 1, Messages: 3}},
		"the list repeats a page": {list: lists{"": listPage("7", talk("bob", 30)), "7": listPage("7", talk("*team", 9))}, from: -1,
			chats: map[string]pages{"bob": {"": said("0", 29)}, "*team": {"": said("0")}},
			hits:  "bob 29", asked: "list, list 7, bob, *team", want: Progress{Listed: 2, ListErr: ErrListRepeated, Searched: 2, Messages: 1}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := &desk{list: tt.list, chats: tt.chats, fail: tt.fail}
			o := searched(t, finder(d, tt.from), d)
			if got := strings.Join(o.hits, ", "); got != tt.hits {
				t.Errorf("hits %s; want %s", got, tt.hits)
			}
			slices.Sort(o.missed)
			if got := strings.Join(o.missed, ", "); got != tt.missed || len(o.errs) != tt.errs {
				t.Errorf("missed %s; want %s; %d errors: %v", got, tt.missed, tt.errs, o.errs)
			}
			if got := strings.Join(d.asked, ", "); got != tt.asked {
				t.Errorf("asked %s; want %s", got, tt.asked)
			}
			tt.want.ListDone, tt.want.Calls = true, len(d.asked)
			if o.last != tt.want {
				t.Errorf("progress %+v; want %+v", o.last, tt.want)
			}
		})
	}
}

// failing fails the first n calls of that name.
func failing(name string, n int, err error) func(string) error {
	return func(call string) error {
		if call != name || n == 0 {
			return nil
		}
		n--
		return err
	}
}

// inTurn fails the calls with these errors, one after the other.
func inTurn(errs ...error) func(string) error {
	return func(string) error {
		err := errs[0]
		errs = errs[1:]
		return err
	}
}

func TestFindInACircleOfEmptyPages(t *testing.T) {
	d := &desk{list: lists{"": listPage("0", talk("bob", 30), talk("eve", 20))},
		chats: map[string]pages{"bob": {}, "eve": {"": said("0", 19)}}}
	next := zim.Next("")
	for i := range 3 * maxEmpty {
		after := fmt.Sprint(i + 1)
		d.chats["bob"][next] = said(after, 29)
		next = zim.Next(after)
	}
	o := searched(t, finder(d, -1), d)
	if got := strings.Join(o.hits, ", "); got != "bob 29, eve 19" || !slices.Equal(o.missed, []string{"one-on-one bob: " + ErrEmpty.Error()}) {
		t.Errorf("hits %s, missed %q", got, o.missed)
	}
}

func TestProgressOfAFind(t *testing.T) {
	d := &desk{list: lists{"": listPage("7", talk("bob", 30)), "7": listPage("0", talk("*team", 20))},
		chats: map[string]pages{"bob": {"": said("9", 30, 29, -28), "9": said("0", 27)}, "*team": {"": said("0", 19)}}}
	f := finder(d, -1)
	bob, team := Chat{User: "alice", Peer: "bob"}, Chat{Group: "team"}
	for i, want := range []Progress{
		{Listed: 1, Left: 1, Calls: 1},
		{Listed: 2, ListDone: true, Left: 2, Calls: 2, Chat: bob},
		{Listed: 2, ListDone: true, Left: 2, Calls: 3, Chat: bob, Pages: 1, Back: minute(29), Messages: 3},
		{Listed: 2, ListDone: true, Left: 1, Searched: 1, Calls: 4, Chat: team, Messages: 4},
		{Listed: 2, ListDone: true, Searched: 2, Calls: 5, Messages: 5},
		{Listed: 2, ListDone: true, Searched: 2, Calls: 5, Messages: 5}, // nothing is left to ask
	} {
		found, err := f.Step(t.Context())
		if err != nil || found.Progress != want || found.Done != (i >= 4) {
			t.Errorf("step %d: %v, done %v, progress %+v; want %+v", i, err, found.Done, found.Progress, want)
		}
	}
	if len(d.asked) != 5 {
		t.Errorf("asked %q", d.asked)
	}
}

func TestFindIsCancelled(t *testing.T) {
	for name, when := range map[string]int{"before": -1, "while the list is asked for": 1, "later": 3} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			d := &desk{list: lists{"": listPage("7", talk("bob", 30)), "7": listPage("0", talk("*team", 20))},
				chats: map[string]pages{"bob": {"": said("9", 30, 29), "9": said("0", 27)}, "*team": {"": said("0", 19)}}}
			f := finder(answersAnyhow{d}, -1)
			if when < 0 {
				cancel()
			}
			d.fail = func(string) error {
				if len(d.asked) == when {
					cancel()
				}
				return nil
			}
			var before outcome
			var err error
			for err == nil {
				var found Found
				found, err = f.Step(ctx)
				before.add(found, nil)
			}
			if !errors.Is(err, context.Canceled) || len(d.asked) != max(when, 0) {
				t.Fatalf("%v after %q", err, d.asked)
			}
			if f.Skip() {
				t.Error("a cancelled Step is given up")
			}
			after := searched(t, f, d)
			if got := strings.Join(slices.Concat(before.hits, after.hits), ", "); got != "bob 29, bob 27, *team 19" {
				t.Errorf("hits %s", got)
			}
			if when > 0 && d.asked[when-1] != d.asked[when] {
				t.Errorf("the cancelled call is not made again: %q", d.asked)
			}
		})
	}
}

// answersAnyhow is a desk whose answers come though the context is cancelled.
type answersAnyhow struct{ *desk }

func (d answersAnyhow) QueryConversationList(ctx context.Context, r zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	return d.desk.QueryConversationList(context.WithoutCancel(ctx), r)
}

func (d answersAnyhow) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	return d.desk.QueryPeerMsg(context.WithoutCancel(ctx), r)
}

func TestSkip(t *testing.T) {
	d := &desk{list: lists{"": listPage("7", talk("bob", 30), talk("eve", 20)), "7": listPage("0")},
		chats: map[string]pages{"bob": {"": said("9", 29)}, "eve": {}}}
	f := finder(d, -1)
	if f.Skip() {
		t.Error("there is something to skip before the first Step")
	}
	d.fail = failing("list 7", 1, errDown)
	var o outcome
	for skips := 0; ; {
		found, err := f.Step(t.Context())
		o.add(found, err)
		if found.Done {
			break
		}
		if err != nil && (!f.Skip() || f.Skip()) {
			t.Fatal("a failure is to be skipped once")
		}
		if skips++; skips > 10 {
			t.Fatal("the search does not end")
		}
	}
	if got := strings.Join(d.asked, ", "); got != "list, list 7, bob, bob 9, eve" || len(o.errs) != 3 {
		t.Errorf("asked %s, %v", got, o.errs)
	}
	if !slices.Equal(o.hits, []string{"bob 29"}) || !slices.Equal(o.missed, []string{"one-on-one bob: service is down", "one-on-one eve: service is down"}) {
		t.Errorf("hits %q, missed %q", o.hits, o.missed)
	}
	if o.last.ListErr != errDown || o.last.Missing != 2 || o.last.Left != 0 {
		t.Errorf("%+v", o.last)
	}
	if h := f.Loaded(Chat{User: "alice", Peer: "bob"}); h == nil || shown(h) != "29/29" {
		t.Error("what was loaded before is gone")
	}
}

func TestLoaded(t *testing.T) {
	d := &desk{list: lists{"": listPage("0", talk("bob", 30), talk("eve", 28), talk("*team", 20))},
		chats: map[string]pages{"bob": {"": said("9", 30, 29), "9": said("8", 14), "8": said("0", 13)}, "eve": {"": said("0", 28)}, "*team": {"": said("0", 19)}}}
	f := finder(d, 15)
	bob := Chat{User: "alice", Peer: "bob"}
	for range 2 { // the list, and bob's first page
		if _, err := f.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if f.Loaded(bob) != nil {
		t.Error("the history of a search under way is given away")
	}
	searched(t, f, d)
	h := f.Loaded(bob)
	if h == nil || shown(h) != "30/30 29/29 14/14" || h.Bytes() != int64(len(d.chats["bob"][""].Raw)+len(d.chats["bob"]["9"].Raw)) {
		t.Fatalf("%v", h)
	}
	if next, more := h.Next(); next != "8" || !more {
		t.Errorf("older messages are at %q, %v", next, more)
	}
	if f.Loaded(Chat{User: "alice", Peer: "eve"}) != nil || f.Loaded(Chat{Group: "bob"}) != nil {
		t.Error("there is a history without hits")
	}
	if got := f.Loaded(Chat{Group: "team"}); got == nil || shown(got) != "19/19" || f.Loaded(bob) != h {
		t.Error("the histories are not those that were found")
	}
}

// printed is the size of a printer's page in bytes: all have the same.
var printed = int64(len(said("999", 10991, 10992, 10993, 10994, 10995, 10996, 10997, 10998, 10999, 11000).Raw))

// printer is a service whose pages are made for each call, and noted to see when
// they are gone: chats of so many pages of ten messages.
type printer struct {
	chats map[string]int
	live  []weak.Pointer[byte]
}

func (p *printer) QueryConversationList(context.Context, zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	var all []string
	for name := range p.chats {
		all = append(all, talk(name, 200-int(name[0])))
	}
	return listPage("0", all...), nil
}

func (p *printer) QueryPeerMsg(_ context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	i := 1000
	fmt.Sscan(string(r.Next), &i)
	last := 1000 - p.chats[r.ToUserId] + 1
	var ids []int
	for k := range 10 {
		ids = append(ids, 10*i+1000-k)
	}
	page := said(fmt.Sprint(i-1), ids...)
	if i == last {
		page.Next = "0"
	}
	p.live = append(p.live, weak.Make(&page.Raw[0]))
	return page, nil
}

func (p *printer) QueryGroupMsg(context.Context, zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return nil, errDown
}

func (p *printer) bytes() (n int64) {
	runtime.GC()
	for _, w := range p.live {
		if w.Value() != nil {
			n += printed
		}
	}
	return n
}

func TestAFindKeepsSoMuch(t *testing.T) {
	tests := map[string]struct {
		chats map[string]int // a is the newest
		none  string         // in these nothing is found
		kept  string
	}{
		"all fit":                   {map[string]int{"a": 4, "b": 3, "c": 2}, "", "a b c"},
		"the biggest goes":          {map[string]int{"a": 6, "b": 4, "c": 3, "d": 2}, "", "b c d"},
		"the biggest is under way":  {map[string]int{"a": 25, "b": 4, "c": 3}, "", "b c"},
		"a bigger one comes later":  {map[string]int{"a": 4, "b": 3, "c": 25}, "", "a b"},
		"nothing is found in it":    {map[string]int{"a": 9, "b": 8, "c": 1}, "b", "a c"},
		"nothing is found anywhere": {map[string]int{"a": 30, "b": 12}, "ab", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := &printer{chats: tt.chats}
			f := NewFinder(p, "alice", nil)
			under := ""
			f.match = func(m zim.Message) bool { return m.MsgId%10 == 0 && !strings.Contains(tt.none, under) || under == "" }
			f.maxKept = 10 * printed
			var hits []Hit
			for done := false; !done; {
				if len(f.queue) > 0 {
					under = f.queue[0].name.ConvId
				}
				found, err := f.Step(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				hits, done = append(hits, found.Hits...), found.Done
				if n := p.bytes(); n > f.maxKept {
					t.Fatalf("%d bytes of pages are kept after %d calls", n, found.Progress.Calls)
				}
			}
			var kept []string
			want, pages := 0, 0
			for name, n := range tt.chats {
				pages += n
				if tt.none == "" || !strings.Contains(tt.none, name) {
					want += n
				}
				h := f.Loaded(Chat{User: "alice", Peer: name})
				if h == nil {
					continue
				}
				kept = append(kept, name)
				if h.Len() != 10*n || h.Bytes() != int64(n)*printed || !strings.Contains(string(h.At(h.Len()-1).Raw), "line") {
					t.Errorf("%s: %d messages, %d bytes", name, h.Len(), h.Bytes())
				}
			}
			slices.Sort(kept)
			if got := strings.Join(kept, " "); got != tt.kept || len(hits) != want || pages != len(p.live) {
				t.Errorf("kept %s, want %s; %d hits, want %d; %d pages of %d", got, tt.kept, len(hits), want, len(p.live), pages)
			}
			for _, h := range hits {
				if !strings.Contains(string(h.Raw), fmt.Sprintf(`"line %d"`, h.MsgId)) {
					t.Errorf("hit %d is %s", h.MsgId, h.Raw)
				}
			}
		})
	}
}

// TestAFindWithoutPagesStillMerges: a search that let its pages go knows what it
// has seen, also out of order.
func TestAFindWithoutPagesStillMerges(t *testing.T) {
	d := &desk{list: lists{"": listPage("0", talk("bob", 30))}, chats: map[string]pages{"bob": {
		"": said("9", 29, 27, 23), "9": said("8", 27, 25, 24, 23), "8": said("7", 29, 26, 21, 19), "7": said("9", 23, 21, 17)}}}
	f := finder(d, -1)
	f.maxKept = 1
	o := searched(t, f, d)
	if got := strings.Join(o.hits, ", "); got != "bob 29, bob 27, bob 23, bob 25, bob 21, bob 19, bob 17" || o.last.Messages != 9 {
		t.Errorf("hits %s of %d messages", got, o.last.Messages)
	}
	if len(o.missed) != 1 || !strings.Contains(o.missed[0], ErrRepeated.Error()) || f.Loaded(Chat{User: "alice", Peer: "bob"}) != nil {
		t.Errorf("missed %q", o.missed)
	}
}

func TestBytesOfAHistory(t *testing.T) {
	var h History
	size := func(pages ...*zim.MessagePage) (n int64) {
		for _, p := range pages {
			n += int64(len(p.Raw))
		}
		return n
	}
	first, known, older := page("7", "0/0", "9/9", "8/8"), page("8", "9/9", "8/8"), page("9", "8/8", "7/7")
	for _, p := range []*zim.MessagePage{first, known, older} {
		if _, err := h.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	if want := size(first, older); h.Bytes() != want {
		t.Errorf("%d bytes, want %d", h.Bytes(), want)
	}
	same, newest, rest := page("7", "0/0", "9/9"), page("7", "12/12", "11/11"), page("7", "10/10", "0/0", "9/9")
	h.AddNewer(same)
	h.AddNewer(newest, page("7"), rest)
	h.AddNewer(page("7", "12/12"))
	if want := size(first, older, newest, rest); h.Bytes() != want {
		t.Errorf("%d bytes with the newer ones, want %d", h.Bytes(), want)
	}
}

// TestFindFindsAll: whatever fails on the way, all that a filter lets through is
// found once, the newest conversation first.
func TestFindFindsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(-1, 100).Draw(t, "from")
		d := &desk{chats: map[string]pages{}, list: lists{}}
		var talks, want []string
		for i := range rapid.IntRange(0, 6).Draw(t, "chats") {
			name := []string{"bob", "*team"}[i%2] + fmt.Sprint(i)
			all := slices.Compact(slices.Sorted(slices.Values(rapid.SliceOfN(rapid.IntRange(0, 99), 1, 30).Draw(t, name))))
			last := all[len(all)-1]
			if i > 0 { // so that the order is certain
				last = min(last, 99-i)
				all = slices.DeleteFunc(all, func(id int) bool { return id > last })
			}
			last = 100 - i
			slices.Reverse(all)
			talks = append(talks, talk(name, last))
			d.chats[name] = inPages(t, all)
			for _, id := range all {
				if id%2 == 1 && id >= from {
					want = append(want, fmt.Sprintf("%s %d", name, id))
				}
			}
		}
		cut := rapid.IntRange(0, len(talks)).Draw(t, "cut")
		d.list[""], d.list["7"] = listPage("7", talks[cut:]...), listPage("0", talks[:cut]...)
		d.fail = func(string) error {
			return rapid.SampledFrom([]error{nil, nil, errDown, context.Canceled, refusal(zim.RateLimited)}).Draw(t, "fails")
		}
		f := finder(d, from)
		f.maxKept = rapid.Int64Range(0, 5000).Draw(t, "kept")
		if o := searched(t, f, d); !slices.Equal(o.hits, want) || len(o.missed) > 0 {
			t.Fatalf("hits %q, want %q; missed %q", o.hits, want, o.missed)
		}
		kept := int64(0)
		for _, s := range f.kept {
			kept += s.walk.history.Bytes()
		}
		if kept > f.maxKept {
			t.Fatalf("%d bytes are kept, over %d", kept, f.maxKept)
		}
	})
}

// inPages cuts a chat into pages, some of them empty or with what was there
// already.
func inPages(t *rapid.T, ids []int) pages {
	all := pages{}
	next := zim.Next("")
	from, n := 0, 0
	for from < len(ids) {
		to := rapid.IntRange(from, len(ids)).Draw(t, "to")
		begin := rapid.IntRange(max(from-2, 0), from).Draw(t, "begin")
		n++
		all[next] = said(fmt.Sprint(n), ids[begin:to]...)
		next, from = zim.Next(fmt.Sprint(n)), to
	}
	all[next] = said("0")
	return all
}

// handled carries requests to a handler without a network.
type handled struct{ http.Handler }

func (h handled) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestFindInTheSampleWorld compares with a walk through each conversation, while
// the screen asks for what is loaded.
func TestFindInTheSampleWorld(t *testing.T) {
	world := handled{emulator.New(emulator.WithRate(0))}
	client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"), zim.WithTransport(world))
	if err != nil {
		t.Fatal(err)
	}
	ago := func(days int) time.Time { return emulator.Epoch.AddDate(0, 0, -days) }
	for _, tt := range []struct {
		user, filter  string
		since         time.Time
		conversations int
	}{
		{"warehouse", "from:shop0007,shop0999 or (upside -pallet)", time.Time{}, 1000},
		{"warehouse", "van after:-30d", ago(30), 1000},
		{"alice", "(type:image or has:link) after:-3d", ago(3), 23},
	} {
		older := func(m zim.Message) bool { at, known := m.Time(); return known && at.Before(tt.since) }
		t.Run(tt.user+" "+tt.filter, func(t *testing.T) {
			filter, err := ParseFilter(tt.filter, time.UTC, emulator.Epoch)
			if err != nil {
				t.Fatal(err)
			}
			f := NewFinder(client, tt.user, filter)
			want, chats := walkedAll(t, client, older, tt.user, filter)
			var got []string
			var found Found
			for i := 0; !found.Done; i++ {
				var screen sync.WaitGroup
				screen.Go(func() {
					if h := f.Loaded(chats[i%len(chats)]); h != nil && h.Len() == 0 {
						t.Error("a loaded history is empty")
					}
				})
				if found, err = f.Step(t.Context()); err != nil {
					t.Fatal(err)
				}
				screen.Wait()
				for _, h := range found.Hits {
					got = append(got, fmt.Sprintf("%s %d", nameOf(h.Chat), h.MsgId))
				}
			}
			if p := found.Progress; p.Listed != tt.conversations || p.Searched != len(chats) || p.Skipped != p.Listed-len(chats) || (p.Skipped > 0) == tt.since.IsZero() {
				t.Errorf("%+v, want %d searched", p, len(chats))
			}
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%d hits, want %d", len(got), len(want))
			}
		})
	}
}

// walkedAll goes through the conversations of a user that are not older than the
// range, and returns them and what the filter lets through.
func walkedAll(t *testing.T, client *zim.Client, older func(zim.Message) bool, user string, filter *Filter) (hits []string, chats []Chat) {
	var list List
	for next, more := list.Next(); more; next, more = list.Next() {
		page, err := client.QueryConversationList(t.Context(), zim.QueryConversationListRequest{FromUserId: user, Limit: 500, Next: next})
		if err == nil {
			err = list.Add(page)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range list.All() {
		if older(zim.Message{MsgTime: c.UpdateTime}) {
			continue
		}
		chat := Chat{User: user, Peer: c.ConvId}
		if c.ConvType == zim.Group {
			chat = Chat{Group: c.ConvId}
		}
		chats = append(chats, chat)
		w := chat.Walk(t.Context(), client, WalkOptions{Until: older})
		for fresh, err := range w.Pages() {
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range fresh {
				if filter.Match(m) {
					hits = append(hits, fmt.Sprintf("%s %d", nameOf(chat), m.MsgId))
				}
			}
		}
	}
	return hits, chats
}
