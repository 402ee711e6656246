package emulator

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	stdimage "image"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// fetched is a media file as a client gets it.
type fetched struct {
	kind string
	body []byte
}

// fetcher gets each file once.
func fetcher(t *testing.T, e *Emulator) func(link string) fetched {
	cache := map[string]fetched{}
	return func(link string) fetched {
		if f, ok := cache[link]; ok {
			return f
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, link, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", link, w.Code)
		}
		cache[link] = fetched{w.Header().Get("Content-Type"), w.Body.Bytes()}
		return cache[link]
	}
}

// objects returns every JSON object in a body that can be read, however it is
// encoded, inner ones too.
func objects(v any) []map[string]any {
	switch v := v.(type) {
	case string:
		for _, s := range []string{v, unescaped(v)} {
			var inner any
			if strings.HasPrefix(s, "{") && json.Unmarshal([]byte(s), &inner) == nil {
				return objects(inner)
			}
		}
	case []any:
		var all []map[string]any
		for _, e := range v {
			all = append(all, objects(e)...)
		}
		return all
	case map[string]any:
		all := []map[string]any{v}
		for _, e := range v {
			all = append(all, objects(e)...)
		}
		return all
	}
	return nil
}

func unescaped(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// number reads a size in px, bytes or seconds, in either type.
func number(t *testing.T, m map[string]any, key string) int {
	t.Helper()
	switch v := m[key].(type) {
	case float64:
		return int(v)
	case string:
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Errorf("%s is %q", key, v)
		}
		return n
	}
	return 0
}

func TestMediaIsTrue(t *testing.T) {
	e := shop()
	get := fetcher(t, e)
	checked := 0
	for s, l := range sides(e.world, "alice") {
		for i := range l.len() {
			var m struct{ MsgBody any }
			if raw := l.at(i).appendTo(nil, testBase); json.Unmarshal(raw, &m) != nil {
				t.Fatalf("%v: row %d is not JSON: %.200s", s, i, raw)
			}
			for _, o := range objects(m.MsgBody) {
				checked += checkObject(t, o, get)
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d links were checked", checked)
	}
}

// checkObject compares what an object says of media with the media, and
// returns how many links it had.
func checkObject(t *testing.T, o map[string]any, get func(string) fetched) int {
	t.Helper()
	links := 0
	for key, v := range o {
		link := unescaped(asString(v))
		if !strings.HasPrefix(link, testBase+mediaPath) {
			continue
		}
		links++
		f := get(link)
		width, height := sizeKeys(key)
		if w := number(t, o, width); w > 0 {
			if c, _, err := stdimage.DecodeConfig(bytes.NewReader(f.body)); err == nil && (c.Width != w || c.Height != number(t, o, height)) {
				t.Errorf("%s is %dx%d, the message says %v", link, c.Width, c.Height, o)
			} else if err != nil {
				t.Errorf("%s: %v", link, err)
			}
		}
		if key != "download_url" && (key != "Url" || o["Size"] == nil) {
			continue
		}
		if size := number(t, o, "file_size") + number(t, o, "Size"); size > 0 && size != len(f.body) {
			t.Errorf("%s has %d bytes, the message says %d", link, len(f.body), size)
		}
		if sum := md5.Sum(f.body); o["md5"] != nil && o["md5"] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: md5 is not %v", link, o["md5"])
		}
		if s := number(t, o, "media_duration") + number(t, o, "MediaDuration"); s != seconds(f) {
			t.Errorf("%s lasts %d s, the message says %d", link, seconds(f), s)
		}
	}
	return links
}

func asString(v any) string { s, _ := v.(string); return s }

// sizeKeys returns where the size of the picture behind a link stands.
func sizeKeys(link string) (width, height string) {
	switch link {
	case "download_url":
		return "origin_image_width", "origin_image_height"
	case "Url":
		return "Width", "Height"
	}
	base := strings.TrimSuffix(link, "download_url")
	return base + "width", base + "height"
}

// seconds reads the length of a sound or a film from its bytes, 0 for others.
func seconds(f fetched) int {
	switch f.kind {
	case "audio/wav":
		return int(binary.LittleEndian.Uint32(f.body[40:]) / binary.LittleEndian.Uint32(f.body[28:]))
	case "video/mp4":
		at := bytes.Index(f.body, []byte("mvhd"))
		return int(binary.BigEndian.Uint32(f.body[at+20:]) / binary.BigEndian.Uint32(f.body[at+16:]))
	}
	return 0
}

func TestMediaTypes(t *testing.T) {
	e := shop()
	get := fetcher(t, e)
	for slug, a := range e.world.media.assets {
		f := get(testBase + mediaPath + slug)
		if !bytes.Equal(f.body, a.bytes()) || len(f.body) == 0 {
			t.Errorf("%s: %d bytes served of %d", slug, len(f.body), len(a.bytes()))
		}
		sniffed, _, _ := strings.Cut(http.DetectContentType(f.body), ";")
		switch f.kind {
		case "application/gpx+xml":
			sniffed = strings.Replace(sniffed, "text/xml", f.kind, 1)
		case "audio/wav":
			sniffed = strings.Replace(sniffed, "audio/wave", f.kind, 1)
		}
		if f.kind != sniffed {
			t.Errorf("%s is called %s, and looks like %s", slug, f.kind, sniffed)
		}
	}
}
