package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"backscroll/zim"
)

// service gives the pages that a test wrote down, by the Next they are asked
// with; a page that is not there is an error.
type service struct {
	pages  map[zim.Next]*zim.MessagePage
	asked  []zim.Next
	empty  []int
	before func(asked int) // called before each answer
}

var errDown = errors.New("service is down")

func (s *service) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	s.asked = append(s.asked, r.Next)
	s.empty = append(s.empty, r.WithEmptyMsg)
	if s.before != nil {
		s.before(len(s.asked))
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("asking: %w", err)
	}
	if p, ok := s.pages[r.Next]; ok {
		return p, nil
	}
	return nil, errDown
}

func (s *service) QueryGroupMsg(ctx context.Context, r zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return s.QueryPeerMsg(ctx, zim.QueryPeerMsgRequest{Next: r.Next, WithEmptyMsg: r.WithEmptyMsg})
}

// walked is what came of a walk: the pages, the error and the end.
func walked(w *Walk) (pages string, err error) {
	var all []string
	for fresh, e := range w.Pages() {
		if e != nil {
			err = e
			continue
		}
		var ids []string
		for _, m := range fresh {
			ids = append(ids, fmt.Sprint(m.MsgId))
		}
		all = append(all, strings.Join(ids, " "))
	}
	return strings.Join(all, " | "), err
}

func TestWalk(t *testing.T) {
	three := map[zim.Next]*zim.MessagePage{"": page("7", "9/9", "0/0"), "7": page("3", "8/8", "7/7"), "3": page("0", "7/7", "6/6")}
	tests := map[string]struct {
		pages   map[zim.Next]*zim.MessagePage
		options WalkOptions
		want    string
		end     End
		err     error
		calls   int
	}{
		"to the start":         {pages: three, want: "9 0 | 8 7 | 6", end: EndStart, calls: 4},
		"one page":             {pages: map[zim.Next]*zim.MessagePage{"": page("0", "1/1")}, want: "1", end: EndStart, calls: 1},
		"nothing":              {pages: map[zim.Next]*zim.MessagePage{"": page("0")}, end: EndStart, calls: 1},
		"so many pages":        {pages: three, options: WalkOptions{Pages: 2}, want: "9 0 | 8 7", end: EndStopped, calls: 2},
		"until":                {pages: three, options: WalkOptions{Until: func(m zim.Message) bool { return m.MsgId <= 8 }}, want: "9 0 | 8 7 | 6", end: EndStart, calls: 4}, // none has a time
		"fails":                {pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9")}, want: "9", end: EndFailed, err: errDown, calls: 2},
		"fails at once":        {end: EndFailed, err: errDown, calls: 1},
		"a repeated page":      {pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9"), "7": page("7", "8/8")}, want: "9 | 8", end: EndFailed, err: ErrRepeated, calls: 2},
		"empty pages between":  {pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9"), "7": page("8"), "8": page("0", "1/1")}, want: "9 | 1", end: EndStart, calls: 4},
		"nothing but Nexts":    {pages: map[zim.Next]*zim.MessagePage{"": page("7"), "7": page("7")}, end: EndFailed, err: ErrRepeated, calls: 2},
		"empty messages left":  {pages: map[zim.Next]*zim.MessagePage{"": page("0", "1/1")}, options: WalkOptions{NoEmpty: true}, want: "1", end: EndStart, calls: 1},
		"until, on empty page": {pages: map[zim.Next]*zim.MessagePage{"": page("7"), "7": page("0", "1/1")}, options: WalkOptions{Until: func(zim.Message) bool { return true }}, want: "1", end: EndStart, calls: 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := &service{pages: tt.pages}
			w := Chat{User: "a", Peer: "b"}.Walk(t.Context(), s, tt.options)
			got, err := walked(w)
			if got != tt.want || w.End() != tt.end || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) || len(s.asked) != tt.calls {
				t.Errorf("%q, end %d, %v, asked %q", got, w.End(), err, s.asked)
			}
			if tt.options.NoEmpty != (s.empty[0] == 0) {
				t.Errorf("WithEmptyMsg is %d", s.empty[0])
			}
		})
	}
}

func TestArrivalsDuringAWalk(t *testing.T) {
	s := &service{pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9", "8/8"), "7": page("0", "7/7")}}
	s.before = func(asked int) {
		if asked == 2 {
			s.pages[""] = page("9", "12/12", "11/11")
			s.pages["9"] = page("6", "10/10", "9/9")
		}
	}
	w := Chat{Group: "g"}.Walk(t.Context(), s, WalkOptions{})
	got, err := walked(w)
	if want := "9 8 | 7 | 12 11 10"; got != want || err != nil || w.End() != EndStart {
		t.Errorf("%q, %v, end %d; want %q", got, err, w.End(), want)
	}
	if got, want := shown(w.History()), "12/12 11/11 10/10 9/9 8/8 7/7"; got != want {
		t.Errorf("history %s, want %s", got, want)
	}
}

func TestTooManyArrivalsHideNothing(t *testing.T) {
	s := &service{pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9"), "7": page("0", "8/8")}}
	s.before = func(asked int) {
		if asked == 2 {
			s.pages[""] = page("100", "999/999")
			for i := 100; i < 300; i++ {
				s.pages[zim.Next(fmt.Sprint(i))] = page(fmt.Sprint(i+1), fmt.Sprintf("%d/%d", 998-i, 998-i))
			}
		}
	}
	w := Chat{Group: "g"}.Walk(t.Context(), s, WalkOptions{})
	if got, err := walked(w); got != "9 | 8" || !errors.Is(err, ErrFar) || w.End() != EndFailed {
		t.Errorf("%q, %v, end %d", got, err, w.End())
	}
}

func TestUntilOutlivesAMessageOutOfOrder(t *testing.T) {
	timed := func(next string, ms ...int64) *zim.MessagePage {
		var list []string
		for _, at := range ms {
			list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgTime":%d}`, at%1000+1, at))
		}
		return zim.ReadMessagePage([]byte(`{"Next":` + next + `,"List":[` + strings.Join(list, ",") + `]}`))
	}
	s := &service{pages: map[zim.Next]*zim.MessagePage{
		"":  timed("7", 1700000000009, 1600000000008), // the last is far too old
		"7": timed("8", 1700000000007, 0),
		"8": timed("9", 1600000000005, 0),
	}}
	old := func(m zim.Message) bool { return m.MsgTime < 1650000000000 }
	w := Chat{Group: "g"}.Walk(t.Context(), s, WalkOptions{Until: old})
	if _, err := walked(w); err != nil || len(s.asked) != 3 {
		t.Errorf("%v after %q", err, s.asked)
	}
}

func TestACancelledWalkKeepsWhatItHad(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &service{pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9", "8/8"), "7": page("0", "7/7")}}
	s.before = func(asked int) {
		if asked == 2 {
			cancel()
		}
	}
	w := Chat{Group: "g"}.Walk(ctx, s, WalkOptions{})
	if got, err := walked(w); got != "9 8" || !errors.Is(err, context.Canceled) || w.End() != EndCancelled || w.History().Len() != 2 {
		t.Errorf("%q, %v, end %d", got, err, w.End())
	}
}

func TestAWalkThatIsLeft(t *testing.T) {
	s := &service{pages: map[zim.Next]*zim.MessagePage{"": page("7", "9/9"), "7": page("0", "7/7")}}
	w := Chat{Group: "g"}.Walk(t.Context(), s, WalkOptions{})
	for range w.Pages() {
		break
	}
	if w.End() != EndStopped || len(s.asked) != 1 {
		t.Errorf("end %d after %q", w.End(), s.asked)
	}
}
