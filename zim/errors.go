package zim

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Error is an answer of the service whose Code is not 0. Message is the
// service's own text: foreign, and not yet safe for a terminal.
type Error struct {
	Action      string // the call, "QueryPeerMsg"
	Subject     string // the user or group it was about
	Code        Code
	Message     string
	RequestId   string        // what the vendor's support asks for
	ClockOffset time.Duration // how far this machine's clock is behind, where that was the reason; 0 if it is right
	NotBefore   time.Time     // when to ask again, where the service said so and it is over a minute; else zero
}

// Error says what was tried, on what, and what the service answered.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q: %d ", e.Action, e.Subject, int64(e.Code))
	meaning := e.Code.String()
	switch {
	case e.Message == "" || strings.EqualFold(e.Message, meaning):
		b.WriteString(meaning)
	case strings.HasPrefix(e.Message, meaning):
		b.WriteString(e.Message)
	default:
		b.WriteString(meaning + ": " + e.Message)
	}
	if e.ClockOffset != 0 {
		b.WriteString(", " + slowOrFast(e.ClockOffset))
	}
	b.WriteString(notBefore(e.NotBefore))
	if e.RequestId != "" {
		b.WriteString(" (request " + e.RequestId + ")")
	}
	return b.String()
}

// Advice says what the reader can do about it.
func (e *Error) Advice() string {
	if e.ClockOffset != 0 {
		return "set the clock of this machine right: it is the " + slowOrFast(e.ClockOffset)
	}
	return e.Code.Advice()
}

// notBefore puts the end of a Retry-After into words.
func notBefore(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return "; it asks to be left alone until " + t.Format(time.RFC3339)
}

// TransportError is a call that got no answer of the service. It names the
// host, never the URL: that carries a signature.
type TransportError struct {
	Action      string
	Subject     string
	Host        string
	Stage       Stage // how far the last attempt came
	Cause       error
	Details     string       // the first 200 characters of what came instead of an answer: foreign text
	Certificate *Certificate // the one that was refused, else nil
	NotBefore   time.Time    // when to ask again, where the server said so and it is over a minute; else zero
}

// Certificate is what is known of a certificate that could not be trusted. All
// text is foreign.
type Certificate struct {
	Subject, Issuer     string
	Names               []string // the hosts it is for
	NotBefore, NotAfter time.Time
}

// Error says what was tried, on what, with whom, and what went wrong.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s %q: %s: %v%s", e.Action, e.Subject, e.Host, e.Cause, notBefore(e.NotBefore))
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Cause }

// Misdirected reports whether the endpoint seems to be the wrong one: there is no
// such host, or what answered there is not the service.
func (e *TransportError) Misdirected() bool {
	dns, _ := errors.AsType[*net.DNSError](e.Cause)
	return dns != nil && dns.IsNotFound || errors.Is(e.Cause, errNotService) || errors.Is(e.Cause, errRedirect)
}

const adviseNetwork = "check the network, the proxy and the endpoint, then try again"

// Advice says what the reader can do about it.
func (e *TransportError) Advice() string {
	op, _ := errors.AsType[*net.OpError](e.Cause)
	dns, _ := errors.AsType[*net.DNSError](e.Cause)
	proxy, _ := errors.AsType[*proxyError](e.Cause)
	switch {
	case errors.Is(e.Cause, context.Canceled):
		return ""
	case !e.NotBefore.IsZero():
		return "try again then"
	case errors.Is(e.Cause, errBadProxy), op != nil && op.Op == "proxyconnect":
		return "check the proxy's address, in HTTPS_PROXY or HTTP_PROXY"
	case proxy != nil && proxy.status == http.StatusProxyAuthRequired:
		return "give the proxy a user and a password, in HTTPS_PROXY or HTTP_PROXY"
	case proxy != nil:
		return "ask whoever runs the proxy to let " + e.Host + " through"
	case errors.Is(e.Cause, errCertificate):
		return "a company's proxy may stand in between: have its CA added to those that this machine trusts; " +
			"check the endpoint and the clock too. The check cannot be switched off"
	case dns != nil && dns.IsNotFound:
		return adviseEndpoint
	case errors.Is(e.Cause, errNotService), errors.Is(e.Cause, errRedirect):
		return adviseEndpoint + ", and the proxy if there is one"
	}
	return adviseNetwork
}

