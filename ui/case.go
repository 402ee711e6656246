package ui

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/export"
	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
	"backscroll/zim/saved"
)

// caseFolder is the case that is open: a folder in which the bookmarks and their
// notes are kept, with messages and calls that were collected. It is written anew
// after each change.
type caseFolder struct {
	dir, name string
	stamp     export.Stamp // of the file as it was read or written last
	collected []collected
	known     map[collectedKey]bool
	calls     []json.RawMessage

	changes int  // to what was collected, and to bookmarks
	kept    int  // how many of them are written
	writing bool // since a moment ago
	leaving bool // the browser quits when all is written
	closing bool // :case wants to leave it, though it could not be written
	warned  bool // it could not be, and the reader knows
	err     error
}

// collected is a message of a case, and where it stands: at its own MsgSeq, or
// behind the message before it that has one.
type collected struct {
	saved.Entry
	seq int64
}

// collectedKey tells collected messages apart. Deleted ones may have nothing that
// does: they are counted.
type collectedKey struct {
	chat saved.CaseChat
	raw  string
	n    int // how many like it come before, as they were added
}

// maxCollected is how many messages are collected in a case.
const maxCollected = 10_000

// caseReadMsg answers readCase, caseWrittenMsg writeCase.
type (
	caseReadMsg struct {
		dir   string
		was   saved.Case
		stamp export.Stamp
		err   error
	}
	caseWrittenMsg struct {
		folder  *caseFolder
		changes int
		stamp   export.Stamp
		err     error
	}
)

// readCase reads a case, or finds that the folder is to be a new one.
func readCase(dir string) tea.Cmd {
	return func() tea.Msg {
		whole, err := filepath.Abs(dir)
		if err != nil {
			return caseReadMsg{dir: dir, err: err}
		}
		was, stamp, err := export.ReadCase(whole)
		return caseReadMsg{whole, was, stamp, err}
	}
}

// writeCase writes a case whole.
func writeCase(f *caseFolder, all *bookmarks, head transcript.Head) tea.Cmd {
	dir, stamp, changes := f.dir, f.stamp, f.changes
	return func() tea.Msg {
		stamp, err := export.WriteCase(dir, all.asCase(), head, stamp)
		return caseWrittenMsg{f, changes, stamp, err}
	}
}

// openCase is the action :case.
func (m *Model) openCase(words string) tea.Cmd {
	f := m.bookmarks.folder
	switch {
	case words == "" && f == nil:
		m.notice = text.Lit("no case is open: :case NAME opens one, or makes it")
	case words == "":
		m.notice = text.Join(f.says(m.bookmarks), text.CleanLine(", in "+f.dir))
	case words == "off" && f == nil:
		m.notice = text.Lit("no case is open")
	case f.unwritten():
		m.notice = stillWritten(f)
	case f != nil && f.err != nil && !f.warned:
		f.closing = true
		f.changes++ // it is tried once more
	case words == "off":
		m.bookmarks.folder, m.bookmarks.list = nil, nil
		m.notice = text.CleanLine("case " + f.name + " is closed; it is in " + f.dir)
		if f.err != nil {
			m.notice = text.CleanLine("case " + f.name + " is closed; its last changes are lost")
		}
		m.messages.keepingLines(m.messages.forget)
	default:
		return readCase(words)
	}
	return nil
}

func stillWritten(f *caseFolder) text.Line {
	return text.CleanLine("case " + f.name + " is still being written: try again")
}

// applyCase opens the case that was read. The bookmarks of the session go into it,
// unless they are of another case.
func (m *Model) applyCase(msg caseReadMsg) {
	if msg.err != nil {
		m.notice = text.CleanLine("no case: " + msg.err.Error())
		return
	}
	if f := m.bookmarks.folder; f.unwritten() { // it was changed while the other one was read
		m.notice = stillWritten(f)
		return
	}
	if m.bookmarks.folder != nil {
		m.bookmarks.list = nil
	}
	f := &caseFolder{dir: msg.dir, name: cmp.Or(msg.was.Name, filepath.Base(msg.dir)), stamp: msg.stamp, calls: msg.was.Calls, known: map[collectedKey]bool{}, changes: 1}
	var alike alike
	before := map[saved.CaseChat]int64{}
	for _, e := range msg.was.Entries {
		before[e.Chat] = cmp.Or(e.Message.MsgSeq, before[e.Chat])
		if !e.Bookmark {
			f.add(collected{e, before[e.Chat]}, alike.count(e.Chat, e.Message))
			continue
		}
		k := &bookmark{place: e.Chat.App, chat: history.Chat{User: e.Chat.User, Peer: e.Chat.Peer, Group: e.Chat.Group}, message: e.Message, note: e.Note}
		switch had := m.bookmarks.at(k.place, k.chat, k.message); {
		case had == nil:
			m.bookmarks.list = append(m.bookmarks.list, k)
		case had.note == "":
			had.note = k.note
		case k.note != "" && k.note != had.note:
			had.note = k.note + " · " + had.note
		}
	}
	m.bookmarks.folder = f
	m.notice = text.Join(f.says(m.bookmarks), text.CleanLine(" · m ; + put more into it · "+f.dir))
	m.messages.keepingLines(m.messages.forget)
}

