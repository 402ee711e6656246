package zim

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxBody    = 32 << 20 // bytes of an answer, after decompression
	trustedLen = 1 << 20  // bytes that are set aside for a body because its length was announced
	maxDetails = 200      // characters kept of what is not an answer
)

// outcome is all that is known of an attempt.
type outcome struct {
	signature  string
	offset     time.Duration // what was added to the machine's clock when it was signed
	start      time.Time
	received   time.Time     // when the headers came, by the machine's clock
	trip       time.Duration // from start to then
	duration   time.Duration // from start to the last byte
	url        string        // that was asked, without the signature
	sent       *sentHeader   // nil if nobody is told
	status     int           // of HTTP; 0 if no answer came
	proto      string        // of the answer
	header     http.Header
	retryAfter time.Duration // 0 if the answer does not ask for it
	answer     []byte        // without the signature, whoever sent it back
	head       head
	err        error // nil, an *Error or a *TransportError
}

// attempt signs and sends once.
func (c *Client) attempt(ctx context.Context, q query) (o outcome) {
	signedAt, offset, woke := c.clock.now()
	if woke {
		c.http.CloseIdleConnections()
	}
	o.offset, o.start = offset, time.Now()
	defer func() { o.duration = time.Since(o.start) }()
	nonce := c.nonce()
	o.signature = Signature(c.appID, nonce, c.secret, signedAt.Unix())
	var p progress
	signedURL := c.signedURL(q, nonce, signedAt, o.signature)
	if c.observer.isTold() {
		o.url = strings.ReplaceAll(signedURL, o.signature, masked)
		o.sent = new(sentHeader)
		p.sent = o.sent
	}
	err := c.send(ctx, q, signedURL, &p, &o)
	if err == nil {
		err = o.judge(q)
	}
	if _, answered := errors.AsType[*Error](err); err == nil || answered {
		o.err = err
		return o
	}
	if ctx.Err() == nil || p.reached() < StageAnswer {
		c.http.CloseIdleConnections() // what is dead or out of step is not met again; a dial that nobody awaits ends
	}
	if ctx.Err() != nil {
		err = ctx.Err() // whatever the transport made of it
	}
	o.err = o.transportError(q, p.reached(), err)
	return o
}

func (c *Client) signedURL(q query, nonce string, at time.Time, signature string) string {
	u := *c.endpoint
	u.Path = strings.TrimSuffix(u.Path, "/") + "/"
	params := url.Values{
		"Action":           {string(q.action)},
		"AppId":            {strconv.FormatUint(uint64(c.appID), 10)},
		"SignatureNonce":   {nonce},
		"Timestamp":        {strconv.FormatInt(at.Unix(), 10)},
		"SignatureVersion": {SignatureVersion},
		"Signature":        {signature},
	}
	maps.Copy(params, q.params)
	u.RawQuery = params.Encode()
	return u.String()
}

// encode writes a request as JSON, "<" as "<".
func encode(request any) ([]byte, error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	err := enc.Encode(request)
	return body.Bytes(), err
}

// send sends a signed request and reads the answer, bounded, into o.
func (c *Client) send(ctx context.Context, q query, signedURL string, p *progress, o *outcome) error {
	ctx, stop := context.WithTimeoutCause(ctx, callTime, errSlow)
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(p.watch(ctx, cancel), q.method(), signedURL, bytes.NewReader(q.body))
	if err != nil {
		return errors.New("the request could not be built") // err shows the URL
	}
	if q.params == nil {
		req.Header.Set("Content-Type", "application/json")
	}
	o.sent.begin(req.Header)
	if q.params != nil {
		req.Body = io.NopCloser(strings.NewReader("")) // of http.NoBody, it would repeat a GET all the same
	}
	req.GetBody = nil // else the transport repeats the request by itself, with a signature that was used
	resp, err := c.http.Do(req)
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	defer resp.Body.Close()
	p.reach(StageBody)
	o.received, o.trip = c.clock.machine(), time.Since(o.start)
	o.status, o.proto, o.header = resp.StatusCode, resp.Proto, resp.Header
	o.retryAfter = retryAfter(resp, o.received.Add(o.offset))
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return errRedirect
	case resp.StatusCode == http.StatusProxyAuthRequired:
		return &proxyError{resp.StatusCode}
	}
	body := watchBody(resp.Body, cancel)
	defer body.timer.Stop()
	answer, err := readBody(body, resp.ContentLength)
	o.answer = hide(answer, o.signature)
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	return nil
}