var (
	errNotService  = errors.New("a proxy answered instead of ZIM")
	errRedirect    = errors.New("a redirect was refused: following it would hand the signature to another server")
	errTooLarge    = errors.New("answer over 32 MiB")
	errTruncated   = errors.New("the answer was cut short")
	errStalled     = errors.New("nothing came in time")
	errSlow        = errors.New("it was not whole in time")
	errBadProxy    = errors.New("the proxy's address cannot be read")
	errCertificate = errors.New("the certificate is not trusted")
)

// proxyError is a proxy's refusal to connect.
type proxyError struct{ status int }

func (e *proxyError) Error() string {
	if e.status == http.StatusProxyAuthRequired {
		return "the proxy wants a user and a password (HTTP 407)"
	}
	return fmt.Sprintf("the proxy refused to connect (HTTP %d)", e.status)
}

// describe turns a cause of net/http into words for people, without the URL
// that its text shows, and fills in what the cause knows.
func (e *TransportError) describe(signature string) {
	for {
		outer, ok := errors.AsType[*url.Error](e.Cause)
		if !ok {
			break
		}
		e.Cause = outer.Err
	}
	if inner := errors.Unwrap(e.Cause); inner != nil && strings.HasPrefix(e.Cause.Error(), "net/http: HTTP/1.x transport connection broken") {
		e.Cause = inner
	}
	broken, _ := errors.AsType[net.Error](e.Cause)
	var dialed error
	if op, ok := e.Cause.(*net.OpError); ok && op.Op == "dial" && !op.Timeout() {
		dialed = op.Err
	}
	text := e.Cause.Error()
	switch verify, _ := errors.AsType[*tls.CertificateVerificationError](e.Cause); {
	case e.Cause == context.Canceled:
	case e.Cause == context.DeadlineExceeded: // the caller's
		e.Cause = fmt.Errorf("no answer in time: %w", e.Cause)
	case verify != nil:
		e.refuse(verify)
	case errors.Is(e.Cause, errStalled), errors.Is(e.Cause, errSlow):
		e.Cause = fmt.Errorf("%v: %w", e.Stage, e.Cause)
	case dialed != nil:
		e.Cause = fmt.Errorf("cannot connect: %w", dialed) // the address is the host's
	case broken != nil && broken.Timeout():
		e.Cause = fmt.Errorf("%v: %w", e.Stage, errStalled)
	case strings.Contains(text, "malformed"): // net/http quotes what came
		e.Details = details([]byte(text), signature)
		e.Cause = fmt.Errorf("%w: it does not speak HTTP", errNotService)
	case e.Stage > StageDial && !final(e.Cause) && !errors.Is(e.Cause, errTruncated) && !errors.Is(e.Cause, errNotService):
		e.Cause = fmt.Errorf("%v: %w", e.Stage, e.Cause)
	}
	if s := e.Cause.Error(); hideText(s, signature) != s {
		e.Cause = errors.New(hideText(s, signature))
	}
}

// refuse notes what is known of a certificate that is not trusted.
func (e *TransportError) refuse(v *tls.CertificateVerificationError) {
	e.Certificate = &Certificate{}
	if len(v.UnverifiedCertificates) > 0 {
		leaf := v.UnverifiedCertificates[0]
		*e.Certificate = Certificate{
			Subject: leaf.Subject.String(), Issuer: leaf.Issuer.String(), Names: leaf.DNSNames,
			NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter,
		}
	}
	e.Cause = fmt.Errorf("%w: issued by %.200q: %w", errCertificate, e.Certificate.Issuer, v.Err)
}