// applyCaseWritten notes what is written. Where it failed, the next change tries
// again.
func (m *Model) applyCaseWritten(msg caseWrittenMsg) tea.Cmd {
	f := msg.folder
	if f.writing = false; msg.err != nil {
		f.err, f.kept, f.warned = msg.err, msg.changes, f.leaving || f.closing
		m.notice = text.CleanLine("the case is not written: " + msg.err.Error())
		if f.leaving {
			f.leaving = false
			m.notice = text.Join(text.Lit("not quit, once more does: "), m.notice)
		} else if f.closing {
			m.notice = text.Join(text.Lit("not closed, once more does: "), m.notice)
		}
		f.closing = false
		return nil
	}
	if f.closing {
		m.notice = text.CleanLine("case " + f.name + " is written now: it can be closed")
	}
	f.err, f.stamp, f.kept, f.warned, f.closing = nil, msg.stamp, msg.changes, false, false
	if f.leaving && !f.unwritten() {
		return m.quit()
	}
	return nil
}

// keepCase writes the case if it was changed, and is not being written.
func (m *Model) keepCase() tea.Cmd {
	f := m.bookmarks.folder
	if f == nil || f.writing || f.changes == f.kept {
		return nil
	}
	f.writing = true
	return writeCase(f, m.bookmarks.copied(), transcript.Head{Zone: m.look.zone, At: m.look.now(), Version: m.version, Say: Rows})
}

// unwritten reports whether something of the case is in memory only.
func (f *caseFolder) unwritten() bool { return f != nil && (f.writing || f.changes != f.kept) }

// holdsUp reports whether quitting must wait, or was asked for in vain before. The
// browser quits by itself when the case is written.
func (f *caseFolder) holdsUp() bool {
	switch {
	case f == nil || f.warned || !f.unwritten() && f.err == nil:
		return false
	case f.err != nil && !f.unwritten():
		f.changes++ // it is tried once more
	}
	f.leaving = true
	return true
}

// alike counts messages of a chat that nothing tells apart.
type alike map[collectedKey]int

// count returns how many like it came before.
func (a *alike) count(chat saved.CaseChat, m zim.Message) int {
	if m.MsgId != 0 || m.MsgSeq != 0 {
		return 0
	}
	if *a == nil {
		*a = alike{}
	}
	k := collectedKey{chat: chat, raw: string(m.Raw)}
	(*a)[k]++
	return (*a)[k] - 1
}

// add collects a message that is not there yet.
func (f *caseFolder) add(e collected, n int) bool {
	k := collectedKey{e.Chat, string(e.Message.Raw), n}
	if f.known[k] {
		return false
	}
	f.known[k] = true
	f.collected = append(f.collected, e)
	return true
}

// says is what the case is called and holds.
func (f *caseFolder) says(b *bookmarks) text.Line {
	said := fmt.Sprintf("case %s: %s", f.name, count(len(b.list), "bookmark", "bookmarks"))
	if n := len(f.collected); n > 0 {
		said += ", " + count(n, "message", "messages") + " collected"
	}
	if n := len(f.calls); n > 0 {
		said += ", " + count(n, "call", "calls")
	}
	return text.CleanLine(said)
}

// copied is what is to be written, so that a command can put it in order: there may be
// much of it.
func (b *bookmarks) copied() *bookmarks {
	f := &caseFolder{name: b.folder.name, calls: slices.Clone(b.folder.calls), collected: slices.Clone(b.folder.collected)}
	c := &bookmarks{folder: f}
	for _, k := range b.list {
		one := *k
		c.list = append(c.list, &one)
	}
	return c
}

