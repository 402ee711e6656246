package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
)

// message is one as the service sends it. SubMsgType is there for custom ones.
type message struct {
	Sender     string
	MsgType    int
	SubMsgType int `json:",omitzero"`
	MsgBody    string
	MsgId      int64
	MsgSeq     int
	Payload    string
	MsgTime    int64
	IsEmpty    int

	shown string // what a reader sees
}

const (
	firstTime = 1_640_995_200_000       // ms; 2022-01-01
	step      = 97_000                  // ms between two messages
	firstID   = 971_503_777_289_036_700 // beyond 2^53
	idStep    = 1 << 22
)

// write returns the message of that MsgSeq, a text with the word if there is one.
func write(seq int, word string) message {
	r := writer{rand.New(rand.NewPCG(1, uint64(seq)))}
	m := message{
		MsgSeq:  seq,
		MsgTime: firstTime + int64(seq)*step + r.Int64N(step),
		MsgId:   firstID + int64(seq)*idStep + r.Int64N(idStep),
		Sender:  "user_" + strconv.Itoa(int(math.Min(49, r.ExpFloat64()*8))),
	}
	if r.IntN(5) == 0 {
		m.Payload = fmt.Sprintf(`{"trace":"%s","v":%d}`, r.hex(12), r.IntN(10))
	}
	kind, fate := r.IntN(100), r.IntN(100)
	if word != "" {
		m.MsgType, m.MsgBody = 1, "found the "+word+" here "+r.text()
		m.shown = m.MsgBody
		return m
	}
	r.body(&m, kind)
	switch {
	case fate < 1:
		m.IsEmpty, m.MsgBody, m.shown = 1, "", "(deleted)"
	case fate < 3:
		m.IsEmpty, m.MsgBody, m.shown = 2, "", "(recalled)"
	}
	return m
}

// body makes it one of its kinds: 70 of 100 are texts.
func (r writer) body(m *message, kind int) {
	media := func(kind int) {
		m.MsgType = kind
		body := r.media(kind)
		m.MsgBody, m.shown = escape(body), "["+extensions[kind][0]+"] "+body[8:40]
	}
	switch {
	case kind < 70:
		m.MsgType, m.MsgBody = 1, r.text()
		m.shown = m.MsgBody
	case kind < 80:
		media(11)
	case kind < 85:
		media(12)
	case kind < 89:
		media(13)
	case kind < 92:
		media(14)
	case kind < 95:
		m.MsgType, m.MsgBody, m.shown = 10, escape(r.items()), "[items]"
	default:
		m.MsgType, m.SubMsgType = 200, r.IntN(201)
		m.MsgBody = fmt.Sprintf(`{"action":"%s","id":%d,"note":%s}`, r.pick(languages[0]), r.IntN(1e6), quote(r.pick(languages[1])))
		m.shown = m.MsgBody
	}
}

var extensions = map[int][]string{
	11: {"jpg", "png", "webp"},
	12: {"pdf", "docx", "zip", "xlsx"},
	13: {"m4a", "mp3"},
	14: {"mp4", "mov"},
}

// media returns the body of an image (11), file, audio or video (14).
func (r writer) media(kind int) string {
	ext := r.pick(extensions[kind])
	name := fmt.Sprintf("%s_%d.%s", r.pick(languages[r.IntN(3)]), r.IntN(100000), ext)
	at := "https://storage.example.com/zim/" + r.hex(8) + "/" + r.hex(32)
	s := fmt.Sprintf(`{"md5":"%s","file_name":%s,"file_size":"%d","download_url":"%s.%s"`,
		r.hex(32), quote(name), 1000+r.IntN(50_000_000), at, ext)
	switch kind {
	case 11:
		w, h := 640+r.IntN(3400), 480+r.IntN(2500)
		s += fmt.Sprintf(`,"origin_image_width":%d,"origin_image_height":%d`, w, h) +
			fmt.Sprintf(`,"large_image_download_url":"%s_l.%s","large_image_width":%d,"large_image_height":%d`, at, ext, w/2, h/2) +
			fmt.Sprintf(`,"thumbnail_download_url":"%s_t.%s","thumbnail_width":198,"thumbnail_height":132`, at, ext)
	case 13:
		s += fmt.Sprintf(`,"media_duration":"%d"`, 1+r.IntN(120))
	case 14:
		s += fmt.Sprintf(`,"media_duration":"%d","video_first_frame_download_url":"%s_f.jpg"`, 1+r.IntN(600), at) +
			`,"video_first_frame_width":1280,"video_first_frame_height":720`
	}
	return s + "}"
}

// items returns the body of a multi-item message, texts and media in turn.
func (r writer) items() string {
	var items []string
	for i := range 2 + r.IntN(4) {
		kind, content := 1, ""
		if i%2 == 0 {
			t := []rune(r.text())
			content = string(t[:min(len(t), 200)])
		} else {
			kind = 11 + r.IntN(4)
			content = r.media(kind)
		}
		items = append(items, fmt.Sprintf(`{"msg_type":%d,"callback_content":%s}`, kind, quote(content)))
	}
	return `{"multi_msg":[` + strings.Join(items, ",") + `]}`
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// quote returns v as JSON, with < > & as they are.
func quote(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // strings and numbers only
	}
	return strings.TrimSuffix(b.String(), "\n")
}
