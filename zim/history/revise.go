package history

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"

	"backscroll/zim"
)

// RevisionKind says what became of a message. The zero value is an edit.
type RevisionKind uint8

// The kinds of a revision.
const (
	Edited   RevisionKind = iota // another body, payload or any other field
	Recalled                     // it was not, and is now
	Deleted                      // or expired: it was there, and is not any more
)

// Revision is a message that came otherwise than it was kept.
type Revision struct {
	Before, After zim.Message
	Index         int // that it has in the history
	Kind          RevisionKind
	Fields        []string // what is another in an Edited one, by the wire's names
}

// maxVersions is how many versions of a message are kept. One that changed more
// often is compared no more: the service may say something else at each call.
const maxVersions = 16

// Revise compares a page with what is loaded and puts in place each row that came
// otherwise than it is kept (another body, IsEmpty, Payload …), keeping the versions
// seen before. It adds nothing and moves nothing: who also adds the page does so
// afterwards. A message keeps its MsgId, MsgSeq and MsgTime, whatever is left of
// them in a row that is recalled or deleted.
//
// A row without a MsgId is the message whose MsgSeq it has. If it has none either,
// it is the one that stands in the same place between messages that are known.
// Rows that were loaded without a MsgId are never compared. A link to media that
// came with another query, a new signature perhaps, is no change.
func (h *History) Revise(p *zim.MessagePage) []Revision {
	var revisions []Revision
	var from *arrivals
	own := map[*[partLen]row]bool{} // parts that no snapshot has
	for i, at := range h.counterparts(p.List) {
		if at < 0 {
			continue
		}
		before := h.At(at)
		if len(before.Raw) == 0 || bytes.Equal(before.Raw, p.List[i].Raw) {
			continue
		}
		r := Revision{Before: before, Index: at}
		if !r.compare(before.Envelope(), p.List[i].Envelope()) || len(h.earlier[before.MsgId])+1 >= maxVersions {
			continue
		}
		if from == nil {
			from = h.origins.add(p)
		}
		w := from.kept(p.List[i], h.rows.keep(p.List[i], len(p.List[i].Raw)))
		h.bytes += int64(len(p.List[i].Raw))
		h.noteEarlier(before.MsgId, *h.rows.at(at), p.List[i].MsgId == 0)
		h.rows.replace(at, w, own)
		r.After = h.At(at)
		revisions = append(revisions, r)
	}
	return revisions
}

// Earlier returns the versions of a message that were seen before the one that is
// loaded, oldest first.
func (h *History) Earlier(id int64) []zim.Message {
	var list []zim.Message
	for _, w := range h.earlier[id] {
		list = append(list, h.rows.message(w))
	}
	return list
}

// noteEarlier keeps a row that is about to be replaced by one which may be bare: by
// its MsgId nobody could tell whose it is.
func (h *History) noteEarlier(id int64, w row, bare bool) {
	if h.earlier == nil {
		h.earlier, h.bared = map[int64][]row{}, map[int64]bool{}
	}
	h.earlier[id] = append(h.earlier[id], w)
	if bare {
		h.bared[id] = true
	} else {
		delete(h.bared, id)
	}
}

// bare reports whether row i has no MsgId, or came without it the last time.
func (h *History) bare(i int) bool {
	id := h.rows.at(i).id
	return id == 0 || h.bared[id]
}

// replace puts another version of a message at index i. own are the parts that
// were copied for it, so that a snapshot keeps what it has.
func (r *rows) replace(i int, w row, own map[*[partLen]row]bool) {
	if len(own) == 0 {
		r.parts = slices.Clone(r.parts)
	}
	part := &r.parts[(i+r.off)/partLen]
	if !own[*part] {
		fresh := **part
		*part = &fresh
		own[*part] = true
	}
	r.at(i).where = w.where
}