// watched is a body whose request is cancelled where it stops or drips.
type watched struct {
	io.Reader
	timer *time.Timer
	end   time.Time
}

func watchBody(body io.Reader, cancel context.CancelCauseFunc) *watched {
	w := &watched{Reader: body, end: time.Now().Add(bodyTime)}
	w.timer = time.AfterFunc(byteTime, func() {
		if time.Now().Before(w.end) {
			cancel(errStalled)
			return
		}
		cancel(errSlow)
	})
	return w
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Reader.Read(b)
	if n > 0 && err == nil {
		w.timer.Reset(min(byteTime, time.Until(w.end)))
	}
	return n, err
}

// scratch holds buffers for bodies whose length is not known.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readBody returns a body in a slice that is no longer than it: pages are kept.
// length is what was announced, 0 or less for nothing.
func readBody(r io.Reader, length int64) ([]byte, error) {
	switch {
	case length > maxBody:
		return nil, errTooLarge
	case length > 0 && length <= trustedLen:
		b := make([]byte, length)
		n, err := io.ReadFull(r, b)
		if err == nil {
			_, err = io.Copy(io.Discard, r) // to its end, for the next request to use the connection
		}
		return b[:n], shortened(err)
	}
	buf := scratch.Get().(*bytes.Buffer)
	buf.Reset()
	n, err := buf.ReadFrom(io.LimitReader(r, maxBody+1))
	answer := bytes.Clone(buf.Bytes())
	if buf.Cap() <= trustedLen {
		scratch.Put(buf)
	}
	if n > maxBody {
		return nil, errTooLarge
	}
	return answer, shortened(err)
}

// shortened names the end that came too early.
func shortened(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errTruncated
	}
	return err
}

// judge says what is wrong with an answer that came whole: an *Error if it is
// the service's, nil if its Code is 0.
func (o *outcome) judge(q query) error {
	o.head = q.read(o.answer)
	o.head.RequestId = hideText(o.head.RequestId, o.signature)
	switch {
	case !o.head.whole && o.status == http.StatusOK && begun(o.answer):
		return errTruncated
	case !o.head.whole:
		return fmt.Errorf("%w (HTTP %d)", errNotService, o.status)
	case !o.head.hasCode:
		return fmt.Errorf("%w (HTTP %d, JSON without a Code)", errNotService, o.status)
	case o.head.Code != Success:
		return &Error{
			Action: string(q.action), Subject: q.subject,
			Code: o.head.Code, Message: hideText(o.head.Message, o.signature), RequestId: o.head.RequestId,
			ClockOffset: o.clockWasWrong(), NotBefore: o.notBefore(),
		}
	case o.status != http.StatusOK:
		return fmt.Errorf("%w (HTTP %d, a Code of 0)", errNotService, o.status)
	}
	return nil
}

// begun reports whether b is the beginning of a JSON object that does not end.
func begun(b []byte) bool {
	i := skipSpace(b, 0)
	if i >= len(b) || b[i] != '{' {
		return false
	}
	end, ok := skipValue(b, i)
	return !ok && end >= len(b)
}

// transportError wraps what kept the attempt from an answer, in words that hold
// no URL.
func (o *outcome) transportError(q query, stage Stage, cause error) *TransportError {
	e := q.failed(stage, cause)
	e.describe(o.signature)
	if errors.Is(cause, errNotService) {
		e.Details = details(o.answer, o.signature)
	}
	e.NotBefore = o.notBefore()
	return e
}

// details returns the first characters of what is not an answer.
func details(body []byte, signature string) string {
	s := []rune(hideText(string(body[:min(len(body), 16*maxDetails)]), signature))
	return string(s[:min(len(s), maxDetails)])
}

// retryAfter returns how long a busy server asks to be left alone: 0 if it does
// not, or asks for what is past or makes no sense. now is the right time.
func retryAfter(r *http.Response, now time.Time) time.Duration {
	if r.StatusCode != http.StatusTooManyRequests && r.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	value := r.Header.Get("Retry-After")
	seconds, err := strconv.ParseInt(value, 10, 32)
	if err == nil || errors.Is(err, strconv.ErrRange) { // then it is the nearest that fits: 68 years
		return max(0, time.Duration(seconds)*time.Second)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		now = date // both by the clock of the server
	}
	return max(0, at.Sub(now))
}

// notBefore returns when the service wants to be asked again, if that is too
// long to wait for.
func (o *outcome) notBefore() time.Time {
	if o.retryAfter <= maxRetryAfter {
		return time.Time{}
	}
	return o.received.Add(o.offset + o.retryAfter).UTC().Truncate(time.Second)
}
