package zim

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

func mediaShapes() []shape {
	const host = "https://media.example.com/"
	unknown := Media{Size: -1, Duration: UnknownDuration}
	with := func(t MsgType, change func(*Media)) *Media {
		m := unknown
		m.Type = t
		change(&m)
		return &m
	}
	return []shape{
		{"image of a client", TypeImage,
			`{"md5":"0cc175b9c0f1b6a831c399e269772661","file_name":"holiday in 你好.jpg","file_size":"1234567","download_url":"` + host + `a%20b+c.jpg?x=1&y=2",` +
				`"media_duration":"","origin_image_width":4032,"origin_image_height":3024,` +
				`"large_image_download_url":"` + host + `large","large_image_width":1440,"large_image_height":1080,` +
				`"thumbnail_download_url":"` + host + `small","thumbnail_width":160,"thumbnail_height":120,"local_path":"x"}`,
			with(TypeImage, func(m *Media) {
				m.Name, m.URL, m.MD5, m.Size = "holiday in 你好.jpg", host+"a%20b+c.jpg?x=1&y=2", "0cc175b9c0f1b6a831c399e269772661", 1234567
				m.Width, m.Height = 4032, 3024
				m.Variants = []Variant{{"large", host + "large", 1440, 1080}, {"thumbnail", host + "small", 160, 120}}
			})},
		{"image of a server", TypeImage,
			`{"Uid":"u-1","FileName":"holiday.jpg","Size":1234567,"Origin":{"Url":"` + host + `o","Width":4032,"Height":3024},` +
				`"LargeImage":{"Url":"` + host + `l","Width":1440,"Height":1080},"Thumbnail":{"Url":"` + host + `t","Width":160,"Height":120}}`,
			with(TypeImage, func(m *Media) {
				m.Uid, m.Name, m.URL, m.Size, m.Width, m.Height = "u-1", "holiday.jpg", host+"o", 1234567, 4032, 3024
				m.Variants = []Variant{{"large", host + "l", 1440, 1080}, {"thumbnail", host + "t", 160, 120}}
			})},
		{"file", TypeFile, `{"file_name":"100%.pdf","file_size":240000,"download_url":"` + host + `f"}`,
			with(TypeFile, func(m *Media) { m.Name, m.Size, m.URL = "100%.pdf", 240000, host+"f" })},
		{"file of a server", TypeFile, `{"Uid":7,"Url":"` + host + `f","FileName":"a+b.pdf","Size":"240000"}`,
			with(TypeFile, func(m *Media) { m.Uid, m.Name, m.Size, m.URL = "7", "a+b.pdf", 240000, host+"f" })},
		{"audio", TypeAudio, `{"file_name":"voice.m4a","file_size":"96000","media_duration":"31"}`,
			with(TypeAudio, func(m *Media) { m.Name, m.Size, m.Duration = "voice.m4a", 96000, 31*time.Second })},
		{"audio of a server", TypeAudio, `{"Url":"` + host + `v","Size":null,"MediaDuration":31}`,
			with(TypeAudio, func(m *Media) { m.URL, m.Duration = host+"v", 31*time.Second })},
		{"video", TypeVideo,
			`{"file_name":"clip.mp4","file_size":"8400000","media_duration":65,"video_first_frame_download_url":"` + host + `1","video_first_frame_width":"720","video_first_frame_height":1280}`,
			with(TypeVideo, func(m *Media) {
				m.Name, m.Size, m.Duration, m.Width, m.Height = "clip.mp4", 8400000, 65*time.Second, 720, 1280
				m.Variants = []Variant{{"first frame", host + "1", 720, 1280}}
			})},
		{"video of a server", TypeVideo, `{"Url":"` + host + `v","MediaDuration":"65.5","Thumbnail":{"Url":"` + host + `1","Width":720,"Height":1280}}`,
			with(TypeVideo, func(m *Media) {
				m.URL, m.Duration, m.Width, m.Height = host+"v", 65500*time.Millisecond, 720, 1280
				m.Variants = []Variant{{"first frame", host + "1", 720, 1280}}
			})},
		{"both shapes at once", TypeFile, `{"file_name":"a","FileName":"","file_size":"5","Size":"","download_url":"","Url":"` + host + `"}`,
			with(TypeFile, func(m *Media) { m.Name, m.Size, m.URL = "a", 5, host })},
		{"fields of other kinds", TypeImage, `{"file_name":["a"],"md5":{},"file_size":true,"download_url":7,"origin_image_width":-3,"origin_image_height":"tall","Origin":"x","Thumbnail":null}`,
			with(TypeImage, func(m *Media) { m.URL = "7" })},
	}
}