// counterparts returns for each row of a page the index of the loaded message that
// it is another copy of, or -1.
func (h *History) counterparts(list []zim.Message) []int {
	found := make([]int, len(list))
	last := -1 // the last row before with a MsgId that is known
	for i, m := range list {
		found[i] = -1
		at, known := h.rows.find(m.MsgId)
		if m.MsgId == 0 && m.MsgSeq != 0 {
			if at, ok := h.withSeq(m.MsgSeq); ok && h.rows.at(at).id != 0 {
				found[i] = at
			}
		}
		if !known {
			continue
		}
		found[i] = at
		switch {
		case last < 0 && i >= at: // what was newest stands right above, what is newer above that
			h.align(list, found, i-at, i, 0)
		case last >= 0 && i-last == at-found[last]:
			h.align(list, found, last+1, i, found[last]+1)
		}
		last = i
	}
	return found
}

// align pairs the rows from one of a page up to another with as many that are
// loaded, from index at on, if all of them came without a MsgId.
func (h *History) align(list []zim.Message, found []int, from, to, at int) {
	for _, m := range list[from:to] {
		if m.MsgId != 0 {
			return
		}
	}
	for i := from; i < to; i, at = i+1, at+1 {
		if h.rows.at(at).id != 0 {
			found[i] = at
		}
	}
}

// withSeq returns the index of a loaded row that has a MsgSeq.
func (h *History) withSeq(seq int64) (int, bool) {
	for low, high := 0, h.rows.n; low < high; {
		mid := (low + high) / 2
		i := mid
		for i < high && h.rows.at(i).seq == 0 {
			i++
		}
		switch {
		case i == high || h.rows.at(i).seq < seq:
			high = mid
		case h.rows.at(i).seq == seq:
			return i, true
		default:
			low = i + 1
		}
	}
	return 0, false
}

// compare notes what is another in a message that came again, and reports whether
// anything is.
func (r *Revision) compare(before, after zim.Envelope) bool {
	notice := after.MsgType == zim.TypeRecallNotice && before.MsgType != zim.TypeRecallNotice
	switch {
	case after.IsEmpty == zim.Deleted && before.IsEmpty != zim.Deleted:
		r.Kind = Deleted
		return true
	case before.IsEmpty == zim.Present && (after.IsEmpty == zim.Revoked || notice):
		r.Kind = Recalled
		return true
	case after.IsEmpty == zim.Deleted:
		return false // gone before: what is left of it says no more
	}
	note := func(name string, other bool) {
		if other {
			r.Fields = append(r.Fields, name)
		}
	}
	note("Sender", before.Sender != after.Sender)
	note("MsgType", before.MsgType != after.MsgType)
	note("SubMsgType", before.SubMsgType != after.SubMsgType)
	note("MsgBody", !sameBody(before, after))
	note("Payload", before.Payload != after.Payload)
	note("IsEmpty", before.IsEmpty != after.IsEmpty)
	for _, f := range slices.Concat(before.Fields, after.Fields) {
		if !slices.Contains(knownFields, f.Name) && !slices.Contains(r.Fields, f.Name) {
			note(f.Name, !bytes.Equal(compactField(before, f.Name), compactField(after, f.Name)))
		}
	}
	return len(r.Fields) > 0
}

// knownFields are compared by what they mean, or are the message's own for ever.
var knownFields = []string{"Sender", "MsgType", "SubMsgType", "MsgBody", "Payload", "IsEmpty", "IsEempy", "MsgId", "MsgSeq", "MsgTime"}

// compactField returns the last value of a field without white space; nil is none.
func compactField(e zim.Envelope, name string) []byte {
	for _, f := range slices.Backward(e.Fields) {
		var b bytes.Buffer
		if f.Name == name && json.Compact(&b, f.Raw) == nil {
			return b.Bytes()
		}
	}
	return nil
}

// query is that of a link, which may be URL-encoded.
var query = regexp.MustCompile(`(https?(?::|%3[Aa])[^"?\s]*?)(?:\?|%3[Ff])[^"\s]*`)

// sameBody compares bodies, those with media without the queries of their links.
func sameBody(before, after zim.Envelope) bool {
	if bytes.Equal(before.MsgBody, after.MsgBody) {
		return true
	}
	x, y := before.Body(), after.Body()
	switch before.MsgType {
	case zim.TypeMultiItem, zim.TypeImage, zim.TypeFile, zim.TypeAudio, zim.TypeVideo:
		return x.JSON != nil && bytes.Equal(query.ReplaceAll(x.JSON, []byte("$1")), query.ReplaceAll(y.JSON, []byte("$1")))
	}
	return x.Raw == y.Raw
}
