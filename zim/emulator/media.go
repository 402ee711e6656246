package emulator

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
)

// library holds every media file that messages link to, by the name in its URL.
// Files are made when they are first needed, and kept.
type library struct {
	seed   uint64
	assets map[string]*asset
}

// asset is one media file. Its name in a message may be another one than in its
// URL.
type asset struct {
	slug          string
	width, height int // px, of a picture or a film
	seconds       int // of a sound or a film
	large, thumb  *asset
	frame         *asset
	bytes         func() []byte
	md5           func() string
}

// url returns where the asset is served.
func (a *asset) url(base string) string { return base + mediaPath + a.slug }

// add puts a file on the shelf that make writes.
func (l *library) add(a asset, make func() []byte) *asset {
	a.bytes = sync.OnceValue(make)
	a.md5 = sync.OnceValue(func() string {
		sum := md5.Sum(a.bytes())
		return hex.EncodeToString(sum[:])
	})
	l.assets[a.slug] = &a
	return &a
}

// picture is a PNG or JPEG, by its name, with nothing smaller of it.
func (l *library) picture(slug string, width, height int) *asset {
	subject, _, _ := strings.Cut(slug, ".")
	subject, _, _ = strings.Cut(subject, "-")
	return l.add(asset{slug: slug, width: width, height: height}, func() []byte {
		return draw(path.Ext(slug), width, height, mix(l.seed, hash(subject)))
	})
}

// photo is a picture with the two smaller ones beside it: half and an eighth of
// its width.
func (l *library) photo(slug string, width, height int) *asset {
	name, ext := strings.TrimSuffix(slug, path.Ext(slug)), path.Ext(slug)
	a := l.picture(slug, width, height)
	a.large = l.picture(name+"-large"+ext, width/2, height/2)
	a.thumb = l.picture(name+"-thumb"+ext, width/8, height/8)
	return a
}

// sound is a WAV of that many seconds.
func (l *library) sound(slug string, seconds int) *asset {
	return l.add(asset{slug: slug, seconds: seconds}, func() []byte { return wav(seconds, mix(l.seed, hash(slug))) })
}

// film is an MP4 that has a length and a size, and a first frame beside it.
func (l *library) film(slug string, seconds, width, height int) *asset {
	frame := l.picture(strings.TrimSuffix(slug, path.Ext(slug))+"-frame.jpg", width/2, height/2)
	return l.add(asset{slug: slug, seconds: seconds, width: width, height: height, frame: frame},
		func() []byte { return mp4(seconds, width, height, mix(l.seed, hash(slug))) })
}

// document is a PDF of one page.
func (l *library) document(slug string, lines ...string) *asset {
	return l.add(asset{slug: slug}, func() []byte { return pdf(lines) })
}

// plainFile is a file of any other kind.
func (l *library) plainFile(slug, content string) *asset {
	return l.add(asset{slug: slug}, func() []byte { return []byte(content) })
}

// mediaTypes are named here since the machine's own table may differ.
var mediaTypes = map[string]string{
	".gpx": "application/gpx+xml",
	".jpg": "image/jpeg",
	".mp4": "video/mp4",
	".pdf": "application/pdf",
	".png": "image/png",
	".wav": "audio/wav",
}

func (l *library) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "media can only be read", http.StatusMethodNotAllowed)
		return
	}
	a, ok := l.assets[strings.TrimPrefix(r.URL.Path, mediaPath)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mediaTypes[path.Ext(a.slug)])
	http.ServeContent(w, r, a.slug, Epoch, bytes.NewReader(a.bytes()))
}
