package zim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

// pipes is a network within a synctest bubble, where waiting takes no time. It
// is its own listener.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	down  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), down: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.down:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.down) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.IPAddr{} }

// serving returns a wire to a handler. It is for use in a bubble only.
func serving(t *testing.T, h http.Handler) *wire {
	t.Helper()
	p := newPipes()
	srv := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	go srv.Serve(p)
	transport := zim.NewTransportDialing(p.dial)
	t.Cleanup(func() { transport.CloseIdleConnections(); srv.Close() })
	return &wire{next: transport}
}

// muteFor returns a handler that says nothing in the first calls, after what
// begin says, and then answers.
func muteFor(calls int, begin func(http.ResponseWriter), pace time.Duration) http.Handler {
	var n atomic.Int64 // each connection has a goroutine of its own
	truth := emulator.New(emulator.WithRate(0))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) > int64(calls) {
			truth.ServeHTTP(w, r)
			return
		}
		io.Copy(io.Discard, r.Body) // else the server does not notice that the client has gone
		if begin != nil {
			begin(w)
		}
		for pace > 0 && r.Context().Err() == nil {
			w.Write([]byte(" "))
			http.NewResponseController(w).Flush()
			select {
			case <-time.After(pace):
			case <-r.Context().Done():
			}
		}
		<-r.Context().Done()
	})
}

func half(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "1000")
	io.WriteString(w, `{"Code":0,"List":[{"MsgId":1},`)
	http.NewResponseController(w).Flush()
}

// silence is a fault that has to be waited for.
type silence struct {
	base   string
	wire   func(t *testing.T) *wire // within the bubble
	answer bool                     // whether the call gets one in the end
	took   time.Duration            // all attempts; jitter is none
	stage  zim.Stage
	want   string
}

func mute(t *testing.T) *wire { // takes connections and says nothing
	t.Helper()
	p := newPipes()
	var taken []net.Conn
	go func() {
		for c, err := p.Accept(); err == nil; c, err = p.Accept() {
			taken = append(taken, c)
		}
		for _, c := range taken {
			c.Close()
		}
	}()
	t.Cleanup(func() { p.Close() })
	return &wire{next: zim.NewTransportDialing(p.dial)}
}

func silences() map[string]silence {
	const plain, secure = "http://127.0.0.1", "https://zim.example.com"
	handler := func(h http.Handler) func(*testing.T) *wire {
		return func(t *testing.T) *wire { return serving(t, h) }
	}
	return map[string]silence{
		"at dial": {plain, func(*testing.T) *wire {
			return &wire{next: zim.NewTransportDialing(newPipes().dial)}
		}, false, 15 * time.Second, zim.StageDial, "dial: nothing came in time"},
		"of a proxy": {secure, func(t *testing.T) *wire {
			w := mute(t)
			w.next.(*http.Transport).Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.example.com"})
			return w
		}, false, 45 * time.Second, zim.StageDial, "dial: nothing came in time"},
		"in the TLS handshake": {secure, mute, false, 15 * time.Second, zim.StageTLS, "TLS handshake: nothing came in time"},
		"before the answer":    {plain, handler(muteFor(3, nil, 0)), false, 45 * time.Second, zim.StageAnswer, "waiting for the answer: nothing came in time"},
		"before one answer":    {plain, handler(muteFor(1, nil, 0)), true, 15 * time.Second, 0, ""},
		"in the body":          {plain, handler(muteFor(3, half, 0)), false, 30 * time.Second, zim.StageBody, "reading the answer: nothing came in time"},
		"in one body":          {plain, handler(muteFor(1, half, 0)), true, 10 * time.Second, 0, ""},
		"a drip":               {plain, handler(muteFor(3, half, time.Second)), false, 90 * time.Second, zim.StageBody, "reading the answer: it was not whole in time"},
		"one drip":             {plain, handler(muteFor(1, half, time.Second)), true, 30 * time.Second, 0, ""},
	}
}

