package zim_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

func TestObserverSeesEveryAttempt(t *testing.T) {
	truth := answer{200, nil, `{"Code":0,"RequestId":"5","List":[{"MsgId":1}]}`}
	answers := []http.RoundTripper{
		failing(errors.New("wire cut")), answer{503, nil, "asked for {URL}"}, truth,
		answer{200, nil, `{"Code":2,"Message":"no","RequestId":"4"}`},
	}
	n := 0
	w := &wire{next: roundTrip(func(r *http.Request) (*http.Response, error) {
		n++
		return answers[n-1].RoundTrip(r)
	})}
	var seen []zim.Exchange
	c := newClient(t, "https://zim.example.com", w, zim.WithObserver(func(x zim.Exchange) { seen = append(seen, x) }))
	if err := ask(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := ask(t.Context(), c); err == nil {
		t.Fatal("no error")
	}
	var got []string
	for _, x := range seen {
		got = append(got, fmt.Sprintf("%s %s #%d %d %d %s %v", x.Action, x.Host, x.Attempt, x.Status, x.Code, x.RequestId, x.Err != nil))
		if string(x.Request) != `{"FromUserId":"alice","ToUserId":"bob","Limit":10,"Next":0,"WithEmptyMsg":0}`+"\n" || x.Start.IsZero() || x.Duration < 0 {
			t.Errorf("exchange %+v", x)
		}
		for _, s := range append(w.signatures, emulator.ServerSecret) {
			if strings.Contains(fmt.Sprintf("%+v %s", x, x.Answer), s) {
				t.Errorf("an exchange shows a signature: %s", x.Answer)
			}
		}
	}
	want := []string{
		"QueryPeerMsg zim.example.com #1 0 0  true", "QueryPeerMsg zim.example.com #2 503 0  true",
		"QueryPeerMsg zim.example.com #3 200 0 5 false", "QueryPeerMsg zim.example.com #1 200 2 4 true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("seen %q, want %q", got, want)
	}
	if string(seen[2].Answer) != truth.body {
		t.Errorf("the answer is not what came: %s", seen[2].Answer)
	}
}

// TestEchoedRequestId has the service send back what it was sent where the
// request's ID should be.
func TestEchoedRequestId(t *testing.T) {
	for _, body := range []string{`{"Code":0,"RequestId":"see {URL}"}`, `{"Code":2,"RequestId":"see {URL}"}`} {
		w := &wire{next: answer{200, nil, body}}
		var seen zim.Exchange
		c := newClient(t, "https://zim.example.com", w, zim.WithObserver(func(x zim.Exchange) { seen = x }))
		page, err := c.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{FromUserId: "alice", ToUserId: "bob"})
		list, _ := c.QueryConversationList(t.Context(), zim.QueryConversationListRequest{FromUserId: "alice"})
		w.checkSafe(t, err)
		if !strings.HasPrefix(seen.RequestId, "see https://") {
			t.Errorf("RequestId %q", seen.RequestId)
		}
		for _, s := range w.signatures {
			if text := fmt.Sprintf("%+v %s %+v %+v %s", seen, seen.Answer, page, list, err); strings.Contains(text, s) {
				t.Errorf("the signature is shown: %s", text)
			}
			if page != nil && (strings.Contains(string(page.Raw), s) || strings.Contains(page.RequestId, s)) {
				t.Errorf("the page shows the signature: %s", page.Raw)
			}
		}
	}
	if p := zim.ReadMessagePage([]byte(`{"Code":0,"RequestId":null}`)); p.RequestId != "" {
		t.Errorf("null is %q", p.RequestId)
	}
}

// TestObserverIsAlone calls from many goroutines; the race detector watches.
func TestObserverIsAlone(t *testing.T) {
	var inside atomic.Int32
	count := 0
	w := &wire{next: answer{200, nil, `{"Code":0,"List":[{"MsgId":1}]}`}}
	c := newClient(t, "https://zim.example.com", w, zim.WithObserver(func(zim.Exchange) {
		if inside.Add(1) != 1 {
			t.Error("two exchanges at once")
		}
		count++
		time.Sleep(time.Millisecond)
		inside.Add(-1)
	}))
	var done sync.WaitGroup
	for range 20 {
		done.Go(func() {
			if err := ask(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if count != 20 {
		t.Errorf("%d exchanges", count)
	}
}

// TestOneConnection walks on one connection, as long as nothing fails.
func TestOneConnection(t *testing.T) {
	e := emulator.New(emulator.WithRate(0))
	var remote sync.Map
	liar := emulator.Liar{Next: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remote.Store(r.RemoteAddr, true)
		e.ServeHTTP(w, r)
	})}
	base, stop, err := liar.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	transport := zim.NewTransport(nil)
	defer transport.CloseIdleConnections()
	c := newClient(t, base, &wire{next: transport})
	for range 20 {
		if err := ask(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	remote.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d connections for 20 calls", n)
	}
}
