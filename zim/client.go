package zim

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

const (
	// MaxRate is the calls a second that the service allows an app, its own
	// backend's included.
	MaxRate = 20

	// slack spreads calls a little wider than the rate asks for: what leaves
	// evenly arrives unevenly, and the service counts what arrives.
	slack = 1.05
)

// Client asks the service for history. It is safe for concurrent use.
type Client struct {
	appID    uint32
	secret   Secret
	endpoint *url.URL
	nonce    func() string
	jitter   func(time.Duration) time.Duration
	http     *http.Client
	clock    clock
	schedule schedule
	budget   budget
	observer observer
}

// Option changes a Client from its default.
type Option func(*Client) error

// WithEndpoint sets the base URL: https, or http to this machine, without user,
// query or fragment. The default is that of Unified.
func WithEndpoint(base string) Option {
	return func(c *Client) error {
		u, err := url.Parse(base)
		if err != nil {
			return errors.New("the endpoint is not a URL") // it may hold a password
		}
		switch {
		case u.Host == "", u.User != nil, u.RawQuery != "", u.Fragment != "":
			return fmt.Errorf("endpoint %q is not a base URL such as %s", u.Redacted(), Unified.Endpoint())
		case u.Scheme != "https" && !(u.Scheme == "http" && onLoopback(u)):
			return fmt.Errorf("endpoint %q is not https: only this machine may be asked over http", u.Redacted())
		}
		c.endpoint = u
		return nil
	}
}

// WithRate sets the calls a second, spread evenly; 0 is no limit. The default
// is MaxRate. The service's limit of MaxMsgSeqs messages a second for
// QueryMessagesByMsgSeq is kept whatever the rate.
func WithRate(perSecond float64) Option {
	return func(c *Client) error { c.schedule.perSecond = max(0, perSecond); return nil }
}

// WithClock sets the clock that requests are signed with.
func WithClock(now func() time.Time) Option {
	return func(c *Client) error { c.clock.machine = now; return nil }
}

// WithNonce sets the source of signature nonces; each attempt takes a new one.
func WithNonce(nonce func() string) Option {
	return func(c *Client) error { c.nonce = nonce; return nil }
}

// WithJitter sets what chooses the length of a wait before a retry, from 0 up
// to what it is given. The default is an even chance for each.
func WithJitter(upTo func(time.Duration) time.Duration) Option {
	return func(c *Client) error { c.jitter = upTo; return nil }
}

// WithTransport sets what carries the requests. The default is NewTransport(nil).
func WithTransport(t http.RoundTripper) Option {
	return func(c *Client) error { c.http.Transport = t; return nil }
}

// NewClient returns a client for an app. It makes no call.
func NewClient(appID uint32, secret Secret, opts ...Option) (*Client, error) {
	if appID == 0 {
		return nil, errors.New("an AppId is a number from 1 on")
	}
	if secret.IsZero() {
		return nil, errors.New("there is no ServerSecret")
	}
	c := &Client{
		appID:    appID,
		secret:   secret,
		nonce:    randomNonce,
		jitter:   func(d time.Duration) time.Duration { return mathrand.N(d + 1) },
		clock:    clock{machine: time.Now},
		schedule: newSchedule(MaxRate),
		budget:   budget{tokens: maxTokens},
		http: &http.Client{
			Transport:     NewTransport(nil),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	for _, o := range append([]Option{WithEndpoint(Unified.Endpoint())}, opts...) {
		if err := o(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Endpoint returns the base URL that the client asks.
func (c *Client) Endpoint() string { return c.endpoint.String() }

// OnLoopback reports whether the endpoint is on this machine.
func (c *Client) OnLoopback() bool { return onLoopback(c.endpoint) }

func onLoopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// randomNonce returns 8 random bytes as 16 hex digits.
func randomNonce() string {
	var b [8]byte
	rand.Read(b[:]) // never fails, by its documentation
	return hex.EncodeToString(b[:])
}

// query is one call of a method: what all of its attempts have in common.
type query struct {
	action  action
	subject string // the user or group it is about, for the error
	host    string
	params  url.Values // of a GET, which has no body; nil is a POST
	body    []byte
	read    func(answer []byte) head // takes the answer apart, anew for each attempt
}

// method is the HTTP method of the call: most are a POST, whatever they ask.
func (q query) method() string {
	if q.params != nil {
		return http.MethodGet
	}
	return http.MethodPost
}

// failed wraps what kept the call from an answer.
func (q query) failed(stage Stage, cause error) *TransportError {
	return &TransportError{Action: string(q.action), Subject: q.subject, Host: q.host, Stage: stage, Cause: cause}
}

// call is the door of all requests. When it returns without an error, read has
// been given an answer whose Code is 0. Each attempt waits for its turn and has
// a signature of its own; what follows a failed one is decided by ruleOf.
func (c *Client) call(ctx context.Context, a action, subject string, request any, read func([]byte) head) error {
	if !queries[a] {
		return fmt.Errorf("%s is not a query that backscroll may call", a)
	}
	q := query{action: a, subject: subject, host: c.endpoint.Host, read: read}
	var err error
	if get, ok := request.(interface{ inURL() url.Values }); ok {
		q.params = get.inURL()
	} else if q.body, err = encode(request); err != nil {
		return fmt.Errorf("%s %q: the request cannot be written as JSON: %w", a, subject, err)
	}
	spent := 0        // tokens of the budget
	resigned := false // with a corrected clock
	defer func() {
		if ctx.Err() != nil { // nobody waits for it any more: that says nothing of the service
			c.budget.give(spent)
		}
	}()
	for n := 1; ; n++ {
		if err := c.schedule.wait(ctx, priorityOf(ctx), messagesOf(request)); err != nil {
			return q.failed(StageTurn, err)
		}
		o := c.attempt(ctx, q)
		c.observer.tell(q, n, o)
		if o.err == nil {
			c.budget.give(spent + successGives)
			spent = 0
			return nil
		}
		if ctx.Err() != nil {
			return o.err
		}
		r := ruleOf(o)
		if r.slow {
			c.schedule.slowDown(o.start)
		}
		if r.clock && !resigned && c.clock.correct(o) {
			resigned = true
			tellWait(ctx, Wait{Action: string(a), Attempt: n + 1, Of: n + 1, Cause: o.err})
			tellWait(ctx, Wait{})
			continue
		}
		if n >= r.tries || !c.budget.take() {
			return o.err
		}
		spent += retryCosts
		wait := Wait{Action: string(a), Attempt: n + 1, Of: r.tries, Delay: r.delay(n, c.jitter), Cause: o.err}
		if err := pause(ctx, wait); err != nil {
			return q.failed(StageTurn, err)
		}
	}
}
