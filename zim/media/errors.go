package media

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Error is a link that could not be checked or saved. It names the host, never
// the URL: whoever has that may need nothing more.
type Error struct {
	Action string // "check" or "save"
	Host   string // as the function Host returns it; "" if the URL is none that is followed
	Cause  error
}

// Error says what was tried, with whom, and what went wrong. It may quote what
// the server said: it is not yet safe for a terminal.
func (e *Error) Error() string {
	if e.Host == "" {
		return e.Action + ": " + e.Cause.Error()
	}
	return e.Action + " " + e.Host + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Causes of an *Error that a caller may want to tell from others; ErrAddress is
// another, and context.Canceled.
var (
	ErrTooLarge  = errors.New("the file is over the limit")
	ErrStalled   = errors.New("nothing came in time")
	ErrTruncated = errors.New("the file was cut short")
	ErrStatus    = errors.New("the server has no file for it") // an answer other than 200
	ErrRedirects = errors.New("too many redirects")
)

// failed wraps what kept a link from being had.
func failed(action string, l Link, cause error) *Error {
	host, _ := Host(l.URL)
	return &Error{action, host, cause}
}

// maxWords is how much of a cause that is not known by its type is shown, in bytes.
const maxWords = 200

// describe puts a cause of net/http into words for people, without what its text
// shows of the URL.
func describe(ctx context.Context, u *url.URL, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx) // whatever the transport made of it
	}
	for {
		outer, ok := errors.AsType[*url.Error](err)
		if !ok {
			break
		}
		err = outer.Err
	}
	op, _ := errors.AsType[*net.OpError](err)
	dns, _ := errors.AsType[*net.DNSError](err)
	verify, _ := errors.AsType[*tls.CertificateVerificationError](err)
	broken, _ := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, ErrAddress):
		for op != nil { // the address is part of the cause
			err = op.Err
			op, _ = errors.AsType[*net.OpError](err)
		}
		return err
	case verify != nil:
		return fmt.Errorf("the certificate is not trusted: %s", brief(u, verify.Err))
	case dns != nil && dns.IsNotFound:
		return errors.New("there is no such host")
	case broken != nil && broken.Timeout():
		return ErrStalled
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case op != nil && op.Op == "dial":
		return fmt.Errorf("cannot connect: %w", op.Err)
	case strings.Contains(err.Error(), "malformed"): // net/http quotes what came
		return errors.New("the server does not speak HTTP")
	}
	return errors.New(brief(u, err))
}

// brief is the beginning of a cause, unless it repeats what is secret of the URL.
func brief(u *url.URL, err error) string {
	words := err.Error()
	path := strings.TrimPrefix(u.EscapedPath(), "/")
	if (u.RawQuery != "" && strings.Contains(words, u.RawQuery)) || (len(path) >= 8 && strings.Contains(words, path)) {
		return "the connection failed"
	}
	if len(words) <= maxWords {
		return words
	}
	return cut(words, maxWords) + "…"
}

// cut returns at most n bytes of s, whole runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
