package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"backscroll/zim"
)

// The values of IsEmpty.
const (
	kept     = 0
	deleted  = 1
	recalled = 2
)

// trace is what is left in the row of a message that is gone. The service does
// not say which of them it uses, so the world has all.
type trace int

const (
	bare     trace = iota // nothing but IsEmpty
	zeros                 // every field, all zero
	header                // all but the body
	original              // everything
	notice                // a recall notice in place of the body
)

// part is what a message says, whoever says it and whenever.
type part struct {
	kind     zim.MsgType
	sub      int
	body     func(base string) any // a string, or an object; nil is ""
	payload  string
	empty    int // kept, deleted or recalled
	trace    trace
	recall   revocation // for a recalled message, or a recall notice
	only     string     // the user whose list alone has or lacks the message
	idString bool       // MsgId comes as a string
	isEempy  bool       // IsEmpty is spelled as one published sample has it
	notUTF8  bool       // oldByte in it goes out as one byte of Latin-1
}

// revocation tells who recalled a message, how long after it was sent, and how.
type revocation struct {
	by     string
	after  time.Duration
	status int // 4 user, 8 system, 12 server API, 16 manager, 20 owner, 24 audit
}

func (p part) withPayload(s string) part { p.payload = s; return p }

// deletedAs marks the part as deleted, for one user's list or, if by is "", for
// everybody.
func (p part) deletedAs(t trace, by string) part {
	p.empty, p.trace, p.only = deleted, t, by
	return p
}

// oldByte stands for an é that is no UTF-8 on the wire, which no encoder writes.
const oldByte = "\uE0E9"

// asBytes has oldByte go out as it is meant.
func (p part) asBytes() part { p.notUTF8 = true; return p }

// recalledAs marks the part as recalled, on every side.
func (p part) recalledAs(t trace, by string, status int, after time.Duration) part {
	p.empty, p.trace, p.recall = recalled, t, revocation{by, after, status}
	return p
}

// asNotice makes the part a message of its own that tells of its recall.
func (p part) asNotice(by string, status int, after time.Duration) part {
	p = p.recalledAs(notice, by, status, after)
	p.empty = kept
	return p
}

// message is one row of a list.
type message struct {
	part
	sender  string
	id, seq int64
	time    int64           // ms since 1970
	raw     json.RawMessage // sent as it is, in place of everything else
}

// lookedUp is the message as QueryMessagesByMsgSeq tells it: a recalled one
// gives who recalled it and how, a deleted one nothing at all. Where nobody
// knows who recalled it, its sender did, a minute after.
func (m message) lookedUp() message {
	switch {
	case m.empty == deleted:
		m.raw, m.trace = nil, bare
	case m.empty == recalled && m.kind != zim.TypeRecallNotice:
		if m.recall.status == 0 {
			m.recall = revocation{by: m.sender, after: time.Minute, status: int(zim.RevokedByUser)}
		}
		m.raw, m.trace = nil, notice
	}
	return m
}

// row is a message as the wire has it.
type row struct {
	Sender     string
	MsgType    zim.MsgType
	SubMsgType int
	MsgBody    any
	MsgId      any
	MsgSeq     int64
	Payload    string
	MsgTime    int64
	IsEmpty    *int `json:",omitempty"`
	IsEempy    *int `json:",omitempty"`
}

// appendTo writes the message, its links beginning with base.
func (m message) appendTo(b []byte, base string) []byte {
	if m.raw != nil {
		return append(b, m.raw...)
	}
	if m.empty == deleted && m.trace == bare {
		return append(b, `{"IsEmpty":1}`...)
	}
	r := row{MsgBody: "", MsgId: m.id, IsEmpty: &m.empty}
	if m.empty == deleted && m.trace == zeros {
		r.MsgId = 0
		return append(b, marshal(r)...)
	}
	r.Sender, r.MsgType, r.SubMsgType = m.sender, m.kind, m.sub
	r.MsgSeq, r.Payload, r.MsgTime = m.seq, m.payload, m.time
	switch {
	case m.trace == notice:
		r.MsgType, r.SubMsgType = zim.TypeRecallNotice, 0
		r.MsgBody = m.notice()
	case m.body != nil && (m.empty == kept || m.trace == original):
		r.MsgBody = m.body(base)
	}
	if m.idString {
		r.MsgId = strconv.FormatInt(m.id, 10)
	}
	if m.isEempy {
		r.IsEmpty, r.IsEempy = nil, r.IsEmpty
	}
	out := marshal(r)
	if m.notUTF8 {
		out = bytes.ReplaceAll(out, []byte(oldByte), []byte{0xE9})
	}
	return append(b, out...)
}

// notice is the body of the recall notice of m.
func (m message) notice() any {
	return asURL.encode(struct {
		User    string      `json:"user_id"`
		Time    int64       `json:"revoke_time"`
		Type    zim.MsgType `json:"msg_type"`
		Payload string      `json:"payload"`
		Status  int         `json:"msg_status"`
	}{m.recall.by, m.time + m.recall.after.Milliseconds(), m.kind, m.payload, m.recall.status})
}

// verbatim makes rows of messages that somebody else wrote.
func verbatim(raw []json.RawMessage) []message {
	var rows []message
	for _, r := range raw {
		rows = append(rows, readRow(r))
	}
	return rows
}

// readRow reads of a message that somebody else wrote what its lists need to
// know, as far as it can be read.
func readRow(raw json.RawMessage) message {
	var fields map[string]json.RawMessage
	json.Unmarshal(raw, &fields)
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(strings.Trim(string(fields[name]), `"`), 10, 64)
		return n
	}
	m := message{raw: raw, id: number("MsgId"), seq: number("MsgSeq"), time: number("MsgTime")}
	m.kind = zim.MsgType(number("MsgType"))
	if n := cmp.Or(number("IsEmpty"), number("IsEempy")); n == deleted || n == recalled {
		m.empty = int(n)
	}
	json.Unmarshal(fields["Sender"], &m.sender)
	json.Unmarshal(fields["Payload"], &m.payload)
	return m
}
