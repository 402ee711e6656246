package saved

import (
	"bytes"
	"context"
	"slices"
	"unicode/utf8"

	"backscroll/zim"
)

// look finds out what the file is, from its first rows and, for the order of
// messages, its last ones.
func (f *File) look(ctx context.Context) error {
	head, err := f.grow(ctx, nil, 0)
	if err != nil {
		return err
	}
	if err := f.checkText(head); err != nil {
		return err
	}
	if is, err := f.lookCase(ctx, head); is || err != nil {
		return err
	}
	p, err := f.ahead(ctx, place{}, zim.MaxMessages)
	if err != nil {
		return err
	}
	for _, row := range p.rows {
		switch classOf(row) {
		case classMessage:
			if len(p.rows) == 1 && p.ends && !p.answers && p.array == (place{}) {
				f.kind = Message
			}
			return f.orient(ctx, p)
		case classConversation:
			f.kind = Conversations
			return nil
		}
	}
	return f.lookFlat(ctx)
}

// lookFlat finds out what a file without messages is.
func (f *File) lookFlat(ctx context.Context) error {
	f.flat = true
	p, err := f.ahead(ctx, place{}, 2)
	switch {
	case err != nil:
		return err
	case len(p.rows) == 0:
		return &Error{"open the file: it is empty", "save an answer in it, or what is written by: backscroll messages --raw"}
	}
	isValue := func(row []byte) bool {
		end, v := valueEnd(row, 0)
		return v == whole && end == len(row) && (row[0] == '{' || row[0] == '[')
	}
	if classOf(p.rows[0]) == classAnswer || len(p.rows) > 1 && isValue(p.rows[0]) && isValue(p.rows[1]) {
		f.kind = Document
		return nil
	}
	if f.size > maxRow {
		return &Error{"open the file: it begins with no message, and is too large for the body of one", "open what is written by: backscroll messages --raw"}
	}
	b := make([]byte, f.size)
	if err := f.read(ctx, b, 0); err != nil {
		return err
	}
	b = bytes.TrimPrefix(b, bom)
	if !utf8.Valid(b) {
		return errBinary()
	}
	f.kind = Body
	f.made, f.msgType = makeMessage(b)
	return nil
}

func errBinary() error {
	return &Error{"open the file: it is no text in UTF-8", "unpack it first if it is packed; backscroll opens JSON and text"}
}

// checkText refuses what cannot be text. Messages may have bytes that are not
// UTF-8: only a file that does not begin as JSON must have none.
func (f *File) checkText(head []byte) error {
	for _, mark := range []string{"\xFF\xFE", "\xFE\xFF"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return &Error{"open the file: it is text in UTF-16, as PowerShell writes it with >", "save it as UTF-8"}
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return errBinary()
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(head, bom))
	if len(text) > 0 && bytes.IndexByte([]byte(`{["`), text[0]) >= 0 {
		return nil
	}
	for n := 1; n < utf8.UTFMax && int64(len(head)) < f.size && !utf8.Valid(text); n++ {
		text = text[:max(len(text)-1, 0)] // a character that was cut
	}
	if !utf8.Valid(text) {
		return errBinary()
	}
	return nil
}

// orient finds out which end of the file is the newest. An answer has its newest
// message first.
func (f *File) orient(ctx context.Context, p page) error {
	if p.answers || p.mixed {
		return nil
	}
	back := *f
	back.first, back.start = p.array.pos, place{pos: f.size}
	if back.order = fromEndByValue; p.lines && p.array == (place{}) {
		back.order = fromEndByLine
	} else if p.array != (place{}) {
		end, err := f.arrayEnd(ctx)
		if err != nil {
			return err
		}
		back.start.pos = max(end, back.first)
	}
	last, err := back.back(ctx, back.start, 10)
	if err != nil {
		return err
	}
	oldest, ok := firstPlaced(p.rows)
	newest, also := firstPlaced(last.rows)
	switch {
	case !ok, !also:
	case oldest.MsgSeq != 0 && newest.MsgSeq != 0 && oldest.MsgSeq != newest.MsgSeq:
		ok = oldest.MsgSeq < newest.MsgSeq
	default:
		ok = oldest.MsgTime != 0 && oldest.MsgTime < newest.MsgTime
	}
	if ok && also {
		*f = back
	}
	return nil
}

// arrayEnd returns where the array that the file is ends: before its last bracket.
func (f *File) arrayEnd(ctx context.Context) (int64, error) {
	tail := make([]byte, min(f.size, firstRead))
	if err := f.read(ctx, tail, f.size-int64(len(tail))); err != nil {
		return 0, err
	}
	if text := bytes.TrimRight(tail, " \n\t\r"); bytes.HasSuffix(text, []byte("]")) {
		return f.size - int64(len(tail)-len(text)+1), nil
	}
	return f.size, nil // it was cut short
}

// firstPlaced returns the first message that has a place in a conversation.
func firstPlaced(rows [][]byte) (zim.Message, bool) {
	i := slices.IndexFunc(rows, func(row []byte) bool {
		m := zim.ReadMessage(row)
		return m.MsgSeq != 0 || m.MsgTime != 0
	})
	if i < 0 {
		return zim.Message{}, false
	}
	return zim.ReadMessage(rows[i]), true
}
