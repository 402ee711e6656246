package emulator

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const truth = `{"Code":0,"List":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]}`

func tellTruth(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", jsonType)
	io.WriteString(w, truth)
}

// heard is what a client got of an answer.
type heard struct {
	status int
	header http.Header
	body   []byte // the first of it
	length int64  // of all
	err    error
	inBody bool // err came after the head
}

func hear(client *http.Client, url string) heard {
	resp, err := client.Post(url, "application/json", strings.NewReader(`{"Limit":100}`))
	if err != nil {
		return heard{err: err}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	n, _ := io.Copy(io.Discard, io.LimitReader(resp.Body, 33<<20))
	return heard{resp.StatusCode, resp.Header, b, int64(len(b)) + n, err, err != nil}
}

// believe starts a liar and returns a client that waits long for all but those
// who say nothing.
func believe(t *testing.T, l *Liar) (*http.Client, string) {
	t.Helper()
	l.Next = http.HandlerFunc(tellTruth)
	url, stop, err := l.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	patience := 20 * time.Second
	if strings.HasPrefix(string(l.Lie), "mute") {
		patience = 300 * time.Millisecond
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: l.Roots()}, TLSHandshakeTimeout: patience,
		ResponseHeaderTimeout: patience, MaxResponseHeaderBytes: 64 << 10}
	t.Cleanup(func() { transport.CloseIdleConnections(); stop() })
	return &http.Client{Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, url
}

func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

// whatIsHeard says of each lie what a client must notice. LieMuteBody and
// LieDrip are not here: it takes them too long.
var whatIsHeard = map[Lie]func(h heard) bool{
	LieRefuse:    func(h heard) bool { return errors.Is(h.err, syscall.ECONNREFUSED) },
	LieMute:      func(h heard) bool { return timedOut(h.err) && !h.inBody },
	LieReset:     func(h heard) bool { return errors.Is(h.err, syscall.ECONNRESET) },
	LieMuteTLS:   func(h heard) bool { return strings.Contains(h.err.Error(), "TLS handshake timeout") },
	LieMuteHead:  func(h heard) bool { return timedOut(h.err) && !h.inBody },
	LieResetHead: func(h heard) bool { return h.err != nil && !h.inBody },
	LieResetBody: func(h heard) bool {
		return errors.Is(h.err, syscall.ECONNRESET) && h.inBody && string(h.body) == truth[:len(truth)/2]
	},
	LieUnknownCA: func(h heard) bool {
		e, ok := errors.AsType[x509.UnknownAuthorityError](h.err)
		return ok && e.Cert.Issuer.CommonName == "Example Company Proxy CA"
	},
	LieExpired: func(h heard) bool {
		e, ok := errors.AsType[x509.CertificateInvalidError](h.err)
		return ok && e.Reason == x509.Expired
	},
	LieWrongHost: func(h heard) bool {
		e, ok := errors.AsType[x509.HostnameError](h.err)
		return ok && e.Host == "127.0.0.1"
	},
	LieGarbage: func(h heard) bool { return strings.Contains(h.err.Error(), "malformed HTTP") },
	LieBigHead: func(h heard) bool { return strings.Contains(h.err.Error(), "response headers exceeded") },
	LieLong:    func(h heard) bool { return errors.Is(h.err, io.ErrUnexpectedEOF) && string(h.body) == truth },
	LieShort:   func(h heard) bool { return h.err == nil && string(h.body) == truth[:len(truth)/2] },
	LieEndless: func(h heard) bool { return h.length > 33<<20 },
	LieBomb:    func(h heard) bool { return h.length > 33<<20 },
	Lie429:     func(h heard) bool { return h.status == 429 && h.header.Get("Retry-After") == "2" },
	Lie429Day:  func(h heard) bool { return h.status == 429 && h.header.Get("Retry-After") == "86400" },
	Lie503Date: func(h heard) bool {
		return h.status == 503 && h.header.Get("Retry-After") == "Wed, 29 Apr 2026 08:40:02 GMT"
	},
	Lie503Past: func(h heard) bool {
		return h.status == 503 && h.header.Get("Retry-After") == "Wed, 29 Apr 2026 07:40:00 GMT"
	},
	Lie503Garbage: func(h heard) bool { return h.status == 503 && h.header.Get("Retry-After") == "soon" },
	Lie407:        func(h heard) bool { return h.status == 407 && h.header.Get("Proxy-Authenticate") != "" },
	Lie307: func(h heard) bool {
		return h.status == 307 && h.header.Get("Location") == "https://elsewhere.example.com/?Action=x"
	},
}

func TestLies(t *testing.T) {
	for lie, noticed := range whatIsHeard {
		t.Run(string(lie), func(t *testing.T) {
			t.Parallel()
			l := &Liar{Lie: lie, Times: 2, Now: still}
			client, url := believe(t, l)
			for range 2 {
				if h := hear(client, url+"/?Action=x"); !noticed(h) {
					t.Errorf("heard status %d, %d bytes, error %v", h.status, len(h.body), h.err)
				}
			}
			if lie == LieRefuse {
				return
			}
			if h := hear(client, url); h.err != nil || string(h.body) != truth {
				t.Errorf("after two lies: %q, error %v", h.body, h.err)
			}
			if l.Told() != 2 {
				t.Errorf("%d lies were told", l.Told())
			}
		})
	}
}

func TestEveryLieIsTried(t *testing.T) {
	for _, lie := range Lies() {
		if _, ok := whatIsHeard[lie]; !ok && !slices.Contains([]Lie{LieMuteBody, LieDrip, LieStale}, lie) {
			t.Errorf("%s is not tried", lie)
		}
	}
	if h := hear(believe(t, &Liar{})); h.err != nil || string(h.body) != truth {
		t.Errorf("the zero Lie: %q, %v", h.body, h.err)
	}
}

func TestLiesThatTakeTheirTime(t *testing.T) {
	for _, lie := range []Lie{LieMuteBody, LieDrip} {
		t.Run(string(lie), func(t *testing.T) {
			t.Parallel()
			client, url := believe(t, &Liar{Lie: lie, Times: 1, Pace: 50 * time.Millisecond})
			client.Timeout = 400 * time.Millisecond
			if h := hear(client, url); !h.inBody || !timedOut(h.err) || len(h.body) == 0 || !strings.HasPrefix(truth, string(h.body)) {
				t.Errorf("heard %q, error %v", h.body, h.err)
			}
			if h := hear(client, url); string(h.body) != truth {
				t.Errorf("then %q, error %v", h.body, h.err)
			}
		})
	}
	client, url := believe(t, &Liar{Lie: LieDrip, Pace: time.Millisecond})
	if h := hear(client, url); h.err != nil || string(h.body) != truth {
		t.Errorf("a drip that was waited for: %q, error %v", h.body, h.err)
	}
}

func TestStaleConnections(t *testing.T) {
	l := &Liar{Lie: LieStale, Times: 1}
	client, url := believe(t, l)
	if h := hear(client, url); h.err != nil || string(h.body) != truth {
		t.Errorf("first: %q, error %v", h.body, h.err)
	}
	if h := hear(client, url); h.err == nil {
		t.Errorf("on the connection that was kept: %q", h.body)
	}
	if h := hear(client, url); h.err != nil || string(h.body) != truth || l.Told() != 1 {
		t.Errorf("then: %q, error %v, %d lies", h.body, h.err, l.Told())
	}
}

func TestBomb(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(bomb()))
	if err != nil {
		t.Fatal(err)
	}
	n, last, chunk := 0, byte(0), make([]byte, 1<<20)
	for err == nil {
		var read int
		if read, err = z.Read(chunk); read > 0 {
			n, last = n+read, chunk[read-1]
		}
	}
	if n != bombSize || last != '}' || err != io.EOF || len(bomb()) > 1<<20 {
		t.Errorf("%d bytes become %d, ending in %q, error %v", len(bomb()), n, last, err)
	}
}

// stop must leave nothing behind, whatever was going on.
func TestNothingOfALiarStays(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, lie := range Lies() {
		l := &Liar{Lie: lie, Next: http.HandlerFunc(tellTruth), Pace: time.Hour}
		url, stop, err := l.Listen(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: l.Roots()}}
		done := make(chan struct{})
		go func() {
			defer close(done)
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("{}"))
			if err != nil {
				t.Error(err)
				return
			}
			if resp, err := transport.RoundTrip(req); err == nil {
				io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
				resp.Body.Close()
			}
		}()
		for lie != LieRefuse && l.Told() == 0 {
			time.Sleep(time.Millisecond)
		}
		stop()
		cancel()
		<-done
		transport.CloseIdleConnections()
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}