// asCase is all that is in the case, in the order of its chats and messages. What is
// bookmarked stands there once, if it was collected too.
func (b *bookmarks) asCase() saved.Case {
	all := saved.Case{Name: b.folder.name, Calls: b.folder.calls}
	var list []collected
	marked := map[collectedKey]bool{}
	for _, k := range b.list {
		e := saved.Entry{Chat: caseChat(k.place, k.chat), Message: k.message, Note: k.note, Bookmark: true}
		marked[collectedKey{e.Chat, string(e.Message.Raw), 0}] = true
		list = append(list, collected{e, e.Message.MsgSeq})
	}
	for _, e := range b.folder.collected {
		if !marked[collectedKey{e.Chat, string(e.Message.Raw), 0}] {
			list = append(list, e)
		}
	}
	rank := map[saved.CaseChat]int{}
	for _, e := range list {
		if _, known := rank[e.Chat]; !known {
			rank[e.Chat] = len(rank)
		}
	}
	slices.SortStableFunc(list, func(a, b collected) int {
		return cmp.Or(cmp.Compare(rank[a.Chat], rank[b.Chat]), cmp.Compare(a.seq, b.seq), cmp.Compare(b.Message.MsgSeq, a.Message.MsgSeq), cmp.Compare(a.Message.MsgTime, b.Message.MsgTime))
	})
	for _, e := range list {
		all.Entries = append(all.Entries, e.Entry)
	}
	return all
}

func caseChat(place string, c history.Chat) saved.CaseChat {
	return saved.CaseChat{App: place, User: c.User, Peer: c.Peer, Group: c.Group}
}

// noCase says how a case is opened where one is needed.
var noCase = text.Lit("no case is open: :case NAME opens one, or makes it, in a folder of that name")

// collect puts what is shown of the chat into the case.
func (m *Model) collect() {
	f := m.bookmarks.folder
	if f == nil {
		m.notice = noCase
		return
	}
	chat, n := caseChat(m.place, m.messages.chat), 0
	var alike alike
	before := int64(0)
	for item := m.messages.len() - 1; item >= 0 && len(f.collected) < maxCollected; item-- {
		msg := zim.ReadMessage(slices.Clone(m.messages.at(item).Raw))
		before = cmp.Or(msg.MsgSeq, before)
		if f.add(collected{saved.Entry{Chat: chat, Message: msg}, before}, alike.count(chat, msg)) {
			n++
		}
	}
	said := count(n, "message", "messages") + " collected: - takes this chat's out again"
	if len(f.collected) >= maxCollected {
		said += fmt.Sprintf("; a case takes %d, x exports a whole chat", maxCollected)
	}
	m.notice = text.CleanLine(said)
	f.changes += n
}

// uncollect takes what was collected of the chat out of the case. Bookmarks stay.
func (m *Model) uncollect() {
	f := m.bookmarks.folder
	if f == nil {
		m.notice = noCase
		return
	}
	chat, before := caseChat(m.place, m.messages.chat), len(f.collected)
	f.collected = slices.DeleteFunc(f.collected, func(e collected) bool { return e.Chat == chat })
	maps.DeleteFunc(f.known, func(k collectedKey, _ bool) bool { return k.chat == chat })
	n := before - len(f.collected)
	m.notice = text.CleanLine(count(n, "message", "messages") + " of this chat taken out of the case; bookmarks stay")
	f.changes += n
}

// collectCalls puts the chosen calls into the case.
func (m *Model) collectCalls() {
	c, ok := m.cover.(*calls)
	f := m.bookmarks.folder
	switch {
	case !ok:
		return
	case f == nil:
		m.notice = noCase
		return
	}
	n := 0
	for _, x := range c.chosen() {
		raw, err := json.Marshal(x.record(m.look.zone))
		if err != nil {
			m.notice = text.CleanLine("not collected: " + err.Error())
			return
		}
		raw = ascii(string(raw))
		if !slices.ContainsFunc(f.calls, func(other json.RawMessage) bool { return bytes.Equal(other, raw) }) {
			f.calls = append(f.calls, raw)
			n++
		}
	}
	m.notice = text.CleanLine(count(n, "call", "calls") + " put into the case")
	f.changes += n
}

// caseIsOn says in the status line which case is open.
func (m *Model) caseIsOn() text.Line {
	f := m.bookmarks.folder
	switch {
	case f == nil:
		return text.Line{}
	case f.err != nil:
		return text.CleanLine("case " + f.name + " not written")
	}
	return text.CleanLine("case " + f.name)
}
