package ui

import (
	"strconv"
	"time"

	"backscroll/zim"
)

// meaning says what a field of the wire means, and how its value reads; "" for one
// that is not documented.
func meaning(name string, e zim.Envelope, zone *time.Location) string {
	switch name {
	case "Sender":
		return "user ID"
	case "MsgType":
		return e.MsgType.String()
	case "SubMsgType":
		if e.MsgType == zim.TypeCustom {
			return "the app's own number for the format, 0-200"
		}
		return "means something for custom messages only"
	case "MsgBody":
		return "what was said, " + humanSize(int64(len(e.MsgBody))) + " on the wire"
	case "MsgId":
		return "unique, 64 bits"
	case "MsgSeq":
		return "place in the conversation; recalls and look-ups use it"
	case "Payload":
		return "the sender's extension, up to 1 KB"
	case "MsgTime":
		if at, ok := e.Time(); ok {
			return "ms, when the server received it: " + at.In(zone).Format("2006-01-02 15:04:05.000 -07:00")
		}
		return "ms since 1970, when the server received it; this is none"
	case "IsEmpty", "IsEempy":
		switch e.IsEmpty {
		case zim.Present:
			return "a message"
		case zim.Deleted:
			return "deleted or expired"
		case zim.Revoked:
			return "recalled"
		}
		return "0 a message, 1 deleted or expired, 2 recalled; " + strconv.FormatInt(int64(e.IsEmpty), 10) + " is not documented"
	}
	return ""
}
