package zim

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	firstWait = 500 * time.Millisecond // doubled for each attempt, up to
	longWait  = 8 * time.Second        // this; jitter then takes any part of it

	maxRetryAfter = time.Minute // what a server may ask us to wait

	maxTokens    = 100 // ten retries may be under way, or in vain, at a time
	retryCosts   = 10
	successGives = 1 // and gives back what its own retries took
)

// rule is what follows a failed attempt. The zero rule is the end.
type rule struct {
	tries int           // attempts in all
	least time.Duration // of a wait, before jitter is added
	after time.Duration // a Retry-After, waited instead of all else; 0 if there is none
	slow  bool          // the rate was too high
	clock bool          // the clock may be off: correct it and sign again
}

// ruleOf decides what follows a failed attempt. All rules are here.
func ruleOf(o outcome) rule {
	again := rule{tries: 3, after: o.retryAfter}
	slower := rule{tries: 4, after: o.retryAfter, least: time.Second, slow: true}
	if o.retryAfter > maxRetryAfter {
		return rule{slow: o.status == http.StatusTooManyRequests}
	}
	if e, ok := errors.AsType[*Error](o.err); ok {
		switch e.Code {
		case TooManyCalls, RateLimited, GroupRateLimited, MemberListRateLimited:
			return slower
		case ServerError, ServiceBusy, ServiceFailed, DatabaseFailed, GatewayFailed,
			BodyUnreadable, MembersUnreadable, GroupUnreadable, UserUnreadable:
			return again
		case SignatureExpired, WrongSignature:
			return rule{clock: true}
		}
		return rule{}
	}
	if final(o.err) {
		return rule{}
	}
	switch {
	case o.status == http.StatusTooManyRequests:
		return slower
	case o.status == http.StatusRequestTimeout, o.status >= 500:
		return again
	case errors.Is(o.err, errNotService):
		return rule{}
	}
	return again // the network: refused, silent, reset, cut short
}

// final reports whether a failure would be the same however often it was tried.
func final(err error) bool {
	for _, sentinel := range []error{errRedirect, errTooLarge, errBadProxy, errCertificate, http.ErrSchemeMismatch} {
		if errors.Is(err, sentinel) {
			return true
		}
	}
	if proxy, ok := errors.AsType[*proxyError](err); ok {
		return proxy.status < 500
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound
	}
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	return noTLS
}

// delay returns the wait after the nth attempt.
func (r rule) delay(n int, jitter func(time.Duration) time.Duration) time.Duration {
	if r.after > 0 {
		return r.after
	}
	return r.least + jitter(min(firstWait<<(n-1), longWait))
}

// budget is a bucket of tokens for retries, so that an outage is not met with
// three times the calls. A call that succeeds in the end gives back what it
// took: only retries in vain empty the bucket.
type budget struct {
	mu     sync.Mutex
	tokens int
}

func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tokens < retryCosts {
		return false
	}
	b.tokens -= retryCosts
	return true
}

func (b *budget) give(tokens int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.tokens+tokens, maxTokens)
}

// Wait is a pause before a call is attempted again. The zero Wait says that the
// pause is over.
type Wait struct {
	Action  string        // the call, "QueryPeerMsg"
	Attempt int           // the attempt to come, from 2
	Of      int           // the attempts that are made at most
	Delay   time.Duration // 0 where only the signature is renewed
	Cause   error         // why the last attempt failed: an *Error or a *TransportError
}

type waitsKey struct{}

// WithWaits returns a context whose calls tell f of each pause before a retry,
// and with the zero Wait that it is over. f runs in the goroutine of the call.
func WithWaits(ctx context.Context, f func(Wait)) context.Context {
	return context.WithValue(ctx, waitsKey{}, f)
}

func tellWait(ctx context.Context, w Wait) {
	if f, ok := ctx.Value(waitsKey{}).(func(Wait)); ok {
		f(w)
	}
}

// pause waits, or returns the context's error as soon as it has one.
func pause(ctx context.Context, w Wait) error {
	tellWait(ctx, w)
	defer tellWait(ctx, Wait{})
	t := time.NewTimer(w.Delay)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
