package zim

import (
	"bytes"
	"encoding/json"
	"iter"
	"slices"
)

// maxElements is how many elements of an array inside a body are decoded. The
// documentation allows 20 items; a body can be 32 MiB of empty ones.
const maxElements = 1000

// MultiItem is the content of TypeMultiItem: several contents sent as one
// message, 20 at most by the documentation.
type MultiItem struct {
	Items []Item
	More  int // items after the first 1000, which only Body.JSON has
}

// Item is one content of a multi-item message.
type Item struct {
	MsgType    MsgType
	SubMsgType int64   // 0-200; means something for TypeCustom only
	Content    Content // never nil
	Raw        string  // the text of the content, as Body.Raw
}

func (l *ladder) multiItem(object []byte) Content {
	if l.item {
		return &Undecoded{TypeMultiItem, "a multi-item message inside of another"}
	}
	var list []byte
	for name, raw := range members(object) {
		if name == "multi_msg" || name == "MultiMsg" {
			list = raw
		}
	}
	if list == nil {
		return &Undecoded{TypeMultiItem, noKnownField}
	}
	if text, ok := stringContent(list); ok {
		l.note(stepEmbedded)
		list = bytes.TrimSpace([]byte(text))
	}
	if !isNull(list) && (list[0] != '[' || !json.Valid(list)) {
		return &Undecoded{TypeMultiItem, "multi_msg is not an array"}
	}
	var m MultiItem
	for raw := range bounded(elements(list), &m.More) {
		m.Items = append(m.Items, l.oneItem(raw))
	}
	return &m
}

func (l *ladder) oneItem(raw []byte) Item {
	if raw[0] != '{' {
		return Item{Content: &Undecoded{Reason: "the item is not an object"}, Raw: string(raw)}
	}
	var it Item
	var content []byte
	for name, raw := range members(raw) {
		switch name {
		case "msg_type", "MsgType":
			it.MsgType = MsgType(number(raw))
		case "sub_msg_type", "SubMsgType":
			it.SubMsgType = number(raw)
		case "callback_content", "Msg":
			content = raw
		}
	}
	it.Raw = rawText(content)
	inner := ladder{item: true, decoded: l.decoded}
	it.Content = inner.content(it.MsgType, it.SubMsgType, content)
	l.noteItem(inner.steps)
	return it
}

// noteItem records what was needed for an item; an object in its place needs
// nothing, and a string of text neither.
func (l *ladder) noteItem(steps []string) {
	if slices.Contains(steps, stepURL) {
		l.note(stepURLItems)
	}
	if slices.Contains(steps, stepString) && slices.Contains(steps, stepJSON) {
		l.note(stepEmbedded)
	}
	if slices.Contains(steps, stepURLValues) {
		l.note(stepURLValues)
	}
}

// bounded yields the first maxElements of seq and counts the others.
func bounded(seq iter.Seq[[]byte], others *int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		n := 0
		for raw := range seq {
			if n++; n > maxElements {
				*others++
			} else if !yield(raw) {
				return
			}
		}
	}
}
