package media

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
)

// whole is the result of a link that keeps what it declares.
func whole() Result {
	return Result{Status: 200, Type: "image/png", Size: int64(len(picture)), MD5: sumOf(picture), Width: 40, Height: 30}
}

func TestCheck(t *testing.T) {
	s := serve(t)
	found, size := sumOf(picture), strconv.Itoa(len(picture))
	html := Result{Status: 200, Type: "text/html", Size: 13, MD5: sumOf([]byte("<p>signed out"))}
	for _, c := range []struct {
		name, path string
		change     func(*Link)
		result     Result
		differs    []Difference
	}{
		{"as declared", "/a.png", func(*Link) {}, whole(), nil},
		{"nothing declared", "/a.png", func(l *Link) { *l = Link{URL: l.URL, Size: -1} }, whole(), nil},
		{"behind five redirects", "/hop5", func(*Link) {}, whole(), nil},
		{"MD5 with spaces", "/a.png", func(l *Link) { l.MD5 = " " + found + "\n" }, whole(), nil},
		{"another MD5", "/a.png", func(l *Link) { l.MD5 = strings.Repeat("0", 32) }, whole(), []Difference{{"MD5", strings.Repeat("0", 32), found}}},
		{"no MD5 at all", "/a.png", func(l *Link) { l.MD5 = "unknown" }, whole(), []Difference{{"MD5", "unknown", found}}},
		{"another size", "/a.png", func(l *Link) { l.Size = 1<<53 + 1 }, whole(), []Difference{{"size", "9007199254740993", size}}},
		{"size 0", "/a.png", func(l *Link) { l.Size = 0 }, whole(), []Difference{{"size", "0", size}}},
		{"turned", "/a.png", func(l *Link) { l.Width, l.Height = 30, 40 }, whole(), []Difference{{"dimensions", "30×40", "40×30"}}},
		{"a width alone", "/a.png", func(l *Link) { l.Width, l.Height = 30, 0 }, whole(), nil},
		{"sound", "/a.png", func(l *Link) { l.Type = zim.TypeAudio }, whole(), []Difference{{"type", "audio", "image/png"}}},
		{"a page", "/html", func(l *Link) { l.MD5, l.Size = "", -1 }, html, []Difference{{"type", "image", "text/html"}}},
		{"a page as a file", "/html", func(l *Link) { l.MD5, l.Size, l.Type = "", 13, zim.TypeFile }, html, nil},
		{"empty", "/empty", func(l *Link) { l.MD5 = "" }, Result{Status: 200, Type: "image/png", MD5: sumOf(nil)}, []Difference{{"size", size, "0"}}},
	} {
		l := linkTo(s, c.path)
		c.change(&l)
		c.result.Differs = c.differs
		if got, err := fromHere().Check(t.Context(), l, nil); err != nil || !reflect.DeepEqual(got, c.result) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", c.name, err, got, c.result)
		}
	}
}

func TestDimensions(t *testing.T) {
	for kind, b := range encoded(t) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Write(b)
		}))
		r, err := fromHere().Check(t.Context(), Link{Type: zim.TypeImage, URL: s.URL, Size: -1, Width: 41, Height: 30}, nil)
		s.Close()
		if err != nil || r.Width != 40 || r.Height != 30 || len(r.Differs) != 1 {
			t.Errorf("%s: %+v, %v", kind, r, err)
		}
	}
}

func TestTypes(t *testing.T) {
	for _, c := range []struct {
		t    zim.MsgType
		kind string
		want bool
	}{
		{zim.TypeImage, "image/webp", false}, {zim.TypeImage, "", false}, {zim.TypeImage, "application/octet-stream", false},
		{zim.TypeImage, "binary/octet-stream", false}, {zim.TypeImage, "text/plain", true}, {zim.TypeImage, "application/json", true},
		{zim.TypeImage, "application/problem+json", true}, {zim.TypeImage, "application/xml", true}, {zim.TypeImage, "video/mp4", true},
		{zim.TypeAudio, "audio/mp4", false}, {zim.TypeAudio, "video/mp4", false}, {zim.TypeAudio, "application/ogg", false}, {zim.TypeAudio, "image/png", true},
		{zim.TypeVideo, "video/mp4", false}, {zim.TypeVideo, "text/html", true}, {zim.TypeVideo, "application/pdf", true},
		{zim.TypeFile, "text/html", false}, {zim.TypeFile, "image/png", false},
	} {
		if got := contradicts(c.t, c.kind); got != c.want {
			t.Errorf("%v as %q: %v, want %v", c.t, c.kind, got, c.want)
		}
	}
}

