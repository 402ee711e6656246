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
	var at *place
	var list []byte
	for name, raw := range members(object) {
		if name == "multi_msg" || name == "MultiMsg" {
			list, at = raw, l.at.in(name)
		}
	}
	if list == nil {
		return &Undecoded{TypeMultiItem, noKnownField}
	}
	list, ok := l.array(at, list)
	if !ok {
		return &Undecoded{TypeMultiItem, "multi_msg is not an array"}
	}
	var m MultiItem
	for raw := range bounded(elements(list), &m.More) {
		m.Items = append(m.Items, l.oneItem(at.at(len(m.Items)), raw))
	}
	return &m
}

// array unwraps the array of items, which may stand in a string.
func (l *ladder) array(at *place, raw []byte) (list []byte, ok bool) {
	text, quoted := stringContent(raw)
	if !quoted {
		return raw, isNull(raw) || raw[0] == '[' && json.Valid(raw)
	}
	l.note(Step{Name: stepString, In: len(raw), Out: len(text), at: at, rung: rungEmbedded})
	list = bytes.TrimSpace([]byte(text))
	switch {
	case isNull(list):
		return list, true
	case !json.Valid(list):
		reason, offset := syntaxError(list)
		l.note(Step{Name: stepJSON, In: len(text), Failed: fail([]byte(text), offset+spaceBefore([]byte(text)), reason), at: at})
		return nil, false
	}
	l.note(Step{Name: stepJSON, In: len(text), Out: len(list), at: at})
	return list, list[0] == '['
}

func (l *ladder) oneItem(item *place, raw []byte) Item {
	if raw[0] != '{' {
		return Item{Content: &Undecoded{Reason: "the item is not an object"}, Raw: string(raw)}
	}
	var it Item
	at := item
	var content []byte
	for name, raw := range members(raw) {
		switch name {
		case "msg_type", "MsgType":
			it.MsgType = MsgType(number(raw))
		case "sub_msg_type", "SubMsgType":
			it.SubMsgType = number(raw)
		case "callback_content", "Msg":
			content, at = raw, item.in(name)
		}
	}
	it.Raw = rawText(content)
	inner := ladder{item: true, decoded: l.decoded, at: at, noted: l.noted}
	first := len(inner.steps)
	it.Content = inner.content(it.MsgType, it.SubMsgType, content)
	inner.dropPlain(first)
	l.noted = inner.noted
	return it
}

// dropPlain leaves out the only step of an item's own, which begins at first: an
// object in its place needs nothing, and a string of text neither.
func (l *ladder) dropPlain(first int) {
	own := l.steps[first:]
	if len(own) > 0 && own[0].at == l.at && own[0].Failed == nil && (len(own) == 1 || own[1].at != l.at) {
		l.steps = slices.Delete(l.steps, first, first+1)
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
