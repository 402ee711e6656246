package zim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	testSecret    = "9193cc662a4c0ec135ec71fb57194b38"
	testNonce     = "4fd24687296dd9f3"
	testTimestamp = 1615186943
	testSignature = "43e5cfcca828314675f91b001390566a"
)

func secretOf(t *testing.T, s string) Secret {
	t.Helper()
	secret, err := NewSecret(s)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// clientOf returns a client with the published test vector's clock and nonce.
func clientOf(t *testing.T, opts ...Option) *Client {
	t.Helper()
	c, err := NewClient(12345, secretOf(t, testSecret), append([]Option{
		WithClock(func() time.Time { return time.Unix(testTimestamp, 0) }),
		WithNonce(func() string { return testNonce }),
		WithRate(0),
		WithJitter(func(time.Duration) time.Duration { return 0 }),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answering(status int, body string) roundTrip {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func TestSignatureVector(t *testing.T) {
	if got := Signature(12345, testNonce, secretOf(t, testSecret), testTimestamp); got != testSignature {
		t.Errorf("Signature = %s, want %s", got, testSignature)
	}
}

func TestRequestOnTheWire(t *testing.T) {
	var got *http.Request
	var body string
	c := clientOf(t, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		return answering(200, `{"Code":0,"RequestId":"343649807833778782","Next":0,"List":[]}`)(r)
	})))
	const next = Next("18014398509481985") // beyond 2^53
	page, err := c.QueryPeerMsg(t.Context(), QueryPeerMsgRequest{FromUserId: "a<b", ToUserId: "b&c", Limit: 100, Next: next, WithEmptyMsg: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !page.Next.End() || page.RequestId != "343649807833778782" {
		t.Errorf("page = %+v", page)
	}
	want := "https://zim-api.zego.im/?Action=QueryPeerMsg&AppId=12345&Signature=" + testSignature +
		"&SignatureNonce=" + testNonce + "&SignatureVersion=2.0&Timestamp=1615186943"
	if got.URL.String() != want || got.Method != "POST" || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s\nwant POST %s", got.Method, got.URL, want)
	}
	if want := `{"FromUserId":"a<b","ToUserId":"b&c","Limit":100,"Next":18014398509481985,"WithEmptyMsg":1}` + "\n"; body != want {
		t.Errorf("body %s, want %s", body, want)
	}
}

func TestOnlyQueriesCanBeCalled(t *testing.T) {
	called := 0
	c := clientOf(t, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		called++
		return answering(200, `{"Code":0}`)(r)
	})))
	for _, a := range []action{"SendPeerMessage", "RecallGroupMessage", "DeleteAllMsg", "", "querypeermsg", "QueryPeerMsg&Action=SendPeerMessage"} {
		if err := c.call(t.Context(), a, "", nil, new(MessagePage).read); err == nil || called != 0 {
			t.Errorf("call(%q) = %v, %d requests", a, err, called)
		}
	}
	for a := range queries {
		if !strings.HasPrefix(string(a), "Query") {
			t.Errorf("%s is on the list of queries", a)
		}
		if _, ok := reflect.TypeFor[*Client]().MethodByName(string(a)); !ok {
			t.Errorf("%s is on the list and has no method", a)
		}
	}
	if c := callers(t); len(c) != len(queries) {
		t.Errorf("the door is used by %v, the list has %d queries", c, len(queries))
	}
}

// callers returns the functions of the package that use the door, and fails
// where one of them names something that is not a constant on the list, or
// where a request is built anywhere else.
func callers(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch sel.Sel.Name {
			case "call":
				lit, ok := call.Args[1].(*ast.BasicLit)
				if !ok || !queries[action(strings.Trim(lit.Value, `"`))] {
					t.Errorf("%s: the door is used with %v", name, call.Args[1])
				}
				names = append(names, name)
			case "NewRequest", "NewRequestWithContext", "Do", "Post", "RoundTrip":
				if name != "attempt.go" {
					t.Errorf("%s: a request beside the door: %s", name, sel.Sel.Name)
				}
			}
			return true
		})
	}
	return names
}

