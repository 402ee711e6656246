package zim

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// How long each stage of an attempt may take.
const (
	dialTime   = 5 * time.Second
	tlsTime    = 5 * time.Second
	connTime   = 15 * time.Second // for all that makes a connection, a proxy's part included
	answerTime = 15 * time.Second // to the last byte of the headers
	bodyTime   = 30 * time.Second // for the whole body
	byteTime   = 10 * time.Second // without a byte of the body
	callTime   = time.Minute      // for all of it, whatever the transport

	maxHeaders = 64 << 10 // bytes
)

// Stage is how far an attempt came.
type Stage uint8

// The stages of an attempt, in their order.
const (
	StageTurn   Stage = iota // waiting for its turn
	StageDial                // resolving the name, dialling, asking a proxy
	StageTLS                 // the TLS handshake
	StageAnswer              // the request is sent, the headers are awaited
	StageBody                // reading the answer
)

// String returns the name of the stage, as it stands in errors.
func (s Stage) String() string {
	switch s {
	case StageTurn:
		return "waiting for its turn"
	case StageDial:
		return "dial"
	case StageTLS:
		return "TLS handshake"
	case StageAnswer:
		return "waiting for the answer"
	}
	return "reading the answer"
}

// NewTransport returns a transport with the timeouts of a client that somebody
// waits for. proxy chooses a proxy for a request, and may be nil for none; its
// errors are not shown, since they may hold a password.
func NewTransport(proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	return newTransport(proxy, (&net.Dialer{}).DialContext)
}

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

func newTransport(proxy func(*http.Request) (*url.URL, error), dial dialFunc) *http.Transport {
	t := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, dialTime)
			defer cancel()
			return dial(ctx, network, address)
		},
		TLSHandshakeTimeout:    tlsTime,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ResponseHeaderTimeout:  answerTime,
		MaxResponseHeaderBytes: maxHeaders,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
			if r.StatusCode != http.StatusOK {
				return &proxyError{r.StatusCode}
			}
			return nil
		},
	}
	if proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			u, err := proxy(r)
			if err != nil {
				return nil, errBadProxy
			}
			return u, nil
		}
	}
	return t
}

// progress is the stage that an attempt has reached. The transport reports from
// goroutines of its own, also late, about connections that it no longer needs.
type progress struct {
	stage atomic.Uint32
	sent  *sentHeader // nil if nobody is told
}

func (p *progress) reach(s Stage) {
	for {
		old := p.stage.Load()
		if old >= uint32(s) || p.stage.CompareAndSwap(old, uint32(s)) {
			return
		}
	}
}

func (p *progress) reached() Stage { return Stage(p.stage.Load()) }

// watch returns a context whose request reports to p, and is cancelled if it
// has no connection in time.
func (p *progress) watch(ctx context.Context, cancel context.CancelCauseFunc) context.Context {
	p.reach(StageDial)
	timer := time.AfterFunc(connTime, func() { cancel(errStalled) })
	timer.Stop()
	trace := &httptrace.ClientTrace{
		GetConn:           func(string) { timer.Reset(connTime) },
		TLSHandshakeStart: func() { p.reach(StageTLS) },
		GotConn: func(httptrace.GotConnInfo) {
			timer.Stop()
			p.sent.begin(nil)
			p.reach(StageAnswer)
		},
	}
	if p.sent != nil {
		trace.WroteHeaderField = p.sent.wrote
	}
	return httptrace.WithClientTrace(ctx, trace)
}
