package export

import (
	"slices"

	"backscroll/zim"
)

// tail is the end of what the journal has of a list: what tells where it goes on
// when its Next does not.
type tail struct {
	rows   []tailRow // the last of them
	lowest int64     // of all MsgSeq; 0 if there is none
	pages  int
	skip   int  // rows without an ID that still stand before what follows
	ended  bool // its last row was seen, or one that shows where that stood
}

// tailRows is how many rows are kept at least: the last may be deleted by the time
// that they are looked for.
const tailRows = 10 * zim.MaxMessages

// tailRow is what a row is known by; both may be 0.
type tailRow struct{ id, seq int64 }

func (r tailRow) is(m zim.Message) bool {
	return r.id != 0 && r.id == m.MsgId || r.seq != 0 && r.seq == m.MsgSeq
}

func (t *tail) add(list []zim.Message) {
	t.pages++
	for _, m := range list {
		t.rows = append(t.rows, tailRow{m.MsgId, m.MsgSeq})
		if m.MsgSeq > 0 && (t.lowest == 0 || m.MsgSeq < t.lowest) {
			t.lowest = m.MsgSeq
		}
	}
	if len(t.rows) > 2*tailRows {
		t.rows = slices.Delete(t.rows, 0, len(t.rows)-tailRows)
	}
}

// leadsTo reports whether a page may be the one that follows. One that has nothing
// is not believed to be the end: neither is one that begins above.
func (t *tail) leadsTo(page *zim.MessagePage) bool {
	if len(page.List) == 0 {
		return !page.Next.End()
	}
	return t.lowest == 0 || slices.ContainsFunc(page.List, t.isBelow) || !slices.ContainsFunc(page.List, t.isSeen)
}

// isBelow and isSeen judge by MsgSeq alone, as far as there is one.
func (t *tail) isBelow(m zim.Message) bool { return m.MsgSeq > 0 && m.MsgSeq < t.lowest }
func (t *tail) isSeen(m zim.Message) bool  { return t.lowest > 0 && m.MsgSeq >= t.lowest }

// cut returns the rows of a page that follow the tail, and whether the tail ends in
// this page or before. The pages come one after the other, from the newest message
// on.
func (t *tail) cut(page *zim.MessagePage) (rest []zim.Message, ended bool) {
	rest = page.List
	above := false
	for i, m := range slices.Backward(page.List) {
		at := slices.IndexFunc(t.rows, func(r tailRow) bool { return r.is(m) })
		if at < 0 && !t.isSeen(m) {
			continue
		}
		if at >= 0 {
			t.ended, t.skip = true, len(t.rows)-1-at
		}
		rest, above = page.List[i+1:], true
		break
	}
	if !t.ended && !slices.ContainsFunc(rest, t.isBelow) {
		return nil, above && page.Next.End()
	}
	for t.skip > 0 && len(rest) > 0 && rest[0].MsgId == 0 && rest[0].MsgSeq == 0 {
		rest, t.skip = rest[1:], t.skip-1
	}
	return rest, true
}
