package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpproxy"

	"backscroll/zim"
)

// proxyVariables are read by every program that honours proxies, in this order.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"}

// checkProxy says over which proxy a URL is asked. Users and passwords of proxies
// are not shown.
func checkProxy(getenv func(string) string, base string) finding {
	var names []string
	for _, name := range proxyVariables {
		value := getenv(name)
		if value == "" {
			continue
		}
		// One that cannot be read is ignored without a word, or taken for the
		// host "http:".
		alone := httpproxy.Config{HTTPSProxy: value}
		if u, err := alone.ProxyFunc()(&url.URL{Scheme: "https", Host: "example.com"}); err != nil || u == nil || strings.HasSuffix(u.Host, ":") {
			return finding{broken, name + " is no address of a proxy", "write it as http://HOST:PORT, or unset it"}
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return finding{health: well, says: "none is set"}
	}
	first := func(names []string) string {
		for _, name := range names {
			if value := getenv(name); value != "" {
				return value
			}
		}
		return ""
	}
	config := httpproxy.Config{HTTPSProxy: first(proxyVariables[:2]), HTTPProxy: first(proxyVariables[2:]), NoProxy: first([]string{"NO_PROXY", "no_proxy"})}
	says := strings.Join(names, ", ") + ": "
	target, err := url.Parse(base)
	if err != nil {
		return wrong(err)
	}
	u, err := config.ProxyFunc()(target)
	switch {
	case err != nil:
		return finding{broken, says + "the address cannot be read", "write it as http://HOST:PORT, or unset it"}
	case u == nil:
		return finding{health: well, says: says + "not used for " + target.Host}
	}
	says += "over " + u.Scheme + "://" + u.Host
	if u.User != nil {
		says += ", with a user"
	}
	return finding{health: well, says: says}
}

// The legs of a trip to an endpoint and back.
const (
	legName    = "name"
	legConnect = "connection"
	legTLS     = "TLS"
	legAnswer  = "answer"
)

// trip notes how long each leg takes. The transport reports from goroutines of
// its own, also late.
type trip struct {
	mu    sync.Mutex
	at    string // the leg it is on
	began map[string]time.Time
	took  []string
}

func (t *trip) begin(leg string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.began[leg].IsZero() {
		t.at, t.began[leg] = leg, time.Now()
	}
}

func (t *trip) end(leg string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if begun := t.began[leg]; err == nil && !begun.IsZero() {
		t.took = append(t.took, leg+" "+brief(time.Since(begun)))
		t.began[leg] = time.Time{}
	}
}

// legs returns the leg that was reached, and what those before took.
func (t *trip) legs() (at string, took []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at, slices.Clone(t.took)
}

func (t *trip) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart:             func(httptrace.DNSStartInfo) { t.begin(legName) },
		DNSDone:              func(i httptrace.DNSDoneInfo) { t.end(legName, i.Err) },
		ConnectStart:         func(string, string) { t.begin(legConnect) },
		ConnectDone:          func(_, _ string, err error) { t.end(legConnect, err) },
		TLSHandshakeStart:    func() { t.begin(legTLS) },
		TLSHandshakeDone:     func(_ tls.ConnectionState, err error) { t.end(legTLS, err) },
		GotConn:              func(httptrace.GotConnInfo) { t.begin(legAnswer) },
		GotFirstResponseByte: func() { t.end(legAnswer, nil) },
	})
}

// answered is what an answer tells of the clock; none came if received is zero.
type answered struct {
	header   http.Header
	received time.Time
	trip     time.Duration
}

// ask sends a request to an endpoint without any signature: that there is an
// answer is enough, whatever it says.
func ask(ctx context.Context, base string, now func() time.Time) (answered, finding) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	t := &trip{began: map[string]time.Time{}}
	r, err := http.NewRequestWithContext(t.watch(ctx), http.MethodHead, base, nil)
	if err != nil {
		return answered{}, wrong(err)
	}
	r.Header.Set("User-Agent", "backscroll")
	transport := zim.NewTransport(http.ProxyFromEnvironment)
	defer transport.CloseIdleConnections()
	start := time.Now()
	resp, err := transport.RoundTrip(r) // not a Client: that would follow a redirect
	at, took := t.legs()
	if err != nil {
		says := r.URL.Host + ": " + err.Error()
		if at != "" {
			says = r.URL.Host + ": " + at + ": " + err.Error()
		}
		return answered{}, finding{broken, says, networkAdvice(err, r.URL.Host)}
	}
	resp.Body.Close()
	a := answered{resp.Header, now(), time.Since(start)}
	if resp.StatusCode == http.StatusProxyAuthRequired {
		return answered{}, finding{broken, r.URL.Host + ": the proxy wants a user and a password (HTTP 407)",
			"give the proxy a user and a password, in HTTPS_PROXY or HTTP_PROXY"}
	}
	says := r.URL.Host + ": " + strings.Join(took, ", ")
	if resp.TLS != nil {
		says += " (" + tls.VersionName(resp.TLS.Version) + ")"
	}
	return a, finding{health: well, says: says}
}

// networkAdvice is what to do about a request that got no answer.
func networkAdvice(err error, host string) string {
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		advice := "a company's proxy may stand in between: have its CA added to those that this machine trusts; check the endpoint and the clock too"
		if expired, ok := errors.AsType[x509.CertificateInvalidError](bad.Err); ok && expired.Reason == x509.Expired {
			advice = "check the clock of this machine first; else whoever runs " + host + " must renew it"
		}
		return advice
	}
	return (&zim.TransportError{Host: host, Cause: err}).Advice()
}

const (
	clockLimit = time.Minute      // calls are answered well beyond it, but only just
	longTrip   = 30 * time.Second // a Date that took longer to come says nothing
)

// checkClock compares the machine's clock with the Date of an answer.
func (a answered) checkClock() finding {
	if a.received.IsZero() {
		return finding{health: skipped, says: "the endpoint gave no answer to compare it with"}
	}
	date, err := http.ParseTime(a.header.Get("Date"))
	if err != nil || a.header.Get("Age") != "" || a.trip > longTrip {
		return finding{health: skipped, says: "the endpoint's answer does not tell the time"}
	}
	off := date.Sub(a.received).Round(time.Second)
	word := "slow"
	if off < 0 {
		word = "fast"
	}
	if off.Abs() > clockLimit {
		return finding{broken, fmt.Sprintf("%v %s", off.Abs(), word), "set the clock of this machine right: every call is signed with its time"}
	}
	return finding{health: well, says: fmt.Sprintf("right: at most %v off", off.Abs()+time.Second)} // Date has whole seconds
}
