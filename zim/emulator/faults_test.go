package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"backscroll/zim"
)

// stubborn is a client that asks again, without waiting, until it is answered.
type stubborn struct {
	base   string
	http   *http.Client
	ahead  time.Duration // what the service's clock is ahead
	failed []string      // what was in the way of an answer
}

// newStubborn serves an emulator whose slow faults are quick, and returns a
// client that gives an attempt up when its patience ends.
func newStubborn(t *testing.T, patience time.Duration, opts ...Option) *stubborn {
	t.Helper()
	quick := func(c *config) { c.pace = 20 * time.Millisecond }
	e := New(append([]Option{WithRate(0), quick}, opts...)...)
	e.world = shop().world // its pictures are drawn
	base, stop, err := e.Serve(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() { transport.CloseIdleConnections(); stop() })
	return &stubborn{base: base, http: &http.Client{Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// once makes one attempt. What is in the way is told by its first words.
func (c *stubborn) once(action, body string) (answer []byte, trouble string) {
	q := signAt(action, fmt.Sprint(len(c.failed)), time.Now().Add(c.ahead).Unix())
	resp, err := c.http.Post(c.base+"/?"+q.Encode(), "application/json", strings.NewReader(body))
	if err != nil {
		switch timeout, ok := errors.AsType[interface {
			error
			Timeout() bool
		}](err); {
		case errors.Is(err, syscall.ECONNRESET):
			return nil, "reset"
		case ok && timeout.Timeout():
			return nil, "timeout"
		}
		return nil, err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if n, _ := io.Copy(io.Discard, resp.Body); n+int64(len(b)) > 32<<20 {
		return nil, "large"
	}
	var head struct{ Code zim.Code }
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, "truncated"
	case err != nil:
		return nil, "timeout in the body"
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Sprint("status ", resp.StatusCode)
	case json.Unmarshal(b, &head) != nil:
		return nil, "no JSON"
	case head.Code == zim.SignatureExpired:
		date, err := http.ParseTime(resp.Header.Get("Date"))
		if err != nil {
			return nil, "no Date"
		}
		c.ahead = time.Until(date)
	}
	if head.Code != zim.Success {
		return b, fmt.Sprint("code ", int64(head.Code))
	}
	return b, ""
}

// call asks at most three times.
func (c *stubborn) call(action, body string) ([]byte, bool) {
	for range 3 {
		b, trouble := c.once(action, body)
		if trouble == "" {
			return b, true
		}
		c.failed = append(c.failed, trouble)
	}
	return nil, false
}

// loosely reads rows whatever the faults made of them.
type loosely struct {
	Next json.RawMessage
	List []struct{ MsgId json.RawMessage }
}

// walk asks for page after page, until the end, an answer that is none, a Next
// that came before, or 60 pages. It returns each MsgId once, "" for a row that
// has none, newest first.
func (c *stubborn) walk(t *testing.T, s side, limit int) (ids []string, end string) {
	t.Helper()
	seen, tokens := map[string]bool{}, []string{"0"}
	for range 60 {
		b, ok := c.call(s.action, fmt.Sprintf(`{%s,"Limit":%d,"WithEmptyMsg":1,"Next":%s}`, s.ids, limit, tokens[len(tokens)-1]))
		if !ok {
			return ids, "failed"
		}
		var page loosely
		if err := json.Unmarshal(b, &page); err != nil {
			t.Fatal(err)
		}
		for _, row := range page.List {
			id := strings.Trim(string(row.MsgId), `"`)
			if id == "0" || id == "null" {
				id = ""
			}
			if id == "" || !seen[id] {
				ids = append(ids, id)
			}
			seen[id] = true
		}
		next := string(page.Next)
		switch {
		case next == "0" || next == "null":
			return ids, "end"
		case slices.Contains(tokens, next):
			return ids, "loop"
		}
		tokens = append(tokens, next)
	}
	return ids, "endless"
}

// trueIDs are the MsgIds of a list as walk gives them.
func trueIDs(l list, bare bool) (ids []string) {
	for i := l.len() - 1; i >= 0; i-- {
		m := l.at(i)
		if m.unnamed() || bare && m.empty == deleted {
			ids = append(ids, "")
			continue
		}
		ids = append(ids, fmt.Sprint(m.id))
	}
	return ids
}

func TestFaultsOnTheWire(t *testing.T) {
	for name, c := range map[FaultName]struct {
		failed []string // in the order they come, over again
		end    string
	}{
		FaultRate:      {[]string{"code 660300005"}, "end"},
		FaultBusy:      {[]string{"code 660000001"}, "end"},
		FaultHTTP500:   {[]string{"status 500"}, "end"},
		FaultHTML:      {[]string{"no JSON"}, "failed"},
		FaultTruncate:  {[]string{"truncated"}, "end"},
		FaultReset:     {[]string{"reset"}, "end"},
		FaultSlow:      {nil, "end"},
		FaultDrip:      {[]string{"timeout in the body"}, "end"},
		FaultHang:      {[]string{"timeout"}, "end"},
		FaultSkew:      {[]string{"code 100000004"}, "end"},
		FaultLoop:      {nil, "loop"},
		FaultEmpty:     {nil, "endless"},
		FaultOverlap:   {nil, "end"},
		FaultStringIDs: {nil, "end"},
		FaultNulls:     {nil, "end"},
		FaultBare:      {nil, "end"},
		FaultBigNext:   {nil, "end"},
		FaultBigBody:   {[]string{"large"}, "failed"},
		FaultRedirect:  {[]string{"status 307"}, "failed"},
	} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			for s, l := range map[side]list{
				peerSide("alice", "walter"): shop().world.peers["alice"]["walter"].list,
				peerSide("alice", "bob"):    shop().world.peers["alice"]["bob"].list,
			} {
				patience := 20 * time.Second
				if name == FaultHang || name == FaultDrip {
					patience = 400 * time.Millisecond
				}
				client := newStubborn(t, patience, WithFault(name))
				limit := l.len()/4 + 1
				got, end := client.walk(t, s, limit)
				want := trueIDs(l, name == FaultBare)
				switch {
				case end != c.end:
					t.Errorf("%v: ended with %s after %d messages and %q, want %s", s, end, len(got), client.failed, c.end)
				case end == "end" && !slices.Equal(got, want):
					t.Errorf("%v: %d messages that are not the %d of the chat, each once", s, len(got), len(want))
				case end != "end" && (len(got) < limit || !slices.Equal(got, want[:len(got)])):
					t.Errorf("%v: %d messages are not the newest, a page at least", s, len(got))
				}
				if len(c.failed) == 0 != (len(client.failed) == 0) || slices.ContainsFunc(client.failed, func(f string) bool { return !slices.Contains(c.failed, f) }) {
					t.Errorf("%v: met %q, want %q", s, client.failed, c.failed)
				}
			}
		})
	}
}

