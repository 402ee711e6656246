package media

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"backscroll/zim"
)

const (
	// DefaultLimit is how many bytes of a file are read, unless WithLimit says otherwise.
	DefaultLimit = 2 << 30

	maxRedirects = 5
	dialTime     = 5 * time.Second
	answerTime   = 25 * time.Second // of each hop, to the last byte of the headers
	byteTime     = 10 * time.Second // without a byte of the file
)

// Fetcher gets files from the links of messages. It keeps nothing between two of
// them: no connection, no cookie. It is safe for concurrent use.
type Fetcher struct {
	local      bool
	limit      int64
	proxy      func(*http.Request) (*url.URL, error)
	transport  http.RoundTripper // nil: one of its own for each request
	resolver   *net.Resolver     // nil: the machine's
	answerTime time.Duration
	byteTime   time.Duration
}

// Option changes a Fetcher from its default.
type Option func(*Fetcher)

// WithLoopback lets links to loopback and private addresses pass, for a service
// that is on this machine itself. Others that are not public stay refused.
func WithLoopback(allowed bool) Option {
	return func(f *Fetcher) { f.local = allowed }
}

// WithLimit sets how many bytes a file may have, from 1 on. The default is DefaultLimit.
func WithLimit(bytes int64) Option {
	return func(f *Fetcher) { f.limit = bytes }
}

// WithProxy sets what chooses a proxy for a request, such as
// http.ProxyFromEnvironment; the default is none. A proxy may have any address;
// the link's host is then resolved here and checked before the proxy is asked.
func WithProxy(proxy func(*http.Request) (*url.URL, error)) Option {
	return func(f *Fetcher) { f.proxy = proxy }
}

// WithTransport sets what carries the requests, for tests: addresses are not
// checked then, and no proxy is used.
func WithTransport(t http.RoundTripper) Option {
	return func(f *Fetcher) { f.transport = t }
}

// NewFetcher returns a Fetcher. It asks for nothing yet.
func NewFetcher(opts ...Option) *Fetcher {
	f := &Fetcher{limit: DefaultLimit, answerTime: answerTime, byteTime: byteTime}
	for _, o := range opts {
		o(f)
	}
	return f
}

// Check fetches a link whole and compares what comes with what is declared; nothing
// is written. progress, unless nil, is told after each piece how many bytes came
// and how many are announced, -1 if unknown; it runs in the caller's goroutine.
//
// It fails with an *Error, and then returns what was found out until then: the
// status of an answer that has no file, for one. That something differs is no error.
func (f *Fetcher) Check(ctx context.Context, l Link, progress func(done, total int64)) (Result, error) {
	d, err := f.open(ctx, l)
	defer d.close()
	if err == nil {
		err = d.read(nil, progress)
	}
	if err != nil {
		return d.result, failed("check", l, err)
	}
	return d.result, nil
}

// open asks for a link, and follows where it leads. The download is never nil and
// must be closed.
func (f *Fetcher) open(ctx context.Context, l Link) (*download, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	d := &download{link: l, limit: f.limit, byteTime: f.byteTime, ctx: ctx, cancel: cancel,
		timer: time.AfterFunc(f.answerTime, func() { cancel(ErrStalled) })}
	u, err := parse(l.URL)
	if err != nil {
		return d, err
	}
	for hop := range maxRedirects + 1 {
		d.url = u
		d.timer.Reset(f.answerTime)
		u, err = f.ask(ctx, d)
		if err != nil && hop > 0 {
			err = fmt.Errorf("redirected to %s: %w", d.url.Host, err)
		}
		if err != nil || u == nil {
			return d, err
		}
	}
	return d, fmt.Errorf("%w: more than %d", ErrRedirects, maxRedirects)
}

// ask gets one answer for d, and returns where that redirects to, nil if the file
// follows.
func (f *Fetcher) ask(ctx context.Context, d *download) (*url.URL, error) {
	answer, err := f.get(ctx, d.url)
	if err != nil {
		return nil, describe(ctx, d.url, err)
	}
	d.take(answer)
	if !isRedirect(answer) {
		return nil, d.judge()
	}
	answer.Body.Close()
	return next(d.url, answer)
}

// get sends one request, with nothing in it that tells who asks.
func (f *Fetcher) get(ctx context.Context, u *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("the request could not be built") // err shows the URL
	}
	req.Header.Set("User-Agent", "backscroll")
	req.Header.Set("Accept-Encoding", "identity") // size and MD5 are the file's own
	carrier, err := f.carrier(req)
	if err != nil {
		return nil, err
	}
	return carrier.RoundTrip(req) // not a Client: that would add a Referer and follow by itself
}

// carrier returns what sends req: over a proxy, once the target is checked, or by
// a dialer that checks each address.
func (f *Fetcher) carrier(req *http.Request) (http.RoundTripper, error) {
	if f.transport != nil {
		return f.transport, nil
	}
	var proxy *url.URL
	if f.proxy != nil {
		var err error
		if proxy, err = f.proxy(req); err != nil {
			return nil, errors.New("the proxy's address cannot be read") // err may hold its password
		}
	}
	t := zim.NewTransport(nil)
	t.DisableKeepAlives, t.DisableCompression, t.ForceAttemptHTTP2 = true, true, false
	if proxy == nil {
		t.DialContext = (&net.Dialer{Timeout: dialTime, Resolver: f.resolver, Control: f.control}).DialContext
		return t, nil
	}
	t.Proxy = http.ProxyURL(proxy)
	return t, f.checkTarget(req.Context(), req.URL.Hostname())
}

// checkTarget resolves a host that a proxy is going to be asked for. A name that
// cannot be resolved here cannot be checked.
func (f *Fetcher) checkTarget(ctx context.Context, host string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, dialTime, ErrStalled)
	defer cancel()
	addresses, err := f.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	for _, ip := range addresses {
		if err := refuse(ip, f.local); err != nil {
			return err
		}
	}
	return nil
}

func isRedirect(r *http.Response) bool {
	switch r.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// next returns where an answer redirects to, checked as the first URL was.
func next(from *url.URL, r *http.Response) (*url.URL, error) {
	to, err := from.Parse(r.Header.Get("Location"))
	if err != nil || r.Header.Get("Location") == "" {
		return nil, errors.New("it redirects to nowhere")
	}
	u, err := parse(to.String())
	if err != nil {
		return nil, fmt.Errorf("it redirects, and %w", err)
	}
	return u, nil
}

// Allows reports by an error why a URL may not be followed: what Host says, or an
// ErrAddress where its host resolves to an address that is not connected to. It
// is for those who let another program follow the URL, which may resolve it anew.
func (f *Fetcher) Allows(ctx context.Context, rawURL string) error {
	u, err := parse(rawURL)
	if err != nil {
		return err
	}
	if err := f.checkTarget(ctx, u.Hostname()); err != nil {
		return describe(ctx, u, err)
	}
	return nil
}
