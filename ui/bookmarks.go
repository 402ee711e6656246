package ui

import (
	"cmp"
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// bookmark is a message that the reader marked: for this session, or in a case.
type bookmark struct {
	place   string // which app it is of
	chat    history.Chat
	message zim.Message
	note    string
}

// bookmarks are all of a session, the latest last, whatever chat and app they are
// of. None is written to disk but in a case that the reader opened.
type bookmarks struct {
	list   []*bookmark
	folder *caseFolder // nil if no case is open
}

// changed is to be called after each change.
func (b *bookmarks) changed() {
	if b.folder != nil {
		b.folder.changes++
	}
}

// where says how long they are kept.
func (b *bookmarks) where() string {
	if b.folder != nil {
		return "in case " + b.folder.name
	}
	return "for this session"
}

// at returns the bookmark of a message of a chat, or nil. One without an ID and a
// number cannot be found again, so it has none.
func (b *bookmarks) at(place string, chat history.Chat, m zim.Message) *bookmark {
	i := slices.IndexFunc(b.list, func(k *bookmark) bool {
		return k.place == place && k.chat == chat && k.message.MsgId == m.MsgId && k.message.MsgSeq == m.MsgSeq
	})
	if i < 0 || m.MsgId == 0 && m.MsgSeq == 0 {
		return nil
	}
	return b.list[i]
}

func (b *bookmarks) remove(k *bookmark) {
	b.list = slices.DeleteFunc(b.list, func(other *bookmark) bool { return other == k })
	b.changed()
}

// maxNote is how long a note is, in runes.
const maxNote = 500

// bookmarkOf returns the bookmark of the message that a key is about, and makes one
// if it has none and that is wanted.
func (m *Model) bookmarkOf(makes bool) (k *bookmark, made bool) {
	msg, ok := m.pointedAt()
	switch {
	case !ok:
		return nil, false
	case msg.MsgId == 0 && msg.MsgSeq == 0:
		m.notice = text.Lit("this message has neither MsgId nor MsgSeq: it could not be found again")
		return nil, false
	}
	if k = m.bookmarks.at(m.place, m.messages.chat, msg); k == nil && makes {
		msg.Raw = slices.Clone(msg.Raw) // not the chat's slab for one message
		k, made = &bookmark{place: m.place, chat: m.messages.chat, message: msg}, true
		m.bookmarks.list = append(m.bookmarks.list, k)
		m.bookmarks.changed()
	}
	return k, made
}

// toggleBookmark marks the message, or no more.
func (m *Model) toggleBookmark() {
	k, made := m.bookmarkOf(true)
	switch {
	case k == nil:
		return
	case made:
		m.notice = text.CleanLine("bookmarked " + m.bookmarks.where() + ": ' lists all, ; adds a note")
	case k.note != "":
		m.notice = text.Lit("it has a note: an empty one takes the bookmark away")
		m.askNote()
		return
	default:
		m.bookmarks.remove(k)
		m.notice = text.Lit("not bookmarked any more")
	}
	m.messages.keepingLines(m.messages.forget)
}

// askNote asks for the note of the message.
func (m *Model) askNote() {
	said := ""
	if k, _ := m.bookmarkOf(false); k != nil {
		said = k.note
	}
	if msg, ok := m.pointedAt(); !ok || msg.MsgId == 0 && msg.MsgSeq == 0 {
		return // bookmarkOf has said why
	}
	m.ask(promptNote, said)
	m.prompt.input.CharLimit = maxNote
}

// note notes something at the message, which is bookmarked from then on. An empty
// note takes the bookmark away.
func (m *Model) note(said string) {
	k, _ := m.bookmarkOf(said != "")
	switch {
	case k == nil:
		return
	case said == "":
		m.bookmarks.remove(k)
		m.notice = text.Lit("not bookmarked any more")
	default:
		k.note = said
		m.bookmarks.changed()
		m.notice = text.CleanLine("noted " + m.bookmarks.where() + ", at this message only")
	}
	m.messages.keepingLines(m.messages.forget)
}

// bookmarkList is the pane of all bookmarks.
type bookmarkList struct {
	look     look
	w, h     int
	of       *bookmarks
	place    string // the app that is shown
	dropped  func() // one was, so that the chat shows it no more
	selected int
	top      int
}

// showBookmarks opens the pane.
func (m *Model) showBookmarks() {
	if len(m.bookmarks.list) == 0 {
		m.notice = text.Lit("no bookmarks in this session: m makes one, ; one with a note")
		return
	}
	m.put(&bookmarkList{of: m.bookmarks, place: m.place, dropped: func() { m.messages.keepingLines(m.messages.forget) }, selected: len(m.bookmarks.list) - 1})
}

// openBookmark goes to the selected message.
func (m *Model) openBookmark() tea.Cmd {
	c, ok := m.cover.(*bookmarkList)
	if !ok || c.selected >= len(c.of.list) {
		return nil
	}
	k := c.of.list[c.selected]
	if k.place != m.place {
		m.notice = text.CleanLine("it is of another app: P turns to " + k.place)
		return nil
	}
	g := goal{kind: goalID, id: k.message.MsgId, row: -1}
	if k.message.MsgId == 0 {
		g = goal{kind: goalSeq, seq: k.message.MsgSeq, row: -1}
	}
	m.uncover()
	m.focus = paneMessages
	if k.chat == m.messages.chat {
		return m.messages.goTo(g)
	}
	m.messages.remember()
	return m.openChat(k.chat, g)
}

func (c *bookmarkList) pane() pane { return paneBookmarks }

func (c *bookmarkList) resize(w, h int) {
	c.w, c.h = w, h
	c.move(0)
}

func (c *bookmarkList) restyle(l look) { c.look = l }

// rows is the number of bookmarks that fit under the title.
func (c *bookmarkList) rows() int { return max((c.h-1)/rowsOfAFinding, 1) }

func (c *bookmarkList) move(k int) {
	c.selected = max(0, min(c.selected+k, len(c.of.list)-1))
	c.top = max(min(c.top, c.selected), c.selected-c.rows()+1, 0)
}

func (c *bookmarkList) handleKey(k tea.KeyPressMsg) tea.Cmd {
	by, moves := keys.step(k, c.rows(), len(c.of.list))
	switch {
	case moves:
		c.move(by)
	case key.Matches(k, keys.DropBookmark) && c.selected < len(c.of.list):
		c.of.remove(c.of.list[c.selected])
		c.dropped()
		c.move(0)
	}
	return nil
}

func (c *bookmarkList) scroll(k int) { c.move(k / wheelLines) }

func (c *bookmarkList) click(_, y int) tea.Cmd {
	if n := c.top + (y-1)/rowsOfAFinding; y > 0 && n < len(c.of.list) {
		c.move(n - c.selected)
	}
	return nil
}

func (c *bookmarkList) back() bool { return false }

func (c *bookmarkList) close() {}

// view draws the pane, a string for each of its lines.
func (c *bookmarkList) view() []string {
	draw := func(r row, selected bool) string { return r.render(c.look.styles, c.look.widths, c.w, selected) }
	said := " · " + count(len(c.of.list), "message", "messages") + ", " + c.of.where()
	lines := []string{draw(row{space(barColumn), {accent, text.Lit("Bookmarks")}, {dim, text.CleanLine(said)}}, false)}
	for n := c.top; n < len(c.of.list) && len(lines) < c.h; n++ {
		bar := space(1)
		if n == c.selected {
			bar = selectionBar(true)
		}
		for _, r := range c.entry(c.of.list[n]) {
			lines = append(lines, draw(append(row{space(barColumn), bar, space(1)}, r...), n == c.selected))
		}
	}
	return append(lines, slices.Repeat([]string{blanks(c.w)}, max(c.h-len(lines), 0))...)[:max(c.h, 0)]
}

// entry lays a bookmark out: who said what in which chat and when, and the note.
func (c *bookmarkList) entry(k *bookmark) [rowsOfAFinding]row {
	e := k.message.Envelope()
	when := text.Lit("unknown time")
	if at, ok := e.Time(); ok {
		when = text.CleanLine(at.In(c.look.zone).Format(time.DateOnly + " 15:04"))
	}
	chat := idLine(cmp.Or(k.chat.Group, k.chat.Peer))
	if k.place != c.place {
		chat = dotted(text.CleanLine(k.place), chat)
	}
	first := row{{dim, when}, space(2), {bold, chat}, space(2), {senderInk(e.Sender), idLine(e.Sender)}, space(2), {plain, Summary(e, c.look.zone)}}
	return [rowsOfAFinding]row{first, {space(2), {accent, text.CleanLine(k.note)}}}
}
