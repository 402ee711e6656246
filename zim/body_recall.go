package zim

import (
	"strconv"
	"time"
)

// RecallNotice is the content of TypeRecallNotice: who took a message back, and
// how. It stands in the place of the message.
type RecallNotice struct {
	UserId     string  // who recalled
	RevokeTime int64   // ms since 1970
	MsgType    MsgType // what the message was
	Payload    string  // the sender's extension of the message
	Status     RevokeStatus
}

// RevokeStatus says in what capacity a message was recalled (msg_status on the
// wire). The zero value is a notice that does not say.
type RevokeStatus int64

// The ways of recalling that the service documents.
const (
	RevokedByUser    RevokeStatus = 4
	RevokedBySystem  RevokeStatus = 8
	RevokedByServer  RevokeStatus = 12 // through the server API
	RevokedByManager RevokeStatus = 16
	RevokedByOwner   RevokeStatus = 20
	RevokedByAudit   RevokeStatus = 24 // for failing the audit
)

// String returns what follows after "recalled", or "status 28" for a status
// without a name.
func (s RevokeStatus) String() string {
	switch s {
	case RevokedByUser:
		return "by the user"
	case RevokedBySystem:
		return "by the system"
	case RevokedByServer:
		return "through the server API"
	case RevokedByManager:
		return "by a group manager"
	case RevokedByOwner:
		return "as group owner"
	case RevokedByAudit:
		return "for failing the audit"
	}
	return "status " + strconv.FormatInt(int64(s), 10)
}

// Time returns RevokeTime in UTC, and false where it is missing or absurd.
func (r *RecallNotice) Time() (time.Time, bool) { return TimeOf(r.RevokeTime) }

func (l *ladder) recallNotice(object []byte) Content {
	var r RecallNotice
	known := false
	for name, raw := range members(object) {
		switch name {
		case "user_id":
			r.UserId = plainText(raw)
		case "revoke_time":
			r.RevokeTime = number(raw)
		case "msg_type":
			r.MsgType = MsgType(number(raw))
		case "payload":
			r.Payload = plainText(raw)
		case "msg_status":
			r.Status = RevokeStatus(number(raw))
		default:
			continue
		}
		known = true
	}
	if !known {
		return &Undecoded{TypeRecallNotice, noKnownField}
	}
	return &r
}
