package zim

import (
	"cmp"
	"math"
	"strconv"
	"time"
)

// Media is the content of TypeImage, TypeFile, TypeAudio and TypeVideo, in the
// shape of a client (file_name, download_url …) or of a server (FileName, Url …).
// Any of it may be missing, and nothing of it is checked: names and URLs are
// text from a user.
type Media struct {
	Type     MsgType
	Name     string // at most 150 bytes by the documentation
	URL      string // the original's; at most 500 bytes by the documentation
	MD5      string // of the file, in hex
	Uid      string // a server's own name for the file
	Size     int64  // bytes, exact; -1 unknown
	Duration time.Duration
	// Width and Height are in px, 0 unknown: of the original image, or of a
	// video's first frame.
	Width, Height int
	Variants      []Variant // what there is of them, the largest first
}

// UnknownDuration is the Duration of a Media that names none that can be read.
const UnknownDuration time.Duration = -1

// Variant is another rendering of an image, or the first frame of a video.
type Variant struct {
	Name          string // "large", "thumbnail" or "first frame"
	URL           string
	Width, Height int // px, 0 unknown
}

// mediaFields is what the two shapes hold before they are put together.
type mediaFields struct {
	Media
	original, large, thumbnail, firstFrame Variant
}

func (l *ladder) media(t MsgType, object []byte) Content {
	f := mediaFields{Media: Media{Type: t, Size: -1, Duration: UnknownDuration}}
	known := false
	for name, raw := range members(object) {
		if f.set(l, name, raw) || f.setVariant(l, name, raw) {
			known = true
		}
	}
	if !known {
		return &Undecoded{t, noKnownField}
	}
	return f.content()
}

// set reads a field of the file itself. It is false for any other name.
func (f *mediaFields) set(l *ladder, name string, raw []byte) bool {
	switch name {
	case "md5":
		f.MD5 = plainText(raw)
	case "Uid":
		f.Uid = plainText(raw)
	case "file_name", "FileName":
		f.Name = cmp.Or(l.text(name, raw), f.Name)
	case "download_url", "Url":
		f.URL = cmp.Or(l.link(name, raw), f.URL)
	case "file_size", "Size":
		if n, ok := integerOf(raw); ok && n >= 0 {
			f.Size = n
		}
	case "media_duration", "MediaDuration":
		if d, ok := seconds(raw); ok {
			f.Duration = d
		}
	default:
		return false
	}
	return true
}

// setVariant reads a field of a rendering. It is false for any other name.
func (f *mediaFields) setVariant(l *ladder, name string, raw []byte) bool {
	switch name {
	case "origin_image_width":
		f.original.Width = pixels(raw)
	case "origin_image_height":
		f.original.Height = pixels(raw)
	case "large_image_download_url":
		f.large.URL = l.link(name, raw)
	case "large_image_width":
		f.large.Width = pixels(raw)
	case "large_image_height":
		f.large.Height = pixels(raw)
	case "thumbnail_download_url":
		f.thumbnail.URL = l.link(name, raw)
	case "thumbnail_width":
		f.thumbnail.Width = pixels(raw)
	case "thumbnail_height":
		f.thumbnail.Height = pixels(raw)
	case "video_first_frame_download_url":
		f.firstFrame.URL = l.link(name, raw)
	case "video_first_frame_width":
		f.firstFrame.Width = pixels(raw)
	case "video_first_frame_height":
		f.firstFrame.Height = pixels(raw)
	case "Origin":
		f.original.read(l, name, raw)
	case "LargeImage":
		f.large.read(l, name, raw)
	case "Thumbnail":
		if f.Type == TypeVideo {
			f.firstFrame.read(l, name, raw)
		} else {
			f.thumbnail.read(l, name, raw)
		}
	default:
		return false
	}
	return true
}

// read takes over what a server's {Url, Width, Height} has; member is its name.
func (v *Variant) read(l *ladder, member string, object []byte) {
	up := l.at
	l.at = up.in(member)
	defer func() { l.at = up }()
	for name, raw := range members(object) {
		switch name {
		case "Url":
			v.URL = l.link(name, raw)
		case "Width":
			v.Width = pixels(raw)
		case "Height":
			v.Height = pixels(raw)
		}
	}
}

func (f *mediaFields) content() *Media {
	m := f.Media
	m.URL = cmp.Or(m.URL, f.original.URL)
	main := f.original
	if m.Type == TypeVideo {
		main = f.firstFrame
	}
	m.Width, m.Height = main.Width, main.Height
	f.large.Name, f.thumbnail.Name, f.firstFrame.Name = "large", "thumbnail", "first frame"
	for _, v := range []Variant{f.large, f.thumbnail, f.firstFrame} {
		if rest := (Variant{Name: v.Name}); v != rest {
			m.Variants = append(m.Variants, v)
		}
	}
	return &m
}

// pixels returns a length in px, 0 for what is none.
func pixels(raw []byte) int {
	n, ok := integerOf(raw)
	if !ok || n < 0 || n > math.MaxInt32 {
		return 0
	}
	return int(n)
}

// seconds returns a duration given in seconds, whole or with a fraction, to the
// millisecond. It is false for what is none, negative or longer than a year.
func seconds(raw []byte) (time.Duration, bool) {
	const longest = 365 * 24 * time.Hour
	text := plainText(raw)
	if len(text) > 40 {
		return UnknownDuration, false
	}
	s, err := strconv.ParseFloat(text, 64)
	if err != nil || !(s >= 0 && s <= longest.Seconds()) { // not NaN either
		return UnknownDuration, false
	}
	return time.Duration(math.Round(s*1000)) * time.Millisecond, true
}
