package emulator

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"backscroll/zim"
)

// reply is any answer.
type reply struct {
	Code       zim.Code
	Message    string
	RequestId  string
	TotalCount *int
	Next       int64
	List       []json.RawMessage
}

func still() time.Time { return Epoch }

// shop is the sample world, for tests that only read it.
var shop = sync.OnceValue(func() *Emulator { return New(WithClock(still), WithRate(0)) })

// sign returns the common parameters of a call at Epoch, made without zim.
func sign(action string) url.Values {
	const nonce = "4fd24687296dd9f3"
	return signAt(action, nonce, Epoch.Unix())
}

func signAt(action, nonce string, unix int64) url.Values {
	sum := md5.Sum(fmt.Appendf(nil, "%d%s%s%d", AppID, nonce, ServerSecret, unix))
	return url.Values{
		"Action": {action}, "AppId": {fmt.Sprint(AppID)}, "SignatureNonce": {nonce},
		"Timestamp": {fmt.Sprint(unix)}, "SignatureVersion": {"2.0"}, "Signature": {hex.EncodeToString(sum[:])},
	}
}

// post makes a call without a network.
func post(h http.Handler, q url.Values, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8085/?"+q.Encode(), strings.NewReader(body)))
	return w
}

// ask makes a call that is signed, and decodes its answer.
func ask(t testing.TB, h http.Handler, action, body string) reply {
	t.Helper()
	w := post(h, sign(action), body)
	if w.Code != http.StatusOK {
		t.Fatalf("%s %s: status %d", action, body, w.Code)
	}
	return decode(t, w.Body.Bytes())
}

func decode(t testing.TB, b []byte) reply {
	t.Helper()
	var r reply
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatalf("%v in %.200s", err, b)
	}
	return r
}

func TestCommonParameters(t *testing.T) {
	e := New(WithClock(still), WithRate(0))
	const action = "QueryConversationList"
	without := func(name string) url.Values { q := sign(action); q.Del(name); return q }
	with := func(name, value string) url.Values { q := sign(action); q.Set(name, value); return q }
	at := func(seconds int64) url.Values { return signAt(action, "anything", Epoch.Unix()+seconds) }
	right := sign(action).Get("Signature")
	for name, c := range map[string]struct {
		query url.Values
		want  zim.Code
	}{
		"right":                     {sign(action), zim.Success},
		"ten minutes slow":          {at(-600), zim.Success},
		"ten minutes fast":          {at(600), zim.Success},
		"a second more, slow":       {at(-601), zim.SignatureExpired},
		"a second more, fast":       {at(601), zim.SignatureExpired},
		"in ms":                     {at(Epoch.UnixMilli()), zim.SignatureExpired},
		"no action":                 {without("Action"), zim.ActionEmpty},
		"unsupported action":        {sign("SendPeerMessage"), zim.ActionUnsupported},
		"another case":              {sign("querypeermsg"), zim.ActionUnsupported},
		"no AppId":                  {without("AppId"), zim.AppIDMalformed},
		"AppId with letters":        {with("AppId", "12x"), zim.AppIDMalformed},
		"AppId of 33 bits":          {with("AppId", "4294967296"), zim.AppIDMalformed},
		"another AppId":             {with("AppId", "7"), zim.NoConfiguration},
		"no timestamp":              {without("Timestamp"), zim.TimestampEmpty},
		"timestamp with letters":    {with("Timestamp", "now"), zim.TimestampMalformed},
		"no nonce":                  {without("SignatureNonce"), zim.NonceEmpty},
		"another nonce":             {with("SignatureNonce", "0000000000000000"), zim.WrongSignature},
		"no signature":              {without("Signature"), zim.SignatureEmpty},
		"wrong signature":           {with("Signature", strings.Repeat("0", 32)), zim.WrongSignature},
		"signature in upper case":   {with("Signature", strings.ToUpper(right)), zim.WrongSignature},
		"no version":                {without("SignatureVersion"), zim.VersionEmpty},
		"version 1.0":               {with("SignatureVersion", "1.0"), zim.VersionUnsupported},
		"timestamp changed by 1 s":  {with("Timestamp", fmt.Sprint(Epoch.Unix()+1)), zim.WrongSignature},
		"expired and wrong as well": {with("Timestamp", "1"), zim.SignatureExpired},
	} {
		t.Run(name, func(t *testing.T) {
			w := post(e, c.query, `{"FromUserId":"alice"}`)
			r := decode(t, w.Body.Bytes())
			if w.Code != http.StatusOK || r.Code != c.want {
				t.Errorf("status %d, code %d %s; want 200, %d", w.Code, r.Code, r.Message, c.want)
			}
			if r.RequestId == "" || strings.Trim(r.RequestId, "0123456789") != "" {
				t.Errorf("RequestId %q is not decimal", r.RequestId)
			}
			if (r.Code == zim.Success) != (r.Message == "success") || (r.Code == zim.Success) != (r.List != nil) {
				t.Errorf("code %d with message %q and %d rows", r.Code, r.Message, len(r.List))
			}
		})
	}
}

func TestCredentials(t *testing.T) {
	secret, err := zim.NewSecret("9193cc662a4c0ec135ec71fb57194b38")
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.Unix(1615186943, 0) }
	e := New(WithApp(12345, secret), WithClock(clock))
	q := url.Values{"Action": {"QueryConversationList"}, "AppId": {"12345"}, "SignatureNonce": {"4fd24687296dd9f3"},
		"Timestamp": {"1615186943"}, "SignatureVersion": {"2.0"}, "Signature": {"43e5cfcca828314675f91b001390566a"}}
	if r := decode(t, post(e, q, `{"FromUserId":"alice"}`).Body.Bytes()); r.Code != zim.Success {
		t.Errorf("the published test vector: code %d %s", r.Code, r.Message)
	}
	if got := zim.Signature(AppID, "4fd24687296dd9f3", Secret(), Epoch.Unix()); got != sign("x").Get("Signature") {
		t.Error("Secret is not the sample app's")
	}
}

