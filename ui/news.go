package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// What came since, and what became of messages that were there: arrive puts both in
// their place, block draws them.

// news is what came since: it is counted, and, while the chat is followed, stands under
// a line. That is above the first message the reader may not have seen: while he is at
// the bottom it stays where it is, and it moves when something comes while he is
// elsewhere, unless it is on his screen.
type news struct {
	unseen int       // messages below the screen
	line   bool      // there is one
	after  int64     // the MsgSeq before the first message under it
	since  time.Time // what it tells
	looked time.Time // when all there was had come, and the reader was at the bottom; zero if he never was
}

// change is one that a message went through.
type change struct {
	at     time.Time // when it was noticed
	kind   history.RevisionKind
	fields []string // of an edit
}

// arrival says what of a page of newer messages the pane cannot know.
type arrival struct {
	followed bool // nobody asked for it
	seen     bool // the pane is on screen
	still    bool // the selection is not to move
}

// came is what an arrival brought.
type came struct {
	added     int
	revisions []history.Revision
}

func (c came) any() bool { return c.added+len(c.revisions) > 0 }

// expect begins to wait for news.
func (m *messages) expect() {
	looked := m.news.looked
	if looked.IsZero() {
		looked = m.look.now()
	}
	m.keepingLines(func() {
		m.news = news{looked: looked}
		m.forget()
	})
}

// atEnd reports whether the newest line is on screen.
func (m *messages) atEnd() bool { return m.top == m.up(m.end(), m.rows()-1) }

// see notes that the reader is at the bottom.
func (m *messages) see() {
	if m.news.unseen > 0 && m.atEnd() {
		m.news.unseen, m.news.looked = 0, m.look.now()
	}
}

// arrive puts the newest pages into their place, and what became of messages that
// were there. Who is at the bottom stays there, the lines of everybody else stay.
func (m *messages) arrive(pages []*zim.MessagePage, a arrival) (came, tea.Cmd) {
	if !m.log.Meets(pages[len(pages)-1]) {
		m.say = text.Lit("too much is new to be put behind what was loaded: the chat was opened anew")
		return came{}, m.begin(m.chat, m.viewer, goal{})
	}
	before, held, newest := m.len(), m.hold(), m.seqNear(0, 1)
	atEnd := m.len() > 0 && m.atEnd()
	atBottom := atEnd && m.selected == 0 && !m.quiet && !a.still
	marked := m.newsOnScreen()
	var c came
	for _, p := range pages {
		c.revisions = append(c.revisions, m.log.Revise(p)...)
	}
	again := m.noteChanges(c.revisions)
	change := m.log.AddNewer(pages...)
	c.added = len(change.Fresh)
	seen := a.seen && (atBottom || atEnd && c.added == 0)
	if n := &m.news; a.followed && c.added > 0 && (!n.line || n.unseen == 0 && !seen && !marked) {
		n.line, n.after, n.since = true, newest, n.looked
	}
	var resift tea.Cmd
	if c.any() {
		resift = m.settle(change, before, held)
	}
	if atBottom && c.any() {
		m.bottom()
	}
	if !seen {
		m.news.unseen += m.len() - before
	}
	if seen || m.news.looked.IsZero() {
		m.news.looked = m.look.now()
	}
	if again {
		resift = m.sift(m.wanted())
	}
	return c, resift
}

// noteChanges marks messages that came otherwise, and reports whether the filter
// must look again: it hid one that it would show now, or is looking at what was
// there. One that is shown stays.
func (m *messages) noteChanges(revisions []history.Revision) (again bool) {
	again = m.sifting.busy && len(revisions) > 0
	for _, r := range revisions {
		if m.changed == nil {
			m.changed = map[int64][]change{}
		}
		m.changed[r.Before.MsgId] = append(m.changed[r.Before.MsgId], change{m.look.now(), r.Kind, r.Fields})
		item, shown := m.item(r.Index)
		if !shown {
			again = again || m.filter.Match(r.After)
			continue
		}
		m.drop(item)
		m.drop(item - 1) // its header may go
		if i, hit := slices.BinarySearch(m.hits, item); !m.query.IsZero() {
			if _, found := m.query.In(r.After); found && !hit {
				m.hits = slices.Insert(m.hits, i, item)
			} else if hit && !found {
				m.hits = slices.Delete(m.hits, i, i+1)
			}
			m.bar.forget(false)
		}
	}
	return again
}