func TestSilence(t *testing.T) {
	for name, tt := range silences() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := tt.wire(t)
				c := newClient(t, tt.base, w)
				start := time.Now()
				err := ask(t.Context(), c)
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				w.checkSafe(t, err)
				if tt.answer {
					if err != nil {
						t.Error(err)
					}
					return
				}
				failed, ok := errors.AsType[*zim.TransportError](err)
				if !ok || failed.Stage != tt.stage || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want %q", err, tt.want)
				}
			})
		})
	}
}

// TestEveryWaitIsCancelled cancels each kind of wait while it lasts. In a bubble
// the time that passes until a call returns is exact.
func TestEveryWaitIsCancelled(t *testing.T) {
	tests := silences()
	busy := func(a answer) func(*testing.T) *wire { return func(*testing.T) *wire { return &wire{next: a} } }
	const base = "https://zim.example.com"
	tests["of a Retry-After"] = silence{base: base, wire: busy(answer{503, http.Header{"Retry-After": {"60"}}, ""})}
	tests["after too many calls"] = silence{base: base, wire: busy(answer{200, nil, `{"Code":660300005}`})}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, tt.base, tt.wire(t), zim.WithJitter(func(d time.Duration) time.Duration { return d }))
				ctx, cancel := context.WithCancel(t.Context())
				start := time.Now()
				time.AfterFunc(1300*time.Millisecond, cancel)
				err := ask(ctx, c)
				if took := time.Since(start); !errors.Is(err, context.Canceled) || took > 1400*time.Millisecond {
					t.Errorf("after %v: %v", took, err)
				}
			})
		})
	}
}

// TestRetryAfter shows what a busy server can ask for.
func TestRetryAfter(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		after  func(now time.Time) string
		took   time.Duration
		want   string
	}{
		"seconds":       {429, func(time.Time) string { return "7" }, 7 * time.Second, ""},
		"a minute":      {503, func(time.Time) string { return "60" }, time.Minute, ""},
		"a date":        {503, func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second, ""},
		"a past date":   {503, func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, 500 * time.Millisecond, ""},
		"none":          {503, func(time.Time) string { return "" }, 500 * time.Millisecond, ""},
		"none, 429":     {429, func(time.Time) string { return "" }, 1500 * time.Millisecond, ""},
		"negative":      {503, func(time.Time) string { return "-5" }, 500 * time.Millisecond, ""},
		"garbage":       {503, func(time.Time) string { return "soon" }, 500 * time.Millisecond, ""},
		"too large":     {503, func(time.Time) string { return "99999999999999999999" }, 0, "it asks to be left alone until 2068-01-19T03:14:07Z"},
		"too small":     {503, func(time.Time) string { return "-99999999999999999999" }, 500 * time.Millisecond, ""},
		"a day":         {429, func(time.Time) string { return "86400" }, 0, "it asks to be left alone until 2000-01-02T00:00:00Z"},
		"a far date":    {503, func(now time.Time) string { return now.Add(61 * time.Second).UTC().Format(http.TimeFormat) }, 0, "until 2000-01-01T00:01:01Z"},
		"not of a busy": {500, func(time.Time) string { return "7" }, 500 * time.Millisecond, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				truth := answer{200, nil, `{"Code":0,"List":[{"MsgId":1}]}`}
				w := &wire{next: roundTrip(func(r *http.Request) (*http.Response, error) {
					if calls++; calls > 1 {
						return truth.RoundTrip(r)
					}
					return answer{tt.status, http.Header{"Retry-After": {tt.after(time.Now())}}, "busy"}.RoundTrip(r)
				})}
				start := time.Now()
				err := ask(t.Context(), newClient(t, "https://zim.example.com", w, zim.WithJitter(func(d time.Duration) time.Duration { return d })))
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
					t.Errorf("error %v, want %q", err, tt.want)
				}
				w.checkSafe(t, err)
			})
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestWaitsAreTold follows a call through its retries.
func TestWaitsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{next: answer{200, nil, `{"Code":660300005,"RequestId":"5"}`}}
		c := newClient(t, "https://zim.example.com", w, zim.WithJitter(func(d time.Duration) time.Duration { return d }))
		var told []string
		start := time.Now()
		ctx := zim.WithWaits(t.Context(), func(w zim.Wait) {
			if w.Action == "" {
				told = append(told, fmt.Sprintf("over at %v", time.Since(start)))
				return
			}
			told = append(told, fmt.Sprintf("%s %d/%d in %v: %v", w.Action, w.Attempt, w.Of, w.Delay, w.Cause))
		})
		if err := ask(ctx, c); err == nil {
			t.Error("no error")
		}
		const cause = `QueryPeerMsg "alice → bob": 660300005 too many calls (request 5)`
		want := []string{
			"QueryPeerMsg 2/4 in 1.5s: " + cause, "over at 1.5s",
			"QueryPeerMsg 3/4 in 2s: " + cause, "over at 3.5s",
			"QueryPeerMsg 4/4 in 3s: " + cause, "over at 6.5s",
		}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
	})
}

