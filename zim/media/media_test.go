package media

import (
	"reflect"
	"testing"

	"backscroll/zim"
)

func contentOf(body string) zim.Content {
	return zim.ReadMessage([]byte(body)).Envelope().Body().Content
}

func TestLinks(t *testing.T) {
	const base = "https://media.example.com/"
	image := `{"md5":"ABC","file_name":"a.jpg","file_size":"9007199254740993","download_url":"` + base + `o","origin_image_width":40,"origin_image_height":30,` +
		`"large_image_download_url":"` + base + `l","large_image_width":20,"large_image_height":15,"thumbnail_download_url":"` + base + `t"}`
	video := `{"FileName":"c.mp4","Url":"` + base + `v","Thumbnail":{"Url":"` + base + `f","Width":7,"Height":8}}`
	ofImage := func(prefix string) []Link {
		return []Link{
			{Name: prefix + "original", Type: zim.TypeImage, URL: base + "o", FileName: "a.jpg", MD5: "ABC", Size: 1<<53 + 1, Width: 40, Height: 30},
			{Name: prefix + "large", Type: zim.TypeImage, URL: base + "l", Size: -1, Width: 20, Height: 15},
			{Name: prefix + "thumbnail", Type: zim.TypeImage, URL: base + "t", Size: -1},
		}
	}
	ofVideo := func(prefix string) []Link {
		return []Link{
			{Name: prefix + "original", Type: zim.TypeVideo, URL: base + "v", FileName: "c.mp4", Size: -1},
			{Name: prefix + "first frame", Type: zim.TypeImage, URL: base + "f", Size: -1, Width: 7, Height: 8},
		}
	}
	for _, c := range []struct {
		name, message string
		want          []Link
	}{
		{"image", `{"MsgType":11,"MsgBody":` + image + `}`, ofImage("")},
		{"video of a server", `{"MsgType":14,"MsgBody":` + video + `}`, ofVideo("")},
		{"only a thumbnail", `{"MsgType":11,"MsgBody":{"file_name":"a","thumbnail_download_url":"x:y"}}`,
			[]Link{{Name: "thumbnail", Type: zim.TypeImage, URL: "x:y", Size: -1}}},
		{"no URL", `{"MsgType":12,"MsgBody":{"file_name":"a"}}`, nil},
		{"items", `{"MsgType":10,"MsgBody":{"multi_msg":[{"msg_type":1,"callback_content":"hi"},{"msg_type":11,"callback_content":` + image + `},{"msg_type":14,"callback_content":` + video + `}]}}`,
			append(ofImage("item 2 "), ofVideo("item 3 ")...)},
		{"forwarded", `{"MsgType":100,"MsgBody":{"Title":"` + base + `","Summary":"x"}}`, nil},
		{"text", `{"MsgType":1,"MsgBody":"` + base + `"}`, nil},
	} {
		if got := Links(contentOf(c.message)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}
