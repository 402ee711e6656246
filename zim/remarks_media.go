package zim

import "strings"

// mediaShape says whose structures the fields of a media body are of, in bits.
type mediaShape uint8

const (
	clientShape mediaShape = 1 << iota
	serverShape
)

// String names the structures.
func (s mediaShape) String() string {
	switch s {
	case clientShape:
		return "in the client's structure"
	case serverShape:
		return "in the server's structure"
	case clientShape | serverShape:
		return "in the client's structure and the server's at once"
	}
	return "neither in the client's structure nor in the server's"
}

// sizeType is what the documentation says of the value of a media field.
type sizeType uint8

const (
	noSize      sizeType = iota // it is no size and no duration
	sizeText                    // a number in a string
	sizeNumber                  // a number
	sizeAny                     // a number, the type is not published
	sizesInside                 // an object of Url, Width and Height
)

// mediaField returns whose structure a field is of, 0 for neither, and what its
// value should be.
func mediaField(name string) (mediaShape, sizeType) {
	switch name {
	case "md5", "file_name", "download_url", "large_image_download_url", "thumbnail_download_url", "video_first_frame_download_url":
		return clientShape, noSize
	case "file_size", "media_duration":
		return clientShape, sizeText
	case "origin_image_width", "origin_image_height", "large_image_width", "large_image_height",
		"thumbnail_width", "thumbnail_height", "video_first_frame_width", "video_first_frame_height":
		return clientShape, sizeNumber
	case "Uid", "Url", "FileName":
		return serverShape, noSize
	case "Size", "MediaDuration":
		return serverShape, sizeAny
	case "Origin", "LargeImage", "Thumbnail":
		return serverShape, sizesInside
	}
	return 0, noSize
}

// media reviews a media body, or the media of a multi-item message.
func (r *reviewer) media(b Body) {
	if c, ok := b.Content.(*MultiItem); ok {
		r.items(c.Items, b.JSON)
	} else if isMedia(b.Content) && len(b.JSON) > 0 && b.JSON[0] == '{' {
		r.oneMedia("", b.JSON)
	}
}

// isMedia reports whether a content is media, or should have been.
func isMedia(c Content) bool {
	switch c := c.(type) {
	case *Media:
		return true
	case *Undecoded:
		return c.Type >= TypeImage && c.Type <= TypeVideo
	}
	return false
}

// items reviews those items of a multi-item message that are media. The object is
// unwrapped once more: a content keeps no bytes.
func (r *reviewer) items(items []Item, object []byte) {
	var l ladder
	var at *place
	var list []byte
	for name, raw := range members(object) {
		if name == "multi_msg" || name == "MultiMsg" {
			list, at = raw, l.at.in(name)
		}
	}
	list, _ = l.array(at, list)
	n := 0
	for item := range elements(list) {
		if n >= len(items) {
			return
		}
		for name, raw := range members(item) {
			if (name == "callback_content" || name == "Msg") && isMedia(items[n].Content) {
				inner := ladder{item: true}
				if object, reason := inner.object(raw); reason == "" {
					r.oneMedia(at.at(n).in(name).String(), object)
				}
			}
		}
		n++
	}
}

// oneMedia reviews the object of a media body.
func (r *reviewer) oneMedia(path string, object []byte) {
	var shape mediaShape
	md5 := false
	for name, raw := range members(object) {
		s, want := mediaField(name)
		shape |= s
		md5 = md5 || name == "md5" && plainText(raw) != ""
		r.size(within(path, name), name, raw, want)
	}
	r.add(RemarkMediaShape, path, nil, shape.String())
	if shape&clientShape != 0 && !md5 {
		r.add(RemarkNoMD5, path, nil, "the file cannot be checked")
	}
}

func within(path, name string) string { return string(appendName([]byte(path), name)) }

// size reviews the value of a field that is a size or a duration, or has some
// inside. What is absent, null or "" is not there.
func (r *reviewer) size(path, name string, raw []byte, want sizeType) {
	if want == sizesInside {
		for inner, raw := range members(raw) {
			if inner == "Width" || inner == "Height" {
				r.size(within(path, inner), inner, raw, sizeNumber)
			}
		}
		return
	}
	if want == noSize || isNull(raw) || string(raw) == `""` {
		return
	}
	text := raw[0] == '"'
	number := raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9'
	readable := false
	if strings.Contains(strings.ToLower(name), "duration") {
		_, readable = seconds(raw)
	} else if n, ok := integerOf(raw); ok {
		readable = n >= 0
	}
	switch {
	case !text && !number, !readable:
		r.add(RemarkSize, path, raw, "not a number that can be read")
	case want == sizeText && number:
		r.add(RemarkSize, path, raw, "a number, documented as a string")
	case want == sizeNumber && text:
		r.add(RemarkSize, path, raw, "a string, documented as a number")
	}
}
