package history

import (
	"bytes"
	"encoding/json"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"backscroll/zim"
)

// The fields of a message that have texts, as the wire calls them.
const (
	fieldMsgBody = "MsgBody"
	fieldPayload = "Payload"
	fieldSender  = "Sender"
	fieldMsgId   = "MsgId"
	fieldMsgSeq  = "MsgSeq"
)

// envelopeNames are the members of a message that are not told by name.
var envelopeNames = map[string]bool{
	"Sender": true, "MsgType": true, "SubMsgType": true, "MsgBody": true, "MsgId": true,
	"MsgSeq": true, "Payload": true, "MsgTime": true, "IsEmpty": true, "IsEempy": true,
}

// bodyNames are the members that the documentation has in structured bodies: the
// wire's words, not the sender's.
var bodyNames = nameSet(`
	md5 file_name file_size download_url media_duration
	origin_image_width origin_image_height
	large_image_download_url large_image_width large_image_height
	thumbnail_download_url thumbnail_width thumbnail_height
	video_first_frame_download_url video_first_frame_width video_first_frame_height
	Uid Url FileName Size MediaDuration Origin LargeImage Thumbnail Width Height
	multi_msg msg_type sub_msg_type callback_content MultiMsg MsgType SubMsgType Msg
	Title Summary
	user_id revoke_time payload msg_status
	type op_user_info target_users role group_member_name group_member_nickname
	group_name group_notice group_avatar group_data_flag
	forbid is_all_forbid forbid_role_list forbid_expire_time`)

func nameSet(names string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}

// maxNested is how often JSON in a string of JSON is looked into.
const maxNested = 8

// texts yields all that a message says, each text with the name of the field that
// has it, what is looked for most often first; none is empty. They are decoded: no
// text has an escape, a bracket or a name that is the wire's and not the sender's.
// What a sender wrote as JSON is told as it stands, then once more by its strings.
// A field is decoded only if its raw value is worth it.
func texts(m zim.Message, worth func(raw []byte) bool) iter.Seq2[string, string] {
	return func(yield func(field, text string) bool) {
		e := m.Envelope()
		t := teller{yield: yield, field: fieldMsgBody}
		if worth(e.MsgBody) {
			t.body(e.Body())
		}
		t.field = fieldPayload
		t.asWritten(e.Payload)
		t.field = fieldSender
		t.tell(e.Sender)
		t.field = fieldMsgId
		t.tell(idText(m.MsgId))
		t.field = fieldMsgSeq
		t.tell(idText(m.MsgSeq))
		for _, f := range e.Fields {
			if !envelopeNames[f.Name] && worth(f.Raw) {
				t.field = f.Name
				t.unknown(f.Raw)
			}
		}
		if len(e.Problems) > 0 && e.Problems[0].Field == "" { // no object: it is shown in place of a body
			t.field = fieldMsgBody
			t.asWritten(string(e.Raw))
		}
	}
}

