package ui

import (
	"bytes"
	"fmt"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// What became of a message that is gone: the top of its Fields tab. What is not
// known is said to be so, with the reason.

// maxSaid is how many rows of a text the dossier shows.
const maxSaid = 40

// fate is what is known of a message that was recalled, deleted or expired.
type fate struct {
	notice *zim.RecallNotice
	none   string // why there is no notice
	// expired is whether a deleted one can have; empty if the term is not known.
	expired string
	seen    []sighting
	unseen  string // why its text is not known
}

// sighting is the message as it was when it had its text.
type sighting struct {
	message zim.Envelope
	where   string
}

// gone reports whether a message is there no more.
func gone(e zim.Envelope) bool {
	return e.IsEmpty == zim.Revoked || e.IsEmpty == zim.Deleted || e.MsgType == zim.TypeRecallNotice
}

// fate puts together what this session knows of a message that is gone.
func (m *Model) fate(e zim.Envelope, body zim.Body) fate {
	var f fate
	if e.IsEmpty == zim.Deleted {
		f.expired = m.messages.canExpire(e.Message)
	} else {
		f.notice, f.none = m.noticeOf(e, body)
		if f.notice != nil && !m.offline {
			m.names.want(f.notice.UserId)
		}
	}
	f.seen = m.sightings(e)
	f.unseen = "this session saw it only when it was gone"
	if e.MsgId == 0 {
		f.unseen = "a row without a MsgId cannot be found elsewhere"
	} else if other := m.messages.chat.OtherSide(); !m.offline && !other.IsGroup() && m.messages.visits.of(other) == nil {
		f.unseen += "; the other side's list was not looked at: a shows it"
	}
	return f
}

// noticeOf returns the notice of a recalled message, or why there is none.
func (m *Model) noticeOf(e zim.Envelope, body zim.Body) (n *zim.RecallNotice, none string) {
	r := &m.messages.recalls
	if n = ownNotice(e, body); n != nil {
		return n, ""
	}
	switch {
	case m.offline:
		return nil, "the row has no notice, and a file cannot be asked"
	case e.MsgSeq == 0:
		return nil, "the row has no notice, and no MsgSeq to ask with"
	}
	switch n = r.notice(e, body); {
	case n != nil:
		return n, ""
	case r.failed:
		return nil, "asking for the notice failed: r in the messages asks again"
	case r.busy || len(r.wanted) > 0:
		return nil, "the service is being asked"
	}
	return nil, "the service gave no notice of it"
}

// sightings are the message as this session had seen it with its text: in the row
// itself, in earlier answers, in the other side's list and in its bookmark.
func (m *Model) sightings(e zim.Envelope) (seen []sighting) {
	add := func(msg zim.Message, where string) {
		s := sighting{msg.Envelope(), where}
		if !hasText(s.message) {
			return
		}
		for i, before := range seen {
			if before.message.MsgType == s.message.MsgType && bytes.Equal(before.message.MsgBody, s.message.MsgBody) {
				seen[i].where += ", and " + where
				return
			}
		}
		seen = append(seen, s)
	}
	add(e.Message, "the row itself has it")
	if e.MsgId == 0 {
		return seen
	}
	for _, earlier := range m.messages.log.Earlier(e.MsgId) {
		add(earlier, "seen in this list before it was gone")
	}
	chat := m.messages.chat
	if v := m.messages.visits.of(chat.OtherSide()); v != nil && !chat.IsGroup() {
		whose := chat.Peer + "'s list, as it was loaded"
		if other, ok := v.sifted.log.Find(e.MsgId); ok {
			add(other, whose)
		}
		for _, earlier := range v.sifted.log.Earlier(e.MsgId) {
			add(earlier, whose+" before it was gone there")
		}
	}
	if k := m.bookmarks.at(m.place, chat, e.Message); k != nil {
		add(k.message, "its bookmark has it")
	}
	return seen
}

// hasText reports whether a row says what the message said, be it gone or not.
func hasText(e zim.Envelope) bool {
	if !gone(e) {
		return true
	}
	body := e.Body()
	_, notice := body.Content.(*zim.RecallNotice)
	return e.IsEmpty == zim.Revoked && e.MsgType != zim.TypeRecallNotice && !notice && body.Raw != ""
}

// of returns a chat that was left, or nil.
func (v visits) of(c history.Chat) *visit {
	for i := range v {
		if v[i].chat == c {
			return &v[i]
		}
	}
	return nil
}

// learn shows what was found out about the message meanwhile.
func (i *inspector) learn() {
	if i.open && i.tab == tabFields && gone(i.message.Envelope()) {
		i.compose(true)
	}
}

// fate shows what became of a message that is gone.
func (s *sheet) fate(e zim.Envelope, f fate) {
	s.parts = append(s.parts, ready(row{space(barColumn), span{bold, text.Lit("What became of it")}}))
	if e.IsEmpty == zim.Deleted {
		s.known("deleted by", "", "no answer says who deleted a message, nor when")
		s.known("expired", f.expired, "how long messages are kept is not told: :retention 30 says it")
	} else {
		s.recalled(e, f)
	}
	for n, seen := range f.seen {
		s.fact(text.CleanLine(versionName(n, len(f.seen))), text.CleanLine(seen.where+":"))
		s.said(seen.message)
	}
	if len(f.seen) == 0 {
		s.known("its text", "", f.unseen)
	}
	s.parts = append(s.parts, ready(row{}))
}

func versionName(n, of int) string {
	if of == 1 {
		return "its text"
	}
	return fmt.Sprintf("its text %d/%d", n+1, of)
}

// recalled shows what the notice of a recalled message says.
func (s *sheet) recalled(e zim.Envelope, f fate) {
	n := f.notice
	if n == nil {
		for _, what := range []string{"recalled by", "by right of", "when", "what it was", "note left"} {
			s.known(what, "", f.none)
		}
		return
	}
	who := ""
	if n.UserId != "" {
		who = dotted(idLine(n.UserId), s.look.userName(n.UserId)).String()
	}
	s.known("recalled by", who, "the notice has no user_id")
	right := ""
	if n.Status != 0 {
		right = fmt.Sprintf("%s (msg_status %d)", n.Status, int64(n.Status))
	}
	s.known("by right of", right, "the notice has no msg_status")
	at, timed := n.Time()
	sent, sentKnown := e.Time()
	when, after := "", ""
	if timed {
		when = fullTime(at, s.look.zone)
	}
	s.known("when", when, "the notice has no revoke_time that is one")
	switch d := at.Sub(sent); {
	case !timed || !sentKnown:
	case d < 0:
		after = "minus " + elapsed(-d) + ": one of the two times is wrong"
	default:
		after = elapsed(d)
	}
	s.known("after sending", after, "it takes both a revoke_time and a MsgTime")
	kind := ""
	if n.MsgType != 0 {
		kind = fmt.Sprintf("%s (%d)", n.MsgType, int64(n.MsgType))
	}
	s.known("what it was", kind, "the notice has no msg_type")
	if n.Payload == "" {
		s.fact(text.Lit("note left"), text.Lit("none"))
	} else {
		s.value("note left", n.Payload, "")
	}
}

// known shows a fact, or that it is not known and why.
func (s *sheet) known(name, value, why string) {
	if value == "" {
		value = "not known: " + why
	}
	s.fact(text.CleanLine(name), text.CleanLine(value))
}

// said shows what a message said, as the list would.
func (s *sheet) said(e zim.Envelope) {
	const indent = barColumn + 1 + nameCells
	body := e.Body()
	rows := composer{s.look.widths, s.look.zone, max(s.w-indent-rightMargin, 1)}.content(e.MsgType, body.Content, body.Raw)
	more := len(rows) - maxSaid
	for i, r := range rows[:min(len(rows), maxSaid)] {
		rows[i] = append(row{space(indent)}, r...)
	}
	s.parts = append(s.parts, ready(rows[:min(len(rows), maxSaid)]...))
	if more > 0 {
		s.note(text.CleanLine("… and " + count(more, "row", "rows") + " more"))
	}
	if e.Payload != "" {
		s.value("payload", e.Payload, "")
	}
}

// elapsed writes a duration in its two largest units: 50 s, 3 min 5 s, 2 days 4 h.
func elapsed(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	left, said := int64(d/time.Second), ""
	for _, unit := range []struct {
		name string
		size int64
	}{{"d", 24 * 60 * 60}, {"h", 60 * 60}, {"min", 60}, {"s", 1}} {
		n := left / unit.size
		left %= unit.size
		switch {
		case said != "" && n == 0:
			return said
		case said != "":
			return fmt.Sprintf("%s %d %s", said, n, unit.name)
		case n > 0:
			said = fmt.Sprintf("%d %s", n, unit.name)
		}
	}
	return said
}