// longHistory is a group with a page for each hundred of its messages, some of
// them deleted or recalled.
func longHistory(n int) emulator.Option {
	rows := make([]json.RawMessage, n)
	for i := range rows {
		rows[i] = fmt.Appendf(nil, `{"Sender":"mia","MsgType":1,"MsgBody":"number %d","MsgId":%d,"MsgSeq":%d,"Payload":"","MsgTime":%d,"IsEmpty":0}`,
			i, 971503785677788826+i, i+1, 1750000000000+60000*i)
		switch {
		case i%50 == 7:
			rows[i] = bytes.Replace(rows[i], []byte(`"IsEmpty":0`), []byte(`"IsEmpty":1`), 1)
		case i%50 == 9:
			rows[i] = bytes.Replace(rows[i], []byte(`"IsEmpty":0`), []byte(`"IsEmpty":2`), 1)
		}
	}
	return emulator.WithGroupHistory("riders", []string{"mia", "noah"}, rows...)
}

// walk goes through that history, and returns its MsgIds and its end.
func walk(t *testing.T, messages int, faults ...emulator.FaultName) (ids []int64, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := serving(t, emulator.New(emulator.WithRate(0), longHistory(messages), emulator.WithFault(faults...)))
		c := newClient(t, "http://127.0.0.1", w)
		seen := history.Chat{Group: "riders"}.Walk(t.Context(), c, history.WalkOptions{})
		for page, e := range seen.Pages() {
			for _, m := range page {
				ids = append(ids, m.MsgId)
			}
			err = e
		}
		w.checkSafe(t, err)
	})
	return ids, err
}

// TestFaultyHistories walks a history whose service misbehaves by name: it is
// whole, or its end says why it is not.
func TestFaultyHistories(t *testing.T) {
	const messages = 1234
	broken := map[emulator.FaultName]string{
		emulator.FaultHTML:     "a proxy answered instead of ZIM (HTTP 200)",
		emulator.FaultBigBody:  "answer over 32 MiB",
		emulator.FaultRedirect: "a redirect was refused",
		emulator.FaultLoop:     history.ErrRepeated.Error(),
		emulator.FaultEmpty:    history.ErrEmpty.Error(),
	}
	for _, fault := range emulator.FaultNames() {
		t.Run(string(fault), func(t *testing.T) {
			ids, err := walk(t, messages, fault)
			if want, bad := broken[fault]; bad {
				if err == nil || !strings.Contains(err.Error(), want) || len(ids) < 100 || len(ids) >= messages {
					t.Errorf("%d messages and %v, want some and %q", len(ids), err, want)
				}
				return
			}
			if err != nil || len(ids) != messages {
				t.Fatalf("%d messages of %d: %v", len(ids), messages, err)
			}
			for i, id := range ids {
				want := int64(971503785677788826 + messages - 1 - i)
				if id != want && !(fault == emulator.FaultBare && id == 0) {
					t.Fatalf("message %d is %d, want %d", i, id, want)
				}
			}
		})
	}
}
