package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"backscroll/zim"
)

// The shapes of Body in --json. Their names are those that the service has for
// what a server sends, and only what is there is written.

type textJSON struct {
	Text string
	JSON json.RawMessage `json:",omitempty"` // of a custom message whose text is JSON
}

type mediaJSON struct {
	FileName      string       `json:",omitempty"`
	Url           string       `json:",omitempty"`
	Size          *int64       `json:",omitempty"` // bytes
	MD5           string       `json:",omitempty"`
	Uid           string       `json:",omitempty"`
	MediaDuration json.Number  `json:",omitempty"` // seconds
	Width         int          `json:",omitempty"` // px
	Height        int          `json:",omitempty"` // px
	LargeImage    *variantJSON `json:",omitempty"`
	Thumbnail     *variantJSON `json:",omitempty"` // of a video: its first frame
}

type variantJSON struct {
	Url           string `json:",omitempty"`
	Width, Height int    `json:",omitempty"`
}

type multiJSON struct {
	MultiMsg []itemJSON
	More     int `json:",omitempty"` // items that are not decoded
}

type itemJSON struct {
	MsgType    zim.MsgType
	SubMsgType int64 `json:",omitempty"`
	Msg        any
}

type tipsJSON struct {
	Type            zim.TipsType
	Event           string            // Type in words
	OpUserInfo      *userJSON         `json:",omitempty"`
	TargetUsers     []userJSON        `json:",omitempty"`
	MoreTargetUsers int               `json:",omitempty"` // users that are not decoded
	GroupName       string            `json:",omitempty"`
	GroupNotice     string            `json:",omitempty"`
	GroupAvatar     string            `json:",omitempty"`
	GroupDataFlag   zim.GroupDataFlag `json:",omitempty"`
	Forbid          *forbidJSON       `json:",omitempty"`
	// ForbidExpireTime has the unit of the wire, which is not published.
	ForbidExpireTime int64    `json:",omitempty"`
	Role             zim.Role `json:",omitempty"`
}

type userJSON struct {
	UserId              string
	Role                zim.Role `json:",omitempty"`
	GroupMemberName     string   `json:",omitempty"`
	GroupMemberNickname string   `json:",omitempty"`
}

type forbidJSON struct {
	IsAllForbid      bool
	ForbidRoleList   []zim.Role `json:",omitempty"`
	ForbidExpireTime int64      `json:",omitempty"`
}

type recallJSON struct {
	UserId     string
	RevokeTime int64            `json:",omitempty"` // ms since 1970
	MsgType    zim.MsgType      // what the message was
	Payload    string           `json:",omitempty"`
	MsgStatus  zim.RevokeStatus `json:",omitempty"`
	Recalled   string           `json:",omitempty"` // MsgStatus in words
}

type undecodedJSON struct {
	Raw    string
	JSON   json.RawMessage `json:",omitempty"`
	Reason string          `json:",omitempty"` // "" for a type without a known structure
}

// bodyJSON is the decoded body of a message, null if it has none: a row whose
// message is gone may have an empty string in its place.
func bodyJSON(e zim.Envelope) []byte {
	body := e.Body()
	if len(e.MsgBody) == 0 || e.IsEmpty != zim.Present && body.Raw == "" {
		return []byte("null")
	}
	return Compact(nil, marshal(contentJSON(body.Content, body.Raw, body.JSON)), true)
}

// contentJSON is the shape of a body, or of an item of one.
func contentJSON(content zim.Content, raw string, found []byte) any {
	switch c := content.(type) {
	case *zim.Text:
		return textJSON{Text: c.Text}
	case *zim.Custom:
		if c.JSON {
			return textJSON{c.Text, shallow([]byte(c.Text))}
		}
		return textJSON{Text: c.Text}
	case *zim.Media:
		return mediaBody(c)
	case *zim.MultiItem:
		m := multiJSON{MultiMsg: []itemJSON{}, More: c.More}
		for _, item := range c.Items {
			m.MultiMsg = append(m.MultiMsg, itemJSON{item.MsgType, item.SubMsgType, contentJSON(item.Content, item.Raw, nil)})
		}
		return m
	case *zim.Combined:
		return struct{ Title, Summary string }{c.Title, c.Summary}
	case *zim.Tips:
		return tipsBody(c)
	case *zim.RecallNotice:
		r := recallJSON{UserId: c.UserId, RevokeTime: c.RevokeTime, MsgType: c.MsgType, Payload: c.Payload, MsgStatus: c.Status}
		if c.Status != 0 {
			r.Recalled = c.Status.String()
		}
		return r
	case *zim.Undecoded:
		u := undecodedJSON{Raw: raw, Reason: c.Reason}
		if json.Valid(found) {
			u.JSON = shallow(found)
		}
		return u
	}
	return nil
}

func mediaBody(c *zim.Media) mediaJSON {
	m := mediaJSON{FileName: c.Name, Url: c.URL, MD5: c.MD5, Uid: c.Uid, Width: c.Width, Height: c.Height}
	if c.Size >= 0 {
		m.Size = &c.Size
	}
	if c.Duration >= 0 {
		m.MediaDuration = seconds(c.Duration)
	}
	for _, v := range c.Variants {
		shape := &variantJSON{v.URL, v.Width, v.Height}
		if v.Name == "large" {
			m.LargeImage = shape
		} else {
			m.Thumbnail = shape
		}
	}
	return m
}

// seconds writes a duration of whole milliseconds without passing a float.
func seconds(d time.Duration) json.Number {
	s, ms := d/time.Second, d%time.Second/time.Millisecond
	if ms == 0 {
		return json.Number(fmt.Sprint(int64(s)))
	}
	return json.Number(fmt.Sprintf("%d.%03d", s, ms))
}

func tipsBody(c *zim.Tips) tipsJSON {
	t := tipsJSON{
		Type: c.Type, Event: c.Type.String(), MoreTargetUsers: c.MoreTargetUsers,
		GroupName: c.GroupName, GroupNotice: c.GroupNotice, GroupAvatar: c.GroupAvatar,
		GroupDataFlag: c.GroupDataFlag, ForbidExpireTime: c.ForbidExpireTime, Role: c.Role,
	}
	if c.OpUserInfo != (zim.TipsUser{}) {
		t.OpUserInfo = &userJSON{c.OpUserInfo.UserId, c.OpUserInfo.Role, c.OpUserInfo.GroupMemberName, c.OpUserInfo.GroupMemberNickname}
	}
	for _, u := range c.TargetUsers {
		t.TargetUsers = append(t.TargetUsers, userJSON(u))
	}
	if c.Forbid.IsAllForbid || len(c.Forbid.ForbidRoleList) > 0 || c.Forbid.ForbidExpireTime != 0 {
		t.Forbid = &forbidJSON{c.Forbid.IsAllForbid, c.Forbid.ForbidRoleList, c.Forbid.ForbidExpireTime}
	}
	return t
}

// marshal writes JSON in which "<" stays "<".
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("backscroll: " + err.Error()) // every shape above can be written
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