func TestFaultsTogether(t *testing.T) {
	client := newStubborn(t, 400*time.Millisecond, WithFault(FaultRate, FaultBusy, FaultHTTP500, FaultTruncate, FaultReset),
		WithFault(FaultHang, FaultSkew, FaultOverlap, FaultStringIDs, FaultNulls, FaultBigNext))
	l := shop().world.peers["alice"]["walter"].list
	got, end := client.walk(t, peerSide("alice", "walter"), 12)
	if end != "end" || !slices.Equal(got, trueIDs(l, false)) {
		t.Errorf("%s after %d messages of %d, and %q", end, len(got), l.len(), client.failed)
	}
	for _, want := range []string{"code 660300005", "code 660000001", "status 500", "truncated", "reset", "timeout", "code 100000004"} {
		if !slices.Contains(client.failed, want) {
			t.Errorf("no %s among %q", want, client.failed)
		}
	}
}

// However many ask at once, a call that is asked again is answered.
func TestNoCallFailsTwice(t *testing.T) {
	e := New(WithClock(still), WithRate(0), WithFault(FaultBusy, FaultRate))
	var wg sync.WaitGroup
	var struck atomic.Int64
	for i := range 8 {
		wg.Go(func() {
			for n := range 20 {
				body := fmt.Sprintf(`{"GroupId":"team","Limit":%d}`, 1+100*i+n)
				if first := ask(t, e, "QueryGroupMsg", body).Code; first == zim.Success {
					continue
				}
				struck.Add(1)
				if again := ask(t, e, "QueryGroupMsg", body).Code; again != zim.Success {
					t.Errorf("asked again: code %d", again)
				}
			}
		})
	}
	wg.Wait()
	if n := struck.Load(); n < 8*20/4 {
		t.Errorf("%d of 160 calls met a fault", n)
	}
}

func TestFaultNames(t *testing.T) {
	const documented = "rate busy http500 html truncate reset slow drip hang skew loop empty overlap stringids nulls bare bignext bigbody redirect"
	var names []string
	for _, n := range FaultNames() {
		names = append(names, string(n))
		if got, err := ParseFault(string(n)); err != nil || got != n || n.Help() == "" {
			t.Errorf("%s: parsed as %q, %v; help %q", n, got, err, n.Help())
		}
	}
	if got := strings.Join(names, " "); got != documented {
		t.Errorf("faults are %s", got)
	}
	for _, bad := range []string{"", "Rate", "rate ", "fire"} {
		if _, err := ParseFault(bad); err == nil || !strings.Contains(err.Error(), documented) {
			t.Errorf("%q: error %v", bad, err)
		}
	}
	if FaultName("fire").Help() != "" {
		t.Error("help for a fault that is not there")
	}
}