func TestSecretCannotBePrinted(t *testing.T) {
	s := secretOf(t, " "+testSecret+"\n")
	type hidden struct{ s Secret }
	type shown struct{ S Secret }
	c := clientOf(t)
	for _, v := range []any{s, &s, hidden{s}, &hidden{s}, shown{s}, []Secret{s}, map[string]Secret{"a": s}, c, reflect.ValueOf(c).Elem().Interface()} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, testSecret) || strings.Contains(got, fmt.Sprintf("%x", testSecret)) {
				t.Errorf("%s of %T shows the secret", verb, v)
			}
		}
		if b, _ := json.Marshal(v); strings.Contains(string(b), testSecret) {
			t.Errorf("JSON of %T shows the secret", v)
		}
	}
	if _, err := NewSecret("short and " + testSecret[:8]); err == nil || strings.Contains(err.Error(), testSecret[:8]) {
		t.Errorf("NewSecret: %v", err)
	}
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		transport http.RoundTripper
		want      string // the error
		advice    string
	}{
		"a code": {answering(200, `{"Code":660600001,"Message":"group not exist","RequestId":"3436"}`),
			`QueryGroupMsg "g1": 660600001 no such group: group not exist (request 3436)`, GroupUnknown.Advice()},
		"a code in a string": {answering(200, `{"Code":"3"}`), `QueryGroupMsg "g1": 3 authentication failed`, AuthenticationFailed.Advice()},
		"an unknown code": {answering(200, `{"Code":4711,"Message":"new","RequestId":"1"}`),
			`QueryGroupMsg "g1": 4711 unknown code 4711: new (request 1)`, Code(4711).Advice()},
		"HTML":        {answering(502, "<html>no</html>"), `a proxy answered instead of ZIM (HTTP 502)`, "proxy"},
		"no Code":     {answering(200, `{"ok":true}`), `JSON without a Code`, "proxy"},
		"truncated":   {answering(200, `{"Code":0,"List":[{"Msg`), "cut short", "try again"},
		"empty":       {answering(200, ""), "a proxy answered", "proxy"},
		"two values":  {answering(200, `{"Code":0}{"Code":0}`), "answered instead of ZIM (HTTP 200)", "proxy"},
		"a redirect":  {answering(307, ""), "redirect", "proxy"},
		"a transport": {roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("wire cut") }), "wire cut", "try again"},
		"no such host": {roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
		}), "no such host", "region"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := clientOf(t, WithTransport(tt.transport)).QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g1"})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), testSignature) {
				t.Error("the error shows the signature")
			}
			advised, ok := err.(interface{ Advice() string })
			if !ok || !strings.Contains(advised.Advice(), tt.advice) || tt.advice == "" {
				t.Errorf("advice of %v: want %q", err, tt.advice)
			}
		})
	}
}

func TestEveryCodeHasAdvice(t *testing.T) {
	documented := []Code{
		0, 1, 2, 3, 7, 51102, 105001,
		100000000, 100000001, 100000002, 100000003, 100000004, 100000005, 100000006, 100000007, 100000008,
		100000009, 100000010, 100000011, 100000012, 100000013, 100000014, 100000015, 100000016, 100000017,
		660000001, 660000002, 660000003, 660000012, 660000028, 660200001, 660300005, 660300006, 660500002,
		660600001, 660600003, 660600004, 660600009, 660700008, 660700012, 660700015, 660800053,
	}
	for _, c := range documented {
		if _, ok := facts[c]; !ok {
			t.Errorf("%d is documented and not known", int64(c))
		}
	}
	for c, f := range facts {
		if f.meaning == "" || c != Success && f.advice == "" {
			t.Errorf("%d: meaning %q, advice %q", c, f.meaning, f.advice)
		}
	}
}

