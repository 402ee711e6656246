package zim

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Body is a message's MsgBody, decoded as far as it can be. Content says what
// was found, Ladder how, and Raw and JSON keep what Content has no field for.
type Body struct {
	Content   Content // never nil
	Ladder    []Step  // the steps that decoded it, outermost first, then those of values inside; at most 1000 or so
	MoreSteps int     // steps that Ladder has no room for
	Raw       string  // the text of MsgBody: the string's content, or any other JSON value as it came
	JSON      []byte  // the JSON at the ladder's end, with its unknown fields; nil if it ends at no JSON
}

// Content is what a message says: one of *Text, *Media, *MultiItem, *Combined,
// *Custom, *Tips, *RecallNotice and *Undecoded.
type Content interface{ content() }

func (*Text) content()         {}
func (*Media) content()        {}
func (*MultiItem) content()    {}
func (*Combined) content()     {}
func (*Custom) content()       {}
func (*Tips) content()         {}
func (*RecallNotice) content() {}
func (*Undecoded) content()    {}

// Text is the content of TypeText: what the sender passed, unchanged, 32 KB at
// most. A message without a body is an empty text.
type Text struct{ Text string }

// Custom is the content of TypeCustom: what the sender passed, unchanged, 32 KB
// at most. Its format is the app's own.
type Custom struct {
	SubMsgType int64 // 0-200; the app's own number for the format
	Text       string
	JSON       bool // Text is valid JSON
}

// Combined is the content of TypeCombined, a forwarded chat. The messages that
// were forwarded are not in the history.
type Combined struct{ Title, Summary string }

// Undecoded is the content of a type without a known structure, and of a body
// that is not as its type should be. Body.Raw has the text of both.
type Undecoded struct {
	Type   MsgType
	Reason string // why it could not be decoded; "" if the type has no known structure
}

// Body decodes the body of the message. It never fails: what cannot be decoded
// is *Undecoded. A recalled row may hold nothing, its original or a recall
// notice under any MsgType; a notice is known by its fields.
func (e Envelope) Body() Body {
	b := Body{Raw: rawText(e.MsgBody)}
	var l ladder
	if notice, ok := e.noticeInstead(&l); ok {
		b.Content = notice
	} else {
		l = ladder{}
		b.Content = l.content(e.MsgType, e.SubMsgType, e.MsgBody)
	}
	b.Ladder, b.MoreSteps, b.JSON = l.list(), l.more, l.json
	return b
}

// noticeInstead returns the recall notice that stands in place of the original
// in a recalled row of another type, if there is one.
func (e Envelope) noticeInstead(l *ladder) (*RecallNotice, bool) {
	if e.IsEmpty != Revoked || e.MsgType == TypeRecallNotice {
		return nil, false
	}
	object, reason := l.object(e.MsgBody)
	if reason != "" {
		return nil, false
	}
	var seen []string
	for name := range members(object) {
		if (name == "user_id" || name == "revoke_time") && !slices.Contains(seen, name) {
			seen = append(seen, name)
		}
	}
	if len(seen) < 2 {
		return nil, false
	}
	notice, ok := l.recallNotice(object).(*RecallNotice)
	return notice, ok
}

func rawText(raw []byte) string {
	if isNull(raw) {
		return ""
	}
	if text, ok := stringContent(raw); ok {
		return text
	}
	return string(raw)
}

// content decodes the raw value of a body, or of an item's content.
func (l *ladder) content(t MsgType, subMsgType int64, raw []byte) Content {
	var read func(object []byte) Content
	switch t {
	case TypeText:
		text, reason := l.verbatim(raw)
		if reason != "" {
			return &Undecoded{t, reason}
		}
		return &Text{text}
	case TypeCustom:
		return l.custom(subMsgType, raw)
	case TypeImage, TypeFile, TypeAudio, TypeVideo:
		read = func(object []byte) Content { return l.media(t, object) }
	case TypeMultiItem:
		read = l.multiItem
	case TypeCombined:
		read = l.combined
	case TypeTips:
		read = l.tips
	case TypeRecallNotice:
		read = l.recallNotice
	default:
		l.unknown(raw)
		return &Undecoded{Type: t}
	}
	object, reason := l.object(raw)
	if reason != "" {
		return &Undecoded{t, reason}
	}
	return read(object)
}

// unknown decodes the value of a type without a known structure as far as it
// goes, so that it can be looked at.
func (l *ladder) unknown(raw []byte) {
	before := *l
	if _, reason := l.object(raw); reason != "" {
		*l = before
		l.verbatim(raw)
	}
}

func (l *ladder) custom(subMsgType int64, raw []byte) Content {
	text, reason := l.verbatim(raw)
	if reason != "" {
		return &Undecoded{TypeCustom, reason}
	}
	c := &Custom{SubMsgType: subMsgType, Text: text, JSON: json.Valid([]byte(text))}
	switch {
	case c.JSON && l.json == nil:
		l.json = []byte(text)
		l.took(Step{Name: stepJSON, In: len(text), Out: len(bytes.TrimSpace(l.json))})
	case !c.JSON && meantAsJSON([]byte(text)):
		l.fails(stepJSON, []byte(text), bytes.TrimSpace([]byte(text)))
	}
	return c
}

func (l *ladder) combined(object []byte) Content {
	var c Combined
	known := false
	for name, raw := range members(object) {
		switch name {
		case "Title":
			c.Title = l.text(name, raw)
		case "Summary":
			c.Summary = l.text(name, raw)
		default:
			continue
		}
		known = true
	}
	if !known {
		return &Undecoded{TypeCombined, noKnownField}
	}
	return &c
}
