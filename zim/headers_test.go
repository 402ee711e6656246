package zim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// exchangeWith makes one call and returns what an observer was told of it.
func exchangeWith(t *testing.T, base string, w *wire) zim.Exchange {
	t.Helper()
	var seen []zim.Exchange
	c := newClient(t, base, w, zim.WithObserver(func(x zim.Exchange) { seen = append(seen, x) }))
	ask(t.Context(), c)
	if len(seen) == 0 || len(w.signatures) == 0 {
		t.Fatal("nothing was seen")
	}
	return seen[0]
}

// text is all that an exchange shows, in every way to print it.
func text(x zim.Exchange) string {
	var headers strings.Builder
	x.Header.Write(&headers)
	x.RequestHeader.Write(&headers)
	asJSON, _ := json.Marshal(x) // an error in it may not be written
	return fmt.Sprintf("%v %+v %#v %s %s %s %s", x, x, x, x.Request, x.Answer, headers.String(), asJSON)
}

// TestExchangeOnTheWire holds an exchange to what a server saw, over both
// protocols.
func TestExchangeOnTheWire(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		var got *http.Request
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = r.Clone(r.Context())
			io.Copy(io.Discard, r.Body)
			w.Header().Set("X-Trace", "t-1")
			w.Header().Add("Via", "one")
			w.Header().Add("Via", "two")
			io.WriteString(w, `{"Code":0,"RequestId":"5","List":[{"MsgId":1}]}`)
		}))
		server.EnableHTTP2 = http2
		server.StartTLS()
		w := &wire{next: server.Client().Transport}
		x := exchangeWith(t, server.URL+"/zim", w)
		server.Close()
		if x.Method != "POST" || x.Proto != got.Proto || x.Status != 200 || http2 != (got.ProtoMajor == 2) {
			t.Errorf("%s %s %d, served %s", x.Method, x.Proto, x.Status, got.Proto)
		}
		want := server.URL + strings.Replace(got.URL.String(), w.signatures[0], "***", 1)
		if x.URL != want || !strings.Contains(x.URL, "/zim/?Action=QueryPeerMsg&AppId=") || !strings.Contains(x.URL, "&Signature=***&SignatureNonce="+w.nonces[0]) {
			t.Errorf("URL %s, want %s", x.URL, want)
		}
		for name := range got.Header {
			if x.RequestHeader.Get(name) != got.Header.Get(name) {
				t.Errorf("HTTP/2 %v: %s: %q, sent %q", http2, name, x.RequestHeader.Get(name), got.Header.Get(name))
			}
		}
		for name := range x.RequestHeader {
			if got.Header.Get(name) == "" && name != "Host" {
				t.Errorf("HTTP/2 %v: %s was made up", http2, name)
			}
		}
		if x.RequestHeader.Get("User-Agent") == "" || x.Header.Get("X-Trace") != "t-1" || !slices.Equal(x.Header["Via"], []string{"one", "two"}) || x.Header.Get("Date") == "" {
			t.Errorf("headers %v, %v", x.RequestHeader, x.Header)
		}
	}
}

// TestExchangeHidesTheSignature has a server and a proxy repeat the signature
// everywhere.
func TestExchangeHidesTheSignature(t *testing.T) {
	const canary = "c4n4ry-f0r-0ne"
	for _, status := range []int{200, 307, 407, 502} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			signature := r.URL.Query().Get("Signature")
			for name, value := range map[string]string{
				"Set-Cookie": "sid=" + canary, "Set-Cookie2": canary, "WWW-Authenticate": "Basic " + canary, "X-Auth-Token": canary,
				"X-Session-Id": canary, "Authorization": canary, "Proxy-Authenticate": canary, "X-Api-Key": canary,
				"Location": "https://elsewhere.example.com" + r.URL.String(), "X-Query": r.URL.RawQuery, "X-Echo": signature,
				"X-Upper": strings.ToUpper(signature), "X-Long": strings.Repeat("a", 1010) + signature, "X-" + signature: "1",
				"X-Escaped": strings.ReplaceAll(r.URL.RawQuery, "=", "%3D"),
			} {
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"Code":0,"RequestId":%q,"List":[{"MsgId":1}]}`, r.URL.String())
		}))
		w := &wire{next: server.Client().Transport}
		x := exchangeWith(t, server.URL, w)
		server.Close()
		shown := text(x)
		for _, secret := range append(slices.Clone(w.signatures), canary, emulator.ServerSecret) {
			for _, part := range []string{secret, secret[:len(secret)/2]} { // what is cut is no better
				if strings.Contains(strings.ToLower(shown), part) {
					t.Errorf("status %d: %q is shown", status, part)
				}
			}
		}
		if len(x.Header) < 15 || x.Header.Get("Set-Cookie") != "***" || x.Header.Get("X-Echo") != "***" || !strings.HasPrefix(x.Header.Get("Location"), "https://elsewhere.example.com/?Action=") {
			t.Errorf("status %d: header %v", status, x.Header)
		}
	}
}

// TestExchangeOfNoAnswer has what was asked, and no answer.
func TestExchangeOfNoAnswer(t *testing.T) {
	x := exchangeWith(t, "https://zim.example.com", &wire{next: failing(io.ErrClosedPipe)})
	if x.Method != "POST" || !strings.HasPrefix(x.URL, "https://zim.example.com/?Action=QueryPeerMsg&") || x.Proto != "" || x.Header != nil {
		t.Errorf("exchange %+v", x)
	}
	if got := x.RequestHeader.Get("Content-Type"); got != "application/json" { // no transport says more
		t.Errorf("Content-Type %q", got)
	}
}

// TestLongHeaders are cut between characters.
func TestLongHeaders(t *testing.T) {
	header := http.Header{"X-Long": {strings.Repeat("é", 1000), strings.Repeat("b", 1024)}}
	x := exchangeWith(t, "https://zim.example.com", &wire{next: roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(strings.NewReader(`{"Code":0}`))}, nil
	})})
	long, whole := x.Header["X-Long"][0], x.Header["X-Long"][1]
	if want := strings.Repeat("é", 512) + "…"; long != want || !utf8.ValidString(long) || len(whole) != 1024 {
		t.Errorf("%d and %d bytes: %s", len(long), len(whole), long)
	}
	if x.Header.Set("X-Long", ""); header.Get("X-Long") == "" {
		t.Error("the header is not a copy")
	}
}

// TestSeveralObservers are all told, in their order.
func TestSeveralObservers(t *testing.T) {
	var told []string
	by := func(name string) zim.Option {
		return zim.WithObserver(func(x zim.Exchange) { told = append(told, name+" "+x.RequestId) })
	}
	c := newClient(t, "https://zim.example.com", &wire{next: answer{200, nil, `{"Code":0,"RequestId":"5","List":[{"MsgId":1}]}`}}, by("log"), by("screen"))
	if err := ask(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if want := []string{"log 5", "screen 5"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
