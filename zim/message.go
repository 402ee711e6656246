package zim

import (
	"fmt"
	"strconv"
	"time"
)

// MsgType says what a message is. A number that is not listed here may come one
// day, and is shown like any other.
type MsgType int64

// The message types that the service documents.
const (
	TypeText         MsgType = 1
	TypeCommand      MsgType = 2 // signalling; not kept in history
	TypeMultiItem    MsgType = 10
	TypeImage        MsgType = 11
	TypeFile         MsgType = 12
	TypeAudio        MsgType = 13
	TypeVideo        MsgType = 14
	TypeBarrage      MsgType = 20 // rooms
	TypeSystem       MsgType = 30
	TypeRecallNotice MsgType = 31
	TypeTips         MsgType = 32 // group events
	TypeCombined     MsgType = 100
	TypeCustom       MsgType = 200
)

var typeNames = map[MsgType]string{
	TypeText: "text", TypeCommand: "command", TypeMultiItem: "multi-item",
	TypeImage: "image", TypeFile: "file", TypeAudio: "audio", TypeVideo: "video",
	TypeBarrage: "barrage", TypeSystem: "system", TypeRecallNotice: "recall notice",
	TypeTips: "tips", TypeCombined: "combined", TypeCustom: "custom",
}

// String returns the name of the type, or "type 777" for one without a name.
func (t MsgType) String() string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return "type " + strconv.FormatInt(int64(t), 10)
}

// IsEmpty says whether a row of the history still has its message. The zero
// value is a message that is there.
type IsEmpty int64

// The values of IsEmpty that the service documents.
const (
	Present IsEmpty = 0
	Deleted IsEmpty = 1 // deleted or expired; every other field may be missing
	Revoked IsEmpty = 2 // recalled by its sender, a manager or a server
)

// Message is one element of a page's List as it came: a slice of the page's
// bytes, with the numbers that place it in its history. Everything else is
// decoded by Envelope when it is asked for.
type Message struct {
	Raw     []byte // the JSON value, as on the wire
	MsgId   int64  // unique, often beyond 2^53; 0 if there is none that can be read
	MsgSeq  int64  // place in the conversation; 0 if there is none that can be read
	MsgTime int64  // ms since 1970, when the server received it; 0 if there is none that can be read
}

// Same reports whether two messages are the same bytes in memory: not another copy
// of what the service said, and not none.
func (m Message) Same(other Message) bool { return sameBytes(m.Raw, other.Raw) }

// Time returns MsgTime as TimeOf does.
func (m Message) Time() (time.Time, bool) { return TimeOf(m.MsgTime) }

// ReadMessage reads a message from its JSON value, which it keeps. It cannot
// fail: what cannot be read is zero, and Envelope says why.
func ReadMessage(raw []byte) Message {
	m, _, _ := messageAt(raw, skipSpace(raw, 0))
	m.Raw = raw
	return m
}

// messageAt reads the message that begins at i, in one pass, and returns the
// position after it.
func messageAt(b []byte, start int) (m Message, end int, ok bool) {
	more := start < len(b) && b[start] == '{'
	for i := skipSpace(b, start+1); more; {
		name, value, named := nameAt(b, i)
		if !named {
			break
		}
		if end, ok = skipValue(b, value); !ok {
			break
		}
		switch string(name) {
		case "MsgId":
			m.MsgId, _ = integerOf(b[value:end]) // Envelope reports what is wrong with it
		case "MsgSeq":
			m.MsgSeq, _ = integerOf(b[value:end])
		case "MsgTime":
			m.MsgTime, _ = integerOf(b[value:end])
		}
		if i, more = commaAt(b, end); !more && i < len(b) && b[i] == '}' {
			m.Raw = b[start : i+1 : i+1]
			return m, i + 1, true
		}
	}
	end, ok = skipValue(b, start) // empty, no object, or one that only its brackets hold together
	m.Raw = b[start:end:end]
	return m, end, ok
}

// Field is one member of a message's object: the name, and the value as it came.
type Field struct {
	Name string
	Raw  []byte
}

// Problem is a field that is not as documented, and what is wrong with it.
type Problem struct{ Field, Reason string }

// Envelope is a message with its fields decoded one by one. A field that is
// missing, null or of an unexpected type is zero or the best reading of it, and
// Problems names it; no field can make another one unreadable.
// See the vendor's pages of QueryPeerMsg and QueryGroupMsg.
type Envelope struct {
	Message
	Sender     string // user ID
	MsgType    MsgType
	SubMsgType int64  // 0-200; means something for TypeCustom only
	MsgBody    []byte // the JSON value, a string or an object; nil if there is none
	Payload    string // the sender's extension, up to 1 KB, often JSON
	IsEmpty    IsEmpty
	Fields     []Field // all fields, unknown ones too, in the order of the wire
	Problems   []Problem
}

// Envelope decodes the fields of the message.
func (m Message) Envelope() Envelope {
	e := Envelope{Message: m}
	if !whole(m.Raw, '{') {
		e.Problems = []Problem{{"", "the message is not a JSON object"}}
	}
	for name, raw := range members(m.Raw) {
		e.Fields = append(e.Fields, Field{name, raw})
		e.set(name, raw)
	}
	return e
}

func (e *Envelope) set(name string, raw []byte) {
	if isNull(raw) {
		return
	}
	switch name {
	case "Sender":
		e.Sender = e.text(name, raw)
	case "MsgType":
		e.MsgType = MsgType(e.integer(name, raw))
	case "SubMsgType":
		e.SubMsgType = e.integer(name, raw)
	case "MsgBody":
		e.MsgBody = raw
	case "MsgId", "MsgSeq", "MsgTime": // read by ReadMessage; only checked here
		e.integer(name, raw)
	case "Payload":
		e.Payload = e.text(name, raw)
	case "IsEmpty", "IsEempy": // a published sample has the second spelling
		e.IsEmpty = IsEmpty(e.integer(name, raw))
	}
}

func (e *Envelope) text(name string, raw []byte) string {
	s, ok := stringOf(raw)
	if !ok || raw[0] != '"' {
		e.Problems = append(e.Problems, Problem{name, "not a string"})
	}
	return s
}

func (e *Envelope) integer(name string, raw []byte) int64 {
	n, ok := integerOf(raw)
	if !ok && string(raw) != `""` {
		e.Problems = append(e.Problems, Problem{name, fmt.Sprintf("not a whole number of 64 bits: %.40s", raw)})
	}
	return n
}

// The service began long after the first and will be replaced before the
// second; a MsgTime outside of them is not one in milliseconds.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// TimeOf returns a time of the wire, in ms since 1970, in UTC; it is false where
// that is missing, zero, in seconds or absurd, so that no invented time is shown.
func TimeOf(ms int64) (time.Time, bool) {
	t := time.UnixMilli(ms).UTC()
	return t, !t.Before(earliest) && t.Before(latest)
}
