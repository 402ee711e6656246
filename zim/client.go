package zim

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"
)

const (
	// MaxRate is the calls a second that the service allows an app, its own
	// backend's included.
	MaxRate = 20

	// slack spreads calls a little wider than the rate asks for: what leaves
	// evenly arrives unevenly, and the service counts what arrives.
	slack = 1.05

	maxBody    = 32 << 20 // bytes of an answer, after decompression
	callTime   = time.Minute
	maxDetails = 200 // characters kept of what is not an answer
)

// Client asks the service for history. It is safe for concurrent use.
type Client struct {
	appID    uint32
	secret   Secret
	endpoint *url.URL
	now      func() time.Time
	nonce    func() string
	http     *http.Client
	limiter  *rate.Limiter
}

// Option changes a Client from its default.
type Option func(*Client) error

// WithEndpoint sets the base URL: https, or http to this machine, without user,
// query or fragment. The default is that of Unified.
func WithEndpoint(base string) Option {
	return func(c *Client) error {
		u, err := url.Parse(base)
		if err != nil {
			return fmt.Errorf("endpoint %q is not a URL", base)
		}
		local := u.Hostname() == "localhost"
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
			local = ip.IsLoopback()
		}
		switch {
		case u.Host == "", u.User != nil, u.RawQuery != "", u.Fragment != "":
			return fmt.Errorf("endpoint %q is not a base URL such as %s", u.Redacted(), Unified.Endpoint())
		case u.Scheme != "https" && !(u.Scheme == "http" && local):
			return fmt.Errorf("endpoint %q is not https: only this machine may be asked over http", u.Redacted())
		}
		c.endpoint = u
		return nil
	}
}

// WithRate sets the calls a second, spread evenly; 0 is no limit. The default
// is MaxRate.
func WithRate(perSecond float64) Option {
	return func(c *Client) error {
		c.limiter.SetLimit(rate.Limit(perSecond / slack))
		if perSecond <= 0 {
			c.limiter.SetLimit(rate.Inf)
		}
		return nil
	}
}

// WithClock sets the clock that requests are signed with.
func WithClock(now func() time.Time) Option {
	return func(c *Client) error { c.now = now; return nil }
}

// WithNonce sets the source of signature nonces; each call takes a new one.
func WithNonce(nonce func() string) Option {
	return func(c *Client) error { c.nonce = nonce; return nil }
}

// WithTransport sets what carries the requests. The default is NewTransport(nil).
func WithTransport(t http.RoundTripper) Option {
	return func(c *Client) error { c.http.Transport = t; return nil }
}

// NewTransport returns a transport with the timeouts of a client that somebody
// waits for. proxy chooses a proxy for a request, and may be nil for none.
func NewTransport(proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
	}
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
		appID:   appID,
		secret:  secret,
		now:     time.Now,
		nonce:   randomNonce,
		limiter: rate.NewLimiter(MaxRate/slack, 1),
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

// randomNonce returns 8 random bytes as 16 hex digits.
func randomNonce() string {
	var b [8]byte
	rand.Read(b[:]) // never fails, by its documentation
	return hex.EncodeToString(b[:])
}

// call is the door of all requests. It waits for its turn, signs, posts, and
// returns the body of an answer whose Code is 0. subject is what the call is
// about, for the error.
func (c *Client) call(ctx context.Context, a action, subject string, request any) ([]byte, error) {
	if !queries[a] {
		return nil, fmt.Errorf("%s is not a query that backscroll may call", a)
	}
	failed := func(cause error, details string) error {
		return &TransportError{Action: string(a), Subject: subject, Host: c.endpoint.Host, Cause: cause, Details: details}
	}
	if err := c.limiter.Wait(ctx); err != nil {
		return nil, failed(err, "")
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	status, body, err := c.post(ctx, a, request)
	if err != nil {
		return nil, failed(err, "")
	}
	if !whole(body, '{') {
		return nil, failed(notAnAnswer(status, body), details(body))
	}
	var answer Error
	hasCode := false
	for name, raw := range members(body) {
		switch name {
		case "Code":
			n, ok := integerOf(raw)
			answer.Code, hasCode = Code(n), ok
		case "Message":
			answer.Message, _ = stringOf(raw) // shown as it is, whatever it is
		case "RequestId":
			answer.RequestId = unquote(raw)
		}
	}
	switch {
	case !hasCode:
		return nil, failed(fmt.Errorf("%w (HTTP %d, JSON without a Code)", errNotService, status), details(body))
	case answer.Code != Success:
		answer.Action, answer.Subject = string(a), subject
		return nil, &answer
	}
	return body, nil
}

// post sends a signed request and returns the status and the bounded body.
func (c *Client) post(ctx context.Context, a action, request any) (int, []byte, error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(request); err != nil {
		return 0, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.signedURL(a), &body)
	if err != nil {
		return 0, nil, errors.New("the request could not be built") // err shows the URL
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, cause(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return 0, nil, errRedirect
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return 0, nil, errTruncated
	case err != nil:
		return 0, nil, cause(err)
	case len(answer) > maxBody:
		return 0, nil, errTooLarge
	}
	return resp.StatusCode, slices.Clip(answer), nil
}

func (c *Client) signedURL(a action) string {
	unix, nonce := c.now().Unix(), c.nonce()
	u := *c.endpoint
	u.Path = strings.TrimSuffix(u.Path, "/") + "/"
	u.RawQuery = url.Values{
		"Action":           {string(a)},
		"AppId":            {strconv.FormatUint(uint64(c.appID), 10)},
		"SignatureNonce":   {nonce},
		"Timestamp":        {strconv.FormatInt(unix, 10)},
		"SignatureVersion": {SignatureVersion},
		"Signature":        {Signature(c.appID, nonce, c.secret, unix)},
	}.Encode()
	return u.String()
}

func notAnAnswer(status int, body []byte) error {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) > 0 && trimmed[0] == '{' && status == http.StatusOK {
		return errTruncated
	}
	return fmt.Errorf("%w (HTTP %d)", errNotService, status)
}

// details returns the first characters of a body.
func details(body []byte) string {
	s := []rune(string(body[:min(len(body), maxDetails*utf8.UTFMax)]))
	return string(s[:min(len(s), maxDetails)])
}