// idText is a MsgId or MsgSeq in decimal, and nothing for one that is not there.
func idText(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// teller hands on the texts of one field after another until nobody wants more.
type teller struct {
	yield  func(field, text string) bool
	field  string
	told   map[string]bool // of a structured body, what has been told so far
	nested int
	done   bool
}

func (t *teller) tell(text string) {
	if text == "" || t.done {
		return
	}
	if t.told != nil {
		t.told[text] = true
	}
	t.done = !t.yield(t.field, text)
}

// asWritten tells what a sender wrote; if that is JSON, also without its white
// space, as the screen shows it, and its strings without their escapes.
func (t *teller) asWritten(text string) {
	t.tell(text)
	if t.done || !looksLikeJSON(text) {
		return
	}
	var compact bytes.Buffer
	if json.Compact(&compact, []byte(text)) != nil {
		return
	}
	if compact.Len() < len(text) {
		t.tell(compact.String())
	}
	if strings.ContainsAny(text, `\%`) {
		t.inside(compact.Bytes(), false)
	}
}

// looksLikeJSON reports whether a text begins as a string, an object or an array.
func looksLikeJSON(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	return text != "" && strings.IndexByte(`"{[`, text[0]) >= 0
}

// unknown tells the value of a member that is not documented.
func (t *teller) unknown(raw []byte) {
	if json.Valid(raw) {
		t.inside(raw, false)
	} else {
		t.tell(string(raw))
	}
}

// body tells a body: its content, and what its JSON has beyond that.
func (t *teller) body(b zim.Body) {
	switch c := b.Content.(type) {
	case *zim.Text:
		t.asWritten(c.Text)
	case *zim.Custom:
		t.asWritten(c.Text)
	case *zim.Undecoded:
		if b.JSON != nil {
			t.asWritten(string(b.JSON))
		} else {
			t.asWritten(b.Raw)
		}
	default:
		t.told = map[string]bool{}
		t.content(c)
		t.inside(b.JSON, true)
		t.told = nil
	}
}

// content tells what is decoded of a body or of an item; what is not decoded of
// an item is left to inside.
func (t *teller) content(c zim.Content) {
	switch c := c.(type) {
	case *zim.Text:
		t.asWritten(c.Text)
	case *zim.Custom:
		t.asWritten(c.Text)
	case *zim.Media:
		t.tell(c.Name)
		t.tell(c.URL)
		t.tell(c.MD5)
		t.tell(c.Uid)
		for _, v := range c.Variants {
			t.tell(v.URL)
		}
	case *zim.MultiItem:
		for _, item := range c.Items {
			t.content(item.Content)
		}
	case *zim.Combined:
		t.tell(c.Title)
		t.tell(c.Summary)
	case *zim.RecallNotice:
		t.tell(c.UserId)
		t.asWritten(c.Payload)
	case *zim.Tips:
		t.tips(c)
	}
}

func (t *teller) tips(c *zim.Tips) {
	for _, u := range append([]zim.TipsUser{c.OpUserInfo}, c.TargetUsers...) {
		t.tell(u.GroupMemberName)
		t.tell(u.GroupMemberNickname)
		t.tell(u.UserId)
	}
	t.tell(c.GroupName)
	t.tell(c.GroupNotice)
	t.tell(c.GroupAvatar)
}

// inside tells the names, strings and numbers in valid JSON. Where the wire's
// names are, those are passed over, and so is what was told before or is a number
// of theirs.
func (t *teller) inside(raw []byte, wire bool) {
	type level struct{ wire, known bool } // its names can be the wire's; the last one is, or there is none
	levels := []level{{wire, wire}}
	for i := 0; i < len(raw) && !t.done; {
		in := &levels[len(levels)-1]
		switch c := raw[i]; {
		case c == '{' || c == '[':
			levels = append(levels, level{in.known, in.known})
			i++
		case (c == '}' || c == ']') && len(levels) > 1:
			levels = levels[:len(levels)-1]
			i++
		case c == '"':
			end := stringEnd(raw, i)
			s := unquoted(raw[i:end])
			for i = end; i < len(raw) && raw[i] <= ' '; {
				i++
			}
			if i >= len(raw) || raw[i] != ':' {
				t.value(s, in.known)
			} else if in.known = in.wire && bodyNames[s]; !in.known {
				t.tell(s)
			}
		case c == '-' || c >= '0' && c <= '9':
			start := i
			for i < len(raw) && strings.IndexByte("+-.0123456789Ee", raw[i]) >= 0 {
				i++
			}
			if !in.known {
				t.tell(string(raw[start:i]))
			}
		default:
			i++
		}
	}
}

// stringEnd returns the position after the JSON string that begins at i.
func stringEnd(raw []byte, i int) int {
	for i++; i < len(raw) && raw[i] != '"'; i++ {
		if raw[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(raw))
}

// unquoted returns the text of a valid JSON string.
func unquoted(raw []byte) string {
	var s string
	if bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1])
	}
	_ = json.Unmarshal(raw, &s) // it is valid
	return s
}

// value tells a string inside of JSON. wire says that it stands under a name of
// the wire's.
func (t *teller) value(s string, wire bool) {
	plain := urlDecoded(s)
	if wire && (isNumber(s) || t.told[s] || slices.ContainsFunc(plain, func(p string) bool { return t.told[p] })) {
		return
	}
	for _, text := range append(plain, s) {
		if t.nested < maxNested && looksLikeJSON(text) && json.Valid([]byte(text)) {
			t.nested++
			if wire {
				t.inside([]byte(text), true)
			} else {
				t.asWritten(text)
			}
			t.nested--
			return
		}
	}
	t.tell(s)
	for _, p := range plain {
		t.tell(p)
	}
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// urlDecoded returns the readings of a text that can be URL-encoded from end to
// end, with a plus as it is and as a blank; none if it cannot be.
func urlDecoded(s string) []string {
	if !strings.Contains(s, "%") || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7F }) {
		return nil
	}
	plain, err := url.PathUnescape(s)
	if err != nil || !utf8.ValidString(plain) {
		return nil
	}
	if !strings.Contains(s, "+") {
		return []string{plain}
	}
	spaced, _ := url.QueryUnescape(s) // fails where the other does
	return []string{plain, spaced}
}
