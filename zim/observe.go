package zim

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Exchange is one attempt of one call, as it was. It holds no URL and no
// signature; an answer that repeats one has asterisks in its place.
type Exchange struct {
	Action    string // the call, "QueryPeerMsg"
	Host      string
	Request   []byte // the body that was sent; not to be changed
	Answer    []byte // the body that came, as far as it was read; not to be changed
	Status    int    // of HTTP; 0 if no answer came
	Code      Code   // of the answer; 0 also where there was none, which Err then says
	RequestId string
	Attempt   int // from 1
	Start     time.Time
	Duration  time.Duration // to the last byte of the answer
	Err       error         // nil, an *Error or a *TransportError
}

// WithObserver has f told of every attempt of every call. f runs in the
// goroutine of the call, one at a time; the call waits for it.
func WithObserver(f func(Exchange)) Option {
	return func(c *Client) error { c.observer.see = f; return nil }
}

type observer struct {
	mu  sync.Mutex
	see func(Exchange)
}

func (w *observer) tell(q query, attempt int, o outcome) {
	if w.see == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.see(Exchange{
		Action: string(q.action), Host: q.host, Request: q.body, Answer: o.answer,
		Status: o.status, Code: o.head.Code, RequestId: o.head.RequestId,
		Attempt: attempt, Start: o.start, Duration: o.duration, Err: o.err,
	})
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
		s = strings.ReplaceAll(s, signature, "***")
	}
	return signed().ReplaceAllString(s, "***")
}