// faults are paths, and what they end in.
var faults = []struct {
	path   string
	cause  error  // nil if none has a name
	words  string // of the error
	status int    // of the result
}{
	{"/gone", ErrStatus, "HTTP 404 Not Found", 404},
	{"/to-gone", ErrStatus, "HTTP 404 Not Found", 404},
	{"/partial", ErrStatus, "HTTP 206", 206},
	{"/gzip", nil, "compressed", 200},
	{"/truncated", ErrTruncated, "cut short", 200},
	{"/torn", ErrTruncated, "cut short", 200},
	{"/endless", ErrTooLarge, "over the limit of 5000 bytes", 200},
	{"/huge", ErrTooLarge, "over the limit of 5000 bytes", 200},
	{"/stall", ErrStalled, "nothing came in time", 200},
	{"/mute", ErrStalled, "nothing came in time", 0},
	{"/garbage", nil, "does not speak HTTP", 0},
	{"/loop", ErrRedirects, "more than 5", 302},
	{"/hop6", ErrRedirects, "more than 5", 302},
	{"/to-file", nil, "redirects, and the URL is neither http nor https", 302},
	{"/to-user", nil, "redirects, and the URL names a user", 302},
	{"/to-nowhere", nil, "redirects to nowhere", 302},
	{"/to-control", nil, "redirects to nowhere", 302},
	{"/to-metadata", ErrAddress, "redirected to 169.254.169.254: ", 302},
	{"/to-mapped", ErrAddress, "redirected to [::ffff:169.254.169.254]: ", 302},
}

// fetcherFor loses its patience early where a stall is what must come of it.
func fetcherFor(cause error) *Fetcher {
	f := fromHere(WithLimit(5000))
	if cause == ErrStalled {
		f.byteTime, f.answerTime = 200*time.Millisecond, time.Second
	}
	return f
}

// checkError says what is wrong with an error about a link.
func checkError(t *testing.T, err error, l Link, action, words string) {
	t.Helper()
	host, _ := Host(l.URL)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Action != action || e.Host != host || !strings.HasPrefix(err.Error(), action+" "+host) || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %v, want %q", l.URL, err, words)
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		if strings.Contains(cause.Error(), key) || strings.Contains(cause.Error(), "token") {
			t.Errorf("the error shows the query: %v", cause)
		}
	}
}

func TestFaults(t *testing.T) {
	s := serve(t)
	for _, c := range faults {
		l := linkTo(s, c.path)
		r, err := fetcherFor(c.cause).Check(t.Context(), l, nil)
		checkError(t, err, l, "check", c.words)
		if c.cause != nil && !errors.Is(err, c.cause) {
			t.Errorf("%s: %v is no %v", c.path, err, c.cause)
		}
		if r.Status != c.status || r.MD5 != "" || r.Size > 5000 || r.Differs != nil {
			t.Errorf("%s: %+v", c.path, r)
		}
	}
}

func TestNobodyIsThere(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	l := linkTo(s, "/a.png")
	_, err := fromHere().Check(t.Context(), l, nil)
	checkError(t, err, l, "check", "cannot connect")

	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = discard()
	l = linkTo(secure, "/a.png")
	_, err = fromHere().Check(t.Context(), l, nil)
	checkError(t, err, l, "check", "the certificate is not trusted")

	for _, link := range refusedURLs {
		if r, err := fromHere().Check(t.Context(), Link{URL: link}, nil); err == nil || r.Status != 0 {
			t.Errorf("%.60q: %+v, %v", link, r, err)
		} else if e, _ := errors.AsType[*Error](err); e == nil || e.Host != "" || !strings.HasPrefix(e.Error(), "check: ") {
			t.Errorf("%.60q: %v", link, err)
		}
	}
}

func TestProgress(t *testing.T) {
	b := make([]byte, 3*piece+1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/chunked" {
			w.(http.Flusher).Flush()
		} else {
			w.Header().Set("Content-Length", "98305")
		}
		w.Write(b)
	}))
	defer s.Close()
	for path, announced := range map[string]int64{"/": int64(len(b)), "/chunked": -1} {
		var last int64
		r, err := fromHere().Check(t.Context(), Link{URL: s.URL + path, Size: -1}, func(done, total int64) {
			if done <= last || total != announced {
				t.Errorf("%s: %d after %d, of %d", path, done, last, total)
			}
			last = done
		})
		if err != nil || last != int64(len(b)) || r.Size != last {
			t.Errorf("%s: %d of %d bytes, %v", path, last, r.Size, err)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCancel(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/mute", "/endless"} {
		ctx, cancel := context.WithCancel(t.Context())
		l := linkTo(s, path)
		go func() {
			if path == "/mute" {
				cancel()
			}
		}()
		_, err := fromHere().Check(ctx, l, func(int64, int64) { cancel() })
		checkError(t, err, l, "check", "context canceled")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", path, err)
		}
		cancel()
	}
}

// What an unknown error of a transport says is shown, but for the URL.
func TestTransportErrorsShowNoURL(t *testing.T) {
	for said, want := range map[string]string{
		"something odd": "something odd",
		"cannot get https://media.example.com/x?token=s3cr3t now": "the connection failed",
		"cannot get /private/path/of/it now":                      "the connection failed",
		strings.Repeat("é", 150):                                  strings.Repeat("é", 100) + "…",
	} {
		f := NewFetcher(WithTransport(roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New(said) })))
		_, err := f.Check(t.Context(), Link{URL: "https://media.example.com/private/path/of/it?token=s3cr3t"}, nil)
		if err == nil || err.Error() != "check media.example.com: "+want {
			t.Errorf("%s: %v", said, err)
		}
	}
}
