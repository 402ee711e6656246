package zim_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// The table of faults that the project promises to survive has a case for each
// row: in this file where the fault is in the connection, in HTTP or in the
// answer; in waits_test.go where time has to pass, and for whole histories; in
// clock_test.go for clocks, sleep and resume; in schedule_test.go for rates and
// budgets; in page_test.go for messages that are not as documented.

// wire is a transport that remembers what it carried.
type wire struct {
	next http.RoundTripper

	mu         sync.Mutex
	at         []time.Time
	nonces     []string
	signatures []string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	q := r.URL.Query()
	w.at = append(w.at, time.Now())
	w.nonces = append(w.nonces, q.Get("SignatureNonce"))
	w.signatures = append(w.signatures, q.Get("Signature"))
	w.mu.Unlock()
	return w.next.RoundTrip(r)
}

func (w *wire) CloseIdleConnections() {
	if c, ok := w.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func (w *wire) attempts() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.at)
}

// checkSafe fails if an error shows what it must not, or if two attempts share
// a signature.
func (w *wire) checkSafe(t *testing.T, err error) {
	t.Helper()
	texts := []string{}
	for e := err; e != nil; e = errors.Unwrap(e) {
		texts = append(texts, fmt.Sprintf("%v %+v %#v", e, e, e))
	}
	if e, ok := errors.AsType[*zim.TransportError](err); ok {
		texts = append(texts, e.Details, e.Advice())
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, text := range texts {
		for _, secret := range append([]string{emulator.ServerSecret, "Signature"}, w.signatures...) {
			if strings.Contains(text, secret) {
				t.Errorf("an error shows %q: %s", secret, text)
			}
		}
	}
	if n := len(w.nonces); len(slices.Compact(slices.Sorted(slices.Values(w.nonces)))) != n {
		t.Errorf("%d attempts share their nonces: %v", n, w.nonces)
	}
}

// none is the jitter of tests: no wait but what a rule asks for.
func none(time.Duration) time.Duration { return 0 }

// newClient returns a client of the emulator's app on that wire.
func newClient(t *testing.T, base string, w *wire, opts ...zim.Option) *zim.Client {
	t.Helper()
	c, err := zim.NewClient(emulator.AppID, emulator.Secret(), append([]zim.Option{
		zim.WithEndpoint(base), zim.WithTransport(w), zim.WithRate(0), zim.WithJitter(none),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ask(ctx context.Context, c *zim.Client) error {
	page, err := c.QueryPeerMsg(ctx, zim.QueryPeerMsgRequest{FromUserId: "alice", ToUserId: "bob", Limit: 10})
	if err == nil && len(page.List) == 0 {
		return errors.New("a page without a message, and no error")
	}
	return err
}

// settle fails if goroutines stay that were not there before.
func settle(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

// TestLies is the table of faults in the connection and in HTTP, where nothing
// has to be waited for. waits_test.go has the rest.
func TestLies(t *testing.T) {
	tests := []struct {
		lie      emulator.Lie
		times    int    // how often it lies; 0 is always
		calls    int    // the calls to make; the last one counts
		want     string // of the error; "" is an answer
		advice   string
		attempts int // of the last call
	}{
		{"", 0, 1, "", "", 1},
		{emulator.LieRefuse, 0, 1, "connection refused", "check the network", 3},
		{emulator.LieReset, 1, 1, "", "", 2},
		{emulator.LieReset, 0, 1, `QueryPeerMsg "alice → bob": 127.0.0.1:`, "try again", 3}, // at dial, or later: as the race goes
		{emulator.LieUnknownCA, 0, 1, `issued by "CN=Example Company Proxy CA": x509: certificate signed by unknown authority`, "company's proxy", 1},
		{emulator.LieExpired, 0, 1, `issued by "CN=Example Trusted CA": x509: certificate has expired`, "clock", 1},
		{emulator.LieWrongHost, 0, 1, `issued by "CN=Example Trusted CA": x509: cannot validate certificate for 127.0.0.1`, "cannot be switched off", 1},
		{emulator.LieResetHead, 2, 1, "", "", 3},
		{emulator.LieResetHead, 0, 1, "waiting for the answer: ", "try again", 3},
		{emulator.LieResetBody, 1, 1, "", "", 2},
		{emulator.LieResetBody, 0, 1, "the answer: ", "try again", 3}, // a reset may overtake what came before it
		{emulator.LieStale, 1, 2, "", "", 2},
		{emulator.LieGarbage, 0, 1, "a proxy answered instead of ZIM: it does not speak HTTP", "check the region or endpoint", 1},
		{emulator.LieBigHead, 0, 1, "waiting for the answer: net/http: server response headers exceeded 65536 bytes", "try again", 3},
		{emulator.LieLong, 1, 1, "", "", 2},
		{emulator.LieLong, 0, 1, "the answer was cut short", "try again", 3},
		{emulator.LieShort, 1, 1, "", "", 2},
		{emulator.LieShort, 0, 1, "the answer was cut short", "try again", 3},
		{emulator.LieEndless, 0, 1, "answer over 32 MiB", "try again", 1},
		{emulator.LieBomb, 0, 1, "answer over 32 MiB", "try again", 1},
		{emulator.Lie503Past, 1, 1, "", "", 2},
		{emulator.Lie503Past, 0, 1, "a proxy answered instead of ZIM (HTTP 503)", "endpoint", 3},
		{emulator.Lie503Garbage, 1, 1, "", "", 2},
		{emulator.Lie429Day, 0, 1, "it asks to be left alone until 2", "try again then", 1},
		{emulator.Lie407, 0, 1, "the proxy wants a user and a password (HTTP 407)", "HTTPS_PROXY", 1},
		{emulator.Lie307, 0, 1, "a redirect was refused", "proxy", 1},
	}
	log.SetOutput(io.Discard) // net/http tells what follows an answer that was too long
	defer log.SetOutput(os.Stderr)
	before := runtime.NumGoroutine()
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %d", tt.lie, tt.times), func(t *testing.T) {
			liar := emulator.Liar{Lie: tt.lie, Times: tt.times, Next: emulator.New(emulator.WithRate(0))}
			base, stop, err := liar.Listen(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			transport := zim.NewTransport(nil)
			transport.TLSClientConfig.RootCAs = liar.Roots()
			defer transport.CloseIdleConnections()
			w := &wire{next: transport}
			c := newClient(t, base, w)
			for range tt.calls - 1 {
				if err := ask(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
			made := w.attempts()
			check(t, w, ask(t.Context(), c), tt.want, tt.advice, w.attempts()-made, tt.attempts)
		})
	}
	settle(t, before)
}

// check compares the end of a call with what it should be. attempts is how many
// were made.
func check(t *testing.T, w *wire, err error, want, advice string, attempts, wantAttempts int) {
	t.Helper()
	if attempts != wantAttempts {
		t.Errorf("%d attempts, want %d", attempts, wantAttempts)
	}
	w.checkSafe(t, err)
	if want == "" {
		if err != nil {
			t.Errorf("error %v", err)
		}
		return
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("error %v, want %q", err, want)
	}
	advised, ok := err.(interface{ Advice() string })
	if !ok || !strings.Contains(advised.Advice(), advice) {
		t.Errorf("the advice of %v is not %q", err, advice)
	}
}

// TestCancelledInSilence stops calls that wait for a real connection, and counts
// what is left of them.
func TestCancelledInSilence(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, lie := range []emulator.Lie{emulator.LieMute, emulator.LieMuteTLS, emulator.LieMuteHead, emulator.LieMuteBody, emulator.LieDrip} {
		t.Run(string(lie), func(t *testing.T) {
			liar := emulator.Liar{Lie: lie, Next: emulator.New(emulator.WithRate(0))}
			base, stop, err := liar.Listen(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			transport := zim.NewTransport(nil)
			defer transport.CloseIdleConnections()
			w := &wire{next: transport}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(30*time.Millisecond, cancel)
			err = ask(ctx, newClient(t, base, w))
			if !errors.Is(err, context.Canceled) || w.attempts() != 1 {
				t.Errorf("%d attempts: %v", w.attempts(), err)
			}
			w.checkSafe(t, err)
		})
	}
	settle(t, before)
}

func TestCertificateFacts(t *testing.T) {
	liar := emulator.Liar{Lie: emulator.LieUnknownCA, Next: emulator.New()}
	base, stop, err := liar.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	transport := zim.NewTransport(nil)
	transport.TLSClientConfig.RootCAs = liar.Roots()
	failed, ok := errors.AsType[*zim.TransportError](ask(t.Context(), newClient(t, base, &wire{next: transport})))
	if !ok || failed.Stage != zim.StageTLS || failed.Certificate == nil {
		t.Fatalf("error %+v", failed)
	}
	if c := failed.Certificate; c.Issuer != "CN=Example Company Proxy CA" || c.Subject != "CN=127.0.0.1" || time.Until(c.NotAfter) < time.Hour {
		t.Errorf("certificate %+v", c)
	}
}

// answer is what a server says, whatever it was asked.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	header := a.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	// What is sent back must not reach a text: proxies print the URL.
	body := strings.ReplaceAll(a.body, "{URL}", r.URL.String())
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: r}, nil
}

func failing(err error) http.RoundTripper {
	return zim.NewTransportDialing(func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	})
}

// TestAnswers is the table of faults that come as an answer, or instead of one.
func TestAnswers(t *testing.T) {
	code := func(n int) answer {
		return answer{200, nil, fmt.Sprintf(`{"Code":%d,"Message":"told by the service","RequestId":"77"}`, n)}
	}
	html := answer{200, nil, "<html>the guest network, asked for {URL}</html>"}
	tests := map[string]struct {
		wire     http.RoundTripper
		want     string
		advice   string
		attempts int
	}{
		"no such host":       {failing(&net.DNSError{Err: "no such host", Name: "zim.example.com", IsNotFound: true}), "no such host", "check the region", 1},
		"a broken resolver":  {failing(&net.DNSError{Err: "server misbehaving", Name: "zim.example.com", IsTemporary: true}), "server misbehaving", "network", 3},
		"no route":           {failing(syscall.EHOSTUNREACH), "no route to host", "check the network", 3},
		"HTML, 200":          {html, "a proxy answered instead of ZIM (HTTP 200)", "proxy", 1},
		"HTML, 403":          {answer{403, nil, html.body}, "a proxy answered instead of ZIM (HTTP 403)", "proxy", 1},
		"HTML, 500":          {answer{500, nil, html.body}, "a proxy answered instead of ZIM (HTTP 500)", "proxy", 3},
		"HTML, 502":          {answer{502, nil, html.body}, "a proxy answered instead of ZIM (HTTP 502)", "proxy", 3},
		"text":               {answer{200, nil, "no {URL} here"}, "a proxy answered instead of ZIM (HTTP 200)", "proxy", 1},
		"an array":           {answer{200, nil, `[{"Code":0}]`}, "a proxy answered instead of ZIM (HTTP 200)", "proxy", 1},
		"nothing":            {answer{200, nil, ``}, "a proxy answered instead of ZIM (HTTP 200)", "proxy", 1},
		"JSON, no Code":      {answer{200, nil, `{"url":"{URL}"}`}, "JSON without a Code", "proxy", 1},
		"a Code of 0, 404":   {answer{404, nil, `{"Code":0,"List":[{"MsgId":1}]}`}, "HTTP 404", "proxy", 1},
		"half a page":        {answer{200, nil, `{"Code":0,"List":[{"MsgId":1}`}, "the answer was cut short", "try again", 3},
		"1":                  {code(1), "1 server error: told by the service (request 77)", "request ID", 3},
		"660000001":          {code(660000001), "660000001 service busy: told by the service (request 77)", "request ID", 3},
		"660000003":          {code(660000003), "(request 77)", "request ID", 3},
		"105001":             {code(105001), "(request 77)", "request ID", 3},
		"100000015":          {code(100000015), "(request 77)", "request ID", 3},
		"100000005":          {code(100000005), "100000005 wrong signature", "ServerSecret", 1},
		"100000004, no Date": {code(100000004), "100000004 signature expired", "clock", 1},
		"2":                  {code(2), "2 bad parameter: told by the service (request 77)", "check the user", 1},
		"660600001":          {code(660600001), "660600001 no such group: told by the service (request 77)", "group ID", 1},
		"an unknown code":    {code(4711), "4711 unknown code 4711: told by the service (request 77)", "not documented", 1},
		"a code that echoes": {answer{200, nil, `{"Code":100000005,"Message":"bad {URL}"}`}, "wrong signature", "ServerSecret", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := &wire{next: tt.wire}
			err := ask(t.Context(), newClient(t, "https://zim.example.com", w))
			check(t, w, err, tt.want, tt.advice, w.attempts(), tt.attempts)
			if e, ok := errors.AsType[*zim.TransportError](err); ok {
				if strings.HasPrefix(name, "HTML") != strings.Contains(e.Details, "guest network") || strings.Contains(e.Details, "MsgId") && name == "half a page" {
					t.Errorf("details %q", e.Details)
				}
			}
		})
	}
}

// TestProxies shows that no error tells a proxy's password.
func TestProxies(t *testing.T) {
	const password = "hunter2"
	denying, stop := denyingProxy(t)
	defer stop()
	refusing, _ := net.Listen("tcp", "127.0.0.1:0")
	refusing.Close()
	tests := map[string]struct {
		proxy    string
		want     string
		attempts int
	}{
		"a broken address": {"http://u:" + password + "@proxy:not-a-port", "the proxy's address cannot be read", 1},
		"refused":          {"http://u:" + password + "@" + refusing.Addr().String(), "connection refused", 3},
		"407":              {"http://u:" + password + "@" + denying, "the proxy wants a user and a password (HTTP 407)", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			transport := zim.NewTransport(func(*http.Request) (*url.URL, error) { return url.Parse(tt.proxy) })
			defer transport.CloseIdleConnections()
			w := &wire{next: transport}
			err := ask(t.Context(), newClient(t, "https://zim.example.com", w))
			check(t, w, err, tt.want, "proxy", w.attempts(), tt.attempts)
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), password) {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func denyingProxy(t *testing.T) (address string, stop func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })}
	go srv.Serve(listener)
	return listener.Addr().String(), func() { srv.Close() }
}

func isCode(err error, code zim.Code) bool {
	e, ok := errors.AsType[*zim.Error](err)
	return ok && e.Code == code
}