// newsLine is the line above the first message that is new.
func (m *messages) newsLine() row {
	at := m.news.since.In(m.look.zone)
	layout := "15:04"
	if !sameDay(at, m.look.now(), m.look.zone) {
		layout = "2 January 15:04"
	}
	return m.ruled(span{accent, text.CleanLine(" new since " + at.Format(layout) + " ")})
}

// beginsNews reports whether the line stands above an item.
func (m *messages) beginsNews(item int) bool {
	n := &m.news
	if seq := m.at(item).MsgSeq; !n.line || seq <= n.after {
		return false
	}
	for older := item + 1; older < min(m.len(), item+maxTimeless); older++ {
		if seq := m.at(older).MsgSeq; seq != 0 {
			return seq <= n.after
		}
	}
	return true
}

// newsOnScreen reports whether the line can be seen.
func (m *messages) newsOnScreen() bool {
	return m.news.line && slices.ContainsFunc(m.window(), func(s spot) bool {
		return s.item >= 0 && s.item < m.len() && s.line < m.block(s.item).lead && m.beginsNews(s.item)
	})
}

// envelope decodes the message of an item. A row that lost its sender has the one
// that this session saw.
func (m *messages) envelope(item int) zim.Envelope {
	e := m.at(item).Envelope()
	if e.Sender == "" && len(m.changed[e.MsgId]) > 0 {
		for _, v := range m.log.Earlier(e.MsgId) {
			e.Sender = cmp.Or(e.Sender, string(v.Peek().Sender))
		}
	}
	return e
}

// changedRows is what stands under a message that came otherwise than it was seen
// before: the text before, and what else is another.
func (m *messages) changedRows(c composer, e zim.Envelope) []row {
	changes := m.changed[e.MsgId]
	earlier := m.log.Earlier(e.MsgId)
	if len(changes) == 0 || len(earlier) == 0 {
		return nil
	}
	last := changes[len(changes)-1]
	said := []text.Line{text.CleanLine("changed " + last.at.In(c.zone).Format("15:04"))}
	before := Summary(earlier[len(earlier)-1].Envelope(), c.zone)
	switch {
	case e.IsEmpty != zim.Present || last.kind != history.Edited:
		was, ok := lastPresent(earlier)
		if !ok {
			return nil
		}
		said = []text.Line{text.Join(text.Lit("was: “"), Summary(was, c.zone), text.Lit("”")), text.Lit("as seen by this session")}
	case before != Summary(e, c.zone):
		said = append(said, text.Join(text.Lit("before: "), before))
	default:
		said = append(said, text.CleanLine(strings.Join(last.fields, ", ")))
	}
	return c.cutSentence(dotted(said...))
}

// lastPresent returns the last version that had its message.
func lastPresent(versions []zim.Message) (zim.Envelope, bool) {
	for _, v := range slices.Backward(versions) {
		if e := v.Envelope(); e.IsEmpty == zim.Present {
			return e, true
		}
	}
	return zim.Envelope{}, false
}

// cutSentence is a sentence of three rows at most.
func (c composer) cutSentence(l text.Line) []row {
	rows := c.sentence(l)
	if len(rows) > rawRows {
		rows = rows[:rawRows]
		last := &rows[rawRows-1][0]
		last.text = c.widths.Cut(text.Join(last.text, text.Lit("…")), c.cells)
	}
	return rows
}

// changesLine tells how many messages became what; of one, which.
func changesLine(revisions []history.Revision) text.Line {
	words := [...]string{history.Edited: "changed", history.Recalled: "recalled", history.Deleted: "deleted or expired"}
	var n [len(words)]int
	for _, r := range revisions {
		n[r.Kind]++
	}
	var parts []text.Line
	for kind, n := range n {
		if n > 0 {
			parts = append(parts, text.CleanLine(strconv.Itoa(n)+" "+words[kind]))
		}
	}
	if len(revisions) == 1 && revisions[0].Before.MsgSeq != 0 {
		parts = append(parts, text.CleanLine("seq "+strconv.FormatInt(revisions[0].Before.MsgSeq, 10)))
	}
	return dotted(parts...)
}
