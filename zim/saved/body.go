package saved

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"backscroll/zim"
)

// makeMessage makes a message of a naked body: the JSON as it is, or a text as a
// string. The type is the one whose fields it has.
func makeMessage(body []byte) ([]byte, zim.MsgType) {
	value := bytes.TrimSpace(body)
	if !json.Valid(value) || !slices.Contains([]byte(`{["`), value[0]) {
		value = quote(strings.TrimSuffix(strings.TrimSuffix(string(body), "\n"), "\r")) // the end of a file is not of its text
	}
	t := infer(value)
	return withType(t, value), t
}

func withType(t zim.MsgType, value []byte) []byte {
	return fmt.Appendf(nil, `{"MsgType":%d,"MsgBody":%s}`, int64(t), value)
}

// quote returns a text as a JSON string.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("saved: " + err.Error()) // a string can always be written
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// infer returns the type that a body has fields of, and in which zim can decode it;
// custom for other JSON, text for what is none.
func infer(value []byte) zim.MsgType {
	as := func(t zim.MsgType) zim.Body { return zim.ReadMessage(withType(t, value)).Envelope().Body() }
	file := as(zim.TypeFile)
	if len(file.JSON) == 0 || file.JSON[0] != '{' && file.JSON[0] != '[' {
		return zim.TypeText
	}
	n := names{}
	if file.JSON[0] == '{' {
		eachMember(file.JSON, 0, func(name []byte, _ int) bool {
			n = append(n, string(name))
			return true
		})
	}
	t := n.msgType()
	if media, ok := file.Content.(*zim.Media); ok && t == zim.TypeAudio && isVideo(media) {
		t = zim.TypeVideo
	}
	if _, not := as(t).Content.(*zim.Undecoded); not {
		return zim.TypeCustom
	}
	return t
}

// names are those of the members of a body.
type names []string

func (n names) has(some ...string) bool {
	return slices.ContainsFunc(some, func(name string) bool { return slices.Contains(n, name) })
}

func (n names) begin(prefix string) bool {
	return slices.ContainsFunc(n, func(name string) bool { return strings.HasPrefix(name, prefix) })
}

// msgType goes by the names that a client or a server gives to the fields of each
// type, the more telling ones first.
func (n names) msgType() zim.MsgType {
	switch timed := n.has("media_duration", "MediaDuration"); {
	case n.has("multi_msg", "MultiMsg"):
		return zim.TypeMultiItem
	case n.has("user_id") && n.has("revoke_time"):
		return zim.TypeRecallNotice
	case n.has("type") && n.has("op_user_info", "target_users"):
		return zim.TypeTips
	case n.begin("video_first_frame_"), timed && n.has("Thumbnail"):
		return zim.TypeVideo
	case n.begin("origin_image_"), n.begin("large_image_"), n.has("thumbnail_download_url"),
		n.has("Origin", "LargeImage", "Thumbnail"):
		return zim.TypeImage
	case timed:
		return zim.TypeAudio
	case n.has("download_url", "file_name"), n.has("Url") && n.has("FileName", "Size", "Uid"):
		return zim.TypeFile
	case n.has("Title") && n.has("Summary"):
		return zim.TypeCombined
	}
	return zim.TypeCustom
}

// isVideo goes by the end of a file's name: what else tells a video from a sound
// may be missing.
func isVideo(m *zim.Media) bool {
	ends := []string{".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".3gp"}
	link, _, _ := strings.Cut(m.URL, "?")
	return slices.Contains(ends, strings.ToLower(path.Ext(m.Name))) || slices.Contains(ends, strings.ToLower(path.Ext(link)))
}