func TestShapesOfAnswers(t *testing.T) {
	const body = `{"FromUserId":"alice","ToUserId":"bob","Limit":3,"WithEmptyMsg":1}`
	rows := []json.RawMessage{
		json.RawMessage(`{"MsgId":9007199254740993,"MsgSeq":3,"MsgBody":"\ud83d <&>","Payload":"","SubMsgType":0,"IsEmpty":0}`),
		json.RawMessage(`{"MsgId":"7","MsgSeq":null,"IsEempy":1,"Sender":"bob"}`),
	}
	for name, want := range map[FaultName]string{
		FaultStringIDs: `{"IsEempy":1,"MsgId":"7","MsgSeq":null,"Sender":"bob"},{"IsEmpty":0,"MsgBody":"\ud83d <&>","MsgId":"9007199254740993","MsgSeq":"3","Payload":"","SubMsgType":0}`,
		FaultNulls:     `{"IsEempy":1,"MsgId":"7","MsgSeq":null,"Sender":"bob"},{"IsEmpty":null,"MsgBody":"\ud83d <&>","MsgId":9007199254740993,"MsgSeq":3,"Payload":null,"SubMsgType":null}`,
		FaultBare:      `{"IsEmpty":1},{"IsEmpty":0,"MsgBody":"\ud83d <&>","MsgId":9007199254740993,"MsgSeq":3,"Payload":"","SubMsgType":0}`,
	} {
		e := New(WithClock(still), WithRate(0), WithFault(name), WithPeerHistory("alice", "bob", rows...), WithPeerHistory("u1", "u2"))
		if got := post(e, sign("QueryPeerMsg"), body).Body.String(); !strings.Contains(got, `"List":[`+want+`]`) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		got := post(e, sign("QueryPeerMsg"), `{"FromUserId":"u1","ToUserId":"u2"}`).Body.String()
		if nulls := strings.Contains(got, `"List":null`) && strings.Contains(got, `"Next":null`); nulls != (name == FaultNulls) || !strings.Contains(got, `"Code":0`) {
			t.Errorf("%s: an empty chat is %s", name, got)
		}
	}
	broken := New(WithClock(still), WithFault(FaultNulls), WithPeerHistory("alice", "bob", json.RawMessage(`{"MsgId":0,`)))
	if got := post(broken, sign("QueryPeerMsg"), body).Body.String(); !strings.HasSuffix(got, `"List":[{"MsgId":0,]}`) {
		t.Errorf("what cannot be read was changed: %s", got)
	}
}

func TestOverlapIsAsTold(t *testing.T) {
	e := New(WithClock(still), WithRate(0), WithFault(FaultOverlap))
	for limit, again := range map[int]int{1: 0, 3: 2, 20: 5} {
		s := peerSide("alice", "archive")
		first := ask(t, e, s.action, fmt.Sprintf(`{%s,"Limit":%d}`, s.ids, limit))
		second := ask(t, e, s.action, fmt.Sprintf(`{%s,"Limit":%d,"Next":%d}`, s.ids, limit, first.Next))
		n := 0
		for _, row := range second.List {
			if slices.ContainsFunc(first.List, func(r json.RawMessage) bool { return string(r) == string(row) }) {
				n++
			}
		}
		if n != again || len(second.List) != limit {
			t.Errorf("limit %d: %d of %d messages came again, want %d", limit, n, len(second.List), again)
		}
	}
}

func TestEmptyPagesNeverEndNorRepeat(t *testing.T) {
	e := New(WithClock(still), WithRate(0), WithFault(FaultEmpty))
	for _, s := range []side{peerSide("alice", "walter"), {"QueryConversationList", `"FromUserId":"alice"`}, {"QueryGroupMemberList", `"GroupId":"team"`}} {
		seen := map[int64]bool{}
		next := int64(0)
		for n := range 200 {
			r := ask(t, e, s.action, fmt.Sprintf(`{%s,"Limit":3,"Next":%d}`, s.ids, next))
			if r.Code != zim.Success || n > 0 && len(r.List) > 0 || r.Next == 0 || seen[r.Next] {
				t.Fatalf("%v: page %d has code %d, %d rows and Next %d", s, n+1, r.Code, len(r.List), r.Next)
			}
			next = r.Next
			seen[next] = true
		}
	}
}

func TestSlowAndHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(WithClock(still), WithRate(0), WithFault(FaultSlow))
		for n, want := range []time.Duration{2 * time.Second, 0, 0, 2 * time.Second} {
			start := time.Now()
			if r := ask(t, e, "QueryGroupMsg", fmt.Sprintf(`{"GroupId":"team","Limit":%d}`, n+1)); r.Code != zim.Success || time.Since(start) != want {
				t.Errorf("call %d: code %d after %v, want %v", n+1, r.Code, time.Since(start), want)
			}
		}
		e = New(WithClock(still), WithRate(0), WithFault(FaultHang))
		ask(t, e, "QueryGroupMsg", `{"GroupId":"team"}`)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		w, start := httptest.NewRecorder(), time.Now()
		e.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/?"+sign("QueryGroupMsg").Encode(), strings.NewReader(`{"GroupId":"vip"}`)))
		if w.Body.Len() > 0 || time.Since(start) != time.Hour {
			t.Errorf("after %v: %s", time.Since(start), w.Body)
		}
	})
}
