package media

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func discard() *log.Logger { return log.New(io.Discard, "", 0) }

// namesOf is a resolver that knows some names, by a name server of its own.
func namesOf(t *testing.T, known map[string][4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			ip, ok := known[strings.TrimSuffix(q.Name.String(), ".")]
			m.Response, m.Additionals = true, nil
			if !ok {
				m.RCode = dnsmessage.RCodeNameError
			} else if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
					Body:   &dnsmessage.AResource{A: ip},
				}}
			}
			if answer, err := m.Pack(); err == nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// counted is a server on loopback that nobody should reach, or should.
func counted(t *testing.T) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Write(picture)
	}))
	t.Cleanup(s.Close)
	return s, &calls
}

// A name that leads into a network is found out by where it leads.
func TestNamesOfPrivateAddresses(t *testing.T) {
	s, calls := counted(t)
	port := ":" + strings.TrimPrefix(s.URL, "http://127.0.0.1:")
	resolver := namesOf(t, map[string][4]byte{
		"loopback.example.com": {127, 0, 0, 1}, "metadata.example.com": {169, 254, 169, 254}, "private.example.com": {10, 1, 2, 3},
	})
	for _, c := range []struct {
		host  string
		local bool
		words string // of the error; "" if there is none
	}{
		{"loopback.example.com", false, "127.0.0.1 is a loopback address"},
		{"loopback.example.com", true, ""},
		{"localhost", false, "a loopback address"},
		{"127.0.0.1", false, "127.0.0.1 is a loopback address"},
		{"[::ffff:127.0.0.1]", false, "a loopback address"},
		{"private.example.com", false, "10.1.2.3 is a private address"},
		{"metadata.example.com", true, "169.254.169.254 is a link-local address"},
		{"missing.example.com", true, "there is no such host"},
	} {
		f := NewFetcher(WithLoopback(c.local))
		f.resolver = resolver
		before := calls.Load()
		l := Link{URL: "http://" + c.host + port + "/x" + secretQuery, Size: -1}
		_, err := f.Check(t.Context(), l, nil)
		reached := calls.Load() > before
		if c.words == "" {
			if err != nil || !reached {
				t.Errorf("%s: %v, reached %v", c.host, err, reached)
			}
			continue
		}
		checkError(t, err, l, "check", c.words)
		if reached || strings.Contains(c.words, "address") != errors.Is(err, ErrAddress) {
			t.Errorf("%s: %v, reached %v", c.host, err, reached)
		}
	}
}

func TestRedirectToPrivate(t *testing.T) {
	inner, calls := counted(t)
	resolver := namesOf(t, map[string][4]byte{"private.example.com": {192, 168, 7, 7}})
	for to, words := range map[string]string{
		"http://10.0.0.1/x": "redirected to 10.0.0.1: ", "http://private.example.com/x": "redirected to private.example.com: ", inner.URL: "redirected to 127.0.0.1:",
	} {
		// The first hop is public by the word of a transport, the second is dialled.
		f := NewFetcher()
		f.resolver = resolver
		f.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "media.example.com" {
				return &http.Response{StatusCode: 307, Header: http.Header{"Location": {to + secretQuery}}, Body: http.NoBody, Request: r}, nil
			}
			direct := *f
			direct.transport = nil
			return direct.get(r.Context(), r.URL)
		})
		l := Link{URL: "https://media.example.com/a" + secretQuery}
		_, err := f.Check(t.Context(), l, nil)
		checkError(t, err, l, "check", words)
		if !errors.Is(err, ErrAddress) || calls.Load() > 0 {
			t.Errorf("%s: %v, %d calls", to, err, calls.Load())
		}
	}
}

// A proxy may be on loopback; what it is asked for is checked first.
func TestProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Host)
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		w.Write(picture)
	}))
	defer proxy.Close()
	address, _ := url.Parse(proxy.URL)
	address.User = url.UserPassword("u", "proxy-password")
	resolver := namesOf(t, map[string][4]byte{"public.example.com": {1, 1, 1, 1}, "private.example.com": {10, 0, 0, 1}, "local.example.com": {127, 0, 0, 1}})
	for _, c := range []struct {
		link, words, asked string
	}{
		{"http://public.example.com/x", "", "GET public.example.com"},
		{"https://public.example.com/x", "the proxy wants a user and a password (HTTP 407)", "CONNECT public.example.com:443"},
		{"http://private.example.com/x", "10.0.0.1 is a private address", ""},
		{"http://local.example.com/x", "127.0.0.1 is a loopback address", ""},
		{"https://169.254.169.254/x", "169.254.169.254 is a link-local address", ""},
		{"http://[64:ff9b::a9fe:a9fe]/x", "is a link-local address", ""},
		{proxy.URL + "/x", "127.0.0.1 is a loopback address", ""},
		{"http://missing.example.com/x", "there is no such host", ""},
	} {
		asked = nil
		f := NewFetcher(WithProxy(http.ProxyURL(address)))
		f.resolver = resolver
		l := Link{URL: c.link + secretQuery, Size: -1}
		_, err := f.Check(t.Context(), l, nil)
		if c.words != "" {
			checkError(t, err, l, "check", c.words)
		} else if err != nil {
			t.Errorf("%s: %v", c.link, err)
		}
		if strings.Join(asked, ", ") != c.asked {
			t.Errorf("%s: the proxy was asked %q, want %q", c.link, asked, c.asked)
		}
		if err != nil && strings.Contains(err.Error(), "proxy-password") {
			t.Errorf("%s: %v", c.link, err)
		}
	}
	f := NewFetcher(WithProxy(func(*http.Request) (*url.URL, error) { return nil, errors.New("proxy-password") }))
	_, err := f.Check(t.Context(), Link{URL: "https://example.com/"}, nil)
	if err == nil || strings.Contains(err.Error(), "proxy-password") {
		t.Errorf("a proxy that cannot be read: %v", err)
	}
	f = NewFetcher(WithProxy(func(*http.Request) (*url.URL, error) { return nil, nil }))
	if _, err = f.Check(t.Context(), Link{URL: proxy.URL}, nil); !errors.Is(err, ErrAddress) {
		t.Errorf("a link without a proxy: %v", err)
	}
}