// TestTransportErrorsShowNoURL meets the errors that net/http makes itself.
func TestTransportErrorsShowNoURL(t *testing.T) {
	redirected := false
	mux := http.NewServeMux()
	mux.HandleFunc("/redirect/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/stolen?"+r.URL.RawQuery, http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/stolen", func(http.ResponseWriter, *http.Request) { redirected = true })
	mux.HandleFunc("/short/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"Code":0,`)
	})
	mux.HandleFunc("/huge/", func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for range 40 {
			w.Write(chunk)
		}
	})
	mux.HandleFunc("/drop/", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/slow/", func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	closed, _ := net.Listen("tcp", "127.0.0.1:0")
	closed.Close()
	tests := map[string]struct{ base, want string }{
		"refused":  {"http://" + closed.Addr().String(), "refused"},
		"redirect": {srv.URL + "/redirect", "redirect was refused"},
		"short":    {srv.URL + "/short", "cut short"},
		"huge":     {srv.URL + "/huge", "over 32 MiB"},
		"drop":     {srv.URL + "/drop", "EOF"},
		"slow":     {srv.URL + "/slow", "deadline"},
		"tls":      {strings.Replace(srv.URL, "http:", "https:", 1), "HTTP response to HTTPS"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if name == "slow" { // the others end by themselves
				ctx, cancel = context.WithTimeout(ctx, 500*time.Millisecond)
				defer cancel()
			}
			_, err := clientOf(t, WithEndpoint(tt.base)).QueryConversationList(ctx, QueryConversationListRequest{FromUserId: "u"})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if s := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(s, testSignature) || strings.Contains(s, "Signature") {
					t.Errorf("the error shows the URL: %s", s)
				}
			}
		})
	}
	if redirected {
		t.Error("a redirect was followed")
	}
}

func TestEndpoints(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://zim-api.zego.im": true, "https://proxy.example/zim": true,
		"http://127.0.0.1:8085": true, "http://127.8.9.1": true, "http://[::1]:80": true, "http://localhost:8085": true,
		"http://zim-api.zego.im": false, "http://10.0.0.1": false, "http://localhost.example": false,
		"ftp://localhost": false, "zim-api.zego.im": false, "": false, "https://": false,
		"https://u:p@zim-api.zego.im": false, "https://zim-api.zego.im/?a=b": false, "https://zim-api.zego.im/#x": false,
	} {
		c, err := NewClient(1, secretOf(t, testSecret), WithEndpoint(base))
		if (err == nil) != ok {
			t.Errorf("WithEndpoint(%q): %v", base, err)
		}
		if err != nil && strings.Contains(err.Error(), ":p@") {
			t.Errorf("the error shows a password: %v", err)
		}
		if err == nil && c.Endpoint() != base {
			t.Errorf("Endpoint() = %q, want %q", c.Endpoint(), base)
		}
	}
	for _, r := range Regions() {
		if _, err := NewClient(1, secretOf(t, testSecret), WithEndpoint(r.Endpoint())); err != nil {
			t.Errorf("%s: %v", r, err)
		}
	}
}

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		start := time.Now()
		c := clientOf(t, WithRate(5), WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			at = append(at, time.Since(start))
			return answering(200, `{"Code":0}`)(r)
		})))
		for range 11 {
			if _, err := c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g"}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range len(at) - 5 {
			if at[i+5]-at[i] < time.Second {
				t.Errorf("calls %d to %d within %v at 5 calls a second", i, i+5, at[i+5]-at[i])
			}
		}
		if at[10] > 2200*time.Millisecond {
			t.Errorf("11 calls took %v", at[10])
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.QueryGroupMsg(ctx, QueryGroupMsgRequest{}); !errors.Is(err, context.Canceled) || len(at) != 11 {
			t.Errorf("a cancelled call: %v, %d calls", err, len(at))
		}
	})
}