func TestOtherRequests(t *testing.T) {
	e := New(WithClock(still))
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "/?" + sign("QueryPeerMsg").Encode(), http.StatusMethodNotAllowed},
		{http.MethodPut, "/", http.StatusMethodNotAllowed},
		{http.MethodPost, "/other", http.StatusNotFound},
		{http.MethodPost, "/media/workshop.jpg", http.StatusMethodNotAllowed},
		{http.MethodGet, "/media/../sample.go", http.StatusNotFound},
		{http.MethodGet, "/media/", http.StatusNotFound},
		{http.MethodHead, "/media/river.gpx", http.StatusOK},
	} {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.want {
			t.Errorf("%s %.30s: status %d, want %d", c.method, c.path, w.Code, c.want)
		}
		if got := w.Header().Get("Date"); got != "Wed, 29 Apr 2026 08:40:00 GMT" {
			t.Errorf("%s %.30s: Date %q is not the clock's", c.method, c.path, got)
		}
		if w.Code == http.StatusMethodNotAllowed && w.Header().Get("Allow") == "" {
			t.Errorf("%s %.30s: no Allow", c.method, c.path)
		}
	}
}

func TestRate(t *testing.T) {
	for _, limit := range []int{0, 1, 20} {
		now := Epoch
		e := New(WithClock(func() time.Time { return now }), WithRate(limit))
		code := func() zim.Code { return ask(t, e, "QueryGroupMsg", `{"GroupId":"night-ride"}`).Code }
		for i := range 30 {
			want := zim.Success
			if limit > 0 && i >= limit {
				want = zim.RateLimited
			}
			if got := code(); got != want {
				t.Errorf("limit %d, call %d: code %d, want %d", limit, i+1, got, want)
			}
		}
		now = Epoch.Add(999 * time.Millisecond)
		if got := code(); (got == zim.RateLimited) != (limit > 0) {
			t.Errorf("limit %d, after 999 ms: code %d", limit, got)
		}
		now = Epoch.Add(time.Second)
		if got := code(); got != zim.Success {
			t.Errorf("limit %d, after 1 s: code %d", limit, got)
		}
	}
}

func TestRefusedCallsAreNotCounted(t *testing.T) {
	e := New(WithClock(still), WithRate(1))
	bad := sign("QueryGroupMsg")
	bad.Set("Signature", "x")
	for range 5 {
		post(e, bad, "")
	}
	if r := ask(t, e, "QueryGroupMsg", `{"GroupId":"team"}`); r.Code != zim.Success {
		t.Errorf("code %d: calls that were not signed used the rate up", r.Code)
	}
}

func TestHook(t *testing.T) {
	var seen []string
	e := New(WithClock(still), WithHook(func(action string, n int) *Fault {
		seen = append(seen, fmt.Sprint(action, n))
		switch n {
		case 1:
			return &Fault{Status: 503, Header: http.Header{"Retry-After": {"2"}}, Body: "<html>busy"}
		case 2:
			return &Fault{Code: zim.ServiceBusy}
		}
		return nil
	}))
	const team = `{"GroupId":"team"}`
	if w := post(e, sign("QueryGroupMsg"), team); w.Code != 503 || w.Body.String() != "<html>busy" || w.Header().Get("Retry-After") != "2" {
		t.Errorf("status: got %d %q", w.Code, w.Body)
	}
	if r := ask(t, e, "QueryGroupMsg", team); r.Code != zim.ServiceBusy || r.List != nil {
		t.Errorf("code: got %d", r.Code)
	}
	if r := ask(t, e, "QueryGroupMsg", team); r.Code != zim.Success {
		t.Errorf("no fault: got %d", r.Code)
	}
	ask(t, e, "QueryGroupMsg", team)
	post(e, sign("QueryPeerMsg"), "{}")
	if got := strings.Join(seen, " "); got != "QueryGroupMsg1 QueryGroupMsg2 QueryGroupMsg3 QueryGroupMsg4 QueryPeerMsg1" {
		t.Errorf("the hook saw %s", got)
	}
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(WithClock(still), WithHook(func(string, int) *Fault { return &Fault{Delay: time.Minute} }))
		start := time.Now()
		if r := ask(t, e, "QueryGroupMsg", `{"GroupId":"team"}`); r.Code != zim.Success || time.Since(start) != time.Minute {
			t.Errorf("code %d after %v", r.Code, time.Since(start))
		}
	})
}

func TestServe(t *testing.T) {
	e := New(WithClock(still))
	base, stop, err := e.Serve(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(base+"/?"+sign("QueryGroupMsg").Encode(), "application/json", strings.NewReader(`{"GroupId":"team","Limit":100}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || decode(t, b).Code != zim.Success {
		t.Fatalf("%v: %.200s", err, b)
	}
	if !strings.Contains(string(b), url.QueryEscape(base+"/media/dent.jpg")) {
		t.Error("the links do not lead to the server that was asked")
	}
	_, _, err = e.Serve(t.Context(), strings.TrimPrefix(base, "http://"))
	if err == nil || !strings.HasPrefix(err.Error(), "emulator: listen on 127.0.0.1:") {
		t.Errorf("a port that is taken: error %v", err)
	}
	stop()
	stop()
	if _, err := http.Get(base + "/media/river.gpx"); err == nil {
		t.Error("it still answers after stop")
	}
}
