package emulator

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"backscroll/zim"
)

// encoding is how a body that is an object travels.
type encoding int

const (
	asURL    encoding = iota // JSON, URL-encoded as a whole, a space as %20
	asForm                   // the same, a space as +
	asJSON                   // JSON in a string
	asValues                 // JSON in a string, each string value URL-encoded
	asObject                 // a JSON object, no string
)

// encode returns the MsgBody for v.
func (e encoding) encode(v any) any {
	b := marshal(v)
	switch e {
	case asURL:
		return percent(string(b))
	case asForm:
		return url.QueryEscape(string(b))
	case asJSON:
		return string(b)
	case asValues:
		var tree any
		d := json.NewDecoder(strings.NewReader(string(b)))
		d.UseNumber()
		if err := d.Decode(&tree); err != nil {
			panic("emulator: " + err.Error())
		}
		return string(marshal(percentValues(tree)))
	}
	return json.RawMessage(b)
}

// percent is URL-encoding as a browser's encodeURIComponent does it.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func percentValues(v any) any {
	switch v := v.(type) {
	case string:
		return percent(v)
	case []any:
		for i := range v {
			v[i] = percentValues(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = percentValues(v[k])
		}
	}
	return v
}

// plain is a body that is the same wherever the server is.
func plain(kind zim.MsgType, body any) part {
	return part{kind: kind, body: func(string) any { return body }}
}

func text(s string) part { return plain(zim.TypeText, s) }

func custom(sub int, s string) part {
	p := plain(zim.TypeCustom, s)
	p.sub = sub
	return p
}

// image is a client's picture: the original, and the two smaller ones that the
// SDK makes of it.
func image(a *asset, name string, e encoding) part {
	return part{kind: zim.TypeImage, body: func(base string) any { return e.encode(clientMedia(a, name, base)) }}
}

func file(a *asset, name string, e encoding) part {
	p := image(a, name, e)
	p.kind = zim.TypeFile
	return p
}

func audio(a *asset, name string, e encoding) part {
	p := image(a, name, e)
	p.kind = zim.TypeAudio
	return p
}

func video(a *asset, name string, e encoding) part {
	p := image(a, name, e)
	p.kind = zim.TypeVideo
	return p
}

// clientMedia is the structure that a client's SDK sends.
func clientMedia(a *asset, name, base string) any {
	m := struct {
		MD5      string `json:"md5"`
		FileName string `json:"file_name"`
		FileSize string `json:"file_size"`
		URL      string `json:"download_url"`
		Duration string `json:"media_duration,omitempty"`
		Width    int    `json:"origin_image_width,omitempty"`
		Height   int    `json:"origin_image_height,omitempty"`
		LargeURL string `json:"large_image_download_url,omitempty"`
		LargeW   int    `json:"large_image_width,omitempty"`
		LargeH   int    `json:"large_image_height,omitempty"`
		ThumbURL string `json:"thumbnail_download_url,omitempty"`
		ThumbW   int    `json:"thumbnail_width,omitempty"`
		ThumbH   int    `json:"thumbnail_height,omitempty"`
		FrameURL string `json:"video_first_frame_download_url,omitempty"`
		FrameW   int    `json:"video_first_frame_width,omitempty"`
		FrameH   int    `json:"video_first_frame_height,omitempty"`
	}{MD5: a.md5(), FileName: name, FileSize: strconv.Itoa(len(a.bytes())), URL: a.url(base)}
	if a.seconds > 0 {
		m.Duration = strconv.Itoa(a.seconds)
	}
	if f := a.frame; f != nil {
		m.FrameURL, m.FrameW, m.FrameH = f.url(base), f.width, f.height
	}
	if l, t := a.large, a.thumb; l != nil && t != nil {
		m.Width, m.Height = a.width, a.height
		m.LargeURL, m.LargeW, m.LargeH = l.url(base), l.width, l.height
		m.ThumbURL, m.ThumbW, m.ThumbH = t.url(base), t.width, t.height
	}
	return m
}

// sized is a picture in the structure that servers send.
type sized struct {
	URL    string `json:"Url"`
	Width  int
	Height int
}

func sizedAt(a *asset, base string) *sized {
	if a == nil {
		return nil
	}
	return &sized{a.url(base), a.width, a.height}
}

// serverMedia is the structure that an app's own server sends.
func serverMedia(kind zim.MsgType, a *asset, name string, e encoding) part {
	return part{kind: kind, body: func(base string) any {
		m := struct {
			UID        string `json:"Uid"`
			URL        string `json:"Url"`
			FileName   string
			Size       int
			Duration   int    `json:"MediaDuration,omitempty"`
			Origin     *sized `json:",omitempty"`
			LargeImage *sized `json:",omitempty"`
			Thumbnail  *sized `json:",omitempty"`
		}{UID: a.md5()[:12], URL: a.url(base), FileName: name, Size: len(a.bytes()), Duration: a.seconds}
		m.Thumbnail = sizedAt(a.frame, base)
		if a.large != nil {
			m.Origin, m.LargeImage, m.Thumbnail = sizedAt(a, base), sizedAt(a.large, base), sizedAt(a.thumb, base)
		}
		return e.encode(m)
	}}
}

// item is one thing of a multi-item message as the wire has it. Content is a
// string or an object.
type item struct {
	Type    zim.MsgType `json:"msg_type"`
	SubType int         `json:"sub_msg_type,omitempty"`
	Content any         `json:"callback_content"`
}

// items is a client's multi-item message. A part's own encoding decides whether
// its content is a string or an object.
func items(parts ...part) part {
	return part{kind: zim.TypeMultiItem, body: func(base string) any {
		var list []item
		for _, p := range parts {
			list = append(list, item{p.kind, p.sub, p.body(base)})
		}
		return asURL.encode(map[string]any{"multi_msg": list})
	}}
}

// serverItems is a server's multi-item message.
func serverItems(parts ...part) part {
	type item struct {
		MsgType    zim.MsgType
		SubMsgType int
		Msg        any
	}
	return part{kind: zim.TypeMultiItem, body: func(base string) any {
		var list []item
		for _, p := range parts {
			list = append(list, item{p.kind, p.sub, p.body(base)})
		}
		return asURL.encode(map[string]any{"MultiMsg": list})
	}}
}

// forwarded is a combined message.
func forwarded(title, summary string) part {
	return plain(zim.TypeCombined, asURL.encode(struct{ Title, Summary string }{title, summary}))
}
