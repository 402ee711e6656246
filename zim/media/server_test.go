package media

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"backscroll/zim"
)

// picture is a PNG of 40×30 px.
var picture = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

// encoded is the picture in each format whose dimensions can be read.
func encoded(t *testing.T) map[string][]byte {
	t.Helper()
	var j, g bytes.Buffer
	gray := image.NewGray(image.Rect(0, 0, 40, 30))
	if jpeg.Encode(&j, gray, nil) != nil || gif.Encode(&g, gray, nil) != nil {
		t.Fatal("the picture cannot be encoded")
	}
	return map[string][]byte{"image/png": picture, "image/jpeg": j.Bytes(), "image/gif": g.Bytes()}
}

func sumOf(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

// secretQuery stands in every URL of the tests, and in no error.
const secretQuery = "?token=s3cr3t-in-the-query"

// key is a part of it.
const key = "s3cr3t"

// serve answers every path by a handler of its name, and checks that no request
// tells who asks.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	handle := func(path string, h http.HandlerFunc) { mux.HandleFunc(path, h) }
	send := func(kind string, b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Write(b)
		}
	}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.Header().Set("Set-Cookie", "a=b")
			w.WriteHeader(http.StatusFound)
		}
	}
	handle("/a.png", send("Image/PNG; charset=binary", picture))
	handle("/html", send("text/html; charset=utf-8", []byte("<p>signed out")))
	handle("/untyped", send("application/octet-stream", picture))
	handle("/empty", send("image/png", nil))
	handle("/gone", http.NotFound)
	handle("/partial", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusPartialContent)
		w.Write(picture)
	})
	handle("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(picture)
	})
	handle("/truncated", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(picture)+1))
		w.Write(picture)
	})
	handle("/torn", func(w http.ResponseWriter, _ *http.Request) {
		w.Write(picture)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	handle("/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(picture); err != nil {
				return
			}
		}
	})
	handle("/huge", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "99999999999")
		w.Write(picture)
	})
	handle("/stall", func(w http.ResponseWriter, r *http.Request) {
		w.Write(picture)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	handle("/mute", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	handle("/garbage", func(w http.ResponseWriter, r *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Write([]byte("who asks for " + r.URL.String() + "?\r\n\r\n"))
		conn.Close()
	})
	for _, n := range []int{1, 2, 3, 4, 5} {
		handle("/hop"+strconv.Itoa(n), redirect("hop"+strconv.Itoa(n-1)+secretQuery))
	}
	handle("/hop0", send("image/png", picture))
	handle("/hop6", redirect("/hop5"))
	handle("/loop", redirect("/loop"))
	for path, to := range map[string]string{
		"/to-file": "file:///etc/passwd", "/to-nowhere": "", "/to-user": "http://u:p@example.com/" + secretQuery,
		"/to-private": "http://10.0.0.1/x" + secretQuery, "/to-metadata": "http://169.254.169.254/latest" + secretQuery,
		"/to-mapped": "http://[::ffff:169.254.169.254]/", "/to-gone": "/gone", "/to-control": "http://exa\tmple.com/",
	} {
		handle(path, redirect(to))
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if name != "User-Agent" && name != "Accept-Encoding" && name != "Connection" {
				t.Errorf("%s: the request has %s: %q", r.URL.Path, name, r.Header[name])
			}
		}
		if r.Method != http.MethodGet || r.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("%s %s: Accept-Encoding %q", r.Method, r.URL.Path, r.Header.Get("Accept-Encoding"))
		}
		mux.ServeHTTP(w, r)
	}))
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// linkTo is a link that declares the picture.
func linkTo(s *httptest.Server, path string) Link {
	return Link{Name: "original", Type: zim.TypeImage, URL: s.URL + path + secretQuery, FileName: "a.png",
		MD5: strings.ToUpper(sumOf(picture)), Size: int64(len(picture)), Width: 40, Height: 30}
}

// fromHere is a Fetcher that may ask this machine.
func fromHere(opts ...Option) *Fetcher {
	return NewFetcher(append([]Option{WithLoopback(true)}, opts...)...)
}
