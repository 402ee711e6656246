package zim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
)

// Error is an answer of the service whose Code is not 0. Message is the
// service's own text: foreign, and not yet safe for a terminal.
type Error struct {
	Action    string // the call, "QueryPeerMsg"
	Subject   string // the user or group it was about
	Code      Code
	Message   string
	RequestId string // what the vendor's support asks for
}

// Error says what was tried, on what, and what the service answered.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s %q: %d %s", e.Action, e.Subject, int64(e.Code), e.Code)
	if _, known := facts[e.Code]; !known && e.Message != "" {
		s += ": " + e.Message
	}
	if e.RequestId != "" {
		s += " (request " + e.RequestId + ")"
	}
	return s
}

// Advice says what the reader can do about it.
func (e *Error) Advice() string { return e.Code.Advice() }

// TransportError is a call that got no answer of the service. It names the
// host, never the URL: that carries a signature.
type TransportError struct {
	Action  string
	Subject string
	Host    string
	Cause   error
	Details string // the first characters of what came instead of an answer: foreign text
}

// Error says what was tried, on what, with whom, and what went wrong.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s %q: %s: %v", e.Action, e.Subject, e.Host, e.Cause)
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Cause }

// Advice says what the reader can do about it.
func (e *TransportError) Advice() string {
	var dns *net.DNSError
	switch {
	case errors.Is(e.Cause, context.Canceled):
		return ""
	case errors.As(e.Cause, &dns) && dns.IsNotFound:
		return adviseEndpoint
	case errors.Is(e.Cause, errNotService), errors.Is(e.Cause, errRedirect):
		return adviseEndpoint + ", and the proxy if there is one"
	}
	return "check the network, the proxy and the endpoint, then try again"
}

var (
	errNotService = errors.New("something else answered instead of ZIM")
	errRedirect   = errors.New("a redirect was refused: following it would hand the signature to another server")
	errTooLarge   = errors.New("answer over 32 MiB")
	errTruncated  = errors.New("the answer was cut short")
)

// cause takes an error of net/http apart: its text shows the whole URL, and the
// URL is a key to the app.
func cause(err error) error {
	for {
		outer, ok := errors.AsType[*url.Error](err)
		if !ok {
			break
		}
		err = outer.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer in time: %w", context.DeadlineExceeded)
	}
	return err
}