func mediaOf(t *testing.T, object string) *Media {
	t.Helper()
	m, ok := bodyOf(TypeFile, 0, object).Content.(*Media)
	if !ok {
		t.Fatalf("%s is no media", object)
	}
	return m
}

func TestSizesAreExact(t *testing.T) {
	for raw, want := range map[string]int64{
		`9007199254740993`: 1<<53 + 1, `"9007199254740993"`: 1<<53 + 1,
		`9223372036854775807`: 1<<63 - 1, `"9223372036854775807"`: 1<<63 - 1,
		`9223372036854775808`: -1, `"99999999999999999999"`: -1,
		`0`: 0, `"0"`: 0, `1e3`: 1000, `-1`: -1, `-5`: -1, `"-5"`: -1, `1.5`: -1,
		`""`: -1, `null`: -1, `"12 KB"`: -1, `{}`: -1, `[1]`: -1,
	} {
		for _, name := range []string{"file_size", "Size"} {
			if got := mediaOf(t, fmt.Sprintf(`{%q:%s}`, name, raw)).Size; got != want {
				t.Errorf("%s %s is %d, want %d", name, raw, got, want)
			}
		}
	}
}

func TestDurations(t *testing.T) {
	for raw, want := range map[string]time.Duration{
		`31`: 31 * time.Second, `"31"`: 31 * time.Second, `0`: 0, `"0"`: 0,
		`31.4`: 31400 * time.Millisecond, `"0.0004"`: 0, `1e1`: 10 * time.Second,
		`""`: UnknownDuration, `null`: UnknownDuration, `-1`: UnknownDuration, `"NaN"`: UnknownDuration,
		`"Inf"`: UnknownDuration, `1e300`: UnknownDuration, `"1:05"`: UnknownDuration, `{}`: UnknownDuration,
	} {
		for _, name := range []string{"media_duration", "MediaDuration"} {
			if got := mediaOf(t, fmt.Sprintf(`{%q:%s}`, name, raw)).Duration; got != want {
				t.Errorf("%s %s is %v, want %v", name, raw, got, want)
			}
		}
	}
}

func TestEncodedValues(t *testing.T) {
	for _, c := range []struct {
		field, sent, want string
		decoded           bool
	}{
		{"file_name", "%E4%BD%A0%E5%A5%BD.jpg", "你好.jpg", true},
		{"file_name", "my+photo%281%29.jpg", "my photo(1).jpg", true},
		{"file_name", "my%20photo+1.jpg", "my photo+1.jpg", true},
		{"file_name", "a,b%20c.jpg", "a,b c.jpg", true},
		{"FileName", "100%25.pdf", "100%.pdf", true},
		{"file_name", "100%2525.pdf", "100%25.pdf", true},
		{"file_name", "100%.pdf", "100%.pdf", false},
		{"file_name", "sale%ff.pdf", "sale%ff.pdf", false},
		{"file_name", "my photo%20.jpg", "my photo%20.jpg", false},
		{"file_name", "你%20.jpg", "你%20.jpg", false},
		{"file_name", "a+b.jpg", "a+b.jpg", false},
		{"download_url", "https://media.example.com/a%20b+c", "https://media.example.com/a%20b+c", false},
		{"download_url", "https%3A%2F%2Fmedia.example.com%2Fa%2520b", "https://media.example.com/a%20b", true},
		{"Url", "HTTP%3a//media.example.com/a%2Bb", "HTTP://media.example.com/a+b", true},
		{"download_url", "https%3A%2F%ff", "https%3A%2F%ff", false},
		{"md5", "%41", "%41", false},
		{"Uid", "%41", "%41", false},
	} {
		object := fmt.Sprintf(`{%q:%q}`, c.field, c.sent)
		body := bodyOf(TypeFile, 0, object)
		m := body.Content.(*Media)
		if got := m.Name + m.URL + m.MD5 + m.Uid; got != c.want {
			t.Errorf("%s %q is %q, want %q", c.field, c.sent, got, c.want)
		}
		wantLadder := []string{stepJSON}
		if c.decoded {
			wantLadder = append(wantLadder, stepURLValues)
		}
		if !reflect.DeepEqual(body.LadderNames(), wantLadder) {
			t.Errorf("%s %q: ladder %q, want %q", c.field, c.sent, body.LadderNames(), wantLadder)
		}
	}
}

// A percent sign that is left once the whole was decoded is the sender's own.
func TestValuesOfAnEncodedBodyStay(t *testing.T) {
	body := bodyOf(TypeFile, 0, `"%7B%22file_name%22%3A%22my%2520photo.jpg%22%7D"`)
	if got := body.Content.(*Media).Name; got != "my%20photo.jpg" {
		t.Errorf("name %q", got)
	}
}
