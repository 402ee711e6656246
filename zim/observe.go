package zim

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Exchange is one attempt of one call, as it was, without what nobody may see: the
// signature, and what headers hold for the one they are sent to, are asterisks
// wherever they stood. None of it is to be changed.
type Exchange struct {
	Action        string // the call, "QueryPeerMsg"
	Host          string
	Method        string
	URL           string      // of the request, all of it but its Signature
	RequestHeader http.Header // that was sent, as far as the transport tells; values of 1 KB at most
	Request       []byte      // the body that was sent
	Status        int         // of HTTP; 0 if no answer came
	Proto         string      // the protocol of the answer, "HTTP/2.0"; "" if no answer came
	Header        http.Header // of the answer, values of 1 KB at most; nil if no answer came
	Answer        []byte      // the body that came, as far as it was read: the Raw of the page that was made of it
	Code          Code        // of the answer; 0 also where there was none, which Err then says
	RequestId     string
	Attempt       int // from 1
	Start         time.Time
	Duration      time.Duration // to the last byte of the answer
	Err           error         // nil, an *Error or a *TransportError
}

// WithObserver has f told of every attempt of every call. f runs in the goroutine
// of the call, one at a time; the call waits for it. Given more than once, each
// is told, in that order.
func WithObserver(f func(Exchange)) Option {
	return func(c *Client) error { c.observer.see = append(c.observer.see, f); return nil }
}

type observer struct {
	mu  sync.Mutex
	see []func(Exchange)
}

func (w *observer) isTold() bool { return len(w.see) > 0 }

func (w *observer) tell(q query, attempt int, o outcome) {
	if !w.isTold() {
		return
	}
	x := Exchange{
		Action: string(q.action), Host: q.host, Method: q.method(), URL: o.url,
		RequestHeader: shown(o.sent.header(), o.signature), Request: q.body,
		Status: o.status, Proto: o.proto, Header: shown(o.header, o.signature), Answer: o.answer,
		Code: o.head.Code, RequestId: o.head.RequestId,
		Attempt: attempt, Start: o.start, Duration: o.duration, Err: o.err,
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, see := range w.see {
		see(x)
	}
}

// hide returns b with asterisks for the signature: a server or a proxy may send
// back what it was sent. b itself is not changed.
func hide(b []byte, signature string) []byte {
	if signature == "" || !bytes.Contains(b, []byte(signature)) {
		return b
	}
	return bytes.ReplaceAll(b, []byte(signature), bytes.Repeat([]byte("*"), len(signature)))
}

// signed finds what is left of a signed URL in somebody's text.
var signed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)signature[a-z]*(=|%3d)[^&\s"'<>\\]*`)
})

// hideText returns a text that can be shown: without the signature, and without
// the parameters that belong to it.
func hideText(s, signature string) string {
	if signature != "" {
		s = strings.ReplaceAll(s, signature, masked)
	}
	return signed().ReplaceAllString(s, masked)
}
